#!/bin/sh
# Builds a release from the commit at hand, and signs the checksums: tools/supply/release.sh KEY [FOLDER]
# KEY is an SSH key of a maintainer (Ed25519, or one on a security key). From one commit the same files come out.
set -eu
key=$1
out=${2:-dist}
bin=${BIN:-.venv/bin}
test -z "$(git status --porcelain)" || { echo "there are changes that are not committed; a release is of a commit" >&2; exit 1; }
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
mkdir -p "$out"
out=$(cd "$out" && pwd)
rm -f "$out"/countersign*.whl "$out"/countersign*.tar.gz "$out"/SHA256SUMS "$out"/SHA256SUMS.sig "$out"/sbom.cdx.json
bin=$(cd "$bin" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git archive HEAD | tar -x -C "$work"     # only what is committed
(cd "$work" && "$bin/python" -m hatchling build -d "$out" > /dev/null)
(cd "$work/packaging/countersign-audit" && "$bin/python" -m hatchling build -t wheel -d "$out" > /dev/null)
"$bin/python" -m tools.supply.sbom "$out/sbom.cdx.json"
(cd "$out" && LC_ALL=C sha256sum countersign*.whl countersign*.tar.gz sbom.cdx.json > SHA256SUMS)
ssh-keygen -q -Y sign -f "$key" -n countersign-release "$out/SHA256SUMS"
ls "$out"
