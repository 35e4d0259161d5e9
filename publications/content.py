from editorial.content import Layout
from publications import models
from publications.translating import put_in_line

ROWS = {
    "bylines": Layout(models.Byline, fields=("person", "outside_name", "role", "title")),
    "findings": Layout(models.Finding, fields=("label", "text")),
    "questions": Layout(models.Question, fields=("question", "answer")),
    "recommendations": Layout(models.Recommendation, fields=("addressee", "text")),
    "figures": Layout(
        models.Figure, fields=("image", "image_ppoi", "alt", "caption", "credit", "mark")
    ),
    "attachments": Layout(models.Attachment, fields=("file", "language", "label")),
    "corrections": Layout(
        models.Correction,
        fields=("corrected_on", "text"),
        order=("corrected_on", "pk"),
        permanent=True,
    ),
}

LAYOUTS = [
    Layout(models.Series, folder="series", fields=("title",)),
    Layout(
        models.Publication,
        folder="publications",
        fields=(
            "kind",
            "number",
            "numbered_in",
            "title",
            "subtitle",
            "standfirst",
            "language",
            "translation_of",
            "image",
            "image_ppoi",
            "image_alt",
            "image_caption",
            "image_credit",
            "original_outlet",
            "original_url",
            "series",
            "parent",
            "part",
            "regions",
            "tags",
            "related",
            "summary",
            "media_url",
            "updated_on",
            "licence",
        ),
        text="body",
        rows=ROWS,
        finish=put_in_line,
    ),
]
