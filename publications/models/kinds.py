"""
A name for each kind of publication, under which the admin lists it.

They are proxies: the pieces are publications in every other respect, and have their rights.
"""

from django.utils.translation import gettext_lazy as _

from publications.models.publication import Publication

Kind = Publication.Kind


def proxy(kind, name, plural):
    options = {
        "proxy": True,
        "default_permissions": (),
        "verbose_name": kind.label,
        "verbose_name_plural": plural,
    }
    body = {"__module__": __name__, "Meta": type("Meta", (), options), "of_kind": kind}
    return type(name, (Publication,), body)


KINDS = [
    proxy(Kind.REPORT, "Report", _("reports")),
    proxy(Kind.BRIEFING, "Briefing", _("briefings")),
    proxy(Kind.QUESTIONS, "Questions", _("Q&As")),
    proxy(Kind.COMMENTARY, "Commentary", _("commentaries")),
    proxy(Kind.OP_ED, "OpEd", _("op-eds")),
    proxy(Kind.STATEMENT, "Statement", _("statements")),
    proxy(Kind.PODCAST, "Podcast", _("podcasts")),
    proxy(Kind.VIDEO, "Video", _("videos")),
    proxy(Kind.VISUAL_EXPLAINER, "VisualExplainer", _("visual explainers")),
    proxy(Kind.WATCH_LIST, "WatchList", _("watch lists")),
    proxy(Kind.SPEECH, "Speech", _("speeches")),
]
