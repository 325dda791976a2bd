"""People with passkeys at a gateway, as their browsers would do it: the pages' forms, answered by keys in software."""

import json
import re
from html import unescape
from typing import Any

import httpx

from gateway.identity import HeldPasskey, create_person
from tests.gateway_server import GatewayServer, form_token
from tests.passkey import SoftPasskey, unb64

PARTS = ("credential", "client_data", "authenticator_data", "signature")


def asked(page: str) -> dict[str, Any]:
    """What the page asks the browser for."""
    found = re.search(r'data-options="([^"]+)"', page)
    assert found is not None, "the page asks for no passkey"
    return dict(json.loads(unescape(found[1]))["publicKey"])


def hidden(page: str) -> dict[str, str]:
    """The fields that the page's last form carries along."""
    last = page[page.rindex("data-passkey") :]
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', last)
    }


class Signer:
    """One person at one gateway, with as many passkeys as a test gives them."""

    def __init__(self, site: GatewayServer, who: str) -> None:
        self.site = site
        self.who = who
        self.id = site.people[who][0]
        self.client = site.browser(who)

    def passkey(self) -> SoftPasskey:
        return SoftPasskey(rp_id="localhost", origin=self.site.url)

    def send(self, key: SoftPasskey, page: str, action: str, **forged: Any) -> httpx.Response:
        """Sign what `page` asks for and send its form."""
        given = self.client.get(page)
        answer = key.assertion(unb64(asked(given.text)["challenge"]), **forged)
        return self.client.post(action, data={**hidden(given.text), **answer})

    def add(self, key: SoftPasskey, with_one: SoftPasskey | None = None, **more: str) -> httpx.Response:
        """Register a passkey; where the gateway asks for it, signed for with one that they have."""
        page = self.client.get("/passkeys").text
        made = key.attestation(unb64(asked(page)["challenge"]))
        sent = self.client.post("/passkeys/new", data={"token": form_token(page), **made, **more})
        if with_one is None:
            return sent
        answer = with_one.assertion(unb64(asked(sent.text)["challenge"]))
        return self.client.post("/passkeys/new", data={**hidden(sent.text), **answer})

    def end(self, key: SoftPasskey, why: str = "lost") -> httpx.Response:
        token = form_token(self.client.get("/passkeys").text)
        return self.client.post(
            "/passkeys/revoke", data={"token": token, "credential": key.credential, "why": why}
        )

    def decide(self, advice: str, decision: str = "accept", **fields: Any) -> httpx.Response:
        """Fill in the advice's form: it leads to the page on which it is signed."""
        page = self.client.get(f"/advice/{advice}").text
        found = re.search(r'<textarea[^>]*id="amendment"[^>]*>(.*?)</textarea>', page, re.DOTALL)
        assert found is not None
        filled = {"amendment": unescape(found[1]), "caveats_read": "check-dates", "decision": decision}
        return self.client.post(
            f"/advice/{advice}/decision", data={"token": form_token(page), **filled, **fields}
        )

    def sign(self, advice: str, key: SoftPasskey, **forged: Any) -> httpx.Response:
        """Sign what the page shows and send it."""
        return self.send(key, f"/advice/{advice}/sign", f"/advice/{advice}/sign", **forged)

    def approve(self, key: SoftPasskey, of: SoftPasskey | HeldPasskey) -> httpx.Response:
        page = f"/keys/passkeys/{of.credential}"
        return self.send(key, page, f"{page}/approve")


def joined(site: GatewayServer, who: str, role: str) -> Signer:
    """Somebody new, who has no passkey yet."""
    log = site.resources.log
    site.people[who] = log.submit(lambda tx: create_person(tx, who, [role], actor="operator")).result().result
    site.give_password(who)
    return Signer(site, who)


def given(person: Signer) -> SoftPasskey:
    """Their first passkey."""
    key = person.passkey()
    assert person.add(key).headers["location"] == "/passkeys?recorded=added"
    return key


def with_passkey(site: GatewayServer, who: str, role: str) -> tuple[Signer, SoftPasskey]:
    person = joined(site, who, role)
    return person, given(person)
