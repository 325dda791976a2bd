"""Builds a gateway from its settings: resources (`bootstrap.py`) and services (`app.py`).

`configured_policies.py` and `configured_database.py` are the parts that commands need alone. Each is imported by its
own name, so that a command loads no more than that.
"""
