"""
Texts with structure: what may stand in them, how they are kept, and how they are shown.

``clean_html`` makes what is stored; ``parse`` reads it into blocks (``document``), from which pages
(``rendering``), Markdown (``markdown``) and plain words (``words``) are written.
"""

from editorial.richtext.cleaning import clean_html, parse
from editorial.richtext.extensions import EXTENSIONS
from editorial.richtext.fields import RichTextField
from editorial.richtext.markdown import MarkdownNotes, escape_markdown, to_markdown
from editorial.richtext.rendering import Heading, Notes, Rendered, render_text
from editorial.richtext.words import count_words, plain_text

__all__ = [
    "EXTENSIONS",
    "Heading",
    "MarkdownNotes",
    "Notes",
    "Rendered",
    "RichTextField",
    "clean_html",
    "count_words",
    "escape_markdown",
    "parse",
    "plain_text",
    "render_text",
    "to_markdown",
]
