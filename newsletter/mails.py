"""The mails that answer a sign-up. Each is a template whose first line is the subject."""

from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from editorial.addresses import absolute
from newsletter.tokens import Purpose, make_token


def link(purpose: Purpose, subscriber, region=None) -> str:
    """Return the full address of a reader's own page, in the active language."""
    token = make_token(purpose, subscriber, region)
    return absolute(reverse(f"newsletter:{purpose}", args=[token]))


def compose(template, subscriber, language, links, **context) -> EmailMessage:
    """
    Return a mail to a subscriber. ``links`` maps names in the template to arguments of ``link``.

    It says that a machine wrote it (RFC 3834), so that no absence note answers.
    """
    with translation.override(language):
        found = {name: link(*arguments) for name, arguments in links.items()}
        context |= {"site_name": settings.SITE_NAME} | found
        text = render_to_string(f"newsletter/mail/{template}.txt", context)
    subject, _end, body = text.strip().partition("\n")
    own = {
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
        "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
    }
    if unsubscribe := found.get("unsubscribe"):  # RFC 8058: one click, no page to read.
        own["List-Unsubscribe"] = f"<{unsubscribe}>"
        own["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(subject.strip(), body.strip() + "\n", to=[subscriber.address], headers=own)


def please_confirm(subscriber, region) -> EmailMessage:
    links = {"confirm": (Purpose.CONFIRM, subscriber, region)}
    return compose("confirm", subscriber, subscriber.language, links, region=region)


def already_subscribed(subscriber, region) -> EmailMessage:
    """For an address that is confirmed; a further wish waits for its button, too."""
    links = {"preferences": (Purpose.PREFERENCES, subscriber)}
    if not subscriber.receives(region):
        links["confirm"] = (Purpose.CONFIRM, subscriber, region)
    return compose("already_subscribed", subscriber, subscriber.language, links, region=region)


def welcome(subscriber) -> EmailMessage:
    links = {
        "preferences": (Purpose.PREFERENCES, subscriber),
        "unsubscribe": (Purpose.UNSUBSCRIBE, subscriber),
    }
    return compose("welcome", subscriber, subscriber.language, links)
