#!/usr/bin/env bash
# The parsers of weights, tables and records, and the awkward pictures, under valgrind; minutes.
# Usage: tools/check_valgrind.sh [BUILD]
set -euo pipefail
build=${1:-$(dirname "$0")/../build}
tests=(AwkwardPictures 'Csv*' Config EventFile History JsonDepth Pth UnpackZip WritePth WriteSafetensors ZipArchive ZipWriter
       'Weights/*Refusal' Weights/ZipLie)
filter=$(printf ':%s.*' "${tests[@]}")
# valgrind takes bytes that libjpeg-turbo's SIMD writes for undefined; they are those of its code without SIMD.
JSIMD_FORCENONE=1 exec valgrind -q --error-exitcode=1 --leak-check=full --errors-for-leak-kinds=definite \
  "$build/tests/graft_base_tests" --gtest_brief=1 --gtest_filter="${filter#:}"
