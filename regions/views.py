from django.shortcuts import render

from editorial.finding import get_page, get_public_or_gone
from regions.models import Region

QUOTES, UPDATES = 4, 6


def regions(request):
    return render(request, "regions/region_list.html", {"tree": Region.objects.tree()})


def region(request, slug):
    region = get_public_or_gone(Region.objects, slug=slug)
    tree = Region.objects.with_crowds("publications").tree()
    entries = region.filed("situations", tree).latest_entries()
    context = {
        "region": region,
        "countries": region.countries.all(),
        "ancestors": tree.ancestors(region),
        "children": tree.children(region.pk),
        "entries": entries,
        "strip": entries[0].strip() if len(entries) == 1 else [],
        "quotes": region.filed("quotes", tree).public().as_cards()[:QUOTES],
        "publications": region.newest("publications", tree, UPDATES).as_works(),
        "appointments": region.filed("appointments", tree).as_cards(),
    }
    return render(request, "regions/region_detail.html", context)


def updates(request, slug):
    region = get_public_or_gone(Region.objects, slug=slug)
    tree = Region.objects.tree()
    publications = region.filed("publications", tree).public().as_works()
    context = {
        "region": region,
        "ancestors": tree.ancestors(region),
        "page": get_page(request, publications),
    }
    return render(request, "regions/region_updates.html", context)
