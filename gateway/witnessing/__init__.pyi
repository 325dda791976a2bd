from .witness_settings import WitnessingSettings as WitnessingSettings
from .witnessing import WitnessedCheckpoint as WitnessedCheckpoint
from .witnessing import Witnessing as Witnessing
