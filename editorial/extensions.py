"""
What the editor of texts can do besides what it came with, and what HTML each of that is kept as.

The settings name them (``DJANGO_PROSE_EDITOR_EXTENSIONS``), so this file reads no settings itself.
"""

from django_prose_editor.config import add_allowed_classes, add_tags_and_attributes
from js_asset import static_lazy

# ``toolbar`` takes the place of the editor's own menu, which every text has.
MODULES = [
    static_lazy(f"js/desk/editor/{name}.js")
    for name in ("toolbar", "footnote", "asides", "figure", "paste")
]


def footnote(config, allowed):
    """``<span class="footnote">``: a note, standing where it is called."""
    add_tags_and_attributes(allowed, ["span"], None)
    add_allowed_classes(allowed, {"span": ["footnote"]})


def pull_quote(config, allowed):
    """``<aside class="pull">``: a sentence of the text, set large beside it."""
    add_tags_and_attributes(allowed, ["aside"], None)
    add_allowed_classes(allowed, {"aside": ["pull"]})


def box(config, allowed):
    """``<aside class="box">``: what is told apart from the text."""
    add_tags_and_attributes(allowed, ["aside"], None)
    add_allowed_classes(allowed, {"aside": ["box"]})


def figure_place(config, allowed):
    """``<figure data-mark="…">``: where the figure with that mark stands."""
    add_tags_and_attributes(allowed, ["figure"], {"figure": ["data-mark"]})


def paste(config, allowed):
    """Cleans what is pasted; nothing of its own is kept."""


PROSE = {
    "Footnote": footnote,
    "PullQuote": pull_quote,
    "Box": box,
    "FigurePlace": figure_place,
    "Paste": paste,
}
