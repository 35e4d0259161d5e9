"""
What a piece shares with no other: its number, its place in a series, its slug.

What the draft of a live piece says counts too: it is going to be so.
"""

import re
from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.utils.translation import gettext as _

from editorial.models import Status
from editorial.referring import unpublished


def misplaced(piece) -> Iterator[tuple[str, str]]:
    """Yield a field and a sentence for each place that is not free, or that is none."""
    yield from wrong_number(piece)
    yield from wrong_part(piece)
    yield from wrong_whole(piece)
    yield from wrong_original(piece)
    if drafted_with(piece, slug=piece.slug):
        yield "slug", slug_is_taken(piece)


def others(piece):
    return type(piece)._base_manager.exclude(pk=piece.pk)


def first_with(piece, **facts):
    """Another piece of which, or of whose draft, this is so; or None."""
    return others(piece).filter(**facts).first() or drafted_with(piece, **facts)


def drafted_with(piece, **facts):
    """Another live piece that is going to be so."""
    said = {f"snapshot__{name}": getattr(fact, "pk", fact) for name, fact in facts.items()}
    kind = ContentType.objects.get_for_model(piece)
    drafts = unpublished().filter(content_type=kind, **said).values("object_id")
    return others(piece).filter(status=Status.APPROVED, pk__in=drafts).first()


# Numbers


def wrong_number(piece):
    """An original has its number alone; its translations share it."""
    if piece.number is None:
        return
    count = {"kind": piece.kind, "numbered_in": piece.numbered_in}
    if original := piece.translation_of:
        if (piece.number, piece.numbered_in) != (original.number, original.numbered_in):
            sentence = _("A translation has the number of its original: “%(label)s”.")
            yield "number", sentence % {"label": original.label}
    elif other := first_with(piece, **count, number=piece.number, translation_of=None):
        sentence = _("“%(title)s” has this number. The next free one is %(number)s.")
        yield "number", sentence % {"title": other, "number": next_number(piece)}


def next_number(piece) -> int:
    """The one after the highest in its count, drafts of live pieces aside."""
    counted = others(piece).filter(kind=piece.kind, numbered_in=piece.numbered_in)
    return (counted.aggregate(Max("number"))["number__max"] or 0) + 1


def next_numbers(publications, kind: str) -> str:
    """“Next: Asia Report 295, Report 12”: of each count of a kind, the number that is free."""
    counted = publications.filter(kind=kind, number__isnull=False)
    counts = counted.order_by("numbered_in").values("numbered_in__name").annotate(Max("number"))
    label = dict(publications.model.Kind.choices).get(kind, "")
    names = [
        f"{count['numbered_in__name'] or ''} {label} {count['number__max'] + 1}".strip()
        for count in counts
    ]
    return _("Next: %s.") % ", ".join(names) if names else ""


# Parts


def wrong_part(piece):
    whole = piece.series or piece.parent
    if piece.series and piece.parent:
        yield "parent", _("It is part of a series or of another piece, not of both.")
    elif whole and piece.part is None:
        yield "part", _("Say which part of “%(whole)s” it is.") % {"whole": whole}
    elif piece.part is not None and not whole:
        yield "part", _("Choose the series, or the piece, that it is a part of.")
    elif whole:
        place = {"series": piece.series, "parent": piece.parent, "language": piece.language}
        if other := first_with(piece, **place, part=piece.part):
            last = others(piece).filter(**place).aggregate(Max("part"))["part__max"] or piece.part
            said = {"title": other, "part": piece.part, "next": last + 1}
            sentence = _("“%(title)s” is part %(part)s. The next free one is %(next)s.")
            yield "part", sentence % said


def wrong_whole(piece):
    """What a piece is part of is neither itself nor, however far up, a part of it."""
    seen, whole = {piece.pk}, piece.parent if piece.pk else None
    while whole:
        if whole.pk == piece.pk:
            yield "parent", _("That piece is this one, or a part of it.")
        if whole.pk in seen:
            return
        seen.add(whole.pk)
        whole = whole.parent


# Translations


def wrong_original(piece):
    original = piece.translation_of
    if original is None:
        return
    wrong = ""
    if original.translation_of_id:
        wrong = _("Choose the original: that piece is a translation itself.")
    if original == piece or (piece.pk and piece.translations.exists()):
        wrong = _("This is an original: it has translations, or would be its own.")
    if wrong:
        yield "translation_of", wrong
    elif other := others(piece).filter(translation_of=original, language=piece.language).first():
        yield "language", _("“%(title)s” is its translation into this language.") % {"title": other}


# Slugs


def slug_is_taken(piece) -> str:
    other = first_with(piece, slug=piece.slug)
    sentence = _("“%(title)s” has the address “%(slug)s”. “%(free)s” is free.")
    return sentence % {"title": other, "slug": piece.slug, "free": free_slug(piece, piece.slug)}


def free_slug(piece, wanted: str) -> str:
    """``wanted`` if no other piece has it, else the next free one: “nuclear-test-2”."""
    longest = piece._meta.get_field("slug").max_length
    stem = re.sub(r"-[0-9]{1,3}$", "", wanted)[: longest - 5]
    taken = set(others(piece).filter(slug__startswith=stem).values_list("slug", flat=True))
    free = wanted[:longest]
    number = 1
    while free in taken or drafted_with(piece, slug=free):
        number += 1
        free = f"{stem}-{number}"
    return free
