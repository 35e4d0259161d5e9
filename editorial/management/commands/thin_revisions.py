from django.core.management.base import BaseCommand

from editorial.thinning import thin_revisions


class Command(BaseCommand):
    help = (
        "Delete old revisions that were never published. Published ones stay, and so does what is "
        "scheduled, corrected, shared by a link, or the newest of its object."
    )

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=180, help="keep those younger than this")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, days, dry_run, **options):
        count = thin_revisions(days=days, dry_run=dry_run)
        self.stdout.write(f"{count} revisions {'could be' if dry_run else 'were'} deleted.")
