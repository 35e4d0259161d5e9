"""
The data on their way to readers: the page about them, and the files, as they were written.

A file has a lasting address in its version, and one that leads to the newest. Its bytes lie in the
database compressed with gzip, and go out so to everybody who takes that.
"""

import base64
import re
from functools import wraps

import brotli
from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response

from crisiswatch.data.licences import LICENCES
from crisiswatch.data.lines import csv_of
from crisiswatch.data.papers import address
from crisiswatch.data.tables import TABLES, moment_of
from crisiswatch.models import DataFile, DataVersion
from editorial.ranges import UNSATISFIABLE, answer_with_part, within

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_MINUTE = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
METHODS = ("GET", "HEAD", "OPTIONS")
SMALL = 200_000  # Bytes that are quickly compressed anew, for those who take Brotli.
REFUSED = re.compile(r";q=0(\.0*)?$")
NEWEST = 12
TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "jsonl": "application/jsonl; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "cff": "application/yaml",
    "gz": "application/gzip",
}
# Any page of any site may have them, and read what we say of them (Fetch standard, CORS protocol).
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Location, "
    "Content-Range, ETag, Link, Repr-Digest",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def data(request):
    """The page: what there is, what the columns mean, how to cite it, what changed when."""
    versions = list(DataVersion.objects.public()[:NEWEST])
    newest = versions[0] if versions else None
    months = DataFile.objects.public().exclude(month="")
    context = {
        "versions": versions,
        "version": newest,
        "files": newest.files.filter(month="") if newest else [],
        "month": months.order_by("-month", "-number").first(),
        "tables": TABLES,
        "licence": LICENCES[settings.DATA_LICENCE],
    }
    return render(request, "crisiswatch/data.html", context)


def for_programs(view):
    """Only read, also by pages of other sites, which may ask beforehand (CORS preflight)."""

    @wraps(view)
    def answer(request, **kwargs):
        if request.method not in METHODS:
            return HttpResponse(status=405, headers={**OPEN, "Allow": ", ".join(METHODS)})
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={**OPEN, **PREFLIGHT})
        return view(request, **kwargs)

    return answer


@for_programs
def latest(request, name, month=""):
    """The newest file of a name."""
    return serve(request, files_of(name, month), name, FOR_A_MINUTE)


@for_programs
def versioned(request, number, name, month=""):
    """A file of one version: for ever the same bytes."""
    return serve(request, files_of(name, month).filter(number=number), name, FOR_GOOD)


def files_of(name, month):
    """The files of a name, of all versions that everybody may have, the newest first."""
    files = DataFile.objects.public().filter(name=name.removesuffix(".gz"), month=month)
    return files.order_by("-number")


@for_programs
def versions(request):
    """All versions that everybody may have, as CSV."""
    rows = [
        {
            "version": each.number,
            "public_at": moment_of(each.public_at),
            "reason": each.reason,
            "what": each.said,
            "datapackage": address(each.number, "datapackage.json"),
        }
        for each in DataVersion.objects.public()
    ]
    names = {name: name for name in ("version", "public_at", "reason", "what", "datapackage")}
    return HttpResponse(
        csv_of([names, *rows]),
        headers={**OPEN, "Cache-Control": FOR_A_MINUTE, "Content-Type": TYPES["csv"]},
    )


def serve(request, files, name, keep):
    """Answer with the first of ``files`` in the form that was asked for. Raises ``Http404``."""
    file = files.first()
    if file is None:
        raise Http404
    form = "archive" if name.endswith(".gz") else best_form(request, file)
    etag = f'"{file.sha256[:32]}-{form}"'
    response = get_conditional_response(request, etag=etag) or content(request, file, form, etag)
    response["Content-Type"] = TYPES[name.rpartition(".")[2]]
    for header, value in about(file, name, form).items():
        response[header] = value
    response["ETag"] = etag
    response["Cache-Control"] = "no-store" if response.status_code == UNSATISFIABLE else keep
    return response


def best_form(request, file) -> str:
    """Which content coding a reader gets (RFC 9110, section 12.5.3); ``identity`` for none."""
    accepted = request.headers.get("Accept-Encoding", "").lower().replace(" ", "").split(",")
    names = {coding.partition(";")[0] for coding in accepted if not REFUSED.search(coding)}
    if "br" in names and file.size <= SMALL:
        return "br"
    return "gzip" if names & {"gzip", "x-gzip", "*"} else "identity"


def content(request, file, form, etag):
    """The bytes, streamed: all of them, or the part that is asked for; for HEAD how many."""
    if form == "br":
        return HttpResponse(brotli.compress(b"".join(file.plain()), quality=5))
    is_plain = form == "identity"
    size, read = (file.size, file.plain) if is_plain else (file.length, file.compressed)
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": size})
    part = answer_with_part(request, etag, size, lambda *ends: within(read(), *ends))
    return part or StreamingHttpResponse(read(), headers={"Content-Length": size})


def about(file, name, form) -> dict:
    """What the headers say of a file; the digest is that of RFC 9530, where it is known."""
    package = address(file.number, "datapackage.json", file.month)
    said = {
        **OPEN,
        "Content-Location": address(file.number, name, file.month),
        "Link": f'<{package}>; rel="describedby"; type="application/json", '
        f'<{LICENCES[settings.DATA_LICENCE].path}>; rel="license"',
    }
    if form in ("archive", "gzip"):
        digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
        said["Repr-Digest"] = f"sha-256=:{digest}:"
    if form != "archive":
        said["Vary"] = "Accept-Encoding"
    if form in ("br", "gzip"):
        said["Content-Encoding"] = form
    if form != "br":
        said["Accept-Ranges"] = "bytes"
    return said
