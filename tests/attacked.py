"""A house in which everybody who could write anything anywhere has written attacks."""

from itertools import count

from django.apps import apps
from django.db import IntegrityError, models, transaction

from editorial.models import Publishable, Revision
from editorial.models.append_only import AppendOnlyModel
from editorial.presence import arrive
from editorial.richtext import RichTextField, clean_html
from editorial.snapshots import take_snapshot
from publications.models import Publication
from tests.xss import CALL, DISGUISES_OF_ADDRESSES, SCHEMES

ROOMS = {"editorial", "regions", "people", "publications", "crisiswatch", "newsletter"}
FROM_DJANGO = {"auth.user", "auth.group", "flatpages.flatpage", "redirects.redirect", "taggit.tag"}
# What stands in an address, chooses what is done, or is made by the machine alone.
NOT_WRITTEN = {
    *("slug", "mark", "key", "sha256", "globe", "fingerprint", "network", "password"),
    *("time_zone", "template_name", "flatpages.url", "contentchange.model"),
    *("alpha2", "alpha3", "m49", "situation.code"),
    *("datapart.name", "datapart.month", "datafile.name", "datafile.month"),
}
ADDRESSES = [
    disguise(scheme.replace("{}", CALL))
    for disguise in DISGUISES_OF_ADDRESSES
    for scheme in SCHEMES
]
ROWS = ("findings", "questions", "recommendations", "corrections", "bylines")

_turn = count()


def turned(strings, most=None):
    """The same strings, beginning with another one each time; or the first of them."""
    start = next(_turn) * 7 % len(strings)
    return [*strings[start:], *strings[:start]][:most]


def attacked_models():
    """Every model somebody fills in, or that keeps what somebody has filled in."""
    return [
        model
        for model in apps.get_models()
        if not model._meta.proxy
        and (model._meta.app_label in ROOMS or model._meta.label_lower in FROM_DJANGO)
    ]


def texts_of(model):
    """The columns of a model that hold what somebody has written."""
    names = {"app": model._meta.app_label, "model": model._meta.model_name}
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField))
        and not isinstance(field, models.FileField)
        and not field.name.endswith("_ppoi")
        and not field.choices
        and not {field.name, *(f"{each}.{field.name}" for each in names.values())} & NOT_WRITTEN
    ]


def attack_on(field, strings, at_once):
    """
    What is written into a column. Nothing is cut: no hole may depend on what a form lets through,
    and SQLite takes it as it comes. A text is cleaned attack by attack, as none may hide behind
    one that is never closed, and ends with some that nobody has cleaned.
    """
    strings = turned(strings, at_once)
    if isinstance(field, models.URLField) and next(_turn) % 3:
        return turned(ADDRESSES)[0]
    if isinstance(field, RichTextField) or field.name == "content":
        return "".join(map(clean_html, strings)) + "\n\n".join(strings[:5])
    return "\n\n".join([*strings, f"{next(_turn)}" if field.unique else ""])


def fill(strings, at_once):
    """Write attacks into every text of every row, past all forms."""
    for model in attacked_models():
        fields = texts_of(model)
        for obj in model._base_manager.all() if fields else ():
            said = {field.name: attack_on(field, strings, at_once) for field in fields}
            if issubclass(model, AppendOnlyModel):  # The log of what they have done says so too.
                values = {f.attname: getattr(obj, f.attname) for f in model._meta.concrete_fields}
                model(**values | said | {"id": None}).save(force_insert=True)
            else:
                write(obj, said)


def write(obj, said):
    """Write straight into a row; what has to be empty beside something else stays so."""
    row = models.QuerySet(type(obj)).filter(pk=obj.pk)
    try:
        with transaction.atomic():
            row.update(**said)
    except IntegrityError:
        row.update(**{name: value for name, value in said.items() if getattr(obj, name)})


def fill_house(strings, at_once=None):
    """
    Fill a house (``tests.test_matrix``) so that its revisions hold other attacks than its rows.

    ``at_once`` are written into a text, others into the next one.
    """
    fill(strings, at_once)
    for revision in Revision.objects.all():
        piece = revision.content_type.model_class()._base_manager.get(pk=revision.object_id)
        revision.snapshot = take_snapshot(piece)
        revision.save()
    fill(strings, at_once)
    fill_rows(strings)


def add_rows():
    """Each row that the report owns, several times."""
    report = Publication.objects.get(slug="report")
    for relation in ROWS:
        row = getattr(report, relation).last()
        for position in range(10, 20):
            row.pk, row.position = None, position
            row.save(force_insert=True)


def fill_rows(strings):
    """One attack alone in each text of these rows, as it came."""
    report = Publication.objects.get(slug="report")
    for relation in ROWS:
        for row in list(getattr(report, relation).all())[1:]:
            write(row, {field.name: turned(strings)[0] for field in texts_of(type(row))})


def open_everything(user):
    """Somebody has every piece open in the admin."""
    for model in attacked_models():
        if issubclass(model, Publishable):
            for piece in model._base_manager.all():
                arrive(piece, user)
