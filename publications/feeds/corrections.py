from django.urls import reverse
from django.utils.translation import gettext as _

from editorial.addresses import absolute
from editorial.correcting import EveryCorrection
from publications.feeds.atom import lasting_id
from publications.feeds.updates import LENGTH, Updates, beginning, site_and


class Corrections(Updates):
    """What was put right in public pieces of all rooms, the newest first."""

    def title(self):
        return site_and(_("Corrections"))

    def link(self):
        return absolute(reverse("publications:corrections"))

    def feed_url(self):
        return absolute(reverse("publications:corrections_feed"))

    def items(self):
        return EveryCorrection()[:LENGTH]

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.text

    def item_link(self, item):
        return absolute(item.address)

    def item_guid(self, item):
        return lasting_id(item)

    def item_pubdate(self, item):
        return beginning(item.corrected_on)

    def item_updateddate(self, item):
        return self.item_pubdate(item)

    def item_categories(self, item):
        return []

    def item_enclosures(self, item):
        return []

    def item_copyright(self, item):
        return None

    def item_extra_kwargs(self, item):
        # Its summary is its whole text.
        return {"language": item.language, "content": "", "authors": [], "contributors": []}
