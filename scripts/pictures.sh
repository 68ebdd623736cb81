#!/usr/bin/env bash
# Makes docs/pictures/ anew with the commands of docs/pictures.md, docs/gallery.md and docs/models.md; needs the Release
# build. The test Docs.ThePicturesAreThoseThatTheirCommandsMake compares them with what the commands make.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=$PWD/build/release/apps/mogul
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

ln -s "$PWD/data" "$folder/data"
sed -n 's/^    \$ //p' docs/pictures.md docs/gallery.md docs/models.md >"$folder/commands"
(cd "$folder" && PATH="$program:$PATH" bash -euo pipefail commands >/dev/null)
rm -rf docs/pictures
mkdir docs/pictures
cp "$folder"/*.svg docs/pictures/
du -b docs/pictures/* | sort -n
