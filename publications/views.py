from django.shortcuts import render

from editorial.finding import get_page, get_public_or_gone
from publications.models import Correction, Publication


def publications(request):
    page = get_page(request, Publication.objects.public().as_cards())
    return render(request, "publications/publication_list.html", {"page": page})


def corrections(request):
    page = get_page(request, Correction.objects.public().as_list())
    return render(request, "publications/correction_list.html", {"page": page})


def publication(request, slug):
    piece = get_public_or_gone(Publication.objects.as_page(), slug=slug)
    context = {
        "piece": piece,
        "regions": piece.regions.public(),
        "translations": piece.other_languages(),
        "parts": piece.other_parts(),
    }
    return render(request, "publications/publication_detail.html", context)
