from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

RULE = b"-" * 79  # What Django's file backend writes after each mail.


class Command(BaseCommand):
    help = "Prints the mails that were kept in a folder instead of being sent, the newest last."
    requires_system_checks = []

    def handle(self, **options):
        if not settings.EMAIL_FILE_PATH:
            raise CommandError("Mails are sent here (EMAIL_URL says how), so none is kept.")
        mails = kept_mails(Path(settings.EMAIL_FILE_PATH))
        for mail in mails:
            self.stdout.write(as_text(mail))
        self.stdout.write(f"{len(mails)} mails." if mails else "No mail has been kept yet.")


def kept_mails(folder: Path) -> list[EmailMessage]:
    return [
        message_from_bytes(source.strip(), policy=policy.default)
        for file in sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
        for source in file.read_bytes().split(b"\n" + RULE + b"\n")
        if source.strip()
    ]


def as_text(mail: EmailMessage) -> str:
    head = "\n".join(f"{name}: {mail[name]}" for name in ("Date", "From", "To", "Subject"))
    body = mail.get_body(("plain",))
    return f"{head}\n\n{body.get_content().strip() if body else ''}\n\n{RULE.decode()}\n"
