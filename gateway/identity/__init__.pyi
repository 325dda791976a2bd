from .attempts import count_attempt as count_attempt
from .attempts import reset_attempts as reset_attempts
from .callers import (
    ROLES as ROLES,
)
from .callers import (
    Application as Application,
)
from .callers import (
    Caller as Caller,
)
from .callers import (
    Person as Person,
)
from .callers import (
    Role as Role,
)
from .ceremonies import (
    Ceremonies as Ceremonies,
)
from .ceremonies import (
    CeremonyFailed as CeremonyFailed,
)
from .ceremonies import (
    NewPasskey as NewPasskey,
)
from .ceremonies import (
    Site as Site,
)
from .credentials import (
    create_application as create_application,
)
from .credentials import (
    create_person as create_person,
)
from .credentials import (
    find_person as find_person,
)
from .credentials import (
    identify as identify,
)
from .credentials import (
    known_applications as known_applications,
)
from .credentials import (
    known_people as known_people,
)
from .credentials import (
    list_credentials as list_credentials,
)
from .credentials import (
    name_people as name_people,
)
from .credentials import (
    revoke as revoke,
)
from .last_used import LastUsedTracker as LastUsedTracker
from .last_used import write_last_used as write_last_used
from .oidc import (
    IdentityProvider as IdentityProvider,
)
from .oidc import (
    IdentityProviderError as IdentityProviderError,
)
from .oidc import (
    OidcSettings as OidcSettings,
)
from .oidc import (
    ProviderIdentity as ProviderIdentity,
)
from .oidc_people import find_provider_person as find_provider_person
from .oidc_people import provision_person as provision_person
from .passkeys import (
    WHY_REVOKED as WHY_REVOKED,
)
from .passkeys import (
    HeldPasskey as HeldPasskey,
)
from .passkeys import (
    Signing as Signing,
)
from .passkeys import (
    approval_of as approval_of,
)
from .passkeys import (
    approve_passkey as approve_passkey,
)
from .passkeys import (
    approved_by as approved_by,
)
from .passkeys import (
    find_passkey as find_passkey,
)
from .passkeys import (
    passkeys_of as passkeys_of,
)
from .passkeys import (
    register_passkey as register_passkey,
)
from .passkeys import (
    registration_of as registration_of,
)
from .passkeys import (
    revoke_passkey as revoke_passkey,
)
from .passkeys import (
    unknown_passkey as unknown_passkey,
)
from .passkeys import (
    waiting_passkeys as waiting_passkeys,
)
from .passwords import (
    CODE_HOURS as CODE_HOURS,
)
from .passwords import (
    MAX_PASSWORD_LENGTH as MAX_PASSWORD_LENGTH,
)
from .passwords import (
    MIN_PASSWORD_LENGTH as MIN_PASSWORD_LENGTH,
)
from .passwords import (
    Password as Password,
)
from .passwords import (
    find_password as find_password,
)
from .passwords import (
    hash_again as hash_again,
)
from .passwords import (
    hash_password as hash_password,
)
from .passwords import (
    make_code as make_code,
)
from .passwords import (
    matches as matches,
)
from .passwords import (
    plain_username as plain_username,
)
from .passwords import (
    replace_hash as replace_hash,
)
from .passwords import (
    set_password as set_password,
)
from .pending_sign_ins import (
    consume_pending_sign_in as consume_pending_sign_in,
)
from .pending_sign_ins import (
    save_pending_sign_in as save_pending_sign_in,
)
from .projection import PEOPLE_HANDLERS as PEOPLE_HANDLERS
from .projection import note_use as note_use
from .sessions import (
    TOUCH_SECONDS as TOUCH_SECONDS,
)
from .sessions import (
    Session as Session,
)
from .sessions import (
    begin_session as begin_session,
)
from .sessions import (
    end_session as end_session,
)
from .sessions import (
    find_session as find_session,
)
from .sessions import (
    touch_session as touch_session,
)
