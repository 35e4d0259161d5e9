"""
Every attack, ours and those of two public lists, by every way by which texts come in. A browser
that is told to overlook our Content-Security-Policy runs none.

The lists are the Big List of Naughty Strings and what DOMPurify is tested with, the HTML5 Security
Cheatsheet among it.
"""

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from editorial import contentfiles
from publications.models import Publication
from tests import factories
from tests.browser.test_attacks import WORD, document, imported, possible, publish, said, watching
from tests.browser.test_editor import PASTE
from tests.forms import change
from tests.xss import attacks, public_attacks

pytestmark = [pytest.mark.audit, pytest.mark.one_database]

# Each alone: none may hide behind one that is never closed.
PASTE_EACH = f"(text, strings) => strings.forEach((html) => ({PASTE})(text, {{ html }}))"


@pytest.fixture
def watch(browser, live_server):
    yield from watching(browser, live_server, bypass_csp=True)


@pytest.fixture(scope="module")
def every():
    return [*public_attacks(), *attacks()]


def batches(strings, size):
    return [strings[start : start + size] for start in range(0, len(strings), size)]


def test_public_attacks_would_be_seen(watch):
    """In a page that nobody has cleaned."""
    seen = 0
    for each in public_attacks():
        before = len(watch.wrong)
        if "alert" in each and "location" not in each:
            watch.page.set_content(each)
            watch.look()
        seen += len(watch.wrong) > before
    assert seen > 100


def test_nothing_that_is_pasted_runs(watch, transactional_db, every):
    """In the form, in the preview beside it, and on the page that is made of it."""
    watch.sign_in(factories.make_editor())
    for number, strings in enumerate(batches(every, 700)):
        piece = factories.make_publication(f"Pasted {number}", status="draft")
        watch.open(change(piece))
        text = watch.page.locator(".field-body .tiptap")
        expect(text).to_be_visible()
        watch.page.locator("#id_standfirst").fill("\n".join(possible(strings)))
        text.click()
        text.evaluate(PASTE_EACH, [*strings, "<p>The end.</p>"])
        watch.look()
        watch.page.get_by_role("button", name="Preview", exact=True).click()
        shown = watch.page.frame_locator("#preview-pane iframe:not(.preview-coming)")
        expect(shown.locator("body")).to_contain_text("The end.")
        watch.look()
        with watch.page.expect_navigation():
            watch.page.keyboard.press("Control+s")
        expect(watch.page.locator(".messagelist .success")).to_be_visible()
        publish(piece)
        watch.open(piece.get_absolute_url())
        expect(watch.page.locator("main")).to_contain_text("The end.")
        assert not watch.wrong, said(watch.wrong)


def test_nothing_from_a_word_document_runs(watch, transactional_db, every):
    watch.sign_in(factories.make_editor())
    for strings in batches(list(filter(str.strip, possible(every))), 700):
        watch.open(reverse("admin:publications_publication_from_word"))
        file = {"name": "attacks.docx", "buffer": document(strings), "mimeType": WORD}
        watch.page.get_by_label("Kind").select_option(label="Report")
        watch.page.get_by_label("Word document").set_input_files(file)
        watch.page.get_by_role("button", name="Start a draft").click()
        expect(watch.page.locator(".messagelist")).to_contain_text("is a draft now")
        watch.look()
        piece = Publication.objects.latest("pk")
        assert piece.body.count("</p>") > len(strings)
        publish(piece)
        watch.open(piece.get_absolute_url())
        assert not watch.wrong, said(watch.wrong)


def test_nothing_that_is_imported_runs(watch, transactional_db, tmp_path, every):
    factories.make_region("Asia")
    folder = tmp_path / "publications"
    folder.mkdir()
    (folder / "<img src=x: onerror=xss(1)>.png").write_bytes(factories.picture().read())
    strings = [each for each in possible(every) if each.strip() and "footnote" not in each]
    for number, some in enumerate(batches(strings, 100)):
        values = imported(number, some)
        body = "\n".join(some[:20])  # More that are never closed would be nested too deeply.
        contentfiles.write(folder / f"imported-{number}.html", values, body)
    call_command("import_content", tmp_path, verbosity=0)
    pieces = Publication.objects.public()
    assert len(pieces) == len(batches(strings, 100))
    for piece in pieces:
        watch.open(piece.get_absolute_url())
    watch.open("/publications/")
    assert not watch.wrong, said(watch.wrong)
