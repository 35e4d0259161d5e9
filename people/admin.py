from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from editorial.admin import DeskAdmin, PublishableAdmin
from people.models import Appointment, Outlet, Person, Quote


class AppointmentFormSet(BaseInlineFormSet):
    """Looks at all appointments as they will be, so that one save can end one and begin another."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.instance.checked_together = True
        return form

    def clean(self):
        kept = [
            form
            for form in self.forms
            if form.is_valid()
            and form.has_changed() | bool(form.instance.pk)
            and form not in self.deleted_forms
        ]
        for number, form in enumerate(kept):
            try:
                form.instance.check_overlap(other.instance for other in kept[:number])
            except ValidationError as error:
                form.add_error(None, error)


class AppointmentInline(admin.TabularInline):
    model = Appointment
    formset = AppointmentFormSet
    extra = 0
    autocomplete_fields = ["region"]


@admin.register(Person)
class PersonAdmin(PublishableAdmin):
    list_display = ["name", "current_title", "state"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AppointmentInline]
    fieldsets = [
        (None, {"fields": ["name", "sort_name", "slug", "biography", "contact"]}),
        (
            _("Portrait"),
            {"fields": ["portrait", "portrait_ppoi", "portrait_alt", "portrait_credit"]},
        ),
        PublishableAdmin.publication_fieldset,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_appointments()

    @admin.display(description=_("title today"))
    def current_title(self, person):
        return person.current_title


@admin.register(Outlet)
class OutletAdmin(DeskAdmin):
    list_display = ["name", "url"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Quote)
class QuoteAdmin(PublishableAdmin):
    list_display = ["said_on", "speaker", "outlet", "opening", "state"]
    list_display_links = ["said_on", "opening"]
    list_select_related = ["speaker", "outlet"]
    search_fields = ["text", "speaker__name", "outlet__name"]
    autocomplete_fields = ["speaker", "outlet", "regions"]
    prepopulated_fields = {"slug": ["said_on", "text"]}
    fieldsets = [
        (None, {"fields": ["text", "language", "said_on", "speaker", "speaker_title"]}),
        (None, {"fields": ["outlet", "source_url", "regions", "slug"]}),
        PublishableAdmin.publication_fieldset,
    ]

    @admin.display(description=_("text"))
    def opening(self, quote):
        return Truncator(quote.text).chars(80)

    def save_model(self, request, obj, form, change):
        moved = change and {"speaker", "said_on"} & set(form.changed_data)
        if moved and "speaker_title" not in form.changed_data:
            obj.speaker_title = ""  # It was somebody else's, or of another day.
        super().save_model(request, obj, form, change)
