from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.contrib.staticfiles.storage import staticfiles_storage
from django.shortcuts import get_object_or_404, redirect, render

from crisiswatch.models import Edition
from people.models import Quote
from publications.models import Publication
from regions.models import Region


def home(request):
    edition = Edition.objects.public().first()
    tree = Region.objects.tree()
    context = {
        "edition": edition,
        "entries": edition.entries_in_order(tree) if edition else [],
        "publications": Publication.objects.public().as_cards()[:7],
        "quotes": Quote.objects.public().as_cards()[:4],
        "tree": tree,
    }
    return render(request, "home.html", context)


def page(request, url):
    """A flat page (about, privacy policy); the same text under every language's prefix."""
    page = get_object_or_404(FlatPage, url=f"/{url}", sites=settings.SITE_ID)
    return render(request, "page.html", {"page": page})


def robots(request):
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


def favicon(request):
    return redirect(staticfiles_storage.url("favicon.svg"))
