"""*Start from a Word document*, from the upload to what is stored."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from lxml import etree
from PIL import Image

from editorial.models import Revision, Status
from publications.models import Publication
from publications.word.reading import read_document
from tests import factories
from tests.word_documents import KINDS, SPACE, call, files_of, packed, png, report, saved

pytestmark = pytest.mark.django_db
PAGE = "/admin/publications/publication/from-word/"
XML = f'xmlns:w="{SPACE}"'
RELATION = f'xmlns:r="{KINDS}"'
MATHS = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
DRAWN = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
BOXED = "<w:txbxContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:txbxContent>"


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


def upload(client, content, name="report.docx", *, follow=False, **fields):
    data = {"kind": "report", "language": "en", "file": SimpleUploadedFile(name, content)}
    return client.post(PAGE, data | fields, follow=follow)


def read(content, name="report.docx", parts=("summary", "findings")):
    return read_document(ContentFile(content, name=name), parts)


def left_out(draft):
    return list(draft.left_out.sentences())


def test_a_report_becomes_a_draft(client, editor):
    page = upload(client, report(pages=4, notes=9), language="fr", follow=True)
    piece = Publication.objects.get()
    assert page.redirect_chain == [(f"/admin/publications/publication/{piece.pk}/change/", 302)]
    assert (piece.status, piece.kind, piece.language) == (Status.DRAFT, "report", "fr")
    assert (piece.title, piece.slug) == ("The Long Report", "the-long-report")
    assert piece.standfirst == "What it says in two sentences. And why."
    assert piece.summary == "<p>In short: it holds.</p>"
    notes = [f'<span class="footnote">Note {number}.</span>' for number in range(1, 10)]
    places = [piece.body.index(note) for note in notes]
    assert places == sorted(places)
    assert "<h2>Chapter 1</h2>" in piece.body
    assert "<h3>Chapter 2</h3>" in piece.body
    assert "<p><strong>Chapter 3</strong></p>" in piece.body
    assert '<td colspan="2">' in piece.body
    figure = piece.figures.get()
    assert (figure.alt, figure.caption) == ("Picture of page 0", "Figure: what it shows")
    assert f'<figure data-mark="{figure.mark}"></figure>' in piece.body
    assert "what it shows" not in piece.body
    revision = Revision.objects.of(piece).get()
    told = "From “report.docx”. Not placed: 1 heading of the third level"
    assert revision.author == editor
    assert revision.note.startswith(told)
    assert piece.created_by == editor


def test_two_documents_of_one_title_are_two_pieces(client, editor):
    for _ in range(2):
        upload(client, report(pages=1, notes=1))
    slugs = Publication.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["the-long-report", "the-long-report-2"]


def test_what_has_no_place_is_told_and_kept_in_the_note(client, editor):
    document = Document()
    document.add_heading("A title", 1)
    paragraph = document.add_paragraph("Seen.")
    said_in_word = [
        f"<w:r {XML}><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r>",
        f'<w:del {XML} w:id="1"><w:r><w:delText>Deleted.</w:delText></w:r></w:del>',
        f'<w:ins {XML} w:id="2"><w:r><w:t> Inserted.</w:t></w:r></w:ins>',
        f"<w:r {XML}><w:pict>{BOXED}</w:pict></w:r>",
    ]
    for xml in said_in_word:
        paragraph._p.append(parse_xml(xml))
    page = upload(client, saved(document), follow=True)
    piece = Publication.objects.get()
    assert piece.body == "<p>Seen. Inserted.</p>"
    said = " ".join(str(message) for message in page.context["messages"])
    note = Revision.objects.of(piece).get().note
    for words in ("1 hidden text", "1 text box", "1 deletion", "1 insertion"):
        assert words in said
        assert words in note
    for words in ("“Hidden.”", "“Boxed.”", "“Deleted.”", "“Inserted.”"):
        assert words in said


def test_findings_endnotes_boxes_and_the_first_heading_as_title():
    document = Document()
    document.add_heading("A title", 1)
    document.add_heading("What’s new?", 2)
    document.add_paragraph("This.")
    document.add_heading("The war", 2)
    both = document.add_paragraph("Both")
    call(both, 1, "endnote")
    call(both, 1, "footnote")
    document.add_table(1, 1).cell(0, 0).text = "In a box"
    draft = read(saved(document, ["Foot."], ["End."]))
    assert draft.title == "A title"
    assert draft.findings == [("What’s new?", "<p>This.</p>")]
    assert draft.body.splitlines() == [
        "<h2>The war</h2>",
        '<p>Both<span class="footnote">End.</span><span class="footnote">Foot.</span></p>',
        '<aside class="box"><p>In a box</p>',
        "</aside>",
    ]


def test_where_the_highest_headings_are_sections_the_title_comes_from_elsewhere():
    document = Document()
    document.core_properties.title = "From the properties"
    document.add_paragraph("Before.")
    for name in ("Background", "Outlook"):
        document.add_heading(name, 1)
    draft = read(saved(document))
    assert draft.title == "From the properties"
    assert draft.body.count("<h2>") == 2


def test_what_an_author_cut_off_a_picture_is_cut_off():
    document = Document()
    document.add_picture(png((100, 40)))
    blip = document.inline_shapes[0]._inline.graphic.graphicData.pic.blipFill
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    blip.insert(1, parse_xml(f'<a:srcRect xmlns:a="{space}" l="50000"/>'))
    with Image.open(read(saved(document)).figures[0].file) as image:
        assert image.size == (50, 40)


def test_two_calls_of_a_note_and_a_call_of_none_are_told():
    document = Document()
    paragraph = document.add_paragraph("Text")
    for number in (1, 1, 7):
        call(paragraph, number)
    draft = read(saved(document, ["Note."]))
    assert draft.body == '<p>Text<span class="footnote">Note.</span></p>'
    assert left_out(draft) == [
        "2 calls of footnotes that are not there, or called twice: “Text”, “Text”"
    ]


def test_a_note_on_a_link_stands_behind_it_and_before_what_follows():
    document = Document()
    paragraph = document.add_paragraph("See ")
    link = f'<w:hyperlink {XML} {RELATION} r:id="there"><w:r><w:t>there</w:t></w:r></w:hyperlink>'
    paragraph._p.append(parse_xml(link))
    call(paragraph, 1)
    link = paragraph._p.find("{*}hyperlink")
    link.append(paragraph.runs[-1]._r)
    paragraph.add_run(" and here.")
    document.part.rels.get_or_add_ext_rel(f"{KINDS}/hyperlink", "https://a.example/")
    link.set(f"{{{KINDS}}}id", list(document.part.rels)[-1])
    assert read(saved(document, ["Note."])).body == (
        '<p>See <a href="https://a.example/">there</a>'
        '<span class="footnote">Note.</span> and here.</p>'
    )


NO_PLACE = {
    "<w:r><w:rPr><w:strike/></w:rPr><w:t>gone</w:t></w:r>": "1 text struck through",
    "<m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath>": "1 equation: “a=b”",
    "<w:r><w:object/></w:r>": "1 embedded object: “Words”",
    f"<w:r><w:pict>{BOXED}</w:pict><w:pict>{BOXED}</w:pict></w:r>": "2 text boxes",
    '<w:r><w:drawing><a:graphicData uri="x/chart"/></w:drawing></w:r>': "1 chart: “Words”",
    '<w:r><w:drawing><a:graphicData uri="x/diagram"/></w:drawing></w:r>': "1 SmartArt graphic",
    "<w:r><w:drawing/></w:r>": "1 drawing: “Words”",
    '<w:r><w:drawing><a:blip r:link="x"/></w:drawing></w:r>': "1 picture that is not in",
}


@pytest.mark.parametrize(("xml", "sentence"), NO_PLACE.items(), ids=NO_PLACE.values())
def test_each_thing_that_has_no_place_is_told(xml, sentence):
    document = Document()
    added = parse_xml(f"<w:p {XML} {RELATION} {MATHS} {DRAWN}>{xml}</w:p>")
    document.add_paragraph("Words")._p.extend(list(added))
    assert sentence in " ".join(left_out(read(saved(document))))


def test_comments_headers_and_footers_are_told():
    document = Document()
    runs = document.add_paragraph("Words").runs
    document.add_comment(runs, "Is that so?", "Mira")
    document.sections[0].header.paragraphs[0].text = "Confidential"
    document.sections[0].footer.paragraphs[0].text = "1 / 2"
    draft = read(saved(document))
    assert draft.body == "<p>Words</p>"
    assert left_out(draft) == ["1 comment: “Is that so?”", "1 header or footer: “Confidential”"]


def test_a_picture_in_a_note_is_told():
    document = Document()
    call(document.add_paragraph("Text"), 1)
    run = document.add_paragraph().add_run()
    run.add_picture(png())
    drawn = etree.tostring(run._r, encoding="unicode")
    files = files_of(saved(document, [f"Note.</w:t></w:r>{drawn}<w:r><w:t>"]))
    files["word/_rels/footnotes.xml.rels"] = files["word/_rels/document.xml.rels"]
    draft = read(packed(files))
    assert len(draft.figures) == 1
    assert left_out(draft) == ["1 picture in a footnote: “Note.”"]


def test_the_lines_of_a_table_of_contents_are_told_as_one():
    document = Document()
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    for line in ("Chapter 1 … 2", "Chapter 2 … 9"):
        document.add_paragraph(line, style="toc 1")
    document.add_paragraph("Words")
    draft = read(saved(document))
    assert draft.body == "<p>Words</p>"
    assert left_out(draft) == ["1 table of contents: the page makes its own"]


def test_a_heading_that_is_only_a_picture_is_no_title():
    document = Document()
    document.add_heading("", 1).add_run().add_picture(png())
    draft = read(saved(document), "paper.docx")
    assert draft.title == "paper"
    assert "<figure" in draft.body


def test_a_caption_goes_with_the_picture_above_or_else_below():
    document = Document()
    document.add_paragraph("Figure 1: A river", style="Caption")
    document.add_paragraph()
    document.add_picture(png())
    document.add_paragraph("Words")
    document.add_picture(png())
    document.add_paragraph("Figure 2: A bridge", style="Caption")
    document.add_paragraph("Table 1: Boats", style="Caption")
    draft = read(saved(document))
    captions = [figure.caption for figure in draft.figures]
    assert captions == ["Figure 1: A river", "Figure 2: A bridge"]
    assert "Figure" not in draft.body
    assert "Table 1: Boats" in draft.body


def test_subscripts_and_low_headings_are_told():
    document = Document()
    for level, words in enumerate(["A title", "One", "Two", "Three", "Four"], 1):
        document.add_heading(words, level)
    paragraph = document.add_paragraph("CO")
    paragraph.add_run("2").font.subscript = True
    paragraph.add_run("x").font.superscript = True
    draft = read(saved(document))
    assert draft.body.endswith("<p>CO2<sup>x</sup></p>")
    assert left_out(draft) == [
        "1 subscript: it is kept, on the line: “2”",
        "2 headings of the third level or below: they are bold paragraphs: “Three”, “Four”",
    ]


def test_a_note_of_several_paragraphs_is_one_line():
    document = Document()
    call(document.add_paragraph("Text"), 1)
    note = 'One.</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Two.'
    body = '<p>Text<span class="footnote">One. Two.</span></p>'
    assert read(saved(document, [note])).body == body


def test_a_level_that_is_skipped_does_not_leave_a_gap():
    document = Document()
    for level in (1, 2, 4, 2):
        document.add_heading(f"Level {level}", level)
    assert read(saved(document)).body.splitlines() == [
        "<h2>Level 2</h2>",
        "<h3>Level 4</h3>",
        "<h2>Level 2</h2>",
    ]


def test_an_arabic_document_keeps_its_words_and_its_language(client, editor):
    document = Document()
    document.add_heading("ما بعد الاتفاق", 1)
    document.add_heading("الملخص التنفيذي", 2)
    document.add_paragraph("باختصار.")
    document.add_heading("الحدود", 2)
    call(document.add_paragraph("ثلاثة معابر مفتوحة."), 1)
    upload(client, saved(document, ["مقابلة."]), language="ar")
    piece = Publication.objects.get()
    assert (piece.language, piece.title, piece.summary) == (
        "ar",
        "ما بعد الاتفاق",
        "<p>باختصار.</p>",
    )
    assert piece.body.splitlines() == [
        "<h2>الحدود</h2>",
        '<p>ثلاثة معابر مفتوحة.<span class="footnote">مقابلة.</span></p>',
    ]


def questions_and_answers():
    document = Document()
    document.add_heading("What Next?", 1)
    document.add_paragraph("Before.")
    document.add_heading("Why now?", 2)
    document.add_paragraph("Because.")
    document.add_heading("A detail", 3)
    document.add_paragraph("It is small.")
    document.add_heading("And then?", 2)
    document.add_paragraph("Wait.")
    document.add_heading("Executive summary", 2)
    document.add_paragraph("Read more.")
    return saved(document)


def test_headings_that_ask_become_the_questions_of_a_q_and_a(client, editor):
    upload(client, questions_and_answers(), kind="questions")
    piece = Publication.objects.get()
    assert piece.title == "What Next?"
    assert list(piece.questions.values_list("question", "answer")) == [
        ("Why now?", "<p>Because.</p>\n<h2>A detail</h2>\n<p>It is small.</p>"),
        ("And then?", "<p>Wait.</p>"),
    ]
    assert piece.body == "<p>Before.</p>\n<h2>Executive summary</h2>\n<p>Read more.</p>"
    assert piece.summary == ""


def test_in_a_report_a_heading_may_ask():
    draft = read(questions_and_answers())
    assert "<h2>Why now?</h2>" in draft.body
    assert not draft.questions
