import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from editorial.richtext import MarkdownNotes, escape_markdown, plain_text, to_markdown
from tests.texts import NOTE

pytestmark = pytest.mark.one_database

reader = MarkdownIt("commonmark").enable("table")
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "))
inline = st.recursive(
    words.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["strong", "em", "sup"]), inner).map(
            lambda made: f"<{made[0]}>{made[1]}</{made[0]}>"
        ),
        inner.map('<a href="https://example.org/">{}</a>'.format),
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("<br>".join),
    ),
    max_leaves=6,
)
texts = st.lists(
    st.one_of(
        inline.map("<p>{}</p>".format),
        inline.map("<h2>{}</h2>".format),
        st.lists(inline).map(lambda items: f"<ul><li>{'</li><li>'.join(items)}</li></ul>"),
        st.lists(inline).map(lambda items: f"<ol><li>{'</li><li>'.join(items)}</li></ol>"),
        inline.map("<blockquote><p>{}</p></blockquote>".format),
        inline.map("<ul><li>A<ol><li>{}</li></ol></li></ul>".format),
        st.tuples(inline, inline).map(
            lambda cells: f"<table><tr><th>{cells[0]}</th><td>{cells[1]}</td></tr></table>"
        ),
    ),
    max_size=4,
).map("".join)


def signs(text):
    """What is to be read, spaces apart."""
    return "".join(text.split())


def read_back(markdown):
    return unescape(re.sub(r"<!-- -->|</?[a-z][^>]*>", "", reader.render(markdown)))


def test_a_text_becomes_markdown():
    html = (
        f"<h2>Why</h2><p>One <strong>bold </strong>word{NOTE}, <em>two</em><br>lines &amp; "
        '<a href="/b/(1)">a [link]</a>.</p><ul><li>A<ol start="3"><li>B</li></ol></li></ul>'
        "<blockquote><p>C</p><p>D</p></blockquote>"
        "<table><tr><th>E</th><th>F</th></tr><tr><td>1|2</td><td><p>3</p><p>4</p></td></tr></table>"
    )
    assert to_markdown(html).split("\n") == [
        "## Why",
        "",
        r"One **bold** word[^1], *two*" + "\\",
        r"lines & [a \[link\]](/b/%281%29).",
        "",
        "- A",
        "  3. B",
        "",
        "> C",
        ">",
        "> D",
        "",
        "| E | F |",
        "| --- | --- |",
        r"| 1\|2 | 3<br>4 |",
        "",
        "[^1]: See *The Record*.",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "# A",
        "1. A",
        "1) A",
        "- A",
        "+ A",
        "* A",
        "> A",
        "---",
        "===",
        "```",
        "[^1]: A",
        "| A | B |",
    ],
)
def test_words_that_look_like_markdown_are_words(words):
    assert reader.render(escape_markdown(words)).startswith("<p>")
    assert signs(read_back(escape_markdown(words))) == signs(words)
    assert signs(read_back(to_markdown(f"<p>{words}</p>".replace("> ", "&gt; ")))) == signs(words)


def test_two_lists_that_follow_each_other_stay_two():
    markdown = to_markdown("<ul><li>A</li></ul><ul><li>B</li></ul>")
    assert reader.render(markdown).count("<ul>") == 2


def test_notes_are_numbered_through_all_texts_of_a_document():
    notes = MarkdownNotes(site="https://example.org")
    first = to_markdown(f"<p>A{NOTE}</p>", notes=notes)
    note = '<span class="footnote"><a href="/b/">C</a></span>'
    assert (first, to_markdown(f"<p>B{note}</p>", notes=notes)) == ("A[^1]", "B[^2]")
    assert str(notes).split("\n") == [
        "[^1]: See *The Record*.",
        "[^2]: [C](https://example.org/b/)",
    ]


@given(texts)
def test_no_word_is_lost(html):
    assert signs(read_back(to_markdown(html))) == signs(plain_text(html)), to_markdown(html)
