from django.apps import AppConfig


class CrisisWatchConfig(AppConfig):
    name = "crisiswatch"
    verbose_name = "CrisisWatch"
    default_auto_field = "django.db.models.BigAutoField"
