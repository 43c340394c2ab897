#!/usr/bin/env python3
"""Shows that the fuzz targets find faults: plants one for each, and times how long it takes until it is found.

    fuzz/planted_faults.py                  # all
    fuzz/planted_faults.py arena checker    # some

Works on a copy of the sources, built once without a fault and then with one after the other. Each target starts from
its corpus and has two minutes. Exit status: 0 if all were found, 1 if not, 2 if one could not be planted or built.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("spec", "reference", "conformance", "fuzz", "bench")
SECONDS = 120

# Target: file, what stands there, what is put in its place, what that is.
FAULTS = {
    "portable": ("reference/include/freethreading/portable_buffer.hpp",
                 "if (size > bytes_.size()) reject(", "if (size > bytes_.size() + 8) reject(",
                 "a bound check that lets eight bytes more pass"),
    "protocol": ("conformance/wire/lane_slot.hpp",
                 "(text_size - text_capacity + sizeof(LaneSlot) - 1) / sizeof(LaneSlot)",
                 "(text_size - text_capacity) / sizeof(LaneSlot)",
                 "a length that is rounded down"),
    "requirements": ("conformance/engine/requirements.cpp",
                     "if (end == std::string_view::npos || end == letters + 1 ||", "if (end == letters + 1 ||",
                     "a missing bound check"),
    "checker": ("conformance/checker/search.hpp",
                "*history_[call].deadline <= now_", "*history_[call].deadline < now_",
                "a deadline that passes an instant late"),
    "arena": ("reference/src/platform/arena.cpp",
              "transaction.write(shared.used_blocks, shared.used_blocks - 1);", "shared.used_blocks -= 1;",
              "a change that no journal undoes"),
    "scenario": ("spec/model/semaphore.hpp",
                 "return State{count + 1, limit};", "return State{count + 2, limit};",
                 "a step of a model that is wrong by one"),
}


def build(folder, target):
    return subprocess.run(["cmake", "--build", folder / "build", "-j2", "--target", f"{target}_fuzz"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def seconds_until_found(folder, target):
    """None if it was not found."""
    fresh = folder / "fresh" / target
    fresh.mkdir(parents=True, exist_ok=True)
    command = [folder / "build" / "fuzz" / f"{target}_fuzz", f"-max_total_time={SECONDS}", "-seed=1", "-max_len=512",
               "-timeout=20",  # a scenario that hangs, though the model says that it ends, is found as well
               f"-artifact_prefix={fresh}-", fresh, ROOT / "fuzz" / "corpus" / target]
    words = ROOT / "fuzz" / "dictionaries" / f"{target}.dict"
    if words.exists():
        command.append(f"-dict={words}")
    begin = time.monotonic()
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return None if run.returncode == 0 else time.monotonic() - begin


def copy_sources(folder):
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "CMakeLists.txt", folder)
    configure = ["cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                 f"-DCMAKE_CXX_COMPILER={os.environ.get('CXX', 'clang++-19')}", "-DFREETHREADING_VARIANTS=plain"]
    return subprocess.run(configure, stdout=subprocess.DEVNULL).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*", choices=[*FAULTS, []], help="all by default")
    targets = parser.parse_args().targets or list(FAULTS)
    missed = 0
    with tempfile.TemporaryDirectory(prefix="planted-") as name:
        folder = pathlib.Path(name)
        if not copy_sources(folder):
            print("the copy cannot be configured", file=sys.stderr)
            return 2
        for target in targets:
            file, before, after, what = FAULTS[target]
            sound = (folder / file).read_text()
            if sound.count(before) != 1:
                print(f"{target}: {file} does not contain \"{before}\" once", file=sys.stderr)
                return 2
            (folder / file).write_text(sound.replace(before, after))
            built = build(folder, target)
            if built.returncode != 0:
                print(f"{target}: cannot be built with {what}\n{built.stdout}", file=sys.stderr)
                return 2
            seconds = seconds_until_found(folder, target)
            (folder / file).write_text(sound)
            missed += seconds is None
            found = "NOT found" if seconds is None else f"found in {seconds:.1f} s"
            print(f"{target:13} {found}: {what} ({file})", flush=True)
    print(f"{len(targets) - missed} of {len(targets)} faults found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
