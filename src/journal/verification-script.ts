/** Goes into every export, so that whoever receives it needs neither Relais nor trust in it: bash, sha256sum, sed and, for
 * the time stamps, openssl. docs/journal.md explains each step. */
export const VERIFICATION_SCRIPT = String.raw`#!/usr/bin/env bash
# Verifies this export. Says what holds; ends with 1 at the first thing that does not.
# Usage: bash verify.sh [CA.pem]   CA.pem: certificate of the time-stamp authority that YOU trust (default: tsa-ca.pem here)
set -euo pipefail
ca="$\{1:+$(realpath "$1")}"
[ $# -eq 0 ] || [ -f "$1" ] || { echo "NOT PROVED: there is no certificate $1" >&2; exit 1; }
cd "$(dirname "$0")"
ca="$\{ca:-tsa-ca.pem}"
stamped=
fail() { echo "NOT PROVED: $*" >&2; exit 1; }
bytes() { printf '%b' "$(printf %s "$1" | sed 's/../\\x&/g')"; }      # hexadecimal to bytes
digest() { sha256sum | cut -d' ' -f1; }
member() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p' "$2"; }   # a member of a canonical JSON object without nesting

sha256sum --quiet -c SHA256SUMS || fail "a file differs from SHA256SUMS"
echo "files: as listed in SHA256SUMS"

entries=0
while read -r sequence previous hash seal index size path; do
  [ "$({ printf %s "$previous"; cat "entries/$sequence.json"; } | digest)" = "$hash" ] || fail "entry $sequence does not have its hash"
  entries=$((entries + 1))
  [ "$seal" != - ] || continue
  node="$({ bytes 00; bytes "$hash"; } | digest)"; position=$index; last=$((size - 1))
  for neighbour in $(printf %s "$path" | tr ',' ' '); do
    [ "$neighbour" != - ] || continue
    [ "$last" -gt 0 ] || fail "the proof of entry $sequence is too long"
    if [ $((position % 2)) -eq 1 ] || [ "$position" -eq "$last" ]; then
      node="$({ bytes 01; bytes "$neighbour"; bytes "$node"; } | digest)"
      while [ $((position % 2)) -eq 0 ] && [ "$position" -ne 0 ]; do position=$((position / 2)); last=$((last / 2)); done
    else
      node="$({ bytes 01; bytes "$node"; bytes "$neighbour"; } | digest)"
    fi
    position=$((position / 2)); last=$((last / 2))
  done
  [ "$last" -eq 0 ] || fail "the proof of entry $sequence is too short"
  [ "$node" = "$(member root "seals/$seal.json")" ] || fail "entry $sequence is not in seal $seal"
done < proofs.txt
echo "entries: $entries, each with its hash, each sealed one in its seal"

before=
for seal in $(ls seals/*.json 2>/dev/null | sort); do
  [ -z "$before" ] || [ "$(member previous "$seal")" = "$before" ] || fail "$seal does not follow from the one before it"
  before="$(digest < "$seal")"
  token="$\{seal%.json}.tst"
  [ -f "$token" ] || { echo "$seal: no time stamp of its own"; continue; }
  [ -f "$ca" ] || fail "no certificate of the time-stamp authority: name it"
  openssl ts -verify -data "$seal" -in "$token" -token_in -CAfile "$ca" >/dev/null 2>&1 || fail "the time stamp of $seal is not good"
  stamped=yes
  echo "$seal: $(openssl ts -reply -in "$token" -token_in -text 2>/dev/null | grep '^Time stamp')"
done
[ -n "$stamped" ] || { echo "CONSISTENT, but nobody else has stamped it: whoever holds the journal could have made all of it anew"; exit 0; }
echo "PROVED: nothing in this export was altered since it was stamped (entries without a stamped seal: see above)"
`.replaceAll('$\\{', '${');
