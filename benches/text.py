#!/usr/bin/env python3
"""What the search for text in pixels costs, beside RapidOCR in Python on the same pictures in one run.

    cargo xtask bench --text [--repeat N]

Two things are measured:

    ultrasound  pydicom's three ultrasound examples, whose banners hold up to 20 lines. `obscura deid`
                as a whole process on one core: start, models, search, blanking, second look, the header.
                RapidOCR gets the frame as an array and finds and reads its lines, on one core and one
                thread, after it was started and warmed up; it blanks nothing and looks once.
    cine        60 frames of 1024 x 768 with a banner and moving speckle, in 2 GiB of address space
                and on two cores, as a small Lambda function has them.

The programs take turns, round after round; figures are medians, and the ratio is the median of the
ratios of the rounds.
"""

import argparse
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import time

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels import convert_color_space
from pydicom.uid import ExplicitVRLittleEndian, UltrasoundMultiFrameImageStorage

EXAMPLES = ["examples_jpeg2k.dcm", "examples_rgb_color.dcm", "examples_palette.dcm"]
LIMIT = 2 << 30


def one_core():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def bounded():
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))


def obscura(binary, source, out, jobs, before):
    shutil.rmtree(out, ignore_errors=True)
    command = [binary, "deid", source, "--out", out, "--key", "none", "--jpeg", "none", "--jobs", str(jobs), "--quiet"]
    begun = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=before)
    _, status, usage = os.wait4(child.pid, 0)
    took = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"text.py: {pathlib.Path(source).name} was not released")
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def shown(path):
    data = pydicom.dcmread(path)
    pixels = data.pixel_array
    if data.PhotometricInterpretation == "PALETTE COLOR":
        from pydicom.pixels import apply_color_lut

        wide = apply_color_lut(pixels, data)
        pixels = (wide >> 8 if wide.dtype == np.uint16 else wide).astype(np.uint8)
    elif data.PhotometricInterpretation.startswith("YBR_FULL"):
        # JPEG 2000's own colour transforms are undone by its decoder.
        pixels = convert_color_space(pixels, data.PhotometricInterpretation, "RGB")
    return pixels if pixels.ndim == 3 else pixels[0]


def cine(path, frames=60, width=1024, height=768):
    from PIL import Image, ImageDraw, ImageFont

    draw = np.random.default_rng(7)
    ground = draw.gamma(1.5, 22.0, (height + max(200, 3 * frames), width)).clip(0, 255)
    y, x = np.mgrid[0:height, 0:width]
    radius = np.hypot(x - width / 2, y - 40)
    fan = (radius > 90) & (radius < 660) & (np.abs(np.arctan2(x - width / 2, y - 40)) < 0.65)
    banner = Image.new("L", (width, height))
    pen = ImageDraw.Draw(banner)
    lines = ["MERIWETHER, ROSALIND", "ID 60214877", "1968-03-14", "Wexcombe Vale Clinic", "DEPTH 15 cm", "MI 1.1"]
    for at, line in enumerate(lines):
        pen.text((12 + 380 * (at % 3), 8 + 24 * (at // 3)), line, fill=235, font=ImageFont.load_default(18))
    banner = np.asarray(banner)
    pictures = np.empty((frames, height, width), np.uint8)
    for at in range(frames):
        moving = np.where(fan, ground[3 * at : 3 * at + height], 0)
        pictures[at] = np.maximum(moving, banner)
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = UltrasoundMultiFrameImageStorage
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = "2.25.7001"
    data.StudyInstanceUID, data.SeriesInstanceUID = "2.25.7002", "2.25.7003"
    data.PatientName, data.PatientID, data.Modality = "Meriwether^Rosalind", "60214877", "US"
    data.Rows, data.Columns, data.NumberOfFrames = height, width, frames
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation = 7, 0
    data.PixelData = pictures.tobytes()
    data.save_as(path, enforce_file_format=True)


def main():
    arguments = argparse.ArgumentParser()
    for name in ("--binary", "--input", "--work"):
        arguments.add_argument(name, required=True, type=pathlib.Path)
    arguments.add_argument("--repeat", type=int, default=3)
    wanted = arguments.parse_args()
    out = wanted.work / "text-out"

    print("| picture | Obscura, s | of processor | RapidOCR, s | Obscura is | peak memory |")
    print("|---|---:|---:|---:|---:|---:|")
    mask = os.sched_getaffinity(0)
    one_core()
    from rapidocr import RapidOCR

    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": 1, "EngineConfig.onnxruntime.inter_op_num_threads": 1}
    engine = RapidOCR(params=threads)
    for name in EXAMPLES:
        path = next(wanted.input.rglob(name))
        picture = np.ascontiguousarray(shown(path)[..., ::-1])
        engine(picture)
        rounds = []
        for _ in range(wanted.repeat):
            ours = obscura(wanted.binary, path, out, 1, one_core)
            begun = time.perf_counter()
            engine(picture)
            rounds.append((*ours, time.perf_counter() - begun))
        wall, used, memory, theirs = (statistics.median(column) for column in zip(*rounds))
        ratio = statistics.median(row[3] / row[0] for row in rounds)
        size = f"{picture.shape[1]} x {picture.shape[0]}"
        print(f"| {name}, {size} | {wall:.2f} | {used:.2f} | {theirs:.2f} | {ratio:.2f} x | {memory:.0f} MiB |")
    os.sched_setaffinity(0, mask)
    path = wanted.work / "cine.dcm"
    cine(path)
    wall, used, memory = obscura(wanted.binary, path, out, 2, bounded)
    print(f"| cine, 60 frames of 1024 x 768, 2 GiB | {wall:.1f} | {used:.1f} | | | {memory:.0f} MiB |")


if __name__ == "__main__":
    main()
