import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import Prefetch
from django.shortcuts import render
from django.urls import reverse

from crisiswatch.models import Edition, Entry, Situation
from editorial import clock
from editorial.addresses import absolute
from people.models import Person, Quote
from publications.models import Publication
from publications.topics import public_topics
from regions.models import Region

LISTS = [
    "home",
    "regions:regions",
    "publications:publications",
    "publications:topics",
    "publications:corrections",
    "people:people",
    "people:quotes",
    # Not crisiswatch:editions: the canonical address of what it shows is that of the month.
    "crisiswatch:archive",
    "crisiswatch:situations",
    "crisiswatch:database",
    "crisiswatch:data",
    "crisiswatch:about",
]

XML = "application/xml; charset=utf-8"
NEWS_LASTS = datetime.timedelta(hours=48)
NEWS_HOLDS = 1_000
# Google News asks for ISO 639 codes, and for these two.
NEWS_LANGUAGES = {"zh-hans": "zh-cn", "zh-hant": "zh-tw"}


class SiteMap(Sitemap):
    """
    A sitemap (sitemaps.org) whose addresses start with SITE_URL, whatever the request says.

    Its pages are there in every language of the interface, and each says where the others are.
    """

    limit = 50_000  # As many as one file may hold.
    i18n = alternates = x_default = True

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

    def location(self, page):
        return reverse("page", args=[page.url.removeprefix("/")])


class Topics(SiteMap):
    def items(self):
        return public_topics()

    def location(self, topic):
        return reverse("publications:topic", args=[topic.slug])


class Pieces(SiteMap):
    """The public objects of a model."""

    def __init__(self, queryset):
        self.queryset = queryset

    def items(self):
        return self.queryset.public()

    def lastmod(self, item):
        return max(item.publish_at, item.modified_at)


class Publications(SiteMap):
    """Their texts are not those of the interface: the alternates are the real translations."""

    i18n = False

    def items(self):
        translations = Publication.objects.public().only("slug", "language", "translation_of")
        found = Prefetch("translations", translations, to_attr="public_translations")
        # What somebody else printed first has its canonical address there.
        ours = Publication.objects.public().filter(original_url="")
        pieces = ours.prefetch_related(found)
        return pieces.only("slug", "language", "translation_of", "publish_at", "modified_at")

    def lastmod(self, piece):
        return max(piece.publish_at, piece.modified_at)

    def get_urls(self, **kwargs):
        urls = super().get_urls(**kwargs)
        works = {}
        for piece in (url["item"] for url in urls):
            versions = [piece, *piece.public_translations]
            if piece.translation_of_id is None and len(versions) > 1:
                works[piece.pk] = alternates(versions)
        for url in urls:
            piece = url["item"]
            url["alternates"] = works.get(piece.translation_of_id or piece.pk, [])
        return urls


def alternates(versions):
    """Where a work is to be had in which language, the original first; that is the default."""
    found = [(each.language, absolute(each.get_absolute_url())) for each in versions]
    return [
        {"lang_code": code, "location": address}
        for code, address in [*found, ("x-default", found[0][1])]
    ]


class Situations(SiteMap):
    def items(self):
        return Situation.objects.public().only("slug")


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
    "topics": Topics,
    "publications": Publications,
    "editions": Pieces(Edition.objects.defer("overview")),
    "situations": Situations,
    "entries": Entries,
}


def index(request):
    """All the sitemaps, and all the files of those that need several."""
    found = []
    for section, site in SITEMAPS.items():
        address = absolute(reverse("sitemap_of", args=[section]))
        count = (site() if callable(site) else site).paginator.num_pages
        found += [{"location": address}]
        found += [{"location": f"{address}?p={page}"} for page in range(2, count + 1)]
    return render(request, "sitemap_index.xml", {"sitemaps": found}, content_type=XML)


def section(request, section):
    return sitemap(request, SITEMAPS, section=section, content_type=XML)


def news(request):
    """What Google News reads: our pieces of the last two days, not what others printed first."""
    since = clock.now() - NEWS_LASTS
    pieces = Publication.objects.public().filter(publish_at__gte=since, original_url="")
    pieces = list(pieces.only("slug", "title", "language", "publish_at")[:NEWS_HOLDS])
    for piece in pieces:
        piece.news_language = NEWS_LANGUAGES.get(piece.language, piece.language.partition("-")[0])
    return render(request, "sitemap_news.xml", {"pieces": pieces}, content_type=XML)
