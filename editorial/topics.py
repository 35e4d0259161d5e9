"""Topics stand in snapshots by name: one that is renamed is renamed in what is to go live."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from taggit.managers import TaggableManager

from editorial.models import Revision

AT_ONCE = 100


def rename_in_drafts(before: str, after: str):
    """
    Give a topic its new name in all that may yet go live.

    What readers have had stays as it was.
    """
    drafts = Revision.objects.filter(published_at__isnull=True, discarded_at__isnull=True)
    for field in tag_fields():
        kind = ContentType.objects.get_for_model(field.model)
        found = drafts.filter(content_type=kind).only("snapshot").iterator(chunk_size=AT_ONCE)
        renamed = [each for each in found if rename(each.snapshot, field.name, before, after)]
        Revision.objects.bulk_update(renamed, ["snapshot"], batch_size=AT_ONCE)


def tag_fields():
    for model in apps.get_models():
        for field in model._meta.many_to_many:
            if isinstance(field, TaggableManager) and field.model is model:
                yield field


def rename(snapshot, name, before, after) -> bool:
    """Whether the snapshot has the topic; then it has it under its new name."""
    names = set(snapshot.get(name, ()))
    if before not in names:
        return False
    snapshot[name] = sorted(names - {before} | {after})
    return True
