"""What was found as a file, with the columns of the data files; few rows are held at a time."""

import csv
import json
from itertools import islice

from crisiswatch.data.rows import COLUMNS, cells_of, record_of, row_of, with_all
from crisiswatch.models import Entry
from editorial.spreadsheets import Line

AT_ONCE = 1000
MARK = "\ufeff"  # By which Excel knows UTF-8 (see ``editorial.spreadsheets``); pandas skips it.


def entries_of(keys):
    """The entries with these keys, in this order, as far as they are still public."""
    keys = iter(keys)
    while some := list(islice(keys, AT_ONCE)):
        found = {each.pk: each for each in with_all(Entry.objects.public().filter(pk__in=some))}
        yield from (found[key] for key in some if key in found)


def as_csv(keys):
    """RFC 4180, with a head; a line at a time."""
    writer = csv.writer(Line())
    yield MARK
    yield writer.writerow([column.name for column in COLUMNS])
    for entry in entries_of(keys):
        yield writer.writerow(cells_of(row_of(entry)))


def as_lines(keys):
    """JSON Lines: an object a line, in UTF-8."""
    for entry in entries_of(keys):
        yield json.dumps(record_of(entry), ensure_ascii=False) + "\n"


# By the ending of the file: what writes it, and its media type.
FORMS = {
    "csv": (as_csv, "text/csv; charset=utf-8; header=present"),
    "jsonl": (as_lines, "application/jsonl; charset=utf-8"),
}
