"""One file a migration, numbered; `SCHEMA_HEAD` in `database.py` names the newest."""
