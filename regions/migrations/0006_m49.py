import json
from pathlib import Path

from django.db import migrations, models

COUNTRIES = Path(__file__).resolve().parent.parent / "data" / "countries.json"


def number(apps, schema_editor):
    """The numbers of UN M49, which are also those of ISO 3166-1."""
    Country = apps.get_model("regions", "Country")
    numbers = {alpha2: m49 for alpha2, _, _, m49 in json.loads(COUNTRIES.read_text("utf-8"))}
    countries = list(Country.objects.only("alpha2"))
    for country in countries:
        country.m49 = numbers.get(country.alpha2, "")
    Country.objects.bulk_update(countries, ["m49"])


class Migration(migrations.Migration):
    dependencies = [("regions", "0005_files_are_found_by_name")]

    operations = [
        migrations.AddField(
            model_name="country",
            name="m49",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=3,
                verbose_name="M49 number",
            ),
        ),
        migrations.RunPython(number, migrations.RunPython.noop),
    ]
