from itertools import groupby

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from crisishub.roles import ROLES, sync_roles
from editorial.auditing import log
from editorial.models import Event


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
        self.write_down(changes)
        if verbosity:
            self.say(changes)

    def write_down(self, changes):
        for role, changed in groupby(changes, key=lambda change: change[0]):
            log(
                Event.Action.ROLES_CHANGED,
                by=None,
                piece=Group.objects.get(name=role),
                details=", ".join(f"{sign} {permission}" for _role, sign, permission in changed),
            )

    def say(self, changes):
        for role, sign, permission in changes:
            self.stdout.write(f"{role} {sign} {permission}")
        self.stdout.write(f"{len(changes)} changes." if changes else "Nothing to change.")
