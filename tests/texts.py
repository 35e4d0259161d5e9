"""Rich texts that hypothesis makes up, of what may stand in one and of much that may not."""

from hypothesis import strategies as st

NOTE = '<span class="footnote">See <em>The Record</em>.</span>'

tags = st.sampled_from(
    "p h2 h3 h1 ul ol li table thead tr td th b strong em a sup script style iframe img svg div"
    " span blockquote aside figure caption h5 section pre hr dt".split()
)
snippets = st.lists(
    st.one_of(
        st.text(),
        tags.map("<{}>".format),
        tags.map("</{}>".format),
        st.sampled_from(
            [
                "&nbsp;",
                "<br>",
                "\r\n",
                "<!--",
                "<a href='javascript:x'>",
                "<a href='/b/' title='x'>",
                "\0",
                "&#xfffe;",
                "a",
                '<span class="footnote">',
                '<aside class="box">',
                '<aside class="pull">',
                '<figure data-mark="abc12345">',
                '<td colspan="2" rowspan="9">',
                NOTE,
            ]
        ),
    )
).map("".join)
