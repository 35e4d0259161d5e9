from django import forms
from django.utils.translation import get_language

from newsletter.addresses import SENTENCE, normalise
from newsletter.models import Wording
from regions.models import Region


class AddressField(forms.CharField):
    default_error_messages = {"required": SENTENCE, "null_characters_not_allowed": SENTENCE}

    def clean(self, value):
        return normalise(super().clean(value))


class SignUpForm(forms.Form):
    """One field for readers. ``website`` is out of their sight: only robots fill it in."""

    address = AddressField()
    region = forms.SlugField(required=False, max_length=80)
    page = forms.RegexField(r"^/\S*\Z", required=False, max_length=250)
    website = forms.CharField(required=False)

    def clean(self):
        """What a robot or an old page has put into the hidden fields is no mistake of a reader."""
        for name in set(self.errors) - {"address"}:
            del self.errors[name]

    @property
    def is_from_a_robot(self):
        return bool(self.data.get("website"))

    def chosen_region(self):
        """The region whose page the form stood on, if that is public. At most one query."""
        slug = self.cleaned_data.get("region")
        return Region.objects.public().filter(slug=slug).first() if slug else None


def sign_up_section(form=None):
    """What ``includes/_sign_up.html`` draws, in the active language. One query."""
    return {"wording": Wording.current(get_language()), "form": form or SignUpForm()}
