#!/bin/sh
# ./install.sh [PREFIX]: installs sagatop under PREFIX (/usr/local). `./unstage "" PREFIX` takes it away.
set -eu
prefix=${1:-/usr/local}
cd "$(dirname "$0")"
missing=$(ldd files/usr/local/bin/sagatop | awk '/not found/ { print $1 }')
if [ -n "$missing" ]; then
  echo 'These libraries are missing:' >&2
  for library in $missing; do
    package=$(awk -v library="$library" '$1 == library { print $2 }' LIBRARIES)
    echo "  $library${package:+ (Debian 12: $package)}" >&2
  done
  exit 69
fi
mkdir -p "$prefix"
cp -R files/usr/local/. "$prefix/"
for unit in "$prefix"/lib/systemd/system/sagatop-*.service; do
  sed "s|/usr/local/bin|$prefix/bin|" "$unit" >"$unit.new"
  mv "$unit.new" "$unit"
done
echo "sagatop is in $prefix/bin"
