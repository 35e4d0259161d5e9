import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from newsletter.networks import client_address, network_fingerprint, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::77", "2001:db8:1::/48"),
        ("::1", "::/48"),
        ("", "unknown"),
        ("a socket", "unknown"),
    ],
)
def test_neighbours_share_a_network(address, network):
    assert network_of(address) == network


@given(st.text() | st.ip_addresses().map(str))
def test_no_address_breaks_the_count(address):
    assert network_of(address)


def request(remote, forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)


def test_a_made_up_header_is_not_believed():
    assert client_address(request("192.0.2.1", "198.51.100.1")) == "192.0.2.1"


def test_behind_a_proxy_the_last_entry_counts(settings):
    settings.BEHIND_PROXY = True
    assert client_address(request("10.0.0.1", "203.0.113.9, 198.51.100.1")) == "198.51.100.1"
    assert client_address(request("10.0.0.1")) == "10.0.0.1"


def test_the_network_is_kept_as_a_fingerprint_that_needs_the_key(settings):
    before = network_fingerprint(request("192.0.2.1"))
    assert len(before) == 64
    assert before == network_fingerprint(request("192.0.2.200"))
    assert before != network_fingerprint(request("192.0.3.1"))
    settings.SECRET_KEY = "another key"
    assert before != network_fingerprint(request("192.0.2.1"))
