"""People and what they said in the news, for programs."""

import datetime

from django.db.models import Prefetch
from ninja import Query, Router
from pydantic import Field

from editorial.api.answering import (
    Item,
    Page,
    Part,
    address_of,
    answer,
    answer_page,
    get_public_or_moved,
    html_of,
    public_only,
)
from editorial.api.asking import Choice, Day, Flag, Language, Paging, Slug
from people.models import Appointment, Person, Quote
from regions.api import RegionName, keys_of_branch, name_region
from regions.models import Region

router = Router(tags=["People"])
URI = {"format": "uri"}


class PersonName(Part):
    """Somebody as other things name them; who has no page has neither slug nor address."""

    name: str = Field(examples=["Duyeon Kim"])
    slug: str | None = Field(examples=["duyeon-kim"])
    url: str | None = Field(description="The address of their page.", json_schema_extra=URI)


class AppointmentPart(Part):
    """A title, held from a day to a day."""

    title: str = Field(examples=["Senior Adviser"])
    region: RegionName | None = Field(description="Null: of the whole house.")
    started_on: datetime.date
    ended_on: datetime.date | None = Field(description="The last day; null while it is held.")
    is_primary: bool = Field(description="Whether it is the title printed beside the name.")


class PersonItem(Item):
    slug: str = Field(description="Their name in addresses.", examples=["duyeon-kim"])
    name: str = Field(examples=["Duyeon Kim"])
    sort_name: str = Field(description="Family name first.", examples=["Kim, Duyeon"])
    url: str = Field(description="The address of their page.", json_schema_extra=URI)
    title: str = Field(description="The title held today, or empty.", examples=["Senior Adviser"])
    biography: str = Field(description="HTML.")
    contact: str = Field(description="As their page has it: one line for each way.")
    appointments: list[AppointmentPart] = Field(description="From the newest.")


class OutletPart(Part):
    """A newspaper, broadcaster or site."""

    name: str = Field(examples=["Politico Magazine"])
    url: str | None = Field(json_schema_extra=URI)


class QuoteItem(Item):
    slug: str = Field(description="Its name in addresses.", examples=["kim-bbc"])
    url: str = Field(description="The address of its page.", json_schema_extra=URI)
    text: str = Field(description="Plain text, as it was printed.")
    language: str = Field(description="BCP 47.", examples=["en"])
    said_on: datetime.date = Field(description="The day on which it was printed.")
    speaker: PersonName
    speaker_title: str = Field(description="The title held then.", examples=["Senior Adviser"])
    outlet: OutletPart
    source_url: str | None = Field(description="The address of the article.", json_schema_extra=URI)
    regions: list[RegionName]


class PersonQuestion(Paging):
    region: Slug | None = Field(
        None,
        description="Who holds a title there today, or in a region that is part of it.",
        examples=["asia"],
    )
    current: Flag | None = Field(
        None, description="Who holds a title today, or holds none.", examples=["true"]
    )


class QuoteQuestion(Paging):
    region: Slug | None = Field(
        None, description="Filed under a region or what is part of it.", examples=["asia"]
    )
    speaker: Slug | None = Field(None, description="Of one person.", examples=["duyeon-kim"])
    language: Language | None = Field(None, description="In a language.", examples=["en"])
    since: Day | None = Field(None, description="From this day on.", examples=["2023-01-01"])
    until: Day | None = Field(None, description="As far as this day.", examples=["2023-12-31"])


def name_person(person: Person) -> PersonName:
    """What others may say of a person: the name; the rest only where they have a page."""
    known = person.is_public
    return PersonName(
        name=person.name,
        slug=person.slug if known else None,
        url=address_of(person) if known else None,
    )


def describe_appointment(appointment) -> AppointmentPart:
    return AppointmentPart(
        title=appointment.title,
        region=name_region(appointment.region),
        started_on=appointment.started_on,
        ended_on=appointment.ended_on,
        is_primary=appointment.is_primary,
    )


def describe_person(person) -> PersonItem:
    return PersonItem(
        slug=person.slug,
        name=person.name,
        sort_name=person.sort_name,
        url=address_of(person),
        title=person.current_title,
        biography=html_of(person.biography),
        contact=person.contact,
        appointments=[describe_appointment(each) for each in person.appointments.all()],
    )


def describe_quote(quote) -> QuoteItem:
    return QuoteItem(
        slug=quote.slug,
        url=address_of(quote),
        text=quote.text,
        language=quote.language,
        said_on=quote.said_on,
        speaker=name_person(quote.speaker),
        speaker_title=quote.speaker_title,
        outlet=OutletPart(name=quote.outlet.name, url=quote.outlet.url or None),
        source_url=quote.source_url or None,
        regions=[name_region(each) for each in public_only(quote.regions.all())],
    )


def with_regions(objects):
    """With the regions that they are filed under, without the texts of these."""
    light = Region.objects.defer("introduction", "globe")
    return objects.prefetch_related(Prefetch("regions", light))


@router.get("/people", response=Page[PersonItem])
def people(request, chosen: Query[PersonQuestion]):
    """Who works or worked here, by slug."""
    found = Person.objects.public().with_appointments()
    held = Appointment.objects.current()
    if chosen.region:
        held_there = held.in_regions(keys_of_branch(chosen.region))
        found = found.filter(pk__in=held_there.values("person"))
    if chosen.current is not None:
        known = found.filter(pk__in=held.values("person"))
        found = known if chosen.current else found.exclude(pk__in=held.values("person"))
    return answer_page(request, chosen, found, ("slug",), describe_person, PersonItem)


@router.get("/people/{slug:slug}", response=PersonItem)
def person(request, slug: str, chosen: Query[Choice]):
    """Somebody who works or worked here."""
    everybody = Person.objects.with_appointments()
    found = get_public_or_moved(everybody, "people:person", "api:person", slug)
    return answer(request, chosen, describe_person(found))


@router.get("/quotes", response=Page[QuoteItem])
def quotes(request, chosen: Query[QuoteQuestion]):
    """What our people said in the news, the newest first."""
    found = with_regions(Quote.objects.public().as_cards())
    if chosen.region:
        found = found.in_regions(keys_of_branch(chosen.region))
    if chosen.speaker:
        speakers = Person.objects.public().filter(slug=chosen.speaker)
        found = found.filter(speaker__in=speakers)
    wanted = {
        "language": chosen.language,
        "said_on__gte": chosen.since,
        "said_on__lte": chosen.until,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    return answer_page(request, chosen, found, ("-said_on", "-pk"), describe_quote, QuoteItem)


@router.get("/quotes/{slug:slug}", response=QuoteItem)
def quote(request, slug: str, chosen: Query[Choice]):
    """Something that one of our people said in the news."""
    every = with_regions(Quote.objects.as_cards())
    found = get_public_or_moved(every, "people:quote", "api:quote", slug)
    return answer(request, chosen, describe_quote(found))
