"""What a reader does, in a real browser, with and without JavaScript."""

import gzip
import re

import pytest
from playwright.sync_api import expect

REGION = "/regions/korean-peninsula/"
KILOBYTE = 1024


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def reader(request, browser, base_url):
    context = browser.new_context(base_url=base_url, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def test_a_long_entry_unfolds_and_has_its_own_address(reader):
    reader.goto(REGION)
    hidden = reader.locator("details p").first
    expect(hidden).to_be_hidden()
    reader.get_by_text("Continue reading").first.click()
    expect(hidden).to_be_visible()
    reader.goto("/crisiswatch/2024/06/korean-peninsula/")
    expect(reader.locator("details")).to_have_count(0)


@pytest.mark.parametrize("prefix", ["", "/he"])
def test_the_page_stays_within_its_budget(page, prefix):
    """HTML and CSS within 14 KB, all but pictures within 60 KB, as they cross the wire."""
    sizes = {}

    def weigh(response):
        kind = response.request.resource_type
        if kind in ("document", "stylesheet", "script", "font"):
            body = response.body()
            packed = len(body) if kind == "font" else len(gzip.compress(body, 6))
            sizes[kind] = sizes.get(kind, 0) + packed

    page.on("response", weigh)
    page.goto(f"{prefix}{REGION}", wait_until="networkidle")
    assert sizes["document"] + sizes["stylesheet"] <= 14 * KILOBYTE, sizes
    assert sum(sizes.values()) <= 60 * KILOBYTE, sizes
    assert "font" in sizes


def test_the_page_asks_nobody_else_and_complains_of_nothing(page, base_url):
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in (REGION, "/", "/crisiswatch/", "/publications/reopening-kaesong/"):
        page.goto(path, wait_until="networkidle")
    assert all(url.startswith((base_url, "data:")) for url in asked)
    assert not said
    assert not page.context.cookies()


def test_hebrew_dates_stand_as_hebrew_readers_write_them(page):
    page.goto(f"/he{REGION}")
    assert page.evaluate("document.dir") == "rtl"
    dates = page.locator("bdi > time").all_inner_texts()
    assert dates
    assert all(re.fullmatch(r"\d{1,2} [א-ת]+'? \d{4}", date) for date in dates)


def test_somebody_signs_up_confirms_chooses_and_leaves(reader, site, request):
    address = f"reader{abs(hash(request.node.name))}@example.org"
    reader.goto(REGION)
    reader.get_by_role("textbox").fill(address)
    reader.get_by_role("button", name="Subscribe").click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("inbox")

    def link(kind):
        text = site.mails_to(address)[-1]
        return re.search(rf"http\S+/{kind}/\S+", text).group(0)

    reader.goto(link("confirm"))
    reader.locator("main").get_by_role("button").first.click()
    main = reader.locator("main")
    expect(main).to_contain_text(re.compile("confirmed|subscribed", re.IGNORECASE))

    welcome = site.mails_to(address)
    while len(welcome) < 2:
        welcome = site.mails_to(address)
    reader.goto(link("preferences"))
    expect(reader.locator("main input[type=checkbox]").first).to_be_attached()
    expect(reader.get_by_label("Korean Peninsula").first).to_be_checked()
    reader.goto(link("unsubscribe"))
    reader.locator("main").get_by_role("button").first.click()
    expect(main).to_contain_text(re.compile("unsubscribed|left|no more", re.IGNORECASE))


def test_an_address_that_is_none_comes_back_with_a_sentence(reader):
    reader.goto(REGION)
    form = reader.locator("form").first
    reader.get_by_role("textbox").fill("nobody@nowhere@example")
    # The browser's own check is for show: what counts is what the server says.
    reader.locator("form").first.evaluate("form => form.noValidate = true")
    form.get_by_role("button").click()
    field = reader.get_by_role("textbox")
    expect(field).to_have_value("nobody@nowhere@example")
    expect(field).to_have_attribute("aria-invalid", "true")
