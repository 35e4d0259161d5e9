from django.apps import AppConfig
from django.contrib.admin import apps as admin


class CrisishubConfig(AppConfig):
    name = "crisishub"

    def ready(self):
        from crisishub import checks  # noqa: F401


class AdminConfig(admin.AdminConfig):
    default_site = "crisishub.desk.Desk"
