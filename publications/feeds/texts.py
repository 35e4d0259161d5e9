"""A text as it stands in a feed: alone, without our style sheets, at somebody else's address."""

import re

import nh3
from django.template.loader import render_to_string
from django.utils import translation

from editorial.addresses import absolute
from editorial.languages import spoken_for
from publications.reading import read

BLOCKS = "p h2 h3 h4 ul ol li blockquote table caption thead tbody tr th td aside figure figcaption"
INLINE = "strong b em i a br sup sub bdi time img small span section div dl dt dd hr"
# A sign beside a heading, which leads to itself.
PERMALINK = re.compile(r'<a class="permalink".*?</a>', re.DOTALL)
ATTRIBUTES = {
    "a": {"href", "id", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "*": {"id", "lang", "dir"},
}


def standing_alone(html: str, path: str) -> str:
    """
    Return ``html`` of a page at ``path`` with nothing in it but text and pictures.

    Each address is absolute: those of notes and headings too, for a feed reader shows many pieces
    on one page, where “#note-1” would mean any of them.
    """
    return nh3.clean(
        PERMALINK.sub("", html),
        tags={*BLOCKS.split(), *INLINE.split()},
        attributes=ATTRIBUTES,
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
        url_relative=("rewrite_with_base", absolute(path)),
    ).strip()


def full_text(piece) -> str:
    """All of a piece, with its labels in its own language where the site speaks it."""
    with translation.override(spoken_for(piece.language, translation.get_language())):
        html = render_to_string(
            "publications/feed_text.html", {"piece": piece, "reading": read(piece)}
        )
    return standing_alone(html, piece.get_absolute_url())
