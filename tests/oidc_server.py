"""A real OpenID Connect provider on loopback, of Authlib's own parts: it checks PKCE, signs tokens, rotates keys.

with OidcServer() as idp:
    idp.user = {"sub": "248", "name": "Ana Lee", "roles": ["cw"]}      # who is signed in there
    ...                                                                # follow idp.issuer
    idp.rotate()
"""

import secrets
import threading
import time
from types import TracebackType
from typing import Any, Self

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "countersign", "the client's secret"


class _Client(ClientMixin):
    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/sign-in/callback")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class _Code(AuthorizationCodeMixin):
    def __init__(self, fields: dict[str, Any]) -> None:
        self.__dict__.update(fields)

    def __getattr__(self, name: str) -> Any:
        return None

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str:
        return str(self.nonce)

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class OidcServer:
    """Serves from `__enter__` on; `claims` change what its tokens say, for what a bad provider might."""

    def __init__(self) -> None:
        self.user: dict[str, Any] | None = None
        self.claims: dict[str, Any] = {}
        self.keys = [_key()]
        self.fetches = 0
        self._codes: dict[str, _Code] = {}
        app = Flask(__name__)
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._authorization = AuthorizationServer(
            app, query_client=lambda _: _Client(), save_token=lambda token, request: None
        )
        self._authorization.register_grant(self._grant(), [CodeChallenge(required=True), self._openid()])
        self._routes(app)

    def rotate(self) -> None:
        """Sign with a new key from now on, and publish that alone."""
        self.keys = [_key()]

    def settings(self, **more: Any) -> dict[str, Any]:
        """As `countersign.yaml` would name this provider."""
        roles = {"cw": "caseworker", "rev": "reviewer", "insp": "oversight", "adm": "admin"}
        return {
            "issuer": self.issuer,
            "name": "Example Department",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "audience": "api://countersign",
            "roles": roles,
            **more,
        }

    def token(self, key: RSAKey | None = None, algorithm: str = "RS256", **claims: Any) -> str:
        """An access token for the API, as `claims` say."""
        now = int(time.time())
        body = {
            "iss": self.issuer,
            "aud": "api://countersign",
            "iat": now,
            "exp": now + 300,
            **(self.user or {}),
            **claims,
        }
        key = key or self.keys[0]
        return jwt.encode(
            {"alg": algorithm, "kid": key.kid}, {k: v for k, v in body.items() if v is not None}, key
        )

    def _grant(self) -> type:
        server = self

        class Grant(grants.AuthorizationCodeGrant):
            TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

            def save_authorization_code(self, code: str, request: Any) -> None:
                asked = request.payload.data
                fields = ("redirect_uri", "scope", "nonce", "code_challenge", "code_challenge_method")
                server._codes[code] = _Code(
                    {**{name: asked.get(name) for name in fields}, "code": code, "user": request.user}
                )

            def query_authorization_code(self, code: str, client: Any) -> _Code | None:
                return server._codes.get(code)

            def delete_authorization_code(self, authorization_code: _Code) -> None:
                del server._codes[authorization_code.code]

            def authenticate_user(self, authorization_code: _Code) -> Any:
                return authorization_code.user

        return Grant

    def _openid(self) -> OpenIDCode:
        server = self

        class OpenID(OpenIDCode):
            def exists_nonce(self, nonce: str, request: Any) -> bool:
                return False

            def get_jwt_config(self, grant: Any, client: Any = None) -> dict[str, Any]:
                key = server.keys[0]
                return {
                    "key": key.as_dict(private=True),
                    "alg": "RS256",
                    "kid": key.kid,
                    "iss": server.claims.get("iss", server.issuer),
                    "exp": server.claims.get("lasts", 300),
                    **({"aud": server.claims["aud"]} if "aud" in server.claims else {}),
                }

            def generate_user_info(self, user: dict[str, Any], scope: str) -> UserInfo:
                more = {name: value for name, value in server.claims.items() if name == "nonce"}
                return UserInfo({**user, **more})

        return OpenID(require_nonce=True)

    def _routes(self, app: Flask) -> None:
        @app.get("/.well-known/openid-configuration")
        def discovery() -> Any:
            return jsonify(
                issuer=self.claims.get("discovered", self.issuer),
                authorization_endpoint=f"{self.issuer}/authorize",
                token_endpoint=f"{self.issuer}/token",
                jwks_uri=f"{self.issuer}/keys",
                end_session_endpoint=f"{self.issuer}/end",
            )

        @app.get("/keys")
        def keys() -> Any:
            self.fetches += 1
            return jsonify(keys=[key.as_dict(private=False) for key in self.keys])

        @app.get("/authorize")
        def authorize() -> Any:
            grant = self._authorization.get_consent_grant(end_user=self.user)
            return self._authorization.create_authorization_response(
                request, grant_user=self.user, grant=grant
            )

        @app.post("/token")
        def token() -> Any:
            return self._authorization.create_token_response(request)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join(10)


def _key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})
