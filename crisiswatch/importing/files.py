"""
Tables in files, row by row: CSV and JSON Lines, packed with gzip or not.

A CSV file has one line of names on top (RFC 4180); commas, semicolons and tabs are told apart by
it. No more than one row is held.
"""

import csv
import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches

from crisiswatch.paragraphs import as_text
from editorial.content import Problem
from editorial.spreadsheets import restored

LARGEST_CELL = 1_000_000
LONGEST_LINE = 4 * LARGEST_CELL
SHOWN = 100  # Problems that are kept to be shown; the others are counted.
WRONG_CSV = {
    "field larger": f"a cell has more than {LARGEST_CELL:,} characters, or a quotation mark is "
    "opened and never closed.",
    "unexpected end": "a quotation mark is opened here and never closed.",
    "expected after": "a quotation mark stands within a cell: write it twice, and the cell in "
    "quotation marks.",
    "new-line character": "a line ends in a carriage return only: save the file again as CSV.",
}


class Problems:
    """What is wrong: the first hundred, and how many there are."""

    def __init__(self):
        self.shown: list[Problem] = []
        self.count = 0

    def add(self, *problem):
        self.count += 1
        if len(self.shown) < SHOWN:
            self.shown.append(Problem(*problem))


@dataclass
class Row:
    """The cells of a row as text, by the names of their columns; ``line`` is where it begins."""

    line: int
    cells: dict[str, str]


class Unreadable(Exception):
    """Nothing can be read from here on."""

    def __init__(self, line, sentence):
        self.line = line
        super().__init__(sentence)


class Table:
    """
    A file with rows. ``columns`` are the names that may stand there, ``needed`` those that must.

    ``open_file`` opens a path for bytes, and may show how far they have been read. What is wrong
    goes to ``problems``; rows that are wrong are left out.
    """

    def __init__(self, path, columns, needed, problems, *, encoding="utf-8", open_file=None):
        self.path, self.columns, self.needed = path, set(columns), set(needed)
        self.problems, self.encoding = problems, encoding
        self.open_file = open_file or (lambda path: path.open("rb"))

    def problem(self, line, column, sentence):
        self.problems.add(self.path.name, line, column, sentence)

    def __iter__(self) -> Iterator[Row]:
        endings = [each.lower() for each in self.path.suffixes]
        read = self.json_rows if ".jsonl" in endings else self.csv_rows
        some, before = False, self.problems.count
        try:
            with self.open_file(self.path) as packed:
                file = gzip.GzipFile(fileobj=packed) if ".gz" in endings else packed
                for row in read(self.lines(file)):
                    some = True
                    yield row
        except Unreadable as error:
            self.problem(error.line, "file", str(error))
        except (OSError, EOFError, zlib.error) as error:
            self.problem(1, "file", f"it cannot be read: {error}.")
        else:
            if not some and before == self.problems.count:
                self.problem(1, "file", "there is no row in it.")

    def lines(self, file):
        """Yield the lines as text. Raises ``Unreadable``."""
        number = 0
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(raw) > LONGEST_LINE:
                raise Unreadable(number, f"the line has more than {LONGEST_LINE:,} bytes.")
            if number == 1 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise Unreadable(1, "this is UTF-16: save it as “CSV UTF-8”.")
            if b"\0" in raw:
                raise Unreadable(number, "there is a NUL byte in it: this is no text.")
            try:
                text = raw.decode(self.encoding)
            except UnicodeDecodeError as error:
                raise Unreadable(number, self.not_text(raw, error)) from None
            yield text.removeprefix("\ufeff") if number == 1 else text

    def not_text(self, raw, error):
        around = raw[max(0, error.start - 20) : error.start + 20].decode("latin-1")
        return (
            f"this is not {self.encoding.upper()}, at “{around.strip()}”: save it as “CSV UTF-8”, "
            "or name what it is, such as --encoding windows-1252."
        )

    # CSV

    def csv_rows(self, lines):
        first = next(lines, "")
        if not first.strip():
            raise Unreadable(1, "it is empty, or its first line is." if first else "it is empty.")
        delimiter = max(",;\t", key=lambda sign: len(self.columns & set(split(first, sign))))
        names = split(first, delimiter)
        if not self.are_known(1, names):
            return
        with large_cells():
            # ``line_num`` counts the lines that were read; those of the next row begin behind it.
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            begins = 2
            while (cells := self.next_cells(reader, begins)) is not None:
                if cells and len(cells) != len(names):
                    sentence = f"{len(cells)} cells stand here, and {len(names)} names on top."
                    self.problem(begins, "file", sentence)
                elif cells:
                    yield Row(begins, dict(zip(names, map(restored, cells), strict=True)))
                begins = reader.line_num + 2

    def next_cells(self, reader, line):
        try:
            return next(reader, None)
        except csv.Error as error:
            known = [said for part, said in WRONG_CSV.items() if part in str(error)]
            raise Unreadable(line, (known or [f"this is not CSV: {error}."])[0]) from None

    def are_known(self, line, names) -> bool:
        """Say which columns are unknown, missing or there twice."""
        before = self.problems.count
        for number, name in enumerate(names):
            if name not in self.columns:
                self.problem(line, name, "there is no such column" + self.nearest(name))
            elif name in names[:number]:
                self.problem(line, name, "this column stands there twice.")
        for name in sorted(self.needed - set(names)):
            self.problem(line, name, "this column is missing.")
        return before == self.problems.count

    def nearest(self, name):
        near = get_close_matches(name, self.columns, n=1)
        return f"; did you mean {near[0]}?" if near else f": {', '.join(sorted(self.columns))}."

    # JSON Lines

    def json_rows(self, lines):
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line, parse_constant=refuse)
                cells = {name: as_cell(each) for name, each in as_names(record).items()}
            except RecursionError:
                self.problem(number, "file", "this is nested too deeply.")
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                column = f"character {error.colno}" if hasattr(error, "colno") else "file"
                self.problem(number, column, f"this is not a row as JSON: {error}.")
            else:
                if self.are_known(number, list(cells)):
                    yield Row(number, cells)


def split(line, delimiter):
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def as_names(record: dict) -> dict:
    """A record of a JSON file under the names of the CSV file."""
    if "developments" not in record:
        return record
    pairs = [(each["lead_sentence"], each["body"]) for each in record["developments"]]
    others = {name: value for name, value in record.items() if name != "developments"}
    return {**others, "text": as_text(pairs)}


def as_cell(value) -> str:
    """What the CSV file has in the same place. Raises ``ValueError`` for what cannot stand there"""
    if isinstance(value, bool):
        return str(value).lower()
    text = " ".join(value) if isinstance(value, list) else "" if value is None else value
    if not isinstance(text, str) or "\0" in text:
        raise ValueError(f"{str(value)[:50]!r} is no text")
    if len(text) > LARGEST_CELL:
        raise ValueError(f"a text has more than {LARGEST_CELL:,} characters")
    text.encode()  # Half of a surrogate pair is no letter.
    return text


def refuse(constant):
    raise ValueError(f"{constant} is no value of JSON")


@contextmanager
def large_cells():
    """The limit is one for the whole process, and much too low for texts."""
    before = csv.field_size_limit(LARGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
