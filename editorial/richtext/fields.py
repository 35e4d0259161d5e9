"""The field of models that holds such a text."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorField

from editorial.richtext.cleaning import clean_html, refuse_too_long
from editorial.richtext.extensions import EXTENSIONS

MOST_ROWS = 500


class RichTextField(ProseEditorField):
    """A text with structure, kept as clean HTML."""

    default_validators = [refuse_too_long]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        super().__init__(*args, extensions=EXTENSIONS, sanitize=clean_html, **kwargs)

    def clean(self, value, instance):
        """Raises ``ValidationError`` as ``clean_html`` does, and for a table that is data."""
        html = super().clean(value, instance)
        refuse_long_tables(html)
        return html


def refuse_long_tables(html: str):
    """Raise ``ValidationError`` for a table of more than 500 rows, which nobody reads on a page."""
    most = max(table.count("<tr>") for table in html.split("<table>"))
    if most > MOST_ROWS:
        sentence = _(
            "A table has %(rows)d rows; %(most)d are the most. Attach it as a spreadsheet."
        )
        raise ValidationError(sentence % {"rows": most, "most": MOST_ROWS}, code="too_many_rows")
