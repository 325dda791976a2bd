"""Having others see the log: its checkpoints are sent to witnesses, who cosign them (C2SP tlog-witness).

Nothing waits for a witness. A checkpoint that enough of them cosigned is kept as `WitnessedCheckpoint`; no other is
called so.
"""

from typing import TYPE_CHECKING

from gateway.lazy_imports import load_when_used

if TYPE_CHECKING:
    from gateway.witnessing.witness_settings import WitnessingSettings
    from gateway.witnessing.witnessing import WitnessedCheckpoint, Witnessing
else:
    __getattr__ = load_when_used(__name__, __file__)

__all__ = ["WitnessedCheckpoint", "Witnessing", "WitnessingSettings"]
