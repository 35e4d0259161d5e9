from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crisiswatch", "0007_open_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="datafile",
            name="newest_at",
            field=models.DateTimeField(null=True),
        ),
    ]
