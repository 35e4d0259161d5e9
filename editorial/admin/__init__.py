from editorial.admin.base import DeskAdmin, KeepsAddresses, LogsRights, ReadOnlyAdmin
from editorial.admin.parts import PartAdmin
from editorial.admin.publishable import PublishableAdmin
from editorial.admin.records import (
    EventAdmin,
    PreviewLinkAdmin,
    RevisionAdmin,
    ScheduledChangeAdmin,
)

__all__ = [
    "DeskAdmin",
    "EventAdmin",
    "KeepsAddresses",
    "LogsRights",
    "PartAdmin",
    "PreviewLinkAdmin",
    "PublishableAdmin",
    "ReadOnlyAdmin",
    "RevisionAdmin",
    "ScheduledChangeAdmin",
]
