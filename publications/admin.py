from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, ModelForm
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from editorial.admin import DeskAdmin, OrderedRows, PublishableAdmin
from editorial.admin.staged import StagedForm
from editorial.snapshots import is_draft_key
from publications import models


class PartInline(admin.StackedInline):
    formset = OrderedRows
    extra = 0


class BylineInline(admin.TabularInline):
    model = models.Byline
    formset = OrderedRows
    extra = 0
    autocomplete_fields = ["person"]


class FindingInline(PartInline):
    model = models.Finding


class QuestionInline(PartInline):
    model = models.Question


class RecommendationInline(PartInline):
    model = models.Recommendation


class FigureInline(PartInline):
    model = models.Figure


class AttachmentInline(PartInline):
    model = models.Attachment


class CorrectionForm(ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.was_read:
            for field in self.fields.values():
                field.disabled = True

    @property
    def was_read(self):
        return bool(self.instance.pk) and not is_draft_key(self.instance.pk)


class CorrectionFormSet(BaseInlineFormSet):
    """Only a correction that no reader has seen can be taken out."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if form.was_read and DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].disabled = True


class CorrectionInline(PartInline):
    """
    What has been said to readers stays said: corrections are added, never changed.

    They are for what readers have, and for those who publish.
    """

    model = models.Correction
    form = CorrectionForm
    formset = CorrectionFormSet

    def may_correct(self, request):
        # While the form is rehearsed, the object is a draft; the stage knows what it is outside.
        stage = getattr(request, "stage", None)
        live = stage is not None and stage.is_live
        return live and request.user.has_perm("publications.publish_publication")

    def has_add_permission(self, request, obj=None):
        return self.may_correct(request)

    def has_change_permission(self, request, obj=None):
        return self.may_correct(request)

    def has_delete_permission(self, request, obj=None):
        return self.may_correct(request)

    def has_view_permission(self, request, obj=None):
        """Where there are any."""
        return obj is not None and obj.corrections.exists()


@admin.register(models.Series)
class SeriesAdmin(DeskAdmin):
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}


class PublicationForm(StagedForm):
    def clean_tags(self):
        names, limit = self.cleaned_data["tags"], Tag._meta.get_field("name").max_length
        for name in names:
            if len(name) > limit:
                message = _("“%(name)s” has %(length)d characters; a topic has %(limit)d at most.")
                params = {"name": f"{name[:20]}…", "length": len(name), "limit": limit}
                raise ValidationError(message, params=params)
        return names


@admin.register(models.Publication)
class PublicationAdmin(PublishableAdmin):
    form = PublicationForm
    list_display = ["title", "label", "language", "publish_at", "state"]
    list_filter = ["status", "kind", "language"]
    search_fields = ["title", "standfirst"]
    autocomplete_fields = ["translation_of", "original_outlet", "series", "regions"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [
        BylineInline,
        FindingInline,
        QuestionInline,
        RecommendationInline,
        FigureInline,
        AttachmentInline,
        CorrectionInline,
    ]
    fieldsets = [
        (None, {"fields": [("kind", "number"), "title", "subtitle", "slug", "standfirst", "body"]}),
        (None, {"fields": ["regions", "tags", ("language", "translation_of")]}),
        (
            _("Picture"),
            {"fields": ["image", "image_ppoi", "image_alt", "image_caption", "image_credit"]},
        ),
        (
            _("Series and first publication elsewhere"),
            {"fields": [("series", "part"), ("original_outlet", "original_url")]},
        ),
        PublishableAdmin.publication_fieldset,
    ]

    @admin.display(description=_("kind"), ordering="kind")
    def label(self, piece):
        return piece.label
