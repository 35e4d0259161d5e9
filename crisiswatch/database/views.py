from itertools import chain
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from crisiswatch.database.exporting import FORMS
from crisiswatch.database.finding import count, find, keys
from crisiswatch.database.offering import offered
from crisiswatch.database.question import Question
from crisiswatch.history import current_run, line
from crisiswatch.models import Edition
from crisiswatch.months import last_months
from publications.listing import page_number

MONTHS = 24  # In the strip.
SECONDS = 60  # For which a file may be kept by whoever passes it on.


def database(request):
    """The entries that a reader asks for. An address that says it otherwise leads to the one."""
    question = Question(request.GET)
    if not question.is_valid():
        context = {"question": question, "filters": offered(question, {})}
        return render(request, "crisiswatch/database.html", context, status=400)
    number = page_number(request)
    pairs = [*question.pairs(), *([("page", str(number))] if number > 1 else [])]
    if pairs != [(name, each) for name, values in request.GET.lists() for each in values]:
        return redirect(f"{request.path}?{urlencode(pairs)}".rstrip("?"))
    found = find(request, question)
    context = {
        "question": question,
        "filters": offered(question, found.counts),
        "page": found.page,
        "is_catching_up": found.is_catching_up,
        "on": [choice for _name, choice in question.chosen()],
        "looser": loosened(question) if question.on and not found.page.found else [],
        **history_of(question.one_situation),
    }
    return render(request, "crisiswatch/database.html", context)


def history_of(situation) -> dict:
    """The last two years of a situation, where the question is about one alone."""
    latest = Edition.objects.public().values_list("month", flat=True).first() if situation else None
    if latest is None:
        return {}
    months = last_months(latest, MONTHS)
    entries = situation.entries.public().as_line().filter(edition__month__gte=months[0])
    strip = line(months, entries, situation.coverage.all())
    return {"situation": situation, "strip": strip, "run": current_run(strip)}


def loosened(question):
    """The filters to take away where nothing is found, with what there is without each."""
    counted = [(choice, count(question, [name])) for name, choice in question.chosen()]
    return [(choice, left) for choice, left in counted if left]


def export(request, form):
    """All that the page with the same question lists, as a file; ``form`` is one of ``FORMS``."""
    question = Question(request.GET)
    if not question.is_valid():
        return plain("\n".join(chain.from_iterable(question.errors.values())), 400)
    found = keys(question)
    if found is None:
        response = plain(_("Words cannot be looked for in this minute. Please come back."), 503)
        response["Retry-After"] = str(SECONDS)
        return response
    write, content_type = FORMS[form]
    name = f"{question.file_name()}.{form}"
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "Cache-Control": f"public, max-age={SECONDS}",
    }
    return StreamingHttpResponse(write(found), content_type=content_type, headers=headers)


def plain(sentence, status):
    return HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=status)
