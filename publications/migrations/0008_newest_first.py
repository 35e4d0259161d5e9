from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_files_are_found_by_name"),
        ("publications", "0007_parts_from_one"),
        ("regions", "0005_files_are_found_by_name"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["-publish_at", "-id"], name="publications_newest_first"),
        ),
    ]
