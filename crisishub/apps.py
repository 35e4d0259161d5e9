from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.core.checks import register

from crisishub.checks import sqlite_does_not_corrupt


class CrisishubConfig(AppConfig):
    name = "crisishub"

    def ready(self):
        register(sqlite_does_not_corrupt)


class AdminConfig(admin.AdminConfig):
    default_site = "crisishub.desk.Desk"
