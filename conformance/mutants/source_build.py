"""A build of the reference that is wrong in many places of its source, none of which is chosen."""

import filecmp
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess

from listings import Trouble

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDERS = ("spec", "reference", "conformance", "fuzz", "bench")
OWN = ("reference/all",)  # the tests of the reference
BY_COMPILER = ("portable_aggregate.hpp", "portable_traits.hpp")  # all that these decide is decided while compiling


def sources(folder):
    headers = sorted((folder / "reference" / "include").rglob("*.hpp"))
    return [path for path in headers if path.name not in BY_COMPILER] + sorted((folder / "reference" / "src").rglob("*.cpp"))


def fingerprint():
    """Of what the places are in."""
    files = [(str(path.relative_to(ROOT)), path.read_bytes()) for path in sources(ROOT)]
    return hashlib.sha256(repr(files).encode()).hexdigest()


class Build:
    """A copy of the project whose reference is wrong in many places."""

    def __init__(self, work, variant, has_tests):
        self.work = work
        self.has_tests = has_tests
        self.variant = variant
        self.folder = work / "source"
        self.program = "reference-driver" + ("" if variant == "plain" else f"-{variant}")
        self.driver = work / "build" / "conformance" / "drivers" / "reference" / self.program
        self.list = work / "points.json"
        self.made_of = work / "sources.sha256"

    def points(self):
        """As dictionaries, by number."""
        if not self.list.exists():
            self.make()
        elif self.made_of.read_text() != fingerprint():
            raise Trouble(f"the reference has changed since its places were looked for: give another --work, or remove {self.work}")
        elif self.follow():
            built = self.build()
            if built.returncode != 0:
                raise Trouble(f"the copy with the faults does not compile any more:\n{built.stdout[-4000:]}{built.stderr}")
        return json.loads(self.list.read_text())

    def follow(self):
        """Copies what has changed since, tests say; whether anything has."""
        places = set(sources(self.folder))
        changed = False
        for path in (path for name in FOLDERS for path in (ROOT / name).rglob("*") if path.is_file()):
            copy = self.folder / path.relative_to(ROOT)
            if copy in places or (copy.exists() and filecmp.cmp(path, copy, shallow=False)):
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
            changed = True
        return changed

    def build(self):
        return subprocess.run(["cmake", "--build", self.work / "build", "--target", self.program, *(OWN if self.has_tests else ()), "--", "-k", "0"],
                              capture_output=True, text=True, check=False)  # fmt: skip

    def make(self):
        import source_points  # has to find libclang, which --help does not need

        made_of = fingerprint()
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in FOLDERS:
            shutil.copytree(ROOT / name, self.folder / name)
        shutil.copy(ROOT / "CMakeLists.txt", self.folder)
        arguments = ["-x", "c++", "-std=c++20", f"-I{self.folder / 'reference' / 'include'}"]
        texts, points = {}, []
        for path in sources(self.folder):
            print(f"\rlooking for places: {path.name:40}", end="", flush=True)
            texts[path], found = source_points.find_points(str(path.relative_to(self.folder)), path, arguments)
            for point in found:
                point.number = len(points)
                points.append(point)
        print(f"\r{len(points)} places in {len(texts)} files" + " " * 40)
        points = self.compile(source_points, texts, points)
        self.made_of.write_text(made_of)
        self.list.write_text(json.dumps([vars(point) for point in points], indent=1))

    def compile(self, source_points, texts, points):
        """What is left of them: a change that the compiler refuses is none."""
        build = self.work / "build"
        header = ROOT / "conformance" / "mutants" / "source_mutation.hpp"
        self.run("cmake", "-S", self.folder, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                 f"-DCMAKE_CXX_COMPILER={os.environ.get('CXX', 'clang++-19')}", f"-DFREETHREADING_VARIANTS={self.variant}",
                 "-DFREETHREADING_WARNINGS=OFF", f"-DCMAKE_CXX_FLAGS=-include {header} -ferror-limit=0")  # fmt: skip
        while True:
            renderings = {}
            for path, text in texts.items():
                own = [point for point in points if self.folder / point.file == path]
                renderings[path] = source_points.Rendering(text, own)
                if path.read_bytes() != renderings[path].text:
                    path.write_bytes(renderings[path].text)
            print(f"building with {len(points)} places", flush=True)
            built = self.build()
            if built.returncode == 0:
                return points
            refused = set()
            for path, line, column in re.findall(r"^(\S+?):(\d+):(\d+): error:", built.stdout, re.MULTILINE):
                if rendering := renderings.get((build / path).resolve()):
                    refused |= {point.number for point in rendering.points_at(int(line), int(column))}
            if not refused:
                raise Trouble(f"the copy with the faults does not compile:\n{built.stdout[-4000:]}{built.stderr}")
            points = [point for point in points if point.number not in refused]

    @staticmethod
    def run(*command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Trouble(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
