from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BooleanField, HiddenInput, IntegerField
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from editorial.admin import DeskAdmin, PublishableAdmin
from editorial.admin.staged import StagedForm
from publications import models
from publications.admin.kinds import has
from publications.admin.parts import (
    AttachmentInline,
    BylineInline,
    CorrectionInline,
    FigureInline,
    FindingInline,
    QuestionInline,
    RecommendationInline,
)
from publications.admin.translating import TranslatingMixin
from publications.admin.word import FromWordMixin
from publications.placing import next_numbers
from publications.translating import said_now

# In the address of a form: show what other kinds have too.
EVERYTHING = "everything"


@admin.register(models.Series)
class SeriesAdmin(DeskAdmin):
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}


class PublicationForm(StagedForm):
    is_in_line = BooleanField(
        label=_("I have brought it up to date"),
        required=False,
        help_text=_("It says again what its original says. Saved with this text."),
    )
    # What the original said when the form was opened: whoever ticks has not seen what came later.
    original_seen = IntegerField(required=False, min_value=1, widget=HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if original := self.instance.translation_of:
            self.initial["original_seen"] = said_now(original)
        kind = self.initial.get("kind") or self.instance.kind
        if (
            "number" in self.fields
            and kind
            and (said := next_numbers(models.Publication.objects, kind))
        ):
            self.fields["number"].help_text = said

    def clean_tags(self):
        names, limit = self.cleaned_data["tags"], Tag._meta.get_field("name").max_length
        for name in names:
            if len(name) > limit:
                message = _("“%(name)s” has %(length)d characters; a topic has %(limit)d at most.")
                params = {"name": f"{name[:20]}…", "length": len(name), "limit": limit}
                raise ValidationError(message, params=params)
        return names

    def clean(self):
        """
        Whoever ties it to an original has it in line with what that says now; whoever says so, with
        what that said when the form was opened.
        """
        cleaned = super().clean()
        original, seen = cleaned.get("translation_of"), cleaned.get("original_seen")
        if "translation_of" in self.changed_data:
            self.instance.in_line_with = said_now(original) if original else None
        elif cleaned.get("is_in_line") and seen:
            self.instance.in_line_with = seen
        if original and not cleaned.get("number"):
            for name in ("number", "numbered_in"):
                cleaned[name] = getattr(original, name)
                setattr(self.instance, name, cleaned[name])
        return cleaned


@admin.register(models.Publication)
class PublicationAdmin(FromWordMixin, TranslatingMixin, PublishableAdmin):
    """
    The form of every piece. It has what the kind of the piece has, and whatever else is filled in:
    nothing is lost where a piece becomes one of another kind.
    """

    form = PublicationForm
    list_display = ["title", "label", "language", "publish_at", "state"]
    list_filter = ["status", "kind", "language"]
    list_select_related = ["numbered_in"]
    search_fields = ["title", "standfirst"]
    autocomplete_fields = [
        "translation_of",
        "original_outlet",
        "series",
        "regions",
        "numbered_in",
        "parent",
        "related",
    ]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [
        QuestionInline,
        BylineInline,
        FindingInline,
        RecommendationInline,
        FigureInline,
        AttachmentInline,
        CorrectionInline,
    ]
    text_fieldset = (
        None,
        {
            "fields": [
                ("kind", "numbered_in", "number"),
                "title",
                "subtitle",
                "slug",
                "standfirst",
                "media_url",
                "summary",
                "body",
            ]
        },
    )
    original_fieldset = (
        _("First publication elsewhere"),
        {"fields": [("original_outlet", "original_url")]},
    )
    fieldsets = [
        text_fieldset,
        (
            None,
            {
                "fields": [
                    "regions",
                    "tags",
                    "related",
                    ("language", "translation_of", "is_in_line", "original_seen"),
                ]
            },
        ),
        (
            _("Picture"),
            {"fields": ["image", "image_ppoi", "image_alt", "image_caption", "image_credit"]},
        ),
        original_fieldset,
        (
            _("Series, update and licence"),
            {"fields": [("series", "parent", "part"), ("updated_on", "licence")]},
        ),
        PublishableAdmin.publication_fieldset,
    ]

    def get_queryset(self, request):
        pieces = super().get_queryset(request)
        at = request.resolver_match
        return pieces.as_rows() if at and at.url_name.endswith("_changelist") else pieces

    @admin.display(description=_("kind"), ordering="kind")
    def label(self, piece):
        return piece.label

    def kind_of(self, request, obj):
        """The kind whose parts the form has; nothing where it is to have every part."""
        if EVERYTHING in request.GET:
            return ""
        return obj.kind if obj else request.POST.get("kind") or request.GET.get("kind", "")

    def shows(self, request, obj, name):
        """Whether the form has a field, or the rows of a relation."""
        if name in {"is_in_line", "original_seen"}:
            translated = obj is not None and obj.translation_of_id is not None
            return translated and self.has_change_permission(request, obj)
        if has(self.kind_of(request, obj), name):
            return True
        return name in request.POST or (obj is not None and is_filled(obj, name))

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if self.kind_of(request, obj) == models.Publication.Kind.OP_ED:
            # Where it ran first is what everything else follows from.
            rest = [each for each in fieldsets if each is not self.original_fieldset]
            fieldsets = [self.original_fieldset, *rest]
        shown = [(title, self.shown_in(request, obj, said["fields"])) for title, said in fieldsets]
        return [(title, {"fields": fields}) for title, fields in shown if fields]

    def shown_in(self, request, obj, fields):
        """The fields that the form has, those of one line together."""
        lines = [[line] if isinstance(line, str) else line for line in fields]
        lines = [tuple(name for name in line if self.shows(request, obj, name)) for line in lines]
        return [line if len(line) > 1 else line[0] for line in lines if line]

    def get_inlines(self, request, obj):
        """Those of the kind; of a form that is sent, those that it had."""
        return [
            inline
            for inline in super().get_inlines(request, obj)
            if (
                f"{relation_of(inline)}-TOTAL_FORMS" in request.POST
                if request.method == "POST"
                else self.shows(request, obj, relation_of(inline))
            )
        ]


def relation_of(inline):
    """The relation of a publication whose rows an inline has."""
    return inline.model._meta.get_field("publication").remote_field.related_name


def is_filled(piece, name):
    return getattr(piece, name).exists() if name in piece.owns else bool(getattr(piece, name))
