"""
The interface's translations: found in code and templates, kept in locale/, compiled, by Babel.

A fresh machine has no gettext, and none of this needs it. The catalogues (PO files) carry neither
dates nor line numbers, so that they change only when a text does. An empty django.po in
locale/<language>/LC_MESSAGES/ is enough to begin a language.
"""

import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")

HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plural_forms}\n"

"""


def compile_messages():
    """Write the MO file beside each catalogue that is newer than it."""
    for file in catalogue_files():
        compiled = file.with_suffix(".mo")
        if not compiled.is_file() or compiled.stat().st_mtime_ns < file.stat().st_mtime_ns:
            compile_one(file, compiled)


def compile_one(file: Path, compiled: Path):
    # Two processes may do so at the same time: neither may read half of the other's file.
    unfinished = compiled.with_suffix(f".{os.getpid()}.mo")
    with unfinished.open("wb") as out:
        write_mo(out, read_catalogue(file))
    unfinished.replace(compiled)


def update_messages():
    """Bring each catalogue up to the texts of the code; what is used no more is kept apart."""
    template = current_texts()
    for file in catalogue_files():
        catalogue = read_catalogue(file)
        catalogue.update(template, no_fuzzy_matching=True)
        file.write_bytes(as_po(catalogue))


def problems() -> Iterator[str]:
    """Whatever keeps a catalogue from saying all that the interface says, one sentence each."""
    template = current_texts()
    for file in catalogue_files():
        catalogue = read_catalogue(file)
        for problem in [*differences(catalogue, template), *flaws(catalogue)]:
            yield f"{file.relative_to(settings.BASE_DIR)}: {problem}"


def differences(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    ours, theirs = names(catalogue), names(template)
    for text in sorted(theirs - ours):
        yield f"{text} is missing; `manage.py messages` adds it."
    for text in sorted(ours - theirs):
        yield f"{text} is used no more; `manage.py messages` takes it out."


def flaws(catalogue: Catalog) -> Iterator[str]:
    for message in texts(catalogue):
        strings = message.string if message.pluralizable else [message.string]
        if not all(strings):
            yield f"{name(message)} has no translation."
        elif message.fuzzy:
            yield f"{name(message)} is marked as fuzzy: look at it, then take the mark off."
        elif not message.pluralizable and placeholders(message.id) != placeholders(message.string):
            yield f"{name(message)}: the translation has other placeholders."
        for error in message.check(catalogue):
            yield f"{name(message)}: {error}."


def texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]  # The header is the one without.


def names(catalogue: Catalog) -> set[str]:
    return {name(message) for message in texts(catalogue)}


def name(message: Message) -> str:
    text = message.id[0] if message.pluralizable else message.id
    return f"“{text}” ({message.context})" if message.context else f"“{text}”"


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def catalogue_files() -> list[Path]:
    return sorted(
        file
        for folder in settings.LOCALE_PATHS
        for file in Path(folder).glob("*/LC_MESSAGES/django.po")
    )


def read_catalogue(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=file.parent.parent.name, abort_invalid=True)


def as_po(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, width=100, omit_header=True, no_location=True, sort_output=True)
    header = HEADER.format(
        language=catalogue.locale_identifier, plural_forms=catalogue.plural_forms
    )
    return header.encode() + out.getvalue().strip() + b"\n"


def current_texts() -> Catalog:
    """A catalogue of every text that our code and templates mark for translation."""
    template = Catalog()
    for source in sources():
        found = extract("python", BytesIO(source), KEYWORDS, comment_tags=["Translators:"])
        for _line, text, comments, context in found:
            template.add(text, auto_comments=comments, context=context)
    return template


def sources() -> Iterator[bytes]:
    """Our Python files, and the Python that the texts of our templates amount to."""
    for room in rooms():
        for file in sorted(room.rglob("*.py")):
            yield file.read_bytes()
    for folder in [*settings.TEMPLATES[0]["DIRS"], *(room / "templates" for room in rooms())]:
        for file in sorted(Path(folder).rglob("*.*")):
            python = templatize(file.read_text(), origin=str(file))
            yield "\n".join(line.lstrip() for line in python.splitlines()).encode()


def rooms() -> list[Path]:
    paths = [Path(config.path) for config in apps.get_app_configs()]
    return sorted(path for path in paths if path.parent == settings.BASE_DIR)
