"""The append-only log: events in one order, under signed checkpoints, that anyone entitled can verify alone.

It needs the standard library and `cryptography`, and imports nothing of the gateway.
"""

from audit.commitments import commit, opens

__all__ = ["commit", "opens"]
