"""One list of extensions drives the toolbar of the editor and the sanitiser behind it."""

import re

import nh3
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from django_prose_editor.fields import ProseEditorField

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HardBreak": True,
    "Superscript": True,
}

_cleaner = nh3.Cleaner(**allowlist_from_extensions(expand_extensions(EXTENSIONS)))
_END_OF_BLOCK = re.compile(r"(</(?:p|h2|h3|ul|ol|table|blockquote)>)\s*")
_EMPTY_BLOCK = re.compile(r"<(p|h2|h3)>(?:\s|&nbsp;|<br>)*</\1>\s*")


def clean_html(html: str) -> str:
    """
    Return ``html`` with nothing in it but what ``EXTENSIONS`` allow, one block to a line.

    Cleaning twice changes nothing more. Line ends become ``\\n`` and empty paragraphs go.
    """
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    previous = None
    while html != previous:
        previous = html
        html = _EMPTY_BLOCK.sub("", _cleaner.clean(html))
        html = _END_OF_BLOCK.sub(r"\1\n", html).strip()
    return html


class RichTextField(ProseEditorField):
    """A text with structure, kept as clean HTML."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        super().__init__(*args, extensions=EXTENSIONS, sanitize=clean_html, **kwargs)
