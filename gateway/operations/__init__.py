"""What keeps a running gateway in order: retention, disclosure of content, the tasks that it does by itself once a
second, its heartbeat among other gateways, and how changed policies come into force.
"""

from gateway.operations.background_tasks import sweep
from gateway.operations.content_disclosure import HandedOver, hand_over
from gateway.operations.heartbeat import BEAT_SECONDS, SILENT_SECONDS, Presence
from gateway.operations.policy_impact import Replayed, replay
from gateway.operations.policy_rollout import (
    OUT_OF_STEP_SECONDS,
    PolicyChanges,
    fingerprint,
    newest_versions,
    read_folders_with,
    record_start,
    try_examples,
)
from gateway.operations.retention import Keeping

__all__ = [
    "BEAT_SECONDS",
    "OUT_OF_STEP_SECONDS",
    "SILENT_SECONDS",
    "HandedOver",
    "Keeping",
    "PolicyChanges",
    "Presence",
    "Replayed",
    "fingerprint",
    "hand_over",
    "newest_versions",
    "read_folders_with",
    "record_start",
    "replay",
    "sweep",
    "try_examples",
]
