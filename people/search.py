from django.db.models import Q

from editorial.models import Status
from editorial.searching.offers import Document, Named, Offer, words_in
from people.models import Outlet, Person, Quote
from regions.models import Region
from regions.search import RegionPlaces


def describe_people(people):
    for person in people:
        yield Document(
            title=person.name,
            # Their titles are not among it: one of the future is told by nobody before its day.
            texts=[words_in(person.biography)],
            publish_at=person.publish_at,
        )


def describe_quotes(quotes):
    places = RegionPlaces()
    for quote in quotes:
        yield Document(
            title=f"{quote.speaker.name}, {quote.outlet.name}",
            texts=[quote.text, quote.speaker_title],
            publish_at=quote.publish_at,
            language=quote.language,
            facets={
                "region": places.with_those_above(region.pk for region in quote.regions.all()),
                "author": [quote.speaker_id],
                "language": [quote.language],
                "year": [quote.said_on.year],
            },
        )


PERSON = Offer(
    Person,
    describe_people,
    approved=Q(status=Status.APPROVED),
    cards=lambda people: people.with_appointments(),
)
QUOTE = Offer(
    Quote,
    describe_quotes,
    approved=Q(status=Status.APPROVED),
    rows=lambda quotes: quotes.select_related("speaker", "outlet").prefetch_related("regions"),
    cards=lambda quotes: quotes.as_cards(),
    depends={
        Person: "speaker",
        Outlet: "outlet",
        Region: lambda keys: Q(regions__in=RegionPlaces().with_those_below(keys)),
    },
    facets={"region": Named(Region), "author": Named(Person), "language": None, "year": None},
)
OFFERS = [PERSON, QUOTE]
