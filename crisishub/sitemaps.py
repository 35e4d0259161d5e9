from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from crisiswatch.models import Edition, Entry
from people.models import Person, Quote
from publications.models import Publication
from regions.models import Region

LISTS = [
    "home",
    "regions:regions",
    "publications:publications",
    "publications:corrections",
    "people:people",
    "people:quotes",
    "crisiswatch:editions",
]


class SiteMap(Sitemap):
    """A sitemap (sitemaps.org) whose addresses start with SITE_URL, whatever the request says."""

    limit = 50_000  # As many as one file may hold.

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme


class Lists(SiteMap):
    def items(self):
        return LISTS

    def location(self, name):
        return reverse(name)


class Pages(SiteMap):
    def items(self):
        return FlatPage.objects.defer("content").order_by("url")


class Pieces(SiteMap):
    """The public objects of a model."""

    def __init__(self, queryset):
        self.queryset = queryset

    def items(self):
        return self.queryset.public()

    def lastmod(self, item):
        return max(item.publish_at, item.modified_at)


class Entries(SiteMap):
    def items(self):
        entries = Entry.objects.public().select_related("edition", "situation")
        return entries.order_by("-edition__month", "situation__name").defer("lead")

    def lastmod(self, entry):
        return max(entry.edition.publish_at, entry.edition.modified_at)


SITEMAPS = {
    "lists": Lists,
    "pages": Pages,
    "regions": Pieces(Region.objects.defer("introduction", "globe")),
    "people": Pieces(Person.objects.defer("biography")),
    "quotes": Pieces(Quote.objects.defer("text")),
    "publications": Pieces(Publication.objects.defer("body")),
    "editions": Pieces(Edition.objects.defer("overview")),
    "entries": Entries,
}
