import datetime
import re

import pytest

from crisiswatch.models import Coverage
from tests import factories

pytestmark = pytest.mark.django_db

LEAD = "Leaders met and signed a treaty."
DEVELOPMENTS = [
    ("A treaty was signed.", "It binds both; observers raised alarm."),
    ("The neighbour answered.", "It may send arms."),
    ("Tension rose at the border.", "Loudspeakers were back."),
]


@pytest.fixture
def korea():
    asia = factories.make_region("Asia")
    north_east = factories.make_region("North East Asia", parent=asia)
    return factories.make_region("Korean Peninsula", parent=north_east, countries=["KR", "KP"])


@pytest.fixture
def full(korea):
    """A region page on which every section has something to say."""
    situation = factories.make_situation("Korean Peninsula", region=korea)
    factories.make_entry(DEVELOPMENTS, situation=situation, lead=LEAD)
    green = factories.make_person("Gu Aram", portrait=factories.picture(), portrait_alt="Ms Gu")
    factories.make_appointment(green, title="Senior Consultant", region=korea)
    factories.make_quote(
        [korea],
        speaker=green,
        speaker_title="Senior Adviser",
        text="[It]’s apparently trying[...] …to show",
        outlet=factories.make_outlet("Demo Times", url="https://example.org/demo"),
        source_url="https://example.org/article",
    )
    factories.make_publication(
        "A Case for Talks",
        regions=[korea],
        authors=[green],
        kind="commentary",
        original_outlet=factories.make_outlet("Demo Magazine"),
    )
    return korea


def get(client, path="/regions/korean-peninsula/"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def text(html):
    """What a reader sees, without the markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).replace("&#x27;", "'").split())


def test_the_sections_stand_in_their_order(client, full):
    html = text(get(client))
    main = html[html.index("Skip to content") :]
    expected = [
        "North East Asia",
        "Korean Peninsula",
        "What is at stake.",
        "CrisisWatch Korean Peninsula",
        "June 2024",
        "Unchanged Situation",
        LEAD,
        "A treaty was signed.",
        "Continue reading",
        "In The News",
        "[It]’s apparently trying[...] …to show",
        "Latest Updates",
        "A Case for Talks",
        "Our People",
        "Senior Consultant, Korean Peninsula",
        "Subscribe to",
        "Receive the best source of conflict analysis right in your inbox.",
    ]
    places = []
    for words in expected:
        places.append(main.index(words, places[-1] if places else 0))
    assert places == sorted(places)


def test_a_region_with_nothing_but_a_name_has_no_empty_sections(client):
    factories.make_region("Atlantis", introduction="")
    html = text(get(client, "/regions/atlantis/"))
    for heading in ["CrisisWatch Atlantis", "In The News In", "Latest Updates", "Our People"]:
        assert heading not in html.partition("Regions People")[2] or heading == "In The News In"
    assert "Subscribe to" in html


def test_the_page_needs_at_most_thirteen_queries_however_much_there_is(
    client, full, django_assert_max_num_queries
):
    situation = full.situations.get()
    for month in range(1, 13):
        edition = factories.make_edition(datetime.date(2023, month, 1))
        factories.make_entry(DEVELOPMENTS, situation=situation, edition=edition)
    for _ in range(10):
        person = factories.make_person(portrait=factories.picture(), portrait_alt="A portrait")
        factories.make_appointment(person, region=full)
        factories.make_quote([full], speaker=person)
        factories.make_publication(regions=[full], authors=[person], tags=["war"])
        factories.make_region(parent=full)
    with django_assert_max_num_queries(13):
        get(client)


def test_an_entry_that_is_one_long_paragraph_is_shown_whole(client, korea):
    situation = factories.make_situation("Korean Peninsula", region=korea)
    long = "While speculation grew, tests went on. " * 60
    factories.make_entry([("", long)], situation=situation)
    html = get(client)
    assert "<details" not in html.partition("Latest Updates")[0]
    assert long.strip() in text(html)


def test_a_long_entry_folds_after_its_first_development_and_has_its_own_address(client, full):
    html = get(client)
    folded = html[html.index("<details") : html.index("</details>")]
    assert "The neighbour answered." in folded
    assert "A treaty was signed." not in folded
    assert 'href="/crisiswatch/2024/06/korean-peninsula/"' in html


def test_each_development_opens_with_its_lead_sentence_in_bold(client, full):
    html = get(client)
    for lead_sentence, _ in DEVELOPMENTS:
        assert re.search(rf"<(strong|b)>{lead_sentence}</(strong|b)>", html)


def test_the_trend_is_a_shape_and_a_word(client, full):
    html = get(client)
    place = html.index("Unchanged Situation")
    assert "<svg" in html[place - 400 : place]


def test_alerts_are_named(client, korea):
    situation = factories.make_situation("Korean Peninsula", region=korea)
    factories.make_entry(situation=situation, risk_alert=True, resolution_opportunity=True)
    html = text(get(client)).lower()
    assert "conflict risk alert" in html
    assert "resolution opportunity" in html


def test_a_region_shows_what_is_filed_below_it(client, full):
    html = text(get(client, "/regions/asia/"))
    assert "A Case for Talks" in html
    assert "[It]’s apparently trying[...] …to show" in html
    assert "Senior Consultant, Korean Peninsula" in html


@pytest.mark.parametrize("many", [0, 500])
def test_the_newest_works_come_first_each_once_whether_few_or_many_are_filed(
    client, korea, monkeypatch, many
):
    monkeypatch.setattr("publications.models.gathering.MANY", many)
    for year in range(2010, 2018):
        moment = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)
        piece = factories.make_publication(
            f"Piece of {year}", regions=[korea, korea.parent], publish_at=moment
        )
        factories.make_publication(f"Elsewhere in {year}", publish_at=moment)
    factories.make_publication("Auf Deutsch", translation_of=piece, language="de", regions=[korea])
    factories.make_publication("Draft", regions=[korea], status="draft")
    shown = re.findall("Piece of ([0-9]+)|(Elsewhere in|Auf Deutsch|Draft)", text(get(client)))
    assert shown == [(str(year), "") for year in range(2017, 2011, -1)]


def test_the_newest_public_month_is_shown_and_standby_changes_nothing(client, full):
    situation = full.situations.get()
    Coverage.objects.filter(situation=situation).update(level=Coverage.Level.STANDBY)
    newer = factories.make_edition(datetime.date(2024, 7, 1), status="draft")
    factories.make_entry(situation=situation, edition=newer, lead="Not yet")
    assert LEAD in text(get(client))


def test_a_quote_carries_its_date_speaker_title_and_outlet(client, full):
    html = get(client)
    quote = html[html.index("[It]’s") :][:1200]
    assert '<time datetime="2023-09-14">14 Sept 2023</time>' in quote
    assert "Senior Adviser" in quote
    assert 'href="/people/gu-aram/"' in quote
    assert 'href="https://example.org/article"' in quote or "https://example.org/demo" in quote


def test_a_quote_in_another_language_says_so(client, korea):
    factories.make_quote([korea], text="ציטוט בעברית", language="he")
    assert re.search(r'<blockquote[^>]* lang="he" dir="rtl"', get(client))


def test_hebrew_readers_get_hebrew_dates_isolated_and_english_text_left_to_right(client, full):
    factories.make_quote([full], said_on=datetime.date(2023, 1, 13))
    html = get(client, "/he/regions/korean-peninsula/").replace("&#x27;", "'")
    assert '<html lang="he" dir="rtl">' in html
    assert '<bdi><time datetime="2023-09-14">14 ספט\' 2023</time></bdi>' in html
    assert '<bdi><time datetime="2023-01-13">13 ינו\' 2023</time></bdi>' in html
    assert re.search(r'<h1[^>]* lang="en" dir="ltr"[^>]*>Korean Peninsula', html)
    assert re.search(r'<blockquote[^>]* lang="en" dir="ltr"', html)
    assert "בחדשות" in html


def test_the_english_page_repeats_no_language(client, full):
    main = get(client).partition("<main")[2].partition("</main>")[0]
    assert 'lang="en"' not in main


def test_the_updates_of_a_region_are_paged_newest_first(client, korea):
    for day in range(1, 26):
        factories.make_publication(
            f"Piece {day:02}",
            regions=[korea],
            publish_at=datetime.datetime(2024, 1, day, tzinfo=datetime.UTC),
        )
    first = text(get(client, "/regions/korean-peninsula/updates/"))
    second = text(get(client, "/regions/korean-peninsula/updates/?page=2"))
    assert first.index("Piece 25") < first.index("Piece 24")
    assert "Piece 05" not in first
    assert "Piece 05" in second


def test_the_list_of_regions_is_a_tree(client, korea):
    html = text(get(client, "/regions/"))
    assert html.index("Asia") < html.index("North East Asia") < html.index("Korean Peninsula")


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=99", "page=x", "page=%00", "page=1e9"]
)
def test_a_page_that_is_not_there_is_not_found(client, korea, query):
    response = client.get(f"/regions/korean-peninsula/updates/?{query}")
    assert response.status_code == 404


@pytest.mark.parametrize(
    "query", ["x=" + "y" * 5000, "a[]=1&a[]=2", "%ff=%fe", "page=1&page=1", "=&&="]
)
def test_absurd_query_strings_change_nothing(client, korea, query):
    assert client.get(f"/regions/korean-peninsula/?{query}").status_code == 200
