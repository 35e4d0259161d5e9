"""A report written in Word is published, and readers find its notes."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import complaints
from tests.browser.test_editors_day import choose, press, told
from tests.word_documents import report

pytestmark = pytest.mark.slow
NOTES = 100


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
    for number in range(1, NOTES + 1):
        assert desk.locator(f"[id='note-{number}'] a[href='#call-{number}']").count()
        assert desk.locator(f"a[href='#note-{number}']").count()
        assert desk.locator(f"[id='call-{number}']").count() == 1
    assert desk.locator("main figure img").count() == 3
    assert desk.locator("main table").count() == 3
    assert not complaints(desk)
