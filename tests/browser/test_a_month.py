"""
A month of CrisisWatch, from the button that starts it to the first correction: two people on one
sheet, each in a browser of their own, and a reader who sees all of it at once or nothing.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_editors_day import comes_by_itself, join, say_when, soon, told
from tests.browser.test_editors_day import press as click
from tests.browser.test_sheet import ASKS, lead, names, press, row_of, state

pytestmark = pytest.mark.slow

FILES = "/data/crisiswatch"
# What nobody else on the site says: a word for whatever shows a lead or a text.
MARK = "Zephyrine"
BETTER = "Zephyrine talks went on in the lower valley."
CORRECTION = "The talks were held in the lower valley, not in the upper one."


def start(page):
    """Start a month from the last one; returns it, such as 2024-08."""
    page.goto("/admin/crisiswatch/edition/")
    button = page.locator(".start-month")
    month = button.locator("[name=month]").get_attribute("value")
    assert re.fullmatch(
        r"Start \w+ \d{4} from \w+ \d{4}", button.locator("[type=submit]").get_attribute("value")
    )
    button.locator("[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_contain_text("is started")
    expect(page.locator(".sheet-whole")).to_contain_text(f"0 of {len(names(page))} complete")
    return month


def fill(page, rows, *, trends="dui"):
    """Fill rows by keyboard, one after the other, from a cell of the first of them."""
    for number, name in enumerate(rows):
        press(page, trends[number % len(trends)], *"ao"[number : number + 1])
        press(page, "ArrowLeft", "Enter")
        page.keyboard.type(f"{MARK} {number}.")
        press(page, "Escape", "ArrowRight", "Enter")
        page.keyboard.insert_text(f"**Talks {number}.** Of {name}.\n\nMore.")
        press(page, "Alt+ArrowDown")
    for name in rows:
        state(page, name, "saved")


def beside_each_other(editor, hers, rows):
    """Her row arrives by itself; where both wrote, nothing is overwritten and nothing is lost."""
    row = rows[-2]
    lead(hers, row).click()
    expect(row_of(editor, row).locator(".sheet-people")).to_have_text("Bora")
    hers.keyboard.type("Her words.")
    press(hers, "Escape")
    expect(lead(editor, row)).to_have_value("Her words.")
    editor.route(ASKS, lambda route: route.abort())
    lead(editor, row).fill("My words.")
    lead(hers, row).fill("Her second thoughts.")
    press(hers, "Escape")
    state(hers, row, "saved")
    press(editor, "Escape")
    asking = editor.locator(".sheet-asking")
    expect(asking).to_contain_text("Her second thoughts.")
    expect(asking).to_contain_text("My words.")
    expect(lead(editor, row)).to_have_value("My words.")
    asking.get_by_role("button", name="Take theirs").click()
    expect(lead(editor, row)).to_have_value("Her second thoughts.")
    editor.unroute(ASKS)


def complain(editor, name):
    """What is missing leads to its row; when it is there, nothing complains any more."""
    editor.get_by_role("link", name="Dry run").click()
    expect(editor.locator("#content-main")).to_contain_text("It cannot be published like this.")
    expect(editor.get_by_role("button", name="Approve and publish")).to_have_count(0)
    needed = editor.locator(".checklist .blocking a")
    expect(needed).to_have_text([f"{name} has no trend yet.", f"{name} has no text yet."])
    needed.first.press("Enter")
    expect(row_of(editor, name)).to_be_in_viewport()
    press(editor, "ArrowDown", *["ArrowRight"] * 4)
    fill(editor, [name])
    expect(editor.locator(".sheet-whole")).to_contain_text(re.compile(r"(\d+) of \1 complete"))


def look_ahead(editor, month):
    """The dry run lists what will change, and leads to the pages as readers will have them."""
    editor.get_by_role("link", name="Dry run").click()
    said = editor.locator("#content-main")
    for path in (f"/crisiswatch/{month.replace('-', '/')}/", "/crisiswatch.atom", "/crisiswatch/"):
        expect(said.get_by_text(path, exact=True)).to_be_visible()
    expect(editor.get_by_role("rowheader", name=f"{month}/entries.csv")).to_be_visible()
    address = editor.url
    said.locator("li", has=editor.get_by_text(address_of(month), exact=True)).get_by_role(
        "link"
    ).click()
    shown = editor.locator("body")
    expect(shown).to_contain_text("Talks 9.")
    expect(shown).to_contain_text("Her second thoughts.")
    editor.goto(address)


def address_of(month, situation=""):
    return f"/crisiswatch/{month.replace('-', '/')}/{situation and situation + '/'}"


def everywhere(month, code):
    """Where a published month shows, and the words that say so."""
    return {
        "/": address_of(month),
        "/crisiswatch/": MARK,
        "/crisiswatch/archive/": address_of(month),
        address_of(month): MARK,
        address_of(month, code): MARK,
        f"{address_of(month)}print/": MARK,
        f"{address_of(month)}map.json": code,
        f"/crisiswatch/situations/{code}/": MARK,
        f"/crisiswatch/database/?q={MARK}": address_of(month, code),
        "/crisiswatch.atom": address_of(month),
        f"/crisiswatch/situations/{code}.atom": MARK,
        f"{FILES}/latest/entries.csv": MARK,
        f"{FILES}/{month}/latest/entries.csv": MARK,
        f"/api/v1/editions/{month}": month,
        f"/api/v1/entries/{month}/{code}": MARK,
    }


def shown(reader, month, code):
    """Of the addresses of a month those at which readers find it."""
    return [
        path for path, words in everywhere(month, code).items() if words in text_at(reader, path)
    ]


def text_at(reader, path):
    response = reader.request.get(path)
    return response.text() if response.ok else ""


def comes_at_once(editor, reader, month, code):
    editor.get_by_role("link", name="Schedule…").click()
    moment = soon(8)  # Readers are asked at every address before.
    say_when(editor, moment)
    told(editor, "It goes live")
    assert shown(reader, month, code) == []
    comes_by_itself(reader, "/", address_of(month), moment)
    assert shown(reader, month, code) == list(everywhere(month, code))


def correct(editor, reader, month, name, code):
    """A draft of one entry, and the row that says so; the data of before stay as they were."""
    latest = reader.request.get(f"{FILES}/{month}/latest/entries.csv")
    first, before = latest.headers["content-location"], latest.body()
    editor.get_by_role("link", name="Sheet", exact=True).first.click()
    lead(editor, name).fill(BETTER)
    press(editor, "Escape")
    state(editor, name, "saved")
    assert BETTER not in text_at(reader, address_of(month, code))
    editor.get_by_role("link", name="Overview and checks").click()
    editor.get_by_role("button", name="Add another Correction").click()
    editor.locator("#id_corrections-0-text").fill(CORRECTION)
    click(editor, "Publish changes")
    told(editor, "are public now.")
    for path in (address_of(month), "/corrections/"):
        assert CORRECTION in text_at(reader, path)
    assert BETTER in text_at(reader, address_of(month, code))
    latest = reader.request.get(f"{FILES}/{month}/latest/entries.csv")
    second = latest.headers["content-location"]
    assert [number(first), number(second)] == [1, 2]
    assert BETTER in latest.text()
    assert reader.request.get(second).body() == latest.body()
    assert reader.request.get(first).body() == before
    assert BETTER.encode() not in before


def number(address):
    return int(re.search(r"/v(\d+)/", address).group(1))


def withdraw(editor, reader, month):
    """So that the other tests find the site as it was."""
    editor.get_by_role("link", name="Withdraw…").click()
    editor.get_by_label("reason").fill("It was a test.")
    click(editor, "Withdraw")
    told(editor, "is withdrawn")
    assert reader.request.get(address_of(month)).status == 410
    assert MARK not in text_at(reader, f"{FILES}/latest/entries.csv")


def test_a_month(desk, site, browser):
    editor = desk
    hers = join(editor, site, browser, "bora")
    reader = browser.new_context(base_url=site.url).new_page()
    said = []
    for page in (editor, hers):
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
    month = start(editor)
    sheet = editor.url
    rows = names(editor)
    code = row_of(editor, rows[0]).get_attribute("id")
    hers.goto(sheet)
    press(editor, "ArrowDown", *["ArrowRight"] * 4)
    fill(editor, rows[:10])
    beside_each_other(editor, hers, rows)
    row_of(hers, rows[10]).locator(".sheet-text").focus()
    fill(hers, rows[10:-2])
    lead(hers, rows[-2]).focus()
    press(hers, "Escape", "u")
    state(hers, rows[-2], "saved")
    editor.goto(sheet)
    complain(editor, rows[-1])
    look_ahead(editor, month)
    comes_at_once(editor, reader, month, code)
    correct(editor, reader, month, rows[0], code)
    withdraw(editor, reader, month)
    assert not reader.context.cookies()
    assert not [each for each in said if "Failed to load resource" not in each]
    for page in (hers, reader):
        page.context.close()
