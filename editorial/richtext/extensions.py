"""One list drives the toolbar of the editor and the sanitiser behind it."""

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {
        "enableTarget": False,
        "protocols": ["http", "https", "mailto"],
        "autolink": False,  # It takes the end of a sentence and the note that follows for a domain.
    },
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HardBreak": True,
    "Superscript": True,
    # These are ours: ``editorial.extensions`` and ``static/js/desk/editor/``.
    "Footnote": True,
    "PullQuote": True,
    "Box": True,
    "FigurePlace": True,
    "Paste": True,
}
