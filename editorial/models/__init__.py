from editorial.models.append_only import AppendOnly, AppendOnlyModel
from editorial.models.desk import Event, Preferences, Presence
from editorial.models.publishable import Check, Publishable, PublishableQuerySet, Status
from editorial.models.revisions import PreviewLink, Revision, ScheduledChange

__all__ = [
    "AppendOnly",
    "AppendOnlyModel",
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
