"""The mails as they arrive: heads, links, languages."""

import email
from email.policy import default

import pytest

from newsletter import mails
from tests.factories import make_region
from tests.newsletter.factories import links, make_pending, make_subscriber

pytestmark = pytest.mark.django_db


def received(mail):
    """A mail as a mail program reads it."""
    return email.message_from_bytes(mail.message().as_bytes(), policy=default)


WRITE = {
    "confirm": lambda subscriber: mails.please_confirm(subscriber, None),
    "already_subscribed": lambda subscriber: mails.already_subscribed(subscriber, None),
    "welcome": mails.welcome,
}


@pytest.mark.parametrize("write", WRITE.values(), ids=WRITE)
@pytest.mark.parametrize("language", ["en", "he"])
def test_every_mail_has_its_heads_and_a_body_in_plain_text(write, language, settings):
    settings.DEFAULT_FROM_EMAIL = "Watchers <news@watchers.example>"
    settings.SITE_URL = "https://watchers.example"
    mail = received(write(make_subscriber("reader@example.org", language=language)))
    assert mail["To"] == "reader@example.org"
    assert mail["From"] == "Watchers <news@watchers.example>"
    assert mail["Subject"].strip()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == language
    assert mail["Message-ID"].endswith("@watchers.example>")
    assert mail.get_content_type() == "text/plain"
    body = mail.get_content()
    assert "https://watchers.example/" in body
    assert "{" not in body
    assert not body.startswith("\n")


@pytest.mark.parametrize("write", WRITE.values(), ids=WRITE)
def test_the_links_lead_to_pages_in_the_language_of_the_reader(client, write):
    hebrew = links(write(make_subscriber(language="he", products=())))
    english = links(write(make_subscriber(language="en", products=())))
    assert all(path.startswith("/he/newsletter/") for path in hebrew.values())
    assert all(path.startswith("/newsletter/") for path in english.values())
    for path in [*hebrew.values(), *english.values()]:
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("write", WRITE.values(), ids=WRITE)
def test_a_hebrew_reader_is_written_to_in_hebrew(write):
    mail = received(write(make_subscriber(language="he")))
    for text in (mail["Subject"], mail.get_content()):
        assert any("א" <= letter <= "ת" for letter in text)
    assert "button" not in mail.get_content()


def test_a_hebrew_name_arrives_in_hebrew_letters():
    region = make_region("חצי האי הקוריאני")
    mail = received(mails.please_confirm(make_pending(), region))
    assert "חצי האי הקוריאני" in mail.get_content()


def test_the_welcome_mail_can_be_left_with_one_click():
    """RFC 8058: an address in angle brackets, and the second head word for word."""
    welcome = mails.welcome(make_subscriber())
    mail = received(welcome)
    path = links(welcome)["unsubscribe"]
    assert mail["List-Unsubscribe"].strip() == f"<http://testserver{path}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("name", ["confirm", "already_subscribed"])
def test_mails_that_answer_a_request_offer_no_unsubscribing(name):
    mail = received(WRITE[name](make_subscriber()))
    assert mail["List-Unsubscribe"] is None


def test_a_mail_says_what_it_is_about(settings):
    settings.SITE_NAME = "Crisis & Watch"
    mail = mails.please_confirm(make_pending(), make_region("Asia & Pacific"))
    assert "  Asia & Pacific\n" in mail.body
    assert "Crisis & Watch" in mail.body
    assert "All updates" in mails.please_confirm(make_pending("b@example.org"), None).body


def test_a_site_name_cannot_forge_a_head(settings):
    settings.SITE_NAME = "Watch\nBcc: all@example.org"
    mail = received(mails.welcome(make_subscriber()))
    assert mail["Bcc"] is None


def test_a_region_name_cannot_forge_a_head():
    region = make_region("Asia\r\nBcc: all@example.org", slug="asia")
    mail = received(mails.please_confirm(make_pending(), region))
    assert mail["Bcc"] is None


def test_no_mail_holds_a_picture_or_anything_else_that_tells_when_it_is_read():
    for write in WRITE.values():
        body = write(make_subscriber()).body
        assert "<" not in body
        assert all("/newsletter/" in path for path in links(write(make_subscriber())).values())
