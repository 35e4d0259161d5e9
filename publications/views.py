from django.http import Http404, HttpResponse
from django.shortcuts import render

from editorial.correcting import EveryCorrection
from editorial.finding import get_page, get_public_or_gone
from publications.citing import FORMS, address_of, refer_to
from publications.linked_data import LICENCES
from publications.listing import list_publications
from publications.markdown import in_markdown
from publications.models import Publication
from publications.republishing import republished
from publications.showing import page_of
from publications.topics import get_topic, listed_under, public_topics


def publications(request):
    return render(request, "publications/publication_list.html", list_publications(request))


def corrections(request):
    page = get_page(request, EveryCorrection())
    return render(request, "publications/correction_list.html", {"page": page})


def publication(request, slug):
    piece = get_public_or_gone(Publication.objects.as_page(), slug=slug)
    return render(request, "publications/publication_detail.html", page_of(piece))


def citation(request, slug, form):
    """The reference of a piece as a file for reference managers; ``form`` is one of ``FORMS``."""
    works = Publication.objects.as_cards().prefetch_related("tags")
    piece = get_public_or_gone(works, slug=slug)
    write, content_type = FORMS[form]
    response = HttpResponse(write(refer_to(piece)), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{piece.slug}.{form}"'
    return response


def markdown(request, slug):
    """A piece as Markdown (RFC 7763)."""
    piece = get_public_or_gone(Publication.objects.as_page(), slug=slug)
    return HttpResponse(in_markdown(piece), content_type="text/markdown; charset=utf-8")


def republish(request, slug):
    """A piece as HTML that another site may take. Raises ``Http404`` where it may not."""
    piece = get_public_or_gone(Publication.objects.as_page(), slug=slug)
    if not piece.may_be_republished:
        raise Http404
    context = {
        "piece": piece,
        "html": republished(piece),
        "address": address_of(piece),
        "licence_address": LICENCES[piece.licence],
    }
    return render(request, "publications/republish.html", context)


def topics(request):
    return render(request, "publications/topic_list.html", {"topics": public_topics()})


def topic(request, slug):
    topic = get_topic(slug)
    page = get_page(request, listed_under(topic))
    return render(request, "publications/topic_detail.html", {"topic": topic, "page": page})
