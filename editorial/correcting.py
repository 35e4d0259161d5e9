"""What a correction corrects, who wrote it, and all of them together. See ``Correction``."""

from django.apps import apps

from editorial.auditing import log
from editorial.models import Correction, Event, Revision


class EveryCorrection:
    """The public corrections of all rooms as one list, the newest first, to slice and to page."""

    def __init__(self):
        models = [each for each in apps.get_models() if issubclass(each, Correction)]
        self.rooms = [model.objects.public().as_list() for model in models]

    def count(self):
        return sum(room.count() for room in self.rooms)

    def __getitem__(self, wanted):
        newest = [correction for room in self.rooms for correction in room[: wanted.stop]]
        newest.sort(key=lambda each: (each.corrected_on, each.pk), reverse=True)
        return newest[wanted]


def tie_corrections(piece):
    """Say of each new correction, and in the log, what it corrects: what readers had before."""
    untied = list(piece.corrections.filter(corrects__isnull=True))
    published = Revision.objects.of(piece).filter(published_at__isnull=False)
    before = published.order_by("-published_at", "-number").first() if untied else None
    if before is None:
        return
    known = {row["pk"] for row in before.snapshot.get("corrections", [])}
    new = [correction for correction in untied if correction.pk not in known]
    for correction in new:
        log(
            Event.Action.CORRECTED,
            by=writer_of(piece, correction),
            piece=piece,
            from_revision=before.number,
            details=correction.text,
        )
    rows = piece.corrections.model._base_manager.filter(pk__in=[each.pk for each in new])
    rows.update(corrects=before)


def writer_of(piece, correction):
    """
    Who wrote a correction that is going live: the author of the first draft that has it. The
    clock may publish it; who publishes it stands in the log beside it.
    """
    said = (correction.corrected_on.isoformat(), correction.text)
    drafts = Revision.objects.of(piece).filter(published_at__isnull=True)
    for draft in drafts.select_related("author").order_by("number"):
        rows = draft.snapshot.get("corrections", [])
        if said in [(row["corrected_on"], row["text"]) for row in rows]:
            return draft.author
    return None
