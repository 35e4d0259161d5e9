"""Publications for programs."""

import datetime
from mimetypes import guess_type

from django.db.models import Prefetch
from django.urls import reverse
from ninja import Query, Router
from pydantic import Field

from editorial.addresses import absolute
from editorial.api.answering import (
    Item,
    Page,
    Part,
    address_of,
    answer,
    answer_page,
    get_public_or_moved,
    public_only,
)
from editorial.api.asking import Choice, Day, Language, Paging, Slug
from people.api import OutletPart, with_regions
from people.models import Person
from publications.feeds.texts import full_text
from publications.linked_data import LICENCES, share_picture
from publications.models import Byline, Publication
from publications.topics import known_topics
from regions.api import RegionName, keys_of_branch, name_region

router = Router(tags=["Publications"])
URI = {"format": "uri"}


class BylinePart(Part):
    """Somebody who made a piece; who has no page has neither slug nor address."""

    name: str = Field(examples=["Duyeon Kim"])
    slug: str | None = Field(examples=["duyeon-kim"])
    url: str | None = Field(json_schema_extra=URI)
    role: Byline.Role
    title: str = Field(description="The title held then.", examples=["Senior Adviser"])


class TopicPart(Part):
    """What a piece is about, besides regions."""

    slug: str = Field(examples=["sanctions"])
    name: str = Field(examples=["Sanctions"])


class PicturePart(Part):
    """The picture of a piece."""

    url: str = Field(json_schema_extra=URI)
    alternative_text: str
    caption: str
    credit: str


class VersionPart(Part):
    """The same piece in another language."""

    slug: str = Field(examples=["coree-du-nord"])
    language: str = Field(description="BCP 47.", examples=["fr"])
    url: str = Field(json_schema_extra=URI)


class FilePart(Part):
    """A file to download."""

    label: str = Field(examples=["Full report"])
    url: str = Field(json_schema_extra=URI)
    media_type: str = Field(examples=["application/pdf"])
    language: str = Field(description="BCP 47.", examples=["en"])
    bytes: int
    sha256: str = Field(description="Hexadecimal.")


class CorrectionPart(Part):
    """A mistake that was put right."""

    corrected_on: datetime.date
    text: str


class PublicationItem(Item):
    """A piece as collections have it: all but its text and its files."""

    slug: str = Field(description="Its name in addresses.", examples=["north-korea-talks"])
    url: str = Field(description="The address of its page.", json_schema_extra=URI)
    kind: Publication.Kind
    number: int | None = Field(description="“294” for Asia Report 294.", examples=[294])
    label: str = Field(description="Its kind and number in words.", examples=["Asia Report 294"])
    title: str
    subtitle: str
    standfirst: str = Field(description="What it says in two or three sentences; plain text.")
    language: str = Field(description="BCP 47.", examples=["en"])
    published_at: datetime.datetime = Field(description="UTC.")
    updated_on: datetime.date | None = Field(description="The last change to know of.")
    regions: list[RegionName]
    topics: list[TopicPart]
    bylines: list[BylinePart] = Field(description="In the order in which they are printed.")
    series: str | None = Field(description="The title of the series that it is a part of.")
    part: int | None = Field(description="Which part, of a series or of another piece.")
    translations: list[VersionPart] = Field(description="Itself in other languages.")
    picture: PicturePart | None
    media_url: str | None = Field(
        description="Where a film or sound is to be had.", json_schema_extra=URI
    )
    originally_in: OutletPart | None = Field(description="Where it was published first.")
    licence: str | None = Field(
        description="The address of an open licence; null: all rights reserved.",
        json_schema_extra=URI,
    )


class WholePublicationItem(PublicationItem):
    """A piece with its text and its files."""

    text: str = Field(description="All of it, as HTML that stands alone.")
    files: list[FilePart]
    corrections: list[CorrectionPart]


class PublicationQuestion(Paging):
    kind: Publication.Kind | None = Field(None, description="Of a kind.", examples=["report"])
    region: Slug | None = Field(
        None, description="Filed under a region or what is part of it.", examples=["asia"]
    )
    topic: Slug | None = Field(None, description="About a topic.", examples=["sanctions"])
    author: Slug | None = Field(
        None, description="With this person in its bylines.", examples=["duyeon-kim"]
    )
    language: Language | None = Field(None, description="In a language.", examples=["en"])
    since: Day | None = Field(
        None, description="Published on this day (UTC) or later.", examples=["2024-01-01"]
    )
    until: Day | None = Field(
        None, description="Published on this day (UTC) or before.", examples=["2024-12-31"]
    )


def with_versions(pieces):
    """With itself in other languages: what it translates, and what translates either."""
    public = Publication.objects.public().only("slug", "language", "translation_of")
    whole = Publication.objects.only("slug", "language", "status", "publish_at", "translation_of")
    return pieces.prefetch_related(
        Prefetch("translations", public, to_attr="made_of_it"),
        Prefetch("translation_of", whole),
        Prefetch("translation_of__translations", public, to_attr="made_beside_it"),
    )


def versions_of(piece) -> list[VersionPart]:
    original = piece.translation_of
    others = list(piece.made_of_it)
    if original:
        others += public_only([original])
        others += [each for each in original.made_beside_it if each.pk != piece.pk]
    return [
        VersionPart(slug=each.slug, language=each.language, url=address_of(each))
        for each in sorted(others, key=lambda each: each.language)
    ]


def name_byline(byline) -> BylinePart:
    known = byline.person and byline.person.is_public
    return BylinePart(
        name=byline.name,
        slug=byline.person.slug if known else None,
        url=address_of(byline.person) if known else None,
        role=byline.role,
        title=byline.title,
    )


def picture_of(piece) -> PicturePart | None:
    if not piece.image:
        return None
    return PicturePart(
        url=share_picture(piece)["address"],
        alternative_text=piece.image_alt,
        caption=piece.image_caption,
        credit=piece.image_credit,
    )


def outlet_of(piece) -> OutletPart | None:
    outlet = piece.original_outlet
    return outlet and OutletPart(name=outlet.name, url=piece.original_url or outlet.url or None)


def facts_of(piece) -> dict:
    return {
        **{name: getattr(piece, name) for name in ("slug", "kind", "number", "label", "language")},
        **{name: getattr(piece, name) for name in ("title", "subtitle", "standfirst", "part")},
        "url": address_of(piece),
        "published_at": piece.publish_at.astimezone(datetime.UTC),
        "updated_on": piece.updated_on,
        "regions": [name_region(each) for each in public_only(piece.regions.all())],
        "topics": [TopicPart(slug=tag.slug, name=tag.name) for tag in piece.tags.all()],
        "bylines": [name_byline(each) for each in piece.bylines.all()],
        "series": piece.series.title if piece.series else None,
        "translations": versions_of(piece),
        "picture": picture_of(piece),
        "media_url": piece.media_url or None,
        "originally_in": outlet_of(piece),
        "licence": LICENCES.get(piece.licence),
    }


def describe_piece(piece) -> PublicationItem:
    return PublicationItem(**facts_of(piece))


def describe_whole_piece(piece) -> WholePublicationItem:
    corrections = piece.corrections.all()
    return WholePublicationItem(
        **facts_of(piece),
        text=full_text(piece),
        files=[describe_file(each) for each in piece.attachments.all() if each.file],
        corrections=[
            CorrectionPart(corrected_on=each.corrected_on, text=each.text) for each in corrections
        ],
    )


def describe_file(attachment) -> FilePart:
    return FilePart(
        label=attachment.label,
        url=absolute(reverse("editorial:media", args=[attachment.file.name])),
        media_type=guess_type(attachment.file.name)[0] or "application/octet-stream",
        language=attachment.language,
        bytes=attachment.size,
        sha256=attachment.sha256,
    )


def of_author(pieces, slug):
    person = Person.objects.public().filter(slug=slug)
    return pieces.filter(pk__in=Byline.objects.filter(person__in=person).values("publication"))


def about_topic(pieces, slug):
    return pieces.filter(tags__in=known_topics().filter(slug=slug))


CONDITIONS = {
    "kind": lambda pieces, kind: pieces.filter(kind=kind),
    "region": lambda pieces, slug: pieces.in_regions(keys_of_branch(slug)),
    "topic": about_topic,
    "author": of_author,
    "language": lambda pieces, code: pieces.filter(language=code),
    "since": lambda pieces, day: pieces.filter(publish_at__gte=midnight(day)),
    "until": lambda pieces, day: pieces.filter(publish_at__lt=midnight(day, later=1)),
}


def midnight(day: datetime.date, later=0) -> datetime.datetime:
    """The first moment of a day in UTC, or of the day after; the last days of the calendar stay."""
    day = min(day, datetime.date.max - datetime.timedelta(days=1)) + datetime.timedelta(days=later)
    return datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)


@router.get("/publications", response=Page[PublicationItem])
def publications(request, chosen: Query[PublicationQuestion]):
    """Reports, Q&As, commentaries and all else, the newest first; each translation by itself."""
    found = with_versions(with_regions(Publication.objects.public().as_cards()))
    found = found.prefetch_related("tags")
    for name, condition in CONDITIONS.items():
        if (value := getattr(chosen, name)) is not None:
            found = condition(found, value)
    order = ("-publish_at", "-pk")
    return answer_page(request, chosen, found, order, describe_piece, PublicationItem)


@router.get("/publications/{slug:slug}", response=WholePublicationItem)
def publication(request, slug: str, chosen: Query[Choice]):
    """A piece with all of its text."""
    every = with_versions(with_regions(Publication.objects.as_page()))
    found = get_public_or_moved(every, "publications:publication", "api:publication", slug)
    return answer(request, chosen, describe_whole_piece(found))
