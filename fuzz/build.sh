#!/usr/bin/env bash
# Builds the fuzz targets as OSS-Fuzz and ClusterFuzzLite ask for it: with their compiler, flags and engine, into $OUT,
# each beside its dictionary, its corpus as <target>_seed_corpus.zip, and its options.
#
#   CC, CXX, CFLAGS, CXXFLAGS   the compiler, and how it instruments
#   LIB_FUZZING_ENGINE          what a target is linked with
#   SRC, OUT, WORK              where the project lies (in $SRC/freethreading), where results go, where to build
set -euo pipefail

for name in CXX CXXFLAGS LIB_FUZZING_ENGINE SRC OUT; do
    if [[ -z ${!name+set} ]]; then
        echo "build.sh: $name is not set" >&2
        exit 2
    fi
done
source_folder=$SRC/freethreading
build_folder=${WORK:-$SRC}/freethreading-build

# The library needs what their libc++ does not have yet: the system's own library instead.
export CXXFLAGS="${CXXFLAGS//-stdlib=libc++/}"

cmake -S "$source_folder" -B "$build_folder" -G Ninja -DCMAKE_BUILD_TYPE=None \
    -DFREETHREADING_VARIANTS=plain -DFREETHREADING_WARNINGS=OFF -DFREETHREADING_FETCH_DEPENDENCIES=ON \
    "-DFREETHREADING_FUZZING_ENGINE=$LIB_FUZZING_ENGINE"
cmake --build "$build_folder" --target fuzzers

built=0
for program in "$build_folder"/fuzz/*_fuzz; do
    target=$(basename "$program" _fuzz)
    cp "$program" "$OUT/"
    (cd "$source_folder/fuzz/corpus/$target" && python3 -m zipfile -c "$OUT/${target}_fuzz_seed_corpus.zip" ./*)
    printf '[libfuzzer]\nmax_len = 4096\nmalloc_limit_mb = 256\n' >"$OUT/${target}_fuzz.options"
    if [[ -f $source_folder/fuzz/dictionaries/$target.dict ]]; then
        cp "$source_folder/fuzz/dictionaries/$target.dict" "$OUT/${target}_fuzz.dict"
    fi
    built=$((built + 1))
done
echo "$built targets"
((built > 0))
