"""What an operator sees from outside: `logs.py`, `metrics.py`, and `traces.py`. None of it holds personal data."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
