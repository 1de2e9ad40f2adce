#!/usr/bin/env bash
# Checks the formatting, and runs clang-tidy on the given files or on all files that differ from the branch
# main (after make setup).
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files '*.c' '*.h' '*.cpp' | xargs clang-format --dry-run --Werror
files=("$@")
if [[ ${#files[@]} == 0 ]]; then
  mapfile -t files < <(git diff --name-only --diff-filter=d main -- 'graft/*.cpp' 'c/*.cpp' 'cli/*.cpp')
fi
[[ ${#files[@]} == 0 ]] && exit
# clang-tidy cannot read GCC's precompiled headers, and does not support all of its warnings.
cmake --preset release -B build/lint -DGRAFT_GROUPS=1 --log-level=WARNING > /dev/null
sed -i -E 's# -Winvalid-pch -include [^ ]+cmake_pch\.hxx##g; s# -Wno-restrict##g; s# --param [^ ]+##g' build/lint/compile_commands.json
clang-tidy --quiet -p build/lint "${files[@]}"
