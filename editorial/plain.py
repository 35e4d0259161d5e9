"""
Whether the bytes of a picture hold nothing but the picture.

Metadata says where and when a photograph was taken and by whose telephone, sometimes it holds the
uncut picture; and bytes behind the end of a picture can be another file. What is plain needs no
encoding anew, which would cost quality and change its hash each time.
"""

import re

# JPEG (ITU-T T.81, table B.1): tables, frames, scans and restarts; JFIF and Adobe say how colours
# are meant. Comments and all other application data are no part of a picture.
JPEG_SEGMENTS = {0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD}
JPEG_SHORT = {0xE0: 16, 0xEE: 14}
# In a scan a byte 0xFF is followed by 0x00 or a restart marker.
JPEG_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}


def is_plain(data: bytes) -> bool:
    """Whether a readable JPEG, PNG or WebP has no metadata and nothing before or behind it."""
    if data.startswith(b"\xff\xd8"):
        return is_plain_jpeg(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return is_plain_png(data)
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP" and is_plain_webp(data)


def is_plain_jpeg(data):
    place = 2
    while found := JPEG_MARKER.match(data, place):
        marker, place = data[found.end() - 1], found.end()
        if marker == 0xD9:
            return place == len(data)
        length = int.from_bytes(data[place : place + 2])
        if marker not in JPEG_SEGMENTS and JPEG_SHORT.get(marker) != length:
            return False
        place += length
        if marker == 0xDA:
            end = JPEG_MARKER.search(data, place)
            place = end.start() if end else len(data)
    return False


def is_plain_png(data):
    """PNG (W3C), section 5.3: length, type, data and a checksum."""
    place, kind = 8, b""
    while place < len(data) and kind != b"IEND":
        length, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        if kind not in PNG_CHUNKS:
            return False
        place += length + 12
    return place == len(data)


def is_plain_webp(data):
    """WebP (RFC 9649), section 2.3: type, length and data, padded to an even length."""
    if int.from_bytes(data[4:8], "little") + 8 != len(data):
        return False
    place = 12
    while place < len(data):
        if data[place : place + 4] not in WEBP_CHUNKS:
            return False
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        place += 8 + length + length % 2
    return place == len(data)
