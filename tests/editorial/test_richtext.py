import pytest
from django.core.exceptions import ValidationError
from hypothesis import given

from editorial.joining import join_texts
from editorial.richtext import RichTextField, clean_html
from tests.texts import NOTE, snippets

pytestmark = pytest.mark.one_database


def test_one_block_stands_on_one_line():
    html = "<h2>A</h2><p>One</p>\n\n<p>Two</p>"
    assert clean_html(html) == "<h2>A</h2>\n<p>One</p>\n<p>Two</p>"


def test_scripts_styles_and_handlers_are_gone():
    html = '<p onclick="x()" style="color:red">A<script>x()</script><img src="x" onerror="x()"></p>'
    assert clean_html(html) == "<p>A</p>"


def test_a_link_leads_to_the_web_or_to_a_mailbox_only():
    assert "javascript" not in clean_html('<a href="javascript:alert(1)">x</a>')
    assert 'href="https://example.org"' in clean_html('<a href="https://example.org">x</a>')


def test_empty_paragraphs_are_dropped():
    assert clean_html("<p>A</p><p>&nbsp;</p><p></p><p><br></p>") == "<p>A</p>"


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<div>A</div><div>B</div>", "<p>A</p>\n<p>B</p>"),
        ("<div><div>A</div><p>B</p></div><div><div><br></div></div>", "<p>A</p>\n<p>B</p>"),
        ("<h1>A</h1><h5>B</h5><pre>C</pre>", "<h2>A</h2>\n<h3>B</h3>\n<p>C</p>"),
        ("<section><dl><dt>A</dt><dd>B</dd></dl></section>", "<p>A</p>\n<p>B</p>"),
        ("A<hr title='x'>B<hr>C", "<p>A</p>\n<p>B</p>\n<p>C</p>"),
        ("<h2><div>A</div></h2>", "<h2>A</h2>"),
        ('<a href="/b/"><div>A</div></a>', '<p><a href="/b/">A</a></p>'),
        ("<ul><div><li>A</li><li><div>B</div></li></div></ul>", "<ul><li>A</li><li>B</li></ul>"),
        ('<span class="footnote">A<div>B</div></span>', '<span class="footnote">A B</span>'),
        ('A<br title="x" lang="en">B', "A<br>B"),
    ],
)
def test_words_in_blocks_that_are_not_kept_stay_apart(html, cleaned):
    assert clean_html(html) == cleaned
    assert clean_html(cleaned) == cleaned


@given(snippets)
def test_cleaning_twice_changes_nothing_more(html):
    once = clean_html(html)
    assert clean_html(once) == once
    assert "<script" not in once.lower()


def refused(html):
    with pytest.raises(ValidationError) as caught:
        RichTextField().clean(html, None)
    [sentence] = caught.value.messages
    return sentence


# Footnotes, boxes, pull quotes, figures


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Quiet{NOTE} so far.</p>",
        '<aside class="box"><h3>Words</h3>\n<p>One</p>\n<ul><li>Two</li></ul>\n</aside>',
        '<aside class="pull"><p>Nobody slept.</p>\n</aside>',
        '<p>A</p>\n<figure data-mark="abc12345"></figure>\n<p>B</p>',
        (
            '<table><thead><tr><th>A</th></tr></thead><tbody><tr><td colspan="2"></td></tr></tbody>'
            "</table>"
        ),
        '<ol start="3" type="a"><li>A<ul><li>B</li></ul>\n</li></ol>',
    ],
)
def test_what_the_editor_makes_stays_as_it_is(html):
    assert clean_html(html) == html


def test_a_footnote_holds_words_alone_and_stands_in_no_link_or_emphasis():
    note = '<span class="footnote"> <p>One</p><ul><li>two</li></ul><br>three&nbsp;</span>'
    assert clean_html(note) == '<span class="footnote">One two three</span>'
    html = f'<p><a href="/b/">be{NOTE}fore</a> <em>this{NOTE}</em></p>'
    assert clean_html(html) == (
        f'<p><a href="/b/">be</a>{NOTE}<a href="/b/">fore</a> <em>this</em>{NOTE}</p>'
    )
    nested = f'<p>A<span class="footnote">B {NOTE}</span></p>'
    assert clean_html(nested).count("<span") == 1


def test_an_empty_footnote_is_kept_for_its_writer_without_its_white_space():
    assert clean_html('<p>A<span class="footnote"> &nbsp;</span></p>') == (
        '<p>A<span class="footnote"></span></p>'
    )


def test_boxes_pull_quotes_and_figures_do_not_stand_in_each_other():
    html = (
        '<aside class="box"><p>A</p><aside class="box"><p>B</p></aside>'
        '<figure data-mark="abc12345">C</figure><blockquote><p>D</p></blockquote></aside>'
    )
    assert clean_html(html).split("\n") == [
        '<aside class="box"><p>A</p>',
        "<p>B</p>",
        "</aside>",
        '<figure data-mark="abc12345"></figure>',
        '<aside class="box"><p>D</p>',
        "</aside>",
    ]


def test_classes_and_marks_of_others_are_not_kept():
    html = (
        '<aside class="note"><p>A</p></aside><p><span class="x">B</span></p>'
        '<figure data-mark="a b"><img src="x"><figcaption>C</figcaption></figure>'
    )
    assert clean_html(html) == "<p>A</p>\n<p>B</p>\n<p>C</p>"


# Lists and tables


def test_a_paragraph_that_is_alone_in_a_cell_or_item_is_not_one():
    html = "<table><tbody><tr><td><p>A</p></td><td><p>B</p><p>C</p></td></tr></tbody></table>"
    assert clean_html(html) == (
        "<table><tbody><tr><td>A</td><td><p>B</p>\n<p>C</p>\n</td></tr></tbody></table>"
    )
    html = "<ul><li><p>A</p><ul><li><p>B</p></li></ul></li></ul>"
    assert clean_html(html) == "<ul><li>A<ul><li>B</li></ul>\n</li></ul>"


def test_a_table_in_a_list_or_quotation_divides_it():
    table = "<table><tbody><tr><td>B</td></tr></tbody></table>"
    assert clean_html(f"<ol><li>A{table}C</li></ol>").split("\n") == [
        "<ol><li>A</li></ol>",
        table,
        "<ol><li>C</li></ol>",
    ]
    assert clean_html(f"<blockquote>A{table}</blockquote>").endswith(f"</blockquote>\n{table}")


def test_a_caption_stands_before_its_table_and_a_figure_behind():
    html = (
        "<table><caption>A</caption><tr><td>B<figure data-mark='abc12345'></figure></td></tr>"
        "</table>"
    )
    assert clean_html(html).split("\n") == [
        "<p>A</p>",
        "<table><tbody><tr><td>B</td></tr></tbody></table>",
        '<figure data-mark="abc12345"></figure>',
    ]


def test_a_table_in_a_table_becomes_paragraphs():
    inner = "<table><tr><td>B</td><td>C</td></tr></table>"
    html = clean_html(f"<table><tr><td>A{inner}</td></tr></table>")
    assert html.count("<table>") == 1
    assert "<p>B</p>\n<p>C</p>" in html


def test_a_heading_in_a_cell_is_bold():
    assert "<td><strong>A</strong></td>" in clean_html("<table><td><h2>A</h2></td></table>")


# White space


def test_paragraphs_end_with_a_word():
    assert clean_html("<p>&nbsp;A <strong>B&nbsp;</strong>&nbsp;<br></p>") == (
        "<p>A <strong>B</strong></p>"
    )
    assert clean_html("<p>10&nbsp;km</p>") == "<p>10&nbsp;km</p>"


def test_a_paragraph_is_one_line_so_that_no_footnote_is_torn_apart():
    note = '<span class="footnote">A\nnote</span>'
    base = clean_html(
        f"<p>One{note}\ntwo</p><p>Three</p><aside class='box'><p>A</p><p>B</p></aside>"
    )
    assert base.split("\n")[0] == '<p>One<span class="footnote">A note</span> two</p>'
    mine, theirs = base.replace("A note", "My note"), base.replace("Three", "3")
    assert join_texts(base, theirs, mine) == mine.replace("Three", "3")
    # A box is one: two who change it in different places have to agree.
    both = [base.replace("<p>A</p>", "<p>a</p>"), base.replace("<p>B</p>", "<p>b</p>")]
    assert join_texts(base, *both) is None


# Links


@pytest.mark.parametrize("address", ["", " ", "https://", "mailto:", "http:"])
def test_a_link_that_leads_nowhere_is_none(address):
    assert clean_html(f'<p><a href="{address}">A</a></p>') == "<p>A</p>"


def test_an_address_holds_what_may_stand_in_one():
    html = clean_html('<p><a href="/a b|c%zz%20é">A</a></p>')
    assert html == '<p><a href="/a%20b%7Cc%25zz%20é">A</a></p>'


# What is no text


def test_a_text_of_2_mb_is_refused_with_a_sentence():
    assert "2 MB" in refused("x" * 2_000_001)
    assert "2 MB" in refused("ש" * 1_000_001)


@pytest.mark.parametrize("tag", ["div", "blockquote", "ul><li", "b", "x-y"])
def test_what_is_nested_a_thousand_times_is_refused_with_a_sentence(tag):
    assert "nested" in refused(f"<{tag}>" * 1_000)


def test_a_hundred_thousand_tags_are_refused_with_a_sentence():
    assert "formatting" in refused("<p><b>" + "<p>a" * 100_000)


def test_a_table_of_more_than_500_rows_is_refused_with_a_sentence():
    table = "<table>{}</table>".format
    assert RichTextField().clean(table("<tr><td>A</td></tr>" * 500), None)
    assert "501" in refused(table("<tr><td>A</td></tr>" * 501))
