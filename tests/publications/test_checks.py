import pytest
from django.core.exceptions import ValidationError

from publications.models import Byline, Publication
from tests import factories

pytestmark = pytest.mark.django_db

Kind = Publication.Kind


def found(piece):
    return {(check.field, check.blocking) for check in piece.checks()}


IN_FRENCH = {"language": "fr", "standfirst": "Au gué.", "body": "<p>Les camions attendent.</p>"}


def make_draft(**kwargs):
    kwargs.setdefault("authors", [make_author()])
    return factories.make_publication(status="draft", **kwargs)


def make_author():
    person = factories.make_person()
    factories.make_appointment(person)
    return person


@pytest.mark.parametrize("kind", Kind)
def test_a_complete_piece_lacks_nothing(kind):
    assert not found(make_draft(kind=kind))


def test_a_piece_needs_a_standfirst():
    assert found(make_draft(standfirst="")) == {("standfirst", True)}


@pytest.mark.parametrize(
    ("kind", "blocking"), [(Kind.REPORT, True), (Kind.QUESTIONS, True), (Kind.STATEMENT, False)]
)
def test_a_piece_needs_a_region_unless_its_kind_may_be_about_everywhere(kind, blocking):
    assert found(make_draft(kind=kind, regions=[])) == {("regions", blocking)}


@pytest.mark.parametrize(
    ("kind", "blocking"), [(Kind.OP_ED, True), (Kind.COMMENTARY, True), (Kind.REPORT, False)]
)
def test_a_piece_that_is_an_opinion_needs_somebody_who_holds_it(kind, blocking):
    assert found(make_draft(kind=kind, authors=[])) == {("bylines", blocking)}


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (Kind.REPORT, ("body", True)),
        (Kind.VIDEO, ("body", False)),
        (Kind.QUESTIONS, ("questions", True)),
    ],
)
def test_a_piece_needs_something_to_read(kind, missing):
    piece = make_draft(kind=kind, body="")
    assert found(piece) == {missing}
    piece.questions.create(question="Why?", answer="<p>So.</p>")
    assert not found(piece)


def test_a_report_may_be_an_attachment_alone():
    piece = make_draft(body="")
    piece.attachments.create(file=factories.picture("r.pdf"), label="Full report")
    assert not found(piece)


def test_pictures_need_alternative_texts():
    piece = make_draft(image=factories.picture())
    piece.figures.create(image=factories.picture(), alt="A chart")
    piece.figures.create(image=factories.picture())
    piece.figures.create(image=factories.picture(), caption="A river")
    assert found(piece) == {("image_alt", True), ("figures", True)}
    with pytest.raises(ValidationError, match=r"Figure 2: alternative text is still empty"):
        piece.check_complete()
    said = [check.sentence for check in piece.checks()]
    assert "Figure 3, “A river”: alternative text is still empty." in said


def test_rows_need_all_their_words():
    piece = make_draft()
    piece.findings.create(label="What’s new?")
    piece.questions.create(question="Why?")
    piece.recommendations.create(text="<p>Do it.</p>")
    piece.attachments.create(file=factories.picture("r.pdf"))
    assert {check.sentence for check in piece.checks()} == {
        "Finding 1, “What’s new?”: text is still empty.",
        "Question 1, “Why?”: answer is still empty.",
        "Recommendation 1: addressee is still empty.",
        "Attachment 1: label is still empty.",
    }


def test_a_title_that_was_not_held_then_is_pointed_out():
    piece = make_draft(authors=[factories.make_person("Han Bora"), make_author()])
    assert [(check.blocking, check.sentence) for check in piece.checks()] == [
        (False, "Han Bora held no title on the day of publication.")
    ]
    piece.bylines.filter(person__name="Han Bora").update(title="Analyst")
    assert not found(piece)


def test_an_address_elsewhere_names_its_outlet_and_the_other_way_round():
    assert found(make_draft(original_url="https://example.org/")) == {("original_outlet", True)}
    assert found(make_draft(original_outlet=factories.make_outlet())) == {("original_url", False)}


def test_a_translation_is_in_another_language_than_its_original_which_is_public():
    original = make_draft()
    translation = make_draft(translation_of=original, **IN_FRENCH)
    assert not found(translation) - {("translation_of", False)}
    translation.language = "en"
    assert found(translation) == {("language", True), ("translation_of", False)}


def test_what_a_translation_still_has_of_its_original_is_pointed_out():
    original = factories.make_publication(subtitle="By the river")
    facts = {**IN_FRENCH, "subtitle": "By the river"}
    assert found(make_draft(translation_of=original, **facts)) == {("subtitle", False)}


def test_no_check_asks_once_for_each_row(django_assert_max_num_queries):
    piece = make_draft(translation_of=factories.make_publication(), **IN_FRENCH)
    for _ in range(6):
        Byline.objects.create(publication=piece, person=make_author())
        piece.findings.create()
        piece.figures.create(image=factories.picture())
    with django_assert_max_num_queries(8):
        assert len(found(piece)) == 2


# Texts


def sentences(piece):
    return [(check.field, check.blocking, check.sentence) for check in piece.checks()]


def test_a_footnote_without_words_is_not_published():
    empty = '<span class="footnote"></span>'
    piece = make_draft(body=f"<p>A{empty}, B{empty}.</p>")
    piece.questions.create(question="Why?", answer=f"<p>C{empty}</p>")
    assert sentences(piece) == [
        ("body", True, "Body: 2 footnotes are still empty."),
        ("questions", True, "Question: a footnote is still empty."),
    ]
    with pytest.raises(ValidationError, match="footnotes"):
        piece.submit()


def test_the_text_names_each_figure_once_and_no_other():
    figure = '<figure data-mark="{}"></figure>'.format
    piece = make_draft(body=figure("abc12345") + figure("elsewhere"), summary=figure("abc12345"))
    piece.figures.create(image=factories.picture(), alt="A", mark="abc12345")
    assert sentences(piece) == [
        ("body", False, "A picture has two places in the text (abc12345): the first counts."),
        ("body", False, "The text has a place for a picture that is not here (elsewhere)."),
    ]


def test_a_piece_is_numbered_in_a_region_that_readers_know(client):
    hidden = factories.make_region("Hidden Zone", status="draft")
    assert ("numbered_in", True) in found(make_draft(number=3, numbered_in=hidden))
    piece = factories.make_publication("Told", number=4, numbered_in=hidden)
    for path in ("/", "/publications/", "/search/?q=told", *piece.addresses()[2:]):
        assert "Hidden Zone" not in client.get(path).content.decode(), path
    assert "Hidden Zone" not in client.get(piece.get_absolute_url()).content.decode()
    hidden.approve(by=factories.make_editor())
    assert "Hidden Zone Report 4" in client.get("/publications/").content.decode()


def test_a_part_is_the_first_or_comes_after_it():
    piece = make_draft(series=factories.make_series(), part=0)
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        piece.clean_fields()
