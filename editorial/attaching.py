"""Files that readers download: each is what its ending says, and does nothing by itself."""

import json
import subprocess
import sys
import zipfile
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from editorial.files import MEGABYTE

MEGABYTES = 50
UNPACKED = 1024 * MEGABYTE
MOST_TIMES = 100  # What somebody wrote shrinks 20 times in a zip, a bomb a thousand times;
HARMLESS = 100 * MEGABYTE  # up to here it does no harm.
SECONDS = 6

NOT_SO = _("This is no %(kind)s file, though its name says so. Save it as one and choose it again.")
DAMAGED = _("This file is damaged, or a part of it is missing. Save it anew and choose it again.")
MACROS = _("This file has macros. Save it without them.")
BOMB = _("Unpacked, this file is larger than 1 GB. Make it smaller.")
SWELLS = _(
    "Unpacked, this file is more than %(times)d times as large, and larger than %(most)d MB. "
    "Save it anew and choose it again."
)
PDF_PROBLEMS = {
    "locked": _("This PDF is locked. Save it without a password and without restrictions."),
    "acts": _("This PDF has scripts or actions in it. Save it without: print it to a new PDF."),
    "files": _("This PDF has other files in it. Take them out; attach them by themselves."),
    "broken": DAMAGED,
}
# What has been read already, by the hash of the file: a draft's row is written at every look at it.
_known: dict[bytes, dict] = {}
MOST_KNOWN = 1000
PDF_FACTS = Path(__file__).with_name("pdf_facts.py")


def check_attachment(value):
    """Refuse a new file that is not what its ending says. Raises ``ValidationError``."""
    ending = PurePosixPath(value.name).suffix.lower().removeprefix(".")
    if value._committed or ending not in CHECKS or value.size > MEGABYTES * MEGABYTE:
        return  # It was looked at before; or other sentences say what is wrong.
    file = value.file
    file.seek(0)
    start = file.read(512)
    file.seek(0)
    try:
        if not CHECKS[ending](file, start):
            raise ValidationError(NOT_SO, params={"kind": ending.upper()})
    finally:
        file.seek(0)


def is_pdf(file, start) -> bool:
    if not start.startswith(b"%PDF-"):
        return False
    facts = pdf_facts(file)
    if problem := facts.get("problem"):
        raise ValidationError(PDF_PROBLEMS[problem])
    file.pages = facts["pages"]  # Attachments want to know, and reading takes a while.
    return True


def count_pages(file) -> int | None:
    """Return the number of pages of an open file that may be a PDF, None if nobody can tell."""
    if hasattr(file, "pages"):
        return file.pages
    file.seek(0)
    is_one = file.read(5) == b"%PDF-"
    pages = pdf_facts(file).get("pages") if is_one else None
    file.seek(0)
    return pages


def pdf_facts(file) -> dict:
    """What ``pdf_facts.py`` says of a PDF; that it is broken, if that cannot read it in time."""
    file.seek(0)
    content = file.read()
    name = sha256(content).digest()
    if name not in _known:
        command = [sys.executable, "-I", str(PDF_FACTS)]
        try:
            ran = subprocess.run(
                command, input=content, capture_output=True, timeout=SECONDS, check=True
            )
            facts = json.loads(ran.stdout)
        except (subprocess.SubprocessError, ValueError):
            return {"problem": "broken"}
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[name] = facts
    return _known[name]


def is_package(file, start, *, holds) -> bool:
    """A ZIP file with nothing before it, with the entry that makes it a document of its kind."""
    if not start.startswith(b"PK\x03\x04"):
        return False
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise ValidationError(DAMAGED) from None
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED:
        raise ValidationError(BOMB)
    if unpacked > max(HARMLESS, MOST_TIMES * file.size):
        most = HARMLESS // MEGABYTE
        raise ValidationError(SWELLS, params={"times": MOST_TIMES, "most": most})
    names = {entry.filename for entry in entries}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise ValidationError(MACROS)
    return holds in names


def is_epub(file, start):
    """EPUB Open Container Format 3.3, section 4.3: its type comes first, not compressed."""
    named = start[30:58] == b"mimetypeapplication/epub+zip"
    return named and is_package(file, start, holds="META-INF/container.xml")


def is_mp3(_file, start):
    """An ID3 tag, or the header of a frame of MPEG audio, layer III (ISO 11172-3, 2.4.1.3)."""
    frame = len(start) > 1 and start[0] == 0xFF and start[1] & 0xE6 == 0xE2
    return start.startswith(b"ID3") or frame


def is_csv(file, start):
    """Text; markup is none that a spreadsheet writes."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    return not text.startswith(b"<") and all(b"\0" not in chunk for chunk in file.chunks())


CHECKS = {
    "pdf": is_pdf,
    "docx": partial(is_package, holds="word/document.xml"),
    "xlsx": partial(is_package, holds="xl/workbook.xml"),
    "epub": is_epub,
    "mp3": is_mp3,
    "csv": is_csv,
}
