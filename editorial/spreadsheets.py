"""
CSV for people who open it in a spreadsheet: RFC 4180, in UTF-8.

It begins with a byte order mark, without which Excel reads UTF-8 as something else. A cell that a
spreadsheet would take for a formula gets an apostrophe in front (OWASP ASVS 5.0, 1.2.10); so does
one that looks as if it had got one already, so that all can be undone.
"""

import csv

from django.http import StreamingHttpResponse

FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")


class Line:
    """Gives each line to whoever asks for it instead of collecting them."""

    def write(self, line):
        return line


def defused(cell) -> str:
    """Return the cell as text that no spreadsheet calculates. ``restored`` undoes it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def restored(cell: str) -> str:
    """Return the text that ``defused`` made the cell of."""
    is_defused = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA)
    return cell[1:] if is_defused else cell


def as_csv(rows):
    """Yield one line for each row, as text; no more than one row is held."""
    writer = csv.writer(Line())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(map(defused, row))


def csv_response(rows, filename: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        as_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "no-store",
        },
    )
