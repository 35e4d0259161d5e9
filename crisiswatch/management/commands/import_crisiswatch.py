import codecs
import datetime
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import rich.progress
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from crisiswatch.importing import Refused, Way, import_history
from editorial.rehearsing import rehearsal

BESIDE = ("situations", "coverage", "editions", "corrections")


class Command(BaseCommand):
    help = "Read a history of CrisisWatch (docs/content.md) into the database, all or nothing."

    def add_arguments(self, parser):
        parser.add_argument("entries", type=Path, help="CSV or JSON Lines, or .gz of these")
        for name in BESIDE:
            parser.add_argument(f"--{name}", type=Path, help="the table of that name")
        parser.add_argument("--by", required=True, help="the user who answers for it")
        parser.add_argument(
            "--published-at",
            type=datetime.time.fromisoformat,
            default="09:00",
            metavar="HH:MM",
            help="when readers got it, on the first day after the month, if no table says so",
        )
        parser.add_argument("--as-drafts", action="store_true", help="let nothing go live")
        parser.add_argument("--replace", action="store_true", help="change what is there already")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--encoding", type=single_bytes, default="utf-8")

    def handle(self, *, entries, by, encoding, dry_run, verbosity, **options):
        files = {"entries": entries} | {name: options[name] for name in BESIDE if options[name]}
        way = Way(
            by=somebody(by),
            note=f"Imported from {entries.name}",
            at=options["published_at"],
            as_drafts=options["as_drafts"],
            replace=options["replace"],
        )
        show = partial(rich.progress.open, mode="rb", transient=True, disable=verbosity < 1)
        try:
            with rehearsal() if dry_run else nullcontext():
                report = import_history(files, way, encoding=encoding, open_file=show)
        except Refused as error:
            number = error.problems.count
            more = number - len(error.problems.shown)
            and_more = f"\n… and {more:,} more" if more else ""
            end = f"{number:,} to mend; nothing was imported."
            raise CommandError(f"{error}{and_more}\n{end}") from None
        if verbosity:
            self.stdout.write(str(report))
            self.stdout.write(last_sentence(report, dry_run))


def somebody(username):
    try:
        return get_user_model().objects.get_by_natural_key(username)
    except get_user_model().DoesNotExist:
        raise CommandError(f"There is no user “{username}”: name one with --by.") from None


def single_bytes(name):
    """An encoding in which lines can be told apart without reading letters."""
    try:
        if "\n".encode(name) == b"\n":
            return codecs.lookup(name).name
    except LookupError:
        pass
    raise ValueError(name)


def last_sentence(report, dry_run):
    if dry_run:
        return "This was a rehearsal: nothing has changed."
    return "Imported." if report.has_changed else "All this was there already: nothing has changed."
