"""Rows as lines of CSV (RFC 4180) and of JSON Lines, in UTF-8 without byte order mark."""

import csv
import io
import json

from crisiswatch.data.rows import cells_of


def head(columns) -> bytes:
    """The line with the names of the columns."""
    return csv_of([{column.name: column.name for column in columns}])


def csv_of(rows: list[dict]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(cells_of, rows))
    return text.getvalue().encode()


def jsonl_of(records: list[dict]) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records).encode()


def records_in(jsonl: bytes) -> list[dict]:
    return [json.loads(line) for line in jsonl.split(b"\n") if line]
