from io import StringIO

import pytest
from django.core.mail import EmailMessage, get_connection
from django.core.management import CommandError, call_command


@pytest.fixture
def folder(tmp_path, settings):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return settings.EMAIL_FILE_PATH


def printed():
    out = StringIO()
    call_command("demo_mail", stdout=out)
    return out.getvalue()


def keep(folder, **mail):
    connection = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=folder
    )
    mail = {"from_email": "news@example.org", "to": ["reader@example.org"], **mail}
    EmailMessage(**mail, connection=connection).send()


def test_kept_mails_are_printed_readable_and_in_order(folder):
    keep(folder, subject="First", body="One")
    keep(folder, subject="Über 平和", body="A long day’s work – שלום\n" * 20)
    text = printed()
    assert "From: news@example.org\nTo: reader@example.org\nSubject: Über 平和\n" in text
    assert "A long day’s work – שלום" in text
    assert text.index("Subject: First") < text.index("Subject: Über")
    assert text.endswith("2 mails.\n")


def test_it_says_when_there_is_none(folder):
    assert printed() == "No mail has been kept yet.\n"


def test_it_says_when_mails_are_sent_instead(settings):
    settings.EMAIL_FILE_PATH = ""
    with pytest.raises(CommandError, match="Mails are sent here"):
        printed()
