from django.db import migrations
from django.db.models import F


def name(apps, schema_editor):
    """In the data files a situation keeps the name that it has today."""
    apps.get_model("crisiswatch", "Situation").objects.filter(code="").update(code=F("slug"))


class Migration(migrations.Migration):
    dependencies = [("crisiswatch", "0004_sheet_and_corrections")]

    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
