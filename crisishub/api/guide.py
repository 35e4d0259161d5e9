"""The page about the API for people; it says what the OpenAPI document says."""

import re

from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from crisishub.api import api
from crisishub.api.document import fields_of, named
from editorial.addresses import absolute
from editorial.api.asking import Paging
from editorial.api.problems import KINDS

CODE = re.compile("`([^`]+)`")
STRONG = re.compile(r"\*\*([^*]+)\*\*")


def api_guide(request):
    document = api.get_openapi_schema()
    context = {
        "about": [in_html(text) for text in document["info"]["description"].strip().split("\n\n")],
        "rooms": [
            {**tag, "operations": operations_of(document, tag["name"])} for tag in document["tags"]
        ],
        "problems": [(status, name, text) for status, (name, text) in KINDS.items()],
        "example": absolute("/api/v1/entries?country=KOR&since=2024-01&fields=month,trend,lead"),
    }
    return render(request, "api.html", context)


def operations_of(document, tag) -> list[dict]:
    return [
        {
            "path": path,
            "summary": in_html(operation["summary"]),
            "parameters": [
                {**each, "values": values_of(document, each["schema"])}
                for each in operation["parameters"]
                if each["name"] not in Paging.model_fields
            ],
            "fields": described(document, operation["responses"]["200"]),
        }
        for path, operations in document["paths"].items()
        for operation in operations.values()
        if operation["tags"] == [tag]
    ]


def values_of(document, schema) -> list[str]:
    """All values of a parameter, where they can be counted."""
    if "$ref" in schema:
        return named(document, schema)["enum"]
    return ["true", "false"] if schema["type"] == "boolean" else []


def described(document, response) -> list[tuple[str, str]]:
    fields = fields_of(document, response["content"]["application/json"]["schema"])
    return [(name, in_html(field.get("description", ""))) for name, field in fields.items()]


def in_html(text: str) -> SafeString:
    """The little Markdown that descriptions use."""
    html = CODE.sub(r"<code>\1</code>", STRONG.sub(r"<strong>\1</strong>", escape(text)))
    return mark_safe(html)  # noqa: S308 - escaped above
