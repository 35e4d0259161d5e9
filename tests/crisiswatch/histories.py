"""Histories as tables, for the tests of their import."""

import csv
import io

HEAD = ("month", "situation", "situation_name", "region", "countries", "trend", "lead", "text")
KOREA = ("2024-06", "korea", "Korean Peninsula", "asia", "KOR PRK", "unchanged", "All quiet.", "")
JULY = ("2024-07", *KOREA[1:])


def table(*rows, head=HEAD, sign=","):
    file = io.StringIO()
    csv.writer(file, delimiter=sign, lineterminator="\n").writerows([head, *rows])
    return file.getvalue()


def with_cell(name, value, row=KOREA):
    return tuple(value if column == name else cell for column, cell in zip(HEAD, row, strict=True))
