"""
The zip that a .docx is (ISO/IEC 29500-2), opened with suspicion.

Nothing of it is written to a disk, nothing outside of it is ever fetched, and only the parts that
are asked for are read.
"""

import posixpath
import zipfile
import zlib
from xml.parsers import expat

from django.utils.translation import gettext as _
from lxml import etree

MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * MEGABYTE
MOST_UNPACKED = 300 * MEGABYTE
MOST_XML = 8 * MEGABYTE  # Many times a report of 100 pages; reading takes 100 times as much memory.
MOST_FILES = 5000
MOST_TIMES = 200  # A zip makes what somebody wrote so much smaller; a bomb shrinks 1000 times.
WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
READING_RAISES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,  # A part that is not there.
    NotImplementedError,
    OSError,
    ValueError,  # Names that are no UTF-8, places before the start.
)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Also what a password makes of a .docx.


class Refused(Exception):
    """The file cannot be taken; its text is a sentence for whoever sent it."""


def damaged():
    return Refused(_("The file is damaged. Open it in Word and save it again."))


class Package:
    """The parts of a Word document, by their names. Raises ``Refused``."""

    def __init__(self, file):
        refuse_what_is_no_zip(file)
        try:
            self.zip = zipfile.ZipFile(file)
        except READING_RAISES:
            raise damaged() from None
        self.infos = {info.filename: info for info in self.zip.infolist()}
        self.refuse_bombs()
        self.main = self.related("", "officeDocument")
        if not self.main or b"wordprocessingml" not in self.read("[Content_Types].xml"):
            raise Refused(_("This is not a Word document."))

    def refuse_bombs(self):
        infos = self.zip.infolist()
        unpacked = sum(info.file_size for info in infos)
        if len(infos) > MOST_FILES or unpacked > MOST_UNPACKED or any(map(swells, infos)):
            raise Refused(_("The file is far larger unpacked than any report. It is not opened."))
        if any(info.flag_bits & 1 for info in infos):
            raise Refused(_("The file is protected by a password. Save it without."))
        if len(self.infos) < len(infos):  # Two parts of one name: readers differ on which counts.
            raise damaged()
        if any(info.compress_type not in WAYS or leads_out(info.filename) for info in infos):
            raise damaged()

    def read(self, name) -> bytes:
        try:
            return self.zip.read(name)
        except READING_RAISES:
            raise damaged() from None

    def xml(self, name):
        """The root of a part, or None where there is none of that name."""
        if not name or name not in self.infos:
            return None
        if self.infos[name].file_size > MOST_XML:
            raise Refused(_("The document is too long to be read. Divide it."))
        content = self.read(name)
        refuse_doctype(content)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        try:
            return etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise damaged() from None

    def relations(self, part):
        """What a part refers to: pairs of the last word of the kind and the element."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = [] if root is None else root.iterfind("{*}Relationship")
        return [(each.get("Type", "").rpartition("/")[2], each) for each in found]

    def related(self, part, kind) -> str:
        """The name of the first part of a kind that a part refers to, or nothing."""
        for each, relation in self.relations(part):
            if each == kind and (name := self.target(part, relation)):
                return name
        return ""

    def target(self, part, relation) -> str:
        """The part that a relation leads to; nothing for what lies outside."""
        if relation.get("TargetMode") == "External":
            return ""
        path = posixpath.join("/", posixpath.dirname(part), relation.get("Target", ""))
        name = posixpath.normpath(path).lstrip("/")
        return name if name in self.infos else ""


def swells(info):
    return info.file_size > MEGABYTE and info.file_size > MOST_TIMES * max(info.compress_size, 1)


def leads_out(name):
    name = name.replace("\\", "/")
    return name.startswith("/") or ".." in name.split("/") or ":" in name


def refuse_what_is_no_zip(file):
    if file.size > MOST_BYTES:
        sentence = _("The file has %(size)d MB; %(most)d MB are the most.")
        most = {"size": file.size // MEGABYTE, "most": MOST_BYTES // MEGABYTE}
        raise Refused(sentence % most)
    file.seek(0)
    start = file.read(8)
    if start == OLD_WORD:
        if "EncryptedPackage".encode("utf-16-le") in file.read():
            raise Refused(_("The file is protected by a password. Save it without."))
        raise Refused(_("This is a document of an old Word (.doc). Save it as .docx."))
    if not start.startswith(b"PK"):
        raise Refused(_("This is not a Word document (.docx)."))
    file.seek(0)


class Begun(Exception):
    """The root has been reached: no document type can follow."""


def refuse_doctype(content: bytes):
    """Documents of Word have none; with one come entities that expand without end."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_args: parser_stops(damaged())
    parser.StartElementHandler = lambda *_args: parser_stops(Begun())
    try:
        parser.Parse(content, True)
    except Begun:
        return
    except (expat.ExpatError, ValueError, LookupError):
        raise damaged() from None


def parser_stops(error):
    raise error
