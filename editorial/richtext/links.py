"""The addresses that links lead to."""

import re
from urllib.parse import quote

# What may not stand in an address as it is (RFC 3987, 2.2).
_ODD = re.compile(r"""[\0-\x20"<>\\^`{|}\x7f-\xa0]|%(?![0-9A-Fa-f]{2})""")
_NOWHERE = re.compile(r"(?:https?:/*|mailto:)", re.IGNORECASE)


def is_address(text: str) -> bool:
    """Whether a link with it leads anywhere."""
    text = text.strip()
    return bool(text) and not _NOWHERE.fullmatch(text)


def tidy_address(text: str) -> str:
    """An address in which every sign that may not stand there is written as ``%`` and a number."""
    return _ODD.sub(lambda odd: quote(odd[0]), text.strip())
