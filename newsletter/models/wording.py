from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editorial.languages import interface_languages


class Wording(models.Model):
    """
    What the sign-up section says in one language of the interface.

    Where a language has no row, the section says what ``by_default`` gives, as version 0.
    """

    language = models.CharField(
        _("language"), max_length=10, unique=True, choices=interface_languages
    )
    heading = models.CharField(
        _("heading"), max_length=120, help_text=_("%(site)s stands for the name of the site.")
    )
    sentence = models.CharField(_("sentence"), max_length=250)
    consent = models.TextField(
        _("small print"),
        validators=[MaxLengthValidator(1000)],
        help_text=_("What readers agree to. It is kept with each consent."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    modified_at = models.DateTimeField(_("modified at"), auto_now=True)

    class Meta:
        ordering = ["language"]
        verbose_name = _("sign-up section")
        verbose_name_plural = _("sign-up section")

    def __str__(self):
        return dict(settings.LANGUAGES).get(self.language, self.language)

    @classmethod
    def by_default(cls, language):
        with translation.override(language):
            return cls(
                language=language,
                heading=gettext("Subscribe to %(site)s’s Email Updates"),
                sentence=gettext(
                    "Receive the best source of conflict analysis right in your inbox."
                ),
                consent=gettext(
                    "One mail to confirm, then only what you choose. Leave at any time."
                ),
                version=0,
            )

    @classmethod
    def current(cls, language):
        """What the section says in ``language`` today. One query."""
        return cls.objects.filter(language=language).first() or cls.by_default(language)

    @property
    def title(self):
        return self.heading.replace("%(site)s", settings.SITE_NAME)

    @property
    def text(self):
        """All of it, as it is kept with a consent."""
        return f"{self.title}\n{self.sentence}\n{self.consent}"

    def revise(self):
        """Save a change as the next version."""
        self.version = F("version") + 1
        self.save()
        self.refresh_from_db(fields=["version"])
