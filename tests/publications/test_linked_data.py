"""What the pages say to search engines, held against schema.org's own definitions."""

import datetime
import json
import re
from html.parser import HTMLParser

import pytest
from django.conf import settings

from publications.models import Publication
from tests import factories

pytestmark = pytest.mark.django_db

Kind = Publication.Kind
SCHEMA = json.loads((settings.BASE_DIR / "tests/data/schema.org.json").read_text())["types"]
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>')
# What a text may stand for, and how it is written (schema.org, “Data types”).
TEXTS = {
    "Text": r"(?s).+",
    "URL": r"https?://\S+",
    "Date": r"\d{4}-\d\d-\d\d",
    "DateTime": r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)",
    "Duration": r"PT\d+M",
    "Distance": r"\d+ px",
}


def above(kind):
    """A type and all that it is a kind of."""
    return {kind}.union(*(above(parent) for parent in SCHEMA[kind]["parents"]))


def properties(kind):
    return {name: r for each in above(kind) for name, r in SCHEMA[each]["properties"].items()}


def fits(value, ranges):
    match value:
        case bool():
            return "Boolean" in ranges
        case int():
            return bool({"Integer", "Number"} & set(ranges))
        case str():
            return any(re.fullmatch(TEXTS[each], value) for each in ranges if each in TEXTS)
        case {"@type": kind}:
            return bool(above(kind) & set(ranges))
        case {"@id": str()}:
            return any(each not in TEXTS for each in ranges)
    return False


def wrong(node):
    """What in a node, and in all nodes within, schema.org does not define."""
    kind = node.get("@type")
    if kind is None:
        return
    if kind not in SCHEMA:
        yield f"no type {kind}"
        return
    known = properties(kind)
    for name, value in node.items():
        values = value if isinstance(value, list) else [value]
        if not name.startswith("@") and name not in known:
            yield f"{kind} has no {name}"
        elif not name.startswith("@"):
            yield from (f"{kind}.{name}: {v!r}" for v in values if not fits(v, known[name]))
        for each in values:
            if isinstance(each, dict):
                yield from wrong(each)


def graph(client, path):
    page = client.get(path).content.decode()
    (block,) = BLOCK.findall(page)
    data = json.loads(block)
    assert data["@context"] == "https://schema.org"
    assert list(data) == ["@context", "@graph"]
    return data["@graph"]


def make_full(kind=Kind.REPORT, title="The Risk", **more):
    """A piece that has everything a piece can have."""
    region = factories.make_region()
    whole = factories.make_publication(kind=kind)
    piece = factories.make_publication(
        title,
        kind=kind,
        number=None if kind == Kind.OP_ED else factories.number(),
        subtitle="How it grew",
        regions=[region],
        authors=[factories.make_person()],
        tags=["war"],
        image=factories.picture(),
        image_alt="A bridge",
        image_credit="Us",
        updated_on=datetime.date(2024, 2, 2),
        licence=Publication.Licence.BY,
        media_url="https://example.org/film",
        original_outlet=factories.make_outlet(),
        original_url="https://example.org/there",
        parent=whole,
        part=1,
        **more,
    )
    piece.bylines.create(outside_name="Else", role="editor")
    piece.bylines.create(outside_name="Whoever", role="interviewer")
    piece.findings.create(label="What’s new?", text="<p>This.</p>")
    piece.questions.create(question="Why now?", answer="<p>Because.</p>")
    piece.attachments.create(file=factories.picture("r.pdf"), label="Full report")
    piece.corrections.create(corrected_on=datetime.date(2024, 1, 2), text="Not 3 but 4.")
    factories.make_publication(parent=piece, part=1)
    factories.make_publication(language="fr", translation_of=piece)
    return piece


def test_the_check_itself_finds_what_schema_org_does_not_define():
    report = {"@type": "Report", "name": "A", "reportNumber": 3}
    assert list(wrong(report)) == ["Report.reportNumber: 3"]
    assert list(wrong({"@type": "Person", "headline": "A"})) == ["Person has no headline"]
    assert list(wrong({"@type": "Repart"})) == ["no type Repart"]
    assert list(wrong({"@type": "Report", "author": {"@type": "Place"}}))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_uses_the_terms_of_schema_org_and_no_other(client, kind):
    piece = make_full(kind)
    nodes = graph(client, piece.get_absolute_url())
    assert not [each for node in nodes for each in wrong(node)]
    translation = piece.translations.get()
    nodes = graph(client, translation.get_absolute_url())
    assert not [each for node in nodes for each in wrong(node)]
    assert nodes[0]["translationOfWork"][0]["name"] == "The Risk"


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        (Kind.REPORT, "Report"),
        (Kind.QUESTIONS, "FAQPage"),
        (Kind.OP_ED, "OpinionNewsArticle"),
        (Kind.PODCAST, "PodcastEpisode"),
        (Kind.VIDEO, "VideoObject"),
        (Kind.STATEMENT, "Article"),
    ],
)
def test_each_kind_is_called_what_it_is(client, kind, type_):
    work, house, crumbs = graph(client, make_full(kind).get_absolute_url())
    assert work["@type"] == type_
    assert work["publisher"] == {"@id": house["@id"]}
    assert [item["position"] for item in crumbs["itemListElement"]] == [1, 2]
    assert work["correction"][0]["text"] == "Not 3 but 4."
    assert len(work["hasPart"]) == len(work["workTranslation"]) == 1
    assert work["license"].startswith("https://creativecommons.org/")


def test_a_q_and_a_says_its_questions(client):
    work = graph(client, make_full(Kind.QUESTIONS).get_absolute_url())[0]
    (question,) = work["mainEntity"]
    assert question["name"] == "Why now?"
    assert question["acceptedAnswer"]["text"] == "Because."


def test_a_q_and_a_without_questions_is_an_article(client):
    piece = factories.make_publication(kind=Kind.QUESTIONS)
    assert graph(client, piece.get_absolute_url())[0]["@type"] == "Article"


def test_somebody_who_is_not_public_has_no_address(client):
    hidden = factories.make_person("Han Bora", status="draft")
    piece = factories.make_publication(authors=[hidden])
    piece.bylines.update(title="Analyst")
    author = graph(client, piece.get_absolute_url())[0]["author"]
    assert author == [{"@type": "Person", "name": "Han Bora", "jobTitle": "Analyst"}]


def test_no_text_ends_the_script(client):
    title = "</script><script>alert(1)</script><!-- & \u2028 <script"
    factories.make_publication(title, slug="x", standfirst=title)
    nodes = graph(client, "/publications/x/")
    assert nodes[0]["name"] == title

    class Scripts(HTMLParser):
        found = []

        def handle_starttag(self, tag, attrs):
            if tag == "script":
                self.found.append(dict(attrs))

    parser = Scripts()
    parser.feed(client.get("/publications/x/").content.decode())
    assert parser.found == [{"type": "application/ld+json"}]


def test_the_graph_is_the_same_under_every_language(client):
    piece = make_full()
    with_hebrew_frame = graph(client, f"/he{piece.get_absolute_url()}")
    assert with_hebrew_frame == graph(client, piece.get_absolute_url())
