"""The conditions of a measurement: the machine and the versions."""
import os
import platform
import subprocess
from pathlib import Path

FLAGS = ["avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "sve", "bf16"]
VARIABLES = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "LD_PRELOAD", "MALLOC_ARENA_MAX"]


def cpu_info():
    info = {}
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        info.setdefault(name.strip(), value.strip())
    return info


def cores():
    """The processors that this process may use: `taskset -c 0,1 bench/compare.py …` gives both programs two."""
    return len(os.sched_getaffinity(0))


def memory_gib():
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


def describe():
    info = cpu_info()
    flags = (info.get("flags") or info.get("Features") or "").split()
    return {"cpu": info.get("model name") or platform.machine(),
            "cores": cores(), "cores_of_machine": os.cpu_count(),
            "flags": [flag for flag in FLAGS if flag in flags],
            "memory_gib": round(memory_gib(), 1),
            "system": f"{platform.system()} {platform.release()}",
            "load_before": round(os.getloadavg()[0], 2),
            "environment": {name: os.environ[name] for name in VARIABLES if name in os.environ}}


def has_bf16(machine):
    return any(flag in machine["flags"] for flag in ("avx512_bf16", "amx_bf16", "bf16"))


def commit(folder):
    """The commit of the sources, with "+" if files differ from it."""
    def git(*words):
        return subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True).stdout.strip()
    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")
