from django.template.loader import render_to_string
from django.utils import translation

from editorial.languages import default_language
from publications.feeds.texts import standing_alone
from publications.feeds.updates import Updates


class Whole(Updates):
    """
    Whole months or entries, in the language that they are written in; nobody signs them, and
    nothing is attached. ``template`` writes the text of an item, which it knows by ``called``.
    """

    template = called = ""

    def item_enclosures(self, item):
        return []

    def item_copyright(self, item):
        return None

    def item_extra_kwargs(self, item):
        with translation.override(default_language()):
            html = render_to_string(self.template, {self.called: item})
            content = standing_alone(html, item.get_absolute_url())
        return {
            "language": default_language(),
            "content": content,
            "authors": [],
            "contributors": [],
        }
