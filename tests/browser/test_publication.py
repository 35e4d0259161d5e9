"""The page of a publication on a phone, on a wide screen and on paper."""

import pytest
from playwright.sync_api import expect

REPORT = "/publications/reopening-kaesong/"
QUESTIONS = "/publications/testing-the-line-2020"


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize("path", [REPORT, f"/he{REPORT}", f"{QUESTIONS}-he/", f"{QUESTIONS}/"])
def test_nothing_is_wider_than_a_phone(page, path):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)
    assert overflow(page) <= 0
    for table in page.locator(".scroll").all():
        assert table.evaluate("table => table.clientWidth <= table.parentElement.clientWidth")


def test_the_contents_are_folded_on_a_phone_and_stay_in_sight_beside_the_text(page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(REPORT)
    contents = page.get_by_role("navigation", name="Contents")
    expect(contents).to_have_count(0)
    page.locator("summary", has_text="Contents").click()
    contents.get_by_text("V. Conclusion").click()
    expect(page.get_by_role("heading", name="V. Conclusion")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(REPORT)
    contents.get_by_text("V. Conclusion").click()
    expect(page.get_by_role("heading", name="V. Conclusion")).to_be_in_viewport()
    expect(contents).to_be_in_viewport(ratio=1)


def test_paper_has_the_text_and_nothing_to_press(page):
    page.emulate_media(media="print")
    page.goto(REPORT)
    for gone in (".contents", ".narrow", ".share", ".permalink", ".band", ".related"):
        for each in page.locator(gone).all():
            expect(each).to_be_hidden()
    expect(page.get_by_role("heading", name="Recommendations")).to_be_visible()
    expect(page.locator(".cite p").first).to_be_visible()
    assert overflow(page) <= 0


def test_the_data_block_runs_nowhere_and_nobody_complains(page):
    said = []
    page.on("console", lambda message: said.append(message.text))
    for path in (REPORT, f"{QUESTIONS}/"):
        page.goto(path, wait_until="networkidle")
        block = page.locator('script[type="application/ld+json"]')
        expect(block).to_have_count(1)
        assert page.evaluate("text => JSON.parse(text)['@graph'].length", block.inner_text()) == 3
    assert not said
