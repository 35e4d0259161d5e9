"""The OpenAPI document: what django-ninja writes of the operations, and what holds for all."""

import json
import re

from django.conf import settings

from editorial.addresses import absolute
from editorial.api.problems import KINDS, MEDIA_TYPE, Problem

ABOUT = """\
What this site has published, for programs: read-only, open to everybody, without a key.

**Pages.** A collection answers with at most `limit` items (50 if you say nothing, 100 at most) and,
in `next` and in the header `Link`, with the address of those that follow. Take that address as it
stands; what its `cursor` says is ours to change.

**Fields.** `fields=a,b` answers with those fields alone.

**Filters** narrow down: of several, all must hold.

**Values.** Moments are in UTC, days and months as ISO 8601 has them (2024-06-01, 2024-06),
languages as BCP 47, countries as ISO 3166-1 and UN M49, addresses absolute. A text is plain unless
its description says that it is HTML. What is not known is null. What has no `language` of its own
is in the language of the site.

**Keys.** A situation has a `code` that stays; months and countries are their own keys. A slug may
change; its old address here then leads to the new one.

**What goes wrong** comes as problem details (RFC 9457). A parameter that does not exist is refused
rather than passed over.

**How often.** The header `RateLimit` says how many requests you have left, and for how many seconds
that holds.

**All of it.** Who needs every entry of CrisisWatch takes the data files: one request, and a version
that can be cited.

**Change.** Within version 1 fields, parameters and values may be added; none is taken away, renamed
or given another meaning. What is not public any more is not here any more.
"""
TAGS = {
    "CrisisWatch": "What the monthly conflict tracker says of each situation.",
    "Publications": "Reports, Q&As, commentaries and all else that is published.",
    "People": "Who works here, and what they said in the news.",
    "Regions": "The parts of the world, and the countries in them.",
}
HEADERS = {
    "Link": ("The address of the next page, if there is one (RFC 8288).", "string"),
    "ETag": ("Send it in `If-None-Match`: 304 says that nothing has changed.", "string"),
    "RateLimit": ('What is left: `"address";r=119;t=60` (requests, seconds).', "string"),
    "RateLimit-Policy": ('What is allowed: `"address";q=120;w=60`.', "string"),
    "Retry-After": ("How many seconds to wait.", "integer"),
}
OF_ALL = ["RateLimit", "RateLimit-Policy"]
# What stands in a path: what it is, and an example.
KEYS = {
    "month": ("A month.", "2024-06"),
    "code": ("The code of a situation.", "korean-peninsula"),
    "slug": ("Its name in addresses.", "korean-peninsula"),
    "country": ("A code of ISO 3166-1 (two or three letters) or of UN M49.", "KOR"),
}
NAMES = {
    400: "BadRequest",
    404: "NotFound",
    410: "Gone",
    429: "TooManyRequests",
    500: "OurMistake",
    503: "CatchingUp",
}


def finished(document: dict) -> dict:
    """Add to the document what django-ninja cannot know."""
    document["info"] = {
        "title": settings.SITE_NAME,
        "version": "1.0.0",
        "summary": "What this site has published, for programs.",
        "description": ABOUT,
    }
    document["servers"] = [{"url": absolute("")}]
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    parts = document["components"]
    parts["schemas"] |= schemas_of_problems()
    parts["headers"] = {
        name: {"description": text, "schema": {"type": kind}}
        for name, (text, kind) in HEADERS.items()
    }
    parts["responses"] = {NAMES[status]: response_of(status) for status in NAMES}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            finish_operation(document, operation, is_item="{" in path)
    told = json.dumps(document)
    parts["schemas"] = {
        name: schema for name, schema in parts["schemas"].items() if f'schemas/{name}"' in told
    }
    return document


def schemas_of_problems():
    schema = Problem.model_json_schema(
        ref_template="#/components/schemas/{model}", mode="validation"
    )
    return {**schema.pop("$defs"), "Problem": schema}


def to(kind, name):
    return {"$ref": f"#/components/{kind}/{name}"}


def headers(*names):
    return {name: to("headers", name) for name in names}


def response_of(status):
    named = [*OF_ALL, "Retry-After"] if status == 429 else OF_ALL
    return {
        "description": KINDS[status][1],
        "headers": headers(*named),
        "content": {MEDIA_TYPE: {"schema": to("schemas", "Problem")}},
    }


def finish_operation(document, operation, is_item):
    found = operation["responses"][200]
    found["headers"] = headers("ETag", *OF_ALL, *([] if is_item else ["Link"]))
    has_words = any(parameter["name"] == "words" for parameter in operation["parameters"])
    others = [400, 404, *([410] if is_item else []), 429, 500, *([503] if has_words else [])]
    operation["responses"] = {
        "200": found,
        **{str(status): to("responses", NAMES[status]) for status in others},
    }
    if is_item:
        there = {"description": "It has another address by now, which `Location` says."}
        operation["responses"]["301"] = there
    operation["responses"]["304"] = {"description": "Nothing has changed since the ETag you sent."}
    operation["summary"] = operation.pop("description")
    fields = [*fields_of(document, found["content"]["application/json"]["schema"])]
    for parameter in operation["parameters"]:
        finish_parameter(parameter, fields)


def fields_of(document, schema) -> dict[str, dict]:
    """The fields of an item, or of the items of a page, by their names."""
    fields = named(document, schema)["properties"]
    return fields_of(document, fields["items"]["items"]) if "items" in fields else fields


def named(document, schema):
    """What a reference within the document leads to."""
    return document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]


def finish_parameter(parameter, fields):
    """No parameter is null: it is left out. Of the fields the document knows the names."""
    schema = parameter["schema"]
    if choices := [each for each in schema.pop("anyOf", []) if each != {"type": "null"}]:
        (said,) = choices
        schema |= said
    for key in ("title", "description", "examples"):
        schema.pop(key, None)
    if parameter["in"] == "path":
        parameter["description"], parameter["example"] = KEYS[parameter["name"]]
    if examples := parameter.pop("examples", None):
        parameter["example"] = examples[0]
    if parameter["name"] == "fields":
        names = {"type": "string", "enum": fields}
        parameter["schema"] = {"type": "array", "items": names, "minItems": 1, "uniqueItems": True}
        parameter |= {"style": "form", "explode": False}


def parameters_of(document: dict, route: str) -> dict[str, str]:
    """What may stand in the parameters of a route, in words, by their names."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{route}")
    return {
        each["name"]: in_words(each)
        for operation in document["paths"].get(path, {}).values()
        for each in operation["parameters"]
    }


def in_words(parameter) -> str:
    example = f" For example: {parameter['example']}" if "example" in parameter else ""
    return f"{parameter.get('description', '')}{example}"
