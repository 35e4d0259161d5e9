"""What of a document has no place in a publication, and how that is said."""

from collections.abc import Iterator

from django.utils.text import Truncator
from django.utils.translation import ngettext_lazy

MOST_PLACES = 10

SAYS = {
    "deletions": ngettext_lazy(
        "%(count)d deletion that was tracked: it is dropped",
        "%(count)d deletions that were tracked: they are dropped",
        "count",
    ),
    "insertions": ngettext_lazy(
        "%(count)d insertion that was tracked: it is kept",
        "%(count)d insertions that were tracked: they are kept",
        "count",
    ),
    "hidden": ngettext_lazy("%(count)d hidden text", "%(count)d hidden texts", "count"),
    "struck": ngettext_lazy(
        "%(count)d text struck through: it is kept, without the stroke",
        "%(count)d texts struck through: they are kept, without the stroke",
        "count",
    ),
    "comments": ngettext_lazy("%(count)d comment", "%(count)d comments", "count"),
    "around": ngettext_lazy("%(count)d header or footer", "%(count)d headers or footers", "count"),
    "contents": ngettext_lazy(
        "%(count)d table of contents: the page makes its own",
        "%(count)d tables of contents: the page makes its own",
        "count",
    ),
    "boxes": ngettext_lazy("%(count)d text box", "%(count)d text boxes", "count"),
    "charts": ngettext_lazy("%(count)d chart", "%(count)d charts", "count"),
    "diagrams": ngettext_lazy("%(count)d SmartArt graphic", "%(count)d SmartArt graphics", "count"),
    "shapes": ngettext_lazy("%(count)d drawing", "%(count)d drawings", "count"),
    "equations": ngettext_lazy("%(count)d equation", "%(count)d equations", "count"),
    "objects": ngettext_lazy("%(count)d embedded object", "%(count)d embedded objects", "count"),
    "documents": ngettext_lazy(
        "%(count)d embedded document", "%(count)d embedded documents", "count"
    ),
    "tables": ngettext_lazy(
        "%(count)d table in a table: its words are kept",
        "%(count)d tables in tables: their words are kept",
        "count",
    ),
    "linked pictures": ngettext_lazy(
        "%(count)d picture that is not in the file",
        "%(count)d pictures that are not in the file",
        "count",
    ),
    "bad pictures": ngettext_lazy(
        "%(count)d picture that cannot be shown",
        "%(count)d pictures that cannot be shown",
        "count",
    ),
    "note pictures": ngettext_lazy(
        "%(count)d picture in a footnote", "%(count)d pictures in footnotes", "count"
    ),
    "late pictures": ngettext_lazy(
        "%(count)d picture too many: a document has room for 300, of 600 megapixels in all",
        "%(count)d pictures too many: a document has room for 300, of 600 megapixels in all",
        "count",
    ),
    "low headings": ngettext_lazy(
        "%(count)d heading of the third level or below: it is a bold paragraph",
        "%(count)d headings of the third level or below: they are bold paragraphs",
        "count",
    ),
    "subscripts": ngettext_lazy(
        "%(count)d subscript: it is kept, on the line",
        "%(count)d subscripts: they are kept, on the line",
        "count",
    ),
    "odd notes": ngettext_lazy(
        "%(count)d call of a footnote that is not there, or called twice",
        "%(count)d calls of footnotes that are not there, or called twice",
        "count",
    ),
    "notes": ngettext_lazy(
        "%(count)d footnote of what can have none",
        "%(count)d footnotes of what can have none",
        "count",
    ),
    "ends": ngettext_lazy(
        "%(count)d text that is too long: its end is cut off",
        "%(count)d texts that are too long: their ends are cut off",
        "count",
    ),
}


class LeftOut:
    """How often each kind of thing was left out, and where the first of them stood."""

    def __init__(self):
        self.counts: dict[str, int] = {}
        self.places: dict[str, list[str]] = {}

    def add(self, what: str, place=str):
        """``place`` gives words; it is asked for the first few only, for it may search long."""
        self.counts[what] = self.counts.get(what, 0) + 1
        places = self.places.setdefault(what, [])
        if self.counts[what] <= MOST_PLACES and (said := Truncator(place()).chars(100)):
            places.append(said)

    def short(self) -> str:
        return "; ".join(SAYS[what] % {"count": count} for what, count in self.counts.items())

    def sentences(self) -> Iterator[str]:
        for what, count in self.counts.items():
            places = ", ".join(f"“{place}”" for place in self.places[what])
            more = " …" if places and count > MOST_PLACES else ""
            yield SAYS[what] % {"count": count} + (f": {places}{more}" if places else "")
