from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crisiswatch.models import Development, Entry
from crisiswatch.sheet import may_assign, name_of, places_in, states_for, writers
from editorial.admin import OrderedRows, PartAdmin
from editorial.admin.presence import PresenceMixin
from editorial.dates import format_month
from editorial.presence import others


class DevelopmentInline(admin.StackedInline):
    model = Development
    formset = OrderedRows
    extra = 0


@admin.register(Entry)
class EntryAdmin(PresenceMixin, PartAdmin):
    """
    An entry has no state of its own for readers: it is public when its edition is.

    What contributors begin is theirs; they do not say who writes, nor what is ready.
    """

    owner = "edition"
    change_form_template = "admin/crisiswatch/entry/change_form.html"

    list_display = ["situation", "month", "trend", "risk_alert", "resolution_opportunity"]
    list_select_related = ["edition", "situation"]
    list_filter = ["trend", "risk_alert", "resolution_opportunity", "situation__region"]
    search_fields = ["situation__name", "lead"]
    ordering = ["-edition__month", "situation__name"]
    autocomplete_fields = ["edition", "situation"]
    inlines = [DevelopmentInline]

    def get_readonly_fields(self, request, obj=None):
        """Month and situation are an entry's address."""
        fixed = ["edition", "situation"] if obj else []
        return fixed if may_assign(request.user) else [*fixed, "author"]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        entry = obj or Entry()
        if state := form.base_fields.get("state"):
            state.choices = [(s.value, s.label) for s in states_for(request.user, entry)]
        if author := form.base_fields.get("author"):
            # Editors may not look for accounts, as the usual field would: these are few.
            author.queryset = writers(entry.author_id)
            author.label_from_instance = name_of
        return form

    def save_model(self, request, obj, form, change):
        if not (change or may_assign(request.user)):
            obj.author = request.user
        super().save_model(request, obj, form, change)

    def place_of(self, entry):
        """Who has its form open is in its row of the sheet."""
        return Entry(pk=places_in(entry.edition)[entry.situation_id])

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj and obj.pk:
            context["others"] = others(self.place_of(obj), request.user)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=_("month"), ordering="edition__month")
    def month(self, entry):
        return format_month(entry.edition.month)

    def view_on_site(self, entry):
        return entry.get_absolute_url() if entry.edition.is_public else None
