"""
An editor's day, from the first draft to the last withdrawal: two people at the desk, each in a
browser of their own, and a reader who sees only what has been published.
"""

import datetime
import re
import time

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

REGION = "/regions/caucasus/"
PIECE = "/publications/the-hotline/"
RUMOUR = "/publications/ceasefires-need-clerks/"
MIRAS = "Mira counts three open crossings."
COLLEAGUES = "Her colleague counts two."
HEADING = "Three crossings before winter"
TOMORROW = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
# To fill in the form of a schedule, once it is open, before its moment has come, …
SOON = 4
# … and to wait for what comes by itself, on a busy machine.
PATIENCE = 15


def press(page, button):
    page.get_by_role("button", name=button, exact=True).click()


def told(page, words):
    expect(page.locator(".messagelist .success")).to_contain_text(words)
    expect(page.locator(".errorlist")).to_have_count(0)


def write(page, field, words):
    page.locator(f".field-{field} .tiptap").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {words}")


def choose(page, field, words):
    page.locator(f"#{field} ~ .select2").click()
    page.keyboard.type(words)
    page.locator(".select2-results__option", has_text=words).first.click()


def open_form(page, model, name):
    """Open a form, and wait until colleagues have been told."""
    page.goto(f"/admin/{model}/?q={name}")
    with page.expect_response("**/presence/"):
        page.get_by_role("link", name=name, exact=True).first.click()


def join(page, site, browser, name):
    """An account for a new colleague, and a browser in which she has signed in."""
    page.goto("/admin/auth/user/add/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password:", exact=True).fill(site.password)
    page.get_by_label("Password confirmation:").fill(site.password)
    press(page, "Save")
    page.get_by_label("First name:").fill(name.capitalize())
    page.get_by_label("Staff status").check()
    choose(page, "id_groups", "Editor")
    press(page, "Save")
    told(page, "was changed successfully")
    hers = browser.new_context(base_url=site.url).new_page()
    hers.goto("/admin/")
    hers.get_by_label("Username").fill(name)
    hers.get_by_label("Password").fill(site.password)
    press(hers, "Log in")
    expect(hers.get_by_role("heading", name="Desk")).to_be_visible()
    return hers


def readers_see(reader, path, words):
    reader.goto(path)
    expect(reader.locator("body")).to_contain_text(words)


def readers_do_not_see(reader, path, words):
    reader.goto(path)
    expect(reader.locator("body")).not_to_contain_text(words)


def say_when(page, moment):
    page.locator("#id_at_0").fill(f"{moment:%Y-%m-%d}")
    page.locator("#id_at_1").fill(f"{moment:%H:%M:%S}")
    press(page, "Schedule")


def schedule(page, when):
    """Schedule it for what ``when`` says once the form is open; returns that."""
    press(page, "Schedule…")
    expect(page.locator("#id_at_1")).to_be_visible()
    moment = when()
    say_when(page, moment)
    told(page, "It goes live")
    return moment


def soon(seconds=SOON):
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    return moment.replace(microsecond=0)


def comes_by_itself(reader, path, words, moment):
    """Nobody does anything; readers have it from its moment on and not a second before."""
    while True:
        shown = words in reader.request.get(path).text()
        late = time.time() - moment.timestamp()
        if shown:
            break
        assert late < PATIENCE, f"“{words}” did not come"
        reader.wait_for_timeout(50)
    assert late >= 0, f"“{words}” came too early"


def draft(mira, reader):
    open_form(mira, "regions/region", "Caucasus")
    expect(mira.locator(".state-line")).to_contain_text("Readers see exactly this")
    write(mira, "introduction", MIRAS)


def two_at_once(mira, editor, reader):
    """Both have the form open; both save."""
    open_form(editor, "regions/region", "Caucasus")
    expect(editor.locator("#presence")).to_contain_text("Mira has this page open since")
    write(editor, "introduction", COLLEAGUES)
    editor.locator("#id_image_credit").fill("A colleague")
    press(mira, "Save draft")
    told(mira, "Readers see none of it yet.")
    expect(mira.locator(".field-introduction .tiptap")).to_contain_text(MIRAS)
    readers_do_not_see(reader, REGION, MIRAS)

    press(editor, "Save draft")
    expect(editor.locator("h1")).to_contain_text("Two texts of Caucasus")
    both = editor.locator("#question-introduction")
    expect(both).to_contain_text(MIRAS)
    expect(both).to_contain_text(COLLEAGUES)
    both.get_by_text("Write it together").click()
    both.locator(".tiptap").click()
    editor.keyboard.press("Control+End")
    editor.keyboard.type(f" {MIRAS}")
    press(editor, "Save the joined text")
    told(editor, "Both texts are joined and saved.")
    for words in (MIRAS, COLLEAGUES):
        expect(editor.locator(".field-introduction .tiptap")).to_contain_text(words)
        readers_do_not_see(reader, REGION, words)
    expect(editor.locator("#id_image_credit")).to_have_value("A colleague")


def review(mira, editor, reader):
    """Mira asks for review; her colleague compares and publishes."""
    mira.reload()
    expect(mira.locator(".field-introduction .tiptap")).to_contain_text(COLLEAGUES)
    press(mira, "Submit for review")
    told(mira, "waits for review")
    expect(mira.get_by_role("button", name="Publish changes")).to_have_count(0)

    editor.goto("/admin/")
    waiting = editor.get_by_role("region", name="Waiting for my review")
    item = waiting.get_by_role("listitem").filter(has_text="Caucasus")
    item.get_by_role("link", name="Compare").click()
    came = editor.locator("#change-introduction ins")
    expect(came).to_contain_text([re.compile(f"{COLLEAGUES}.*{MIRAS}")])
    assert came.first.evaluate("ins => getComputedStyle(ins).textDecorationLine") == "underline"
    editor.get_by_role("link", name="Caucasus").first.click()
    press(editor, "Publish changes")
    told(editor, "are public now.")
    for words in (MIRAS, COLLEAGUES):
        readers_see(reader, REGION, words)


def look_ahead(mira, editor, reader):
    """What is approved for tomorrow is seen in a preview as of then, and nowhere else."""
    mira.goto("/admin/publications/publication/add/")
    mira.locator("#id_kind").select_option(label="Commentary")
    mira.locator("#id_title").fill(HEADING)
    press(mira, "Save")
    told(mira, HEADING)
    expect(mira.locator(".checklist")).to_contain_text("needed")
    mira.locator("#id_standfirst").fill("Who keeps them open, and for whom.")
    write(mira, "body", "Two lorries an hour.")
    choose(mira, "id_regions", "Caucasus")
    press(mira, "Schedule…")
    say_when(mira, TOMORROW)
    expect(mira.locator(".messagelist .error")).to_have_text("Nobody is named as its author.")
    mira.get_by_role("link", name="Back").click()
    mira.get_by_role("button", name="Add another Byline").click()
    mira.locator("#id_bylines-0-outside_name").fill("Mira")
    schedule(mira, lambda: TOMORROW)
    expect(mira.locator(".state-line")).to_contain_text("Readers see it from")
    readers_do_not_see(reader, REGION, HEADING)

    open_form(editor, "regions/region", "Caucasus")
    press(editor, "Preview")
    shown = editor.frame_locator("#preview-pane iframe:not(.preview-coming)").locator("body")
    expect(shown).to_contain_text(MIRAS)
    expect(shown).not_to_contain_text(HEADING)
    after = TOMORROW + datetime.timedelta(hours=1)
    editor.get_by_label("As of").fill(f"{after:%Y-%m-%dT%H:%M}")
    expect(shown).to_contain_text(HEADING)
    editor.locator("#preview-pane").get_by_role("button", name="Close").click()
    readers_do_not_see(reader, REGION, HEADING)


def sooner(editor, reader):
    """The commentary is wanted at once: in a few seconds it is there, without anybody's doing."""
    open_form(editor, "publications/publication", HEADING)
    press(editor, "Back to draft")
    told(editor, "is now: draft")
    moment = schedule(editor, soon)
    comes_by_itself(reader, REGION, HEADING, moment)
    readers_see(reader, "/publications/three-crossings-before-winter/", "Two lorries an hour.")


def change_by_itself(editor, reader):
    open_form(editor, "regions/region", "Caucasus")
    write(editor, "introduction", "One of them closed today.")
    moment = schedule(editor, soon)
    expect(editor.locator(".state-line")).to_contain_text("takes the place of what readers see")
    comes_by_itself(reader, REGION, "One of them closed today.", moment)


def correct(editor, reader):
    sentence = "It rings at four, not at three."
    open_form(editor, "publications/publication", "The Hotline")
    editor.get_by_role("button", name="Add another Correction").click()
    editor.locator("#id_corrections-0-text").fill(sentence)
    press(editor, "Publish changes")
    told(editor, "are public now.")
    readers_see(reader, PIECE, sentence)
    readers_see(reader, "/corrections/", sentence)


def withdraw(editor, reader):
    open_form(editor, "publications/publication", "Ceasefires Need Clerks")
    editor.get_by_role("link", name="Withdraw…").click()
    editor.get_by_label("reason").fill("A clerk has told us otherwise.")
    press(editor, "Withdraw")
    told(editor, "is withdrawn")
    assert reader.goto(RUMOUR).status == 410
    expect(reader.locator("body")).to_contain_text("A clerk has told us otherwise.")


def test_an_editors_day(desk, site, browser):
    editor = desk
    mira = join(editor, site, browser, "mira")
    reader = browser.new_context(base_url=site.url).new_page()
    said = []
    for page in (editor, mira):
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
    draft(mira, reader)
    two_at_once(mira, editor, reader)
    review(mira, editor, reader)
    look_ahead(mira, editor, reader)
    sooner(editor, reader)
    change_by_itself(editor, reader)
    correct(editor, reader)
    withdraw(editor, reader)
    assert not reader.context.cookies()
    assert not said
    for page in (mira, reader):
        page.context.close()
