"""A part of a file: range requests for bytes (RFC 9110, section 14)."""

import re
from collections.abc import Iterable, Iterator

from django.http import HttpResponse, StreamingHttpResponse

UNSATISFIABLE = 416  # The status: the range begins behind the end.
CHUNK = 64 * 1024
ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,40})-([0-9]{0,40})[ \t]*", re.IGNORECASE | re.ASCII)


class Unsatisfiable(Exception):
    """The range begins behind the end of the file."""


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """
    Return the first and the last byte that a ``Range`` header asks for of a file of ``size`` bytes.

    None where the whole is to be sent: nothing is asked for that can be understood, or several
    ranges, which a server may ignore (section 14.2). Raises ``Unsatisfiable``.
    """
    found = ONE_RANGE.fullmatch(header)
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        return last_bytes(int(found[2]), size)
    first = int(found[1])
    last = int(found[2]) if found[2] else size
    if last < first and found[2]:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, min(last, size - 1)


def last_bytes(count, size):
    if count == 0:
        raise Unsatisfiable
    return (max(0, size - count), size - 1) if size else None


def answer_with_part(request, etag: str, size: int, read) -> HttpResponse | None:
    """
    Answer 206 with the part that is asked for, or 416; None where the whole is to be sent.

    ``read`` is called with the first and the last byte, and returns the bytes in pieces. Ranges are
    for GET (section 14.2), and for what the reader has the beginning of (``If-Range``).
    """
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    try:
        asked = asked_range(request.headers.get("Range", ""), size)
    except Unsatisfiable:
        return HttpResponse(status=UNSATISFIABLE, headers={"Content-Range": f"bytes */{size}"})
    if asked is None:
        return None
    first, last = asked
    response = StreamingHttpResponse(read(first, last), status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = last - first + 1
    return response


def within(chunks: Iterable[bytes], first: int, last: int) -> Iterator[bytes]:
    """Yield the bytes of a stream from ``first`` to ``last``, both included."""
    begin = 0
    for chunk in chunks:
        if part := chunk[max(0, first - begin) : last + 1 - begin]:
            yield part
        begin += len(chunk)
        if begin > last:
            return


def part_of(file, first: int, last: int) -> Iterator[bytes]:
    """Yield the bytes of an open file from ``first`` to ``last``, both included."""
    file.seek(first)
    left = last - first + 1
    while left and (chunk := file.read(min(left, CHUNK))):
        left -= len(chunk)
        yield chunk
