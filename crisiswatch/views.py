from django.shortcuts import get_object_or_404, render

from crisiswatch.models import Edition
from editorial.finding import get_public_or_gone
from regions.models import Region


def editions(request):
    editions = Edition.objects.public()
    latest = editions.first()
    context = {
        "edition": latest,
        "entries": latest.entries_in_order(Region.objects.tree()) if latest else [],
        "editions": editions.only("month"),
    }
    return render(request, "crisiswatch/edition_list.html", context)


def edition(request, month):
    edition = get_public_or_gone(Edition.objects, month=month)
    context = {
        "edition": edition,
        "entries": edition.entries_in_order(Region.objects.tree()),
        "earlier": Edition.objects.public().filter(month__lt=month).first(),
        "later": Edition.objects.public().filter(month__gt=month).last(),
    }
    return render(request, "crisiswatch/edition_detail.html", context)


def entry(request, month, slug):
    edition = get_public_or_gone(Edition.objects, month=month)
    entry = get_object_or_404(edition.entries.as_page(), situation__slug=slug)
    tree = Region.objects.tree()
    context = {
        "entry": entry,
        "strip": entry.strip(),
        "ancestors": tree.path(entry.situation.region),
        "countries": entry.situation.countries.all(),
        **entry.neighbours(),
    }
    return render(request, "crisiswatch/entry_detail.html", context)
