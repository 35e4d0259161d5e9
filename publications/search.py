from django.db.models import F, Prefetch, Q
from taggit.models import Tag, TaggedItem

from editorial import clock
from editorial.models import Status
from editorial.searching.offers import Document, Named, Offer, words_in
from people.models import Person
from publications.models import (
    Attachment,
    Byline,
    Finding,
    Publication,
    Question,
    Recommendation,
)
from regions.models import Region
from regions.search import RegionPlaces

# Stands among the languages of what is no translation of a piece that readers have: lists show each
# work once, and still count it under each of its languages. See ``originals``.
ORIGINAL = "original"


def describe(pieces):
    places = RegionPlaces()
    for piece in pieces:
        yield Document(
            title=f"{piece.title}\n{piece.label}" if piece.number else piece.title,
            texts=list(texts(piece)),
            publish_at=piece.publish_at,
            language=piece.language,
            files=[
                (row.sha256, row.file.name)
                for row in piece.all_attachments
                if row.sha256 and row.file.name.endswith(".pdf")
            ],
            facets={
                "region": places.with_those_above(region.pk for region in piece.all_regions),
                "kind": [piece.kind],
                "topic": [tag.pk for tag in piece.all_tags],
                "author": [row.person_id for row in piece.all_bylines if row.person_id],
                "language": [piece.language, *stands_for(piece)],
                "year": [piece.published_on.year],
            },
        )


def stands_for(piece):
    """A translation that comes before its original stands for the work until that is there."""
    original = piece.translation_of
    if original is None or original.status != Status.APPROVED:
        return [ORIGINAL]
    return [until(original.pk)] if original.publish_at > piece.publish_at else []


def until(pk):
    return f"~{pk}"


def originals() -> list[str]:
    """
    What to look for among the languages, so that each work is found once. What is still to come is
    asked of the database: no clock tells the index that its moment has passed.
    """
    to_come = Publication.objects.filter(status=Status.APPROVED, publish_at__gt=clock.now())
    awaited = to_come.filter(translations__publish_at__lt=F("publish_at"))
    return [ORIGINAL, *map(until, awaited.values_list("pk", flat=True))]


def texts(piece):
    """All that is to be read in it, in the order of its page."""
    yield from (piece.subtitle, piece.standfirst)
    for finding in piece.all_findings:
        yield f"{finding.label}\n{words_in(finding.text)}"
    yield from (words_in(piece.summary), words_in(piece.body))
    for question in piece.all_questions:
        yield f"{question.question}\n{words_in(question.answer)}"
    for row in piece.all_recommendations:
        yield f"{row.addressee}\n{words_in(row.text)}"
    for row in piece.all_bylines:
        yield row.person.name if row.person else row.outside_name
    yield from (str(tag) for tag in piece.all_tags)
    yield from (row.label for row in piece.all_attachments)


def rows(pieces):
    """Parts are lists, which Django makes much faster than the querysets of ``findings.all()``."""
    parts = {
        "findings": None,
        "questions": None,
        "recommendations": None,
        "attachments": None,
        "tags": None,
        "bylines": Byline.objects.select_related("person"),
        "regions": Region.objects.only("pk"),
    }
    return pieces.select_related("numbered_in", "translation_of").prefetch_related(
        *(Prefetch(name, queryset, to_attr=f"all_{name}") for name, queryset in parts.items())
    )


def tagged(row):
    """The key of the publication that a topic was given to or taken from."""
    is_ours = row.content_type.model_class() is Publication
    return row.object_id if is_ours else None


def owner(row):
    return row.publication_id


OFFERS = [
    Offer(
        Publication,
        describe,
        approved=Q(status=Status.APPROVED),
        rows=rows,
        cards=lambda pieces: pieces.as_hits(),
        parts={
            TaggedItem: tagged,
            **dict.fromkeys([Attachment, Byline, Finding, Question, Recommendation], owner),
        },
        depends={
            Publication: "translation_of",
            Person: "bylines__person",
            Tag: "tags",
            Region: lambda keys: (
                Q(regions__in=RegionPlaces().with_those_below(keys)) | Q(numbered_in__in=keys)
            ),
        },
        facets={
            "region": Named(Region),
            "kind": None,
            "topic": Named(Tag),
            "author": Named(Person),
            "language": None,
            "year": None,
        },
    )
]
