"""A month on its sheet: by keyboard, by two at once, and without a connection."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.sending import make
from tests.browser.test_editors_day import join

ASKS = "**/sheet/people/"


def begin(page, month):
    """An empty month whose rows are what is monitored then; returns the address of its sheet."""
    address = make(page, "crisiswatch/edition", month=month)
    page.goto(address.replace("change", "sheet"))
    expect(page.locator("tr.sheet-row")).not_to_have_count(0)
    return page.url


def row_of(page, name):
    return page.locator(f"tr.sheet-row[data-name='{name}']")


def lead(page, name):
    return row_of(page, name).locator("[name=lead]")


def state(page, name, word):
    expect(row_of(page, name).locator(f"[data-state='{word}']")).to_be_visible()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def names(page):
    return [row.get_attribute("data-name") for row in page.locator("tr.sheet-row").all()]


def trend(page, name):
    return row_of(page, name).locator("[name=trend]:checked").get_attribute("value")


def test_rows_are_filled_by_keyboard(desk):
    said = []
    desk.on("console", lambda message: said.append(message.text))
    begin(desk, "2025-01")
    first, second, third = names(desk)[:3]
    press(desk, "ArrowDown", "d", "ArrowDown", "2", "j", "i", "a")
    for name in (first, second, third):
        state(desk, name, "saved")
    press(desk, "k", "Backspace", "o", "ArrowUp")
    press(desk, *["ArrowRight"] * 3, "Enter")
    expect(lead(desk, first)).to_be_focused()
    desk.keyboard.type("Unrest grew.")
    press(desk, "Escape", "ArrowRight", "Enter")
    desk.keyboard.type("**Talks resumed.** Ministers met.")
    press(desk, "Enter", "Enter")
    desk.keyboard.type("Shut.")
    press(desk, "Alt+ArrowDown")  # From within a text too.
    state(desk, first, "saved")
    state(desk, second, "saved")
    desk.reload()
    assert [trend(desk, name) for name in (first, second, third)] == [
        "deteriorated",
        "",
        "improved",
    ]
    expect(row_of(desk, second).locator("[name=resolution_opportunity]")).to_be_checked()
    expect(row_of(desk, third).locator("[name=risk_alert]")).to_be_checked()
    expect(lead(desk, first)).to_have_value("Unrest grew.")
    text = "**Talks resumed.** Ministers met.\n\nShut."
    expect(row_of(desk, first).locator("[name=text]")).to_have_value(text)
    press(desk, "?")
    expect(desk.get_by_role("dialog")).to_contain_text("Deteriorated, unchanged, improved")
    press(desk, "Escape", "/")
    desk.keyboard.type(third[:6])
    expect(row_of(desk, third)).to_be_visible()
    expect(row_of(desk, first)).to_be_hidden()
    expect(desk).to_have_url(re.compile(r"\?q="))
    assert not said


@pytest.mark.slow
def test_two_editors_on_one_sheet_see_each_other_and_lose_nothing(desk, site, browser):
    hers = join(desk, site, browser, "asel")
    address = begin(desk, "2025-02")
    first, second = names(desk)[:2]
    hers.goto(address)
    lead(hers, first).click()
    expect(row_of(desk, first).locator(".sheet-people")).to_have_text("Asel")
    hers.keyboard.type("Her words.")
    press(hers, "Escape")
    state(hers, first, "saved")
    expect(lead(desk, first)).to_have_value("Her words.")  # By itself.
    # Each in another field of one row: nobody is asked.
    with desk.expect_response("**/rows/**"):
        row_of(desk, first).locator("[name=trend][value=improved]").click()
    expect(row_of(hers, first).locator("[name=trend][value=improved]")).to_be_checked()
    # Both in one text: hers is first, and mine waits for a choice.
    desk.route(ASKS, lambda route: route.abort())
    lead(desk, second).fill("My words.")
    lead(hers, second).fill("Her answer.")
    press(hers, "Escape")
    state(hers, second, "saved")
    with desk.expect_response("**/rows/**"):
        press(desk, "Escape")
    asking = desk.locator(".sheet-asking")
    expect(asking).to_contain_text("Asel has saved this row")
    expect(asking).to_contain_text("Her answer.")
    expect(asking).to_contain_text("My words.")
    expect(lead(desk, second)).to_have_value("My words.")
    asking.get_by_role("button", name="Keep mine").click()
    state(desk, second, "saved")
    expect(lead(hers, second)).to_have_value("My words.")
    hers.context.close()


def test_what_is_typed_without_a_connection_is_kept_and_offered_again(desk):
    begin(desk, "2025-03")
    name = names(desk)[0]
    desk.route("**/rows/**", lambda route: route.abort())
    lead(desk, name).fill("Typed on a train.")
    press(desk, "Escape")
    state(desk, name, "waiting")
    desk.on("dialog", lambda dialog: dialog.accept())  # It asks before it is left.
    desk.reload()
    expect(lead(desk, name)).to_have_value("")
    expect(desk.locator("#sheet-notices")).to_contain_text(name)
    desk.unroute("**/rows/**")
    desk.get_by_role("button", name="Take it back").click()
    state(desk, name, "saved")
    expect(lead(desk, name)).to_have_value("Typed on a train.")
    desk.reload()
    expect(lead(desk, name)).to_have_value("Typed on a train.")
    expect(desk.locator("#sheet-notices p")).to_have_count(0)


def test_a_row_is_moved_by_keyboard_and_keeps_the_focus(desk):
    begin(desk, "2025-04")
    body = desk.locator("tbody:has(tr.sheet-row + tr.sheet-row)").first
    names_in = "trs => trs.map((tr) => tr.dataset.name)"
    first, second, *_ = body.locator("tr.sheet-row").evaluate_all(names_in)
    lead(desk, second).click()
    desk.keyboard.type("Typed")
    press(desk, "Alt+Shift+ArrowUp")
    desk.keyboard.type(" on.")
    expect(lead(desk, second)).to_be_focused()
    assert body.locator("tr.sheet-row").evaluate_all(names_in)[:2] == [second, first]
    state(desk, second, "saved")
    expect(row_of(desk, second)).to_have_attribute("data-place", "1")
    expect(row_of(desk, first)).to_have_attribute("data-place", "2")
    press(desk, "Alt+ArrowDown", "d")  # The arrows follow the new order.
    assert trend(desk, first) == "deteriorated"
    state(desk, first, "saved")
    desk.reload()
    assert body.locator("tr.sheet-row").evaluate_all(names_in)[:2] == [second, first]
    expect(lead(desk, second)).to_have_value("Typed on.")
    desk.route("**/rows/**", lambda route: route.abort())
    row_of(desk, first).locator("th > a").focus()
    press(desk, "Alt+Shift+ArrowUp")
    state(desk, first, "unmoved")
    assert body.locator("tr.sheet-row").evaluate_all(names_in)[:2] == [second, first]
