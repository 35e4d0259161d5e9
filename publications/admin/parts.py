"""The rows of a publication in its form."""

from django.contrib import admin
from django.forms import BaseInlineFormSet, HiddenInput, ModelForm, SlugField
from django.forms.formsets import DELETION_FIELD_NAME
from django.template.defaultfilters import filesizeformat
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from editorial.admin import OrderedRows
from editorial.snapshots import is_draft_key
from people.models import Appointment
from publications import models
from publications.models.parts import new_mark


class PartInline(admin.StackedInline):
    formset = OrderedRows
    extra = 0


class BylineRows(OrderedRows):
    """Where no title is written, it says which one the appointments would give."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if title := self.titles.get(form.instance.person_id):
            form.fields["title"].widget.attrs["placeholder"] = title

    @cached_property
    def titles(self) -> dict[int, str]:
        """What the people named here are, or were, on the day of publication."""
        if self.instance.pk is None:
            return {}
        named = [row.person_id for row in self.get_queryset() if row.person_id]
        held = Appointment.objects.current(self.instance.day_of_titles())
        held = held.filter(is_primary=True, person__in=named).with_regions()
        return {each.person_id: each.full_title for each in held}


class BylineInline(admin.TabularInline):
    model = models.Byline
    formset = BylineRows
    extra = 0
    autocomplete_fields = ["person"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person")


class FindingInline(PartInline):
    model = models.Finding


class QuestionInline(PartInline):
    model = models.Question


class RecommendationInline(PartInline):
    model = models.Recommendation


class FigureForm(ModelForm):
    """The editor writes the mark when it places a figure in the text; else it is drawn here."""

    mark = SlugField(required=False, max_length=20, widget=HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:  # Every new row is a copy of one empty one.
            self.initial["mark"] = ""

    def clean_mark(self):
        return self.cleaned_data["mark"] or new_mark()

    def has_changed(self):
        """A new row in which there is only the mark that it came with is empty."""
        return super().has_changed() and (bool(self.instance.pk) or self.changed_data != ["mark"])


class FigureRows(OrderedRows):
    def clean(self):
        """A figure that has been typed with the mark of another one gets a mark of its own."""
        super().clean()
        known = {form.instance.mark for form in self.initial_forms if not form.has_changed()}
        for form in self.forms:
            if form.has_changed() and form not in self.deleted_forms:
                if form.instance.mark in known:
                    form.instance.mark = new_mark()
                known.add(form.instance.mark)


class FigureInline(PartInline):
    model = models.Figure
    formset = FigureRows
    form = FigureForm


class AttachmentInline(PartInline):
    model = models.Attachment
    readonly_fields = ["measured"]

    @admin.display(description=_("size"), empty_value="–")
    def measured(self, attachment):
        """What readers are told before they download it: “1.2 MB, 24 pages”."""
        said = [filesizeformat(attachment.size)] if attachment.size else []
        if attachment.pages:
            pages = ngettext("%(count)s page", "%(count)s pages", attachment.pages)
            said.append(pages % {"count": attachment.pages})
        return ", ".join(said) or None


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
    release = "publications.publish_publication"

    def may_correct(self, request):
        # While the form is rehearsed, the object is a draft; the stage knows what it is outside.
        stage = getattr(request, "stage", None)
        live = stage is not None and stage.is_live
        return live and request.user.has_perm(self.release)

    def has_add_permission(self, request, obj=None):
        return self.may_correct(request)

    def has_change_permission(self, request, obj=None):
        return self.may_correct(request)

    def has_delete_permission(self, request, obj=None):
        return self.may_correct(request)

    def has_view_permission(self, request, obj=None):
        """Where there are any."""
        return obj is not None and obj.corrections.exists()
