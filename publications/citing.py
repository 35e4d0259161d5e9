"""How others refer to a piece: in a footnote, and in the files that reference managers read."""

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from editorial.addresses import absolute
from editorial.dates import format_day
from editorial.languages import spoken_for
from publications.models import Byline, Publication

Kind = Publication.Kind
Role = Byline.Role

REPORTS = {Kind.REPORT, Kind.BRIEFING, Kind.WATCH_LIST}
# What RIS and CSL call what we call a podcast; all else is a report or a page.
RIS_TYPES = {Kind.PODCAST: "SOUND", Kind.VIDEO: "VIDEO"}
CSL_TYPES = {Kind.PODCAST: "broadcast", Kind.VIDEO: "motion_picture", Kind.SPEECH: "speech"}

NOT_WRITTEN = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}


@dataclass(frozen=True)
class Name:
    """``inverted`` is “Doe, Jane”, or empty where nobody has said which name is which."""

    plain: str
    inverted: str = ""


@dataclass(frozen=True)
class Reference:
    """What a citation says, each text in one line. No ``authors``: the house wrote it."""

    key: str
    kind: str
    genre: str
    number: str
    authors: list[Name]
    title: str
    day: date
    language: str
    address: str
    abstract: str
    keywords: list[str]
    outlet: str

    publisher = property(lambda self: settings.SITE_NAME)

    @property
    def is_report(self):
        return bool(self.number) or self.kind in REPORTS

    @property
    def label(self):
        return " ".join(each for each in (self.genre, self.number) if each)

    @property
    def writers(self):
        """Those who wrote it, or the house."""
        return self.authors or [Name(self.publisher)]


def address_of(piece) -> str:
    """The one address of a piece, whatever language the frame around it is in."""
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(piece.get_absolute_url())


@contextmanager
def in_its_language(piece):
    """A citation is the same on every page: in the language of the piece, or the default one."""
    with translation.override(spoken_for(piece.language)):
        yield


def one_line(text) -> str:
    return " ".join(NOT_WRITTEN.sub(" ", str(text)).split())


def authors_of(piece) -> list[Name]:
    """Its authors; where it has none, those who were asked, or who speak."""
    bylines = list(piece.bylines.all())
    authors = [each for each in bylines if each.role == Role.AUTHOR]
    speakers = [each for each in bylines if each.role in (Role.INTERVIEWEE, Role.HOST)]
    return [name_of(each) for each in authors or speakers]


def name_of(byline) -> Name:
    inverted = one_line(byline.person.sort_name) if byline.person else ""
    family, _comma, given = inverted.partition(",")
    is_inverted = family.strip() and given.strip()
    return Name(one_line(byline.name), inverted if is_inverted else "")


def refer_to(piece) -> Reference:
    with in_its_language(piece):
        genre = [piece.counted_in, piece.get_kind_display()]
        return Reference(
            key=piece.slug,
            kind=piece.kind,
            genre=" ".join(one_line(each) for each in genre if each),
            number=str(piece.number or ""),
            authors=authors_of(piece),
            title=one_line(": ".join(each for each in (piece.title, piece.subtitle) if each)),
            day=piece.published_on,
            language=piece.language,
            address=address_of(piece),
            abstract=one_line(piece.standfirst),
            keywords=[one_line(tag.name) for tag in piece.tags.all()],
            outlet=one_line(piece.original_outlet or ""),
        )


def in_words(piece) -> str:
    """As it stands in a footnote: authors, title, kind and number, house, date. No address yet."""
    reference = refer_to(piece)
    with in_its_language(piece):
        elsewhere = _("originally published in %(outlet)s") % {"outlet": reference.outlet}
        parts = [
            listed([name.plain for name in reference.writers]),
            _("“%(title)s”") % {"title": reference.title},
            reference.label,
            elsewhere if reference.outlet else "",
            reference.publisher if reference.authors else "",
            format_day(reference.day),
        ]
    return ", ".join(part for part in parts if part)


def listed(names: list[str]) -> str:
    """Return “A, B and C”, or nothing for no names."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def as_bibtex(reference: Reference) -> str:
    """One entry of BibTeX, in UTF-8: ``@techreport`` for reports, ``@misc`` for all else."""
    fields = {
        "author": " and ".join(bibtex_name(name) for name in reference.writers),
        "title": f"{{{tex(reference.title)}}}",
        "institution" if reference.is_report else "publisher": tex(reference.publisher),
        "type" if reference.is_report else "note": tex(reference.genre),
        "number": reference.number,
        "year": f"{reference.day:%Y}",
        "month": f"{reference.day:%m}",
        "day": str(reference.day.day),
        "language": reference.language,
        "url": reference.address,
        "keywords": tex(", ".join(reference.keywords)),
        "abstract": tex(reference.abstract),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    kind = "techreport" if reference.is_report else "misc"
    return f"@{kind}{{{reference.key},\n{''.join(lines)}}}\n"


def bibtex_name(name: Name) -> str:
    """A name that holds “and” or more than one comma would fall apart without its braces."""
    falls_apart = " and " in f" {name.inverted} ".lower() or name.inverted.count(",") != 1
    return f"{{{tex(name.plain)}}}" if falls_apart else tex(name.inverted)


def tex(text: str) -> str:
    """Text in which no character means anything to TeX. Braces balance, as BibTeX counts them."""
    return "".join(TEX.get(character, character) for character in text)


def as_ris(reference: Reference) -> str:
    """One record of RIS: two letters, two spaces, a dash and a space; lines end in CR LF."""
    kind = "RPRT" if reference.is_report else RIS_TYPES.get(reference.kind, "ELEC")
    lines = [
        ("TY", kind),
        *[("AU", name.inverted or name.plain) for name in reference.writers],
        ("TI", reference.title),
        ("PB", reference.publisher),
        ("PY", f"{reference.day:%Y}"),
        ("DA", f"{reference.day:%Y/%m/%d}"),
        ("M3", reference.genre),
        ("SN", reference.number),
        ("LA", reference.language),
        ("UR", reference.address),
        *[("KW", word) for word in reference.keywords],
        ("AB", reference.abstract),
    ]
    written = [f"{tag}  - {value}\r\n" for tag, value in lines if value]
    return "".join([*written, "ER  - \r\n"])


def as_csl(reference: Reference) -> str:
    """A list of one item of CSL-JSON (citationstyles.org, csl-data schema 1.0.2)."""
    kind = "report" if reference.is_report else CSL_TYPES.get(reference.kind, "webpage")
    item = {
        "id": reference.key,
        "type": kind,
        "title": reference.title,
        "author": [csl_name(name) for name in reference.writers],
        "issued": {"date-parts": [[reference.day.year, reference.day.month, reference.day.day]]},
        "publisher": reference.publisher,
        "genre": reference.genre,
        "number": reference.number,
        "abstract": reference.abstract,
        "keyword": ", ".join(reference.keywords),
        "language": reference.language,
        "URL": reference.address,
    }
    filled = {name: value for name, value in item.items() if value}
    return json.dumps([filled], ensure_ascii=False, indent=2) + "\n"


def csl_name(name: Name) -> dict[str, str]:
    family, _comma, given = (part.strip() for part in name.inverted.partition(","))
    return {"family": family, "given": given} if family else {"literal": name.plain}


# The end of the address, what writes it, and its type.
FORMS = {
    "bib": (as_bibtex, "application/x-bibtex"),
    "ris": (as_ris, "application/x-research-info-systems"),
    "json": (as_csl, "application/vnd.citationstyles.csl+json"),
}
