"""E-mail addresses: one spelling of each, and what may be kept of one that is to be forgotten."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

LONGEST = 254  # RFC 3696, erratum 1690
SENTENCE = _("Please type an e-mail address, such as name@example.org.")

_check = EmailValidator(message=SENTENCE, allowlist=[])


def normalise(address: str) -> str:
    """
    Return an address with its domain in lower case and in ASCII (RFC 3490).

    What stands before the @ stays as typed: RFC 5321 leaves its case to the host. Raises
    ``ValidationError`` for what is no address, and for those that no reader has: numeric hosts
    and quoted names with characters that do not print.
    """
    _check(address)
    name, _at, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValidationError(SENTENCE) from None
    address = f"{name}@{domain}"
    _check(address)
    if len(address) > LONGEST or domain.startswith("[") or not address.isprintable():
        raise ValidationError(SENTENCE)
    return address


def fingerprint(address: str, secret: str | None = None) -> str:
    """
    Return the HMAC-SHA256, in hexadecimal, of a normalised address in lower case.

    Its key follows from ``SECRET_KEY``: without that nobody can tell whose it is, or test a guess.
    """
    salt = "newsletter.addresses.fingerprint"
    return salted_hmac(salt, address.lower(), secret=secret, algorithm="sha256").hexdigest()


def fingerprints(address: str) -> list[str]:
    """The fingerprint under today's key and under those that ``SECRET_KEY_FALLBACKS`` keeps."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [fingerprint(address, secret) for secret in secrets]
