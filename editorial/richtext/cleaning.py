"""Whatever people paste, cut down to what is allowed, and read into the blocks it consists of."""

import re
from collections import Counter
from functools import cache

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from lxml import etree

from editorial.richtext.document import Block
from editorial.richtext.extensions import EXTENSIONS
from editorial.richtext.reading import HEADINGS, PARTING, blocks_of
from editorial.richtext.writing import to_html

MOST_BYTES = 2_000_000
MOST_TAGS = 100_000
DEEPEST = 100  # Word nests a few; a parser of HTML takes quadratic time for thousands.

_NOT_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufeff\ufffe\uffff]")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_CLOSED_BY_THE_NEXT = set("p li td th tr tbody thead dt dd option br img hr input col wbr".split())
# A parser of HTML opens these again in each paragraph, as often as their attributes differ.
_MARK = re.compile(
    r"<(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\s[^<>]*>", re.IGNORECASE
)
_NEVER_READ = {"script", "style", "title", "template", "noscript"}


def clean_html(html: str) -> str:
    """
    Return ``html`` with nothing in it but what ``EXTENSIONS`` allow, one block to a line.

    Cleaning twice changes nothing more. Boxes, pull quotes, figures, tables and headings stand side
    by side, never within each other; footnotes hold words alone. White space at the ends of
    paragraphs, empty paragraphs, and the paragraph that is alone in a cell or item go. Raises
    ``ValidationError`` for what is too long or too deeply nested to be a text of somebody's.
    """
    return to_html(parse(html))


def parse(html: str) -> list[Block]:
    """The blocks of a text, cleaned. Raises ``ValidationError`` as ``clean_html`` does."""
    refuse_too_long(html)
    html = _NOT_TEXT.sub("", html)
    refuse_too_set(html)
    html = _cleaner().clean(_MARK.sub(r"<\1>", html))
    refuse_too_long(html)
    # What the sanitiser writes is XML but for these: so lxml sees the tree that it saw.
    xml = _NOT_TEXT.sub("", html).replace("&nbsp;", "\xa0")
    xml = xml.replace("<br>", "<br/>").replace("<hr>", "<hr/>")
    return blocks_of(etree.fromstring(f"<body>{xml}</body>", _parser()))


def refuse_too_long(html: str):
    """Raise ``ValidationError`` for a text of more than two million bytes; before any work."""
    if len(html) > MOST_BYTES or (
        len(html) * 4 > MOST_BYTES and len(html.encode(errors="replace")) > MOST_BYTES
    ):
        sentence = _("This text is longer than 2 MB. Divide it, or attach it as a file.")
        raise ValidationError(sentence, code="too_long")


def refuse_too_set(html: str):
    """Raise ``ValidationError`` for too many tags, or too many within each other, to be read."""
    if html.count("<") > MOST_TAGS:
        sentence = _("This text has too much formatting. Divide it, or paste it without.")
        raise ValidationError(sentence, code="too_set")
    opened, depth = Counter(), 0
    for closing, name in _TAG.findall(html):
        if closing and opened[name]:
            opened[name] -= 1
            depth -= 1
        elif not closing and name not in _CLOSED_BY_THE_NEXT:
            opened[name] += 1
            depth += 1
        if depth > DEEPEST:
            sentence = _("This text is nested too deeply. Paste it without its formatting.")
            raise ValidationError(sentence, code="too_deep")


@cache
def _cleaner():
    allowed = allowlist_from_extensions(expand_extensions(EXTENSIONS))
    # These are read and not kept: without them words would run together.
    allowed["tags"] = {*allowed["tags"], *HEADINGS, *PARTING}
    allowed["attributes"] = {**allowed["attributes"], "*": set()}  # Else titles and languages.
    return nh3.Cleaner(**allowed, clean_content_tags=_NEVER_READ)


@cache
def _parser():
    # Bounded above: nothing in it can be large, refer to anything, or load anything.
    return etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
