"""Compare the stored values that Obscura decodes with those of pydicom.

    python tests/compare/decode_reference.py PATH... [--dump DIR] [--verbose]

PATH: DICOM files or directories. Runs the example `dump_frames` (Rust) over them, decodes the same
frames with pydicom and its plugins (pylibjpeg with libjpeg, openjpeg and rle; pyjpegls;
python-gdcm), and prints a line for each file that differs, that only one of the two decodes, and a
summary. Lossless frames must be equal; lossy ones may differ by rounding (see LOSSY_LIMIT), and
chroma that was subsampled by the way it is interpolated (mean only).

Needs: numpy, pydicom, pylibjpeg, pylibjpeg-libjpeg, pylibjpeg-openjpeg, pylibjpeg-rle, pyjpegls,
python-gdcm. Exit code 0 if nothing differs that should not.
"""

import argparse
import collections
import logging
import os
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pydicom
from pydicom.pixels import get_decoder
from pydicom.pixels.processing import convert_color_space
from pydicom.uid import UID

LOSSY_LIMIT = 2
"""Largest difference of a sample that two correct lossy decoders show (12 bits: four times it)."""

LOSSLESS = {
    "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.92",
    "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.5",
}
"""Syntaxes whose decoding is exact; near-lossless JPEG-LS decodes exactly, too."""


def files(paths):
    for path in paths:
        if os.path.isdir(path):
            for folder, _, names in sorted(os.walk(path)):
                yield from (os.path.join(folder, name) for name in sorted(names))
        else:
            yield path


def has_pixels(path):
    try:
        ds = pydicom.dcmread(path, force=True)
        return any(k in ds for k in ("PixelData", "FloatPixelData", "DoubleFloatPixelData"))
    except Exception:
        return True


def reference(path):
    """The frames of a file by pydicom: (samples, photometric), and its transfer syntax."""
    ds = pydicom.dcmread(path, force=True)
    if "TransferSyntaxUID" not in ds.file_meta:
        implicit = ds.original_encoding[0]
        ds.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2" if implicit else "1.2.840.10008.1.2.1")
    uid = ds.file_meta.TransferSyntaxUID
    frames = []
    decoder = get_decoder(uid)
    for index in range(int(ds.get("NumberOfFrames", 1) or 1)):
        array, meta = decoder.as_array(ds, index=index, raw=True)
        frames.append((array, str(meta["photometric_interpretation"])))
    return frames, str(uid)


def difference(ours, kind, theirs, photometric, own_photometric):
    if own_photometric == "Rgb" and photometric.startswith("YBR_FULL"):
        theirs = convert_color_space(theirs, "YBR_FULL", "RGB")
    theirs = theirs.reshape(-1)
    if ours.size != theirs.size:
        return None
    if kind.startswith("<f"):
        same = np.array_equal(ours, theirs, equal_nan=True)
        return (0.0, 0.0) if same else (float("inf"), float("inf"))
    delta = np.abs(ours.astype(np.int64) - theirs.astype(np.int64))
    return int(delta.max(initial=0)), float(delta.mean())


def judge(path, lines, dump, tally, verbose):
    frames, uid, refused = [], "", ""
    try:
        frames, uid = reference(path)
    except Exception as error:
        refused = str(error).strip().splitlines()[0][:120] if str(error) else type(error).__name__
    own = [line for line in lines if len(line) > 3]
    errors = sorted({line[-1] for line in lines if len(line) <= 3})
    name = os.path.basename(path)
    if not frames:
        outcome = "only Obscura decodes" if own else "neither decodes"
        tally[outcome] += 1
        print(f"{outcome:22} {name} ({refused}; {'; '.join(errors)})")
        return True
    if not own:
        tally["only pydicom decodes"] += 1
        print(f"{'only pydicom decodes':22} {name} [{uid}] ({'; '.join(errors)})")
        return False
    worst, mean, shape = 0, 0.0, len(own) == len(frames)
    for line, (theirs, photometric) in zip(own, frames):
        kind = line[7]
        ours = np.fromfile(os.path.join(dump, line[8]), dtype=kind)
        found = difference(ours, kind, theirs, photometric, line[5])
        if found is None:
            shape = False
            continue
        worst, mean = max(worst, found[0]), max(mean, found[1])
    bits = int(own[0][6])
    exact = uid in LOSSLESS or not uid.startswith("1.2.840.10008.1.2.4")
    # Turning YCbCr to RGB multiplies a difference of chroma by up to 1.772.
    turned = own[0][5] == "Rgb" and frames[0][1].startswith("YBR")
    limit = 0 if exact else (LOSSY_LIMIT + turned) * (4 if bits > 8 else 1)
    good = shape and worst <= limit
    tally["equal" if good and worst == 0 else "within rounding" if good else "different"] += 1
    if not good or verbose:
        state = "same" if good else "DIFFERENT"
        print(f"{state:22} {name} [{uid}] frames {len(own)}/{len(frames)} shape {shape} max {worst} "
              f"mean {mean:.3f} {own[0][5]} vs {frames[0][1]} bits {bits} {'; '.join(errors)}")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--dump", help="keep the dumps of Obscura here")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    inputs = [path for path in files(options.paths) if has_pixels(path)]
    dump = options.dump or tempfile.mkdtemp()
    command = ["cargo", "run", "-q", "-p", "obscura-pixels", "--example", "dump_frames", "--", dump]
    if subprocess.run(command + inputs, check=False).returncode != 0:
        return "the example dump_frames did not run"
    lines = collections.defaultdict(list)
    with open(os.path.join(dump, "index.tsv"), encoding="utf-8") as index:
        for line in index:
            fields = line.rstrip("\n").split("\t")
            lines[int(fields[0])].append(fields)
    tally = collections.Counter()
    good = [judge(path, lines[at], dump, tally, options.verbose) for at, path in enumerate(inputs)]
    print(dict(tally))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
