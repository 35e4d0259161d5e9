"""What editors want on top when readers ask for certain words: chosen by its pasted address."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crisishub.looking_up import page_at, path_in
from editorial.admin import DeskAdmin
from editorial.models import Promotion
from editorial.models.searching import as_asked


class PromotionForm(forms.ModelForm):
    address = forms.CharField(
        label=capfirst(_("address")),
        max_length=500,
        help_text=_("Paste the address of its public page."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    class Meta:
        model = Promotion
        fields = ["words", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.piece:
            self.initial["address"] = self.instance.piece.get_absolute_url()

    def clean_words(self):
        return as_asked(self.cleaned_data["words"])

    def clean_address(self):
        """Only what readers have by now, or had: what it becomes later is found by its key."""
        model, lookup = page_at(path_in(self.cleaned_data["address"])) or (None, None)
        piece = model and model.objects.public().filter(**lookup).first()
        if piece is None:
            raise ValidationError(_("Readers have nothing at this address."))
        self.instance.piece = piece
        return self.cleaned_data["address"]

    def clean(self):
        cleaned, piece = super().clean(), self.instance.piece
        if piece and "words" in cleaned:
            same = Promotion.objects.filter(
                words=cleaned["words"],
                content_type=self.instance.content_type,
                object_id=self.instance.object_id,
            )
            if same.exclude(pk=self.instance.pk).exists():
                self.add_error("address", _("It stands on top for these words already."))
        return cleaned


class PromotionAdmin(DeskAdmin):
    form = PromotionForm
    fields = ["words", "address", "position"]
    list_display = ["words", "leads_to", "position"]
    search_fields = ["words"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("piece")

    @admin.display(description=_("address"))
    def leads_to(self, promotion):
        piece = promotion.piece
        return format_html('<a href="{}">{}</a>', piece.get_absolute_url(), piece) if piece else "–"
