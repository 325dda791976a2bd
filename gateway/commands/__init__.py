"""The commands of `countersign`, one file a subject; `gateway/cli.py` joins them."""
