"""The editor's day: what the front page of the desk and its calendar show."""

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from crisiswatch.models import Edition
from crisiswatch.starting import next_to_start, not_begun
from editorial.languages import content_languages
from editorial.models import Status
from editorial.queues import Item, Queues
from newsletter.models import Issue
from people.models import Person, Quote
from publications.models import KINDS, Publication
from publications.translating import languages_missing, missing, outdated
from regions.models import Region

SHOWN = 8
DAYS_AHEAD = 14
DAYS_BACK = 7
FAILURES_KEPT = datetime.timedelta(days=90)
LONG = ["body", "summary", "translation_of__body", "translation_of__summary"]
MONTH = datetime.timedelta(days=365) / 12
BEGUN_OFTEN = [*KINDS[:5], Quote, Edition, Issue, Person, Region]


@dataclass(frozen=True)
class Day:
    date: datetime.date
    items: list[Item]
    is_today: bool = False


@dataclass(frozen=True)
class Queue:
    """The first items of a queue, and how many more there are."""

    shown: list[Item]
    more: int

    @classmethod
    def of(cls, items):
        return cls(items[:SHOWN], max(0, len(items) - SHOWN))


def today(request, site) -> dict:
    """Everything that the front page shows to one person."""
    queues = Queues(request, site)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = queues.scheduled(until=midnight + datetime.timedelta(days=DAYS_AHEAD))
    week = timezone.now() - datetime.timedelta(days=DAYS_BACK)
    return {
        "mine": Queue.of(queues.mine()),
        "waiting": Queue.of(queues.waiting()),
        "scheduled": ahead,
        "fortnight": fortnight(ahead, midnight.date()),
        "failed": queues.failed(timezone.now() - FAILURES_KEPT, unsolved=True),
        "published": Queue.of(queues.published(week)),
        "sees_editions": sees(request, site, Edition),
        "edition": edition_in_progress(request, site),
        "coming": month_to_start(request, site),
        "sees_regions": sees(request, site, Region),
        "stale": stale_regions(request, site),
        "stale_months": settings.STALE_MONTHS,
        **translations(request, site),
        "now": timezone.now(),
        "begin": begin(request, site),
    }


def fortnight(items, first) -> list[Day]:
    """Fourteen days from ``first`` on, in the active time zone, each with what it will bring."""
    days = [first + datetime.timedelta(days=number) for number in range(DAYS_AHEAD)]
    due = {day: [] for day in days}
    for item in items:
        # What is overdue will come at once.
        due[max(first, timezone.localdate(item.moment))].append(item)
    return [Day(day, due[day], is_today=day == first) for day in days]


def by_day(items) -> list[Day]:
    grouped = groupby(items, key=lambda item: timezone.localdate(item.moment))
    return [Day(day, list(its)) for day, its in grouped]


def everything_scheduled(request, site) -> dict:
    """All that is scheduled, day by day, and the changes that failed in the last three months."""
    queues = Queues(request, site)
    return {
        "days": by_day(queues.scheduled()),
        "failed": queues.failed(timezone.now() - FAILURES_KEPT),
    }


def sees(request, site, model) -> bool:
    return site.get_model_admin(model).has_view_permission(request)


def edition_in_progress(request, site):
    """The newest edition that readers do not have yet, with how far it has come; or None."""
    if not sees(request, site, Edition):
        return None
    ready = ~Q(entries__trend="") & ~Q(entries__lead="")
    coming = Q(status__in=[Status.DRAFT, Status.IN_REVIEW]) | Q(
        status=Status.APPROVED, publish_at__gt=timezone.now()
    )
    edition = (
        Edition.objects.filter(coming)
        .annotate(
            in_all=Count("entries"),
            ready=Count("entries", filter=ready),
            risks=Count("entries", filter=Q(entries__risk_alert=True)),
            hopes=Count("entries", filter=Q(entries__resolution_opportunity=True)),
            mine=Count("entries", filter=Q(entries__author=request.user)),
        )
        .order_by("-month")
        .first()
    )
    if edition:
        edition.in_all += not_begun(edition)
    return edition


def month_to_start(request, site):
    """The month that this person may start now, or None."""
    may = site.get_model_admin(Edition).has_add_permission(request)
    return next_to_start() if may else None


def stale_regions(request, site):
    """The public regions that nobody has changed for months, the longest untouched first."""
    if not sees(request, site, Region):
        return []
    untouched = timezone.now() - settings.STALE_MONTHS * MONTH
    stale = Region.objects.public().filter(modified_at__lt=untouched)
    return stale.only("name", "modified_at").order_by("modified_at")[:SHOWN]


def translations(request, site) -> dict:
    """
    The translations that say what their original said once, and the originals of late that are
    missing in a language into which the house translates.
    """
    if not sees(request, site, Publication):
        return {}
    behind = outdated().select_related("translation_of").order_by("-translation_of__publish_at")
    wanted, names = settings.TRANSLATION_LANGUAGES, dict(content_languages())
    lacking = missing(wanted, settings.STALE_MONTHS * MONTH).prefetch_related("translations")
    return {
        "outdated": behind.defer(*LONG)[:SHOWN],
        "untranslated": [
            (piece, [(code, names[code]) for code in languages_missing(piece, wanted)])
            for piece in lacking.defer("body", "summary")[:SHOWN]
        ],
        "translates": bool(wanted),
    }


def begin(request, site) -> list[tuple[str, str]]:
    """What this person may begin: a name and the address of its empty form."""
    return [
        (opts.verbose_name, reverse(f"admin:{opts.app_label}_{opts.model_name}_add"))
        for opts in (model._meta for model in BEGUN_OFTEN)
        if site.get_model_admin(opts.model).has_add_permission(request)
    ]
