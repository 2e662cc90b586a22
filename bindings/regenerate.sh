#!/usr/bin/env bash
# Regenerates the Java bindings of duovox.h with the jextract found on PATH. --check only compares: always the header's
# digest with that of the header the bindings were made from, and where that jextract is, its output too.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"

wanted=25
header=../native/include/duovox/duovox.h
sources=src/main/java

digest=$(sha256sum "$header" | cut -d' ' -f1)
if [ "${1:-}" = --check ]; then
  if [ "$digest" != "$(cat duovox.h.sha256)" ]; then
    echo "regenerate: duovox.h has changed since its bindings were made; run bindings/regenerate.sh" >&2
    exit 1
  fi
  if [ "$(jextract --version 2>&1 | sed -n 's/^jextract //p')" != "$wanted" ]; then exit 0; fi
fi

if ! command -v jextract >/dev/null; then
  echo "regenerate: no jextract on PATH (build it from openjdk/jextract with a JDK $wanted; it is in no registry)" >&2
  exit 69
fi
version=$(jextract --version 2>&1 | sed -n 's/^jextract //p')
if [ "$version" != "$wanted" ]; then
  echo "regenerate: jextract $version found, $wanted wanted: another version writes other sources" >&2
  exit 69
fi

output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
# No -l: the library is loaded by System.load before the first call, and the loader lookup finds its symbols.
jextract --output "$output" -t org.duovox.bindings --header-class-name Duovox \
  -I ../native/include @includes.txt "$header" 2>"$output/log" || { cat "$output/log" >&2; exit 70; }
rm "$output/log"
# SymbolLookup.findOrThrow came with Java 23; the one edit that design 4 allows.
find "$output" -name '*.java' -exec \
  sed -i -E 's/SYMBOL_LOOKUP\.findOrThrow\(("[^"]+")\)/SYMBOL_LOOKUP.find(\1).orElseThrow()/' {} +

if [ "${1:-}" = --check ]; then
  diff -r "$output/org" "$sources/org" || { echo "regenerate: bindings differ from duovox.h; run bindings/regenerate.sh" >&2; exit 1; }
else
  rm -rf "$sources/org"
  mkdir -p "$sources"
  cp -r "$output/org" "$sources/"
  echo "$digest" >duovox.h.sha256
fi
