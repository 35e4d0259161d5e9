"""What the rooms ask of a piece before readers may have it, where several rooms ask the same."""

import re
from collections.abc import Iterator

from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.models import Check

EMPTY_NOTE = '<span class="footnote"></span>'
LINK = re.compile(r"<a\b[^>]*>(.*?)</a>", re.DOTALL)


def check_picture(piece, field: str, sentence: str) -> Iterator[Check]:
    """A picture has an alternative text; ``field`` names the picture."""
    if getattr(piece, field) and not getattr(piece, f"{field}_alt").strip():
        yield Check(f"{field}_alt", sentence)


def check_links(piece, field: str) -> Iterator[Check]:
    """A link that holds no words cannot be seen, and is read out as nothing (WCAG 2.2, 2.4.4)."""
    texts = LINK.findall(getattr(piece, field))
    if not all(strip_tags(text).replace("&nbsp;", "").strip() for text in texts):
        name = capfirst(piece._meta.get_field(field).verbose_name)
        yield Check(field, _("%(field)s: a link has no words.") % {"field": name}, blocking=False)


def check_notes(piece, field: str, *texts: str) -> Iterator[Check]:
    """A footnote has words. ``field`` is where the rich ``texts`` are mended."""
    count = sum(text.count(EMPTY_NOTE) for text in texts)
    if count:
        kind = piece._meta.get_field(field)
        name = capfirst(getattr(kind, "verbose_name", "") or kind.related_model._meta.verbose_name)
        says = ngettext(
            "%(field)s: a footnote is still empty.",
            "%(field)s: %(count)d footnotes are still empty.",
            count,
        )
        yield Check(field, says % {"field": name, "count": count})


def check_rows(piece, relation: str, rows=None) -> Iterator[Check]:
    """
    The rows of a relation have all that their ``needed_by_readers`` names.

    They are read afresh, in one query, unless they are given.
    """
    for number, row in enumerate(getattr(piece, relation).filter() if rows is None else rows, 1):
        for name in row.needed_by_readers:
            if not getattr(row, name).strip():
                yield Check(relation, row_sentence(row, number, name))


def row_sentence(row, number: int, name: str) -> str:
    said = {
        "row": capfirst(row._meta.verbose_name),
        "number": number,
        "called": Truncator(str(row)).chars(40),
        "field": row._meta.get_field(name).verbose_name,
    }
    if str(row):
        return _("%(row)s %(number)s, “%(called)s”: %(field)s is still empty.") % said
    return _("%(row)s %(number)s: %(field)s is still empty.") % said


def words(html: str) -> int:
    """How many words readers are given."""
    return len(strip_tags(html).split())
