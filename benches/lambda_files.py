#!/usr/bin/env python3
"""What `benches/lambda.py` sends through the functions: of each kind several objects that differ by their UIDs.

    lambda_files.py --input DIR --work DIR --repeat N

    ct    pydicom's CT slice 693_J2KI, 512 x 512 of 16 bit, as native pixels
    us    pydicom's ultrasound example, 640 x 480 in colour with 16 lines of text, as it is (JPEG 2000)
    cine  128 frames of 1024 x 768 with a banner of text and moving speckle: 100 MB (`benches/text.py`)
"""

import argparse
import pathlib

import pydicom
from text import cine


def renamed(data, place, number):
    """Writes the object under other UIDs: each is an object of its own."""
    uid = f"2.25.{7100000 + 1000 * len(place.name) + number}"
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = uid
    data.save_as(place.with_name(f"{place.name}-{number}.dcm"), enforce_file_format=True)


def main():
    arguments = argparse.ArgumentParser()
    for name in ("--input", "--work"):
        arguments.add_argument(name, required=True, type=pathlib.Path)
    arguments.add_argument("--repeat", required=True, type=int)
    wanted = arguments.parse_args()
    slice_ = pydicom.dcmread(next(wanted.input.rglob("693_J2KI.dcm")))
    slice_.decompress()
    frame = pydicom.dcmread(next(wanted.input.rglob("examples_jpeg2k.dcm")))
    for number in range(wanted.repeat):
        renamed(slice_, wanted.work / "ct", number)
        renamed(frame, wanted.work / "us", number)
    whole = wanted.work / "cine.dcm"
    cine(whole, frames=128)
    data = pydicom.dcmread(whole)
    for number in range(2):
        renamed(data, wanted.work / "cine", number)
    whole.unlink()


if __name__ == "__main__":
    main()
