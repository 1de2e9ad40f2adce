#!/usr/bin/env bash
# Runs the tests of parsers (weights, tables, records) and of unusual pictures under valgrind; takes minutes.
# Usage: tools/check_valgrind.sh [BUILD]
set -euo pipefail
build=${1:-$(dirname "$0")/../build}
tests=(AwkwardPictures 'Csv*' Config EventFile History JsonDepth Pth UnpackZip WritePth WriteSafetensors ZipArchive ZipWriter
       'Weights/*Refusal' Weights/ZipLie)
filter=$(printf ':%s.*' "${tests[@]}")
# valgrind reports bytes written by libjpeg-turbo's SIMD code as undefined, although they equal those without
# SIMD.
JSIMD_FORCENONE=1 exec valgrind -q --error-exitcode=1 --leak-check=full --errors-for-leak-kinds=definite \
  "$build/tests/graft_base_tests" --gtest_brief=1 --gtest_filter="${filter#:}"
