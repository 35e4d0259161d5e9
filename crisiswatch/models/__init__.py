from crisiswatch.models.data import DataFile, DataPart, DataVersion
from crisiswatch.models.editions import Correction, Development, Edition, Entry
from crisiswatch.models.situations import Coverage, Situation

__all__ = [
    "Correction",
    "Coverage",
    "DataFile",
    "DataPart",
    "DataVersion",
    "Development",
    "Edition",
    "Entry",
    "Situation",
]
