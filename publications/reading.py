"""All that is to be read in a piece, in its order: what its page, its PDF and its feeds show."""

from dataclasses import dataclass, field
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from editorial.richtext import Heading, Notes, Rendered, render_text

WORDS_A_MINUTE = 230
FEWEST_HEADINGS = 3  # With fewer a list of contents says no more than the page does.
# Ids of the frame and of the parts of the page, which no heading may have.
TAKEN = frozenset(
    "main subscribe id_address summary recommendations cite to-cite share corrections".split()
)


@dataclass(frozen=True)
class Section:
    """A heading of our own — a finding’s label, a question, an addressee — and the text below."""

    title: str
    anchor: str
    text: SafeString


@dataclass
class Reading:
    """
    The texts of a piece as safe HTML. Footnotes are numbered through all of them.

    ``below`` are the figures that no text has a place for. ``headings`` are those of the highest
    rank with those below each: pairs of a ``Heading`` and a list. ``words`` leaves footnotes out.
    """

    notes: Notes
    findings: list[Section] = field(default_factory=list)
    summary: SafeString = ""
    body: SafeString = ""
    questions: list[Section] = field(default_factory=list)
    recommendations: list[Section] = field(default_factory=list)
    below: list[SafeString] = field(default_factory=list)
    headings: list[tuple[Heading, list[Heading]]] = field(default_factory=list)
    words: int = 0

    @property
    def minutes(self) -> int:
        return max(1, round(self.words / WORDS_A_MINUTE))

    @property
    def contents(self):
        """The headings, where there are enough of them to choose from."""
        many = sum(1 + len(below) for _heading, below in self.headings) >= FEWEST_HEADINGS
        return self.headings if many else []


def read(piece, *, prefix: str = "", site: str = "") -> Reading:
    """
    Render all texts of a piece. It asks for nothing that ``as_page()`` has not loaded.

    ``prefix`` goes before all ids, for a document of several pieces; ``site`` before links to pages
    of our own, for readers elsewhere.
    """
    return _Reader(piece, Notes(prefix=prefix, site=site, taken=set(TAKEN))).read()


class _Reader:
    def __init__(self, piece, notes):
        self.piece, self.reading, self.placed = piece, Reading(notes), set()
        self.figures = {
            each.mark or f"no mark {number}": drawn(each)
            for number, each in enumerate(piece.figures.all())
            if each.image
        }

    def read(self) -> Reading:
        reading, piece = self.reading, self.piece
        reading.findings = [self.section(each.label, each.text) for each in piece.findings.all()]
        if piece.summary:
            self.list_heading(Heading(2, _("Executive summary"), "summary"))
            reading.summary = self.render(piece.summary, top=3).html
        body = self.render(piece.body)
        reading.body = body.html
        for heading in body.headings:
            self.list_heading(heading)
        reading.questions = [
            self.section(each.question, each.answer, listed=True) for each in piece.questions.all()
        ]
        reading.recommendations = self.recommendations()
        reading.below = [html for mark, html in self.figures.items() if mark not in self.placed]
        return reading

    def render(self, html, top=2) -> Rendered:
        # Each figure has one place, whatever the texts say.
        free = {mark: each for mark, each in self.figures.items() if mark not in self.placed}
        rendered = render_text(
            html, notes=self.reading.notes, figures=free, prefix=self.prefix, top=top
        )
        self.placed |= rendered.placed
        self.reading.words += rendered.words
        return rendered

    @property
    def prefix(self):
        return self.reading.notes.prefix

    def section(self, title, *texts, listed=False) -> Section:
        anchor = self.prefix + self.reading.notes.anchor(title)
        if listed:
            self.list_heading(Heading(2, title, anchor))
        html = [self.render(text, top=3).html for text in texts]
        return Section(title, anchor, SafeString("\n".join(html)))

    def recommendations(self):
        """One section for each addressee, however many rows speak to them."""
        rows = self.piece.recommendations.all()
        grouped = [(who, list(each)) for who, each in groupby(rows, lambda row: row.addressee)]
        if grouped:
            self.list_heading(Heading(2, _("Recommendations"), "recommendations"))
        return [self.section(who, *(row.text for row in each)) for who, each in grouped]

    def list_heading(self, heading):
        if heading.level == 2 or not self.reading.headings:
            self.reading.headings.append((heading, []))
        else:
            self.reading.headings[-1][1].append(heading)


def drawn(figure) -> SafeString:
    """A figure as it stands in a text."""
    facts = {"image": figure.image, "alt": figure.alt, "lazy": True}
    facts |= {"caption": figure.caption, "credit": figure.credit}
    return render_to_string("includes/_figure.html", facts)
