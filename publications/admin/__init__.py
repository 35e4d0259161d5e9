from publications.admin.entries import KindAdmin
from publications.admin.parts import (
    AttachmentInline,
    BylineInline,
    CorrectionInline,
    FigureInline,
    FindingInline,
    PartInline,
    QuestionInline,
    RecommendationInline,
)
from publications.admin.publication import PublicationAdmin, PublicationForm, SeriesAdmin

__all__ = [
    "AttachmentInline",
    "BylineInline",
    "CorrectionInline",
    "FigureInline",
    "FindingInline",
    "KindAdmin",
    "PartInline",
    "PublicationAdmin",
    "PublicationForm",
    "QuestionInline",
    "RecommendationInline",
    "SeriesAdmin",
]
