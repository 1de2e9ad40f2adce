"""Runs a program and measures its time and, on request, the memory of it and its children."""
import contextlib
import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass

SAMPLE_SECONDS = 0.2
PAGE = os.sysconf("SC_PAGE_SIZE")


class ProgramFailed(Exception):
    """The message is the last output line of the program."""


@dataclass
class Run:
    output: str
    wall_seconds: float
    cpu_seconds: float  # of the program and of the children that it waited for
    peak_pss_mib: float | None = None
    peak_rss_mib: float | None = None


def session_members(leader):
    """Processes of a session: the program, its workers, and theirs."""
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if fields[3] == str(leader) and fields[0] != "Z":
            yield name


def memory_of(pid):
    """Bytes (PSS, RSS) of a process. PSS divides a page among the processes that map it, RSS counts it in each."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            rss = int(file.read().split()[1]) * PAGE
        with open(f"/proc/{pid}/smaps_rollup") as file:
            pss = next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
        return pss, rss
    except (OSError, StopIteration):
        return 0, 0


def wait(process, memory):
    """The process's resource usage, and the peaks of its session's memory in bytes."""
    peak_pss = peak_rss = 0
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG if memory else 0)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage, peak_pss, peak_rss
        held = [memory_of(member) for member in session_members(process.pid)]
        peak_pss = max(peak_pss, sum(pss for pss, _ in held))
        peak_rss = max(peak_rss, sum(rss for _, rss in held))
        time.sleep(SAMPLE_SECONDS)


def run(command, memory=False):
    """Runs `command` (a list) to its end. Sampling memory takes time: do not use the seconds of such a run."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True)
        try:
            usage, pss, rss = wait(process, memory)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        result = Run("", time.perf_counter() - began, usage.ru_utime + usage.ru_stime)
        out.seek(0), err.seek(0)
        result.output = out.read()
        if process.returncode != 0:
            lines = (err.read().strip() or result.output.strip()).splitlines()
            raise ProgramFailed(lines[-1] if lines else f"exit code {process.returncode}, without output")
        if memory and pss == 0:
            raise ProgramFailed("its memory could not be measured: /proc/PID/smaps_rollup is empty")
        if memory:
            result.peak_pss_mib, result.peak_rss_mib = pss / 2**20, rss / 2**20
    return result
