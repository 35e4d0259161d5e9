from crisiswatch.admin.editions import EditionAdmin
from crisiswatch.admin.entries import EntryAdmin
from crisiswatch.admin.situations import SituationAdmin

__all__ = ["EditionAdmin", "EntryAdmin", "SituationAdmin"]
