from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.core.checks import register
from django.utils.translation import gettext_lazy as _
from taggit.apps import TaggitAppConfig

from crisishub.checks import sqlite_does_not_corrupt


class CrisishubConfig(AppConfig):
    name = "crisishub"

    def ready(self):
        register(sqlite_does_not_corrupt)


class TopicsConfig(TaggitAppConfig):
    """What the library calls tags, the house calls topics."""

    verbose_name = _("Topics")

    def ready(self):
        super().ready()
        names = self.get_model("Tag")._meta
        names.verbose_name, names.verbose_name_plural = _("topic"), _("topics")


class AdminConfig(admin.AdminConfig):
    default_site = "crisishub.desk.Desk"
