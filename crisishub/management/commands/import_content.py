from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rich.progress import track

from crisishub.content import LAYOUTS
from crisiswatch.models import DataVersion, Edition
from crisiswatch.releasing import release
from editorial.content import ContentProblems
from editorial.importing import import_content


class Command(BaseCommand):
    help = "Read a folder of content files (docs/content.md) into the database, all or nothing."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, verbosity, **options):
        show = partial(track, description="Importing", disable=verbosity < 1, transient=True)
        try:
            with transaction.atomic():
                count = import_content(folder, LAYOUTS, show)
                release(Edition.objects.all(), reason=DataVersion.Reason.IMPORTED)
        except ContentProblems as error:
            number = len(error.problems)
            raise CommandError(f"{error}\n{number} to mend; nothing was imported.") from None
        if verbosity:
            self.stdout.write(f"{count} files imported from {folder}.")
