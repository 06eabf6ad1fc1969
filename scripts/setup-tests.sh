#!/usr/bin/env bash
# Installs what the tests need beside Python packages: PostgreSQL's programs and Chromium. What is there already is left alone.
# Needs Debian or Ubuntu and root to install; elsewhere it says what is missing.
set -euo pipefail

missing=()

has_postgres() {
  command -v initdb >/dev/null 2>&1 && return 0
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && return 0
  # The wheel's programs serve whoever is not root: PostgreSQL refuses to run as root, and another user may not reach this folder.
  [ "$(id -u)" -ne 0 ] && compgen -G ".venv/lib/python3*/site-packages/pgserver/pginstall/bin/initdb" >/dev/null
}

has_chromium() {
  command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1
}

has_postgres || missing+=(postgresql)
has_chromium || missing+=(chromium)

if [ ${#missing[@]} -eq 0 ]; then
  echo "The tests have PostgreSQL and Chromium."
  exit 0
fi

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "The tests need: ${missing[*]}. Install them, for instance with: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi

echo "Installing ${missing[*]} with apt-get ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# A cluster of Debian's own is not wanted: the tests make theirs in a temporary folder.
if [[ " ${missing[*]} " == *" postgresql "* ]]; then
  apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null
  if [ -f /etc/postgresql-common/createcluster.conf ]; then
    sed -i 's/^#\? *create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
  fi
fi
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "Installed ${missing[*]}."
