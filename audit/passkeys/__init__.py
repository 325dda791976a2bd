"""Decisions that are signed by the person's own passkey (W3C Web Authentication), and whose passkeys those are.

`signed_decisions.py` makes the bytes that are signed. `passkey_signature.py` verifies a signature over these bytes.
`passkeys_in_force.py` says which keys were a person's at a point of the log. All of this uses the log's events alone.
"""

from audit.passkeys.passkey_signature import ALGORITHMS, Passkey, verify_signature
from audit.passkeys.passkeys_in_force import APPROVALS, PasskeyOnRecord, Passkeys
from audit.passkeys.signed_decisions import approval_to_sign, challenge_of, decision_to_sign, passkey_to_sign

__all__ = [
    "ALGORITHMS",
    "APPROVALS",
    "Passkey",
    "PasskeyOnRecord",
    "Passkeys",
    "approval_to_sign",
    "challenge_of",
    "decision_to_sign",
    "passkey_to_sign",
    "verify_signature",
]
