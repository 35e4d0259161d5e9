"""
Looks into a PDF at standard input and prints as JSON what there is to know of it.

A program of its own: a file made to keep its reader busy, or to fill the memory, is given up on.
"""

import io
import json
import resource
import sys

from pypdf import PdfReader

SECONDS, BYTES = 5, 2**30
# What runs, opens or sends something (ISO 32000-1, table 198). Links may stay.
ACTS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"}
BRINGS_FILES = {"/FileAttachment", "/RichMedia"}


def facts(reader) -> dict:
    """Return ``pages``, or the ``problem``: locked, acts or files."""
    if reader.is_encrypted:
        return {"problem": "locked"}
    root = reader.root_object
    names = value(root, "/Names") or {}
    pages = list(reader.pages)
    notes = [note for page in pages for note in values(page, "/Annots")]
    form = value(root, "/AcroForm") or {}
    if "/EmbeddedFiles" in names or any(note.get("/Subtype") in BRINGS_FILES for note in notes):
        return {"problem": "files"}
    triggers = [root, *pages, *notes, *values(form, "/Fields")]
    if "/JavaScript" in names or "/XFA" in form or any(map(triggers_action, triggers)):
        return {"problem": "acts"}
    return {"pages": len(pages)}


def value(holder, name):
    """What an entry leads to, which may be a reference to it."""
    found = holder.get(name)
    return found.get_object() if found is not None else None


def values(holder, name) -> list:
    """What a list leads to."""
    return [each.get_object() for each in value(holder, name) or []]


def triggers_action(holder) -> bool:
    at_events = (value(holder, "/AA") or {}).values()
    actions = [each.get_object() for each in at_events]
    return any(map(acts, [value(holder, "/OpenAction"), value(holder, "/A"), *actions]))


def acts(action) -> bool:
    """Whether an action, or one of those that follow it, does more than lead somewhere."""
    waiting, seen = [action], set()
    while waiting:
        action = waiting.pop()
        if isinstance(action, list):  # A destination, or several actions.
            waiting += [each.get_object() for each in action if hasattr(each, "get_object")]
        elif isinstance(action, dict) and id(action) not in seen:
            seen.add(id(action))
            if action.get("/S") in ACTS:
                return True
            waiting.append(value(action, "/Next"))
    return False


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    content = io.BytesIO(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(facts(PdfReader(content, strict=False))))
