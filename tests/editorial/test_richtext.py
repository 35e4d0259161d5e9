from hypothesis import given
from hypothesis import strategies as st

from editorial.richtext import clean_html

tags = st.sampled_from(
    "p h2 h3 h1 ul li table tr td b strong em a script style iframe img svg div span".split()
)
snippets = st.lists(
    st.one_of(
        st.text(),
        tags.map("<{}>".format),
        tags.map("</{}>".format),
        st.sampled_from(["&nbsp;", "<br>", "\r\n", "<!--", "<a href='javascript:x'>", "\0"]),
    )
).map("".join)


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


@given(snippets)
def test_cleaning_twice_changes_nothing_more(html):
    once = clean_html(html)
    assert clean_html(once) == once
    assert "<script" not in once.lower()
