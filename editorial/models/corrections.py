from django.db import models
from django.db.models import ProtectedError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editorial import clock
from editorial.models.revisions import Revision
from editorial.snapshots import is_draft_key


class CorrectionQuerySet(models.QuerySet):
    def refuse(self, **kwargs):
        raise ProtectedError(gettext("A correction stays for good."), set(self))

    update = delete = refuse


class Correction(models.Model):
    """
    A mistake that was put right, told in public and for good.

    A room adds the column that leads to its piece, with ``corrections`` as the name of the way
    back, and calls ``editorial.correcting.tie_corrections`` when a live piece settles. Its queryset
    answers ``public()`` and ``as_list()``; a correction says the ``title`` and the ``language`` of
    what it corrects and the ``address`` at which it stands there.
    """

    corrected_on = models.DateField(_("date"), default=clock.today)
    text = models.TextField(_("text"))
    corrects = models.ForeignKey(
        Revision,
        verbose_name=_("corrected revision"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    # In a snapshot: rows of this kind are added, never changed.
    permanent = True

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-corrected_on", "-pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self):
        return f"{self.corrected_on}: {self.text[:60]}"

    def delete(self, *args, **kwargs):
        if is_draft_key(self.pk):  # Nobody has read it yet.
            return super().delete(*args, **kwargs)
        raise ProtectedError(gettext("A correction stays for good."), {self})
