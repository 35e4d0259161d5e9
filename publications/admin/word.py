from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.languages import content_languages, default_language
from publications.admin.kinds import HAS
from publications.models import Publication
from publications.word.package import Refused
from publications.word.starting import start_from_word

PAGE = "publications_publication_from_word"


class WordForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Word document"),
        help_text=gettext_lazy("A .docx of at most 50 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=Publication.Kind.choices)
    language = forms.ChoiceField(label=gettext_lazy("language"), choices=content_languages)


class FromWordMixin:
    """The page that begins a piece from a Word document."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.from_word_view)
        return [path("from-word/", view, name=PAGE), *super().get_urls()]

    def from_word_view(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        given = {"kind": request.GET.get("kind", ""), "language": default_language()}
        form = WordForm(request.POST or None, request.FILES or None, initial=given)
        if request.method == "POST" and form.is_valid():
            try:
                parts = HAS[form.cleaned_data["kind"]]
                piece, left_out = start_from_word(**form.cleaned_data, by=request.user, parts=parts)
            except Refused as refused:
                form.add_error("file", str(refused))
            else:
                tell(request, piece, left_out)
                address = reverse("admin:publications_publication_change", args=[piece.pk])
                return HttpResponseRedirect(address)
        title = _("Start from a Word document")
        context = {**self.admin_site.each_context(request), "form": form, "title": title}
        context |= {"opts": self.opts, "media": self.media + form.media}
        return render(request, "admin/publications/publication/from_word.html", context)


def tell(request, piece, left_out):
    messages.success(request, _("“%s” is a draft now. Read it through.") % piece)
    if left_out:
        listed = format_html_join("", "<li>{}</li>", [[each] for each in left_out])
        says = _("What has no place in it; look whether readers miss it:")
        messages.warning(request, format_html("{}<ul>{}</ul>", says, listed))
