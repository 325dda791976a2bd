"""An authenticator in software: passkeys that do what a browser's and a phone's do, and what a forger's would."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fido2 import cbor
from fido2.cose import ES256

from audit.passkeys import challenge_of

RP, SITE = "gateway.example", "https://gateway.example"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftPasskey:
    """One key pair on a device of the person's own."""

    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    rp_id: str = RP
    origin: str = SITE
    credential: str = field(default_factory=lambda: b64(os.urandom(16)))

    @property
    def algorithm(self) -> int:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return -257
        return -8 if isinstance(self.key, ed25519.Ed25519PrivateKey) else -7

    @property
    def public_key(self) -> str:
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64(der)

    def members(self) -> dict[str, Any]:
        """As `passkey.registered` names it."""
        return {
            "credential": self.credential,
            "public_key": self.public_key,
            "algorithm": self.algorithm,
            "rp_id": self.rp_id,
            "origin": self.origin,
        }

    def sign(self, to_sign: bytes, **forged: Any) -> dict[str, str]:
        """An event's `signature` over these bytes; `forged`: parts that are other than they should be."""
        return self.assertion(challenge_of(to_sign), **forged)

    def assertion(
        self,
        challenge: bytes,
        *,
        kind: str = "webauthn.get",
        origin: str | None = None,
        rp_id: str | None = None,
        flags: int = PRESENT | VERIFIED,
        **client: Any,
    ) -> dict[str, str]:
        """What `navigator.credentials.get` gives for this challenge."""
        about = {"type": kind, "challenge": b64(challenge), "origin": origin or self.origin, **client}
        client_data = json.dumps({"crossOrigin": False, **about}).encode()
        data = self._data(rp_id, flags)
        return {
            "credential": self.credential,
            "client_data": b64(client_data),
            "authenticator_data": b64(data),
            "signature": b64(self._signed(data + hashlib.sha256(client_data).digest())),
        }

    def attestation(
        self, challenge: bytes, *, flags: int = PRESENT | VERIFIED, **client: Any
    ) -> dict[str, str]:
        """What `navigator.credentials.create` gives for this challenge, as the page's form sends it."""
        about = {"type": "webauthn.create", "challenge": b64(challenge), "origin": self.origin, **client}
        raw = unb64(self.credential)
        cose = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        data = self._data(None, flags | ATTESTED) + bytes(16) + len(raw).to_bytes(2, "big") + raw + cose
        return {
            "credential": self.credential,
            "client_data": b64(json.dumps({"crossOrigin": False, **about}).encode()),
            "attestation_object": b64(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
            "public_key": self.public_key,
        }

    def _data(self, rp_id: str | None, flags: int) -> bytes:
        return hashlib.sha256((rp_id or self.rp_id).encode()).digest() + bytes([flags]) + bytes(4)

    def _signed(self, message: bytes) -> bytes:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(message, ec.ECDSA(SHA256()))
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(message, padding.PKCS1v15(), SHA256())
        return bytes(self.key.sign(message))
