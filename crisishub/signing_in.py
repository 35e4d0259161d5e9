"""The form of the sign-in: each attempt, let in or not, is a line of the log."""

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from editorial.auditing import log
from editorial.models import Event


class SignInForm(AdminAuthenticationForm):
    def clean(self):
        """Log who came in, or the name that was tried; never what was typed as the password."""
        try:
            cleaned = super().clean()
        except ValidationError as refusal:
            self.log_refusal(refusal)
            raise
        if user := self.get_user():
            log(Event.Action.SIGNED_IN, by=user)
        return cleaned

    def log_refusal(self, refusal):
        name = self.cleaned_data.get("username", "")
        tried = get_user_model().objects.filter(username=name).first()
        log(Event.Action.REFUSED, by=tried, details=f"{name} ({refusal.code})")
