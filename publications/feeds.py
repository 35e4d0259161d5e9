import datetime
import re

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from editorial.addresses import absolute
from editorial.finding import get_public_or_gone
from publications.models import Correction, Publication
from regions.models import Region

LENGTH = 30
NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Leave out what no XML document may hold (XML 1.0, section 2.2); Word pastes such things."""
    return NOT_XML.sub("", text)


class LatestUpdates(Feed):
    """The newest publications, as Atom (RFC 4287)."""

    feed_type = Atom1Feed

    def title(self):
        return _("%(site)s: Latest Updates") % {"site": settings.SITE_NAME}

    def link(self):
        return absolute(reverse("publications:publications"))

    def feed_url(self):
        return absolute(reverse("publications:feed"))

    def items(self):
        return Publication.objects.public().as_cards()[:LENGTH]

    def item_title(self, item):
        return printable(item.title)

    def item_description(self, item):
        return printable(item.standfirst)

    def item_link(self, item):
        return absolute(item.get_absolute_url())

    def item_guid(self, item):
        return self.item_link(item)

    def item_pubdate(self, item):
        return item.publish_at

    def item_updateddate(self, item):
        return max(item.publish_at, min(item.modified_at, timezone.now()))

    def item_author_name(self, item):
        return printable(", ".join(byline.name for byline in item.bylines.all()))

    def item_categories(self, item):
        return [item.get_kind_display()]


class RegionUpdates(LatestUpdates):
    def get_object(self, request, slug):
        return get_public_or_gone(Region.objects, slug=slug)

    def title(self, region):
        return _("%(site)s: %(region)s") % {"site": settings.SITE_NAME, "region": region}

    def link(self, region):
        return absolute(region.get_absolute_url())

    def feed_url(self, region):
        return absolute(reverse("publications:region_feed", args=[region.slug]))

    def items(self, region):
        tree = Region.objects.tree()
        return region.filed("publications", tree).public().as_cards()[:LENGTH]


class Corrections(Feed):
    """What was put right in public pieces, the newest first, as Atom (RFC 4287)."""

    feed_type = Atom1Feed

    def title(self):
        return _("%(site)s: Corrections") % {"site": settings.SITE_NAME}

    def link(self):
        return absolute(reverse("publications:corrections"))

    def feed_url(self):
        return absolute(reverse("publications:corrections_feed"))

    def items(self):
        return Correction.objects.public().as_list()[:LENGTH]

    def item_title(self, item):
        return printable(item.publication.title)

    def item_description(self, item):
        return printable(item.text)

    def item_link(self, item):
        return absolute(f"{item.publication.get_absolute_url()}#correction-{item.pk}")

    def item_guid(self, item):
        return self.item_link(item)

    def item_pubdate(self, item):
        midnight = datetime.datetime.combine(item.corrected_on, datetime.time())
        return timezone.make_aware(midnight, timezone.get_default_timezone())

    def item_updateddate(self, item):
        return self.item_pubdate(item)
