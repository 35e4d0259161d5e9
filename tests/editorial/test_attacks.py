"""Nobody runs a script in a reader’s browser by what is written into a text."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.richtext import Notes, clean_html, render_text, to_markdown
from editorial.templatetags.editorial import web_address
from tests import factories
from tests.xss import attacks

pytestmark = pytest.mark.one_database

# Whatever a browser makes of other signs: there are no others.
KEPT = re.compile(
    r"""(?:
      [^<>&] | &(?:amp|lt|gt|quot|nbsp|\#x27);
    | </?(?:p|h2|h3|ul|ol|li|blockquote|table|thead|tbody|tr|td|th|strong|em|sup)> | <br>
    | <ol(?:\ start="-?\d+")?(?:\ type="[1aAiI]")?> | <t[dh](?:\ (?:row|col)span="\d+")*>
    | <aside\ class="(?:box|pull)"> | </aside> | <figure\ data-mark="[\w-]{1,20}"></figure>
    | <span\ class="footnote"> | </span>
    | <a\ href="[^"<>]+"(?:\ rel="[\w ]+")?(?:\ title="[^"<>]+")?> | </a>
    )*""",
    re.VERBOSE,
)
HREF = re.compile(r'<a href="([^"]*)"')
SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
SHOWN = {
    "p": set(),
    **{key: set() for key in "ul blockquote table thead tbody tr strong em br".split()},
    **{key: {"id"} for key in ("h2", "h3")},
    "li": {"id"},
    "ol": {"start", "type"},
    **{key: {"rowspan", "colspan", "scope"} for key in ("td", "th")},
    "aside": {"class", "aria-hidden"},
    "sup": {"class"},
    "a": {"href", "rel", "title", "id", "role", "aria-label"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "section": {"class", "role", "aria-label"},
}


class Tags(HTMLParser):
    """Every tag with its attributes, and whatever else than text there is."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.odd = [], []
        self.handle_comment = self.handle_decl = self.handle_pi = self.odd.append
        self.unknown_decl = self.odd.append
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def leads_somewhere_safe(address):
    bare = re.sub(r"[\0-\x20\x7f-\xa0]", "", unescape(address))
    scheme = SCHEME.match(bare)
    return not scheme or scheme[1].lower() in {"http", "https", "mailto"}


def assert_harmless(attack):
    """Stored and shown, nothing is left but what texts consist of."""
    html = clean_html(attack)
    assert KEPT.fullmatch(html), (attack, html)
    assert all(map(leads_somewhere_safe, HREF.findall(html))), (attack, html)
    assert clean_html(html) == html, attack
    notes = Notes()
    shown = Tags(f"{render_text(attack, notes=notes)}{notes.html}")
    assert not shown.odd, (attack, shown.odd)
    for tag, attributes in shown.tags:
        assert tag in SHOWN, (attack, tag)
        assert attributes.keys() <= SHOWN[tag], (attack, tag, attributes)
        assert leads_somewhere_safe(attributes.get("href", "")), (attack, attributes)


@pytest.mark.slow
def test_no_attack_leaves_anything_that_runs():
    every = attacks()
    assert len(every) > 3_000
    for attack in every:
        assert_harmless(attack)


def test_a_sample_of_the_attacks_leaves_nothing_that_runs():
    for attack in attacks()[::40]:
        assert_harmless(attack)


@given(st.lists(st.sampled_from(attacks()), min_size=2, max_size=4), st.data())
def test_attacks_that_are_cut_and_joined_leave_nothing_that_runs(several, data):
    cut = [each[: data.draw(st.integers(0, len(each)))] for each in several]
    assert_harmless("".join(cut))


def test_markdown_holds_no_element_that_was_not_in_the_text():
    for attack in attacks()[::20]:
        left = re.sub(r"</?(?:strong|em|sup|br)>|<!-- -->|\\.", "", to_markdown(attack))
        assert "<" not in left, (attack, left)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["javascript:xss(1)", " JavaScript:xss(1)", "data:text/html,x"])
def test_no_link_leads_to_what_runs_however_it_was_stored(client, address):
    outlet = factories.make_outlet(url=address)
    quote = factories.make_quote(outlet=outlet, source_url=address)
    elsewhere = {"original_outlet": outlet, "original_url": address}
    piece = factories.make_publication(kind="podcast", media_url=address, **elsewhere)
    for shown in (quote, piece):
        html = client.get(shown.get_absolute_url()).content.decode()
        assert outlet.name in html
        assert f'href="{address}' not in html


def test_a_link_leads_to_the_web():
    assert web_address("HTTPS://example.org/") == "HTTPS://example.org/"
    assert web_address("javascript:'https://example.org/'") == web_address(None) == ""
