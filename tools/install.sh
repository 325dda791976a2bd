#!/bin/sh
# Installs pinned requirements into a virtual environment with uv, or with pip where uv can't be had or fails.
# Usage: tools/install.sh PYTHON REQUIREMENTS...
set -u
python=$1
shift
pip="$python -m pip --disable-pip-version-check -q"
export PIP_RETRIES="${PIP_RETRIES:-8}" UV_HTTP_RETRIES="${UV_HTTP_RETRIES:-8}"
uv="$(dirname "$python")/uv"

# uv does not read pip's configuration: hand on the indexes, files and certificates that pip is told to use.
setting() { $python -m pip --disable-pip-version-check config get "global.$1" 2> /dev/null; }
with_uv() {
  test -x "$uv" || $pip install --no-deps --require-hashes -r requirements-install.lock 2> /dev/null || return 1
  index=${PIP_INDEX_URL:-$(setting index-url)}
  extra=${PIP_EXTRA_INDEX_URL:-$(setting extra-index-url)}
  links=${PIP_FIND_LINKS:-$(setting find-links)}
  certificates=${PIP_CERT:-$(setting cert)}
  test -z "$index" || export UV_DEFAULT_INDEX="$index"
  test -z "$extra" || export UV_EXTRA_INDEX_URL="$extra" UV_INDEX_STRATEGY=unsafe-best-match
  test -z "$links" || export UV_FIND_LINKS="$links"
  test -z "$certificates" || export SSL_CERT_FILE="$certificates"
  UV_LINK_MODE=${UV_LINK_MODE:-copy} UV_NO_CONFIG=1 UV_HTTP_TIMEOUT=180 "$uv" pip install -q --python "$python" --no-deps "$@"
}

for requirements in "$@"; do
  echo "  $requirements: $(grep -c "==" "$requirements") packages"
  with_uv --require-hashes -r "$requirements" && continue
  echo "uv could not install $requirements; pip does it now, which takes a few minutes."
  $pip install --no-deps --require-hashes -r "$requirements" || exit 1
done
