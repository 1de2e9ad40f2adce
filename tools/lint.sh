#!/usr/bin/env bash
# Formatting, and clang-tidy on the files given or on everything that differs from the branch main.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run --Werror
files=("$@")
if [[ ${#files[@]} == 0 ]]; then
  mapfile -t files < <(git diff --name-only --diff-filter=d main -- 'graft/*.cpp' 'cli/*.cpp')
fi
[[ ${#files[@]} == 0 ]] || clang-tidy --quiet -p build "${files[@]}"
