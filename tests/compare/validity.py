#!/usr/bin/env python3
"""Judges by independent programs what `obscura deid` releases.

    python tests/compare/validity.py [PATH] [--binary OBSCURA] [--work DIR] [--presets basic,research,tcia]

PATH is a directory of DICOM files. Every preset is run over it. Of each released file:

- dciodvfy (Debian dicom3tools) reports no error that it did not report of the original. Errors are
  compared by class: numbers and values in them are left out. Deflated files are inflated first by
  dcmconv, because dciodvfy does not read them.
- pydicom reads it, every element and every text in it.
- dcmdump (Debian dcmtk) reads it, where it could read the original.
- The pixel data is byte for byte that of the original; where it is not (metadata was cleared from
  coded frames), the decoded values are equal.
- The file meta group is conformant, and the preamble is empty.

Ends with 0 if all hold, 1 if not, 77 if dciodvfy or dcmdump is not installed.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pydicom
from pydicom.uid import DeflatedExplicitVRLittleEndian

warnings.filterwarnings("ignore")
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
NOT_INSTALLED = 77


def main():
    arguments = parse()
    for program in ("dciodvfy", "dcmdump", "dcmconv"):
        if not shutil.which(program):
            print(f"{program} is not installed")
            return NOT_INSTALLED
    failures = 0
    for preset in arguments.presets.split(","):
        failures += judge_preset(arguments, preset)
    return 1 if failures else 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", nargs="?", default=".obscura-work/real")
    parser.add_argument("--binary", default=os.environ.get("OBSCURA_BINARY", "target/release/obscura"))
    parser.add_argument("--work", default=os.environ.get("OBSCURA_WORK", ".obscura-work/compare/validity"))
    parser.add_argument("--presets", default="basic,research,tcia")
    parser.add_argument("--verbose", action="store_true", help="list every finding")
    return parser.parse_args()


def judge_preset(arguments, preset):
    source, out = pathlib.Path(arguments.path), pathlib.Path(arguments.work) / preset
    shutil.rmtree(out, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    command = [arguments.binary, "deid", source, "--out", out, "--preset", preset, "--key", "none", "--pixels", "off",
               "--jpeg", "none", "--quiet"]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL)
    if ended.returncode not in (0, 2):
        print(f"{preset}: obscura ended with {ended.returncode}")
        return 1
    lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines if line.strip()]
    pairs = [(source / e["input"], out / e["output"]) for e in entries
             if e.get("status") == "released" and not e.get("duplicate_of")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda pair: judge(*pair), pairs))
    findings = [(pair[0], finding) for pair, found in zip(pairs, results) for finding in found]
    classes = collections.Counter(finding for _, finding in findings)
    statuses = collections.Counter(e.get("status") for e in entries if e.get("status"))
    print(f"{preset}: {dict(statuses)}, {len(pairs)} judged, {len(findings)} findings")
    for finding, number in classes.most_common():
        print(f"  {number:5}  {finding}")
    if arguments.verbose:
        for path, finding in findings:
            print(f"         {path}: {finding}")
    if not pairs:
        print(f"{preset}: nothing was released")
        return 1
    return len(findings)


def judge(before, after):
    """What is wrong with one released file, as a list of value-free texts."""
    try:
        whole = readable_by_dcmdump(before)
        new = errors(after) - errors(before)
        if not whole:
            # dciodvfy takes the length that a cut file claims for the length that is there.
            new = {e for e in new if "PixelData has incorrect value length" not in e}
        if not names_its_class(before):
            # Without a class in the data set dciodvfy knows no module that the original could lack.
            # The result has the class of the file meta group, and is held to it for the first time.
            new = set()
        found = [f"new error of dciodvfy: {e}" for e in sorted(new)]
        if whole and not readable_by_dcmdump(after):
            found.append("dcmdump reads the original and not the result")
        return found + judge_by_pydicom(before, after)
    except Exception as error:
        return [f"could not be judged: {type(error).__name__}"]


def names_its_class(path):
    """Whether the data set itself names a SOP class."""
    data = pydicom.dcmread(path, stop_before_pixels=True, force=True)
    return bool(data.get("SOPClassUID"))


def errors(path):
    """The classes of errors that dciodvfy reports."""
    with tempfile.TemporaryDirectory() as place:
        if is_deflated(path):
            inflated = os.path.join(place, "inflated.dcm")
            run = subprocess.run(["dcmconv", "+te", path, inflated], capture_output=True)
            path = inflated if run.returncode == 0 else path
        run = subprocess.run(["dciodvfy", path], stdin=subprocess.DEVNULL, capture_output=True)
    text = (run.stderr + run.stdout).decode("utf-8", "replace")
    return {error_class(line) for line in text.splitlines() if line.startswith("Error")}


def error_class(line):
    """An error without what is particular to one file: values, numbers, positions."""
    line = re.sub(r"= <[^>]*>", "= <>", line)
    line = re.sub(r"<[\d.]+>", "<>", line)
    line = re.sub(r"\[[^\]]*\]", "[]", line)
    line = re.sub(r"(UID) [\d.]+", r"\1 #", line)
    line = re.sub(r"(?<![\w.])-?\d+(\.\d+)?(?![\w.])", "#", line)
    return " ".join(line.split())


def is_deflated(path):
    try:
        meta = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=[], force=True).file_meta
        return meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian
    except Exception:
        return False


def readable_by_dcmdump(path):
    run = subprocess.run(["dcmdump", "-q", path], stdin=subprocess.DEVNULL, capture_output=True)
    return run.returncode == 0


def judge_by_pydicom(before, after):
    found = []
    with open(after, "rb") as file:
        head = file.read(132)
    if head != bytes(128) + b"DICM":
        found.append("the preamble is not 128 zero bytes and DICM")
    new = pydicom.dcmread(after)
    try:
        str(new)
    except Exception as error:
        found.append(f"pydicom cannot show an element of the result: {type(error).__name__}")
    for name in ("MediaStorageSOPClassUID", "MediaStorageSOPInstanceUID", "TransferSyntaxUID",
                 "ImplementationClassUID"):
        if not new.file_meta.get(name):
            found.append(f"the file meta group lacks {name}")
    if new.file_meta.get("MediaStorageSOPInstanceUID") != new.get("SOPInstanceUID"):
        found.append("the file meta group names another SOP instance")
    return found + judge_pixels(before, new)


def judge_pixels(before, new):
    try:
        old = pydicom.dcmread(before, force=True)
        kept = [name for name in PIXELS if name in old]
    except Exception:
        return []  # pydicom cannot read the original: there is nothing to compare with.
    found = []
    for name in kept:
        if name not in new:
            found.append(f"{name} is gone")
        elif stripped(old[name].value) != stripped(new[name].value) and not same_values(old, new):
            found.append(f"{name} differs in its values")
    return found


def stripped(value):
    """Pixel data without a padding byte."""
    return bytes(value or b"").rstrip(b"\0")


def same_values(old, new):
    try:
        return np.array_equal(old.pixel_array, new.pixel_array)
    except Exception:
        return False


if __name__ == "__main__":
    sys.exit(main())
