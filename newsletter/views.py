"""The sign-up form and what it answers: the same to everybody, whosever address it is."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from newsletter.forms import SignUpForm, sign_up_section
from newsletter.models import SignUp, Wording
from newsletter.networks import network_fingerprint
from newsletter.signing_up import receive

BUSY = _("Many requests have come from your network. Please try again in an hour.")


class SeeOther(HttpResponseRedirect):
    status_code = 303


# The form stands on pages that are the same for all readers, so it holds no token; nothing changes
# before a mail is read.
@csrf_exempt
def sign_up(request):
    if request.method != "POST":
        return render(request, "newsletter/sign_up.html")
    form = SignUpForm(request.POST)
    answer = SeeOther(reverse("newsletter:check_your_inbox"))
    if form.is_from_a_robot:
        return answer
    if not form.is_valid():
        return form_again(request, form, status=422)
    network = network_fingerprint(request)
    if SignUp.objects.is_busy(network):
        form.add_error("address", BUSY)
        return form_again(request, form, status=429)
    receive(
        form.cleaned_data["address"],
        network=network,
        language=request.LANGUAGE_CODE,
        region=form.chosen_region(),
        page=form.cleaned_data.get("page", ""),
        wording=Wording.current(request.LANGUAGE_CODE),
    )
    return answer


def form_again(request, form, *, status):
    """The form with what was typed and a sentence beside it."""
    context = {"sign_up": sign_up_section(form)}
    response = render(request, "newsletter/sign_up.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def check_your_inbox(request):
    return render(request, "newsletter/check_your_inbox.html")
