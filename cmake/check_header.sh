#!/usr/bin/env bash
# Compiler launcher of the targets that compile public headers alone (graft_check_headers in GraftTargets.cmake). Their
# sources end with an assertion that fails: the compiler reaches it if the header has no error, and then stops, without
# the templates that libtorch's headers leave to the end of each source (ten seconds a header).
set -uo pipefail
output=$("$@" -Wfatal-errors 2>&1)
[[ $output == *"end of the header"* ]] || { printf '%s\n' "$output" >&2; exit 1; }
while [[ $# -gt 1 && $1 != -o ]]; do shift; done
touch "$2"
