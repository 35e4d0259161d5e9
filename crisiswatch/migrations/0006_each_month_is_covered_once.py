"""
The database refuses two coverages of one situation that share a month.

It says so as ``people/0002`` does for titles: a constraint on PostgreSQL, two triggers on SQLite,
which a later migration that rebuilds ``crisiswatch_coverage`` must make again (a test tells).
"""

from django.db import migrations, models

NAME = "crisiswatch_coverage_each_month_is_covered_once"

POSTGRESQL = f"""
ALTER TABLE crisiswatch_coverage ADD CONSTRAINT {NAME} EXCLUDE USING gist (
    int8range(situation_id, situation_id, '[]') WITH &&,
    daterange(first_month, last_month, '[]') WITH &&
)
"""

SQLITE = f"""
CREATE TRIGGER {NAME}_%(event)s BEFORE %(event)s ON crisiswatch_coverage
BEGIN
    SELECT RAISE(ABORT, 'CHECK constraint failed: {NAME}') WHERE EXISTS (
        SELECT 1 FROM crisiswatch_coverage WHERE situation_id = NEW.situation_id
        AND id IS NOT NEW.id AND first_month <= coalesce(NEW.last_month, '9999-12-31')
        AND NEW.first_month <= coalesce(last_month, '9999-12-31')
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
        schema_editor.execute(f"ALTER TABLE crisiswatch_coverage DROP CONSTRAINT {NAME}")
    else:
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(f"DROP TRIGGER {NAME}_{event}")


class Migration(migrations.Migration):
    dependencies = [("crisiswatch", "0005_codes")]

    operations = [
        migrations.AddConstraint(
            model_name="situation",
            constraint=models.UniqueConstraint(
                models.F("code"), name="crisiswatch_situation_code_once"
            ),
        ),
        migrations.RunPython(forbid, allow),
    ]
