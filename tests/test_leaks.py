"""An anonymous visitor walks every public address of a house full of secrets and finds none."""

import datetime
import itertools

import pytest
from django.contrib.redirects.models import Redirect
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from crisishub.sitemaps import SITEMAPS
from crisiswatch.data.making import FILES, PACKAGE
from crisiswatch.models import Edition, Entry
from crisiswatch.releasing import release
from editorial import sharing
from editorial.images import PictureField, picture_at, rendition_path
from editorial.media import field_of
from editorial.models import PreviewLink, Revision, ScheduledChange
from editorial.sweeping import all_files
from people.models import Appointment, Person, Quote
from publications.admin import PublicationAdmin
from publications.models import Byline, Publication
from regions.models import Region
from tests import factories
from tests.canaries import CANARY, SLUG, fill_in, sign_in
from tests.forms import change, send, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PLACES = {"region": "regions", "person": "people", "publication": "publications"}
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
        **texts(state, "subtitle", "standfirst", "summary", "body", "image_alt"),
        **fields,
    )
    shown = Publication.objects.get(slug="open-publication")
    shown.related.add(piece)
    factories.make_publication(
        f"{CANARY} part",
        slug=f"hidden-{state}-part",
        parent=shown,
        part=[*HIDDEN_MONTHS].index(state) + 1,
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
    release(Edition.objects.all())


def routes(resolver, prefix=""):
    """The name and the converters of every public route."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                space = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from routes(pattern, prefix + space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield prefix + pattern.name, pattern.pattern.converters


def kinds_in(route):
    """What the name of a route speaks of. A slug of another kind is as unknown there as any."""
    kinds = [each for each in ("region", "person", "quote", "publication") if each in route]
    return kinds or ["situation"]


def values(name, route, hidden):
    """What stands in an address for a parameter of this name: public, hidden and unknown."""
    slugs = [
        *[f"{state}-{kind}" for kind in kinds_in(route) for state in ("open", "timed")],
        *[f"hidden-{state}" for state in hidden],
        *["korea", "han-bora", "report", "rapport", "war", "no-such-slug"],
    ]
    return {
        "slug": slugs,
        "month": [
            *[HIDDEN_MONTHS[state] for state in hidden],
            *[datetime.date(2024, month, 1) for month in (4, 5, 6)],
        ],
        "code": slugs,
        "name": [*FILES, PACKAGE, "entries.csv.gz", "no-such-file"],
        "number": [1, 2],
        "country": ["KOR", "kp", "410", "XXX"],
        "rest": ["nowhere"],
        "url": ["about/us/", "hidden/"],
        "path": ["people/person/portrait/no.png"],
        "token": ["no-token"],
        "kind": ["report", "podcast", "no-such-kind"],
        "section": [*SITEMAPS, "no-such-section"],
    }[name]


def addresses(languages, hidden, **guessed):
    """
    Every public address there is; ``guessed`` are further values for a parameter, which is tried
    with each of them while the others stay as they are; of slugs, those of each kind.
    """
    for name, converters in routes(get_resolver()):
        parameters = ["url"] if "flat" in name or name == "page" else [*converters]
        known = {parameter: values(parameter, name, hidden) for parameter in parameters}
        choices = [known, *({**known, p: guessed[p]} for p in parameters if p in guessed)]
        for guess in choices[1:]:
            if "slug" in guess and "slug" in guessed:
                guess["slug"] = [s for kind in kinds_in(name) for s in guessed["slug"][kind]]
        for language, chosen in itertools.product(languages, choices):
            with translation.override(language):
                for each in itertools.product(*chosen.values()):
                    yield reverse(name, kwargs=dict(zip(chosen, each, strict=True)))


def walk(client, languages=("en",), hidden=("draft",), **guessed):
    """Open every public address as an anonymous visitor; return the status of each."""
    walked = {}
    for address in dict.fromkeys(addresses(languages, hidden, **guessed)):
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        walked[address] = response.status_code
        assert CANARY.encode() not in body, address
        for slug in ("hidden", SLUG):
            if slug not in address:
                assert f"/{slug}-".encode() not in body, address
        assert CANARY not in str(response.headers), address
        assert not response.cookies, address
        if not address.startswith("/media/"):  # Staff may see a file before the public does.
            assert "Cookie" not in response.headers.get("Vary", ""), address
    assert set(walked.values()) <= {200, 302, 400, 404, 410}
    return walked


@pytest.mark.slow
def test_no_public_address_tells_a_secret(house, client):
    walked = walk(client, languages=("en", "he"), hidden=HIDDEN_MONTHS)
    shown = [address for address, status in walked.items() if status == 200]
    assert len(shown) > 50
    for state in HIDDEN_MONTHS:
        status = 410 if state == "withdrawn" else 404
        for place in PLACES.values():
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


# What is typed over something that readers have


def make_timed():
    """Public pieces of every kind, beside the open ones: their changes are scheduled."""
    region = factories.make_region("Timed region", image=factories.picture(), image_alt="A")
    person = factories.make_person("Timed person", portrait=factories.picture(), portrait_alt="B")
    factories.make_appointment(person, region=region, is_primary=False)
    factories.make_quote([region], speaker=person, slug="timed-quote")
    piece = factories.make_publication("Timed publication", regions=[region], authors=[person])
    piece.attachments.create(file=factories.picture("open.pdf"), label="Open")
    situation = factories.make_situation("Timed situation", region=region)
    edition = factories.make_edition(datetime.date(2024, 4, 1))
    factories.make_entry([("C", "D")], situation=situation, edition=edition)


def pieces(which, month):
    """The public piece of each kind whose slug begins with a word."""
    for model in (Region, Person, Quote, Publication):
        yield model.objects.get(slug__startswith=f"{which}-")
    yield Edition.objects.get(month=month)


def post(desk, path, data, button):
    """Send a filled-in form; return where the answer leads."""
    response = desk.post(path, {**data, button: "1"})
    assert response.status_code == 302, response.context["errors"]
    return response.url


def type_over(desk, piece):
    """Keep a draft of a live piece, and set aside what a second editor has typed over it."""
    path = change(piece)
    late = fill_in(desk, path)
    if isinstance(piece, Edition):  # Two who typed the same have nothing to decide.
        late["overview"] += ", typed later"
    post(desk, path, fill_in(desk, path), "_submit")
    for entry in Entry.objects.filter(edition=piece.pk if isinstance(piece, Edition) else None):
        post(desk, change(entry), fill_in(desk, change(entry)), "_save")
    assert "/merge/" in post(desk, path, late, "_save")


def page_of(piece, page):
    return change(piece).replace("/change/", f"/{page}/")


def put_off(desk, piece):
    """Schedule the draft; the form shows what readers see again, and is typed over once more."""
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    said = {"at_0": f"{tomorrow:%Y-%m-%d}", "at_1": "09:00", "version": piece.version}
    response = desk.post(page_of(piece, "schedule"), said)
    assert response.status_code == 302, response.context["messages"]._loaded_data
    post(desk, change(piece), fill_in(desk, change(piece)), "_save")


def look(desk, piece):
    """Render what is typed, what is saved and what is to come, as staff do all day."""
    path = page_of(piece, "preview")
    later = f"{timezone.now() + datetime.timedelta(days=3):%Y-%m-%dT%H:%M}"
    typed = {**fill_in(desk, change(piece)), "_preview": "1"}
    for response in (
        desk.get(f"{path}?language=he"),
        desk.get(f"{path}?at={later}"),
        desk.post(path, typed),
    ):
        assert CANARY in response.content.decode(), path


def closed_links(desk, piece):
    """The tokens of a link that was revoked, of one that has expired, and of one made up."""
    for _number in range(3):
        desk.post(page_of(piece, "links"), {"hours": "1"})
    revoked, expired, whole = PreviewLink.objects.order_by("pk").filter(
        revision__in=Revision.objects.of(piece)
    )
    desk.post(f"{page_of(piece, 'links')}{revoked.pk}/revoke/")
    past = timezone.now() - datetime.timedelta(hours=1)
    PreviewLink.objects.filter(pk=expired.pk).update(made_at=past, expires_at=past)
    token = sharing.token_of(whole)
    tampered = [token[:-1] + ("A" if token[-1] != "A" else "B"), token.rpartition(":")[0]]
    return [sharing.token_of(revoked), sharing.token_of(expired), *tampered]


RENDITIONS = [
    ("0.5x0.5", "portrait-80.webp"),
    ("0.25x0.75", "wide-480.avif"),
    ("0.25x0.75", "share-1200.jpg"),
]


def files_and_renditions(names):
    for name in names:
        yield name
        field = field_of(name, PictureField)
        for focus, use in RENDITIONS if field else ():
            yield rendition_path(picture_at(field, name, focus), use)


@pytest.fixture
def drafted(house):
    """The house, with drafts of all that is public: what is guessed of them, by parameter."""
    make_timed()
    desk = sign_in()
    before = {*all_files()}
    tokens = []
    for which, month in [("open", datetime.date(2024, 5, 1)), ("timed", datetime.date(2024, 4, 1))]:
        for piece in pieces(which, month):
            type_over(desk, piece)
            if which == "timed":
                tokens += closed_links(desk, piece)
                piece.refresh_from_db()
                put_off(desk, piece)
            look(desk, piece)
    assert ScheduledChange.objects.pending().count() == 5
    assert Revision.objects.filter(is_aside=True).count() == 10
    files = [name for name in all_files() if name not in before and "__processed__" not in name]
    assert len(files) > 20
    guessed = {kind: set() for kind in ("region", "person", "quote", "publication", "situation")}
    for revision in Revision.objects.exclude(snapshot__slug=None):
        if (slug := revision.snapshot["slug"]).startswith(SLUG):
            guessed[revision.content_type.model].add(slug)
    assert all(len(slugs) > 3 for kind, slugs in guessed.items() if kind != "situation")
    return {"token": tokens, "path": [*files_and_renditions(files)], "slug": guessed}


@pytest.mark.slow
def test_nothing_typed_over_a_public_page_is_told_before_it_is_published(drafted, client):
    walked = walk(client, **drafted)
    assert {status for address, status in walked.items() if f"/{SLUG}-" in address} == {404}
    for kind, place in PLACES.items():
        for slug in drafted["slug"][kind]:
            assert walked[f"/{place}/{slug}/"] == 404
    for token in drafted["token"]:
        assert walked[f"/preview/{token}/"] in (404, 410)
        for path in drafted["path"][:3]:
            assert client.get(f"/preview/{token}/media/{path}").status_code in (404, 410)
    for path in drafted["path"]:
        assert walked[f"/media/{path}"] == 404, path
    assert not Redirect.objects.exists()
    assert walked["/regions/open-region/"] == walked["/people/timed-person/"] == 200


@pytest.mark.slow
def test_the_walk_meets_a_draft_as_soon_as_it_is_published(house, client):
    desk = sign_in()
    for piece in pieces("open", datetime.date(2024, 5, 1)):
        type_over(desk, piece)
        send(desk, change(piece), "_publish")
        piece.refresh_from_db()
        assert CANARY in client.get(piece.get_absolute_url()).content.decode(), piece
        with pytest.raises(AssertionError):
            walk(client)


@pytest.mark.slow
def test_a_withdrawn_piece_tells_nothing_of_its_drafts(house, client):
    desk = sign_in()
    piece = Publication.objects.get(slug="open-publication")
    type_over(desk, piece)
    piece.refresh_from_db()
    withdraw(desk, piece, reason="A source was wrong.")
    response = client.get("/publications/open-publication/")
    assert response.status_code == 410
    assert "A source was wrong." in response.content.decode()
    walk(client)
