from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from crisishub.roles import ROLES, sync_roles


class Command(BaseCommand):
    help = (
        f"Makes the groups {', '.join(ROLES)} and gives them exactly the permissions of their role."
        " Other groups stay as they are. Run it after each migrate."
    )

    @transaction.atomic
    def handle(self, *, verbosity, **options):
        try:
            changes = list(sync_roles())
        except LookupError as error:
            raise CommandError(error.args[0]) from None
        if verbosity:
            self.say(changes)

    def say(self, changes):
        for role, sign, permission in changes:
            self.stdout.write(f"{role} {sign} {permission}")
        self.stdout.write(f"{len(changes)} changes." if changes else "Nothing to change.")
