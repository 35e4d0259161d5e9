"""The preview beside the form, and the link that an outsider opens."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

TYPED = "Nobody has saved this sentence."


@pytest.fixture
def form(desk):
    """The change form of a region that readers see, wide enough for a pane beside it."""
    desk.set_viewport_size({"width": 1440, "height": 900})
    desk.goto("/admin/regions/region/?q=Korean+Peninsula")
    desk.get_by_role("link", name="Korean Peninsula").click()
    return desk


def open_preview(page):
    page.get_by_role("button", name="Preview", exact=True).click()
    return page.frame_locator("#preview-pane iframe:not(.preview-coming)")


def type_into_the_introduction(page, words):
    page.locator(".field-introduction [contenteditable=true]").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def test_the_preview_follows_what_is_typed_and_readers_see_nothing_of_it(form, page):
    said = []
    form.on("console", lambda message: said.append(message.text))
    shown = open_preview(form)
    expect(shown.get_by_role("heading", name="Korean Peninsula", exact=True)).to_be_visible()
    history = form.evaluate("history.length")
    type_into_the_introduction(form, f" {TYPED}")
    expect(shown.locator("body")).to_contain_text(TYPED)
    assert form.evaluate("history.length") == history
    assert not said
    with form.context.expect_page() as opened:
        form.get_by_role("button", name="In its own tab").click()
    expect(opened.value.locator("body")).to_contain_text(TYPED)
    opened.value.goto("/regions/korean-peninsula/")
    expect(opened.value.locator("body")).not_to_contain_text(TYPED)


def test_the_preview_has_two_widths_every_language_and_any_moment(form):
    shown = open_preview(form)
    body = shown.locator("body")
    expect(body).to_be_visible()
    assert body.evaluate("() => innerWidth") == 390
    form.get_by_role("button", name="Desktop").click()
    expect(form.get_by_role("button", name="Desktop")).to_have_attribute("aria-pressed", "true")
    assert body.evaluate("() => innerWidth") == 1280
    stage = form.locator(".preview-stage").bounding_box()
    frame = form.locator("#preview-pane iframe").bounding_box()
    assert frame["width"] <= stage["width"] + 1
    form.locator("#preview-pane").get_by_label("Language").select_option("he")
    expect(shown.locator("html")).to_have_attribute("dir", "rtl")
    form.get_by_label("As of").fill("2001-01-01T09:00")
    expect(shown.locator("html")).to_have_attribute("dir", "rtl")
    form.get_by_role("button", name="Close", exact=True).last.click()
    expect(form.locator("#preview-pane")).to_be_hidden()
    expect(form.get_by_role("button", name="Preview", exact=True)).to_be_focused()


def test_a_mistake_in_the_form_is_told_in_the_pane(form):
    form.locator("#id_name").fill("")
    shown = open_preview(form)
    expect(shown.locator("body")).to_contain_text("Name: This field is required.")
    form.locator("#id_name").fill("Korean Peninsula")
    expect(shown.get_by_role("heading", name="Korean Peninsula", exact=True)).to_be_visible()


def test_on_a_phone_the_preview_lies_over_the_form_and_escape_closes_it(form):
    form.set_viewport_size({"width": 390, "height": 800})
    shown = open_preview(form)
    expect(shown.get_by_role("heading", name="Korean Peninsula", exact=True)).to_be_visible()
    pane = form.locator("#preview-pane").bounding_box()
    assert (pane["x"], pane["width"]) == (0, 390)
    form.keyboard.press("Escape")
    expect(form.locator("#preview-pane")).to_be_hidden()


def test_without_javascript_the_button_opens_a_tab(site, browser, signed_in):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    context.add_cookies(signed_in)
    page = context.new_page()
    page.goto("/admin/regions/region/?q=Korean+Peninsula")
    page.get_by_role("link", name="Korean Peninsula").click()
    with context.expect_page() as opened:
        page.get_by_role("button", name="Preview", exact=True).click()
    expect(opened.value.get_by_role("heading", name="Korean Peninsula", exact=True)).to_be_visible()
    context.close()


def test_an_outsider_reads_what_a_link_leads_to_until_it_is_closed(form, browser, site):
    form.locator("#id_image_credit").fill("Somebody new")
    form.get_by_role("button", name="Save draft").click()
    form.goto(form.url.partition("change/")[0] + "links/")
    form.get_by_role("button", name="Make a link").click()
    address = form.get_by_role("textbox", name="Address").first.input_value()
    outside = browser.new_context()
    guest = outside.new_page()
    wrong = []
    guest.on("response", lambda response: wrong.append(response.url) if not response.ok else None)
    guest.goto(address)
    expect(guest.get_by_text("Preview: not public.")).to_be_visible()
    expect(guest.get_by_role("heading", name="Korean Peninsula", exact=True)).to_be_visible()
    assert not wrong
    assert not outside.cookies()
    form.get_by_role("button", name="Close this link").first.click()
    guest.reload()
    expect(guest.get_by_text("Ask who sent it for a new one.")).to_be_visible()
    outside.close()
