"""
What goes with the tables: the Data Package (Frictionless), the JSON Schema of a line, the citation
(Citation File Format 1.2.0) and the codebook. All in English, as the data are.
"""

import json

import yaml
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from crisiswatch.data.columns import ENTRIES
from crisiswatch.data.licences import LICENCES
from crisiswatch.data.tables import TABLES, moment_of

KEYS = {
    "entries.csv": ["month", "situation"],
    "editions.csv": ["month"],
    "situations.csv": ["code"],
    "countries.csv": ["alpha3"],
    "coverage.csv": ["situation", "first_month"],
}
POINTS_AT = {
    "entries.csv": {"situation": ("situations", "code"), "month": ("editions", "month")},
    "coverage.csv": {"situation": ("situations", "code")},
    "corrections.csv": {"month": ("editions", "month")},
}
SCHEMA = "entries.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def licence():
    return LICENCES[settings.DATA_LICENCE]


def home() -> str:
    """The whole address of the page about the data."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse("crisiswatch:data")


def address(version: int, name="", month="") -> str:
    """The whole address of a file that stays for good, or of the folder of a version."""
    within = f"{month}/" if month else ""
    return f"{settings.SITE_URL}/data/crisiswatch/{within}v{version}/{name}"


def in_json(value) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def package(files, *, version: int, created, schema: str, month="") -> bytes:
    """
    The ``datapackage.json`` of a version, or of one of a month; ``files`` are ``DataFile``, and
    ``schema`` is the address of the JSON Schema of a line.
    """
    terms = licence()
    by_name = {file.name: file for file in files}
    resources = [table(file, by_name) for file in files if file.name in TABLES]
    resources += [records(file, schema) for file in files if file.name.endswith(".jsonl")]
    said = {
        "profile": "data-package",
        "name": f"crisiswatch-{month}" if month else "crisiswatch",
        "id": address(version, "datapackage.json", month),
        "title": f"CrisisWatch {month}".strip(),
        "description": "Month by month, how conflicts and crises around the world have developed.",
        "homepage": home(),
        "version": str(version),
        "created": moment_of(created),
        "licenses": [{"name": terms.name, "path": terms.path, "title": terms.title}],
        "sources": [{"title": f"CrisisWatch, {settings.SITE_NAME}", "path": settings.SITE_URL}],
        "contributors": [{"title": settings.SITE_NAME, "role": "publisher"}],
        "resources": resources,
    }
    return in_json(said)


def table(file, others) -> dict:
    """The description of a table: where it is, how large, and what its columns mean."""
    return {
        "name": file.name.removesuffix(".csv"),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        **where(file),
        "rows": file.rows,
        "schema": table_schema(file.name, others),
    }


def records(file, schema) -> dict:
    """
    That of the JSON Lines: for the validator a file and no table, as it reads such only with a
    part that few have installed; what a line is, the JSON Schema says.
    """
    return {
        "name": "entries-jsonl",
        "profile": "data-resource",
        "type": "file",
        "format": "jsonl",
        "mediatype": "application/jsonl",
        **where(file),
        "jsonSchema": schema,
    }


def where(file) -> dict:
    """
    What is so of every file. The hash is that of the bytes as they are fetched; their number is not
    said, for Frictionless takes it for wrong where it fetches the file from afar.
    """
    return {
        "path": f"{file.name}.gz",
        "compression": "gz",
        "encoding": "utf-8",
        "hash": f"sha256:{file.sha256}",
    }


def table_schema(name, others) -> dict:
    """The Table Schema of a CSV file; it points only at tables that lie beside it."""
    schema = {"fields": [column.descriptor() for column in TABLES[name]], "missingValues": [""]}
    if name in KEYS:
        schema["primaryKey"] = KEYS[name]
    keys = [
        {"fields": column, "reference": {"resource": table, "fields": key}}
        for column, (table, key) in POINTS_AT.get(name, {}).items()
        if f"{table}.csv" in others
    ]
    return schema | ({"foreignKeys": keys} if keys else {})


def json_schema() -> bytes:
    """The JSON Schema of a line of ``entries.jsonl``."""
    properties = {
        column.name: in_json_schema(column) for column in ENTRIES if column.name != "text"
    }
    codes = {"type": "array", "items": {"type": "string"}}
    for name in ("countries", "m49"):
        properties[name] = {"description": properties[name]["description"], **codes}
    properties["developments"] = {
        "description": DEVELOPMENTS,
        "type": "array",
        "items": DEVELOPMENT,
    }
    return in_json(
        {
            "$schema": DIALECT,
            "title": "An entry of CrisisWatch",
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    )


def in_json_schema(column) -> dict:
    said = {"type": column.type, "description": str(column.description)}
    if "pattern" in column.rules:
        said["pattern"] = column.rules["pattern"]
    return said | ({"enum": list(column.values)} if column.values else {})


DEVELOPMENTS = "The developments, in order, as they were written; a lead sentence may be empty."
DEVELOPMENT = {
    "type": "object",
    "properties": {"lead_sentence": {"type": "string"}, "body": {"type": "string"}},
    "required": ["lead_sentence", "body"],
    "additionalProperties": False,
}


def citation(version: int, day) -> bytes:
    """``CITATION.cff``, which GitHub, Zenodo and Zotero read."""
    said = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them so.",
        "type": "dataset",
        "title": "CrisisWatch",
        "authors": [{"name": settings.SITE_NAME}],
        "version": str(version),
        "date-released": f"{day:%Y-%m-%d}",
        "url": home(),
        "repository-artifact": address(version, "datapackage.json"),
        "license": licence().name,
    }
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True).encode()


def codebook() -> bytes:
    """Every column of every table, as Markdown."""
    parts = ["# CrisisWatch: codebook", RULES]
    for name, columns in TABLES.items():
        parts.append(f"## {name}")
        parts.append("\n".join(map(line_of, columns)))
    terms = licence()
    parts += ["## Licence", f"{settings.SITE_NAME}, {terms.title}, <{terms.path}>"]
    return ("\n\n".join(parts) + "\n").encode()


def line_of(column) -> str:
    kind = "" if column.type == "string" else f" ({column.type})"
    values = "".join(f"\n  - `{value}`: {said}" for value, said in column.values.items())
    return f"- `{column.name}`{kind}: {column.description}{values}"


RULES = """\
CSV follows RFC 4180: UTF-8 without byte order mark, commas, the names of the columns first.
Booleans are `true` and `false`. An empty cell means that there is nothing to say.

A cell that a spreadsheet would take for a formula has an apostrophe in front: one that begins with
`=`, `+`, `-`, `@`, a tab, the end of a line, or a full-width form of these, with any apostrophes
before it. Take one apostrophe away to have what was written. `entries.jsonl` has the texts as they
were written.

In `text`, `**` stands around the lead sentence of a paragraph, and `\\` before a sign that would
mean something else.

A situation without an entry in a month was not followed, or was on standby (see `coverage.csv`), or
there is no edition of that month (see `editions.csv`): that is not “unchanged”.

The names, regions, countries and coverage of situations are as they were when the version was
written. What changes in them alone makes no version: it comes with the next edition or
correction."""
