"""
The database refuses two primary appointments of one person that share a day.

PostgreSQL has a constraint for that (a range of one number spares it an extension). SQLite has none, so two triggers stand in; a later migration
that rebuilds ``people_appointment`` there drops them and must make them again (a test tells).
"""

from django.db import migrations

NAME = "people_appointment_primary_titles_do_not_overlap"

POSTGRESQL = f"""
ALTER TABLE people_appointment ADD CONSTRAINT {NAME} EXCLUDE USING gist (
    int8range(person_id, person_id, '[]') WITH &&,
    daterange(started_on, ended_on, '[]') WITH &&
) WHERE (is_primary)
"""

SQLITE = f"""
CREATE TRIGGER {NAME}_%(event)s BEFORE %(event)s ON people_appointment WHEN NEW.is_primary
BEGIN
    SELECT RAISE(ABORT, 'CHECK constraint failed: {NAME}') WHERE EXISTS (
        SELECT 1 FROM people_appointment WHERE is_primary AND person_id = NEW.person_id
        AND id IS NOT NEW.id AND started_on <= coalesce(NEW.ended_on, '9999-12-31')
        AND NEW.started_on <= coalesce(ended_on, '9999-12-31')
    );
END
"""  # noqa: S608 - no value from outside


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    else:
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(SQLITE % {"event": event})


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE people_appointment DROP CONSTRAINT {NAME}")
    else:
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(f"DROP TRIGGER {NAME}_{event}")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(forbid, allow)]
