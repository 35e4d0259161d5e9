"""A publication begun from a Word document."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _

from editorial import drafting
from editorial.permissions import check_desk
from editorial.richtext.fields import refuse_long_tables
from editorial.snapshots import take_snapshot
from publications.models import Publication
from publications.placing import free_slug
from publications.word.package import Refused
from publications.word.reading import Draft, read_document


def start_from_word(file, *, kind: str, language: str, by, parts=()):
    """
    Begin a piece from an uploaded .docx: a draft with its text, footnotes and figures.

    ``parts`` are the parts that its kind has beside the body. Returns the piece and a sentence for
    each kind of thing that has no place in it; its first revision notes them too, as far as there
    is room. Raises ``Refused``.
    """
    try:
        draft = read_document(file, parts)
        rows = [*draft.findings, *draft.questions]
        for text in (draft.body, draft.summary, *(text for _said, text in rows)):
            refuse_long_tables(text)
        piece = keep(draft, kind, language, by, file.name)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    return piece, list(draft.left_out.sentences())


@transaction.atomic
def keep(draft: Draft, kind, language, by, name) -> Publication:
    piece = Publication(
        kind=kind,
        language=language,
        title=draft.title,
        subtitle=draft.subtitle,
        standfirst=draft.standfirst,
        summary=draft.summary,
        body=draft.body,
        created_by=by,
    )
    piece.slug = free_slug(piece, slugify(draft.title)[:110].strip("-") or kind.replace("_", "-"))
    piece.clean()
    piece.save()
    for position, (label, text) in enumerate(draft.findings):
        piece.findings.create(label=label, text=text, position=position)
    for position, (question, text) in enumerate(draft.questions):
        piece.questions.create(question=question, answer=text, position=position)
    for position, shown in enumerate(draft.figures):
        piece.figures.create(
            image=shown.file,
            alt=shown.alt,
            caption=shown.caption,
            mark=shown.mark,
            position=position,
        )
    check_desk(by, piece)
    drafting.keep_revision(piece, take_snapshot(piece), by=by, note=note_of(name, draft.left_out))
    return piece


def note_of(name, left_out) -> str:
    """As much of it as a note of a revision holds; the editor has been told all of it."""
    said = _("From “%s”") % name[:60]
    if not left_out.counts:
        return said
    return Truncator(f"{said}. " + _("Not placed: %s") % left_out.short()).chars(200)
