"""The requests to a browser for a passkey, and their answers (W3C Web Authentication), by Yubico's `fido2`.

Nothing is kept between question and answer: what is signed says all that it is for, so its hash is the challenge, and
an answer for anything else fits nothing. Attestation is not asked for: it would tell makes of devices, and nothing
about who holds them.
"""

import struct
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import load_der_public_key
from fido2.cose import ES256, RS256, CoseKey, EdDSA
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from audit import PASSKEY_ALGORITHMS, SignatureInvalid, challenge_of, verify_signature
from audit import Passkey as SigningKey
from gateway.identity.callers import Person

_KINDS: Final[Mapping[int, type[CoseKey]]] = {one.ALGORITHM: one for one in (ES256, EdDSA, RS256)}
_MAX_CHARACTERS: Final = 20_000
_MAX_CREDENTIAL_BYTES: Final = 1_023  # WebAuthn's own limit
_NO_AAGUID: Final = bytes(16)
_MALFORMED: Final = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    struct.error,
)
"""What reading an invalid answer may raise."""


class CeremonyFailed(Exception):
    """An answer that is not what was asked for; the text says what is wrong and repeats nothing of it."""


@dataclass(frozen=True)
class Site:
    """The site of passkeys: the relying party's id, and the origin of the pages."""

    rp_id: str
    origin: str

    @classmethod
    def of(cls, url: str) -> "Site | None":
        """From the gateway's address; None where browsers know no passkeys: without TLS, or at a bare number."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        local = parts.scheme == "http" and host == "localhost"
        if not local and (parts.scheme != "https" or not host or _is_number(host)):
            return None
        try:
            name, port = host.encode("idna").decode(), parts.port
        except ValueError:
            return None
        usual = {"https": 443, "http": 80}[parts.scheme]
        return cls(name, f"{parts.scheme}://{name}" + (f":{port}" if port not in (None, usual) else ""))


@dataclass(frozen=True)
class NewPasskey:
    """A key that a device has just made; all of it base64url, `public_key` being SubjectPublicKeyInfo in DER."""

    credential: str
    public_key: str
    algorithm: int


class RegisteredPasskey(Protocol):
    """A passkey as the log has it."""

    @property
    def signing_key(self) -> SigningKey: ...


class Ceremonies:
    """Asks for passkeys at one site, and judges the answers."""

    def __init__(self, site: Site, service: str) -> None:
        self.site = site
        self._server = Fido2Server(
            PublicKeyCredentialRpEntity(name=service, id=site.rp_id),
            attestation=AttestationConveyancePreference.NONE,
            verify_origin=lambda origin: origin == site.origin,
        )
        self._server.allowed_algorithms = [
            PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=algorithm)
            for algorithm in PASSKEY_ALGORITHMS
        ]

    def ask_for_new(self, person: Person, known: Sequence[str], challenge: bytes) -> dict[str, Any]:
        """The options of `navigator.credentials.create`, bytes as base64url; `known`: credentials that a device has."""
        options, _ = self._server.register_begin(
            PublicKeyCredentialUserEntity(name=person.name, id=person.id.encode(), display_name=person.name),
            credentials=[_descriptor(credential) for credential in known],
            resident_key_requirement=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
            challenge=challenge,
        )
        return dict(options)

    def read_new(self, answer: Mapping[str, str], challenge: bytes) -> NewPasskey:
        """The key that a browser says was made; `CeremonyFailed` if it is no key, or not for this challenge."""
        try:
            members = _bounded(answer, ("credential", "client_data", "attestation_object", "public_key"))
            data = self._server.register_complete(
                _state(challenge),
                {
                    "id": members["credential"],
                    "rawId": members["credential"],
                    "type": "public-key",
                    "response": {
                        "clientDataJSON": members["client_data"],
                        "attestationObject": members["attestation_object"],
                    },
                },
            ).credential_data
            if data is None:
                raise ValueError("no key")
            algorithm = int(data.public_key[3])
            decoded = _cose(websafe_decode(members["public_key"]), algorithm)
        except _MALFORMED:
            raise CeremonyFailed("What the browser answered is no new passkey for this page.") from None
        if dict(decoded) != dict(data.public_key) or len(data.credential_id) > _MAX_CREDENTIAL_BYTES:
            raise CeremonyFailed("The key that the browser named is not the one that was made.")
        return NewPasskey(
            credential=websafe_encode(data.credential_id),
            public_key=websafe_encode(websafe_decode(members["public_key"])),
            algorithm=algorithm,
        )

    def ask_to_sign(self, to_sign: bytes, usable: Sequence[str]) -> dict[str, Any]:
        """What `navigator.credentials.get` takes, to sign these bytes with one of these credentials."""
        options, _ = self._server.authenticate_begin(
            [_descriptor(credential) for credential in usable],
            UserVerificationRequirement.REQUIRED,
            challenge=challenge_of(to_sign),
        )
        return dict(options)

    def check(self, signature: Mapping[str, str], to_sign: bytes, passkey: RegisteredPasskey) -> None:
        """Hold an event's `signature` against these bytes, by the library and as an auditor will; `CeremonyFailed`."""
        try:
            key = passkey.signing_key
            members = _bounded(signature, ("credential", "client_data", "authenticator_data", "signature"))
            self._server.authenticate_complete(
                _state(challenge_of(to_sign)),
                [
                    AttestedCredentialData.create(
                        _NO_AAGUID, websafe_decode(key.credential), _cose(key.public_key, key.algorithm)
                    )
                ],
                {
                    "id": members["credential"],
                    "rawId": members["credential"],
                    "type": "public-key",
                    "response": {
                        "clientDataJSON": members["client_data"],
                        "authenticatorData": members["authenticator_data"],
                        "signature": members["signature"],
                    },
                },
            )
            verify_signature(members, to_sign, key)
        except (*_MALFORMED, SignatureInvalid):
            raise CeremonyFailed(
                "The signature is not this passkey's over what is to go on record."
            ) from None


def _state(challenge: bytes) -> dict[str, Any]:
    return {
        "challenge": websafe_encode(challenge),
        "user_verification": UserVerificationRequirement.REQUIRED,
    }


def _descriptor(credential: str) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        type=PublicKeyCredentialType.PUBLIC_KEY,
        id=urlsafe_b64decode(credential + "=" * (-len(credential) % 4)),
    )


def _cose(public_key: bytes, algorithm: int) -> CoseKey:
    return _KINDS[algorithm].from_cryptography_key(load_der_public_key(public_key))


def _bounded(answer: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    members = {name: answer[name] for name in names}
    if any(not value or len(value) > _MAX_CHARACTERS for value in members.values()):
        raise ValueError("too long, or nothing")
    return members


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()
