"""
What is done to a document before it becomes HTML: what has no place on a page is taken out and
told, and each picture leaves a bookmark where it stood.

Names of elements are those of WordprocessingML (ISO/IEC 29500-1, 17), whatever their namespace.
"""

import io
import zipfile
from dataclasses import dataclass
from functools import partial

from lxml import etree

from publications.word.headings import STANDFIRST
from publications.word.left_out import LeftOut
from publications.word.package import Package, damaged

PICTURE = "picture-"
MOST_COLUMNS = 100
MOST_BASES = 20
RAISED = ("superscript", "baseline")  # We have those.
KEPT_WITHIN = {"fldSimple", "dir", "bdo", "smartTag", "customXml"}
OF_MARKS = {"rPr", "trPr", "numPr", "tcPr"}  # There they are about a mark, and hold no words.
LEFT_OUT = {
    "oMathPara": "equations",
    "oMath": "equations",
    "object": "objects",
    "altChunk": "documents",
    "subDoc": "documents",
}
ROLES = {
    "title": "Title",
    "subtitle": "Subtitle",
    "caption": "Caption",
    "quote": "Quote",
    "intense quote": "Quote",
}


@dataclass
class Picture:
    """A picture of the document: the part that holds it, its description, and how it is cut."""

    part: str
    alt: str = ""
    crop: tuple[int, ...] = (0, 0, 0, 0)  # left, top, right, bottom, in thousandths of a percent


@dataclass
class Prepared:
    """``content`` is the bare .docx for mammoth."""

    content: bytes
    pictures: list[Picture]
    left_out: LeftOut


def local(element):
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def value(element, name, default=""):
    """An attribute, in whatever namespace."""
    return next((v for k, v in element.items() if etree.QName(k).localname == name), default)


def words(element):
    runs = element.iter("{*}t", "{*}delText")
    return " ".join("".join(each.text or "" for each in runs).split())


def take_out(element):
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def unwrap(element):
    if element.getparent() is not None:
        for child in list(element):
            element.addprevious(child)
        take_out(element)


def each_of(root, *names):
    """All elements of these names within another, which may be taken out one by one."""
    found = root.iter(*(f"{{*}}{name}" for name in names))
    return [each for each in found if each is not root]


def prepare(package: Package) -> Prepared:
    return Preparing(package).run()


class Preparing:
    def __init__(self, package):
        self.package = package
        self.pictures = []
        self.left_out = LeftOut()
        self.uncalled = {"footnote": set(), "endnote": set()}

    def run(self):
        package, main = self.package, self.package.main
        styles = package.xml(package.related(main, "styles"))
        roles = roles_of(styles)
        out = {"word/styles.xml": styles}
        out["word/numbering.xml"] = package.xml(package.related(main, "numbering"))
        notes = {}
        for kind in self.uncalled:
            part = package.related(main, f"{kind}s")
            if (root := package.xml(part)) is not None:
                notes[kind] = {value(each, "id") for each in root.iterfind(f"{{*}}{kind}")}
                out |= self.part(f"word/{kind}s.xml", part, root, roles)
        self.uncalled |= notes  # Only now: notes call no notes.
        root = package.xml(main)
        if root is None or root.find("{*}body") is None:
            raise damaged()
        out |= self.part("word/document.xml", main, root, roles)
        self.tell_around()
        return Prepared(packed(out), self.pictures, self.left_out)

    def part(self, name, part, root, roles):
        """A part as mammoth is to read it, and the addresses that its links lead to."""
        relations = {each.get("Id"): (kind, each) for kind, each in self.package.relations(part)}
        for step in (self.choose, self.track, self.hide, self.leave_out):
            step(root)
        self.draw(part, root, relations)
        for step in (self.unfold, self.call_once, self.narrow):
            step(root)
        self.link(root, relations)
        for paragraph in root.iter("{*}p"):
            style = paragraph.find("{*}pPr/{*}pStyle")
            if style is not None and (role := roles.get(value(style, "val"))):
                for attribute in style.attrib:
                    style.set(attribute, role)
        links = {i: each for i, (kind, each) in relations.items() if kind == "hyperlink"}
        return {name: root, f"word/_rels/{name.rpartition('/')[2]}.rels": relations_xml(links)}

    def tell(self, what, element):
        """Remember that something is lost: its words, or else those it stands among."""
        around = next(element.iterancestors("{*}p"), element)
        self.left_out.add(what, lambda: words(element) or words(around))

    def lose(self, what, element):
        self.tell(what, element)
        take_out(element)

    def choose(self, root):
        """What Word writes twice, for itself and for others, is taken once."""
        for each in each_of(root, "AlternateContent"):
            choice = each.find("{*}Choice")
            if choice is None:
                choice = each.find("{*}Fallback")
            if choice is not None:
                each[:] = list(choice)
                unwrap(each)

    def track(self, root):
        """Changes that were tracked count as accepted."""
        for each in each_of(root, "del", "moveFrom", "ins", "moveTo"):
            if local(each.getparent()) in OF_MARKS:
                continue
            if local(each) in ("del", "moveFrom"):
                self.lose("deletions", each)
            else:
                self.tell("insertions", each)
                unwrap(each)

    def hide(self, root):
        """What is hidden, or another's remark, is not for readers."""
        for each in each_of(root, "vanish", "strike", "dstrike", "vertAlign"):
            run = next(each.iterancestors("{*}r"), None)
            if run is None or value(each, "val", "1") in ("0", "false", "off", *RAISED):
                continue
            if local(each) == "vanish":
                self.lose("hidden", run)
            else:
                self.tell("subscripts" if local(each) == "vertAlign" else "struck", run)
        for each in each_of(root, "commentReference", "bookmarkStart"):
            take_out(each)

    def leave_out(self, root):
        for name, what in LEFT_OUT.items():
            for each in each_of(root, name):
                self.lose(what, each)

    def draw(self, part, root, relations):
        for drawing in each_of(root, "drawing", "pict"):
            if not any(above is root for above in drawing.iterancestors()):
                continue  # It went with the drawing around it.
            boxes = each_of(drawing, "txbxContent")
            for box in boxes:
                self.left_out.add("boxes", partial(words, box))
            if what := kind_of(drawing):
                self.lose(what, drawing)
                continue
            blips = each_of(drawing, "blip", "imagedata")
            if not blips and not boxes:
                self.tell("shapes", drawing)
            for blip in blips:
                self.place(blip, drawing, part, relations)
            take_out(drawing)

    def place(self, blip, drawing, part, relations):
        """A bookmark where a picture stands: mammoth keeps those in their places."""
        about = next(drawing.iter("{*}docPr"), None)
        said = "" if about is None else value(about, "descr") or value(about, "title")
        _kind, relation = relations.get(value(blip, "embed") or value(blip, "id"), ("", None))
        name = "" if relation is None else self.package.target(part, relation)
        if not name:
            self.left_out.add("linked pictures", lambda: said)
            return
        cut = blip.getparent().find("{*}srcRect")
        crop = (0, 0, 0, 0) if cut is None else tuple(number(cut, side) for side in "ltrb")
        namespace = etree.QName(drawing).namespace
        bookmark = etree.Element(f"{{{namespace}}}bookmarkStart")
        bookmark.set(f"{{{namespace}}}name", f"{PICTURE}{len(self.pictures)}")
        self.pictures.append(Picture(name, said, crop))
        drawing.addprevious(bookmark)

    def unfold(self, root):
        """What mammoth would drop with its words is opened; a table of contents goes."""
        for each in each_of(root, "sdt"):
            gallery = each.find("{*}sdtPr/{*}docPartObj/{*}docPartGallery")
            if gallery is not None and value(gallery, "val") == "Table of Contents":
                self.left_out.add("contents")
                take_out(each)
        for each in each_of(root, *KEPT_WITHIN):
            unwrap(each)

    def link(self, root, relations):
        """Links lead out of the document: within it, mammoth would take them for notes."""
        for each in each_of(root, "hyperlink"):
            for name in list(each.attrib):
                kind = relations.get(each.get(name), ("", None))[0]
                if etree.QName(name).localname == "anchor" or kind != "hyperlink":
                    del each.attrib[name]

    def call_once(self, root):
        """A note is called once: mammoth writes it out for every call, and bombs call often."""
        for kind, uncalled in self.uncalled.items():
            for call in each_of(root, f"{kind}Reference"):
                if value(call, "id") in uncalled:
                    uncalled.remove(value(call, "id"))
                else:
                    self.lose("odd notes", call)

    def narrow(self, root):
        for each in each_of(root, "gridSpan"):
            for name in each.attrib:
                each.set(name, str(min(max(number(each, "val"), 1), MOST_COLUMNS)))

    def tell_around(self):
        """Remarks, and what stands at the head and foot of each page."""
        main = self.package.main
        comments = self.package.xml(self.package.related(main, "comments"))
        for each in [] if comments is None else comments.iterfind("{*}comment"):
            self.left_out.add("comments", partial(words, each))
        relations = self.package.relations(main)
        around = [each for kind, each in relations if kind in ("header", "footer")]
        for part in dict.fromkeys(self.package.target(main, each) for each in around):
            root = self.package.xml(part)
            said = "" if root is None else words(root)
            if any(sign.isalpha() for sign in said):
                self.left_out.add("around", said.__str__)


def kind_of(drawing) -> str:
    for each in drawing.iter("{*}graphicData"):
        for ending, what in (("chart", "charts"), ("diagram", "diagrams")):
            if ending in value(each, "uri"):
                return what
    return ""


def number(element, name) -> int:
    try:
        return int(float(value(element, name, "0")))
    except (ValueError, OverflowError):
        return 0


def roles_of(styles) -> dict[str, str]:
    """What paragraphs of a style are, by its id: “Heading2” also where it is only based on that."""
    by_id = {} if styles is None else {value(s, "styleId"): s for s in styles.iter("{*}style")}
    return {key: role for key in by_id if (role := role_of(key, by_id))}


def role_of(key, by_id):
    for _turn in range(MOST_BASES):  # Styles may be based on each other in a ring.
        style = by_id.get(key)
        if style is None or value(style, "type") not in ("paragraph", ""):
            break
        name, base = style.find("{*}name"), style.find("{*}basedOn")
        if role := role_named("" if name is None else value(name, "val").casefold()):
            return role
        key = None if base is None else value(base, "val")
    return ""


def role_named(name):
    if name in ROLES:
        return ROLES[name]
    if name.startswith("heading ") and name[8:].isdigit():
        return f"Heading{name[8:]}"
    if name.startswith("toc ") or name in ("toc heading", "table of figures"):
        return "Contents"
    return "Standfirst" if STANDFIRST.search(name) else ""


def relations_xml(links):
    root = etree.Element(
        "{http://schemas.openxmlformats.org/package/2006/relationships}Relationships"
    )
    root.extend(links.values())
    return root


def packed(parts) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as out:
        for name, root in parts.items():
            if root is not None:
                out.writestr(name, etree.tostring(root, encoding="UTF-8", xml_declaration=True))
    return content.getvalue()
