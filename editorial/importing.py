from functools import partial
from pathlib import Path, PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from taggit.managers import TaggableManager

from editorial import contentfiles
from editorial.cleaning import clean_picture, is_clean
from editorial.content import ContentProblems, Layout, Problem
from editorial.contentfiles import Malformed, Piece, Record, in_order
from editorial.exporting import Describer
from editorial.files import sha256
from editorial.imported import importer, keep_imported
from editorial.models import Publishable, Status


@transaction.atomic
def import_content(folder: Path, layouts: list[Layout], track=iter) -> int:
    """
    Read a content folder into the database, in one transaction, and return how many files it had.

    An object whose key is known is brought to what its file says; one that is so already is not
    touched. Raises ``ContentProblems`` with every problem of every file; nothing is changed then.
    ``track`` wraps the list of files and may show progress.
    """
    load = Import(Path(folder), layouts)
    pieces = [piece for layout, path in load.files() if (piece := load.read(layout, path))]
    load.expect(pieces)
    ordered = in_order(pieces)
    for piece in track(ordered):
        load.save(piece)
    for piece in ordered:
        load.finish(piece)
    if load.problems:
        raise ContentProblems(load.problems)
    return len(pieces)


class Fingerprint(Describer):
    """Describes an object with the hashes of its files in place of their names."""

    def file(self, value, stem):
        return PurePosixPath(value.name).stem if value else ""


class Import:
    def __init__(self, folder, layouts):
        self.folder = folder
        self.layouts = {layout.model: layout for layout in layouts}
        self.known = {}
        self.problems = []
        self.piece = None

    # Reading

    def files(self):
        """Every file with the layout that it follows, in the order in which they are saved."""
        folders = {layout.folder: layout for layout in self.layouts.values() if layout.folder}
        if not self.folder.is_dir():
            raise ContentProblems([Problem(str(self.folder), 0, "folder", "there is none.")])
        for place in sorted(self.folder.iterdir()):
            if place.is_dir() and place.name not in folders and not place.name.startswith("."):
                known = ", ".join(folders)
                self.problems.append(Problem(place.name, 0, "folder", f"known are only {known}."))
        return [
            (layout, path)
            for name, layout in folders.items()
            for path in sorted((self.folder / name).glob(f"*{layout.ending}"))
        ]

    def read(self, layout, path):
        name = path.relative_to(self.folder).as_posix()
        try:
            values, text = contentfiles.read(path, has_text=bool(layout.text))
        except Malformed as error:
            self.problems.append(Problem(name, error.line, "file", str(error)))
            self.known[layout.model, layout.key_from(path.stem)] = None
            return None
        if layout.text and text:
            values[layout.text] = text
        return Piece(layout, path, name, values)

    def expect(self, pieces):
        """A reference to an object whose own file is wrong is not a second mistake."""
        for piece in pieces:
            self.known[piece.layout.model, piece.key] = None

    def problem(self, record, field, sentence):
        line = record.lines.get(field, record.line)
        self.problems.append(Problem(self.piece.name, line, field, sentence))

    def invalid(self, record, field, error: ValidationError):
        if hasattr(error, "error_dict"):
            for name, sentences in error.message_dict.items():
                for sentence in sentences:
                    self.problem(record, "file" if name == "__all__" else name, sentence)
        else:
            for sentence in error.messages:
                self.problem(record, field, sentence)

    # Saving

    def save(self, piece):
        self.piece = piece
        layout, values = piece.layout, piece.values
        before = len(self.problems)
        try:
            key = layout.get(layout.key).clean(piece.key, None)
        except ValidationError as error:
            self.invalid(values, "file", error)
            return
        obj = layout.model._default_manager.filter(**{layout.key: key}).first()
        if obj and self.says_so_already(layout, obj, values):
            self.known[layout.model, piece.key] = obj
            return
        piece.was_approved = bool(getattr(obj, "approved_at", None))
        obj = obj or layout.model(**{layout.key: key})
        if self.save_row(layout, obj, values) and before == len(self.problems):
            piece.obj = self.known[layout.model, piece.key] = obj

    def says_so_already(self, layout, obj, values):
        is_now = Fingerprint(self.layouts)(layout, obj)
        if layout.text and getattr(obj, layout.text):
            is_now[layout.text] = getattr(obj, layout.text)
        return is_now == self.with_hashes(layout, values)

    def with_hashes(self, layout, values):
        """The values of a file with the hashes of the files it names in place of their names."""
        hashed = dict(values)
        for name in set(layout.relations) & values.keys():
            hashed[name] = sorted(map(str, values[name]))
        for name in layout.all_fields:
            field = layout.get(name)
            if isinstance(field, models.FileField) and name in values:
                hashed[name] = self.hash_beside(field, values[name])
        for relation, rows in layout.rows.items():
            if all_records(values.get(relation)):
                hashed[relation] = [self.with_hashes(rows, row) for row in values[relation]]
        return hashed

    def hash_beside(self, field, name):
        """The hash of a file as it would be kept; nothing where it cannot be."""
        path = self.beside(name)
        try:
            return sha256(as_kept(field, path))[:24] if path else ""
        except ValidationError:
            return ""

    def beside(self, name):
        """The file ``name`` in the folder of the current piece, or None."""
        path = self.piece.path.parent / str(name)
        return path if PurePosixPath(str(name)).name == name and path.is_file() else None

    def save_row(self, layout, obj, values, *, keep=True):
        """
        Fill and check an object or a row and what it owns, and save them if nothing is wrong.

        Returns whether all went well. With ``keep=False`` it only checks.
        """
        before = len(self.problems)
        for name in values.keys() - layout.names - {layout.text}:
            known = ", ".join(sorted(layout.names))
            self.problem(values, name, f"there is no such field; there are {known}.")
        filled = {name for name in layout.columns if self.fill(layout, obj, name, values)}
        self.sign(obj, values, filled)
        self.check(layout, obj, values, filled)
        keep = keep and before == len(self.problems) and self.write(obj, values)
        for name in layout.relations:
            self.relate(layout, obj, name, values, keep)
        for relation, rows in layout.rows.items():
            self.save_rows(rows, obj, relation, values, keep)
        return before == len(self.problems)

    def write(self, obj, values):
        try:
            with transaction.atomic():
                obj.save()
        except (IntegrityError, OSError) as error:
            self.problem(values, "file", f"it cannot be saved: {error}")
            return False
        return True

    def fill(self, layout, obj, name, values):
        """Set one field from what the file says. Returns whether that went well."""
        field = layout.get(name)
        said = values.get(name)
        if said is not None and not isinstance(said, str):
            self.problem(values, name, "one value is expected here, not a list or more names.")
            return False
        try:
            if isinstance(field, models.ForeignKey):
                return self.refer(obj, field, said, values)
            if isinstance(field, models.FileField):
                return self.attach(obj, field, said, values)
            if isinstance(field, models.BooleanField) and said in ("true", "false"):
                said = said == "true"
            value = field.clean(field.get_default() if said is None else said, obj)
            setattr(obj, name, value)
            check_value(field, said, value)
        except ValidationError as error:
            self.invalid(values, name, error)
            return False
        return True

    def refer(self, obj, field, key, values):
        if key is None:
            setattr(obj, field.name, None)
            if not field.null:
                self.problem(values, field.name, "this is needed.")
            return field.null
        of_its_kind = field.related_model is self.piece.layout.model
        if of_its_kind and not self.known.get((field.related_model, key)):
            self.piece.later[field.name] = key
            return True
        other = self.find(field.related_model, key, field.name, values)
        if other:
            setattr(obj, field.name, other)
        return other is not None

    def find(self, model, key, name, values):
        """The object that a key names, or None; says so if there is none anywhere."""
        if (model, key) not in self.known:
            layout = self.layouts[model]
            try:
                found = model._default_manager.filter(**{layout.key: key}).first()
            except ValidationError:
                found = None
            if found is None:
                kind = model._meta.verbose_name
                self.problem(values, name, f"there is no {kind} “{key}”.")
                return None
            self.known[model, key] = found
        return self.known[model, key]

    def attach(self, obj, field, said, values):
        """Take the file that lies beside; one with the same bytes as before stays as it is."""
        if not said:
            setattr(obj, field.name, "")
            if not field.blank:
                self.problem(values, field.name, "this is needed.")
            return field.blank
        path = self.beside(said)
        if path is None:
            self.problem(values, field.name, f"there is no file “{said}” in the same folder.")
            return False
        kept = as_kept(field, path)
        if PurePosixPath(getattr(obj, field.name).name or "").stem != sha256(kept)[:24]:
            is_picture = isinstance(field, models.ImageField)
            setattr(obj, field.name, clean_picture(kept) if is_picture else kept)
        field.clean(getattr(obj, field.name), obj)
        return True

    def sign(self, obj, values, filled):
        """What is approved or withdrawn was approved once: by the importer, if nobody is known."""
        if not isinstance(obj, Publishable) or obj.status not in (
            Status.APPROVED,
            Status.WITHDRAWN,
        ):
            return
        if obj.publish_at is None and "publish_at" in filled:
            self.problem(values, "publish_at", f"this is needed: the status is {obj.status}.")
            filled.remove("publish_at")
        now = timezone.now()
        if obj.status == Status.WITHDRAWN and obj.publish_at and obj.publish_at <= now:
            obj.withdrawn_at = obj.withdrawn_at or now
        obj.approved_at = obj.approved_at or now
        obj.approved_by = obj.approved_by or importer()

    def check(self, layout, obj, values, filled):
        """Check the object as a whole, leaving out the fields that are wrong by themselves."""
        wrong = set(layout.columns) - filled
        checks = [partial(obj.validate_unique, wrong), partial(obj.validate_constraints, wrong)]
        if not wrong:
            checks.insert(0, obj.clean)
        for check in checks:
            try:
                check()
            except ValidationError as error:
                self.invalid(values, "file", error)

    def relate(self, layout, obj, name, values, keep):
        """Set a many-to-many relation, or tags, from a list of keys."""
        said = values.get(name, [])
        if not isinstance(said, list) or not all(isinstance(key, str) for key in said):
            self.problem(values, name, "a list is expected here, such as [one, two].")
            return
        field = layout.get(name)
        if isinstance(field, TaggableManager):
            too_long = [key for key in said if len(key) > 100]
            if too_long:
                self.problem(values, name, "a topic has at most 100 characters.")
            elif keep:
                getattr(obj, name).set(said)
            return
        if field.related_model is layout.model and name not in self.piece.related:
            self.piece.related.append(name)
            return
        others = [self.find(field.related_model, key, name, values) for key in said]
        if keep:
            getattr(obj, name).set([other for other in others if other])

    def save_rows(self, layout, owner, relation, values, keep):
        """Bring the rows of an object to what its file says: all anew if anything differs."""
        said = values.get(relation, [])
        if not all_records(said):
            self.problem(
                values, relation, "a list is expected here, each item with names of its own."
            )
            return
        link = type(owner)._meta.get_field(relation).field.name
        if keep:
            said = self.make_room(layout, getattr(owner, relation), said, values, relation)
        for number, record in enumerate(said, start=1):
            row = layout.model(**{link: owner if keep else None})
            if layout.counts:
                row.position = number
            self.save_row(layout, row, record, keep=keep)

    def make_room(self, layout, owned, said, values, relation):
        """Return the rows that are to be made; those that stand in their way are deleted."""
        describe = Fingerprint(self.layouts)
        now = [describe(layout, row) for row in owned.order_by(*layout.order)]
        wanted = [self.with_hashes(layout, record) for record in said]
        if now == wanted:
            return []
        if layout.row_key and self.piece.was_approved:
            gone = {row[layout.row_key] for row in now} - {
                row.get(layout.row_key) for row in wanted
            }
            for key in sorted(gone):
                self.problem(values, relation, f"“{key}” is missing; readers may have seen it.")
        if layout.permanent:
            if any(row not in wanted for row in now):
                self.problem(values, relation, "what stands there for good cannot be changed.")
            return [record for record, row in zip(said, wanted, strict=True) if row not in now]
        owned.all().delete()
        return said

    # Finishing

    def finish(self, piece):
        """Set what refers to objects of the same kind, now that all of them exist."""
        self.piece = piece
        found = {
            name: self.find(piece.layout.model, key, name, piece.values)
            for name, key in piece.later.items()
        }
        if piece.obj is None:
            return
        for name in piece.related:
            self.relate(piece.layout, piece.obj, name, piece.values, keep=True)
        for name, other in found.items():
            setattr(piece.obj, name, other)
        try:
            if piece.later:
                piece.obj.clean()
                piece.obj.validate_constraints()
                piece.obj.save(update_fields=list(piece.later))
            if getattr(piece.obj, "status", None) == Status.APPROVED:
                piece.obj.check_complete()
        except ValidationError as error:
            self.invalid(piece.values, next(iter(piece.later), "file"), error)
        piece.layout.finish(piece.obj)
        if isinstance(piece.obj, Publishable):
            keep_imported(piece.obj)


def check_value(field, said, value):
    """What a field itself lets pass: a state that is none, a moment without a time zone."""
    if field.choices and value not in (None, "", *dict(field.flatchoices)):
        known = ", ".join(map(str, dict(field.flatchoices)))
        raise ValidationError(f"“{value}” is not one of {known}.")
    if isinstance(field, models.DateTimeField) and said and parse_datetime(said).tzinfo is None:
        raise ValidationError("the time zone is missing: end it with Z, which is UTC.")


def all_records(value):
    return isinstance(value, list) and all(isinstance(item, Record) for item in value)


def as_kept(field, path) -> ContentFile:
    """A file as it would be kept. Raises ``ValidationError`` for a picture that is none."""
    content = ContentFile(path.read_bytes(), name=path.name)
    is_other = isinstance(field, models.ImageField) and not is_clean(content)
    return clean_picture(content) if is_other else content
