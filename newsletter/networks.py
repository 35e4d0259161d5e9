"""Which network a request comes from, as far as it is needed to count requests."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.utils.crypto import salted_hmac


def client_address(request) -> str:
    """
    Return the address of the machine that asks.

    Behind a proxy it is the last entry of X-Forwarded-For: the proxy wrote that one, the others
    anybody may have made up.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def network_of(address: str) -> str:
    """Return the /24 of an IPv4 address or the /48 of an IPv6 one; "unknown" for anything else."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))


def network_fingerprint(request) -> str:
    """Return the keyed hash (HMAC-SHA256, hexadecimal) of the network that a request comes from."""
    salt = "newsletter.networks.fingerprint"
    network = network_of(client_address(request))
    return salted_hmac(salt, network, algorithm="sha256").hexdigest()
