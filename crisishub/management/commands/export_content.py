from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from rich.progress import track

from crisishub.content import LAYOUTS
from editorial.exporting import export_content


class Command(BaseCommand):
    help = "Write all content as files (docs/content.md) into an empty folder."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, verbosity, **options):
        show = partial(track, description="Exporting", disable=verbosity < 1, transient=True)
        try:
            export_content(folder, LAYOUTS, show)
        except FileExistsError:
            raise CommandError(f"{folder} is not empty: name a new folder.") from None
