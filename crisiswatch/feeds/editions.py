from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator

from crisiswatch.feeds.whole import Whole
from crisiswatch.models import Edition
from editorial.addresses import absolute
from editorial.dates import format_month
from editorial.languages import default_language
from editorial.richtext import plain_text
from publications.feeds.atom import lasting_id
from publications.feeds.updates import changed_on, site_and
from regions.models import Region

MONTHS = 3
WORDS = 60


class CrisisWatch(Whole):
    """The newest editions, each with all its entries."""

    template, called = "crisiswatch/feed_text.html", "edition"

    def title(self):
        return site_and("CrisisWatch")

    def link(self):
        return absolute(reverse("crisiswatch:editions"))

    def feed_url(self):
        return absolute(reverse("crisiswatch:feed"))

    def items(self):
        """Editions that know their entries, in the order of the page: ``told``."""
        tree = Region.objects.tree()
        editions = list(Edition.objects.public().prefetch_related("corrections")[:MONTHS])
        for edition in editions:
            entries = edition.entries.as_page()
            edition.told = tree.in_order(entries, lambda entry: entry.situation.region_id)
        return editions

    def item_title(self, item):
        with translation.override(default_language()):
            return f"CrisisWatch, {format_month(item.month)}"

    def item_description(self, item):
        return Truncator(plain_text(item.overview)).words(WORDS)

    def item_guid(self, item):
        return lasting_id(item)

    def item_updateddate(self, item):
        return changed_on(item, [each.corrected_on for each in item.corrections.all()])

    def item_categories(self, item):
        return []
