"""
The text of attached PDF files, kept below ``SEARCH_DIR/texts`` by the hash of the file.

Reading a long or hostile file takes time and memory, so a program of its own does it, one file
after the other, while the piece is found by its other words already.

    python -m editorial.searching.attached FILE
"""

import contextlib
import logging
import subprocess
import sys
import threading
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from pypdf import PdfReader
from pypdf.errors import PyPdfError

logger = logging.getLogger(__name__)

SECONDS = 120
PAGES = 600
LETTERS = 1_000_000

_reading = set()
_one_at_a_time = threading.Lock()


def place(sha256: str) -> Path:
    return Path(settings.SEARCH_DIR) / "texts" / f"{Path(sha256).name}.txt"


def known_text(sha256: str) -> str | None:
    """The text of a file, or None if nobody has read it yet."""
    try:
        return place(sha256).read_text(encoding="utf-8")
    except OSError:
        return None


def read_in_background(sha256: str, name: str):
    """Let a thread have the file read, unless one is at it."""
    if sha256 in _reading:
        return
    _reading.add(sha256)
    threading.Thread(target=keep_text, args=[sha256, name], daemon=True).start()


def keep_text(sha256: str, name: str):
    """Read a file of the storage and keep its text; an empty one where it cannot be read."""
    try:
        with _one_at_a_time:
            path = place(sha256)
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(uuid.uuid4().hex)
            new.write_bytes(text_of(default_storage.path(name)))
            new.replace(path)
    except Exception:  # A thread of ours ends with a line in the log, whatever the file does.
        logger.exception("The text of %s could not be kept.", name)
    finally:
        _reading.discard(sha256)


def text_of(path) -> bytes:
    """Read a PDF in a program of its own, which is given up when it takes too long."""
    program = [sys.executable, "-m", "editorial.searching.attached", str(path)]
    try:
        done = subprocess.run(
            program, capture_output=True, timeout=SECONDS, cwd=settings.BASE_DIR, check=True
        )
    except (OSError, subprocess.SubprocessError):
        logger.warning("%s holds no text that could be read.", path)
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
    with contextlib.suppress(PyPdfError, ValueError, KeyError, RecursionError):
        for text in pages_of(path):
            sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
