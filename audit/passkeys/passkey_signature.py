"""A passkey's signature, as the log holds it, held against the bytes that it is to be over (W3C WebAuthn, section 7.2).

1. the client data are JSON of the type `webauthn.get`, made on the page whose origin the key was registered for
2. their challenge is SHA-256 of the bytes to sign
3. the authenticator data are for the key's relying party, and say that a person was there and was verified
4. the key's signature over authenticator data and SHA-256 of the client data holds
Not looked at: the signature counter, which passkeys that are kept on several devices leave at zero, and attestation,
of which there is none. That the key is the person's is for `passkeys_in_force.py`.
"""

import binascii
import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from audit.audit_errors import SignatureInvalid
from audit.passkeys.signed_decisions import challenge_of

ES256: Final = -7
EDDSA: Final = -8
RS256: Final = -257
ALGORITHMS: Final = (ES256, EDDSA, RS256)
"""COSE's numbers (RFC 9053, RFC 8812): ECDSA on P-256 with SHA-256, Ed25519, RSA (PKCS #1 1.5) with SHA-256."""

_PRESENT: Final = 0x01
_VERIFIED: Final = 0x04
_HEAD_BYTES: Final = 37
"""Of authenticator data: SHA-256 of the relying party's id, flags, a counter of four bytes."""
_FLAGS_AT: Final = 32
_MAX_BYTES: Final = 4_096
_RSA_BITS: Final = range(2_048, 8_193)
_MEMBERS: Final = frozenset({"credential", "client_data", "authenticator_data", "signature"})

_Key = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey


@dataclass(frozen=True)
class Passkey:
    """A person's key, as `passkey.registered` tells it; `public_key` is SubjectPublicKeyInfo in DER."""

    credential: str
    person: str
    public_key: bytes
    algorithm: int
    rp_id: str
    origin: str

    @classmethod
    def of(cls, registered: Mapping[str, Any]) -> "Passkey":
        """The key in the event; `SignatureInvalid` if the event holds no usable key."""
        holder, algorithm = _text(registered, "holder"), registered.get("algorithm")
        if not holder.startswith("person:"):
            raise SignatureInvalid("the passkey's holder is no person")
        if not isinstance(algorithm, int):
            raise SignatureInvalid("algorithm: must be one of COSE's numbers")
        decode(registered, "credential")
        passkey = cls(
            credential=_text(registered, "credential"),
            person=holder.removeprefix("person:"),
            public_key=decode(registered, "public_key"),
            algorithm=algorithm,
            rp_id=_text(registered, "rp_id"),
            origin=_text(registered, "origin"),
        )
        passkey.loaded()
        return passkey

    def loaded(self) -> _Key:
        """The key itself; `SignatureInvalid` if it is not of its algorithm."""
        try:
            key = load_der_public_key(self.public_key)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise SignatureInvalid("public_key: is no key in DER") from None
        if (
            (self.algorithm == ES256 and _is_p256(key))
            or (self.algorithm == EDDSA and isinstance(key, ed25519.Ed25519PublicKey))
            or (self.algorithm == RS256 and isinstance(key, rsa.RSAPublicKey) and key.key_size in _RSA_BITS)
        ):
            return cast(_Key, key)
        raise SignatureInvalid("public_key: is not of its algorithm, or of none that is known here")


def verify_signature(signature: object, to_sign: bytes, key: Passkey) -> None:
    """Check an event's `signature` as the docstring above counts it; `SignatureInvalid` says what does not hold."""
    if not isinstance(signature, Mapping) or set(signature) != _MEMBERS:
        raise SignatureInvalid(f"signature: must have the members {', '.join(sorted(_MEMBERS))}")
    if signature["credential"] != key.credential:
        raise SignatureInvalid("the signature names another passkey")
    client_data = decode(signature, "client_data")
    authenticator_data = decode(signature, "authenticator_data")
    # 1, 2
    _check_client_data(client_data, to_sign, key)
    # 3
    _check_authenticator_data(authenticator_data, key)
    # 4
    signed = authenticator_data + hashlib.sha256(client_data).digest()
    try:
        _verify(key.loaded(), decode(signature, "signature"), signed)
    except InvalidSignature:
        raise SignatureInvalid("the signature is not that passkey's over these bytes") from None


def _is_p256(key: object) -> bool:
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)


def _check_client_data(client_data: bytes, to_sign: bytes, key: Passkey) -> None:
    try:
        data = json.loads(client_data.decode())
    except (ValueError, RecursionError):
        raise SignatureInvalid("client_data: is no JSON in UTF-8") from None
    if not isinstance(data, dict) or data.get("type") != "webauthn.get":
        raise SignatureInvalid("client_data: is not of the type webauthn.get")
    if data.get("challenge") != encode(challenge_of(to_sign)):
        raise SignatureInvalid("it signs something else than what is on record")
    if data.get("origin") != key.origin or data.get("crossOrigin", False) is not False:
        raise SignatureInvalid("it was made on another page than the passkey was registered for")


def _check_authenticator_data(authenticator_data: bytes, key: Passkey) -> None:
    if len(authenticator_data) < _HEAD_BYTES:
        raise SignatureInvalid("authenticator_data: is too short")
    if authenticator_data[:_FLAGS_AT] != hashlib.sha256(key.rp_id.encode()).digest():
        raise SignatureInvalid("authenticator_data: is for another relying party")
    flags = authenticator_data[_FLAGS_AT]
    if not flags & _PRESENT or not flags & _VERIFIED:
        raise SignatureInvalid("the device did not check that its owner was there")


def _verify(key: _Key, signature: bytes, signed: bytes) -> None:
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(SHA256()))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, signed, padding.PKCS1v15(), SHA256())
    else:
        key.verify(signature, signed)


def encode(raw: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5), as WebAuthn writes bytes."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def decode(members: Mapping[str, Any], name: str) -> bytes:
    """A member's bytes; `SignatureInvalid` names it if it is no base64url in its one spelling, empty or too long."""
    text = _text(members, name)
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    if not raw or len(raw) > _MAX_BYTES or encode(raw) != text:
        raise SignatureInvalid(f"{name}: is no base64url of at most {_MAX_BYTES} bytes")
    return raw


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise SignatureInvalid(f"{name}: must be text")
    return value
