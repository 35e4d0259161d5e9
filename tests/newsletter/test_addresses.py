import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from hypothesis import given
from hypothesis import strategies as st

from newsletter.addresses import fingerprint, fingerprints, normalise

NONE = [
    "",
    " ",
    "reader",
    "@example.org",
    "reader@",
    "reader@example",
    "reader@localhost",
    "reader@[127.0.0.1]",
    "reader@example.org\nBcc: all@example.org",
    "reader@example.org\r\nBcc: all@example.org",
    "reader@exa\u202emple.org",
    "rea\u202eder@example.org",
    "reader@example.org\x00",
    '"\x01"@example.org',
    "reader@" + "a" * 64 + ".org",
    "a" * 250 + "@example.org",
    "a@b.org, c@d.org",
    "Reader <reader@example.org>",
]


@pytest.mark.parametrize("typed", NONE)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ValidationError):
        normalise(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("reader@example.org", "reader@example.org"),
        ("Reader@EXAMPLE.Org", "Reader@example.org"),
        ("reader+news@example.co.uk", "reader+news@example.co.uk"),
        ("o'reader@example.org", "o'reader@example.org"),
        ("reader@bücher.example", "reader@xn--bcher-kva.example"),
        ("reader@BÜCHER.example", "reader@xn--bcher-kva.example"),
        ("reader@דוגמה.example", "reader@xn--6dbbec0c.example"),
    ],
)
def test_an_address_has_one_spelling(typed, kept):
    assert normalise(typed) == kept


def letters(*others):
    return st.text(st.characters(codec="utf-8") | st.sampled_from(others), max_size=40)


typed_addresses = st.one_of(
    st.emails(),
    st.text(),
    st.builds(
        "{}@{}".format, letters("\r", "\n", "\0", '"', "@", "\u202e"), letters(".", "\u3002")
    ),
    st.builds("{}@{}.org".format, letters('"'), letters(".", "-")),
    st.builds("{}{}".format, st.emails(), letters("\r", "\n", "\0", "\u2066")),
)


@given(typed_addresses)
def test_whatever_is_accepted_can_be_mailed_and_normalised_again(typed):
    try:
        address = normalise(typed)
    except ValidationError:
        return
    assert normalise(address) == address
    assert address.isascii()
    assert address.isprintable()
    header = EmailMessage("Subject", "Body", to=[address]).message()["To"]
    assert "\n" not in header
    assert "\r" not in header


def test_a_fingerprint_does_not_depend_on_case():
    assert fingerprint("Reader@example.org") == fingerprint("reader@example.org")


def test_a_fingerprint_cannot_be_made_without_the_key(settings):
    before = fingerprint("reader@example.org")
    settings.SECRET_KEY = "another key"
    assert fingerprint("reader@example.org") != before


def test_fingerprints_under_an_old_key_are_still_known(settings):
    before = fingerprint("reader@example.org")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key"
    assert before in fingerprints("reader@example.org")
    assert fingerprint("reader@example.org") in fingerprints("reader@example.org")
