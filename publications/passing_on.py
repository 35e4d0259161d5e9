"""Plain links to pass a piece on: nobody learns of it before one of them is followed."""

from urllib.parse import quote

from django.utils.translation import gettext as _

# The place, and its address; the tool of Mastodon asks on which server one is at home.
PLACES = [
    ("Bluesky", "https://bsky.app/intent/compose?text={title}%20{address}"),
    ("Mastodon", "https://share.joinmastodon.org/#text={title}%20{address}"),
    ("X", "https://x.com/intent/post?text={title}&url={address}"),
    ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={address}"),
    ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={address}"),
    ("WhatsApp", "https://wa.me/?text={title}%20{address}"),
    ("Telegram", "https://t.me/share/url?url={address}&text={title}"),
]
MAIL = "mailto:?subject={title}&body={address}"


def ways_to_pass_on(title: str, address: str) -> list[tuple[str, str]]:
    """Name and address of each way; title and address are percent-encoded (RFC 3986, RFC 6068)."""
    said = {"title": quote(title, safe=""), "address": quote(address, safe="")}
    return [(name, way.format(**said)) for name, way in [(_("Mail"), MAIL), *PLACES]]
