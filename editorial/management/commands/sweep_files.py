from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand

from editorial.sweeping import unnamed_files


class Command(BaseCommand):
    help = "Lists the files older than a day that no object and no revision names; deletes them."

    def add_arguments(self, parser):
        parser.add_argument("--delete", action="store_true", help="delete them, do not only list")

    def handle(self, *, delete, verbosity, **options):
        count = size = 0
        for name in unnamed_files():
            count, size = count + 1, size + default_storage.size(name)
            if verbosity > 0:
                self.stdout.write(name)
            if delete:
                default_storage.delete(name)
        done = "deleted" if delete else "would be deleted; run it again with --delete"
        self.stdout.write(f"{count} files, {size / 1e6:.1f} MB: {done}.")
