from importlib import import_module

from django.apps import AppConfig
from django.db.models import IntegerField

from editorial.lookups import InWhatAColumnHolds


class EditorialConfig(AppConfig):
    name = "editorial"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        IntegerField.register_lookup(InWhatAColumnHolds)
        import_module("editorial.searching.noting").listen()
