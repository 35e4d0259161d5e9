"""The desk's own pages: readable for all, on a wide screen and on a phone, light and dark."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import complaints, too_wide, turn

PAGES = {
    "front page": "/admin/",
    "calendar": "/admin/calendar/",
    "search": "/admin/search/?q=korea",
    "empty search": "/admin/search/",
    "list": "/admin/publications/publication/",
    "form": "/admin/regions/region/?q=Korean",
    "rooms": "/admin/people/",
}
OF_OUR_OWN = ["front page", "calendar", "search", "empty search"]
LAPTOP, PHONE = 1280, 390
LOOKS = [("light", LAPTOP), ("dark", PHONE)]


def open_page(desk, name):
    desk.goto(PAGES[name])
    if name == "form":
        desk.locator("#result_list tbody a").first.click()
        expect(desk.locator(".submit-row")).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_and_axe_finds_nothing_on_those_of_our_own(desk, name):
    turn(desk, "light", LAPTOP)
    open_page(desk, name)
    wrong = []
    for scheme, width in LOOKS:
        turn(desk, scheme, width)
        found = complaints(desk) if name in OF_OUR_OWN else []
        wrong += [f"{scheme} {width}: {each}" for each in found]
        if too_wide(desk):
            wrong.append(f"{width} is not wide enough")
    assert not wrong


def test_the_buttons_of_a_form_are_at_hand_wherever_one_scrolls(desk):
    open_page(desk, "form")
    for width in (LAPTOP, PHONE):
        desk.set_viewport_size({"width": width, "height": 800})
        for place in (0, 10_000):
            desk.evaluate(f"window.scrollTo(0, {place})")
            expect(desk.locator(".submit-row .default")).to_be_in_viewport(ratio=1)


def test_the_box_finds_a_region_and_its_form_is_one_click_away(desk):
    desk.goto("/admin/")
    desk.get_by_role("searchbox", name="Search the desk").fill("korean peninsula")
    desk.keyboard.press("Enter")
    desk.get_by_role("link", name="Korean Peninsula", exact=True).first.click()
    expect(desk.locator("#content")).to_contain_text("Korean Peninsula")
    expect(desk.locator(".submit-row")).to_be_visible()


def test_the_desk_follows_the_light_of_the_system(desk):
    said = []
    desk.on("console", lambda message: said.append(message.text))
    seen = set()
    for scheme in ("light", "dark"):
        desk.emulate_media(color_scheme=scheme)
        desk.goto("/admin/")
        seen.add(desk.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(seen) == 2
    assert not said
