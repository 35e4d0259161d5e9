import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import publications.models.parts


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_incomplete_drafts"),
        ("publications", "0003_incomplete_drafts"),
        ("regions", "0004_desks"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="publication",
            name="publications_part_and_series_go_together",
        ),
        migrations.AddField(
            model_name="attachment",
            name="pages",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="pages"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="size",
            field=models.PositiveBigIntegerField(
                db_default=0, default=0, editable=False, verbose_name="bytes"
            ),
        ),
        # Figures there already stand below the text and need no mark.
        migrations.AddField(
            model_name="figure",
            name="mark",
            field=models.SlugField(
                blank=True, db_default="", default="", max_length=20, verbose_name="mark"
            ),
        ),
        migrations.AlterField(
            model_name="figure",
            name="mark",
            field=models.SlugField(
                blank=True,
                db_default="",
                default=publications.models.parts.new_mark,
                max_length=20,
                verbose_name="mark",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="licence",
            field=models.CharField(
                choices=[
                    ("reserved", "All rights reserved"),
                    ("cc-by-4.0", "CC BY 4.0"),
                    ("cc-by-nc-nd-4.0", "CC BY-NC-ND 4.0"),
                ],
                db_default="reserved",
                default="reserved",
                help_text="What others may do with the text. An open one offers it for republishing.",
                max_length=20,
                verbose_name="licence",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="media_url",
            field=models.URLField(
                blank=True,
                db_default="",
                default="",
                help_text="Where it can be watched or heard, if it is not an attachment.",
                max_length=500,
                verbose_name="address of the film or sound",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="numbered_in",
            field=models.ForeignKey(
                blank=True,
                help_text="“Asia” for Asia Report 294; nothing for one count of the whole house.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.region",
                verbose_name="numbered in",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                help_text="The piece that gathers this one and its like, such as the list of a year.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="publications.publication",
                verbose_name="part of",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="related",
            field=models.ManyToManyField(
                blank=True,
                help_text="They come first; others of the same regions and topics follow.",
                related_name="+",
                to="publications.publication",
                verbose_name="related pieces",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="summary",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="executive summary"
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="updated_on",
            field=models.DateField(
                blank=True,
                help_text="The day of the last change that readers should know of.",
                null=True,
                verbose_name="updated on",
            ),
        ),
        migrations.AlterField(
            model_name="publication",
            name="number",
            field=models.PositiveIntegerField(
                blank=True, help_text="“294” for Asia Report 294.", null=True, verbose_name="number"
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.UniqueConstraint(
                models.F("publication"),
                models.F("mark"),
                condition=models.Q(("mark", ""), _negated=True),
                name="publications_one_figure_per_mark_of_a_piece",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                models.F("parent"),
                models.F("part"),
                models.F("language"),
                name="publications_one_piece_per_part_of_a_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("parent__isnull", True), ("part__isnull", True), ("series__isnull", True)
                    ),
                    models.Q(
                        ("parent__isnull", True), ("part__isnull", False), ("series__isnull", False)
                    ),
                    models.Q(
                        ("parent__isnull", False), ("part__isnull", False), ("series__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="publications_part_and_whole_go_together",
                violation_error_message="Part: what belongs to a series or to another piece has a part number and belongs to one of them.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True),
                    models.Q(("parent", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="publications_piece_is_not_part_of_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                models.F("kind"),
                models.F("numbered_in"),
                models.F("number"),
                condition=models.Q(
                    ("numbered_in__isnull", False), ("translation_of__isnull", True)
                ),
                name="publications_one_piece_per_number_of_a_region",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                models.F("kind"),
                models.F("number"),
                condition=models.Q(("numbered_in__isnull", True), ("translation_of__isnull", True)),
                name="publications_one_piece_per_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("numbered_in__isnull", True), ("number__isnull", False), _connector="OR"
                ),
                name="publications_only_what_is_numbered_is_numbered_in_a_region",
                violation_error_message="Number: say which one in the count of its region.",
            ),
        ),
    ]
