"""What an operator sees from outside: `logs.py`, `metrics.py`, and `traces.py`. None of it holds personal data."""
