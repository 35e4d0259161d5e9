"""A part of a file: range requests for bytes (RFC 9110, section 14)."""

import re
from collections.abc import Iterator

CHUNK = 64 * 1024
ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,40})-([0-9]{0,40})[ \t]*", re.IGNORECASE | re.ASCII)


class Unsatisfiable(Exception):
    """The range begins behind the end of the file: answer 416."""


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


def part_of(file, first: int, last: int) -> Iterator[bytes]:
    """Yield the bytes of an open file from ``first`` to ``last``, both included."""
    file.seek(first)
    left = last - first + 1
    while left and (chunk := file.read(min(left, CHUNK))):
        left -= len(chunk)
        yield chunk
