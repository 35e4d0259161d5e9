"""
Files that nothing names: what rehearsals and previews leave behind, and what was replaced.

A file is named by a row, or by any text of any revision, whatever the schema was then.
"""

import datetime
from collections.abc import Iterator
from contextlib import suppress

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.utils import timezone
from imagefield.fields import ImageFieldFile

from editorial.models import Revision

RENDITIONS = "__processed__"
# Who has just sent a file may be about to save it.
YOUNG = datetime.timedelta(days=1)


def all_files(folder="") -> Iterator[str]:
    """The name of every file in the storage below a folder; hidden ones are nobody's business."""
    folders, files = default_storage.listdir(folder)
    for name in sorted(files):
        if not name.startswith("."):
            yield f"{folder}{name}"
    for name in sorted(folders):
        if not name.startswith("."):
            yield from all_files(f"{folder}{name}/")


def named_files() -> set[str]:
    return {*named_by_rows(), *named_by_revisions()}


def named_by_rows() -> Iterator[str]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField) and field.model is model:
                yield from model._base_manager.values_list(field.name, flat=True).iterator()


def named_by_revisions() -> Iterator[str]:
    for snapshot in Revision.objects.values_list("snapshot", flat=True).iterator(chunk_size=100):
        yield from texts(snapshot)


def texts(value) -> Iterator[str]:
    """Every text without spaces, however deep it lies in a snapshot."""
    if isinstance(value, str):
        if " " not in value:
            yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def beginning_of_renditions(name: str) -> str:
    """What the names of all renditions of a picture begin with."""
    base = ImageFieldFile._process_base(None, name)
    return f"{base.path}/{base.basename}"


def unnamed_files(now=None) -> Iterator[str]:
    """
    Yield the files that nothing names and that are older than a day, renditions included.

    Their age is looked at last: who sends the same file again meanwhile makes it young.
    """
    files = list(all_files()) if default_storage.exists("") else []
    named = named_files()
    wanted = {beginning_of_renditions(name) for name in named if name}
    oldest = (now or timezone.now()) - YOUNG
    for name in files:
        if name.startswith(f"{RENDITIONS}/"):
            if f"{name.rpartition('-')[0]}-" in wanted:
                continue
        elif name in named:
            continue
        with suppress(FileNotFoundError):
            if default_storage.get_modified_time(name) < oldest:
                yield name
