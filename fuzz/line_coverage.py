#!/usr/bin/env python3
"""Which lines of the code that each fuzz target guards it reaches, by llvm-cov.

    fuzz/line_coverage.py                                  # all targets: corpora, and half an hour of fresh inputs each
    fuzz/line_coverage.py arena checker                    # some
    fuzz/line_coverage.py --seconds 0 --campaigns FOLDER   # what is in FOLDER/<target> instead

Builds the targets without sanitizers in --build. guarded.json says which files each one guards, by name or pattern. A
file of which less than 95 % of the lines are reached has to be explained there, with the least that it has to reach; an
explanation of a file that reaches 95 % is stale. --missed lists the lines. A corpus alone does not reach so much.

Exit status: 0 if every file is at 95 % or explained, 1 if not, 2 for usage, 3 if a target cannot be built or measured.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

FUZZ = pathlib.Path(__file__).resolve().parent
ROOT = FUZZ.parent
GUARDED = FUZZ / "guarded.json"
ENOUGH = 95.0
# The last one has the counters in a mapped file: those of a process that is killed count, too.
FLAGS = ("-O1 -fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping"
         " -mllvm -runtime-counter-relocation=true")


class Failure(Exception):
    """A target that cannot be built or measured, in words."""


def run(command, **options):
    try:
        result = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, errors="replace", **options)
    except FileNotFoundError as error:
        raise Failure(f"{command[0]} is not installed") from error
    if result.returncode != 0:
        raise Failure(f"{command[0]} failed with {result.returncode}:\n{result.stdout[-3000:]}")
    return result.stdout


def build(folder, targets):
    run(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_CXX_COMPILER=clang++-19", "-DCMAKE_BUILD_TYPE=None",
         "-DFREETHREADING_VARIANTS=plain", "-DFREETHREADING_FUZZING_ENGINE=-fsanitize=fuzzer",
         "-DFREETHREADING_WARNINGS=OFF",
         f"-DCMAKE_CXX_FLAGS={FLAGS}"])
    print(f"building {', '.join(targets)} in {folder} ...", flush=True)
    run(["cmake", "--build", folder, "--target", *(f"{target}_fuzz" for target in targets)])


def profile(folder, target, seconds, campaigns, scratch):
    """Runs the target; returns its profile, and the edges and features that the engine counted."""
    raw = scratch / f"{target}.raw"
    merged = scratch / f"{target}.profile"
    fresh = scratch / target
    fresh.mkdir()
    inputs = [fresh, FUZZ / "corpus" / target]
    if campaigns and (campaigns / target).is_dir():
        inputs.append(campaigns / target)
    command = [folder / "fuzz" / f"{target}_fuzz", "-max_len=4096", f"-artifact_prefix={scratch}/"]
    command += [f"-max_total_time={seconds}"] if seconds > 0 else ["-runs=0"]
    words = FUZZ / "dictionaries" / f"{target}.dict"
    if words.exists():
        command.append(f"-dict={words}")
    output = run(command + inputs, env={"LLVM_PROFILE_FILE": f"{raw}%c", "PATH": "/usr/bin:/bin"})
    run(["llvm-profdata-19", "merge", raw, "-o", merged])
    counts = re.findall(r"cov: (\d+) ft: (\d+)", output)
    if not counts:
        raise Failure(f"{target}_fuzz did not say what it covered:\n{output[-3000:]}")
    return merged, counts[-1]


def exported(folder, target, merged, files):
    """Of each file: lines, lines that were reached, and the numbers of those that were not."""
    text = run(["llvm-cov-19", "export", folder / "fuzz" / f"{target}_fuzz", f"-instr-profile={merged}",
                "--skip-expansions", "--skip-functions", *(ROOT / file for file in files)])
    data = json.loads(text[text.index("{"):])["data"][0]
    found = {}
    for file in data["files"]:
        lines = file["summary"]["lines"]
        found[str(pathlib.Path(file["filename"]).relative_to(ROOT))] = (lines["count"], lines["covered"])
    return found


def guarded_files(patterns):
    """The files, and whether each is named itself: what a pattern finds may have no code."""
    files = {}
    for pattern in patterns:
        matches = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(pattern)
                         if not path.stem.endswith("_test"))
        if not matches:
            raise Failure(f"{GUARDED.name}: there is no {pattern}")
        for file in matches:
            files[file] = files.get(file, False) or file == pattern
    return files


def missed_lines(folder, target, merged, file):
    text = run(["llvm-cov-19", "show", folder / "fuzz" / f"{target}_fuzz", f"-instr-profile={merged}",
                "--show-instantiations=false", ROOT / file])
    return re.findall(r"^ *(\d+)\| +0\|(.*)$", text, re.MULTILINE)


def check(target, explanations, files, found, show_missed):
    """Prints a line for each file, and returns how many are not as they should be."""
    wrong = 0
    for file, is_named in files.items():
        explained = explanations.get(file)
        if file not in found:
            if not is_named:
                continue
            print(f"  {file:60}  NOT in the program: guarded.json names a file that {target} does not reach")
            wrong += 1
            continue
        count, covered = found[file]
        percent = 100 * covered / count if count else 100.0
        verdict = ""
        if percent < ENOUGH and explained is None:
            verdict = "TOO LITTLE, and no explanation"
        elif percent < ENOUGH and percent < explained["least"]:
            verdict = f"LESS than the {explained['least']} % explained"
        elif percent >= ENOUGH and explained is not None:
            verdict = "STALE explanation"
        wrong += verdict != ""
        if not verdict and explained is not None:
            verdict = explained["reason"]
        print(f"  {file:60} {count:5} {percent:6.1f} %  {verdict}".rstrip())
        if show_missed and covered < count:
            for number, text in show_missed(file):
                print(f"      {number:>5} {text}")
    for file in explanations:
        if file not in found:
            print(f"  {file:60}  is explained, but not guarded")
            wrong += 1
    return wrong


def main():
    guarded = json.loads(GUARDED.read_text())
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(guarded)}; all by default")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "coverage", help="default: %(default)s")
    parser.add_argument("--seconds", type=int, default=1800, help="of fresh inputs for each target; default: %(default)s")
    parser.add_argument("--campaigns", type=pathlib.Path, help="folder with further inputs, by target")
    parser.add_argument("--missed", action="store_true", help="list the lines that were not reached")
    arguments = parser.parse_args()
    if unknown := [target for target in arguments.targets if target not in guarded]:
        parser.error(f"no such target: {', '.join(unknown)}")
    targets = arguments.targets or list(guarded)
    wrong = 0
    try:
        build(arguments.build, targets)
        for target in targets:
            with tempfile.TemporaryDirectory(prefix="coverage-") as name:
                merged, (edges, features) = profile(arguments.build, target, arguments.seconds, arguments.campaigns,
                                                    pathlib.Path(name))
                files = guarded_files(guarded[target]["files"])
                found = exported(arguments.build, target, merged, files)
                lines = sum(count for count, _ in found.values())
                reached = sum(covered for _, covered in found.values())
                print(f"{target}: {edges} edges, {features} features;"
                      f" {100 * reached / max(lines, 1):.1f} % of {lines} lines", flush=True)
                wrong += check(target, guarded[target].get("explained", {}), files, found,
                               (lambda file: missed_lines(arguments.build, target, merged, file))
                               if arguments.missed else None)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 3
    print(f"{wrong} files are not as they should be" if wrong else "every file is reached, or explained")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
