"""Load and faults of a gateway in service: `python -m tests.bench.service`. Its short versions run as tests."""
