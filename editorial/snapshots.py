"""
What an object and all that it owns look like, as JSON; and how to make them look like it again.

A snapshot holds each editable column by name, each many-to-many relation as a sorted list of
primary keys, tags as a sorted list of names, and one list for each relation that the model names
in ``owns``, whose items are snapshots of rows with their primary key as ``pk``. Objects that are
referred to stand there as primary keys, files as their names in the storage, days and moments in
ISO 8601.
"""

import datetime
import os
import secrets
import time
from collections import defaultdict

from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.managers import TaggableManager

# A row that exists only in drafts has a key from here on, which no table ever hands out: the same
# in every rehearsal, in the order in which rows were made, and exact in JavaScript (below 2**53).
DRAFT_KEYS = 2**52

AT_ODDS = gettext_lazy("Rows of it are at odds with each other, or with those of something else.")


def is_draft_key(pk) -> bool:
    """Whether a row with this primary key exists in drafts only."""
    return pk is not None and pk >= DRAFT_KEYS


def draft_keys():
    """Yield unused keys for rows that exist only in a draft, in rising order."""
    key = DRAFT_KEYS + int(time.time() * 1000 - 1.7e12) * 2048 + secrets.randbelow(1024)
    while True:
        yield key
        key += 1


def keys(model, owners, path=()) -> set:
    """The rows that objects own now, as pairs of the names that lead to them and their key."""
    found = set()
    for name, link in owned(model).items():
        rows = link.model._base_manager.filter(**{f"{link.name}__in": owners})
        found |= {((*path, name), pk) for pk in rows.values_list("pk", flat=True)}
        if owned(link.model):
            found |= keys(link.model, rows, (*path, name))
    return found


def give_draft_keys(snapshot: dict, model, known: set, fresh=None, path=()) -> dict:
    """
    Return a snapshot taken in a rehearsal with other keys for the rows made there: what the table
    handed out, it will hand out again. ``known`` are the ``keys`` of before.
    """
    fresh = fresh or draft_keys()
    renamed = dict(snapshot)
    for name, link in owned(model).items():
        place = (*path, name)
        renamed[name] = [
            give_draft_keys(row, link.model, known, fresh, place)
            | {"pk": row["pk"] if (place, row["pk"]) in known else next(fresh)}
            for row in snapshot[name]
        ]
    return renamed


def without_keys(snapshot):
    """A snapshot without the keys of its rows: what it says, whoever made the rows."""
    if isinstance(snapshot, dict):
        return {name: without_keys(value) for name, value in snapshot.items() if name != "pk"}
    return [without_keys(each) for each in snapshot] if isinstance(snapshot, list) else snapshot


def columns(model) -> list[models.Field]:
    """The columns that an editor fills in."""
    return [
        field for field in model._meta.concrete_fields if field.editable and not field.primary_key
    ]


def owned(model) -> dict[str, models.ForeignKey]:
    """The relations to the rows that an object owns, and the column that leads back to it."""
    return {name: model._meta.get_field(name).field for name in getattr(model, "owns", ())}


def take_snapshot(piece) -> dict:
    """Return the snapshot of an object as it stands; queries do not grow with its rows."""
    return take_all(type(piece), [piece])[0]


def take_all(model, objects, link=None) -> list[dict]:
    """The snapshots of objects of one kind; ``link`` is the column that leads to their owner."""
    snapshots = [
        {f.name: to_json(f, obj) for f in columns(model) if f is not link} for obj in objects
    ]
    for obj, snapshot in zip(objects, snapshots, strict=True):
        for field in model._meta.many_to_many:
            snapshot[field.name] = related(field, obj)
    for name, field in owned(model).items():
        rows = rows_of(field, objects)
        taken = take_all(field.model, rows, field)
        by_owner = defaultdict(list)
        for row, snapshot in zip(rows, taken, strict=True):
            by_owner[getattr(row, field.attname)].append({"pk": row.pk, **snapshot})
        for obj, snapshot in zip(objects, snapshots, strict=True):
            snapshot[name] = by_owner[obj.pk]
    return snapshots


def rows_of(field, objects):
    rows = field.model._base_manager.filter(**{f"{field.name}__in": objects})
    return list(rows.order_by(*field.model._meta.ordering, "pk"))


def in_the_way(model, wanted, by_key) -> set:
    """
    The keys of rows that change; of those that own others, only where it is a column that makes
    them unique.
    """
    constraints = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    unique = {name for constraint in constraints for name in names_in(constraint)}
    return {
        row["pk"]
        for row in wanted
        if (now := by_key.get(row["pk"], row)) != row
        and (not owned(model) or any(row.get(name) != now.get(name) for name in unique))
    }


def names_in(constraint) -> list[str]:
    """The columns that together are unique."""
    return list(constraint.fields) or [each.name for each in constraint.expressions]


def with_what_stays(column, wanted, now):
    """
    Rows ``wanted`` and those that must stay: each has an address, which ``column`` says.

    A wanted row at the address of one that stays is that row, whatever key it had in a draft.
    """
    stay = {row[column]: row for row in now if not is_draft_key(row["pk"])}
    there = {row["pk"] for row in wanted}
    missing = {place: row for place, row in stay.items() if row["pk"] not in there}
    again = [
        row | {"pk": missing.pop(row[column])["pk"]} if row[column] in missing else row
        for row in wanted
    ]
    return [*again, *missing.values()]


def related(field, obj):
    if isinstance(field, TaggableManager):
        return sorted(getattr(obj, field.name).names())
    return sorted(getattr(obj, field.name).values_list("pk", flat=True))


def to_json(field, obj):
    value = field.value_from_object(obj)
    if isinstance(field, models.FileField):
        return value.name or "" if value else ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")  # As forms send them; the rest of us write the other.
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if value is None or isinstance(value, bool | int):
        return value
    return field.value_to_string(obj)


def apply_snapshot(piece, snapshot: dict, *, rehearsing: bool = False) -> list[str]:
    """
    Bring an object and the rows it owns to a snapshot; what is so already is not written.

    Returns a sentence for everything that cannot be as it was: what it refers to has been deleted,
    a slug has been taken, a field is no more. In a rehearsal the rest is applied nevertheless, and
    rows of the draft keep their keys. Otherwise raises ``ValidationError`` with these sentences.
    """
    apply = Applying(rehearsing)
    try:
        with transaction.atomic():
            apply.to(piece, snapshot, take_snapshot(piece))
            apply.refuse_half()
    except IntegrityError:
        piece.refresh_from_db()
        apply.problem(AT_ODDS)
    except (DataError, OverflowError):
        piece.refresh_from_db()
        apply.problem(_("It holds a value that does not fit any more."))
    apply.refuse_half()
    if apply.has_written:
        piece.settle()
    return apply.problems


class Applying:
    def __init__(self, rehearsing):
        self.rehearsing = rehearsing
        self.problems = []
        self.has_written = False

    def refuse_half(self):
        """For real, it is all or nothing. Raises ``ValidationError``."""
        if self.problems and not self.rehearsing:
            raise ValidationError(self.problems)

    def to(self, obj, snapshot, now):
        """Bring ``obj``, which looks like ``now``, to ``snapshot``."""
        self.has_written |= any(snapshot[name] != now.get(name) for name in snapshot)
        changed = self.fill(obj, snapshot, now)
        if changed:
            moment = ["modified_at"] if hasattr(obj, "modified_at") else []
            obj.save(update_fields=[*changed, *self.beside(obj, changed), *moment])
        for field in obj._meta.many_to_many:
            if field.name in snapshot and snapshot[field.name] != now[field.name]:
                self.relate(obj, field, snapshot[field.name])
        for name, link in owned(type(obj)).items():
            if name in snapshot and snapshot[name] != now[name]:
                self.rows(obj, link, snapshot[name], now[name])

    def beside(self, obj, changed):
        """The columns in which a picture keeps its width and height, and a file its hash."""
        names = {field.name for field in obj._meta.concrete_fields}
        made = [f"{name}{ending}" for name in changed for ending in ("_width", "_height")]
        return [name for name in [*made, "sha256"] if name in names]

    def fill(self, obj, snapshot, now):
        """Set the columns that differ, and return their names."""
        known = {f.name: f for f in columns(type(obj))}
        every = known.keys() | {f.name for f in obj._meta.many_to_many} | owned(type(obj)).keys()
        for name in sorted(snapshot.keys() - every - {"pk"}):
            self.problem(_("“%s” is no field any more: its text was left out.") % name)
        changed = []
        for name, field in known.items():
            if name not in snapshot or snapshot[name] == now.get(name, field):
                continue
            if name == "publish_at" and obj.is_approved:
                continue  # When readers got it is a fact, whatever a draft says.
            try:
                if self.set(obj, field, snapshot[name]):
                    changed.append(name)
            except (TypeError, ValueError, OverflowError, SuspiciousFileOperation):
                what = {"field": field.verbose_name, "value": str(snapshot[name])[:50]}
                self.problem(_("%(field)s: “%(value)s” does not fit any more.") % what)
        changed = [name for name in changed if not self.is_taken(obj, known[name], now)]
        return self.leave_to_others(obj, changed, now) if obj.pk else changed

    def leave_to_others(self, obj, changed, now):
        """Take back what together with other columns belongs to another object meanwhile."""
        constraints = [c for c in obj._meta.constraints if isinstance(c, models.UniqueConstraint)]
        for constraint in constraints:
            names = names_in(constraint)
            if not set(names) & set(changed):
                continue
            try:
                constraint.validate(type(obj), obj)
            except ValidationError as error:
                self.problems.extend(error.messages)
                for name in set(names) & set(changed):
                    self.set(obj, obj._meta.get_field(name), now[name])
                    changed.remove(name)
        return changed

    def refer(self, obj, field, value):
        there = field.related_model._base_manager.filter(pk=value).exists
        if value is not None and not there():
            self.problem(
                _("%(field)s: what it named (no. %(pk)s) has been deleted since.")
                % {"field": field.verbose_name, "pk": value}
            )
            value = None
        if value is None and not field.null:
            return False
        setattr(obj, field.attname, value)
        return True

    def set(self, obj, field, value):
        label = field.verbose_name
        if isinstance(field, models.ForeignKey):
            return self.refer(obj, field, value)
        if isinstance(field, models.FileField):
            if value and not default_storage.exists(os.fspath(value)):
                self.problem(_("%s: the file is lost; choose it again.") % label)
                value = ""
            value = value or ""
        elif value is not None:
            try:
                value = field.to_python(value)
            except ValidationError as error:
                self.problem(f"{label}: {' '.join(error.messages)}")
                return False
        setattr(obj, field.name, value)
        return True

    def is_taken(self, obj, field, now):
        """Whether another object has got this unique value meanwhile; then the old one stays."""
        value = getattr(obj, field.attname)
        others = type(obj)._base_manager.filter(**{field.attname: value}).exclude(pk=obj.pk)
        if not (field.unique and obj.pk and others.exists()):
            return False
        self.problem(
            _("%(field)s: “%(value)s” has been taken meanwhile; choose another.")
            % {"field": field.verbose_name, "value": value}
        )
        setattr(obj, field.attname, field.to_python(now[field.name]))
        return True

    def relate(self, obj, field, wanted):
        if not isinstance(field, TaggableManager):
            there = set(field.related_model._base_manager.filter(pk__in=wanted).values_list("pk"))
            gone = [pk for pk in wanted if (pk,) not in there]
            for pk in gone:
                self.problem(
                    _("%(field)s: what it named (no. %(pk)s) has been deleted since.")
                    % {"field": field.verbose_name, "pk": pk}
                )
            wanted = [pk for pk in wanted if pk not in gone]
        getattr(obj, field.name).set(wanted)

    def rows(self, owner, link, wanted, now):
        """Bring the rows of one kind that an object owns to what the snapshot says of them."""
        model = link.model
        permanent = getattr(model, "permanent", False)
        if hasattr(model, "stays_at") and owner.approved_at:
            wanted = with_what_stays(model.stays_at, wanted, now)
        by_key = {row["pk"]: row for row in now}
        # Rows may not be at odds with each other on the way (two titles on one day): those that
        # change make room first and are made anew under their keys.
        gone = by_key.keys() - {row["pk"] for row in wanted} | in_the_way(model, wanted, by_key)
        if gone and not permanent:
            model._base_manager.filter(pk__in=gone).delete()
        for row in wanted:
            if permanent and (row["pk"] in by_key or not (self.rehearsing or owner.is_approved)):
                continue  # They are made when they go live, and stay.
            if row["pk"] not in by_key or row["pk"] in gone:
                self.make(owner, link, by_key.get(row["pk"], {}) | row)
            elif row != by_key[row["pk"]]:
                self.to(model._base_manager.get(pk=row["pk"]), row, by_key[row["pk"]])

    def make(self, owner, link, row):
        model = link.model
        obj = model(**{link.name: owner})
        now = {"pk": None, **{name: [] for name in owned(model)}}
        before = len(self.problems)
        self.fill(obj, {name: value for name, value in row.items() if name != "pk"}, now)
        needed = [
            field
            for field in columns(model)
            if isinstance(field, models.ForeignKey)
            and not field.null
            and getattr(obj, field.attname) is None
        ]
        if needed and len(self.problems) > before:
            return  # Nothing is left of it to keep; the sentence is already there.
        if self.rehearsing or not is_draft_key(row["pk"]):
            obj.pk = row["pk"]
        try:
            obj.validate_constraints()
        except ValidationError as error:
            self.problems.extend(f"{model._meta.verbose_name}: {each}" for each in error.messages)
            return
        try:
            with transaction.atomic():
                obj.save(force_insert=True)
        except IntegrityError:
            self.problem(f"{model._meta.verbose_name}: {AT_ODDS}")
            return
        for name, field in owned(model).items():
            self.rows(obj, field, row.get(name, []), [])

    def problem(self, sentence):
        self.problems.append(sentence)
