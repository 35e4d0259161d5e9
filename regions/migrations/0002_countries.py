import json
from pathlib import Path

from django.db import migrations

COUNTRIES = Path(__file__).resolve().parent.parent / "data" / "countries.json"


def load(apps, schema_editor):
    """The countries and territories of ISO 3166-1."""
    Country = apps.get_model("regions", "Country")
    rows = json.loads(COUNTRIES.read_text(encoding="utf-8"))
    Country.objects.bulk_create(
        [Country(alpha2=alpha2, alpha3=alpha3, name=name) for alpha2, alpha3, name, _m49 in rows]
    )


class Migration(migrations.Migration):
    dependencies = [("regions", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
