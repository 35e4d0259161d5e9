from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.forms import BaseInlineFormSet, ModelForm
from django.utils.translation import gettext_lazy as _

from crisiswatch.admin.splitting import SplittingMixin
from crisiswatch.models import Coverage, Situation
from crisiswatch.months import parse_month
from editorial import clock
from editorial.admin import DeskAdmin, KeepsAddresses

NOT_COVERED = "none"
RESERVED = {"print"}  # /crisiswatch/2024/06/print/ is the whole month.


def level_now():
    """The level at which a situation is followed in this month; None where it is not."""
    now = Coverage.objects.in_month(parse_month(clock.today())).of(OuterRef("pk"))
    return Subquery(now.values("level")[:1])


class SituationForm(ModelForm):
    class Meta:
        error_messages = {
            "name": {"unique": _("Another situation has this name.")},
            "slug": {"unique": _("Another situation has this address.")},
        }

    def clean_slug(self):
        """An address in use, and the name that data files and old links keep, is nobody else's."""
        slug = self.cleaned_data["slug"]
        if slug in RESERVED:
            message = _("“%(slug)s” leads to another page of each month: choose another slug.")
            raise ValidationError(message, params={"slug": slug})
        other = Situation.objects.filter(code=slug).exclude(pk=self.instance.pk).first()
        if other and other.slug != slug:
            message = _("“%(slug)s” stays the name of “%(other)s” in data files: choose another.")
            raise ValidationError(message, params={"slug": slug, "other": other})
        return slug


class CoverageRows(BaseInlineFormSet):
    """Looks at all rows as they will be, so that one save can end one and begin another."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.instance.checked_together = True
        return form

    def clean(self):
        super().clean()
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

    def save_existing_objects(self, commit=True):
        """Rows that change make room first: on the way, a month may not be covered twice."""
        if commit:
            changed = [form.instance.pk for form in self.initial_forms if form.has_changed()]
            self.get_queryset().filter(pk__in=changed).delete()
        return super().save_existing_objects(commit)


class CoverageInline(admin.TabularInline):
    model = Coverage
    formset = CoverageRows
    extra = 0


class FollowedNow(admin.SimpleListFilter):
    title = _("followed now")
    parameter_name = "now"

    def lookups(self, request, model_admin):
        return [*Coverage.Level.choices, (NOT_COVERED, _("not covered"))]

    def queryset(self, request, queryset):
        if self.value() == NOT_COVERED:
            return queryset.filter(level_now=None)
        return queryset.filter(level_now=self.value()) if self.value() else queryset


@admin.register(Situation)
class SituationAdmin(SplittingMixin, KeepsAddresses, DeskAdmin):
    form = SituationForm
    list_display = ["name", "region", "now"]
    list_select_related = ["region"]
    list_filter = [FollowedNow, "region"]
    search_fields = ["name"]
    autocomplete_fields = ["region", "countries", "continues"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "code", "region", "countries", "continues"]
    readonly_fields = ["code"]
    inlines = [CoverageInline]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(level_now=level_now())

    @admin.display(description=_("followed now"), ordering="level_now")
    def now(self, situation):
        return (
            Coverage.Level(situation.level_now).label if situation.level_now else _("not covered")
        )

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.draw_globe()
