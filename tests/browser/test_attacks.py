"""
Whatever is written, pasted or imported anywhere, the browser of a reader or an editor runs none
of it.

The browser is told to overlook our Content-Security-Policy, which would hide a hole; then another
one, which obeys it, finds nothing to stop.
"""

import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from playwright.sync_api import expect

from crisiswatch.models import Entry
from editorial import contentfiles
from editorial.models import Publishable
from editorial.searching.keeping import build
from publications.models import Publication
from regions.models import Country
from tests import factories
from tests.attacked import ADDRESSES, add_rows, fill_house, open_everything
from tests.browser.test_editor import PASTE
from tests.browser.watching import RAN, Watch
from tests.forms import change
from tests.test_matrix import NOT_SO, NOT_THERE, House, addresses, expected, page_of
from tests.word_documents import call, png, saved
from tests.xss import attacks

pytestmark = [pytest.mark.slow, pytest.mark.one_database]

SAMPLE = attacks()[::20]
# It leaves the value of a field as well, where a box shows what was searched for.
LEAVES = next(each for each in attacks() if each.startswith('"><img'))
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Files that a live server hands out by itself, what leads elsewhere, and who would be signed out.
LEFT_OUT = {
    *("editorial:media", "editorial:shared_media", "publications:pdf", "admin:view_on_site"),
    *("admin:logout", "admin:jsi18n", "admin:login", "favicon"),
}
# Of each kind of piece; of anything else the list.
LOOKED_AT = {"changelist", "change", "history", "preview"}
FURTHER = {f"admin:regions_region_{page}" for page in ("compare", "merge", "references", "delete")}
OBEYED = ["publications:publication", "publications:publications", "regions:region", "home"]
OBEYED += ["people:person", "crisiswatch:edition", "search", "admin:index", "admin:calendar"]
OBEYED += ["admin:publications_publication_changelist", "admin:regions_region_compare"]
SEARCHES = ("/search/", "/search/suggest", "/publications/", "/admin/search/")
SEARCHES += ("/admin/publications/publication/", "/admin/people/quote/")


def watching(browser, live_server, **options):
    with browser.new_context(**options) as context:
        yield Watch(context, live_server.url)


@pytest.fixture
def watch(browser, live_server):
    """Of a browser to which our Content-Security-Policy says nothing."""
    yield from watching(browser, live_server, bypass_csp=True)


@pytest.fixture
def obedient(browser, live_server):
    yield from watching(browser, live_server)


@pytest.fixture
def house(transactional_db):
    """With the addresses in it, which nobody could find once everything has another name."""
    for alpha2, alpha3 in [("KR", "KOR"), ("KP", "PRK")]:  # A test before may have left none.
        Country.objects.get_or_create(alpha2=alpha2, defaults={"alpha3": alpha3, "name": alpha3})
    house = House()
    house.addresses = {
        name: address
        for name, address in addresses().items()
        if name not in LEFT_OUT and expected(name)[0] not in (NOT_SO, NOT_THERE)
    }
    open_everything(house.members["P"])
    add_rows()
    return house


def is_looked_at(name):
    """Whether a page stands for those that are like it."""
    model, page = page_of(name)
    if model and issubclass(model, (Publishable, Entry)):
        return not model._meta.proxy and (page in LOOKED_AT or name in FURTHER)
    return not model or page == "changelist"


def walk(watch, house, names):
    """Open pages, first those of readers and then, signed in, those of the admin."""
    watch.context.clear_cookies()
    for name in sorted(names, key=lambda name: name.startswith("admin:")):
        if name.startswith("admin:") and not watch.context.cookies():
            watch.sign_in(house.members["R"])
        watch.open(house.addresses[name])


def search(watch, house, words):
    watch.sign_in(house.members["R"])
    for each in words:
        asked = urlencode({"q": each, "topic": each, "region": each, "p": each})
        for place in SEARCHES:
            watch.open(f"{place}?{asked}")


def said(wrong):
    return "\n".join(dict.fromkeys(wrong))


def test_a_hole_would_be_seen(watch, transactional_db, monkeypatch):
    factories.make_region("<img src=x: onerror=xss(1)>", slug="asia")
    watch.open("/regions/asia/")
    assert not watch.wrong
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    watch.open("/regions/asia/")
    assert any(RAN in each for each in watch.wrong)
    assert any("img onerror=xss(1)" in each for each in watch.wrong)


def test_nothing_that_is_written_runs_or_has_to_be_stopped(watch, obedient, house):
    fill_house(SAMPLE, at_once=100)
    build()
    names = list(filter(is_looked_at, house.addresses))
    walk(watch, house, names)
    search(watch, house, ["xss", LEAVES])
    assert not watch.wrong, said(watch.wrong)
    # No forms: an editor parses a text in a document of its own, where Chromium stops what would
    # not run. No XML, which Chromium shows with styles of its own.
    walk(obedient, house, OBEYED)
    assert not obedient.wrong + obedient.said, said(obedient.wrong + obedient.said)


def test_nothing_runs_of_what_nobody_has_cleaned(watch, transactional_db):
    piece = factories.make_publication("Asked", kind="qa")
    piece.questions.bulk_create(
        piece.questions.model(publication=piece, question=each, answer=each, position=position)
        for position, each in enumerate(attacks())
    )
    watch.open("/publications/asked/")
    assert watch.page.locator("main").inner_text().count("xss(1)") > len(attacks()) / 2
    assert not watch.wrong, said(watch.wrong)


@pytest.mark.audit
def test_nothing_runs_on_any_page_there_is(watch, house):
    fill_house(SAMPLE, at_once=200)
    build()
    walk(watch, house, house.addresses)
    assert not watch.wrong, said(watch.wrong)


@pytest.mark.audit
def test_no_attack_of_all_runs(watch, house):
    """Of 3,000, each in each text, on the pages of readers and in lists and forms of the admin."""
    names = [name for name in house.addresses if page_of(name)[1] in (None, "changelist", "change")]
    every, at_once = attacks()[:3000], 600
    for start in range(0, len(every), at_once):
        strings = every[start : start + at_once]
        fill_house(strings)
        build()
        walk(watch, house, filter(is_looked_at, names))
        search(watch, house, strings[::60])
        assert not watch.wrong, said(watch.wrong)


def possible(strings):
    """Those that a form or a file of content takes."""
    return ["".join(filter(str.isprintable, each)) for each in strings]


def short(string, most):
    return string[:most].strip() or "x"


def test_nothing_that_is_pasted_runs(watch, transactional_db):
    """In the form, in the preview beside it, and on the page that is made of it."""
    watch.sign_in(factories.make_editor())
    page, strings = watch.page, SAMPLE[::3]
    piece = factories.make_publication("Pasted", status="draft")
    watch.open(change(piece))
    text = page.locator(".field-body .tiptap")
    expect(text).to_be_visible()
    page.locator("#id_title").fill(short(possible(strings)[0], 200))
    page.locator("#id_standfirst").fill("\n".join(possible(strings)))
    text.click()
    for each in strings:
        text.evaluate(PASTE, {"html": each})
    text.evaluate(PASTE, {"html": "<p>The end.</p>"})
    watch.look()
    page.get_by_role("button", name="Preview", exact=True).click()
    shown = page.frame_locator("#preview-pane iframe:not(.preview-coming)")
    expect(shown.locator("body")).to_contain_text("The end.")
    watch.look()
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()
    watch.look()
    publish(Publication.objects.get())
    watch.open("/publications/pasted/")
    expect(page.locator("main")).to_contain_text("The end.")
    assert not watch.wrong, said(watch.wrong)


def publish(piece):
    type(piece).objects.filter(pk=piece.pk).update(**factories.public())


def document(strings):
    """Word: texts of every kind, what links lead to, and how pictures and styles are named."""
    written = Document()
    written.core_properties.title = short(strings[0], 200)
    written.add_paragraph(short(strings[1], 200), style="Title")
    written.add_paragraph(short(strings[2], 200), style="Subtitle")
    for number, each in enumerate(strings):
        if number % 20 == 0:
            written.add_heading(each, 1 + number % 3)
            written.add_picture(png())
            written.inline_shapes[-1]._inline.docPr.set("descr", each)
            name = re.sub("[\"']", "", f"{each} {number}")
            style = written.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            written.add_table(1, 1).cell(0, 0).text = each
        link(written.add_paragraph(each, style=style), ADDRESSES[number % len(ADDRESSES)], each)
    call(written.add_paragraph("Noted."), 1)
    return saved(written, footnotes=["&lt;img src=x: onerror=xss(1)&gt;"])


def link(paragraph, address, words):
    target = "".join(filter(str.isprintable, address))
    element = OxmlElement("w:hyperlink")
    relation = paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    element.set(qn("r:id"), relation)
    run = paragraph.add_run(words)._r
    element.append(run)
    paragraph._p.append(element)


def test_nothing_from_a_word_document_runs(watch, transactional_db):
    watch.sign_in(factories.make_editor())
    strings = possible(SAMPLE)
    watch.open(reverse("admin:publications_publication_from_word"))
    file = {"name": f"{short(strings[3], 60)}.docx", "buffer": document(strings)}
    watch.page.get_by_label("Kind").select_option(label="Report")
    watch.page.get_by_label("Word document").set_input_files(file | {"mimeType": WORD})
    watch.page.get_by_role("button", name="Start a draft").click()
    expect(watch.page.locator(".messagelist")).to_contain_text("is a draft now")
    watch.look()
    piece = Publication.objects.get()
    assert piece.body.count("xss(1)") > 100
    publish(piece)
    watch.open(piece.get_absolute_url())
    watch.open(change(piece).replace("change", "history"))
    assert not watch.wrong, said(watch.wrong)


def imported(number, strings):
    """What a file of a publication says, its text beside it: an attack in all that is text."""
    says = [short(each, 70) for each in strings]
    texts = [f"<p>So.</p>{each}" for each in strings]
    both = list(zip(says, texts, strict=True))
    names = ("title", "subtitle", "standfirst", "image_alt", "image_caption", "image_credit")
    picture = "<img src=x: onerror=xss(1)>.png"
    return {
        "kind": "report",
        **dict(zip(names, says, strict=False)),
        "image": picture,
        "regions": ["asia"],
        "tags": [each.replace(",", "") for each in says[:2]],
        "summary": strings[-1],
        "status": "approved",
        "publish_at": "2018-01-23T06:00:00Z",
        "bylines": [{"outside_name": each, "title": each} for each in says],
        "findings": [{"label": each, "text": text} for each, text in both],
        "questions": [{"question": each, "answer": text} for each, text in both],
        "recommendations": [{"addressee": each, "text": text} for each, text in both],
        "figures": [{"image": picture, "alt": each, "caption": each} for each in says[:2]],
    }


def test_nothing_that_is_imported_runs(watch, transactional_db, tmp_path):
    factories.make_region("Asia")
    folder = tmp_path / "publications"
    folder.mkdir()
    (folder / "<img src=x: onerror=xss(1)>.png").write_bytes(factories.picture().read())
    strings = [each for each in possible(SAMPLE) if "footnote" not in each]  # An empty note.
    for number in range(len(strings) // 20):
        some = strings[number * 20 : number * 20 + 20]
        values = imported(number, some)
        contentfiles.write(folder / f"imported-{number}.html", values, "\n".join(some))
    call_command("import_content", tmp_path, verbosity=0)
    assert Publication.objects.public().count() == len(strings) // 20
    for piece in Publication.objects.all():
        watch.open(piece.get_absolute_url())
    watch.open("/publications/")
    assert not watch.wrong, said(watch.wrong)


def test_the_name_of_an_uploaded_file_is_not_kept(watch, transactional_db):
    piece = factories.make_publication("Named")
    for number, each in enumerate(SAMPLE[::10]):
        file = factories.picture(size=(number + 1, 9)).read()
        upload = SimpleUploadedFile(f"x{each}.png", file)
        piece.figures.create(image=upload, alt="A", position=number)
    kept = piece.figures.values_list("image", flat=True)
    assert all(re.fullmatch(r"[\w/]+/[0-9a-f]{24}\.png", name) for name in kept), list(kept)
