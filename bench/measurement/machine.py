"""What the figures depend on: processor, kernel, compiler, libraries. Nothing that names the machine."""

import os
import platform
import subprocess


def _first_match(path, key):
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith(key):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return "unknown"


def _cache_value(build, key):
    if build is None:
        return "unknown"
    try:
        with open(build / "CMakeCache.txt", encoding="utf-8") as file:
            for line in file:
                if line.startswith(key + ":"):
                    return line.split("=", 1)[1].strip()
    except OSError:
        pass
    return "unknown"


def _version(command):
    try:
        done = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return "unknown"
    return (done.stdout.splitlines() or ["unknown"])[0]


def description(build=None):
    """A dictionary of texts and numbers."""
    return {
        "processor": _first_match("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "c_library": " ".join(platform.libc_ver()),
        "python": platform.python_version(),
        "compiler": _version(_cache_value(build, "CMAKE_CXX_COMPILER")) if build else "unknown",
        "build_type": _cache_value(build, "CMAKE_BUILD_TYPE"),
        "load_before": round(os.getloadavg()[0], 2),
    }
