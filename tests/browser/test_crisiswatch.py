"""A reader of CrisisWatch in a real browser: folds, keys, narrow screens and paper."""

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

MONTH = "/crisiswatch/2024/06/"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def reader(request, browser, base_url):
    context = browser.new_context(base_url=base_url, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def told(page, slug):
    return page.locator(f"#{slug}")


def test_entries_are_folded_and_going_to_one_opens_it(reader):
    reader.goto(MONTH)
    expect(told(reader, "korean-peninsula")).to_be_hidden()
    reader.locator(".trends").get_by_role("link", name="Hispaniola").first.click()
    expect(told(reader, "hispaniola")).to_be_visible()
    expect(told(reader, "korean-peninsula")).to_be_hidden()
    expect(reader.get_by_role("heading", name="Hispaniola")).to_be_in_viewport()
    reader.goto("/crisiswatch/")
    reader.goto(f"{MONTH}#korean-peninsula")
    expect(told(reader, "korean-peninsula")).to_be_visible()


def test_a_keyboard_unfolds_an_entry(page):
    page.goto(MONTH)
    fold = page.locator("article.entry summary").first
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.locator("article.entry .told").first).to_be_visible()


def test_a_month_of_the_calendar_is_wide_enough_for_a_finger(page):
    """At least 24 by 24 CSS pixels (WCAG 2.2, 2.5.8), on the narrowest screen."""
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/crisiswatch/situations/nile-basin/")
    boxes = [each.bounding_box() for each in page.locator(".history a").all()]
    assert boxes
    assert min(min(box["width"], box["height"]) for box in boxes) >= 24
    rows = page.get_by_role("row")
    assert rows.count() == 4  # The months, and three years: it is a table in this shape too.


def test_no_line_of_a_breadcrumb_trail_begins_with_its_sign(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/crisiswatch/situations/korean-peninsula/")
    links = page.locator(".crumbs li > a").all()
    assert links[-1].bounding_box()["y"] > links[0].bounding_box()["y"]
    starts = [(link.bounding_box()["x"], link.locator("..").bounding_box()["x"]) for link in links]
    assert all(name == line for name, line in starts)


def pdf_of(page, path):
    page.goto(path)
    return [each.extract_text() for each in PdfReader(io.BytesIO(page.pdf())).pages]


def test_the_print_edition_has_a_cover_a_running_head_and_every_text(page):
    cover, *sheets = pdf_of(page, f"{MONTH}print/")
    assert "CrisisWatch" in cover
    assert "Global overview" not in cover
    assert len(sheets) > 3
    for number, sheet in enumerate(sheets, start=2):
        assert "CrisisWatch, June 2024" in sheet
        assert sheet.startswith(f"{number}\n")
    whole = " ".join(" ".join(sheets).split())
    for words in ["sealed a new strategic partnership", "hints at a wish to escalate"]:
        assert words in whole


def test_the_april_of_2020_is_printed_as_one_paragraph(page):
    whole = " ".join(" ".join(pdf_of(page, "/crisiswatch/2020/04/print/")).split())
    assert "Guesswork about the health" in whole
    assert "than under the accord before." in whole
