#!/usr/bin/env python3
"""Compares Obscura's JPEGs with what pydicom and dcmtk show of the same files.

    pip install pydicom==3.0.2 pylibjpeg[all] python-gdcm pyjpegls scikit-image pillow
    python tests/compare/render_reference.py [--renderer PROGRAM] [PATH ...]

PATH is a DICOM file or a directory of them; without one, pydicom's own test files are taken.
PROGRAM is called as `PROGRAM FILE OUTDIR --pnm` and writes OUTDIR/<frame>.jpg and, before JPEG,
OUTDIR/<frame>.pnm; without one it is `cargo run -q --release -p obscura-pixels --example render --`.

One line a file: the least structural similarity (SSIM) over the frames compared, of the JPEG
against each reference, and of the picture before JPEG against the nearer one (what remains to 1 is
then the loss of JPEG). Where an object has no window there are several right pictures: the range of
the frame, of all frames, and the full range of Bits Stored; the nearest counts. Exit code 1 if a
JPEG that either reference shows is under the threshold against both.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pydicom
from PIL import Image
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi_lut, pixel_array
from skimage.metrics import structural_similarity

warnings.filterwarnings("ignore")
FRAMES_COMPARED = 5


def similarity(ours, reference):
    """SSIM of two pictures of 8 bits, both brought to RGB if one is."""
    if ours.ndim != reference.ndim:
        ours, reference = (np.stack([p] * 3, -1) if p.ndim == 2 else p for p in (ours, reference))
    if ours.shape != reference.shape:
        return 0.0
    window = min(7, min(ours.shape[:2]) - (1 - min(ours.shape[:2]) % 2))
    if window < 3:
        return 1.0 - np.abs(ours.astype(float) - reference).max() / 255
    axis = 2 if ours.ndim == 3 else None
    return structural_similarity(ours, reference, data_range=255, win_size=window, channel_axis=axis)


def has_window(ds):
    if ds.get("VOILUTSequence"):
        return True
    width = ds.get("WindowWidth")
    width = width[0] if isinstance(width, (list, pydicom.multival.MultiValue)) else width
    return width is not None and ds.get("WindowCenter") is not None and float(width) >= 1


def scaled(values, low, high):
    if high <= low:
        return np.zeros(values.shape, np.uint8)
    return np.clip(np.round((values - low) / (high - low) * 255), 0, 255).astype(np.uint8)


def frames_of(ds, array):
    dimensions = 3 if int(ds.get("SamplesPerPixel", 1)) == 3 else 2
    return list(array) if array.ndim > dimensions else [array]


def pydicom_pictures(path):
    """For each frame, the pictures that count as right."""
    ds = pydicom.dcmread(path, force=True)
    array = pixel_array(ds)
    frames = frames_of(ds, array)
    photometric = ds.PhotometricInterpretation
    if photometric == "PALETTE COLOR":
        colours = [apply_color_lut(frame, ds) for frame in frames]
        return [[(c >> 8 if c.dtype.itemsize == 2 else c).astype(np.uint8)] for c in colours]
    if array.ndim > 2 and int(ds.get("SamplesPerPixel", 1)) == 3:
        bits = int(ds.BitsStored)
        return [[(frame.astype(np.uint64) >> max(bits - 8, 0)).astype(np.uint8)] for frame in frames]
    signed, bits = int(ds.PixelRepresentation), int(ds.BitsStored)
    stored = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    values = [apply_modality_lut(frame, ds).astype(float) for frame in frames]
    if has_window(ds):
        pictures = []
        for frame in frames:
            shown = apply_voi_lut(apply_modality_lut(frame, ds), ds)
            limits = apply_modality_lut(np.array(stored), ds)
            if ds.get("VOILUTSequence"):
                high = 2 ** int(ds.VOILUTSequence[0].LUTDescriptor[2]) - 1
                pictures.append([scaled(shown.astype(float), 0, high)])
            else:
                low, high = float(min(limits)), float(max(limits))
                pictures.append([scaled(shown.astype(float), low, high)])
    else:
        whole = min(v.min() for v in values), max(v.max() for v in values)
        limits = sorted(float(x) for x in apply_modality_lut(np.array(stored), ds))
        pictures = [
            [scaled(v, v.min(), v.max()), scaled(v, *whole), scaled(v, *limits)] for v in values
        ]
    if photometric == "MONOCHROME1":
        pictures = [[255 - p for p in choices] for choices in pictures]
    return pictures


def dcmtk_pictures(path, directory):
    ds = pydicom.dcmread(path, force=True, stop_before_pixels=True)
    if ds.get("VOILUTSequence"):
        choices = [["+Wl", "1"]]
    elif has_window(ds):
        choices = [["+Wi", "1"]]
    else:
        choices = [["+Wm"], []]
    if int(ds.get("SamplesPerPixel", 1)) == 3 or ds.get("PhotometricInterpretation") == "PALETTE COLOR":
        choices = [[]]
    pictures = []
    for number, options in enumerate(choices):
        prefix = pathlib.Path(directory) / f"dcmtk{number}"
        command = ["dcmj2pnm", "+op", "+Fa", *options, str(path), str(prefix)]
        subprocess.run(command, capture_output=True, check=False)
        made = list(prefix.parent.glob(prefix.name + ".*.p?m"))
        made.sort(key=lambda p: int(p.name.split(".")[1]))
        pictures.append([np.array(Image.open(p)) for p in made])
    if not pictures[0]:
        raise ValueError("dcmj2pnm gave no picture")
    return [list(choices) for choices in zip(*pictures)]


def our_pictures(renderer, path, directory):
    command = [*renderer, str(path), str(directory), "--pnm"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise ValueError((run.stderr.strip().splitlines() or ["failed"])[-1][:60])
    made = [pathlib.Path(directory).glob(f"[0-9]*.{kind}") for kind in ("jpg", "pnm")]
    return [
        [np.array(Image.open(p)) for p in sorted(paths, key=lambda p: int(p.stem))]
        for paths in made
    ]


def compare(ours, reference):
    """The least similarity over frames, of each frame's nearest reference."""
    if len(ours) != len(reference):
        return 0.0
    step = max(1, len(ours) // FRAMES_COMPARED)
    return min(
        max(similarity(ours[at], choice) for choice in reference[at])
        for at in range(0, len(ours), step)
    )


def attempt(make):
    try:
        return make(), ""
    except Exception as error:  # a reference that cannot show a file is reported, not fatal
        return None, f"{type(error).__name__}: {error}"[:60].replace("\n", " ")


def files_of(paths):
    if not paths:
        paths = [pathlib.Path(pydicom.__path__[0]) / "data" / "test_files"]
    for path in map(pathlib.Path, paths):
        found = sorted(path.rglob("*.dcm")) if path.is_dir() else [path]
        for file in found:
            ds, _ = attempt(lambda: pydicom.dcmread(file, force=True))
            if ds is not None and "Rows" in ds and ("PixelData" in ds or "FloatPixelData" in ds or "DoubleFloatPixelData" in ds):
                yield file, str(ds.get("PhotometricInterpretation", "?"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--renderer", help="program called with FILE OUTDIR")
    parser.add_argument("--threshold", type=float, default=0.98)
    options = parser.parse_args()
    renderer = [options.renderer] if options.renderer else (
        "cargo run -q --release -p obscura-pixels --example render --".split()
    )
    compared = under = 0
    print(f"{'file':52} {'photometric':16} {'frames':>6} {'dcmtk':>7} {'pydicom':>7} {'picture':>7}")
    for path, photometric in files_of(options.paths):
        with tempfile.TemporaryDirectory() as directory:
            made, why = attempt(lambda: our_pictures(renderer, path, directory))
            ours, before = made or ([], [])
            references = [
                attempt(lambda: dcmtk_pictures(path, directory))[0],
                attempt(lambda: pydicom_pictures(path))[0],
            ]
        scores = [compare(ours, r) if ours and r else None for r in references]
        exact = [compare(before, r) for r in references if before and r]
        shown = [
            f"{s:7.4f}" if s is not None else f"{'-':>7}"
            for s in [*scores, max(exact, default=None)]
        ]
        known = [s for s in scores if s is not None]
        bad = any(references) and (not known or max(known) < options.threshold)
        compared += any(references)
        under += bad
        note = "UNDER " + why if bad else why
        print(f"{path.name[:52]:52} {photometric:16} {len(ours):6} {' '.join(shown)} {note}", flush=True)
    print(f"{compared} files shown by a reference, {under} under {options.threshold}")
    sys.exit(1 if under else 0)


if __name__ == "__main__":
    main()
