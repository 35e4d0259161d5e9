import datetime
import shutil
from pathlib import Path, PurePosixPath

from django.db import models
from taggit.managers import TaggableManager

from editorial import contentfiles
from editorial.content import Layout


def export_content(folder: Path, layouts: list[Layout], track=iter):
    """
    Write all objects of ``layouts`` as files into ``folder``, which must be empty or missing.

    The same database gives the same bytes. Raises ``FileExistsError``. ``track`` wraps the list of
    objects and may show progress.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    keys = {layout.model: layout for layout in layouts}
    objects = [
        (layout, obj)
        for layout in layouts
        if layout.folder
        for obj in layout.model._default_manager.order_by(layout.key)
    ]
    for layout, obj in track(objects):
        place = folder / layout.folder
        place.mkdir(exist_ok=True)
        describe = Describer(keys, place / layout.name_of(obj))
        values = describe(layout, obj)
        text = plain(getattr(obj, layout.text)) if layout.text else None
        contentfiles.write(place / f"{describe.stem.name}{layout.ending}", values, text)
        describe.copy_files()


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Describer:
    """Turns an object and the rows it owns into strings, lists and dicts; notes its files."""

    def __init__(self, layouts: dict[type, Layout], stem: Path = Path("file")):
        self.layouts = layouts
        self.stem = stem
        self.files = {}

    def __call__(self, layout, obj, path=()):
        values = {name: self.value(layout, obj, name, path) for name in layout.all_fields}
        for relation, rows in layout.rows.items():
            owned = getattr(obj, relation).order_by(*rows.order) if obj.pk else []
            values[relation] = [
                self(rows, row, (*path, relation, str(number)))
                for number, row in enumerate(owned, start=1)
            ]
        return {name: value for name, value in values.items() if value not in ("", [], None)}

    def value(self, layout, obj, name, path):
        field = layout.get(name)
        value = getattr(obj, name)
        if isinstance(field, TaggableManager):
            return sorted(value.names()) if obj.pk else []
        if isinstance(field, models.ManyToManyField):
            other = self.layouts[field.related_model]
            return sorted(map(other.key_of, value.all())) if obj.pk else []
        if isinstance(field, models.ForeignKey):
            return self.layouts[field.related_model].key_of(value) if value else ""
        if isinstance(field, models.FileField):
            return self.file(value, "-".join([self.stem.name, *path, name]))
        if value is None or value == field.get_default():
            return ""
        return in_words(field, obj, value)

    def file(self, value, stem):
        if not value:
            return ""
        name = stem + PurePosixPath(value.name).suffix
        self.files[name] = value
        return name

    def copy_files(self):
        for name, file in self.files.items():
            with file.open("rb") as source, (self.stem.parent / name).open("wb") as target:
                shutil.copyfileobj(source, target)


def in_words(field, obj, value) -> str:
    """A plain value as it stands in a file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, str):
        return plain(value)
    return field.value_to_string(obj)
