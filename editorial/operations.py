"""What a migration does to the snapshots of revisions, so that drafts stay readable."""

from django.db.migrations.operations.base import Operation, OperationCategory

AT_ONCE = 200


class RenameInSnapshots(Operation):
    """
    Rename a field in all snapshots of a model, beside a ``RenameField``.

    ``RenameInSnapshots("publications", "publication", "bylines.title", "heading")``: the relations
    that lead to the rows stand before the field, with dots between them; ``old`` is such a path,
    ``new`` the bare new name.
    """

    category = OperationCategory.ALTERATION
    reduces_to_sql = False
    reversible = True
    elidable = False

    def __init__(self, app_label, model_name, old, new):
        self.app_label, self.model_name = app_label, model_name.lower()
        self.old, self.new = old, new

    def deconstruct(self):
        args = [self.app_label, self.model_name, self.old, self.new]
        return self.__class__.__qualname__, args, {}

    def state_forwards(self, app_label, state):
        """The tables stay as they are."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        *path, old = self.old.split(".")
        self.rename(from_state.apps, schema_editor.connection.alias, path, old, self.new)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        *path, old = self.old.split(".")
        self.rename(to_state.apps, schema_editor.connection.alias, path, self.new, old)

    def rename(self, apps, database, path, old, new):
        kinds = apps.get_model("contenttypes", "ContentType").objects.using(database)
        kind = kinds.filter(app_label=self.app_label, model=self.model_name).first()
        if kind is None:
            return
        revisions = apps.get_model("editorial", "Revision").objects.using(database)
        of_model = revisions.filter(content_type_id=kind.pk).order_by("pk").only("snapshot")
        last = 0
        while batch := list(of_model.filter(pk__gt=last)[:AT_ONCE]):
            renamed = [each for each in batch if rename_key(each.snapshot, path, old, new)]
            revisions.bulk_update(renamed, ["snapshot"])
            last = batch[-1].pk

    def describe(self):
        return f"Rename {self.old} to {self.new} in the snapshots of {self.model_name}"


def rename_key(snapshot: dict, path: list[str], old: str, new: str) -> bool:
    """Rename a key of a snapshot, or of the rows at ``path`` in it; say whether there was one."""
    if path:
        rows = snapshot.get(path[0], [])
        return sum(rename_key(row, path[1:], old, new) for row in rows) > 0
    if old not in snapshot:
        return False
    renamed = {new if key == old else key: value for key, value in snapshot.items()}
    snapshot.clear()
    snapshot.update(renamed)
    return True
