"""How a translation is started, and whether it still says what its original says."""

import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial import drafting
from editorial.models import Revision, Status
from editorial.permissions import check_desk
from editorial.snapshots import apply_snapshot, give_draft_keys, take_snapshot
from publications.models import Publication
from publications.placing import free_slug

# What a translation does not take over: its own moment, files in another language, what was said
# of mistakes of the original.
ITS_OWN = {"publish_at": None, "updated_on": None, "attachments": [], "corrections": []}
# Of what has no revision yet, the first one will say how it was found.
FIRST = 1


def said_now(original) -> int:
    """The number of the revision that readers have of an original, or else of its newest one."""
    find = drafting.newest_published if original.is_approved else drafting.newest
    revision = find(original)
    return revision.number if revision else FIRST


def put_in_line(piece):
    """What is imported as a translation says what its original says, as far as is known."""
    if piece.translation_of and piece.in_line_with is None:
        piece.in_line_with = said_now(piece.translation_of)
        piece.save(update_fields=["in_line_with"])


@transaction.atomic
def start(original, language: str, *, by) -> Publication:
    """
    Begin the translation of a piece: a draft with its structure, its figures and its text.

    Raises ``ValidationError`` where there is one, or where the piece is a translation itself.
    """
    original = Publication.objects.select_for_update(of=("self",)).get(pk=original.pk)
    drafting.keep_how_it_was_found(original)
    begun = Publication(
        kind=original.kind,
        title=original.title,
        language=language,
        translation_of=original,
        in_line_with=said_now(original),
        created_by=by,
    )
    begun.slug = free_slug(begun, f"{original.slug}-{language}")
    begun.clean()
    begun.save()
    apply_snapshot(begun, give_draft_keys(as_begun(original, begun), Publication, set()))
    check_desk(by, begun)
    note = _("Translation of “%s”") % original
    drafting.keep_revision(begun, take_snapshot(begun), by=by, note=note)
    return begun


def as_begun(original, begun) -> dict:
    """The snapshot of a translation that nobody has worked at yet."""
    own = {name: getattr(begun, name) for name in ("language", "slug", "in_line_with")}
    whole = translation_in(original.parent, begun.language)
    return (
        take_snapshot(original)
        | ITS_OWN
        | own
        | {
            "translation_of": original.pk,
            "parent": whole and whole.pk,
        }
    )


def translation_in(piece, language):
    """A piece in a language if there is one, else the piece itself."""
    return piece and (piece.versions().filter(language=language).first() or piece)


def outdated():
    """The translations whose original readers have in another text than when they were made."""
    published = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(Publication),
        object_id=OuterRef("translation_of"),
        published_at__isnull=False,
    )
    newest = published.order_by("-published_at", "-number").values("number")[:1]
    translations = Publication.objects.filter(
        in_line_with__isnull=False, translation_of__status=Status.APPROVED
    ).exclude(status=Status.WITHDRAWN)
    translations = translations.annotate(said=Coalesce(Subquery(newest), FIRST))
    return translations.exclude(in_line_with=F("said"))


def missing(languages, age: datetime.timedelta):
    """The public originals, no older than ``age``, of which one of these languages is missing."""
    lacks = Q(pk__in=[])
    for language in languages:
        there = Publication.objects.filter(translation_of=OuterRef("pk"), language=language)
        lacks |= ~Q(language=language) & ~Exists(there)
    originals = Publication.objects.public().filter(translation_of__isnull=True)
    return originals.filter(lacks, publish_at__gte=timezone.now() - age)


def languages_missing(original, languages) -> list[str]:
    """Which of these languages a piece is not in; reads loaded translations."""
    there = {original.language, *(each.language for each in original.translations.all())}
    return [language for language in languages if language not in there]
