"""The callers: applications with a key, people with a token and roles, and people who signed in to the pages.

An application can ask, never decide; a person decides in their own name. Keys and tokens are random 256-bit secrets,
stored as SHA-256 only, looked up on each request, so that revoking one works at once. With a passkey, whose secret
half never leaves their device, a person signs a decision.
"""

from typing import TYPE_CHECKING

from gateway.lazy_imports import load_when_used

if TYPE_CHECKING:
    from gateway.identity.attempts import count_attempt, reset_attempts
    from gateway.identity.callers import ROLES, Application, Caller, Person, Role
    from gateway.identity.ceremonies import Ceremonies, CeremonyFailed, NewPasskey, Site
    from gateway.identity.credentials import (
        create_application,
        create_person,
        find_person,
        identify,
        known_applications,
        known_people,
        list_credentials,
        name_people,
        revoke,
    )
    from gateway.identity.last_used import LastUsedTracker, write_last_used
    from gateway.identity.oidc import IdentityProvider, IdentityProviderError, OidcSettings, ProviderIdentity
    from gateway.identity.oidc_people import find_provider_person, provision_person
    from gateway.identity.passkeys import (
        WHY_REVOKED,
        HeldPasskey,
        Signing,
        approval_of,
        approve_passkey,
        approved_by,
        find_passkey,
        passkeys_of,
        register_passkey,
        registration_of,
        revoke_passkey,
        unknown_passkey,
        waiting_passkeys,
    )
    from gateway.identity.passwords import (
        CODE_HOURS,
        MAX_PASSWORD_LENGTH,
        MIN_PASSWORD_LENGTH,
        Password,
        find_password,
        hash_again,
        hash_password,
        make_code,
        matches,
        plain_username,
        replace_hash,
        set_password,
    )
    from gateway.identity.pending_sign_ins import consume_pending_sign_in, save_pending_sign_in
    from gateway.identity.projection import PEOPLE_HANDLERS, note_use
    from gateway.identity.sessions import (
        TOUCH_SECONDS,
        Session,
        begin_session,
        end_session,
        find_session,
        touch_session,
    )
else:
    __getattr__ = load_when_used(__name__, __file__)

__all__ = [
    "CODE_HOURS",
    "MAX_PASSWORD_LENGTH",
    "PEOPLE_HANDLERS",
    "ROLES",
    "MIN_PASSWORD_LENGTH",
    "TOUCH_SECONDS",
    "WHY_REVOKED",
    "Application",
    "Caller",
    "Ceremonies",
    "CeremonyFailed",
    "HeldPasskey",
    "IdentityProvider",
    "IdentityProviderError",
    "LastUsedTracker",
    "NewPasskey",
    "OidcSettings",
    "Password",
    "Person",
    "ProviderIdentity",
    "Role",
    "Session",
    "Signing",
    "Site",
    "approval_of",
    "approve_passkey",
    "approved_by",
    "begin_session",
    "consume_pending_sign_in",
    "count_attempt",
    "create_application",
    "create_person",
    "end_session",
    "find_passkey",
    "find_password",
    "find_person",
    "find_provider_person",
    "find_session",
    "hash_again",
    "hash_password",
    "identify",
    "known_applications",
    "known_people",
    "list_credentials",
    "make_code",
    "matches",
    "name_people",
    "note_use",
    "passkeys_of",
    "plain_username",
    "provision_person",
    "register_passkey",
    "registration_of",
    "replace_hash",
    "reset_attempts",
    "revoke",
    "revoke_passkey",
    "save_pending_sign_in",
    "set_password",
    "touch_session",
    "unknown_passkey",
    "waiting_passkeys",
    "write_last_used",
]
