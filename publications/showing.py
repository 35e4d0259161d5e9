"""Everything that the page of a piece shows, gathered once."""

from django.urls import reverse
from django.utils.translation import to_locale

from editorial.addresses import absolute
from publications.citing import address_of, in_words, refer_to
from publications.companions import find_companions
from publications.linked_data import as_script, describe, share_picture
from publications.passing_on import ways_to_pass_on
from publications.reading import read
from publications.typesetting import has_letters_of


def page_of(piece) -> dict:
    """The context of its page. As many queries for any piece, whatever the archive holds."""
    regions = list(piece.regions.public().defer("introduction", "globe"))
    reading, companions = read(piece), find_companions(piece, regions)
    reference = refer_to(piece)
    translations = companions.translations
    return {
        "piece": piece,
        "regions": regions,
        "reading": reading,
        "companions": companions,
        "reference": reference,
        "citation": in_words(piece),
        "ways_to_pass_on": ways_to_pass_on(piece.title, reference.address),
        "alternates": alternates(piece, translations),
        "locale": to_locale(piece.language),
        "other_locales": [to_locale(each.language) for each in translations],
        "share_picture": share_picture(piece),
        "pdf": pdf_of(piece),
        "linked_data": as_script(describe(piece, reading, companions, regions)),
    }


def alternates(piece, translations) -> list[tuple[str, str]]:
    """
    Language and address of each version, this one among them, and ``x-default`` for the original.

    None for a piece without translations, and for one that belongs to another site.
    """
    if not translations or piece.original_url:
        return []
    versions = [piece, *translations]
    named = sorted((each.language, address_of(each)) for each in versions)
    original = [each for each in versions if each.translation_of_id is None]
    return [*named, *(("x-default", address_of(each)) for each in original)]


def pdf_of(piece) -> str:
    """The address of the PDF that is attached, or of the one made; empty if none can be made."""
    if attached := piece.attached_pdf:
        return absolute(reverse("editorial:media", args=[attached.file.name]))
    if not has_letters_of(piece.language):
        return ""
    return f"{address_of(piece).removesuffix('/')}.pdf"
