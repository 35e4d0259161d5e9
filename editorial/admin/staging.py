"""The stage on which a change form plays: which text it shows, and what was typed into it."""

from dataclasses import dataclass, field

from editorial import drafting
from editorial.models import Publishable, Revision, Status
from editorial.snapshots import apply_snapshot


@dataclass
class Stage:
    """
    One request of a change form.

    ``piece`` is the object as it is outside, ``base`` the revision that the form shows (None for an
    object without revisions). ``version`` is that of the object when the form was opened;
    ``opened`` how a part of it looked then, signed. ``typed`` is the object that the posted form
    has saved, if it was valid. ``problems`` are sentences on what of the base could not be shown.
    """

    piece: Publishable | None = None
    base: Revision | None = None
    version: str = ""
    opened: str = ""
    typed: Publishable | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def is_live(self):
        return self.piece is not None and self.piece.is_approved

    @property
    def shows_draft(self):
        """Whether what the form shows is not what the row says."""
        return self.is_live and self.base is not None and self.base.published_at is None

    def is_stale(self, piece) -> bool:
        """Whether somebody has changed the object since the form was opened."""
        return self.version != str(piece.version)

    def set(self):
        """
        Inside a rehearsal: bring the database to what the form shows. A live object is a draft
        there, so that its text may be incomplete.
        """
        again = type(self.piece)._base_manager.get(pk=self.piece.pk)
        if again.is_approved:
            type(again)._base_manager.filter(pk=again.pk).update(status=Status.DRAFT)
            again.status = Status.DRAFT
        # Of what is live and has no draft, the row itself is the newest truth.
        if self.base and (self.base.published_at is None or self.is_stale(self.piece)):
            self.problems = apply_snapshot(again, self.base.snapshot, rehearsing=True)


def stage_for(piece) -> Stage:
    """The stage on which an editor opens the form now."""
    return Stage(piece, drafting.shown(piece))


def stage_again(piece, request) -> Stage:
    """The stage on which the posted form was opened."""
    version, number, opened, *_ = [*request.POST.get("_version", "").split(".", 2), "", ""]
    known = number.isascii() and number.isdigit() and len(number) < 10
    revisions = Revision.objects.of(piece).order_by("number")
    base = revisions.filter(number=number).first() if known else None
    # Where there were none when the form was opened, the first one says how it was found.
    return Stage(piece, base or revisions.first(), version, opened)
