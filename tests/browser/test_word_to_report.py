"""A report written in Word is published, and readers find its notes."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import complaints
from tests.browser.test_editors_day import choose, press, told
from tests.word_documents import report

pytestmark = pytest.mark.slow
NOTES = 100
NOTES_WITHOUT_WAY_AND_BACK = """
  notes => [...Array(notes).keys()].map(at => at + 1).filter(number =>
    !document.querySelector(`#call-${number}[href="#note-${number}"]`) ||
    !document.querySelector(`#note-${number} a[href="#call-${number}"]`))
"""


def test_a_word_document_becomes_a_published_report(desk):
    desk.goto("/admin/publications/publication/")
    desk.get_by_role("link", name="Start from a Word document").click()
    desk.get_by_label("Kind").select_option(label="Report")
    document = {"name": "report.docx", "buffer": report(pages=30, notes=NOTES)}
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    desk.get_by_label("Word document").set_input_files(document | {"mimeType": kind})
    press(desk, "Start a draft")
    told(desk, "is a draft now")
    expect(desk.locator(".field-body .tiptap h2").first).to_have_text("Chapter 1")
    choose(desk, "id_regions", "Caucasus")
    press(desk, "Approve and publish")
    told(desk, "public since")
    desk.goto("/publications/the-long-report/")
    expect(desk.locator("h1")).to_have_text("The Long Report")
    expect(desk.locator("[id^='note-']")).to_have_count(NOTES)
    assert desk.evaluate(NOTES_WITHOUT_WAY_AND_BACK, NOTES) == []
    assert desk.locator("main figure img").count() == 3
    assert desk.locator("main table").count() == 3
    assert not complaints(desk)
