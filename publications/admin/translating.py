"""The languages of a piece, beside its form, and the page on which another one is begun."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.admin.state import in_words
from editorial.languages import content_languages
from editorial.permissions import is_on_desk_of
from publications.models import Publication
from publications.translating import languages_missing, said_now, start

NAMES = dict(content_languages())


@dataclass(frozen=True)
class Version:
    """A piece in one language, or the language alone where there is none yet."""

    language: str
    piece: Publication | None = None
    state: str = ""
    is_outdated: bool = False

    @property
    def name(self):
        return NAMES.get(self.language, self.language)


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("language"))

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, NAMES.get(code, code)) for code in choices]


class TranslatingMixin:
    """For the admin of publications."""

    change_form_template = "admin/publications/publication/change_form.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.translate_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_translate"
        return [path("<int:pk>/translate/", view, name=name), *super().get_urls()]

    def may_translate(self, request, piece):
        return self.has_add_permission(request) and is_on_desk_of(request.user, piece)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if piece := request.stage.piece:
            whole = piece.translation_of or piece
            said = said_now(whole)
            context |= {"versions": versions(piece, said), "whole": whole, "said_now": said}
            context["may_translate"] = self.may_translate(request, piece)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def translate_view(self, request, pk):
        """Begin the translation of a piece into a language that it is not in."""
        piece = self.piece_or_404(request, pk)
        if not self.may_translate(request, piece):
            raise PermissionDenied
        if piece.translation_of_id:
            messages.info(request, _("It is a translation itself: start from its original."))
            return HttpResponseRedirect(self.address("translate", piece.translation_of))
        choices = languages_missing(piece, in_order(content_languages()))
        asked = request.GET.get("language")
        form = LanguageForm(request.POST or None, choices=choices, initial={"language": asked})
        if request.method == "POST" and form.is_valid():
            try:
                begun = start(piece, form.cleaned_data["language"], by=request.user)
            except ValidationError as error:
                form.add_error("language", error.messages)
            else:
                said = _("The translation is begun: a draft with the text of its original.")
                messages.success(request, said)
                return HttpResponseRedirect(self.address("change", begun))
        title = _("Translate “%s”") % piece
        button = _("Start the translation")
        return self.ask(request, piece, title, form=form, act="translate", button=button)


def in_order(languages) -> list[str]:
    """The codes of languages: those into which the house translates come first."""
    ours = settings.TRANSLATION_LANGUAGES
    return [*ours, *(code for code, name in languages if code not in ours)]


def versions(piece, said: int) -> list[Version]:
    """
    A piece in all its languages, the original first, then the languages that are wanted.

    ``said`` is the revision that readers have of the original.
    """
    found = [
        Version(
            each.language,
            each,
            # While the form of a live piece is rehearsed, its row is a draft.
            in_words(piece if each.pk == piece.pk else each),
            is_outdated=each.in_line_with not in (None, said),
        )
        for each in piece.versions()
    ]
    known = {version.language for version in found}
    wanted = [code for code in settings.TRANSLATION_LANGUAGES if code not in known]
    return [*found, *(Version(code) for code in wanted)]
