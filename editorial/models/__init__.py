from editorial.models.desk import AppendOnly, Event, Preferences, Presence
from editorial.models.publishable import Check, Publishable, PublishableQuerySet, Status
from editorial.models.revisions import PreviewLink, Revision, ScheduledChange

__all__ = [
    "AppendOnly",
    "Check",
    "Event",
    "Preferences",
    "Presence",
    "PreviewLink",
    "Publishable",
    "PublishableQuerySet",
    "Revision",
    "ScheduledChange",
    "Status",
]
