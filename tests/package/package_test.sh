#!/usr/bin/env bash
# package_test.sh SOURCE BUILD CMAKE MODELS VERSION: packs graft, and predicts with the archive and with the Debian packages
# in a root that has only libc and the libraries that the archive lists. MODELS is the folder of tests/c/write_models.
set -euo pipefail
source=$1 build=$2 cmake=$3 models=$4 version=$5
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
root=$folder/root
name=graft-$version-linux-$(uname -m)

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# Every machine has /proc, by which the loader finds a program's folder, and /dev/urandom.
in_root() {
  env -i PATH=/usr/sbin:/usr/bin LANG=C.UTF-8 HOME=/ LD_LIBRARY_PATH="${libraries:-}" \
    unshare --map-root-user --pid --fork --mount-proc="$root/proc" \
    sh -c 'mount --bind /dev/urandom "$0/dev/urandom" && exec chroot "$0" "$@"' "$root" "$@"
}

make_packages() {
  if ! "$(dirname "$cmake")/cpack" --config "$build/CPackConfig.cmake" -B "$folder/packages" > "$folder/log.txt" 2>&1; then
    cat "$folder/log.txt"
    ! grep -q "packages have" "$folder/log.txt" || { echo "skipped: this build is not for packages"; exit 77; }
    fail "cpack"
  fi
  rm -r "$folder/packages/_CPack_Packages"
  (cd "$folder/packages" && du --apparent-size -h -- *)
  mkdir "$folder/unpacked"
  tar -xzf "$folder/packages/$name.tar.gz" -C "$folder/unpacked"
  prefix=$folder/unpacked/$name
  listed=$prefix/share/doc/graft/libraries.txt
}

check_archive() {
  local file
  for file in bin/graft lib/libgraft_c.so.0 lib/graft/libtorch_cpu.so include/graft.h include/graft/core/version.h \
    lib/pkgconfig/graft.pc share/doc/graft/{LICENSE,THIRD_PARTY.md} share/man/man1/graft.1; do
    [[ -e $prefix/$file ]] || fail "the archive has no $file"
  done
  [[ -n $(find "$prefix/share/doc/graft/libtorch" -name 'LICENSE*') ]] || fail "libtorch's licence is missing"
  [[ $(readelf -d "$prefix/bin/graft") == *'runpath: [$ORIGIN/../lib:$ORIGIN/../lib/graft]'* ]] || fail "RUNPATH of graft"
  [[ $(readelf -d "$prefix/lib/libgraft_c.so") == *'runpath: [$ORIGIN:$ORIGIN/graft]'* ]] || fail "RUNPATH of libgraft_c.so"
  for file in "$prefix"/{bin/graft,lib/libgraft_c.so.0,lib/graft/*.so}; do
    [[ $(readelf -S "$file") != *.symtab* ]] || fail "$file is not stripped"
  done
  ! grep -rIl -e "$build" -e "$source/" "$prefix"/{lib/cmake,lib/pkgconfig,include,share/doc/graft/*.*} ||
    fail "these files of the archive name the folders of the build"
  (cd "$prefix" && ! find . -xtype l | grep .) || fail "the archive has broken links"
}

check_debian_packages() {
  local depends package
  depends=" $(dpkg-deb -f "$folder/packages/graft_${version}"_*.deb Depends | sed 's/ *([^)]*)//g; s/,//g') "
  for package in $(sed -n 's/^# apt-get install //p' "$listed"); do
    [[ $depends == *" $package "* ]] || fail "the Debian package does not depend on $package"
  done
  [[ $(dpkg-deb -f "$folder/packages/libgraft-dev_${version}"_*.deb Depends) == "graft (= $version)" ]] ||
    fail "the dependencies of libgraft-dev"
}

# Compiles the example in C with the prefix: by CMake's package, or by pkg-config.
build_by_cmake() {
  "$cmake" -S "$source/examples/c_only" -B "$folder/c_only" -DCMAKE_PREFIX_PATH="$1" > "$folder/log.txt" &&
    "$cmake" --build "$folder/c_only" >> "$folder/log.txt" || { cat "$folder/log.txt"; fail "CMake package"; }
  cp "$folder/c_only/name_picture" "$root/name_picture"
}
build_by_pkg_config() {
  cc -std=c99 -o "$root/name_picture" "$source/examples/c_only/name_picture.c" \
    $(PKG_CONFIG_PATH=$1/lib/pkgconfig pkg-config --cflags --libs "graft = $version")
}

# The listed libraries, and those that these load.
make_root() {
  local library path paths=()
  while read -r library _; do
    [[ $library != '#'* && -n $library ]] || continue
    path=$(ldconfig -p | sed -n "s|^\s*$library (.*=> ||p" | head -n 1)
    [[ -n $path ]] || fail "this machine has no $library, which the archive lists"
    paths+=("$path")
  done < "$listed"
  mapfile -t paths < <(printf '%s\n' "${paths[@]}" $(ldd "${paths[@]}" | sed -nE 's/^[^/]*(\/[^ :]*) \(.*/\1/p') | sort -u)
  cp --parents --dereference "${paths[@]}" "$root"
  cp -r "$models/single" "$models/0.ppm" "$root/"
}

# predicts PREFIX_IN_ROOT: as the program of the build does.
predicts() {
  in_root "$1/bin/graft" predict /single /0.ppm --jsonl --device cpu --threads 1 > "$folder/predictions.txt" ||
    fail "$1/bin/graft predict"
  (cd "$models" && "$build/graft" predict "$PWD/single" "$PWD/0.ppm" --jsonl --device cpu --threads 1) |
    sed "s|$models||g" | diff - "$folder/predictions.txt" || fail "$1/bin/graft predicts other values"
  libraries=$1/lib in_root /name_picture /single /0.ppm | diff "$models/printed.txt" - ||
    fail "$1/lib/libgraft_c.so predicts other values"
  echo "$1: the program and the C library predict"
}

make_packages
check_archive
[[ -z $(command -v dpkg-shlibdeps) ]] || check_debian_packages
mkdir -p "$root"/{proc,dev} "$root/opt" "$root/srv/other place"
touch "$root/dev/urandom"
unshare --map-root-user --pid --fork --mount-proc="$root/proc" mount --bind /dev/urandom "$root/dev/urandom" 2>/dev/null ||
  { echo "skipped: this machine does not permit user namespaces"; exit 77; }
make_root
build_by_cmake "$prefix"
mv "$prefix" "$root/opt/"
predicts "/opt/$name"
mv "$root/opt/$name" "$root/srv/other place/graft"
predicts "/srv/other place/graft"
if [[ -n $(command -v dpkg-shlibdeps) ]]; then
  for package in "$folder"/packages/*.deb; do
    dpkg-deb -x "$package" "$root"
  done
  build_by_pkg_config "$root/usr"
  predicts /usr
fi
# Without one of its libraries the program does not start: it finds none outside the root.
find "$root" -name libjpeg.so.62 -delete
! in_root "/srv/other place/graft/bin/graft" --version 2> "$folder/log.txt" || fail "the root is not closed"
grep -q libjpeg.so.62 "$folder/log.txt" || fail "another error: $(< "$folder/log.txt")"
echo "1 passed, 0 failed"
