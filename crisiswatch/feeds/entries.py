from django.db.models import Value, Window
from django.db.models.functions import Lag
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crisiswatch.database.finding import NEWEST
from crisiswatch.feeds.editions import MONTHS
from crisiswatch.feeds.whole import Whole
from crisiswatch.models import Edition, Entry, Situation
from crisiswatch.search import ALERTS
from editorial.addresses import absolute
from editorial.dates import format_month
from editorial.languages import default_language
from publications.feeds.atom import Category
from publications.feeds.updates import LENGTH, changed_on, site_and


class Entries(Whole):
    """Entries, the newest first."""

    template, called = "crisiswatch/_feed_entry.html", "entry"

    def item_title(self, item):
        with translation.override(default_language()):
            return f"{item.situation}, {format_month(item.edition.month)}"

    def item_description(self, item):
        return item.lead

    def item_pubdate(self, item):
        return item.edition.publish_at

    def item_updateddate(self, item):
        """A correction of its situation in its month, or of the whole month, is a change."""
        corrections = item.edition.corrections.all()
        ours = [each for each in corrections if each.situation_id in (None, item.situation_id)]
        return changed_on(item.edition, [each.corrected_on for each in ours])

    def item_categories(self, item):
        """The terms are those of the data files and of the database."""
        scheme = absolute(reverse("crisiswatch:database"))
        alerts = [(ALERTS[name], says) for name, says in item.alerts()]
        facts = [(item.trend, item.get_trend_display()), *alerts]
        return [Category(term, says, scheme) for term, says in facts]


class SituationEntries(Entries):
    """The entries of one situation."""

    def get_object(self, request, slug):
        return get_object_or_404(Situation.objects.public(), slug=slug)

    def title(self, situation):
        return site_and(f"CrisisWatch, {situation}")

    def link(self, situation):
        return absolute(situation.get_absolute_url())

    def feed_url(self, situation):
        return absolute(reverse("crisiswatch:situation_feed", args=[situation.slug]))

    def items(self, situation):
        return whole(situation.entries.public())[:LENGTH]


class SituationChanges(SituationEntries):
    """Those of its entries that tell of a change or an alert."""

    def title(self, situation):
        return site_and(_("CrisisWatch, %(name)s: changes and alerts") % {"name": situation})

    def feed_url(self, situation):
        return absolute(reverse("crisiswatch:situation_changes_feed", args=[situation.slug]))

    def items(self, situation):
        return whole(changes_in(situation.entries.public(), LENGTH))


class Changes(Entries):
    """The newest entries that tell of a change or an alert."""

    def title(self):
        return site_and(_("CrisisWatch: changes and alerts"))

    def link(self):
        return absolute(reverse("crisiswatch:editions"))

    def feed_url(self):
        return absolute(reverse("crisiswatch:changes_feed"))

    def items(self):
        """As many as the feed of whole months has."""
        newest = list(Edition.objects.public().only("pk")[:MONTHS])
        count = Entry.objects.filter(edition__in=newest).count()
        return whole(changes_in(Entry.objects.public(), count))


def whole(entries):
    """With all that a feed tells of them, the newest first."""
    return entries.as_page().order_by(*NEWEST).prefetch_related("edition__corrections")


def changes_in(entries, count):
    """
    Of the public entries, or those of a situation, the newest that have an alert or tell of another
    trend than “unchanged”, or than the entry of their situation before.
    """
    same = Entry.Trend.UNCHANGED
    before = Lag("trend", default=Value(same.value))
    month_by_month = {"partition_by": "situation", "order_by": "edition__month"}
    told = entries.annotate(before=Window(before, **month_by_month)).exclude(
        trend=same, before=same, risk_alert=False, resolution_opportunity=False
    )
    # The keys alone first: the database goes through all months.
    keys = told.order_by(*NEWEST).values_list("pk", flat=True)[:count]
    return Entry.objects.public().filter(pk__in=list(keys))
