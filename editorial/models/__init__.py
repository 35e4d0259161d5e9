from editorial.models.append_only import AppendOnly, AppendOnlyModel
from editorial.models.corrections import Correction, CorrectionQuerySet
from editorial.models.desk import Event, Preferences, Presence
from editorial.models.publishable import Check, Publishable, PublishableQuerySet, Status
from editorial.models.revisions import PreviewLink, Revision, ScheduledChange
from editorial.models.searching import ContentChange, Promotion

__all__ = [
    "AppendOnly",
    "AppendOnlyModel",
    "Check",
    "ContentChange",
    "Correction",
    "CorrectionQuerySet",
    "Event",
    "Preferences",
    "Presence",
    "PreviewLink",
    "Promotion",
    "Publishable",
    "PublishableQuerySet",
    "Revision",
    "ScheduledChange",
    "Status",
]
