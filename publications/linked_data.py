"""What a piece is, in the terms of schema.org, as JSON-LD 1.1 for search engines."""

import json
from mimetypes import guess_type

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from editorial.addresses import absolute
from editorial.images import renditions_of
from editorial.richtext import plain_text
from publications.citing import address_of, authors_of, in_its_language, one_line, refer_to
from publications.models import Byline, Publication

Kind = Publication.Kind
Role = Byline.Role

TYPES = {
    Kind.REPORT: "Report",
    Kind.BRIEFING: "Report",
    Kind.WATCH_LIST: "Report",
    Kind.QUESTIONS: "FAQPage",
    Kind.COMMENTARY: "AnalysisNewsArticle",
    Kind.OP_ED: "OpinionNewsArticle",
    Kind.PODCAST: "PodcastEpisode",
    Kind.VIDEO: "VideoObject",
}
ARTICLES = {"Report", "Article", "AnalysisNewsArticle", "OpinionNewsArticle"}
LICENCES = {
    Publication.Licence.BY: "https://creativecommons.org/licenses/by/4.0/",
    Publication.Licence.BY_NC_ND: "https://creativecommons.org/licenses/by-nc-nd/4.0/",
}
CONTEXT = "https://schema.org"
# In a script element no character may begin a tag or a comment (HTML, 4.12.1.3).
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def as_script(data: dict) -> SafeString:
    """A data block, which no browser runs and no policy has to allow."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(written),  # noqa: S308 - escaped above
    )


def describe(piece, reading, companions, regions) -> dict:
    """The piece, who made it, and where it stands on the site, as one graph."""
    with in_its_language(piece):
        graph = [work(piece, reading, companions, regions), house(), crumbs(piece)]
    return {"@context": CONTEXT, "@graph": [filled(node) for node in graph]}


def filled(node: dict) -> dict:
    return {name: value for name, value in node.items() if value not in ("", None, [], {})}


def house():
    return {
        "@type": "Organization",
        "@id": absolute("/#organization"),
        "name": settings.SITE_NAME,
        "url": absolute("/"),
    }


def ours():
    return {"@id": absolute("/#organization")}


def crumbs(piece):
    with translation.override(settings.LANGUAGE_CODE):
        above = absolute(reverse("publications:publications"))
    steps = [(_("Publications"), above), (piece.title, address_of(piece))]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": {"@id": address}}
            for position, (name, address) in enumerate(steps, 1)
        ],
    }


def type_of(piece, reading):
    if piece.kind == Kind.QUESTIONS and not reading.questions:
        return "Article"
    return TYPES.get(piece.kind, "Article")


def work(piece, reading, companions, regions):
    kind = type_of(piece, reading)
    reference = refer_to(piece)
    return {
        "@type": kind,
        "@id": reference.address,
        "url": reference.address,
        "name": piece.title,
        "headline": piece.title,
        "alternativeHeadline": piece.subtitle,
        "description": reference.abstract,
        "genre": reference.genre,
        "inLanguage": piece.language,
        "datePublished": piece.publish_at.isoformat(),
        "dateModified": piece.updated_on.isoformat() if piece.updated_on else "",
        "timeRequired": f"PT{reading.minutes}M" if reading.words else "",
        "isAccessibleForFree": True,
        "license": LICENCES.get(piece.licence, ""),
        "keywords": reference.keywords,
        "about": [place(region) for region in regions],
        "image": picture(piece),
        "publisher": ours(),
        "copyrightHolder": ours(),
        **people(piece),
        **related_works(piece, companions),
        **files(piece),
        "correction": [correction(each) for each in piece.corrections.all()],
        **of_its_kind(kind, piece, reading),
    }


def of_its_kind(kind, piece, reading) -> dict:
    """What only some types have."""
    facts = {}
    if kind in ARTICLES:
        facts = {"wordCount": reading.words, "articleSection": piece.get_kind_display()}
    if kind == "Report" and piece.number:
        facts["reportNumber"] = " ".join(filled_words(piece.counted_in, piece.number))
    if kind == "FAQPage":
        facts["mainEntity"] = [question(each) for each in piece.questions.all()]
    if kind == "PodcastEpisode" and piece.media_url:
        facts["associatedMedia"] = {"@type": "AudioObject", "url": piece.media_url}
    if kind == "VideoObject":
        facts = {"uploadDate": piece.publish_at.isoformat(), "contentUrl": piece.media_url}
        facts["thumbnailUrl"] = share_picture(piece).get("address", "")
    return facts


def filled_words(*words) -> list[str]:
    return [str(word) for word in words if word]


def question(row):
    return {
        "@type": "Question",
        "name": one_line(row.question),
        "acceptedAnswer": {"@type": "Answer", "text": plain_text(row.answer, notes=False)},
    }


def place(region):
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "@type": "Place",
            "name": region.name,
            "url": absolute(region.get_absolute_url()),
        }


def people(piece) -> dict:
    """Authors, or who stands for them, editors and all others who had a hand in it."""
    bylines = list(piece.bylines.all())
    authors = [each for each in bylines if each.role == Role.AUTHOR]
    editors = [each for each in bylines if each.role == Role.EDITOR]
    others = [each for each in bylines if each not in [*authors, *editors]]
    return {
        "author": [person(each) for each in authors] or ([] if authors_of(piece) else ours()),
        "editor": [person(each) for each in editors],
        "contributor": [person(each) for each in others],
    }


def person(byline):
    """Somebody, under the title held then. Who has no page has no address."""
    facts = {"@type": "Person", "name": one_line(byline.name), "jobTitle": one_line(byline.title)}
    if byline.person and byline.person.is_public:
        with translation.override(settings.LANGUAGE_CODE):
            facts["url"] = absolute(byline.person.get_absolute_url())
    return filled(facts)


def related_works(piece, companions) -> dict:
    original = [each for each in companions.translations if each.pk == piece.translation_of_id]
    others = [] if piece.translation_of_id else companions.translations
    facts = {
        "translationOfWork": [named(each) for each in original],
        "workTranslation": [named(each) for each in others],
        "hasPart": [named(each) for each in companions.parts],
    }
    if sequence := companions.sequence:
        whole = {"@type": "CreativeWorkSeries", "name": sequence.title}
        if sequence.address:
            whole = named(piece.parent)
        facts |= {"isPartOf": whole, "position": piece.part}
    if piece.original_url:
        facts["isBasedOn"] = elsewhere(piece)
    return facts


def named(piece):
    kind = TYPES.get(piece.kind, "Article")
    return {
        "@type": kind,
        "@id": address_of(piece),
        "name": piece.title,
        "inLanguage": piece.language,
    }


def elsewhere(piece):
    """Where it was published first."""
    facts = {"@type": "Article", "url": piece.original_url}
    if piece.original_outlet:
        facts["publisher"] = {"@type": "Organization", "name": piece.original_outlet.name}
    return facts


def files(piece) -> dict:
    return {"encoding": [attachment(each) for each in piece.attachments.all() if each.file]}


def attachment(row):
    facts = {
        "@type": "MediaObject",
        "name": row.label,
        "contentUrl": absolute(reverse("editorial:media", args=[row.file.name])),
        "encodingFormat": guess_type(row.file.name)[0] or "",
        "contentSize": str(row.size or ""),
        "sha256": row.sha256,
        "inLanguage": row.language,
    }
    return filled(facts)


def correction(row):
    return {
        "@type": "CorrectionComment",
        "text": row.text,
        "datePublished": row.corrected_on.isoformat(),
    }


def share_picture(piece) -> dict:
    """The picture as other sites show it beside a link; width and height in pixels."""
    if not piece.image:
        return {}
    path, width, height = renditions_of(piece.image, "share", "jpg")[-1]
    address = absolute(reverse("editorial:media", args=[path]))
    return {"address": address, "width": width, "height": height}


def picture(piece) -> dict:
    if not (shown := share_picture(piece)):
        return {}
    facts = {
        "@type": "ImageObject",
        "url": shown["address"],
        "width": f"{shown['width']} px",
        "height": f"{shown['height']} px",
        "caption": piece.image_caption,
        "creditText": piece.image_credit,
    }
    return filled(facts)
