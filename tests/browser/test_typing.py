"""What an editor types is not lost, comes back where it was, and is saved once."""

import itertools

import pytest
from playwright.sync_api import expect

from tests.browser.sending import make

TEXT = "#id_text"
CREDIT = "#id_speaker_title"
SAVE = "[name=_draft], [name=_continue], [name=_save]"
NUMBERS = itertools.count()
KEPT = "() => Object.keys(localStorage).filter((name) => name.startsWith('typed ')).length"


def notice(page):
    return page.get_by_role("region", name="Text that was not saved")


def until_kept(page, words):
    """Wait until the browser has put away what was typed."""
    page.wait_for_function(
        "words => Object.values(localStorage).some((text) => text.includes(words))", arg=words
    )


def take_back(page):
    page.get_by_role("button", name="Take it back").click()
    expect(notice(page)).to_contain_text("Your text is back in the form")


def save(page):
    """Save with the keyboard, and wait for the answer."""
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()


def nothing_is_offered(page):
    """The page has asked the other tabs, and has found nothing to offer."""
    expect(page.locator("form[data-offers='0']")).to_have_count(1)
    expect(notice(page)).to_have_count(0)


def nothing_is_left(page):
    page.reload()
    nothing_is_offered(page)
    assert page.evaluate(KEPT) == 0


def sign_in(page, site):
    page.get_by_label("Username").fill(site.user)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Log in").click()


def editor_of(page, field):
    return page.locator(f".field-{field} .tiptap")


def slug():
    return f"ford-{next(NUMBERS)}"


@pytest.fixture
def draft(desk):
    """The form of a draft. Where it does not matter what it is of, it is small."""
    # The first of the demonstration have said and printed it.
    quote = {"text": "A ford in winter", "said_on": "2024-01-02", "speaker": "1", "outlet": "1"}
    desk.goto(make(desk, "people/quote", **quote, language="en", slug=slug()))
    return desk


@pytest.fixture
def report(desk):
    """The form of a draft of a publication, with texts and rows."""
    report = {"title": "A ford in winter", "kind": "report", "language": "en"}
    chosen = {"licence": "reserved", "image_ppoi": "0.5x0.5"}
    desk.goto(make(desk, "publications/publication", **report, **chosen, slug=slug()))
    return desk


def test_text_is_offered_after_a_reload_and_taken_back(draft):
    address = draft.url
    draft.locator(TEXT).fill("Never saved")
    draft.reload()
    expect(notice(draft)).to_contain_text("was not saved")
    expect(draft.locator(TEXT)).to_have_value("A ford in winter")
    notice(draft).get_by_text("Show it").click()
    expect(notice(draft).locator("dt")).to_have_text("Text")
    expect(notice(draft).locator("dd")).to_have_text("Never saved")
    take_back(draft)
    expect(draft.locator(TEXT)).to_have_value("Never saved")
    save(draft)
    draft.goto(address)
    expect(draft.locator(TEXT)).to_have_value("Never saved")
    nothing_is_left(draft)


def test_text_is_offered_in_another_tab_after_the_first_has_died(draft):
    draft.locator(TEXT).fill("Died young")
    until_kept(draft, "Died young")
    other = draft.context.new_page()
    other.goto(draft.url)
    nothing_is_offered(other)  # The first tab lives and has it.
    draft.close()
    other.reload()
    take_back(other)
    expect(other.locator(TEXT)).to_have_value("Died young")


def test_text_survives_an_expired_sign_in(draft, site):
    draft.locator(TEXT).fill("Typed too long")
    draft.context.clear_cookies(name="sessionid")
    draft.locator(SAVE).first.click()
    sign_in(draft, site)
    take_back(draft)
    expect(draft.locator(TEXT)).to_have_value("Typed too long")
    save(draft)
    nothing_is_left(draft)


def test_a_page_that_was_signed_out_saves_after_a_sign_in_elsewhere(draft, site):
    address = draft.url
    draft.locator(TEXT).fill("Two tabs, one sign-in")
    draft.context.clear_cookies()
    told = draft.locator("#presence")
    draft.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(told).to_contain_text("You are signed out.")
    other = draft.context.new_page()
    other.goto("/admin/")
    sign_in(other, site)
    expect(other.locator("#user-tools")).to_be_visible()
    other.close()
    draft.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(told).not_to_contain_text("You are signed out.")
    save(draft)
    draft.goto(address)
    expect(draft.locator(TEXT)).to_have_value("Two tabs, one sign-in")


def test_text_survives_a_save_that_is_refused(draft):
    address = draft.url
    draft.locator(CREDIT).fill("Typed with a mistake")
    draft.locator("#id_slug").fill("not a slug")
    with draft.expect_navigation():
        draft.keyboard.press("Control+s")
    expect(draft.locator(CREDIT)).to_have_value("Typed with a mistake")
    nothing_is_offered(draft)  # It stands in the form.
    draft.goto(address)
    take_back(draft)
    expect(draft.locator(CREDIT)).to_have_value("Typed with a mistake")
    draft.locator("#id_slug").fill(f"ford-{draft.evaluate('Date.now()')}")
    save(draft)
    nothing_is_left(draft)


def test_what_was_saved_is_not_offered(draft):
    draft.locator(TEXT).fill("Saved")
    until_kept(draft, "Saved")
    save(draft)
    assert draft.evaluate(KEPT) == 0
    nothing_is_left(draft)


def test_what_was_typed_and_taken_out_again_is_not_offered(draft):
    draft.locator(TEXT).fill("A moment's thought")
    until_kept(draft, "A moment's thought")
    draft.locator(TEXT).fill("A ford in winter")
    nothing_is_left(draft)


def test_what_is_forgotten_can_be_remembered_until_the_page_is_left(draft):
    draft.locator(TEXT).fill("Perhaps")
    draft.reload()
    draft.get_by_role("button", name="Forget it").click()
    expect(notice(draft)).to_contain_text("Forgotten.")
    draft.locator("[data-kept=undo]").click()
    draft.reload()
    draft.get_by_role("button", name="Forget it").click()
    nothing_is_left(draft)


def test_rich_text_comes_back_into_the_editor(report):
    editor_of(report, "body").click()
    report.keyboard.type("Two rivers ")
    report.keyboard.press("Control+b")
    report.keyboard.type("and one road.")
    until_kept(report, "and one road.")
    report.reload()
    take_back(report)
    expect(editor_of(report, "body").locator("strong")).to_have_text("and one road.")
    save(report)
    expect(editor_of(report, "body")).to_contain_text("Two rivers and one road.")
    nothing_is_left(report)


def test_rows_choices_and_their_names_come_back(report):
    for number, words in enumerate(["What is new", "Why it matters"]):
        report.locator("#findings-group .add-row a").click()
        report.locator(f"#findings-{number} .tiptap").click()
        report.keyboard.type(words)
    report.locator("#id_regions ~ .select2").click()
    report.keyboard.type("North East Asia")
    report.locator(".select2-results__option", has_text="North East Asia").first.click()
    report.locator("#id_subtitle").fill("The last of it")
    until_kept(report, "The last of it")
    report.reload()
    expect(notice(report).locator("dt").last).to_have_text("Findings: Text")
    take_back(report)
    expect(report.locator("#findings-0 .tiptap")).to_have_text("What is new")
    expect(report.locator("#findings-1 .tiptap")).to_have_text("Why it matters")
    expect(report.locator("#id_regions ~ .select2")).to_contain_text("North East Asia")


def test_forms_of_every_model_keep_what_is_typed(desk):
    desk.goto("/admin/people/outlet/add/")
    desk.get_by_label("Name:").fill("The Ford Gazette")
    until_kept(desk, "The Ford Gazette")
    desk.reload()
    take_back(desk)
    expect(desk.get_by_label("Name:")).to_have_value("The Ford Gazette")


def test_nobody_is_offered_what_somebody_else_typed(draft):
    draft.locator(TEXT).fill("For my eyes only")
    until_kept(draft, "For my eyes only")
    draft.evaluate(
        """() => {
          for (const [name, text] of Object.entries(localStorage)) {
            const [typed, , ...rest] = name.split(" ");
            if (typed === "typed") localStorage.setItem(["typed", "0", ...rest].join(" "), text);
          }
        }"""
    )
    draft.locator(TEXT).fill("A ford in winter")
    draft.reload()
    nothing_is_offered(draft)


def test_text_older_than_a_month_is_thrown_away(draft):
    draft.locator(TEXT).fill("Last month")
    until_kept(draft, "Last month")
    draft.goto("/admin/")
    draft.evaluate(
        """() => {
          for (const [name, text] of Object.entries(localStorage)) {
            if (!name.startsWith("typed ")) continue;
            const entry = JSON.parse(text);
            localStorage.setItem(name, JSON.stringify({ ...entry, at: entry.at - 31 * 864e5 }));
          }
        }"""
    )
    draft.reload()
    draft.wait_for_function(f"() => ({KEPT})() === 0")


def test_a_text_for_a_page_that_has_moved_on_says_so_and_keeps_its_version(draft):
    before = draft.locator("[name=_version]").input_value()
    draft.locator(TEXT).fill("Mine")
    until_kept(draft, "Mine")
    address = draft.url
    other = draft.context.new_page()
    draft.close()
    other.goto(address)
    expect(notice(other)).to_be_visible()
    other.locator(CREDIT).fill("Theirs")
    save(other)
    expect(notice(other)).to_contain_text("The page has been saved since.")
    take_back(other)
    expect(other.locator("[name=_version]")).to_have_value(before)


def test_a_double_click_saves_once(draft):
    posts = []
    draft.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    draft.locator(TEXT).fill("Clicked twice")
    with draft.expect_navigation():
        draft.locator(SAVE).first.dblclick()
    expect(draft.locator(".messagelist .success")).to_be_visible()
    assert len([url for url in posts if url.endswith("/change/")]) == 1


def test_the_keys_work_in_the_editor_and_are_listed(report):
    editor_of(report, "body").click()
    report.keyboard.type("Saved / from? within.")
    save(report)
    expect(editor_of(report, "body")).to_contain_text("Saved / from? within.")
    report.locator("h1").click()
    report.keyboard.press("?")
    listed = report.get_by_role("dialog", name="Keys")
    expect(listed).to_contain_text("Ctrl S")
    listed.get_by_role("button", name="Close").click()
    expect(listed).to_be_hidden()
    shortcuts = report.locator("[aria-keyshortcuts='Control+S Meta+S']")
    expect(shortcuts).to_have_count(1)


def test_a_slash_goes_to_the_search_box(desk):
    desk.goto("/admin/publications/publication/")
    desk.locator("h1").click()
    desk.keyboard.press("/")
    expect(desk.locator("#desk-search, #searchbar").first).to_be_focused()


def test_nothing_is_said_on_the_console(draft):
    said = []
    draft.on("console", lambda message: said.append(message.text))
    draft.on("pageerror", lambda error: said.append(str(error)))
    draft.reload()
    draft.locator(TEXT).fill("Quiet")
    draft.reload()
    take_back(draft)
    save(draft)
    assert not said


def test_colleagues_who_come_later_are_told_of(draft):
    han = '{"others": [{"name": "Han & Bora", "since": "14:05 (13:05 UTC)"}]}'
    draft.route("**/presence/", lambda route: route.fulfill(body=han))
    draft.reload()
    expect(draft.get_by_role("status").filter(has_text="Han")).to_have_text(
        "Han & Bora has this page open since 14:05 (13:05 UTC)."
    )


def test_submitting_works_from_within_the_editor(report):
    editor_of(report, "body").click()
    with report.expect_request(lambda request: request.method == "POST") as sent:
        report.keyboard.press("Control+Enter")
    assert "_submit" in sent.value.post_data


def test_the_page_warns_before_it_is_left_if_the_browser_keeps_nothing(draft):
    draft.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    draft.locator(TEXT).fill("Nowhere to go")
    with draft.expect_event("dialog") as asked:
        draft.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()


def test_the_page_is_left_without_a_question_where_all_is_kept(draft):
    draft.locator(TEXT).fill("Kept")
    with draft.expect_event("close"):
        draft.close(run_before_unload=True)
