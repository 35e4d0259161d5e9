"""A renamed field keeps its text in the drafts that were made before."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter

from editorial.models import Publishable, Revision
from editorial.operations import RenameInSnapshots
from tests import factories

FIRST = "0001_initial"
ROOMS = ["editorial", "regions", "people", "publications", "crisiswatch", "newsletter"]


def places():
    """Where in whose snapshots the fields of a model stand: model to pairs of root and path."""
    found = {}

    def walk(model, root, path):
        found.setdefault(model._meta.label_lower, []).append((root._meta.label_lower, path))
        for relation in getattr(model, "owns", ()):
            walk(model._meta.get_field(relation).related_model, root, f"{path}{relation}.")

    for model in apps.get_models():
        if issubclass(model, Publishable) and not model._meta.proxy:
            walk(model, model, "")
    return found


def forgotten(on_disk):
    """The renamings in ``{(app, name): migration}`` that leave snapshots behind, in words."""
    for (app, name), migration in on_disk.items():
        done = {
            (f"{each.app_label}.{each.model_name}", each.old, each.new)
            for each in migration.operations
            if isinstance(each, RenameInSnapshots)
        }
        for each in migration.operations:
            if isinstance(each, migrations.RenameField) and name != FIRST:
                for root, path in places().get(f"{app}.{each.model_name_lower}", []):
                    if (root, f"{path}{each.old_name}", each.new_name) not in done:
                        yield f"{app}.{name}: {each.old_name} of {each.model_name} in {root}"


def migration_with(*operations):
    migration = migrations.Migration("0009_names", "publications")
    migration.operations = operations
    return {("publications", "0009_names"): migration}


def test_every_migration_that_renames_a_field_renames_it_in_the_snapshots_too():
    on_disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    ours = {key: migration for key, migration in on_disk.items() if key[0] in ROOMS}
    assert ours
    assert list(forgotten(ours)) == []


def test_a_forgotten_snapshot_is_found():
    rename = migrations.RenameField("Byline", "title", "heading")
    done = RenameInSnapshots("publications", "Publication", "bylines.title", "heading")
    other = RenameInSnapshots("publications", "publication", "title", "heading")
    said = ["publications.0009_names: title of Byline in publications.publication"]
    assert list(forgotten(migration_with(rename))) == said
    assert list(forgotten(migration_with(rename, other))) == said
    assert list(forgotten(migration_with(rename, done))) == []
    series = migrations.RenameField("Series", "title", "name")
    assert list(forgotten(migration_with(series))) == []


def run(operation, *, back=False):
    state = ProjectState.from_apps(apps)
    act = operation.database_backwards if back else operation.database_forwards
    act("publications", SimpleNamespace(connection=connection), state, state)


def snapshots():
    return list(Revision.objects.order_by("pk").values_list("snapshot", flat=True))


@pytest.fixture
def revisions(db):
    piece, region = factories.make_publication(), factories.make_region()
    bylines = [{"pk": 1, "title": "Analyst"}, {"pk": 2, "title": ""}]
    for number in range(1, 4):
        snapshot = {"title": f"T{number}", "bylines": bylines}
        Revision.objects.create(piece=piece, number=number, snapshot=snapshot)
    Revision.objects.create(piece=piece, number=9, snapshot={"subtitle": "of an older schema"})
    Revision.objects.create(piece=region, number=1, snapshot={"title": "another kind"})


def test_a_field_is_renamed_in_all_snapshots_of_its_model_and_back(revisions, monkeypatch):
    monkeypatch.setattr("editorial.operations.AT_ONCE", 2)
    before = snapshots()
    operation = RenameInSnapshots("publications", "Publication", "title", "heading")
    run(operation)
    after = snapshots()
    assert [each.get("heading") for each in after] == ["T1", "T2", "T3", None, None]
    assert list(after[0]) == ["heading", "bylines"] or connection.vendor == "postgresql"
    assert after[4] == {"title": "another kind"}
    assert after[0]["bylines"] == before[0]["bylines"]
    run(operation, back=True)
    assert snapshots() == before


def test_a_field_of_rows_is_renamed_in_every_row_and_back(revisions):
    before = snapshots()
    operation = RenameInSnapshots("publications", "publication", "bylines.title", "heading")
    run(operation)
    after = snapshots()[0]
    assert [row["heading"] for row in after["bylines"]] == ["Analyst", ""]
    assert after["title"] == "T1"
    run(operation, back=True)
    assert snapshots() == before


def test_rows_of_rows_are_reached(db):
    snapshot = {"entries": [{"pk": 1, "developments": [{"pk": 2, "body": "B"}]}, {"pk": 3}]}
    Revision.objects.create(piece=factories.make_edition(), number=1, snapshot=snapshot)
    run(RenameInSnapshots("crisiswatch", "edition", "entries.developments.body", "text"))
    assert snapshots()[0]["entries"][0]["developments"] == [{"pk": 2, "text": "B"}]


@pytest.mark.django_db
def test_nothing_to_rename_is_no_mistake():
    run(RenameInSnapshots("nowhere", "nothing", "old", "new"))


def test_a_migration_can_be_written_with_it():
    operation = RenameInSnapshots("publications", "publication", "title", "heading")
    written, imports = OperationWriter(operation).serialize()
    assert "editorial.operations.RenameInSnapshots(" in written
    assert imports == {"import editorial.operations"}
    assert "title to heading" in operation.describe()
