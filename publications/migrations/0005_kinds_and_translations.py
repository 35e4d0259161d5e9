from django.db import migrations, models

# Of each kind of publication: the name of its proxy, what one is called, and several.
KINDS = [
    ("Report", "Report", "reports"),
    ("Briefing", "Briefing", "briefings"),
    ("Questions", "Q&A", "Q&As"),
    ("Commentary", "Commentary", "commentaries"),
    ("OpEd", "Op-Ed", "op-eds"),
    ("Statement", "Statement", "statements"),
    ("Podcast", "Podcast", "podcasts"),
    ("Video", "Video", "videos"),
    ("VisualExplainer", "Visual Explainer", "visual explainers"),
    ("WatchList", "Watch List", "watch lists"),
    ("Speech", "Speech", "speeches"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0004_structured_works"),
    ]

    operations = [
        *(
            migrations.CreateModel(
                name=name,
                fields=[],
                options={
                    "verbose_name": one,
                    "verbose_name_plural": several,
                    "proxy": True,
                    "default_permissions": (),
                    "indexes": [],
                    "constraints": [],
                },
                bases=("publications.publication",),
            )
            for name, one, several in KINDS
        ),
        migrations.AddField(
            model_name="publication",
            name="in_line_with",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="The revision of its original that a translation says the same as.",
                null=True,
                verbose_name="in line with revision",
            ),
        ),
    ]
