"""The months under the world map: a slider with JavaScript, links without it."""

import pytest
from playwright.sync_api import expect

MONTH = "/crisiswatch/2024/06/"


@pytest.fixture
def world(page):
    page.goto(MONTH)
    return page.locator("#map")


def test_the_slider_draws_another_month_without_leaving_the_page(page, world):
    said = []
    page.on("console", lambda message: said.append(message.text))
    slider = world.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "June 2024")
    before = world.locator(".lit").inner_html()
    slider.press("ArrowLeft")
    month = slider.get_attribute("aria-valuetext")
    assert month != "June 2024"
    expect(world.get_by_role("heading", level=2)).to_contain_text(month)
    expect(world.get_by_role("status")).to_contain_text(month)
    expect(world.locator(".months [aria-current]")).to_have_text(month)
    assert world.locator(".lit").inner_html() != before
    assert page.url.endswith(MONTH)
    # What is drawn leads to the month that is drawn, and is as well-formed as what came with it.
    address = world.get_by_role("heading", level=2).get_by_role("link").get_attribute("href")
    assert world.locator(f".lit a.mark[href^='{address}']").count() > 0
    assert world.locator(".lit use").first.bounding_box()["width"] > 0
    slider.press("ArrowRight")
    expect(world.get_by_role("heading", level=2)).to_contain_text("June 2024")
    assert not said


def test_a_month_that_does_not_come_is_said_and_asked_for_again(page, world):
    page.route("**/map.json", lambda route: route.abort())
    slider = world.get_by_role("slider")
    slider.press("ArrowLeft")
    expect(world.get_by_role("status")).to_contain_text("did not come")
    expect(world.get_by_role("heading", level=2)).to_contain_text("June 2024")
    page.unroute("**/map.json")
    slider.press("ArrowRight")
    slider.press("ArrowLeft")
    expect(world.get_by_role("status")).to_contain_text(slider.get_attribute("aria-valuetext"))


def test_without_javascript_the_months_are_links(browser, base_url):
    with browser.new_context(base_url=base_url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(MONTH)
        assert page.locator("#map input").count() == 0
        page.locator("#map a[rel=prev]").click()
        page.wait_for_url("**/#map")
        expect(page.locator("#map svg").first).to_be_visible()
        page.locator("#map a[rel=next]").click()
        page.wait_for_url(f"**{MONTH}#map")
        page.get_by_text("The same as a list").click()
        expect(page.locator(".map-list").get_by_role("link").first).to_be_visible()


def test_on_a_phone_every_link_of_the_list_is_large_enough_to_touch(page):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(MONTH)
    page.get_by_text("The same as a list").click()
    for link in page.locator(".map-list a").all():
        box = link.bounding_box()
        assert min(box["width"], box["height"]) >= 24
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_mark_leads_to_its_entry(page, world):
    mark = world.locator(".lit a.mark").first
    address = mark.get_attribute("href")
    mark.locator("circle").click(force=True)
    page.wait_for_url(f"**{address}")
