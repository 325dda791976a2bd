"""Decisions that are signed by the person's own passkey (W3C Web Authentication), and whose passkeys those are.

`signed_decisions.py` says which bytes are signed, `verifying.py` whether a signature on record is a key's over these
bytes, `passkeys_in_force.py` which keys were a person's at a point of the log. All of it rests on the log's events
alone.
"""

from audit.passkeys.passkeys_in_force import APPROVALS, PasskeyOnRecord, Passkeys
from audit.passkeys.signed_decisions import approval_to_sign, challenge_of, decision_to_sign, passkey_to_sign
from audit.passkeys.verifying import ALGORITHMS, Passkey, verify_signature

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
