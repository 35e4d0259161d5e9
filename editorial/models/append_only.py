from django.db import models


class AppendOnly(Exception):
    """These rows are proof: none is changed or deleted, save with the one whom it is about."""


class AppendOnlyQuerySet(models.QuerySet):
    def refuse(self, **kwargs):
        raise AppendOnly

    update = delete = refuse


class AppendOnlyModel(models.Model):
    """A row that says what happened, for good."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly
