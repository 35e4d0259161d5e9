"""
The log stays as it was written: the database refuses to change or delete a line.

On SQLite a trigger goes when its table is made anew, which is how most changes of a table are done
there: a migration that changes ``Event`` must write the triggers again (a test says when it did
not).
"""

from django.db import migrations

TABLE = "editorial_event"
SQLITE = [
    f"""
    CREATE TRIGGER {TABLE}_is_not_changed BEFORE UPDATE ON {TABLE}
    BEGIN SELECT RAISE(ABORT, 'The log is append-only.'); END
    """,
    f"""
    CREATE TRIGGER {TABLE}_is_not_deleted BEFORE DELETE ON {TABLE}
    BEGIN SELECT RAISE(ABORT, 'The log is append-only.'); END
    """,
]
SQLITE_BACK = [
    f"DROP TRIGGER IF EXISTS {TABLE}_is_not_changed",
    f"DROP TRIGGER IF EXISTS {TABLE}_is_not_deleted",
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION {TABLE}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The log is append-only.' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER {TABLE}_stays BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION {TABLE}_stays()
    """,
]
POSTGRESQL_BACK = [
    f"DROP TRIGGER IF EXISTS {TABLE}_stays ON {TABLE}",
    f"DROP FUNCTION IF EXISTS {TABLE}_stays()",
]
STATEMENTS = {"sqlite": (SQLITE, SQLITE_BACK), "postgresql": (POSTGRESQL, POSTGRESQL_BACK)}


def protect(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor][0]:
        schema_editor.execute(statement)


def release(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor][1]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0002_press_room"),
    ]

    operations = [migrations.RunPython(protect, release, elidable=False)]
