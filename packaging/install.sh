#!/bin/sh
# ./install.sh [PREFIX]: installs sagatop under PREFIX (/usr/local). `./unstage "" PREFIX` removes it.
set -eu
prefix=${1:-/usr/local}
cd "$(dirname "$0")"
missing=$(ldd files/usr/local/bin/sagatop files/usr/local/bin/sagatop-demo | awk '/not found/ { print $1 }' | sort -u)
if [ -n "$missing" ]; then
  echo 'These libraries are missing:' >&2
  packages=
  for library in $missing; do
    echo "  $library" >&2
    packages="$packages $(awk -v library="$library" '$1 == library { print $2 }' LIBRARIES)"
  done
  echo "On Debian 12: apt install$packages" >&2
  exit 69
fi
mkdir -p "$prefix"
cp -R files/usr/local/. "$prefix/"
for unit in "$prefix"/lib/systemd/system/sagatop-*.service; do
  sed "s|/usr/local/bin|$prefix/bin|" "$unit" >"$unit.new"
  mv "$unit.new" "$unit"
done
echo "sagatop is in $prefix/bin"
