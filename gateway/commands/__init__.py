"""The commands of `countersign`, one file a subject; `cli.py` joins them."""
