"""The HTML of a piece for other sites, where its licence lets them have it."""

import nh3
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language_info

from publications.citing import address_of, authors_of, in_its_language, listed
from publications.linked_data import LICENCES
from publications.reading import read

BLOCKS = "article h1 h2 h3 h4 hr p ul ol li blockquote aside table thead tbody tr th td"
INLINE = "strong em a br sup cite"
ATTRIBUTES = {
    "article": {"lang", "dir"},
    "a": {"href", "id", "role", "aria-label"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "*": {"id"},
}


def republished(piece) -> str:
    """
    The text of a piece, then the credit line with licence and address, as HTML of its own.

    Links are absolute. Pictures are left out: they may be somebody else’s.
    """
    with in_its_language(piece):
        context = {
            "piece": piece,
            "direction": "rtl" if is_right_to_left(piece.language) else "ltr",
            "names": listed([name.plain for name in authors_of(piece)]),
            "reading": read(piece, prefix=f"{piece.slug}-", site=settings.SITE_URL),
            "licence": piece.get_licence_display(),
            "licence_address": LICENCES[piece.licence],
            "address": address_of(piece),
            "house": settings.SITE_NAME,
        }
        html = render_to_string("publications/_republished.html", context)
    lean = nh3.clean(
        html,
        tags={*BLOCKS.split(), *INLINE.split()},
        clean_content_tags={"figure", "script", "style"},
        attributes=ATTRIBUTES,
        link_rel=None,
    )
    return "\n".join(line.strip() for line in lean.splitlines() if line.strip())


def is_right_to_left(language):
    return get_language_info(language)["bidi"]
