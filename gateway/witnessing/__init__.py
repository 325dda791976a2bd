"""Having others see the log: its checkpoints are sent to witnesses, who cosign them (C2SP tlog-witness).

Nothing waits for a witness. A checkpoint that enough of them cosigned is kept as `WitnessedCheckpoint`; no other is
called so.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
