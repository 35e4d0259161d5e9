"""Topics that readers meet: those of public pieces."""

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce, NullIf
from django.shortcuts import get_object_or_404
from django.urls import reverse
from taggit.models import Tag

from publications.models import Publication


def known_topics():
    """The topics of public pieces."""
    pieces = Publication.objects.public().filter(tags=OuterRef("pk"))
    return Tag.objects.filter(Exists(pieces)).exclude(slug="")


def public_topics():
    """
    The topics of public pieces by name; ``pieces`` says how many are listed under each.

    Those are its ``works``, or where none has it, the translations that have it.
    """
    public = Publication.objects.public()
    topics = Tag.objects.filter(publication__in=public).exclude(slug="")
    works = Count("publication", filter=Q(publication__in=public.works()))
    pieces = Coalesce(NullIf(works, 0), Count("publication"))
    return topics.annotate(works=works, pieces=pieces).order_by("name")


def get_topic(slug):
    """Raises ``Http404`` where no public piece has the topic."""
    return get_object_or_404(public_topics(), slug=slug)


def listed_under(topic):
    """What is listed under one of the ``public_topics``, as cards."""
    pieces = Publication.objects.public().filter(tags=topic)
    return pieces.as_works() if topic.works else pieces.as_cards()


def addresses_of(topic) -> list[str]:
    """The public paths that die when the slug of a topic changes; none where it has no readers."""
    if not known_topics().filter(pk=topic.pk).exists():
        return []
    names = ("topic", "topic_feed")
    return [reverse(f"publications:{name}", args=[topic.slug]) for name in names]
