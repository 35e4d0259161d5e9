from editorial.admin.base import (
    DeskAdmin,
    KeepsAddresses,
    LogsRights,
    OrderedRows,
    ReadOnlyAdmin,
)
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
    "OrderedRows",
    "PartAdmin",
    "PreviewLinkAdmin",
    "PublishableAdmin",
    "ReadOnlyAdmin",
    "RevisionAdmin",
    "ScheduledChangeAdmin",
]
