"""What readers would miss in a publication. See ``Publication.checks``."""

import re
from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from editorial.checking import check_links, check_notes, check_picture, check_rows
from editorial.models import Check
from people.models import Appointment
from publications.placing import wrong_whole

RICH_ROWS = {"findings": "text", "questions": "answer", "recommendations": "text"}
MARK = re.compile(r'<figure data-mark="([^"]+)">')
TRANSLATED = ("title", "subtitle", "standfirst", "summary", "body", "image_alt", "image_caption")
ROWS = ("findings", "questions", "recommendations", "figures", "attachments")


def check_publication(piece) -> Iterator[Check]:
    """Yield what it lacks. The number of queries does not grow with its rows."""
    yield from check_picture(piece, "image", _("Alternative text: say what the picture shows."))
    rows = {relation: list(getattr(piece, relation).filter()) for relation in ROWS}
    for relation in ROWS:
        yield from check_rows(piece, relation, rows[relation])
    yield from check_text(piece, rows)
    yield from check_links(piece, "body")
    yield from check_texts(piece, rows)
    yield from check_regions(piece)
    yield from check_number(piece)
    yield from check_bylines(piece)
    yield from check_translation(piece)
    yield from check_original(piece)
    for field, sentence in wrong_whole(piece):  # Two drafts may make a ring together.
        yield Check(field, sentence)


def check_text(piece, rows):
    has_text = piece.body.strip() or any(rows.values())
    if piece.kind == piece.Kind.QUESTIONS and not rows["questions"] and not piece.body.strip():
        yield Check("questions", _("There is no question and no answer yet."))
    elif not has_text:
        sentence = _("There is nothing to read yet: no text, no questions, no attachment.")
        yield Check("body", sentence, blocking=piece.kind not in piece.SHOWN)


def check_texts(piece, rows):
    """Every footnote has words; every figure that the texts name is there, and has one place."""
    texts = {"summary": [piece.summary], "body": [piece.body]} | {
        relation: [getattr(row, name) for row in rows[relation]]
        for relation, name in RICH_ROWS.items()
    }
    known, placed = {figure.mark for figure in rows["figures"]}, set()
    for field, htmls in texts.items():
        yield from check_notes(piece, field, *htmls)
        for mark in [mark for html in htmls for mark in MARK.findall(html)]:
            if mark not in known:
                sentence = _("The text has a place for a picture that is not here (%(mark)s).")
                yield Check(field, sentence % {"mark": mark}, blocking=False)
            elif mark in placed:
                sentence = _("A picture has two places in the text (%(mark)s): the first counts.")
                yield Check(field, sentence % {"mark": mark}, blocking=False)
            placed.add(mark)


def check_regions(piece):
    if not piece.regions.exists():
        sentence = _("No region is chosen: it would stand on no region’s page.")
        yield Check("regions", sentence, blocking=piece.kind not in piece.OF_THE_WORLD)


def check_number(piece):
    if piece.numbered_in and not piece.numbered_in.is_approved:
        sentence = _("The region that it is numbered in is not public: its number would name it.")
        yield Check("numbered_in", sentence)


def check_bylines(piece):
    bylines = list(piece.bylines.select_related("person"))
    if not bylines:
        sentence = _("Nobody is named as its author.")
        yield Check("bylines", sentence, blocking=piece.kind in piece.SIGNED)
    untitled = [each for each in bylines if each.person and not each.title]
    held = Appointment.objects.current(piece.day_of_titles()).filter(is_primary=True)
    found = set(held.filter(person__in=[each.person for each in untitled]).values_list("person"))
    for each in untitled:
        if (each.person_id,) not in found:
            sentence = _("%(person)s held no title on the day of publication.")
            yield Check("bylines", sentence % {"person": each.person}, blocking=False)


def check_translation(piece):
    original = piece.translation_of
    if original and original.language == piece.language:
        yield Check("language", _("It is in the language of its original."))
    if original and not original.is_approved:
        sentence = _("Its original is not public: readers cannot go from one to the other.")
        yield Check("translation_of", sentence, blocking=False)
    for name in TRANSLATED if original else ():
        if getattr(piece, name) and getattr(piece, name) == getattr(original, name):
            says = capfirst(str(piece._meta.get_field(name).verbose_name))
            sentence = _("%(field)s: this is still the text of the original.")
            yield Check(name, sentence % {"field": says}, blocking=False)


def check_original(piece):
    if piece.original_url and not piece.original_outlet:
        sentence = _("It has an address elsewhere: say which outlet that is.")
        yield Check("original_outlet", sentence)
    if piece.original_outlet and not piece.original_url:
        yield Check("original_url", _("The address at the outlet is missing."), blocking=False)
