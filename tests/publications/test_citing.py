"""References, read back by the programs that people use."""

import datetime
import json

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from hypothesis import given
from hypothesis import strategies as st

from publications.citing import Name, Reference, as_bibtex, as_csl, as_ris, one_line
from publications.models import Publication
from tests import factories

Kind = Publication.Kind
DAY = datetime.datetime(2019, 6, 24, 12, tzinfo=datetime.UTC)
ADDRESS = "http://testserver/publications/the-risk/"

lines = st.text(min_size=1, max_size=60).map(one_line).filter(bool)
inverted = st.builds("{}, {}".format, lines, lines)
people = st.builds(Name, lines, st.one_of(st.just(""), inverted))
references = st.builds(
    Reference,
    key=st.just("the-risk"),
    kind=st.sampled_from(Kind),
    genre=lines,
    number=st.sampled_from(["", "294"]),
    authors=st.lists(people, max_size=3),
    title=lines,
    day=st.dates(min_value=datetime.date(1990, 1, 1)),
    language=st.sampled_from(["en", "he"]),
    address=st.just(ADDRESS),
    abstract=st.one_of(st.just(""), lines),
    keywords=st.lists(lines, max_size=2),
    outlet=st.just(""),
)


def make_report(**kwargs):
    person = factories.make_person("Han Bora", sort_name="Han, Bora")
    kwargs = {"kind": Kind.REPORT, "number": 294, "publish_at": DAY, **kwargs}
    kwargs.setdefault("numbered_in", factories.make_region("Asia"))
    return factories.make_publication("The Risk", authors=[person], **kwargs)


def fetch(client, form, slug="the-risk"):
    response = client.get(f"/publications/{slug}/cite.{form}")
    assert response.status_code == 200
    return response


def read_bibtex(text, *middleware):
    library = bibtexparser.parse_string(text, append_middleware=middleware)
    assert not library.failed_blocks
    (entry,) = library.entries
    return entry


def unbraced(text):
    """What TeX prints: commands read, groups gone."""
    known = {
        r"\textbackslash{}": "\\",
        r"\textbraceleft{}": "\1",
        r"\textbraceright{}": "\2",
        r"\textasciitilde{}": "~",
        r"\textasciicircum{}": "^",
    }
    for command, character in known.items():
        text = text.replace(command, character if character != "\\" else "\3")
    text = text.replace("{", "").replace("}", "")
    for special in "&%$#_":
        text = text.replace(f"\\{special}", special)
    return text.replace("\1", "{").replace("\2", "}").replace("\3", "\\")


# The files


@pytest.mark.django_db
def test_a_report_is_read_from_bibtex(client):
    make_report()
    response = fetch(client, "bib")
    assert response["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="the-risk.bib"'
    split = [LatexDecodingMiddleware(), SeparateCoAuthors(), SplitNameParts()]
    entry = read_bibtex(response.content.decode(), *split)
    assert (entry.entry_type, entry.key) == ("techreport", "the-risk")
    (author,) = entry["author"]
    assert (author.last, author.first) == (["Han"], ["Bora"])
    fields = {name: entry[name] for name in ("institution", "type", "number", "year", "month")}
    assert list(fields.values()) == ["crisishub", "Asia Report", "294", "2019", "06"]
    assert entry["url"] == ADDRESS


@pytest.mark.django_db
def test_a_report_is_read_from_ris(client):
    make_report(tags=["war", "peace"])
    response = fetch(client, "ris")
    assert response["Content-Type"].startswith("application/x-research-info-systems")
    (entry,) = rispy.loads(response.content.decode())
    assert entry["type_of_reference"] == "RPRT"
    assert entry["authors"] == ["Han, Bora"]
    assert entry["title"] == "The Risk"
    assert entry["urls"] == [ADDRESS]
    assert sorted(entry["keywords"]) == ["peace", "war"]
    assert entry["date"] == "2019/06/24"


@pytest.mark.django_db
def test_a_report_is_read_from_csl(client):
    make_report()
    (item,) = json.loads(fetch(client, "json").content)
    assert item["type"] == "report"
    assert item["author"] == [{"family": "Han", "given": "Bora"}]
    assert item["issued"] == {"date-parts": [[2019, 6, 24]]}
    assert (item["genre"], item["number"]) == ("Asia Report", "294")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "types"),
    [
        (Kind.COMMENTARY, ("misc", "ELEC", "webpage")),
        (Kind.PODCAST, ("misc", "SOUND", "broadcast")),
        (Kind.VIDEO, ("misc", "VIDEO", "motion_picture")),
        (Kind.BRIEFING, ("techreport", "RPRT", "report")),
    ],
)
def test_each_kind_is_what_it_is(client, kind, types):
    factories.make_publication("The Risk", kind=kind)
    bibtex = read_bibtex(fetch(client, "bib").content.decode()).entry_type
    ris = rispy.loads(fetch(client, "ris").content.decode())[0]["type_of_reference"]
    assert (bibtex, ris, json.loads(fetch(client, "json").content)[0]["type"]) == types


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["bib", "ris", "json"])
def test_what_readers_do_not_have_is_not_cited(client, form):
    for state, fields in factories.hidden_states().items():
        factories.make_publication(f"Hidden {state}", **fields)
        status = 410 if state == "withdrawn" else 404
        assert client.get(f"/publications/hidden-{state}/cite.{form}").status_code == status
    assert client.get("/publications/nothing/cite.bib").status_code == 404
    assert client.get("/publications/nothing/cite.doc").status_code == 404


@pytest.mark.django_db
def test_a_piece_is_cited_alike_under_every_language(client):
    make_report()
    for form in ("bib", "ris", "json"):
        hebrew = client.get(f"/he/publications/the-risk/cite.{form}").content
        assert hebrew == fetch(client, form).content


@pytest.mark.django_db
def test_a_file_asks_few_questions(client, django_assert_max_num_queries):
    make_report(tags=["war", "peace"])
    with django_assert_max_num_queries(4):
        fetch(client, "bib")


# The box on the page


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/he"])
def test_the_page_says_how_to_cite_it(client, prefix):
    make_report(subtitle="How it grew")
    page = client.get(f"{prefix}/publications/the-risk/").content.decode()
    said = "Bora Han, “The Risk: How it grew”, Asia Report 294, crisishub, 24 Jun 2019, "
    assert said.replace("Bora Han", "Han Bora") in page
    assert f'<bdi dir="ltr">{ADDRESS}</bdi>' in page
    for form in ("bib", "ris", "json"):
        assert f'href="{prefix}/publications/the-risk/cite.{form}"' in page


@pytest.mark.django_db
def test_what_nobody_signed_is_by_the_house_and_what_two_signed_names_both(client):
    piece = factories.make_publication("The Risk", kind=Kind.STATEMENT, publish_at=DAY)
    page = client.get("/publications/the-risk/").content.decode()
    assert "crisishub, “The Risk”, Statement, 24 Jun 2019, " in page
    for position, name in enumerate(["A", "B", "C"]):
        piece.bylines.create(outside_name=name, position=position)
    piece.bylines.create(outside_name="D", role="photographer")
    page = client.get("/publications/the-risk/").content.decode()
    assert "A, B and C, “The Risk”, Statement, crisishub, 24 Jun 2019, " in page


@pytest.mark.django_db
def test_an_interview_is_cited_by_who_was_asked(client):
    piece = factories.make_publication("The Risk", kind=Kind.QUESTIONS)
    piece.bylines.create(outside_name="Who Asks", role="interviewer")
    piece.bylines.create(outside_name="Who Answers", role="interviewee")
    assert json.loads(fetch(client, "json").content)[0]["author"] == [{"literal": "Who Answers"}]


# Whatever the title, whatever the names


@given(references)
def test_bibtex_holds_any_text(reference):
    entry = read_bibtex(as_bibtex(reference))
    assert unbraced(entry["title"]) == reference.title
    assert entry["url"] == ADDRESS
    for value in (field.value for field in entry.fields):
        assert value.count("{") == value.count("}")
    separated = read_bibtex(as_bibtex(reference), SeparateCoAuthors())["author"]
    assert len(separated) == len(reference.writers)


@given(references)
def test_ris_holds_any_text(reference):
    written = as_ris(reference)
    assert all(line[2:6] == "  - " for line in written.split("\r\n") if line)
    (entry,) = rispy.loads(written)
    assert entry["title"] == reference.title
    assert entry["authors"] == [name.inverted or name.plain for name in reference.writers]


@given(references)
def test_csl_holds_any_text(reference):
    (item,) = json.loads(as_csl(reference))
    assert item.keys() >= {"id", "type", "title", "author", "issued", "URL"}
    assert item["title"] == reference.title
    for author in item["author"]:
        assert author.keys() in ({"family", "given"}, {"literal"})
        assert all(isinstance(value, str) and value for value in author.values())
    assert all(isinstance(part, int) for part in item["issued"]["date-parts"][0])
