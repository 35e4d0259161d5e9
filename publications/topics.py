"""Topics that readers meet: those of public pieces."""

from django.db.models import Count
from django.shortcuts import get_object_or_404
from taggit.models import Tag

from publications.models import Publication


def public_topics():
    """The topics of public pieces by name; ``pieces`` says how many works each of them has."""
    works = Publication.objects.public().works()
    topics = Tag.objects.filter(publication__in=works).exclude(slug="")
    return topics.annotate(pieces=Count("publication")).order_by("name")


def get_topic(slug):
    """Raises ``Http404`` where no public piece has the topic."""
    return get_object_or_404(public_topics(), slug=slug)
