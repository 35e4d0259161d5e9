"""Search by keyboard: titles while somebody types, and the same page without JavaScript."""

import time

import pytest
from playwright.sync_api import expect

PATIENCE = 60


@pytest.fixture(autouse=True)
def index_is_built(page):
    """The site of the tests has just been started."""
    deadline = time.monotonic() + PATIENCE
    while not page.goto("/search/suggest?q=korean").json()["titles"]:
        assert time.monotonic() < deadline
        page.wait_for_timeout(200)


@pytest.fixture
def box(page):
    page.goto("/search/")
    return page.get_by_role("combobox", name="Search")


def test_titles_are_chosen_with_the_arrow_keys(page, box):
    said = []
    page.on("console", lambda message: said.append(message.text))
    box.press_sequentially("kore")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("form.searching [role=status]")).to_contain_text("title")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    box.press("ArrowUp")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    expect(box).to_have_value("kore")
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("kore")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    address = options.first.get_attribute("data-address")
    box.press("Enter")
    page.wait_for_url(f"**{address}")
    assert not said


def test_enter_searches_for_what_was_typed(page, box):
    box.press_sequentially("korea")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    page.wait_for_url("**/search/?q=korea")
    expect(page.locator("main mark").first).to_be_visible()


def test_without_javascript_the_box_searches(browser, base_url):
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search/")
    page.get_by_role("searchbox").fill("korea")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("main mark").first).to_be_visible()
    page.locator("summary").first.click()
    page.locator(".filters details a").first.click()
    expect(page.locator(".filters .on")).to_have_count(1)
    context.close()
