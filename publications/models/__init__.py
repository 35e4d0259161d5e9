from publications.models.kinds import KINDS
from publications.models.parts import (
    Attachment,
    Byline,
    Correction,
    Figure,
    Finding,
    Question,
    Recommendation,
)
from publications.models.publication import Publication
from publications.models.series import Series

__all__ = [
    "KINDS",
    "Attachment",
    "Byline",
    "Correction",
    "Figure",
    "Finding",
    "Publication",
    "Question",
    "Recommendation",
    "Series",
]
