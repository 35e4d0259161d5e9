"""A .docx as what it is to become: a title, texts, findings, pictures."""

import io
import posixpath
from dataclasses import dataclass, field
from functools import partial

import mammoth
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from lxml import html
from PIL import Image

from editorial.cleaning import CleanPicture, clean_picture, opened
from editorial.cleaning import saved as picture_bytes
from editorial.richtext import clean_html
from publications.models.parts import new_mark
from publications.word import headings
from publications.word.headings import bare
from publications.word.left_out import LeftOut
from publications.word.package import Package, damaged
from publications.word.preparing import PICTURE, prepare

# What mammoth stumbles over: attributes that are missing or no numbers, styles that are not there.
MAMMOTH_RAISES = (AttributeError, KeyError, TypeError, ValueError, RecursionError)
MOST_PICTURES, MOST_PIXELS = 300, 600_000_000
NOTES = "//li[starts-with(@id, 'w-footnote-') or starts-with(@id, 'w-endnote-')]"
IN_NO_NOTE = ".//*[not(self::strong or self::em or self::sup or self::sub or self::a[@href])]"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
STYLES = """
p.Title => p.title:fresh
p.Subtitle => p.subtitle:fresh
p.Standfirst => p.standfirst:fresh
p.Caption => p.caption:fresh
p.Contents => p.contents:fresh
p.Quote => blockquote > p:fresh
p.Heading7 => h6:fresh
p.Heading8 => h6:fresh
p.Heading9 => h6:fresh
"""


@dataclass
class Shown:
    """A picture as it will be a ``Figure``."""

    mark: str
    file: CleanPicture
    alt: str
    caption: str = ""


@dataclass
class Draft:
    left_out: LeftOut
    title: str = ""
    subtitle: str = ""
    standfirst: str = ""
    summary: str = ""
    body: str = ""
    findings: list[tuple[str, str]] = field(default_factory=list)
    questions: list[tuple[str, str]] = field(default_factory=list)
    figures: list[Shown] = field(default_factory=list)


def read_document(file, parts=("summary", "findings")) -> Draft:
    """
    Read an uploaded .docx. ``parts`` are the parts that a piece of its kind has beside the body.

    Raises ``Refused`` with a sentence for whatever cannot be taken.
    """
    package = Package(file)
    prepared = prepare(package)
    try:
        found = mammoth.convert_to_html(
            io.BytesIO(prepared.content),
            style_map=STYLES,
            id_prefix="w-",
            include_embedded_style_map=False,
            external_file_access=False,
        ).value
    except MAMMOTH_RAISES:
        raise damaged() from None
    root = html.fragment_fromstring(found, create_parent="div")
    return Reading(package, prepared, root, parts).run(file.name)


class Reading:
    def __init__(self, package, prepared, root, parts):
        self.package, self.prepared, self.root, self.parts = package, prepared, root, parts
        self.draft = Draft(left_out=prepared.left_out)
        self.pixels = 0

    def run(self, name):
        self.set_notes()
        self.set_tables()
        self.place_pictures()
        self.caption_pictures()
        self.set_title(name)
        self.sort()
        return self.draft

    def lose(self, what, element):
        self.draft.left_out.add(what, partial(words, element))

    def set_notes(self):
        """Each note stands where it is called."""
        notes = {item.get("id"): item for item in self.root.xpath(NOTES)}
        for item in notes.values():
            for back in item.xpath(".//a[starts-with(@href, '#w-')]"):
                back.drop_tree()
            for place in item.xpath(f".//a[starts-with(@id, 'w-{PICTURE}')]"):
                self.lose("note pictures", item)
                place.drop_tag()
            item.getparent().remove(item)
        for call in self.root.xpath("//a[starts-with(@href, '#w-')]"):
            if (note := notes.pop(call.get("href")[1:], None)) is not None:
                set_note(call, note)
            else:
                call.drop_tag()

    def set_tables(self):
        """A table of one cell is a box; a table in a table is not to be."""
        for table in self.root.xpath("//table//table"):
            self.lose("tables", table)
            drop_cells(table)
            table.drop_tag()
        for table in self.root.xpath("//table[count(.//td|.//th)=1]"):
            drop_cells(table)
            table.tag = "aside"
            table.set("class", "box")

    def place_pictures(self):
        """A picture stands after the paragraph, list or table in which it was."""
        for place in self.root.xpath(f"//a[starts-with(@id, 'w-{PICTURE}')]"):
            given = self.prepared.pictures[int(place.get("id").rpartition("-")[2])]
            if (shown := self.picture(given)) is not None:
                above = [place, *place.iterancestors()]
                block = next(each for each in above if each.getparent() is self.root)
                while is_figure(block.getnext()):
                    block = block.getnext()
                block.addnext(html.Element("figure", {"data-mark": shown.mark}))
                self.draft.figures.append(shown)
            place.drop_tag()

    def caption_pictures(self):
        """A caption goes with the picture that it stands under, or else above."""
        by_mark = {each.mark: each for each in self.draft.figures}
        for caption in self.root.xpath("./p[@class='caption']"):
            for beside in (
                beyond_gaps(caption.itersiblings(preceding=True)),
                beyond_gaps(caption.itersiblings()),
            ):
                shown = by_mark[beside.get("data-mark")] if is_figure(beside) else None
                if shown and not shown.caption and words(caption):
                    shown.caption = self.plain(caption, 300)
                    caption.drop_tree()
                    break

    def picture(self, given):
        """A picture fit for readers, as much of it as the author shows; None if there is none."""
        name, content = posixpath.basename(given.part), self.package.read(given.part)
        try:
            with opened(content) as image:
                self.pixels += image.width * image.height
            if self.pixels > MOST_PIXELS or len(self.draft.figures) >= MOST_PICTURES:
                return self.draft.left_out.add("late pictures", name.__str__)
            file = clean_picture(ContentFile(content, name=name))
            if any(given.crop):
                file = cropped(file, given.crop)
        except ValidationError as error:
            why = f"{name}: {' '.join(error.messages)}"
            return self.draft.left_out.add("bad pictures", why.__str__)
        return Shown(new_mark(), file, Truncator(given.alt.strip()).chars(250))

    def plain(self, element, most):
        """The words of an element for a field without notes, which are told."""
        for note in element.xpath(".//span[@class='footnote']"):
            self.lose("notes", note)
            note.drop_tree()
        said = words(element)
        if len(said) > most:
            self.lose("ends", element)
        return Truncator(said).chars(most)

    def set_title(self, name):
        draft, root = self.draft, self.root
        titles = root.xpath("./p[@class='title']")
        top = root.xpath("./h1")
        said = ""
        if titles:
            said = " ".join(self.plain(each, 200) for each in titles).strip()
            for each in titles:
                each.drop_tree()
        elif top and self.is_title(top[0], is_alone=len(top) == 1):
            said = self.plain(top[0], 200)
            top[0].drop_tree()
        said = said or self.core_title() or name.rpartition(".")[0] or _("Untitled")
        draft.title = Truncator(said).chars(200)

    def is_title(self, heading, is_alone):
        """Of the highest level, the only heading or the one that opens the text."""
        if not words(heading) or bare(words(heading)) in headings.OPENS:
            return False
        first = next(each for each in self.root if words(each))
        return is_alone or (heading is first and not self.opens_row(heading))

    def core_title(self):
        core = self.package.xml(self.package.related("", "core-properties"))
        title = None if core is None else core.find("{*}title")
        return " ".join(((title.text if title is not None else "") or "").split())

    def sort(self):
        """Give each block to the text that it belongs to."""
        used = sorted({each.tag for each in self.root if each.tag in HEADINGS})
        body, summary, rows = [], [], []
        into, level = body, 0  # Of what level the heading is that has opened it.
        has_begun = False
        for block in list(self.root):
            if block.tag not in HEADINGS:
                if not self.is_before_the_text(block, has_begun):
                    into.append(block)
                continue
            has_begun, rank = True, used.index(block.tag)
            if relation := self.opens_row(block):
                into, level = [], rank
                most = 80 if relation == "findings" else 300
                rows.append((relation, self.plain(block, most), into))
            elif "summary" in self.parts and bare(words(block)) in headings.SUMMARY:
                into, level = summary, rank
            else:
                if rank <= level:
                    into, level = body, 0
                self.set_heading(block, rank)
                into.append(block)
        self.draft.body, self.draft.summary = joined(body), joined(summary)
        for relation, said, blocks in rows:
            getattr(self.draft, relation).append((said, joined(blocks)))

    def set_heading(self, block, rank):
        """Two levels are headings; what is below is a bold paragraph, and told."""
        for each in block.xpath(".//strong"):
            each.drop_tag()
        block.tag = ("h2", "h3", "p")[min(rank, 2)]
        if block.tag == "p":
            if words(block):
                self.lose("low headings", block)
            bold = html.Element("strong")
            bold.text, block.text = block.text, None
            bold.extend(list(block))
            block.append(bold)

    def opens_row(self, heading):
        """Whether a heading is that of a finding, or a question of a Q&A."""
        said = words(heading)
        if "findings" in self.parts and bare(said) in headings.FINDINGS:
            return "findings"
        return "questions" if "questions" in self.parts and is_question(said) else ""

    def is_before_the_text(self, block, has_begun):
        kind, draft = block.get("class"), self.draft
        if kind == "contents":
            if "contents" not in draft.left_out.counts:  # Each of its lines is a paragraph.
                draft.left_out.add("contents")
            return True
        if kind == "subtitle" and not draft.subtitle and is_short(words(block)):
            draft.subtitle = self.plain(block, 200)
            return True
        if kind in ("subtitle", "standfirst") and not has_begun:
            said = self.plain(block, 2000)
            draft.standfirst = "\n\n".join(filter(None, [draft.standfirst, said]))
            return True
        return False


def words(element) -> str:
    return " ".join(element.text_content().split())


def beyond_gaps(siblings):
    """The next block that is no empty paragraph, if there is one."""
    return next((each for each in siblings if each.tag != "p" or words(each)), None)


def is_short(said):
    return len(said) <= 120 and not said.endswith(".")


def is_figure(element):
    return element is not None and element.tag == "figure"


def is_question(said):
    return said.endswith(("?", "؟", "？"))


def set_note(call, note):
    """A note in place of its call, behind the link that this stands in: notes may hold links."""
    span = html.Element("span", {"class": "footnote"})
    for each in note.xpath(IN_NO_NOTE):
        each.tail = f" {each.tail or ''}"
        each.drop_tag()
    span.text = (note.text or "").lstrip()
    span.extend(list(note))
    for sup in list(call.iterancestors("sup")):
        sup.drop_tag()
    before = next(call.iterancestors("a"), call)
    span.tail, before.tail = before.tail, None
    before.addnext(span)
    call.drop_tree()


def drop_cells(table):
    for each in table.xpath(".//tr|.//td|.//th|.//thead|.//tbody"):
        each.drop_tag()


def joined(blocks) -> str:
    """Clean HTML, in which no h3 comes before the first h2."""
    for block in blocks:
        if block.tag == "h2":
            break
        if block.tag == "h3":
            block.tag = "h2"
            break
    written = "".join(html.tostring(each, encoding="unicode", with_tail=False) for each in blocks)
    return clean_html(written)


def cropped(file, crop):
    """Only what the author shows of a picture: what was cut away may not be for readers."""
    with Image.open(file) as image:
        left, top, right, bottom = (min(max(each, 0), 99_000) / 100_000 for each in crop)
        box = (
            round(image.width * left),
            round(image.height * top),
            round(image.width * (1 - right)),
            round(image.height * (1 - bottom)),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            raise ValidationError(_("Nothing of it is shown."))
        return CleanPicture(file.name, picture_bytes(image.crop(box), image.format, quality=92))
