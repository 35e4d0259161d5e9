"""What an import leaves for the editors: its account, and revisions of what they knew otherwise."""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial.drafting import draft_of, keep_revision
from editorial.models import Revision
from editorial.snapshots import take_snapshot

IMPORTER = "import"


def importer():
    """The account that stands for an import; nobody can sign in with it."""
    user, _ = get_user_model().objects.get_or_create(
        username=IMPORTER, defaults={"is_active": False, "password": make_password(None)}
    )
    return user


def keep_imported(piece):
    """
    Let editors notice what an import did to an object: whoever has its form open has an old one,
    and where there are revisions, there is one more.
    """
    type(piece)._base_manager.filter(pk=piece.pk).update(version=F("version") + 1)
    piece.refresh_from_db(fields=["version"])
    if not Revision.objects.of(piece).exists():
        return
    draft = draft_of(piece)
    published_at = max(timezone.now(), piece.publish_at) if piece.is_approved else None
    snapshot = take_snapshot(piece)
    keep_revision(piece, snapshot, by=importer(), note=_("Imported"), published_at=published_at)
    if draft:  # It stays the newest; who publishes it is shown what came in between.
        facts = {"based_on": draft.based_on, "submitted_at": draft.submitted_at}
        keep_revision(piece, draft.snapshot, by=draft.author, note=draft.note, **facts)
