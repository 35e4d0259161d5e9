"""What is not public is not in the API, through relations neither."""

import datetime
import json

import pytest

from crisishub.api import api
from crisiswatch.models import Coverage, Situation
from publications.models import Publication
from tests import factories
from tests.crisishub.asking import COLLECTIONS, get, items, whole

pytestmark = pytest.mark.django_db

SECRET = "CANARY"


@pytest.fixture
def secrets():
    """Public objects that are tied to hidden ones of every state in all ways."""
    region = factories.make_region("Open region")
    speaker = factories.make_person("Open person")
    for state, fields in factories.hidden_states().items():
        slug = f"canary-{state}"
        named = {"slug": slug, **fields}
        hidden = factories.make_region(SECRET, countries=["KR"], **named)
        person = factories.make_person("Known by name", sort_name=SECRET, **named)
        child = factories.make_region(f"Child {state}", parent=hidden)
        factories.make_appointment(speaker, title="Envoy", region=hidden, is_primary=False)
        factories.make_appointment(person, title=SECRET, region=region)
        factories.make_quote([region, hidden], speaker=person, slug=f"open-{state}")
        factories.make_quote([region], speaker=speaker, text=SECRET, **named)
        piece = factories.make_publication(
            f"Open {state}", regions=[region, hidden], authors=[person], number=1
        )
        Publication.objects.filter(pk=piece.pk).update(number=None)
        factories.make_publication(
            SECRET,
            regions=[child],
            tags=[f"{SECRET} {state}"],
            translation_of=piece,
            language="fr",
            **named,
        )
        original = factories.make_publication(SECRET, **(named | {"slug": f"{slug}-original"}))
        factories.make_publication(
            f"Traduction {state}", translation_of=original, language="fr", regions=[region]
        )
        situation = factories.make_situation(f"Open {state}", region=hidden, countries=["KR"])
        never = factories.make_situation(f"{SECRET} {state}", region=region)
        situation.continues.add(never)
        never.continues.add(situation)
        month = datetime.date(2024, 7 + [*factories.hidden_states()].index(state), 1)
        edition = factories.make_edition(month, overview=SECRET, **fields)
        for each in (situation, never):
            factories.make_entry([(SECRET, SECRET)], edition=edition, situation=each, lead=SECRET)
    shown = factories.make_edition(datetime.date(2024, 5, 1))
    author = factories.make_user(username=SECRET, email=f"{SECRET}@example.org")
    for situation in Situation.objects.filter(slug__startswith="open-"):
        factories.make_entry(edition=shown, situation=situation, author=author)


def test_no_collection_tells_of_what_is_hidden(client, secrets):
    for name in COLLECTIONS:
        found = whole(client, name, limit=100)
        assert "canary" not in json.dumps(found).lower(), name
        assert found


def test_what_is_public_is_told_without_what_is_hidden_beside_it(client, secrets):
    state = "draft"
    entry = get(client, f"entries/2024-05/open-{state}")
    assert (entry["region"], entry["countries"]) == (None, ["KOR"])
    situation = get(client, f"situations/open-{state}")
    assert (situation["region"], situation["continues"], situation["continued_by"]) == (
        None,
        [],
        [],
    )
    piece = get(client, f"publications/open-{state}")
    assert [each["slug"] for each in piece["regions"]] == ["open-region"]
    assert (piece["translations"], piece["bylines"][0]["slug"]) == ([], None)
    assert get(client, f"publications/traduction-{state}")["translations"] == []
    quote = get(client, f"quotes/open-{state}")
    assert (quote["speaker"]["name"], quote["speaker"]["url"]) == ("Known by name", None)
    assert get(client, f"regions/child-{state}")["parent"] is None


def test_a_hidden_thing_is_no_filter(client, secrets):
    for state in factories.hidden_states():
        slug = f"canary-{state}"
        for name in ("entries", "situations", "publications", "people", "quotes", "regions"):
            assert items(client, name, region=slug) == [], name
        assert items(client, "publications", author=slug) == []
        assert items(client, "publications", topic=slug) == []
        assert items(client, "quotes", speaker=slug) == []
        assert items(client, "entries", situation=slug) == []


def test_a_hidden_thing_has_no_address(client, secrets):
    for state in factories.hidden_states():
        status = 410 if state == "withdrawn" else 404
        for name in ("regions", "people", "publications", "quotes"):
            get(client, f"{name}/canary-{state}", status=status)
        get(client, f"situations/canary-{state}", status=404)
        month = 7 + [*factories.hidden_states()].index(state)
        get(client, f"editions/2024-{month:02}", status=status)
        get(client, f"entries/2024-{month:02}/open-{state}", status=status)


def test_coverage_tells_nothing_of_the_months_to_come(client):
    situation = factories.make_situation("Chad")
    situation.coverage.update(last_month=datetime.date(2024, 8, 1))
    later = {"first_month": datetime.date(2024, 9, 1), "level": "standby"}
    Coverage.objects.create(situation=situation, **later)
    factories.make_entry(situation=situation, edition=factories.make_edition())
    covered = get(client, "situations/chad")["coverage"]
    assert covered == [{"level": "monitored", "first_month": "2003-09", "last_month": None}]
    assert items(client, "situations", level="standby") == []


def test_no_schema_has_a_field_of_the_desk():
    schemas = api.get_openapi_schema()["components"]["schemas"].values()
    told = {name for schema in schemas for name in schema.get("properties", {})}
    assert not told & {"author", "state", "version", "email", "id", "pk", "username"}
    assert not {name for name in told if name.endswith("_by")} - {"continued_by"}
