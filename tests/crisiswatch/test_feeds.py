"""What feed readers get of CrisisWatch: entries of a situation, changes and alerts, corrections."""

import datetime
import re

import feedparser
import pytest

from editorial.addresses import as_kept
from tests import factories
from tests.publications.test_feeds import ATOM, ET, HOST, check_atom

pytestmark = pytest.mark.django_db

# Each with the page that leads to it.
FEEDS = {
    "/crisiswatch.atom": "/crisiswatch/",
    "/crisiswatch/changes.atom": "/crisiswatch/database/",
    "/he/crisiswatch/changes.atom": "/he/crisiswatch/database/",
    "/crisiswatch/situations/korea.atom": "/crisiswatch/database/?situation=korea",
    "/crisiswatch/situations/korea/changes.atom": None,
}
# What happened in the months from January on, and whether a feed of changes tells of it.
YEAR = [
    ("unchanged", {}, False),
    ("deteriorated", {}, True),
    ("unchanged", {}, True),
    ("unchanged", {}, False),
    ("unchanged", {"risk_alert": True}, True),
    ("unchanged", {"resolution_opportunity": True}, True),
    ("improved", {}, True),
    ("improved", {}, True),
]


def month(number):
    return datetime.date(2024, number, 1)


@pytest.fixture
def situation():
    situation = factories.make_situation("Korea")
    for number, (trend, alerts, _told) in enumerate(YEAR, start=1):
        factories.make_entry(
            [("A treaty was signed.", f"Body of month {number}.")],
            edition=factories.make_edition(month(number)),
            situation=situation,
            trend=trend,
            lead=f"Lead of month {number}.",
            **alerts,
        )
    return situation


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return feedparser.parse(response.content)


def titles(client, path):
    return [entry.title for entry in read(client, path).entries]


def test_every_feed_keeps_the_rules_and_its_page_leads_to_it(client, situation):
    for path, leads_to_it in FEEDS.items():
        content = client.get(path).content
        check_atom(content)
        feed = feedparser.parse(content)
        assert (feed.bozo, feed.version, bool(feed.entries)) == (False, "atom10", True)
        assert feed.feed.links[1].href == f"{HOST}{path}"
        if leads_to_it:
            page = client.get(leads_to_it).content.decode()
            assert re.search(rf'type="application/atom\+xml"[^>]+href="{path}"', page), path


def test_a_feed_that_has_not_changed_is_not_sent_again(client, situation):
    for path in FEEDS:
        tag = client.get(path)["ETag"]
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304


def test_a_situation_has_a_feed_of_its_entries_with_their_whole_texts(client, situation):
    factories.make_entry(edition=situation.entries.first().edition)
    feed = read(client, "/crisiswatch/situations/korea.atom")
    assert [entry.title for entry in feed.entries][:2] == ["Korea, August 2024", "Korea, July 2024"]
    assert len(feed.entries) == len(YEAR)
    newest = feed.entries[0]
    assert newest.link == f"{HOST}/crisiswatch/2024/08/korea/"
    assert newest.summary == "Lead of month 8."
    for said in ("Improved Situation", "Lead of month 8.", "A treaty was signed.", "Body of month"):
        assert said in newest.content[0].value
    assert [tag.term for tag in newest.tags] == ["improved"]
    assert [tag.term for tag in feed.entries[3].tags] == ["unchanged", "conflict_risk_alert"]


def test_the_feed_of_changes_leaves_out_the_months_in_which_nothing_happened(client, situation):
    told = [f"Korea, {month(n):%B} 2024" for n, (*_, is_told) in enumerate(YEAR, 1) if is_told]
    assert titles(client, "/crisiswatch/situations/korea/changes.atom") == told[::-1]


def test_the_tracker_tells_of_as_many_changes_as_its_newest_months_have_entries(client, situation):
    quiet, chad = factories.make_situation("Quiet"), factories.make_situation("Chad")
    for edition in factories.Edition.objects.all():
        factories.make_entry(edition=edition, situation=quiet)
        trend = "deteriorated" if edition.month in (month(1), month(7)) else "unchanged"
        factories.make_entry(edition=edition, situation=chad, trend=trend)
    assert titles(client, "/crisiswatch/changes.atom") == [
        "Chad, August 2024",
        "Korea, August 2024",
        "Chad, July 2024",
        "Korea, July 2024",
        "Korea, June 2024",
        "Korea, May 2024",
        "Korea, March 2024",
        "Chad, February 2024",
        "Korea, February 2024",
    ]


def test_a_month_is_held_against_the_one_before(client, situation):
    """In June the trend is what it was in May."""
    situation.entries.filter(edition__month=month(6)).update(resolution_opportunity=False)
    assert "Korea, June 2024" not in titles(client, "/crisiswatch/changes.atom")
    situation.entries.filter(edition__month=month(5)).update(trend="improved")
    assert "Korea, June 2024" in titles(client, "/crisiswatch/changes.atom")


def updated(client, path):
    return {entry.title: entry.updated[:10] for entry in read(client, path).entries}


def test_a_correction_makes_what_it_corrects_an_updated_entry_under_the_same_id(client, situation):
    path, july = "/crisiswatch/situations/korea.atom", factories.Edition.objects.get(month=month(7))
    other = factories.make_entry(edition=july, trend="improved").situation
    before, ids = updated(client, path), [each.id for each in read(client, path).entries]
    day = datetime.date(2030, 1, 2)
    july.corrections.create(situation=other, text="Not 3 but 4.", corrected_on=day)
    assert updated(client, path) == before
    july.corrections.create(situation=situation, text="Not 5 but 6.", corrected_on=day)
    assert updated(client, path) == before | {"Korea, July 2024": "2030-01-02"}
    assert [each.id for each in read(client, path).entries] == ids
    assert updated(client, "/crisiswatch.atom")["CrisisWatch, July 2024"] == "2030-01-02"
    august = factories.Edition.objects.get(month=month(8))
    august.corrections.create(text="All of it.", corrected_on=day)
    assert updated(client, path)["Korea, August 2024"] == "2030-01-02"


def test_only_what_is_public_is_told(client, situation):
    for number, fields in enumerate(factories.hidden_states().values(), start=9):
        edition = factories.make_edition(month(number), **fields)
        for followed in (situation, factories.make_situation(f"Zanzibar {number}")):
            facts = {"edition": edition, "situation": followed, "risk_alert": True}
            factories.make_entry(lead="Zanzibar", **facts)
            for end in (".atom", "/changes.atom"):
                response = client.get(f"/crisiswatch/situations/{followed.slug}{end}")
                assert "Zanzibar" not in response.content.decode().replace(followed.name, "")
                assert response.status_code == (200 if followed == situation else 404)
    assert "Zanzibar" not in client.get("/crisiswatch/changes.atom").content.decode()


def test_the_feeds_of_a_renamed_situation_are_among_its_addresses(situation):
    paths = ["/crisiswatch/situations/korea.atom", "/crisiswatch/situations/korea/changes.atom"]
    assert set(paths) <= set(situation.addresses())
    assert as_kept(paths[0])[1] == f"/he{paths[0]}"


def test_a_feed_without_entries_is_a_feed(client):
    feed = read(client, "/crisiswatch/changes.atom")
    assert (feed.bozo, feed.entries) == (False, [])


def test_as_many_queries_however_many_entries(client, situation, django_assert_max_num_queries):
    for edition in factories.Edition.objects.all():
        for _ in range(3):
            factories.make_entry([("A", "B")], edition=edition, trend="improved")
    for path in FEEDS:
        with django_assert_max_num_queries(10):
            client.get(path)


# The corrections of CrisisWatch stand among those of the house


def test_corrections_of_all_rooms_stand_in_one_list_the_newest_first(client, situation):
    july = factories.Edition.objects.get(month=month(7))
    facts = {"situation": situation, "corrected_on": datetime.date(2024, 8, 2)}
    mine = july.corrections.create(text="Not 5 but 6.", **facts)
    july.corrections.create(text="All of July.", corrected_on=datetime.date(2024, 8, 4))
    piece = factories.make_publication("Report")
    piece.corrections.create(text="Of the report.", corrected_on=datetime.date(2024, 8, 3))
    texts = ["All of July.", "Of the report.", "Not 5 but 6."]
    feed = read(client, "/corrections.atom")
    assert [entry.summary for entry in feed.entries] == texts
    assert feed.entries[2].title == "CrisisWatch, July 2024: Korea"
    assert feed.entries[2].link == f"{HOST}/crisiswatch/2024/07/#correction-{mine.pk}"
    assert ET.fromstring(client.get("/corrections.atom").content).find(f"{ATOM}entry") is not None
    for prefix in ("", "/he"):
        html = client.get(f"{prefix}/corrections/").content.decode()
        assert sorted(texts, key=html.index) == texts
        assert f'href="{prefix}/crisiswatch/2024/07/#correction-{mine.pk}"' in html
        there = client.get(f"{prefix}/crisiswatch/2024/07/").content.decode()
        assert f'id="correction-{mine.pk}"' in there


def test_corrections_of_two_rooms_share_their_pages(client, situation):
    july, piece = factories.Edition.objects.get(month=month(7)), factories.make_publication()
    for number in range(21):
        day = month(1) + datetime.timedelta(days=number)
        (july if number % 2 else piece).corrections.create(text=f"{number:02}.", corrected_on=day)
    first, second = (client.get(f"/corrections/?page={n}").content.decode() for n in (1, 2))
    assert re.findall(r"<p>(\d\d)\.</p>", first + second) == [f"{n:02}" for n in range(20, -1, -1)]
    assert "00." in second
    assert client.get("/corrections/?page=3").status_code == 404


def test_a_correction_of_a_month_that_is_withdrawn_is_not_told(client, situation):
    hidden = factories.make_edition(month(9), **factories.hidden_states()["withdrawn"])
    hidden.corrections.create(text="Secret.")
    for path in ("/corrections/", "/corrections.atom"):
        assert "Secret." not in client.get(path).content.decode()
