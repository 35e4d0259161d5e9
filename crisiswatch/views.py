from csp.decorators import csp_update
from django.shortcuts import get_object_or_404, render

from crisiswatch import showing
from crisiswatch.models import Edition, Situation
from editorial.finding import get_public_or_gone

# The slider under the map asks for the map of another month.
with_map = csp_update({"connect-src": ["'self'"]})


@with_map
def editions(request):
    """The newest edition at the address that stays. Its canonical address is that of its month."""
    found = Edition.objects.public().first()
    if found is None:
        return render(request, "crisiswatch/nothing_yet.html")
    return render(request, "crisiswatch/edition_detail.html", showing.month_page(found))


@with_map
def edition(request, month):
    found = get_public_or_gone(Edition.objects, month=month)
    return render(request, "crisiswatch/edition_detail.html", showing.month_page(found))


def print_edition(request, month):
    found = get_public_or_gone(Edition.objects, month=month)
    return render(request, "crisiswatch/edition_print.html", showing.month_page(found))


def archive(request):
    editions = Edition.objects.public().only("month")
    return render(request, "crisiswatch/archive.html", {"editions": editions})


def entry(request, month, slug):
    edition = get_public_or_gone(Edition.objects, month=month)
    found = get_object_or_404(edition.entries.as_page().defer(None), situation__slug=slug)
    return render(request, "crisiswatch/entry_detail.html", showing.entry_page(found))


def situations(request):
    return render(request, "crisiswatch/situation_list.html", showing.situations_page())


def situation(request, slug):
    found = get_object_or_404(Situation.objects.public().select_related("region"), slug=slug)
    return render(request, "crisiswatch/situation_detail.html", showing.situation_page(found))


def about(request):
    return render(request, "crisiswatch/about.html", showing.situations_page())
