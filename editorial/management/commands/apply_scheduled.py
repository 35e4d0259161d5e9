from django.core.management.base import BaseCommand

from editorial.scheduling import apply_due


class Command(BaseCommand):
    help = "Apply the scheduled changes that are due. Running it is never necessary; cron may."

    def handle(self, **options):
        self.stdout.write(f"{apply_due()} applied.")
