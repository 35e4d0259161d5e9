from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator

from crisiswatch.models import Edition
from editorial.addresses import absolute
from editorial.dates import format_month
from editorial.languages import default_language
from editorial.richtext import plain_text
from publications.feeds.atom import lasting_id
from publications.feeds.texts import standing_alone
from publications.feeds.updates import Updates, site_and
from regions.models import Region

MONTHS = 3
WORDS = 60


class CrisisWatch(Updates):
    """The newest editions, each with all its entries."""

    def title(self):
        return site_and("CrisisWatch")

    def link(self):
        return absolute(reverse("crisiswatch:editions"))

    def feed_url(self):
        return absolute(reverse("crisiswatch:feed"))

    def items(self):
        """Editions that know their entries, in the order of the page: ``told``."""
        tree = Region.objects.tree()
        editions = list(Edition.objects.public()[:MONTHS])
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
        return item.publish_at

    def item_categories(self, item):
        return []

    def item_enclosures(self, item):
        return []

    def item_copyright(self, item):
        return None

    def item_extra_kwargs(self, item):
        with translation.override(default_language()):
            html = render_to_string("crisiswatch/feed_text.html", {"edition": item})
            content = standing_alone(html, item.get_absolute_url())
        return {
            "language": default_language(),
            "content": content,
            "authors": [],
            "contributors": [],
        }
