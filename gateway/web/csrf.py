"""Forms that only our own pages can have sent, and addresses that only lead to them."""

import hmac
import re
import secrets
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from gateway.storage import Vault

_LOCAL: Final = re.compile(r"/(?![/\\])[A-Za-z0-9/_.~%?&=+,;:@!$'()*-]*")
_MAX_ADDRESS_LENGTH: Final = 1_000


def form_token(vault: Vault, cookie: str, person: str | None) -> str:
    """The token that goes with a cookie into each form, and who is to fill it in: neither can be made up elsewhere."""
    return f"{vault.reference('form', cookie)}.{_author(vault, person)}"


def is_valid_csrf_token(vault: Vault, cookie: str, person: str | None, token: str) -> bool:
    """Whether a form's token is the one of this cookie and person."""
    return bool(cookie) and hmac.compare_digest(form_token(vault, cookie, person).encode(), token.encode())


def was_given_to(vault: Vault, person: str, token: str) -> bool:
    """Whether the form with this token, of whatever session, was this person's to fill in."""
    return hmac.compare_digest(token.partition(".")[2].encode(), _author(vault, person).encode())


def _author(vault: Vault, person: str | None) -> str:
    return "" if person is None else vault.reference("form author", person)


def new_visit() -> str:
    """A cookie for the forms of somebody who has not signed in."""
    return secrets.token_urlsafe(32)


def is_same_origin(request: Request) -> bool:
    """Whether a browser says that the request comes from a page of ours (`Sec-Fetch-Site`, else `Origin`).

    Every browser that is kept sends one of them with a form. A client that sends neither is no browser, or hides its
    origin: it is refused.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host", "")


def local_address(address: str | None) -> str | None:
    """`address` if it leads to a page of ours; None for anything else, however a browser might read it."""
    if address is None or len(address) > _MAX_ADDRESS_LENGTH or not _LOCAL.fullmatch(address):
        return None
    return address


def return_address(request: Request) -> str:
    """Where the person is, as an address to come back to."""
    query = request.url.query
    address = request.url.path + (f"?{query}" if query else "")
    return local_address(address) or "/"


def cookie_name(name: str, *, secure: bool) -> str:
    """`__Host-` keeps a neighbouring host or an unencrypted page from setting it (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if secure else name
