"""The public pages on which an edition is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from editorial.dates import format_month
from regions.models import Region


@dataclass(frozen=True)
class Page:
    """A path in the default language, and what the page is called under a heading."""

    heading: str
    path: str
    name: str
    situation: int | None = None


def pages_of(edition) -> list[Page]:
    """All pages that show an edition: its own, those that show the newest one, its situations'."""
    entries = list(edition.entries.as_list())
    with translation.override(settings.LANGUAGE_CODE):
        return [
            *month_pages(edition),
            *front_pages(),
            *pages_beside(edition),
            *region_pages([entry.situation_id for entry in entries]),
            *entry_pages(entries),
            *situation_pages(entries),
        ]


def month_pages(edition) -> Iterator[Page]:
    month = format_month(edition.month)
    yield Page(_("The month"), edition.get_absolute_url(), month)
    printed = reverse("crisiswatch:print", args=[edition.month])
    yield Page(_("The month"), printed, _("%s, to print") % month)


def front_pages() -> Iterator[Page]:
    """Those that show the newest edition, or what there is in all."""
    yield Page(_("Front pages"), reverse("home"), _("Front page"))
    yield Page(_("Front pages"), reverse("crisiswatch:editions"), "CrisisWatch")
    yield Page(_("Front pages"), reverse("crisiswatch:archive"), _("Archive"))
    yield Page(_("Front pages"), reverse("crisiswatch:situations"), _("Situations"))
    yield Page(_("Front pages"), reverse("crisiswatch:database"), _("Database"))
    yield Page(_("Front pages"), reverse("crisiswatch:data"), _("Data"))


def pages_beside(edition) -> Iterator[Page]:
    """The public months before and after it, which lead to it."""
    for each in filter(None, edition.neighbours().values()):
        yield Page(_("The months beside it"), each.get_absolute_url(), format_month(each.month))


def feeds() -> Iterator[Page]:
    yield Page(_("Feeds"), reverse("crisiswatch:feed"), _("New months"))
    yield Page(_("Feeds"), reverse("crisiswatch:changes_feed"), _("Changes and alerts"))


def entry_pages(entries) -> Iterator[Page]:
    for entry in entries:
        name, path = entry.situation.name, entry.get_absolute_url()
        yield Page(_("Entries"), path, name, entry.situation_id)


def situation_pages(entries) -> Iterator[Page]:
    for entry in entries:
        name, path = entry.situation.name, entry.situation.get_absolute_url()
        yield Page(_("Situations, with their feeds"), path, name, entry.situation_id)


def region_pages(situations) -> Iterator[Page]:
    """The public regions of situations, given by their keys, and those that they are part of."""
    tree = Region.objects.tree()
    filed = Region.objects.filter(situations__in=situations).distinct()
    found = {region.pk for each in filed for region in tree.path(each)}
    for region in tree.depth_first():
        if region.pk in found:
            yield Page(_("Regions"), region.get_absolute_url(), region.name)


def by_heading(pages) -> list[tuple[str, list[Page]]]:
    return [(heading, list(its)) for heading, its in groupby(pages, key=lambda page: page.heading)]
