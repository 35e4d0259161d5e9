from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import track

from editorial.searching.keeping import build


class Command(BaseCommand):
    help = "Builds the search index anew from the database, beside the one that answers meanwhile."

    def handle(self, **options):
        console = Console(file=self.stdout, force_terminal=None)

        def shown(rows, total):
            return track(rows, total=total, description="Indexing", console=console)

        count = build(shown)
        if count is None:
            self.stdout.write("Another process is building the index already.")
        else:
            self.stdout.write(f"{count} objects can be found.")
