import re

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from editorial.richtext import Notes, clean_html, count_words, plain_text, render_text
from tests.texts import NOTE, snippets

pytestmark = pytest.mark.one_database

FIGURE = '<figure data-mark="abc12345"></figure>'


def show(html, **kwargs):
    return str(render_text(html, notes=kwargs.pop("notes", Notes()), **kwargs))


# Footnotes


def test_footnotes_are_numbered_through_all_texts_of_a_page():
    notes = Notes()
    one = show(f"<p>One {NOTE}, two{NOTE}.</p>", notes=notes)
    two = show("<p>Three" + NOTE.replace("Record", "Diary") + "</p>", notes=notes)
    call = '<sup class="call"><a href="#note-{0}" id="call-{0}" role="doc-noteref">{0}</a></sup>'
    assert one == f"<p>One{call.format(1)}, two{call.format(2)}.</p>"
    assert call.format(3) in two
    assert len(notes) == 3
    assert re.findall(r'<li id="note-(\d)">See <em>The (\w+)', notes.html) == [
        ("1", "Record"),
        ("2", "Record"),
        ("3", "Diary"),
    ]
    assert re.findall(r'href="#call-(\d)" role="doc-backlink"', notes.html) == ["1", "2", "3"]


def test_footnotes_move_with_their_words():
    one, two = f"<p>A{NOTE}</p>", "<p>B" + NOTE.replace("Record", "Diary") + "</p>"
    notes = Notes()
    show(two + one, notes=notes)
    assert [note.html for note in notes] == ["See <em>The Diary</em>.", "See <em>The Record</em>."]


def test_an_empty_footnote_is_not_called():
    notes = Notes()
    assert show('<p>A<span class="footnote"></span></p>', notes=notes) == "<p>A</p>"
    assert notes.html == ""


@given(st.lists(snippets, max_size=3))
def test_there_is_a_note_for_every_call_and_a_call_for_every_note(texts):
    notes = Notes()
    shown = "".join(show(html, notes=notes, figures={"abc12345": "<hr>"}) for html in texts)
    calls = re.findall(r'<a href="#note-(\d+)" id="call-\1" role="doc-noteref">\1</a>', shown)
    listed = re.findall(r'<li id="note-(\d+)">', notes.html)
    assert calls == listed == [str(number + 1) for number in range(len(notes))]
    ids = re.findall(r' id="([^"]*)"', shown + notes.html)
    assert len(ids) == len(set(ids))


# Headings


def test_headings_have_readable_anchors_that_no_other_has():
    notes = Notes(taken={"main"})
    html = (
        f"<h2>Why now{NOTE}</h2><h2>Why now?</h2><h3>Main</h3><h3>Note 1</h3><h2>!</h2>"
        "<h2>हिन्दी में</h2><h2>مَرحبا</h2><h2>בין קו לקו</h2><h2>Ça va, İzmir</h2>"
    )
    found = render_text(html, notes=notes).headings
    assert [(each.level, each.anchor) for each in found] == [
        (2, "why-now"),
        (2, "why-now-2"),
        (3, "main-2"),
        (3, "section-note-1"),
        (2, "section"),
        (2, "हिन्दी-में"),
        (2, "مَرحبا"),
        (2, "בין-קו-לקו"),
        (2, "ça-va-i̇zmir"),
    ]
    assert found[0].text == "Why now"


def test_a_heading_that_skips_a_level_is_lifted():
    assert re.findall("<h(.)", show("<h3>A</h3><h2>B</h2><h3>C</h3>")) == ["2", "2", "3"]
    assert re.findall("<h(.)", show("<h2>A</h2><h3>B</h3>", top=3)) == ["3", "4"]
    box = '<aside class="box"><h3>A</h3><p>B</p></aside>'
    assert "<h2>A</h2>" in show(box)
    assert render_text(f"<h2>A</h2>{box}", notes=Notes()).headings[-1].text == "A"


# Figures, pull quotes, tables


def test_a_figure_stands_where_the_text_names_it_and_once():
    html = f"<p>A</p>{FIGURE}<p>B</p>{FIGURE}"
    shown = render_text(html, notes=Notes(), figures={"abc12345": "<hr>", "other": "<br>"})
    assert str(shown) == "<p>A</p>\n<hr>\n<p>B</p>"
    assert shown.placed == {"abc12345"}


def test_a_figure_that_is_not_there_shows_nothing():
    assert show(f"<p>A</p>{FIGURE}") == "<p>A</p>"


def test_a_pull_quote_is_not_read_out_twice():
    pull = '<aside class="pull"><p>Nobody slept.</p></aside>'
    assert "aria-hidden" in show(f"<p>They say: Nobody slept.</p>{pull}")
    assert "aria-hidden" not in show(f"<p>They all did.</p>{pull}")
    linked = pull.replace("slept", '<a href="/b/">slept</a>')
    assert "aria-hidden" not in show(f"<p>They say: Nobody slept.</p>{linked}")


def test_a_table_scrolls_by_keyboard_and_says_what_its_headings_are_of():
    html = "<table><tr><th>A</th><th>B</th></tr><tr><th rowspan='9'>C</th><td>D</td></tr></table>"
    shown = show(html)
    assert '<div class="scroll" role="group" tabindex="0" aria-label="Table"><table>' in shown
    assert '<thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>' in shown
    assert '<th scope="row">C</th>' in shown


def test_no_cell_spans_what_its_table_does_not_have():
    rows = "<tr><td rowspan=2>A</td><td colspan=3>B</td></tr><tr><td colspan=2>C</td></tr>"
    shown = show(f"<table>{rows}</table>")
    assert '<td rowspan="2">A</td><td>B</td></tr><tr><td>C</td>' in shown
    under = "<tr><td>A</td><td rowspan=2>B</td></tr><tr><td colspan=2>C</td><td>D</td></tr>"
    assert "<td>C</td><td>D</td>" in show(f"<table>{under}</table>")
    head = "<tr><th>A</th><th>B</th></tr><tr><td colspan=2>C</td></tr>"
    assert '<td colspan="2">C</td>' in show(f"<table>{head}</table>")


# Elsewhere


def test_a_text_by_itself_has_its_footnotes_below_it():
    template = Template("{% load editorial %}{{ one|rich }}{{ two|rich }}")
    page = template.render(Context({"one": f"<h2>A</h2><p>B{NOTE}</p>", "two": f"<p>C{NOTE}</p>"}))
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids)) == 4
    assert page.index("doc-backlink") < page.index("<p>C")
    assert Template("{% load editorial %}{{ one|rich }}").render(Context({"one": None})) == ""


def test_links_to_our_pages_lead_home_from_another_site():
    html = '<p><a href="/b/">A</a><span class="footnote"><a href="/c/">B</a></span></p>'
    notes = Notes(site="https://example.org")
    shown = show(html, notes=notes) + notes.html
    assert 'href="https://example.org/b/"' in shown
    assert 'href="https://example.org/c/"' in shown


def test_the_words_of_a_text_are_its_paragraphs_and_footnotes():
    html = f"<h2>Why</h2><p>One{NOTE}<br>two</p><ul><li>three</li></ul>"
    assert plain_text(html).split("\n") == ["Why", "One two", "See The Record.", "three"]
    assert plain_text(html, notes=False).split("\n") == ["Why", "One two", "three"]
    assert count_words(html) == 4
    assert count_words("<p>危機の解決</p>") == 5


@given(snippets)
def test_whatever_is_stored_can_be_shown(html):
    stored = clean_html(html)
    assert show(stored) == show(html)
    assert plain_text(stored) == plain_text(html)
