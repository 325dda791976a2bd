"""What can go wrong with what is kept.

Exception
├── ValueError
│   └── MasterKeyInvalid    a master key that is none, or that doesn't open this database
├── LookupError
│   └── SealedMissing       no such content, or its key is destroyed: erased, or never sealed
└── SealedDamaged           content, or its key, that was changed or moved
"""


class MasterKeyInvalid(ValueError):
    """A master key that is none, or that doesn't open what it should; the text says what to do."""


class SealedMissing(LookupError):
    """There is no such content, or its key is destroyed."""


class SealedDamaged(Exception):
    """The content or its key is there, but was changed or moved: it does not open, or not to its commitment."""
