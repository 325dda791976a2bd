#!/bin/sh
# Run by the postgres image when it makes its data: the gateways' role, which owns nothing.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" -v password="$GATEWAY_PASSWORD" <<'SQL'
CREATE ROLE countersign LOGIN PASSWORD :'password';
SQL
