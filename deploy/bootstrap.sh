#!/bin/bash
# Bring the pinned uv into .local/uv with nothing but Python.
set -euo pipefail
version=$1
python=$(deploy/python.sh)
place=.local/uv
mkdir -p .local

make_venv() {
  rm -rf "$place"
  "$python" -m venv "$place" > .local/venv.log 2>&1
}

if ! make_venv; then
  # Debian keeps venv and ensurepip in a package of their own.
  package=$("$python" -c 'import sys; print(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")')
  if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "· $package"
    apt-get -q update > .local/venv.log 2>&1 || true
    if ! DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$package" >> .local/venv.log 2>&1 ||
      ! make_venv; then
      tail -n 8 .local/venv.log >&2
      echo "Не удалось создать окружение Python. Журнал: .local/venv.log" >&2
      echo "Cannot make a Python environment. The log: .local/venv.log" >&2
      exit 1
    fi
  else
    echo "Нужен модуль venv: sudo apt-get install $package" >&2
    echo "The module venv is missing: sudo apt-get install $package" >&2
    exit 1
  fi
fi
if ! "$place/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$version" > .local/uv.log 2>&1; then
  rm -rf "$place"
  tail -n 8 .local/uv.log >&2
  echo "Не удалось установить uv $version из PyPI. Журнал: .local/uv.log" >&2
  echo "Cannot install uv $version from PyPI. The log: .local/uv.log" >&2
  exit 1
fi
