from crisiswatch.models.editions import Correction, Development, Edition, Entry
from crisiswatch.models.situations import Coverage, Situation

__all__ = ["Correction", "Coverage", "Development", "Edition", "Entry", "Situation"]
