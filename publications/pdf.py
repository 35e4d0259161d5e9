"""
The PDF of a piece that has none attached. It is made in the background, and kept by a hash of what
it says; a reader who comes before it is made waits for it once.
"""

from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock

from django.apps import apps
from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tasks import task

from editorial.finding import get_public_or_gone
from publications.typesetting import fingerprint, has_letters_of, typeset

LONG = 200_000  # Characters that take about two seconds.
_one_at_a_time = Lock()


class Later(Exception):
    """The PDF is being made; whoever wants it asks again in a moment."""


def kept_pdf(piece, *, patient=True) -> Path:
    """
    Return where the PDF of a piece lies, as it is now. Made at most once for the same text.

    A server that answers others too is not patient: for a long piece, or while it makes another
    PDF, it leaves the work to the background and raises ``Later``.
    """
    folder = Path(settings.PDF_DIR)
    path = folder / f"{piece.pk}-{fingerprint(piece)}.pdf"
    if path.exists():
        return path
    is_mine = (patient or len(piece.body) < LONG) and _one_at_a_time.acquire(blocking=patient)
    if not is_mine:
        make_pdf.enqueue(piece.pk)
        raise Later
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            keep(typeset(piece), path)
            forget_others(path, piece)
    finally:
        _one_at_a_time.release()
    return path


def keep(content, path):
    """Write a file that nobody sees half of."""
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)


def forget_others(path, piece):
    for other in path.parent.glob(f"{piece.pk}-*.pdf"):
        if other != path:
            other.unlink(missing_ok=True)


@task()
def make_pdf(pk):
    """Make the PDF of a piece before a reader asks for it."""
    pieces = apps.get_model("publications", "Publication").objects.public().as_page()
    piece = pieces.filter(pk=pk).first()
    if piece and not piece.attached_pdf and has_letters_of(piece.language):
        kept_pdf(piece)


def pdf(request, slug):
    """The PDF that is attached, or the one made."""
    pieces = apps.get_model("publications", "Publication").objects.as_page()
    piece = get_public_or_gone(pieces, slug=slug)
    if attached := piece.attached_pdf:
        return redirect(reverse("editorial:media", args=[attached.file.name]))
    if not has_letters_of(piece.language):
        raise Http404
    try:
        path = kept_pdf(piece, patient=False)
    except Later:
        sentence = _("This PDF is being made. Load the page again in a moment.")
        return HttpResponse(sentence, status=503, headers={"Retry-After": "10"})
    response = FileResponse(path.open("rb"), filename=f"{piece.slug}.pdf")
    response["Content-Type"] = "application/pdf"
    response["ETag"] = f'"{path.stem}"'
    response["Cache-Control"] = "public, max-age=600"
    return response
