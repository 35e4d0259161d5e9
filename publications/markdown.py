"""A piece as one Markdown document, for those who read or work without a browser."""

from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from editorial.addresses import absolute
from editorial.dates import format_day
from editorial.images import renditions_of
from editorial.richtext import MarkdownNotes, escape_markdown, to_markdown
from publications.citing import address_of, authors_of, in_its_language, listed


def in_markdown(piece) -> str:
    """
    All of a piece, in its own language: title, byline, date, address, texts, footnotes.

    It asks for nothing that ``as_page()`` has not loaded.
    """
    with in_its_language(piece):
        parts = [*opening(piece), *texts(piece), *corrections(piece)]
    return "\n\n".join(part for part in parts if part) + "\n"


def opening(piece):
    yield heading(1, piece.title)
    yield piece.subtitle and f"*{escape_markdown(piece.subtitle)}*"
    yield from map(escape_markdown, filter(None, map(str.strip, piece.standfirst.split("\n\n"))))
    names = listed([name.plain for name in authors_of(piece)])
    said = [names and _("By %(names)s") % {"names": names}, format_day(piece.published_on)]
    yield " · ".join(escape_markdown(each) for each in said if each)
    yield f"<{address_of(piece)}>"


def texts(piece):
    notes, placed = MarkdownNotes(site=settings.SITE_URL), set()
    figures = {
        each.mark or f"no mark {each.pk}": picture(each)
        for each in piece.figures.all()
        if each.image
    }

    def write(html, top=2):
        return to_markdown(html, notes=notes, figures=figures, placed=placed, top=top)

    for each in piece.findings.all():
        yield from (heading(2, each.label), write(each.text, top=3))
    if piece.summary:
        yield from (heading(2, _("Executive summary")), write(piece.summary, top=3))
        yield piece.body and "---"  # The summary ends here.
    yield write(piece.body)
    for each in piece.questions.all():
        yield from (heading(2, each.question), write(each.answer, top=3))
    yield from (drawn for mark, drawn in figures.items() if mark not in placed)
    if piece.recommendations.all():
        yield heading(2, _("Recommendations"))
    for addressee, rows in groupby(piece.recommendations.all(), lambda row: row.addressee):
        yield from (heading(3, addressee), *(write(row.text, top=4) for row in rows))
    yield str(notes)


def corrections(piece):
    rows = piece.corrections.all()
    if rows:
        yield heading(2, _("Corrections"))
    for each in rows:
        yield f"**{format_day(each.corrected_on)}** {escape_markdown(each.text)}"


def heading(level, words):
    return f"{'#' * level} {escape_markdown(' '.join(words.split()))}"


def picture(figure) -> str:
    largest, _width, _height = renditions_of(figure.image, "wide", "webp")[-1]
    address = absolute(reverse("editorial:media", args=[largest]))
    below = escape_markdown(" ".join(filter(None, (figure.caption, figure.credit))))
    return f"![{escape_markdown(figure.alt)}]({address})" + (f"\n\n*{below}*" if below else "")
