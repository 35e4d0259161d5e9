"""
The index: a derived folder, which can be lost at any moment.

``SEARCH_DIR/current`` names the folder that answers. A new one is built beside it and takes its
place in one step. How far the index has come stands in the index itself, as one document: what is
found and how far it has come are written in one commit. One process of a machine writes at a time.
"""

import fcntl
import json
import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from tantivy import Document as Row
from tantivy import Index, Query, SchemaBuilder

from editorial.searching.attached import known_text
from editorial.searching.tongues import (
    ANALYZERS,
    PLAIN,
    TONGUES,
    as_indexed,
    fold,
    side_by_side,
    tongue_of,
    words_of,
)

# Another number, and every index is built anew.
VERSION = 6
STATE = "state"
HEAP = 128_000_000  # Bytes that a build gathers before it writes segments.
THREADS = min(4, os.cpu_count() or 1)  # Of a build; Python feeds no more than these.
SMALL_HEAP = 15_000_000  # The least that tantivy takes.
STORED = 60_000  # Letters from which an extract is taken.


class Lost(Exception):
    """There is no index, or it cannot be read."""


@dataclass
class State:
    """
    How far an index has come in the log of changes.

    ``upto`` is the newest change that it knows and ``at`` its moment. ``missing`` are the spans of
    keys below it that were not there yet: the first, to the last and the moment (in seconds) when
    that was noticed. ``unread`` are the documents that lack the text of a file, and those files.
    """

    version: int = VERSION
    upto: int = 0
    at: str = ""
    missing: dict[int, list] = field(default_factory=dict)
    unread: dict[str, list] = field(default_factory=dict)


def make_schema():
    schema = SchemaBuilder()
    for name in ("key", "model", "tongue"):
        stored, fast = name in ("key", "tongue"), name != "key"
        schema.add_text_field(
            name, stored=stored, fast=fast, tokenizer_name="raw", index_option="basic"
        )
    # A column for each name in it: to count in one does not cost what all of them would.
    schema.add_json_field("facet", fast=True, tokenizer_name="raw", index_option="basic")
    schema.add_integer_field("pk", fast=True)
    schema.add_integer_field("publish_at", indexed=True, fast=True)
    schema.add_float_field("weight", fast=True)
    schema.add_bytes_field("text", stored=True)
    # Words as written: of titles with their places, of all with nothing but that they occur.
    schema.add_text_field("names", tokenizer_name=PLAIN)
    schema.add_text_field("words", tokenizer_name=PLAIN, index_option="basic")
    for tongue in TONGUES:
        schema.add_text_field(f"title_{tongue}", tokenizer_name=tongue)
        schema.add_text_field(f"text_{tongue}", tokenizer_name=tongue)
        # Short words and their neighbours in both, without their places.
        schema.add_text_field(f"short_{tongue}", tokenizer_name="whitespace", index_option="basic")
    return schema.build()


SCHEMA = make_schema()


def make_rows(offer, objects) -> Iterator[tuple[str, Row, list]]:
    """For each object its key, its row, and the files of which no text is known yet."""
    for obj, said in zip(objects, offer.describe(objects), strict=True):
        key = f"{offer.label}:{obj.pk}"
        texts = {sha256: known_text(sha256) for sha256, _name in said.files}
        unread = [file for file in said.files if texts[file[0]] is None]
        said.texts.extend(filter(None, texts.values()))
        yield key, make_row(offer.label, key, said), unread


def make_row(label, key, said) -> Row:
    tongue = tongue_of(said.language)
    title, text = fold(said.title), fold("\n".join(filter(None, said.texts)))
    row = Row()
    row.add_text("key", key)
    row.add_text("model", label)
    row.add_text("tongue", tongue)
    row.add_integer("pk", int(key.partition(":")[2]))
    row.add_integer("publish_at", int(said.publish_at.timestamp()))
    row.add_float("weight", weight(said.publish_at))
    row.add_bytes("text", text[:STORED].encode())
    row.add_text("names", as_indexed(title, tongue))
    words = set(f"{title}\n{text}".split())  # Once each, which halves the work of tantivy.
    row.add_text("words", as_indexed(" ".join(words), tongue))
    row.add_text(f"title_{tongue}", as_indexed(title, tongue))
    row.add_text(f"text_{tongue}", as_indexed(text, tongue))
    row.add_text(f"short_{tongue}", " ".join(neighbours(title, text, tongue)))
    facets = {name: [*dict.fromkeys(map(str, said.facets[name]))] for name in said.facets}
    row.add_json("facet", facets)
    return row


def neighbours(title, text, tongue) -> set[str]:
    both = (words_of(each, tongue) for each in (title, text))
    return {pair for words in both for pair in side_by_side(words, tongue)}


def with_analyzers(index):
    for name, analyzer in ANALYZERS.items():
        index.register_tokenizer(name, analyzer)
    return index


def weight(moment) -> float:
    """The newer of two that answer equally well is shown first: four per cent for each year."""
    return 1 + 0.04 * max(0, moment.year + moment.month / 12 - 1990)


class Reader:
    """One folder of an index, opened; ``searcher`` sees what it held when it was last looked at."""

    def __init__(self, folder: Path):
        self.folder = folder
        try:
            self.index = with_analyzers(Index.open(str(folder)))
            self.index.config_reader("manual")
        except Exception as error:  # Tantivy raises several, ValueError and OSError among them.
            raise Lost(folder) from error
        self.seen, self.named = None, (None, {})
        self.refresh()

    def refresh(self):
        """Look at what has been committed since, by whatever process."""
        try:
            now = (self.folder / "meta.json").stat()
            if self.seen == (now.st_ino, now.st_mtime_ns):
                return
            self.index.reload()
            self.searcher = self.index.searcher()
            self.state = self.read_state()
            self.tongues = self.read_tongues()
            self.seen = (now.st_ino, now.st_mtime_ns)
        except Exception as error:
            raise Lost(self.folder) from error

    def names(self, moment: int) -> dict:
        """What is known at this moment of the names of facets, and forgotten in the next."""
        if self.named[0] != (moment, self.seen):
            self.named = ((moment, self.seen), {})
        return self.named[1]

    def read_state(self) -> State:
        hits = self.searcher.search(Query.term_query(SCHEMA, "key", STATE), 1).hits
        said = json.loads(self.searcher.doc(hits[0][1])["text"][0])
        if said["version"] != VERSION:
            raise Lost(self.folder)
        said["missing"] = {int(key): since for key, since in said["missing"].items()}
        return State(**said)

    def read_tongues(self):
        """The tongues in which there is anything to find."""
        asked = {"it": {"terms": {"field": "tongue", "size": len(TONGUES)}}}
        buckets = self.searcher.aggregate(Query.all_query(), asked)["it"]["buckets"]
        return [bucket["key"] for bucket in buckets if bucket["key"] in TONGUES]

    @contextmanager
    def writing(self, heap=SMALL_HEAP):
        """A writer; what is written in the block is committed at its end, or not at all."""
        writer = self.index.writer(heap, 1 if heap == SMALL_HEAP else THREADS)
        try:
            yield writer
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()
        self.refresh()


def write_state(writer, state: State):
    writer.delete_documents_by_term("key", STATE)
    row = Row()
    row.add_text("key", STATE)
    row.add_bytes("text", json.dumps(asdict(state)).encode())
    writer.add_document(row)


def folder() -> Path:
    return Path(settings.SEARCH_DIR)


_open = {"name": None, "reader": None}
_opening = threading.Lock()


def current() -> Reader:
    """The index that answers, as it is now. Raises ``Lost``."""
    try:
        name = (folder() / "current").read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise Lost(folder()) from error
    with _opening:
        if _open["name"] != (folder(), name):
            _open.update(reader=Reader(folder() / name), name=(folder(), name))
        try:
            _open["reader"].refresh()
        except Lost:
            _open.update(reader=None, name=None)
            raise
        return _open["reader"]


def begin() -> Reader:
    """Make an empty index beside the current one."""
    place = folder() / f"index-{uuid.uuid4().hex}"
    place.mkdir(parents=True)
    index = with_analyzers(Index(SCHEMA, str(place)))
    writer = index.writer(SMALL_HEAP, 1)
    write_state(writer, State())
    writer.commit()
    writer.wait_merging_threads()
    return Reader(place)


def take_over(reader: Reader):
    """Let an index answer from now on, in every process, and take those before it away."""
    now = folder() / "current"
    new = now.with_name(f"current-{uuid.uuid4().hex}")
    new.write_text(reader.folder.name, encoding="ascii")
    new.replace(now)
    for other in folder().glob("index-*"):
        if other != reader.folder:
            shutil.rmtree(other, ignore_errors=True)


@contextmanager
def alone(name: str, *, patience=0.0):
    """
    Whether this process is the only one on this machine in blocks of this name.

    The kernel lets go of the lock when a process dies. Threads exclude each other too.
    """
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / f"{name}.lock").open("w") as lock:
        yield take(lock, patience)
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_UN)


def take(lock, patience):
    waited = threading.Event()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if patience <= 0:
                return False
            waited.wait(0.02)
            patience -= 0.02
        else:
            return True
