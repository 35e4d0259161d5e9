import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from editorial.models import PreviewLink, Revision, ScheduledChange


def thin_revisions(*, days: int, dry_run: bool = False) -> int:
    """
    Delete revisions that are older than ``days`` and were never published; return how many.

    Never deleted are the newest of an object and the newest standing one, a text set aside that
    nobody has decided on, what a draft is based on, and what is or was scheduled, or can still be
    read by a link.
    """
    before = timezone.now() - datetime.timedelta(days=days)
    same = {"content_type": OuterRef("content_type"), "object_id": OuterRef("object_id")}
    others = Revision.objects.filter(**same)
    newer = others.filter(number__gt=OuterRef("number"))
    given_up = Q(discarded_at__isnull=False)
    overtaken = Q(Exists(newer.standing()), is_aside=False)
    links = PreviewLink.objects.filter(
        revision=OuterRef("pk"), revoked_at__isnull=True, expires_at__gt=timezone.now()
    )
    old = Revision.objects.filter(
        given_up | overtaken,
        Exists(newer),  # Its number is not given to another.
        ~Exists(others.filter(based_on=OuterRef("number"))),
        ~Exists(ScheduledChange.objects.filter(revision=OuterRef("pk"))),
        ~Exists(links),
        created_at__lt=before,
        published_at__isnull=True,
    )
    doomed = list(old.values_list("pk", flat=True))
    if not dry_run:
        for start in range(0, len(doomed), 500):
            Revision.objects.filter(pk__in=doomed[start : start + 500]).delete()
    return len(doomed)
