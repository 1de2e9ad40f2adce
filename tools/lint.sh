#!/usr/bin/env bash
# Checks the formatting, and runs clang-tidy on the given files or on all files that differ from the branch
# main (after make build).
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run --Werror
files=("$@")
if [[ ${#files[@]} == 0 ]]; then
  mapfile -t files < <(git diff --name-only --diff-filter=d main -- 'graft/*.cpp' 'cli/*.cpp')
fi
[[ ${#files[@]} == 0 ]] && exit
# clang-tidy cannot read GCC's precompiled headers, and does not support all of its warnings.
mkdir -p build/lint
sed -E 's# -Winvalid-pch -include [^ ]+cmake_pch\.hxx##g; s# -Wno-restrict##g' build/compile_commands.json > build/lint/compile_commands.json
clang-tidy --quiet -p build/lint "${files[@]}"
