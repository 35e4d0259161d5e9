"""An anonymous visitor walks every public address of a house full of secrets and finds none."""

import datetime

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from people.models import Appointment
from publications.admin import PublicationAdmin
from publications.models import Byline, Publication
from tests import factories

pytestmark = pytest.mark.django_db

CANARY = "CANARY"
HIDDEN_MONTHS = {
    "draft": datetime.date(2024, 7, 1),
    "in_review": datetime.date(2024, 8, 1),
    "scheduled": datetime.date(2024, 9, 1),
    "withdrawn": datetime.date(2024, 10, 1),
}


def texts(state, *names):
    return {name: f"{CANARY} {state} {name}" for name in names}


def hide(state, fields, region, person, situation):
    """One of each kind in a hidden state, tied to public objects in every way there is."""
    slug = {"slug": f"hidden-{state}"}
    secret = factories.make_region(
        f"{CANARY} {state}",
        parent=region,
        image=factories.picture(colour=f"#{len(state):02}{len(state):02}00"),
        **texts(state, "introduction", "image_alt", "image_credit"),
        **slug,
        **fields,
    )
    hidden = factories.make_person(
        f"{CANARY} {state}",
        **texts(state, "biography", "contact", "portrait_alt", "portrait_credit"),
        **slug,
        **fields,
    )
    started = datetime.date(2020, 1, 1)
    Appointment.objects.create(person=hidden, title=CANARY, region=region, started_on=started)
    Appointment.objects.create(
        person=person, title="Envoy", region=secret, started_on=started, is_primary=False
    )
    for speaker in (person, hidden):
        factories.make_quote(
            [region, secret],
            speaker=speaker,
            slug=f"hidden-{state}-{speaker.pk}",
            **texts(state, "text", "speaker_title"),
            **fields,
        )
    make_hidden_publications(state, fields, region, secret, person)
    edition = factories.make_edition(HIDDEN_MONTHS[state], **texts(state, "overview"), **fields)
    for followed in (situation, factories.make_situation(f"{CANARY} {state}", region=secret)):
        factories.make_entry(
            [(f"{CANARY} lead", f"{CANARY} body")], situation=followed, edition=edition, lead=CANARY
        )


def make_hidden_publications(state, fields, region, secret, person):
    public = factories.make_publication(f"Original {state}", regions=[region])
    piece = factories.make_publication(
        f"{CANARY} {state}",
        regions=[region, secret],
        authors=[person],
        tags=[f"{CANARY} {state}"],
        slug=f"hidden-{state}",
        language="fr",
        translation_of=public,
        series=factories.make_series(f"{CANARY} {state} series"),
        part=1,
        **texts(state, "subtitle", "standfirst", "body", "image_alt"),
        **fields,
    )
    piece.findings.create(label=CANARY, text=CANARY)
    piece.questions.create(question=CANARY, answer=CANARY)
    piece.recommendations.create(addressee=CANARY, text=CANARY)
    piece.corrections.create(text=CANARY)
    piece.figures.create(image=factories.picture(colour="navy"), alt=CANARY)
    piece.attachments.create(file=factories.picture("hidden.pdf"), label=CANARY)
    Byline.objects.create(publication=piece, outside_name=f"{CANARY} author")


@pytest.fixture
def house():
    factories.make_newsroom()
    region = factories.make_region("Open region")
    person = factories.make_person("Open person")
    situation = factories.make_situation("Open situation", region=region)
    factories.make_appointment(person, region=region)
    factories.make_quote([region], speaker=person, slug="open-quote")
    factories.make_publication("Open publication", regions=[region], authors=[person])
    factories.make_entry(
        [("A", "B")], situation=situation, edition=factories.make_edition(datetime.date(2024, 5, 1))
    )
    for state, fields in factories.hidden_states().items():
        hide(state, fields, region, person, situation)


def routes(resolver, prefix=""):
    """The name and the converters of every public route."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                space = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from routes(pattern, prefix + space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield prefix + pattern.name, pattern.pattern.converters


def values(name):
    """What stands in an address for a parameter of this name: public, hidden and unknown."""
    slugs = [
        *[f"open-{kind}" for kind in ("region", "person", "quote", "publication", "situation")],
        *[f"hidden-{state}" for state in HIDDEN_MONTHS],
        *["korea", "han-bora", "report", "rapport", "no-such-slug"],
    ]
    return {
        "slug": slugs,
        "month": [*HIDDEN_MONTHS.values(), datetime.date(2024, 5, 1), datetime.date(2024, 6, 1)],
        "url": ["about/us/", "hidden/"],
        "path": ["people/person/portrait/no.png"],
        "token": ["no-token"],
    }[name]


def addresses():
    for name, converters in routes(get_resolver()):
        arguments = [{}]
        if "flat" in name or name == "page":
            arguments = [{"url": value} for value in values("url")]
        for parameter in converters:
            arguments = [
                {**known, parameter: value} for known in arguments for value in values(parameter)
            ]
        for language in ("en", "he"):
            with translation.override(language):
                yield from (reverse(name, kwargs=each) for each in arguments)


def test_no_public_address_tells_a_secret(house, client):
    walked = {}
    for address in dict.fromkeys(addresses()):
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        walked[address] = response.status_code
        assert CANARY.encode() not in body, address
        if "hidden" not in address:
            assert b"/hidden-" not in body, address
        assert CANARY not in str(response.headers), address
        assert not response.cookies, address
        if not address.startswith("/media/"):  # Staff may see a file before the public does.
            assert "Cookie" not in response.headers.get("Vary", ""), address
    shown = [address for address, status in walked.items() if status == 200]
    assert set(walked.values()) <= {200, 302, 400, 404, 410}
    assert len(shown) > 50
    for state in HIDDEN_MONTHS:
        status = 410 if state == "withdrawn" else 404
        for place in ("regions", "people", "publications"):
            assert walked[f"/{place}/hidden-{state}/"] == status
        month = HIDDEN_MONTHS[state]
        assert walked[f"/crisiswatch/{month:%Y/%m}/"] == status
        assert walked[f"/he/crisiswatch/{month:%Y/%m}/open-situation/"] == status


def test_the_walk_finds_what_is_public(house, client):
    """Were the canary public, the walk would meet it: the region page shows every kind of thing."""
    html = client.get("/regions/open-region/").content.decode()
    for shown in ["Open publication", "Open person", "We said so", "Open situation"]:
        assert shown in html


def test_a_file_is_as_public_as_what_it_belongs_to(house, client):
    for state, fields in factories.hidden_states().items():
        person = factories.make_person(
            slug=f"portrait-{state}",
            portrait=factories.picture(size=(len(state), 9)),
            portrait_alt="A portrait",
            **fields,
        )
        assert client.get(f"/media/{person.portrait.name}").status_code == 404
    shown = factories.make_person(portrait=factories.picture(size=(7, 7)), portrait_alt="Hers")
    assert b"".join(client.get(f"/media/{shown.portrait.name}")).startswith(b"\x89PNG")


def test_a_new_slug_of_something_hidden_leaves_no_redirect(house, client):
    for state in ("draft", "in_review", "scheduled"):
        piece = Publication.objects.get(slug=f"hidden-{state}")
        before = PublicationAdmin(Publication, None).addresses_before(piece)
        assert before == []
