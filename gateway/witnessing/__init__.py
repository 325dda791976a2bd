"""Having others see the log: its checkpoints are sent to witnesses, who cosign them (C2SP tlog-witness).

Nothing waits for a witness. What enough of them cosigned is kept as `Witnessed`; what they did not is never called so.
"""

from gateway.witnessing.witness_settings import WitnessingSettings
from gateway.witnessing.witnessing import Witnessed, Witnessing

__all__ = ["Witnessed", "Witnessing", "WitnessingSettings"]
