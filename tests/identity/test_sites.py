"""At which addresses browsers know passkeys, and what they belong to there."""

import pytest

from gateway.identity import Site


@pytest.mark.parametrize(
    ("url", "rp_id", "origin"),
    [
        ("https://gateway.example", "gateway.example", "https://gateway.example"),
        ("https://Gateway.Example:443/prefix", "gateway.example", "https://gateway.example"),
        ("https://gateway.example:8443", "gateway.example", "https://gateway.example:8443"),
        ("http://localhost:8080", "localhost", "http://localhost:8080"),
        ("https://bücher.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_a_passkey_belongs_to_the_host_and_is_used_on_its_pages(url: str, rp_id: str, origin: str) -> None:
    site = Site.of(url)
    assert site is not None
    assert (site.rp_id, site.origin) == (rp_id, origin)


@pytest.mark.parametrize(
    "url",
    [
        "http://gateway.example",
        "http://127.0.0.1:8080",
        "https://127.0.0.1",
        "https://[::1]:8443",
        "https://",
        "ftp://localhost",
        "https://gateway.example:port",
        "http://localhost.evil.example",
        "",
    ],
)
def test_elsewhere_there_are_none(url: str) -> None:
    assert Site.of(url) is None
