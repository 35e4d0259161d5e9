from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from editorial.admin import DeskAdmin, PublishableAdmin
from publications import models


class PartInline(admin.StackedInline):
    extra = 0


class BylineInline(admin.TabularInline):
    model = models.Byline
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


class CorrectionInline(PartInline):
    """What has been said to readers stays said: corrections are added, never changed."""

    model = models.Correction
    can_delete = False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(models.Series)
class SeriesAdmin(DeskAdmin):
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(models.Publication)
class PublicationAdmin(PublishableAdmin):
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
