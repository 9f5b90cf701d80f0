#!/bin/sh
# Print the path of a Python that is new enough, or say that there is none.
for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
  path=$(command -v "$name") || continue
  if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "$path"
    exit 0
  fi
done
echo "Нужен Python 3.11 или новее, на этой машине его нет." >&2
echo "Python 3.11 or newer is needed; this machine has none." >&2
exit 1
