from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0004_searching"),
    ]

    operations = [
        migrations.AddField(
            model_name="scheduledchange",
            name="together",
            field=models.BigIntegerField(
                blank=True, editable=False, null=True, verbose_name="together"
            ),
        ),
    ]
