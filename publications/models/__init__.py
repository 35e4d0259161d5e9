from publications.models.parts import (
    Attachment,
    Correction,
    Figure,
    Finding,
    Question,
    Recommendation,
)
from publications.models.publication import Byline, Publication, Series

__all__ = [
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
