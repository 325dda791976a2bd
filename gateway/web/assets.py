"""The stylesheet, scripts and icons, served from memory under a name that changes with what they hold.

All of them together have one digest, `/assets/DIGEST/…`, so that scripts find each other by relative addresses and a
browser may keep everything for good. They are compressed once, at start.
"""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import Request, Response

from gateway.errors import GatewayError

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOLDER: Final = Path(__file__).parent / "static"
_FOR_GOOD: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class _Asset:
    plain: bytes
    packed: bytes
    type: str


class Assets:
    """What lies in `static/`, read once."""

    def __init__(self) -> None:
        self._assets = {
            path.name: _read(path) for path in sorted(_FOLDER.rglob("*")) if path.suffix in _TYPES
        }
        digest = hashlib.sha256()
        for name, asset in self._assets.items():
            digest.update(name.encode() + b"\0" + hashlib.sha256(asset.plain).digest())
        self.digest = digest.hexdigest()[:16]

    def url(self, name: str) -> str:
        """Where the asset is; a `KeyError` if there is none of this name."""
        if name not in self._assets:
            raise KeyError(name)
        return f"/assets/{self.digest}/{name}"

    def answer(self, request: Request, digest: str, name: str) -> Response:
        """One asset, compressed for who takes it; an old digest is a 404, as what it named is gone."""
        asset = self._assets.get(name)
        if asset is None or digest != self.digest:
            raise GatewayError("not_found", "There is no such asset.")
        headers = {"Cache-Control": _FOR_GOOD, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.type
            )
        return Response(asset.plain, headers=headers, media_type=asset.type)


def _read(path: Path) -> _Asset:
    plain = path.read_bytes()
    return _Asset(plain, gzip.compress(plain, 9, mtime=0), _TYPES[path.suffix])
