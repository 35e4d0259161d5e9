import datetime

import hypothesis
import pytest
from django.utils import timezone
from hypothesis import strategies as st

from editorial.searching.asking import ask, suggest
from editorial.searching.extracts import Marker
from editorial.searching.wording import Asked
from tests import factories

pytestmark = pytest.mark.django_db


def titles(words="", **asked):
    return [str(hit.object) for hit in ask(words, **asked).hits]


def test_a_word_of_the_text_is_found_in_its_other_forms():
    factories.make_publication("Report", body="<p>They negotiated a ceasefire.</p>")
    answer = ask("negotiating")
    assert [str(hit.object) for hit in answer.hits] == ["Report"]
    assert "<mark>negotiated</mark>" in answer.hits[0].extract
    assert answer.total == 1
    assert not answer.is_catching_up


def test_a_draft_is_neither_found_nor_counted_nor_suggested():
    for state, fields in factories.hidden_states().items():
        factories.make_publication(f"Zebra {state}", body="<p>Quagga.</p>", **fields)
    answer = ask("quagga", facets=["kind"])
    assert (answer.hits, answer.total, answer.facets) == ([], 0, {"kind": []})
    assert suggest("zeb") == []


def test_an_embargoed_piece_counts_from_its_moment_on(time_machine):
    now = timezone.now()
    factories.make_publication("Later", publish_at=now + datetime.timedelta(hours=1))
    assert ask("later", facets=["kind"]).facets == {"kind": []}
    time_machine.move_to(now + datetime.timedelta(hours=1))
    answer = ask("later", facets=["kind"])
    assert answer.facets == {"kind": [("report", 1)]}
    assert answer.total == 1


@pytest.mark.parametrize(
    ("language", "body", "words"),
    [
        ("ar", "اندلعت الحرب في البلاد", "حرب"),
        ("he", "שָׁלוֹם על ישראל", "שלום"),
        ("ko", "한반도의 긴장이 높아졌다", "반도"),
        ("zh-hans", "朝鲜半岛局势紧张", "半岛"),
        ("ja", "朝鮮半島の情勢", "情勢"),
        ("fr", "Des négociations à Genève", "negociation"),
        ("ru", "Переговоры о мире", "переговоров"),
    ],
)
def test_every_language_is_found(language, body, words):
    factories.make_publication("A", language=language, body=f"<p>{body}</p>")
    factories.make_publication("B", body="<p>Something else.</p>")
    answer = ask(words)
    assert [str(hit.object) for hit in answer.hits] == ["A"]
    assert "<mark>" in answer.hits[0].extract


def test_words_in_quotation_marks_stand_beside_each_other():
    factories.make_publication("Beside", body="<p>The peace process began.</p>")
    factories.make_publication("Apart", body="<p>The process of peace began.</p>")
    assert titles('"peace process"') == ["Beside"]
    assert set(titles("peace process")) == {"Beside", "Apart"}


def test_a_slip_of_one_letter_is_forgiven():
    factories.make_publication("Korean Peninsula", body="<p>What it says.</p>")
    assert titles("penninsula") == ["Korean Peninsula"]
    assert suggest("korean pennin")[0][0] == "Korean Peninsula"


def test_the_title_is_suggested_while_it_is_typed():
    piece = factories.make_publication("The Korean Peninsula")
    assert suggest("penin") == [("The Korean Peninsula", piece.get_absolute_url(), "Report")]


def test_the_label_of_a_piece_counts_like_its_title():
    asia = factories.make_region("Asia")
    factories.make_publication(
        "Quiet", kind="report", number=300, numbered_in=asia, body="<p>Words.</p>" * 80
    )
    said = "<p>See Report 300, a report, and the report after it: 300.</p>"
    for name in ("April", "May", "June"):
        factories.make_publication(name, body=said)
    assert titles("report 300")[0] == titles("asia report 300")[0] == "Quiet"
    assert suggest("report 300")[0][0] == "Quiet"


def test_who_looks_for_a_country_finds_the_region_of_these_few():
    region = factories.make_region("The Peninsula", countries=["KP", "KR"])
    many = ["KP", "KR", "CN", "JP"]
    factories.make_region("Asia", countries=many)
    said = f"<p>{region.countries.first().name} and Korea.</p>"
    factories.make_publication("Report", body=said)
    assert titles("korea") == ["The Peninsula", "Report"]
    region.countries.clear()
    assert titles("korea") == ["Report"]


def test_an_extract_is_escaped():
    factories.make_publication(
        "<script>alert(1)</script>", body="<p>&lt;img src=x onerror=alert(1)&gt; quagga</p>"
    )
    hit = ask("quagga script").hits[0]
    assert "<script" not in hit.title
    assert "&lt;<mark>script</mark>&gt;" in hit.title
    assert "<img" not in hit.extract
    assert "&lt;img src=x" in hit.extract


def test_facets_count_and_narrow():
    asia = factories.make_region("Asia")
    korea = factories.make_region("Korea", parent=asia)
    person = factories.make_person("Han Bora")
    factories.make_publication("A", regions=[korea], authors=[person], tags=["War"])
    factories.make_publication("B", regions=[asia], kind="briefing", language="fr")
    names = ["region", "kind", "topic", "author"]
    answer = ask(of=["publications.publication"], facets=names)
    assert answer.facets == {
        "region": [("asia", 2), ("korea", 1)],
        "kind": [("briefing", 1), ("report", 1)],
        "topic": [("war", 1)],
        "author": [("han-bora", 1)],
    }
    assert titles(of=["publications.publication"], chosen={"region": ["korea"]}) == ["A"]
    answer = ask(chosen={"kind": ["briefing"]}, facets=["kind", "region"])
    assert answer.facets == {"kind": [("briefing", 1), ("report", 1)], "region": [("asia", 1)]}


@hypothesis.given(words=st.text(max_size=60) | st.text('"“” *:()[]^~-+\\/\x00aé한ش', max_size=40))
@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_taken(words):
    assert ask(words).total >= 0
    assert isinstance(suggest(words), list)


@pytest.mark.parametrize(
    "words",
    ["x" * 10_000, "a " * 5_000, '"', '"""', "title:x", "AND OR NOT", "😀", "*", "\x00", "-"],
)
def test_a_hostile_question_is_taken(words):
    factories.make_publication("Report")
    assert ask(words, facets=["kind"]).hits == []
    assert suggest(words) == []


def test_an_extract_of_whatever_text_is_whole():
    factories.make_publication("İstanbul ǅ", body="<p>İİİ ß ﬁ quagga İ</p>")
    assert "<mark>quagga</mark>" in ask("quagga").hits[0].extract


def test_no_extract_begins_within_the_first_word_of_a_text():
    extract = Marker([Asked("quagga")], "en").extract(
        f"Demonstration{' then' * 11} a quagga grazed."
    )
    assert extract.startswith("Demonstration then")


def test_the_extract_of_a_long_text_is_where_most_of_the_words_stand():
    far = "<p>The quagga ran.</p>" + "<p>Nobody saw it — never.</p>" * 400
    far += "<p>Two zebras and a quagga grazed.</p>" + "<p>Nothing else.</p>" * 400
    factories.make_publication("Report", body=far)
    extract = ask("zebra quagga").hits[0].extract
    assert "Two <mark>zebras</mark> and a <mark>quagga</mark> grazed" in extract


def test_the_newest_is_first_among_many_that_have_a_phrase(monkeypatch):
    monkeypatch.setattr("editorial.searching.asking.COMMON", 0)
    long_ago = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    factories.make_publication("The front line", publish_at=long_ago)
    factories.make_publication("New", body="<p>At the front line of it.</p>")
    assert titles("front line") == ["The front line", "New"]
    assert titles('"front line"') == ["New", "The front line"]


@pytest.mark.parametrize("common", [0, 30_000])
def test_short_words_stand_beside_each_other_too_whether_common_or_not(monkeypatch, common):
    monkeypatch.setattr("editorial.searching.asking.COMMON", common)
    factories.make_publication("End of the war", body="<p>It is over.</p>")
    factories.make_publication("Plan", body="<p>It was part of the plan: an arms deal.</p>")
    factories.make_publication("Apart", body="<p>The plan of a war, the arms, the deal.</p>")
    factories.make_publication("Loi", body="<p>Au nom de la loi.</p>", language="fr")
    factories.make_publication("协议", body="<p>of the</p>", language="zh-hans")
    assert set(titles('"of the"')) == {"End of the war", "Plan", "协议"}
    assert titles('"of the war"') == ["End of the war"]
    assert titles('"de la"') == ["Loi"]
    assert titles('"arm deals"') == ["Plan"]


def test_a_phrase_is_weighed_where_its_words_are_common_but_seldom_stand_together(monkeypatch):
    long_ago = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    factories.make_publication("The arms deal", publish_at=long_ago)
    factories.make_publication("New", body="<p>After the arms deal of the year.</p>")
    factories.make_publication("Apart", body="<p>They deal in arms.</p>")
    monkeypatch.setattr("editorial.searching.asking.COMMON", 2)
    assert titles('"arms deal"') == ["The arms deal", "New"]
    monkeypatch.setattr("editorial.searching.asking.COMMON", 1)
    assert titles('"arms deal"') == ["New", "The arms deal"]
