"""What stands beside a piece: its other languages, its series or whole, its parts, its like."""

from collections import Counter
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Value
from django.utils.translation import gettext as _

from publications.models import Publication

RELATED = 4
# Of each region and topic, the pieces filed last are looked at: as many whatever the archive holds.
LATEST = 40


@dataclass
class Sequence:
    """
    The series or the whole that a piece is part of, and those parts that are public.

    ``address`` is that of the whole and empty for a series, which has no page; ``says`` is
    “Second of two”, or “Part 2” where no more is known.
    """

    title: str
    address: str
    pieces: list
    part: int

    @property
    def says(self):
        return place(self.part, max([self.part, *(each.part for each in self.pieces)]))

    @property
    def previous(self):
        return next((each for each in reversed(self.pieces) if each.part < self.part), None)

    @property
    def next(self):
        return next((each for each in self.pieces if each.part > self.part), None)


@dataclass
class Companions:
    """The public pieces that a page leads to."""

    translations: list
    sequence: Sequence | None
    parts: list
    related: list


def find_companions(piece, regions) -> Companions:
    """Gather them; ``regions`` are the public ones of the piece. As many queries for any piece."""
    translations = list(light(piece.other_languages()))
    sequence = find_sequence(piece)
    parts = in_order(piece.parts, piece)
    beside = [piece, *translations, *parts, *(sequence.pieces if sequence else [])]
    related = find_related(piece, regions, known={each.pk for each in beside})
    return Companions(translations, sequence, parts, related)


def light(pieces):
    """With what a line about each of them says, and without their texts."""
    texts = ["body", "summary", "numbered_in__introduction", "numbered_in__globe"]
    return pieces.select_related("numbered_in").defer(*texts)


def in_order(parts, piece) -> list:
    """Those that readers have of the parts, in the language of the piece."""
    return list(light(parts.public().filter(language=piece.language)).order_by("part"))


def find_sequence(piece) -> Sequence | None:
    if piece.series:
        parts = in_order(piece.series.publications, piece)
        return Sequence(piece.series.title, "", parts, piece.part)
    if piece.parent and piece.parent.is_public:
        parts = in_order(piece.parent.parts, piece)
        return Sequence(piece.parent.title, piece.parent.get_absolute_url(), parts, piece.part)
    return None


def place(part: int, count: int) -> str:
    """Return “Second of two”; figures beyond five, and “Part 1” where there is but one so far."""
    if count < 2 or part < 1:
        return _("Part %(part)s") % {"part": part}
    if count > 5:
        return _("Part %(part)s of %(count)s") % {"part": part, "count": count}
    nth = [_("First"), _("Second"), _("Third"), _("Fourth"), _("Fifth")][part - 1]
    number = [_("two"), _("three"), _("four"), _("five")][count - 2]
    return _("%(nth)s of %(count)s") % {"nth": nth, "count": number}


def find_related(piece, regions, known) -> list:
    """
    At most ``RELATED`` pieces that are not ``known``: those chosen by hand, then in the same
    language those that share a region and a topic, then those that share one; each newest first.
    """
    chosen = [each for each in light(piece.related.public()) if each.pk not in known]
    shared = share_something(piece, regions)
    for pk in [*known, *(each.pk for each in chosen)]:
        del shared[pk]
    alike = Publication.objects.public().filter(pk__in=shared, language=piece.language)
    keys = sorted(alike.values_list("pk", flat=True), key=lambda pk: -shared[pk])[:RELATED]
    others = {each.pk: each for each in light(Publication.objects.filter(pk__in=keys))}
    return [*chosen, *(others[pk] for pk in keys)][:RELATED]


def share_something(piece, regions) -> Counter:
    """The keys of pieces filed under the same regions or topics: 2 for both, 1 for one of them."""
    filed, tagged = Publication.regions.through.objects, Publication.tags.through.objects
    tagged = tagged.filter(content_type=ContentType.objects.get_for_model(Publication))
    searches = [
        *(latest(filed, "region", each).values_list(Value(1), "publication") for each in regions),
        *(
            latest(tagged, "tag", each).values_list(Value(2), "object_id")
            for each in piece.tags.all()
        ),
    ]
    rows = searches[0].union(*searches[1:]) if searches else []
    return Counter(key for _kind, key in rows)


def latest(rows, field, value):
    """The rows with this value that were written last: their index leads to them at once."""
    found = rows.filter(**{field: value}).order_by("-pk").values("pk")[:LATEST]
    return rows.filter(pk__in=found).order_by()
