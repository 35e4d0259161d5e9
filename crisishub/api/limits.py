"""
How often one address may ask, counted in the memory of each process.

A count in the database would make every question a write, and one in a cache server would need a
server: with N processes somebody may get N times as many answers as the setting says. It keeps a
program that has gone wild from taking all; against an attack there is the proxy in front.
"""

import secrets
import threading
import time
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import ip_address, ip_network

from django.conf import settings

from newsletter.networks import client_address

WINDOW = 60  # seconds
SEPARATE = 100_000  # So many addresses are counted apart; further ones share one count.


@dataclass(frozen=True)
class Allowance:
    """What somebody has left in this window: requests and seconds. None left: refuse."""

    quota: int
    left: int
    seconds: int

    @property
    def is_spent(self):
        return self.left < 0

    def headers(self) -> dict[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers-10."""
        said = {
            "RateLimit-Policy": f'"address";q={self.quota};w={WINDOW}',
            "RateLimit": f'"address";r={max(0, self.left)};t={self.seconds}',
        }
        return said | ({"Retry-After": str(self.seconds)} if self.is_spent else {})


class Counter:
    """
    Counts requests by address in windows of a minute.

    No address is kept: only its hash, under a key that lives as long as the process, and that for
    one window.
    """

    def __init__(self):
        self.key, self.lock = secrets.token_bytes(32), threading.Lock()
        self.window, self.counts = None, {}

    def count(self, address: str, quota: int) -> Allowance:
        now = time.time()
        window, gone = divmod(int(now), WINDOW)
        print_ = blake2b(block_of(address).encode(), key=self.key, digest_size=16).digest()
        with self.lock:
            if window != self.window:
                self.window, self.counts = window, {}
            if print_ not in self.counts and len(self.counts) >= SEPARATE:
                print_ = b"others"
            self.counts[print_] = count = self.counts.get(print_, 0) + 1
        return Allowance(quota, quota - count, WINDOW - gone)


def block_of(address: str) -> str:
    """An IPv4 address; of an IPv6 one its /64, for a machine has all of that; else "unknown"."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    found = getattr(found, "ipv4_mapped", None) or found
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False))


COUNTER = Counter()


def spend_one(request) -> Allowance | None:
    """Count a request; None where the operator has set no limit."""
    quota = settings.API_RATE
    return COUNTER.count(client_address(request), quota) if quota else None
