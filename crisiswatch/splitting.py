"""One situation becomes several: the old one ends, the new ones go on from there."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crisiswatch.models import Coverage, Situation
from crisiswatch.months import months_on
from editorial.dates import format_month
from editorial.permissions import check_desk


@transaction.atomic
def split(situation, parts, *, month, by) -> list[Situation]:
    """
    Follow ``parts`` instead of a situation from ``month`` on: all of it or nothing.

    ``parts`` are pairs of an unsaved situation and its countries. They are followed at the level
    of the old one and until the month in which that would have ended.

    Raises ``ValidationError`` with a sentence for each thing that is in the way.
    """
    Situation.objects.select_for_update().get(pk=situation.pk)
    ends = covering(situation, month)
    if wrong := [*in_the_way(situation, ends, month)]:
        raise ValidationError(wrong)
    until, ends.last_month = ends.last_month, months_on(month, -1)
    ends.save(update_fields=["last_month"])
    for part, countries in parts:
        part.save()
        check_desk(by, part)
        part.countries.set(countries)
        part.continues.add(situation)
        part.draw_globe()
        part.coverage.create(level=ends.level, first_month=month, last_month=until)
    return [part for part, _countries in parts]


def covering(situation, month) -> Coverage | None:
    return situation.coverage.in_month(month).first()


def first_free(situation):
    """The month after its newest entry, from which on it can be split; None where it has none."""
    months = situation.entries.order_by("-edition__month").values_list("edition__month", flat=True)
    newest = months.first()
    return newest and months_on(newest, 1)


def in_the_way(situation, covered, month):
    """
    Sentences on why a situation cannot be split from a month on, as ``ValidationError``s; the
    ``entry`` that is in the way is among the parameters of its own.
    """
    said = {"situation": situation, "month": format_month(month)}
    if covered is None:
        yield _("%(situation)s is not covered in %(month)s.") % said
        return
    if covered.first_month == month:
        yield _("%(situation)s is covered from %(month)s on: choose a later month.") % said
    if situation.coverage.filter(first_month__gt=month).exists():
        yield _("%(situation)s has another coverage after %(month)s: take that out first.") % said
    later = situation.entries.filter(edition__month__gte=month).select_related("edition")
    if entry := later.order_by("-edition__month").first():
        sentence = _(
            "%(situation)s has an entry in %(later)s: take it out, or choose a later month."
        )
        if entry.edition.approved_at:
            sentence = _("%(situation)s has an entry in %(later)s: choose a later month.")
        said |= {"later": format_month(entry.edition.month), "entry": entry}
        yield ValidationError(sentence, params=said)
