#!/usr/bin/env python3
"""Files a second of Obscura and of other tools, in one run on one machine, as ratios.

    cargo xtask bench [--input DIR] [--copies N] [--repeat N] [--peers LIST] [--write docs/performance.md]

The input is copied N times, with other SOP Instance UIDs, so that a run lasts seconds and nothing
is a duplicate. Every tool works alone, on one core where it lets itself be told. The tools take
turns, round after round, so that a machine that slows down slows all of them: the figures are medians
over the rounds, and a ratio is the median of the ratios within each round. What was written before is
brought to the disk first, so that no tool waits for another's output; and every run writes to a
directory of its own, all of them removed at the end, because ext4 passes over the inodes of files that
were deleted a moment ago one by one. Tools for one core are bound to one core. Beside the rate stands the processor time a file costs, user and system together,
which other programs on the machine disturb less. Peers are installed by pip into an environment of their own, at the versions below.

    obscura           --pixels off --jpeg none --jobs 1: metadata, all rows of the profile, the scan
    obscura, all      the same on all cores
    cp -r             a plain copy of the same files: the limit of the file system
    dcmanon           PyPI, Rust, one process
    dicom-anonymizer  PyPI, Python, one process
    obscura, jpeg     pictures as well, one core
    dcmj2pnm          dcmtk, one process a file, as it is used: +oj +Jq 90 +Wm +F 1
"""

import argparse
import contextlib
import datetime
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

PEERS = {"dcmanon": "dcmanon==0.3.1", "dicom-anonymizer": "dicom-anonymizer==2.1.0"}

DRIVERS = {
    "dcmanon": """
from dcmanon import Anonymizer
anonymizer = Anonymizer()
def work(source, target):
    with open(target, "wb") as file:
        file.write(anonymizer.anonymize(source))
""",
    "dicom-anonymizer": """
from dicomanonymizer.simpledicomanonymizer import anonymize_dicom_file
def work(source, target):
    anonymize_dicom_file(source, target)
""",
}

LOOP = """
import logging, os, sys, time, warnings
warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)
{driver}
source, target = sys.argv[1:]
done, begun, used = 0, time.perf_counter(), time.process_time()
for folder, _, names in os.walk(source):
    for name in names:
        path = os.path.join(folder, name)
        out = os.path.join(target, os.path.relpath(path, source))
        os.makedirs(os.path.dirname(out), exist_ok=True)
        try:
            work(path, out)
            done += 1
        except Exception:
            pass
print(done, time.perf_counter() - begun, time.process_time() - used)
"""

MULTIPLY = """
import copy, os, sys, warnings
import pydicom
warnings.simplefilter("ignore")
source, target, copies = sys.argv[1], sys.argv[2], int(sys.argv[3])
for folder, _, names in os.walk(source):
    for name in names:
        path = os.path.join(folder, name)
        with open(path, "rb") as file:
            raw = file.read()
        try:
            uid = str(pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID).encode()
        except Exception:
            continue
        if len(uid) < 8:
            continue
        for number in range(copies):
            # The same length: the last digits of the UID become the number of the copy.
            other = uid[:-5] + b"%05d" % (10000 + number)
            out = os.path.join(target, f"{number:03}", os.path.relpath(path, source))
            os.makedirs(os.path.dirname(out), exist_ok=True)
            with open(out, "wb") as file:
                file.write(raw.replace(uid, other))
"""


def main():
    arguments = parse()
    work = pathlib.Path(arguments.work)
    work.mkdir(parents=True, exist_ok=True)
    python = environment(work, arguments.peers.split(","))
    source = work / "input"
    shutil.rmtree(source, ignore_errors=True)
    subprocess.run([python, "-c", MULTIPLY, arguments.input, source, str(arguments.copies)], check=True)
    files = [path for path in source.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {size / 1e6:.1f} MB")
    tools = {"cp -r": lambda out: copy(source, out)}
    for name in filter(None, arguments.peers.split(",")):
        tools[name] = lambda out, name=name: peer(python, name, source, out)
    tools["obscura"] = lambda out: obscura(arguments, source, out, "none", "1")
    tools["obscura, all cores"] = lambda out: obscura(arguments, source, out, "none", None)
    tools["obscura, jpeg"] = lambda out: obscura(arguments, source, out, "first", "1")
    if shutil.which("dcmj2pnm"):
        tools["dcmj2pnm"] = lambda out: dcmj2pnm(files, out)
    rows = {name: [] for name in tools}
    output = work / "output"
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir()
    for number in range(arguments.repeat):
        for place, (name, tool) in enumerate(tools.items()):
            os.sync()
            with bound_to_one_core(name != "obscura, all cores"):
                done, seconds, cpu, memory = tool(output / f"{number}-{place}")
            rows[name].append((done, done / seconds, 1e3 * cpu / max(done, 1), memory))
            print(f"{name:20} {done:6} files {done / seconds:9.1f} files/s "
                  f"{rows[name][-1][2]:8.3f} ms CPU/file  {memory}", flush=True)
    shutil.rmtree(output)
    report(arguments, rows, len(files), size)


@contextlib.contextmanager
def bound_to_one_core(wanted):
    """Binds this process, and what it starts, to the first of its cores, where the system can."""
    if not wanted or not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--input", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--peers", default=",".join(PEERS), help="names, or nothing for none")
    parser.add_argument("--write", help="put the table into this Markdown file, at its marker")
    return parser.parse_args()


def environment(work, peers):
    """An interpreter with pydicom and the peers."""
    place = work / "venv"
    python = place / "bin" / "python"
    wanted = " ".join(["pydicom==3.0.1", *(PEERS[name] for name in peers if name)])
    stamp = place / "wanted.txt"
    if not stamp.is_file() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--clear", place], check=True)
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
        subprocess.run([*pip, *wanted.split()], check=True)
        stamp.write_text(wanted)
    return str(python)


def timed(command, allowed=(0,)):
    """Seconds, CPU seconds and peak memory (KiB) of a command. The memory is Linux's, of this
    child alone."""
    begun = time.perf_counter()
    child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in allowed:
        sys.exit(f"{command[0]} ended with {child.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def copy(source, out):
    seconds, cpu, _ = timed(["cp", "-r", source, out])
    return sum(1 for path in out.rglob("*") if path.is_file()), seconds, cpu, ""


def obscura(arguments, source, out, jpeg, jobs):
    command = [arguments.binary, "deid", source, "--out", out, "--key", "none", "--pixels", "off",
               "--jpeg", jpeg, "--quiet"]
    seconds, cpu, memory = timed(command + (["--jobs", jobs] if jobs else []), allowed=(0, 2))
    done = sum(1 for path in (out / "dicom").rglob("*.dcm"))
    return done, seconds, cpu, f"{memory // 1024} MiB"


def peer(python, name, source, out):
    code = LOOP.format(driver=DRIVERS[name])
    run = subprocess.run([python, "-c", code, source, out], capture_output=True, text=True, check=True)
    done, seconds, cpu = run.stdout.split()[-3:]
    return int(done), float(seconds), float(cpu), ""


def dcmj2pnm(files, out):
    out.mkdir(parents=True)
    done, begun, used = 0, time.perf_counter(), children()
    for number, path in enumerate(files):
        command = ["dcmj2pnm", "-q", "+oj", "+Jq", "90", "+Wm", "+F", "1", path, out / f"{number}.jpg"]
        run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
        done += run.returncode == 0
    return done, time.perf_counter() - begun, children() - used, ""


def children():
    """CPU seconds of the child processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def report(arguments, rows, number, size):
    lines = ["| tool | files done | files/s | Obscura on one core is | CPU ms a file | peak memory |",
             "|---|---:|---:|---:|---:|---:|"]
    for name, rounds in rows.items():
        rate, cpu = (statistics.median(figures) for figures in list(zip(*rounds))[1:3])
        ratio = statistics.median(ours[1] / max(theirs[1], 1e-9)
                                  for ours, theirs in zip(rows["obscura"], rounds))
        lines.append(f"| {name} | {rounds[-1][0]} | {rate:.0f} | {ratio:.2f} x | {cpu:.2f} "
                     f"| {rounds[-1][3]} |")
    lines.append("")
    lines.append(f"{number} files, {size / 1e6:.0f} MB, median of {arguments.repeat} rounds; "
                 f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}; "
                 f"{datetime.date.today().isoformat()}.")
    table = "\n".join(lines)
    print("\n" + table)
    if arguments.write:
        path = pathlib.Path(arguments.write)
        begin, end = "<!-- table -->", "<!-- end of table -->"
        text = path.read_text(encoding="utf-8")
        if begin not in text or end not in text:
            sys.exit(f"{path} has no place for the table: {begin} ... {end}")
        before, after = text.split(begin)[0], text.split(end)[1]
        path.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
