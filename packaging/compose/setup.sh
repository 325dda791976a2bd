#!/bin/sh
# Before the first start: the log's tables and key, the second gateway's copies of it, a witness with a key of its own.
# Run again it changes nothing. ONE, TWO: the gateways' data folders; WITNESS: the witness's; CONFIG: the settings';
# OWNER: whom all of it is given to.
set -eu
export COUNTERSIGN_DATA="$ONE"
countersign database prepare
for file in log.key log.vkey checkpoint; do
  test -e "$TWO/$file" || cp "$ONE/$file" "$TWO/$file"
done
chmod 600 "$TWO/log.key"
cp "$ONE/log.vkey" "$WITNESS/log.vkey"
test -e "$WITNESS/key" || countersign-audit witness generate compose.example/witness "$WITNESS/key"
cat > "$CONFIG/countersign.yaml" <<YAML
witnessing:
  policies:
    - from: 2026-01-01
      quorum: 1
      witnesses:
        - url: ${WITNESS_URL:-http://witness:7380}
          keys: ["$(countersign-audit witness list "$WITNESS/key")"]
YAML
test -z "${OWNER:-}" || chown -R "$OWNER" "$ONE" "$TWO" "$WITNESS" "$CONFIG"
