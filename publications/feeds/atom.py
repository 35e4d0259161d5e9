"""Atom (RFC 4287) as feeds here are written: whole texts, each in its own language."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Model
from django.utils.feedgenerator import Atom1Feed, rfc3339_date

NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Leave out what no XML document may hold (XML 1.0, section 2.2); Word pastes such things."""
    return NOT_XML.sub("", str(text))


def lasting_id(obj: Model) -> str:
    """A tag URI (RFC 4151) that stays when title, address and text change."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},2024:{obj._meta.concrete_model._meta.label_lower}/{obj.pk}"


@dataclass(frozen=True)
class Category:
    """What an entry is filed under: ``term`` for programs, ``label`` for people."""

    term: str
    label: str
    scheme: str = ""


@dataclass(frozen=True)
class Name:
    """Somebody who made an entry; ``address`` is the page about them, or empty."""

    name: str
    address: str = ""


class Atom(Atom1Feed):
    """
    Besides what Django knows, an item has ``language``, ``content`` (HTML or empty), ``authors``
    and ``contributors`` (of ``Name``); its ``categories`` are of ``Category``, and its description
    is plain text.
    """

    def add_item(self, *args, categories=(), **kwargs):
        super().add_item(*args, **kwargs)
        self.items[-1]["categories"] = categories  # Django would make texts of them.

    def item_attributes(self, item):
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler, item):
        add = handler.addQuickElement
        add("id", item["unique_id"])
        add("title", printable(item["title"]))
        add("link", "", {"rel": "alternate", "type": "text/html", "href": item["link"]})
        add("published", rfc3339_date(item["pubdate"]))
        add("updated", rfc3339_date(item["updateddate"]))
        for role in ("author", "contributor"):
            for each in item[f"{role}s"]:
                self.add_name(handler, role, each)
        for each in item["categories"]:
            add("category", "", category_attributes(each))
        for each in item["enclosures"]:
            facts = {"href": each.url, "length": each.length, "type": each.mime_type}
            add("link", "", {"rel": "enclosure", **facts})
        add("summary", printable(item["description"]))
        if item["content"]:
            add("content", printable(item["content"]), {"type": "html"})
        if item["item_copyright"]:
            add("rights", item["item_copyright"])

    def add_name(self, handler, role, name):
        handler.startElement(role, {})
        handler.addQuickElement("name", printable(name.name))
        if name.address:
            handler.addQuickElement("uri", name.address)
        handler.endElement(role)


def category_attributes(category):
    facts = {"term": category.term, "label": category.label, "scheme": category.scheme}
    return {name: printable(value) for name, value in facts.items() if value}
