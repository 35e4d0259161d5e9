"""
The text of attached PDF files, kept below ``SEARCH_DIR/texts`` by the hash of the file.

Reading a long or hostile file takes time and memory, so a program of its own does it, one file
after the other, while the piece is found by its other words already.

    python -m editorial.searching.attached FILE
"""

import contextlib
import logging
import resource
import subprocess
import sys
import uuid
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from pypdf import PdfReader
from pypdf.errors import PyPdfError

logger = logging.getLogger(__name__)

SECONDS, BYTES = 120, 2**30
PAGES = 600
LETTERS = 1_000_000


def place(sha256: str) -> Path:
    return Path(settings.SEARCH_DIR) / "texts" / f"{Path(sha256).name}.txt"


def is_known(sha256: str) -> bool:
    with contextlib.suppress(OSError):
        return place(sha256).exists()
    return False


def known_text(sha256: str) -> str | None:
    """The text of a file, or None if nobody has read it yet."""
    if not is_known(sha256):
        return None
    try:
        return place(sha256).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def keep_text(sha256: str, name: str):
    """
    Read a file of the storage and keep its text; an empty one where it cannot be read. Raises
    ``OSError`` where nothing can be kept or no program started.
    """
    path = place(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(uuid.uuid4().hex)
    try:
        new.write_bytes(text_of(name))
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def text_of(name) -> bytes:
    """Read a PDF in a program of its own, which is given up when it takes too long."""
    try:
        path = default_storage.path(name)
        program = [sys.executable, "-m", "editorial.searching.attached", path]
        done = subprocess.run(
            program, capture_output=True, timeout=SECONDS, cwd=settings.BASE_DIR, check=True
        )
    except (subprocess.SubprocessError, SuspiciousOperation, NotImplementedError, ValueError):
        logger.warning("%s holds no text that could be read.", name)
        return b""
    return done.stdout


def pages_of(path):
    left = LETTERS
    for page in PdfReader(path).pages[:PAGES]:
        text = page.extract_text()[:left]
        left -= len(text)
        yield " ".join(text.split())
        if left <= 0:
            return


def main(path):
    with contextlib.suppress(PyPdfError, ValueError, KeyError, RecursionError, MemoryError):
        for text in pages_of(path):
            sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    main(sys.argv[1])
