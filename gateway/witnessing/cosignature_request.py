"""Asking one witness for its cosignature (C2SP tlog-witness, add-checkpoint)."""

import asyncio
import re
from dataclasses import dataclass
from typing import Final, Protocol

import httpx

from audit import NotInLog, encode_witness_request
from gateway.witnessing.witness_settings import WitnessSettings

_SIZE_TYPE: Final = "text/x.tlog.size"
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")
_MAX_BYTES: Final = 100_000


class Proofs(Protocol):
    """Where consistency proofs come from: the log."""

    def consistency_proof(self, old: int, size: int) -> list[bytes]:
        """RFC 6962 section 2.1.2."""


class WitnessFailed(Exception):
    """No cosignature came; the text says why, in our own words and never in the witness's."""


class WitnessAhead(WitnessFailed):
    """It has cosigned a larger size: this log is an older copy, or has grown at another gateway meanwhile."""

    def __init__(self, cosigned: int, size: int) -> None:
        super().__init__(
            f"has cosigned size {cosigned}, and the log has only {size}: this is an older copy of the log"
        )
        self.cosigned = cosigned


class WitnessClient:
    """Speaks to one witness, and remembers which size it cosigned last."""

    def __init__(self, witness: WitnessSettings) -> None:
        self.witness = witness
        self._old = 0

    async def ask(self, client: httpx.AsyncClient, proofs: Proofs, note: bytes, size: int) -> bytes:
        """The signature lines that it answered with, of which nothing is verified; `WitnessFailed` if none."""
        for _ in range(3):
            answer = await self._post(client, proofs, note, size)
            if answer.status == httpx.codes.OK:
                self._old = size
                return answer.body
            known = _SIZE.fullmatch(answer.body)
            if answer.status != httpx.codes.CONFLICT or known is None or answer.kind != _SIZE_TYPE:
                raise WitnessFailed(f"answered with status {answer.status}")
            self._old = int(known[1])
            if self._old > size:
                raise WitnessAhead(self._old, size)
        raise WitnessFailed("names another size each time that it is asked")

    async def _post(self, client: httpx.AsyncClient, proofs: Proofs, note: bytes, size: int) -> "_Answer":
        try:
            proof = await asyncio.to_thread(proofs.consistency_proof, self._old, size)
            body = encode_witness_request(self._old, proof, note)
            url = f"{self.witness.url}/add-checkpoint"
            async with client.stream("POST", url, content=body) as response:
                return await _read(response)
        except NotInLog:
            raise WitnessFailed("asks for a proof that this log can't give") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise WitnessFailed(f"can't be reached ({type(error).__name__})") from None


@dataclass(frozen=True)
class _Answer:
    status: int
    kind: str
    body: bytes


async def _read(response: httpx.Response) -> _Answer:
    """Read the answer, but no more than a witness has to say."""
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _MAX_BYTES:
            raise WitnessFailed("answers more than a witness has to say")
    return _Answer(response.status_code, response.headers.get("content-type", ""), body)
