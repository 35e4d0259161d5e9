from django.core.management.base import BaseCommand, CommandError

from crisishub.messages import compile_messages, problems, update_messages


class Command(BaseCommand):
    help = "Brings the catalogues in locale/ up to the texts of the code, and compiles them."
    requires_system_checks = []

    def add_arguments(self, parser):
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--compile", action="store_true", help="compile what there is, no more")
        only.add_argument("--check", action="store_true", help="only say what is not in order")

    def handle(self, **options):
        if not options["compile"] and not options["check"]:
            update_messages()
        compile_messages()
        found = [] if options["compile"] else list(problems())
        if found and options["check"]:
            raise CommandError("\n".join(found))
        for problem in found:
            self.stdout.write(problem)
