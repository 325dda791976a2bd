#!/bin/sh
# Fetches the two frontends as npm released them, at the versions and hashes of package-lock.json, and builds what the
# gateway serves. Run by `make assets`; its output is committed, so nobody else needs npm.
set -eu
cd "$(dirname "$0")"
out=../../gateway/web/static/vendor
npm ci --silent
node_modules/.bin/sass --load-path=. --style=compressed --no-source-map --quiet-deps pages.scss "$out/pages.css"
sed '/^\/\/# sourceMappingURL=/d; s|//# sourceMappingURL=.*||' \
  node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js > "$out/govuk-frontend.min.js"
