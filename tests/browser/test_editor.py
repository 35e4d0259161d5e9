"""The editor of texts: what is written, pasted and placed in it is stored as it was meant."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

PASTES = Path(__file__).parent / "pastes"
PASTE = """(text, data) => {
  const carried = new DataTransfer();
  if (data.html) carried.setData("text/html", data.html);
  for (const [name, type, bytes] of data.files ?? []) {
    carried.items.add(new File([Uint8Array.from(bytes)], name, { type }));
  }
  const event = { clipboardData: carried, bubbles: true, cancelable: true };
  text.dispatchEvent(new ClipboardEvent("paste", event));
}"""


def picture(color):
    held = io.BytesIO()
    Image.new("RGB", (320, 200), color).save(held, "PNG")
    return held.getvalue()


@pytest.fixture
def form(page, signed_in):
    """The form of a new report, on the console of which nothing may be said."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.context.add_cookies(signed_in)
    page.goto("/admin/publications/report/add/")
    page.locator("#id_title").fill("A ford in winter")
    page.locator("#id_slug").fill(f"ford-{page.evaluate('Date.now()')}")
    yield page
    assert not said


def text_in(page, place=".field-body"):
    return page.locator(f"{place} .tiptap")


def written(page):
    return page.locator("#id_body").input_value()


def stored(page, field="body"):
    """Save; what the form then opens with."""
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()
    return page.locator(f"#id_{field}").input_value()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def button(page, name):
    return page.locator(".field-body").get_by_role("button", name=name)


def write(page, html):
    """Begin with a text, the caret at its end."""
    text_in(page).evaluate(
        """({editor}, html) => editor.chain().setContent(html, {emitUpdate: true})
          .setMeta("addToHistory", false).focus("end").run()""",
        html,
    )


def caret_to(page, place):
    """Put the caret, or a selection, where only many keys would bring it."""
    text_in(page).evaluate(f"({{editor}}) => editor.commands.setTextSelection({place})")


def test_a_footnote_is_written_where_it_is_called(form):
    text_in(form).click()
    form.keyboard.type("The river froze.")
    press(form, "Control+Alt+f")
    expect(form.locator(".footnote.is-empty")).to_be_visible()
    form.keyboard.type("Interview, ")
    press(form, "Control+i")
    form.keyboard.type("ferryman")
    press(form, "Escape")
    form.keyboard.type(" And thawed.")
    press(form, "Control+Alt+f", "Escape")  # It says nothing, and goes.
    press(form, "Control+Alt+f")
    form.keyboard.type("By day.")
    press(form, "End")
    form.keyboard.type(" Again.")
    press(form, "Enter")
    form.keyboard.type("Carts cross.")
    start = "editor.state.doc.child(0).nodeSize + 1"
    caret_to(form, f"{{from: {start}, to: {start} + 5}}")
    press(form, "Control+Alt+f")
    form.keyboard.type("Of wood.")
    expected = (
        '<p>The river froze.<span class="footnote">Interview, <em>ferryman</em></span>'
        ' And thawed.<span class="footnote">By day.</span> Again.</p>\n'
        '<p>Carts<span class="footnote">Of wood.</span> cross.</p>'
    )
    assert written(form) == expected.replace("\n", "")
    expect(form.locator(".field-body .editor-line")).to_contain_text("Words: 8")
    assert stored(form) == expected


def test_a_paragraph_moves_with_its_notes_and_a_note_is_not_deleted_by_one_key(form):
    notes = [
        '<span class="footnote">a <strong>b</strong></span>',
        '<span class="footnote">c</span>',
    ]
    noted = "<p>One{} two{}</p>".format(*notes)
    write(form, f"{noted}<p>Last.</p>")
    before = written(form)
    caret_to(form, "{from: 1, to: editor.state.doc.child(0).nodeSize - 1}")
    press(form, "Control+x")
    assert "footnote" not in written(form)
    caret_to(form, "editor.state.doc.content.size - 1")
    press(form, "Enter", "Control+v")
    moved = written(form)
    assert moved.index("Last.") < moved.index("One<span") < moved.index("</strong></span> two<span")
    press(form, "Control+z", "Control+z")  # Keys that follow each other at once are one step.
    assert written(form) == before
    caret_to(form, "1")
    press(form, "End", "Backspace")
    assert written(form) == before
    expect(form.locator(".footnote.ProseMirror-selectednode")).to_have_count(1)
    press(form, "Backspace")
    assert written(form) == before.replace(notes[1], "")
    press(form, "Control+z")
    assert stored(form) == f"{noted}\n<p>Last.</p>"


def test_what_is_pasted_keeps_its_structure_and_nothing_else(form):
    names = sorted(path.stem for path in PASTES.glob("*.html"))
    for number, name in enumerate(names):
        form.locator("#findings-group .add-row a").click()
        text = text_in(form, f"#findings-{number}")
        text.click()
        text.evaluate(PASTE, {"html": (PASTES / f"{name}.html").read_text()})
    expect(form.locator(f"#findings-{names.index('page')} .editor-says")).to_contain_text(
        "1 left out"
    )
    stored(form)
    kept = [
        form.locator(f"#id_findings-{number}-text").input_value() for number in range(len(names))
    ]
    expected = json.loads((PASTES / "kept.json").read_text())
    assert dict(zip(names, kept, strict=True)) == {
        name: "\n".join(expected[name]) for name in names
    }


def publish(page):
    """Add what a report needs besides its text, publish it, and go to where readers find it."""
    page.locator("#id_standfirst").fill("Short.")
    page.locator("#id_regions ~ .select2").click()
    page.keyboard.type("North East Asia")
    page.locator(".select2-results__option", has_text="North East Asia").first.click()
    page.locator("#bylines-group .add-row a").click()
    page.locator("#id_bylines-0-outside_name").fill("A guest")
    page.get_by_role("button", name="Approve and publish").click()
    page.get_by_role("link", name="View on site").click()


def test_pictures_are_placed_in_the_text(form):
    write(form, "<p>Before.</p><p>After.</p>")
    caret_to(form, "1")
    with form.expect_file_chooser() as chooser:
        button(form, "Picture").click()
        form.get_by_role("dialog").get_by_role("button", name="A new picture").click()
    chooser.value.set_files(
        {"name": "river.png", "mimeType": "image/png", "buffer": picture("red")}
    )
    expect(form.locator(".figure-place canvas")).to_be_visible()
    form.keyboard.press("Control+End")
    files = [["ford.png", "image/png", [*picture("blue")]], ["x.svg", "image/svg+xml", [60]]]
    text_in(form).evaluate(PASTE, {"files": files})
    expect(form.locator(".field-body .editor-says")).to_contain_text("could not be taken")
    form.locator(".figure-place").last.get_by_role("button").click()
    expect(form.locator("#id_figures-1-alt")).to_be_focused()
    form.locator("#id_figures-1-alt").fill("A ford")
    expect(form.locator(".figure-words").last).to_have_text("A ford")
    form.locator(".figure-place .figure-words").first.click()
    form.keyboard.press("Delete")
    expect(form.locator(".figure-place")).to_have_count(1)
    form.keyboard.press("Control+z")
    body = stored(form)
    first, second = (form.locator(f"#id_figures-{number}-mark").input_value() for number in (0, 1))
    assert first != second
    assert body == (
        f'<p>Before.</p>\n<figure data-mark="{first}"></figure>\n<p>After.</p>\n'
        f'<figure data-mark="{second}"></figure>'
    )
    expect(form.locator(".figure-place img")).to_have_count(2)
    form.locator("#id_figures-0-alt").fill("A river")
    publish(form)
    expect(form.get_by_role("img", name="A river")).to_be_visible()
    placed = form.locator("p:has-text('Before.') ~ figure img, p:has-text('After.') ~ figure img")
    expect(placed).to_have_count(2)


def test_boxes_and_buttons_are_reached_and_left_by_keys(form):
    text_in(form).click()
    form.keyboard.type("Nobody asks.")
    button(form, "Pull quote").click()
    press(form, "Enter", "Enter")
    form.keyboard.type("How it freezes")
    button(form, "Box").click()
    press(form, "Enter")
    form.keyboard.type("Slowly.")
    form.wait_for_timeout(50)
    press(form, "ArrowDown")
    form.keyboard.type("Below")
    press(form, "Alt+F10")
    expect(button(form, "Heading").first).to_be_focused()
    press(form, "ArrowRight", "ArrowRight", "ArrowRight")
    expect(button(form, "Bold")).to_be_focused()
    press(form, "ArrowLeft", "ArrowLeft", "Enter")
    form.keyboard.type(" it")
    press(form, "Alt+F10", "Escape")
    expect(text_in(form)).to_be_focused()
    expect(button(form, "Smaller heading")).to_have_attribute("aria-pressed", "true")
    assert stored(form) == (
        '<aside class="pull"><p>Nobody asks.</p>\n</aside>\n'
        '<aside class="box"><p>How it freezes</p>\n<p>Slowly.</p>\n</aside>\n<h3>Below it</h3>'
    )


def test_notes_and_pictures_come_back_when_they_were_not_saved(form):
    written_so = (
        '<p>Kept<span class="footnote">so</span></p><aside class="pull"><p>q</p></aside><p>x</p>'
    )
    write(form, written_so)
    text_in(form).evaluate(PASTE, {"files": [["ford.png", "image/png", [*picture("blue")]]]})
    before = written(form)
    form.wait_for_function(
        "html => Object.values(localStorage).some((text) => text.includes(html))",
        arg=json.dumps(before),
    )
    form.on("dialog", lambda asked: asked.accept())
    form.reload()
    form.get_by_role("button", name="Take it back").first.click()
    assert written(form) == before
    expect(form.locator(".figure-place.is-missing")).to_have_count(0)
    form.set_viewport_size({"width": 390, "height": 800})
    assert form.evaluate("document.documentElement.scrollWidth") == 390
    form.locator("#id_language").select_option("he")
    expect(text_in(form)).to_have_attribute("dir", "rtl")
