#!/usr/bin/env python3
"""sheet.py PLACE OUT.png GROUP [GROUP...]: a contact sheet, to see with one's own eyes what can be read.

`--crops` shows each string alone, twice as large, at its own window: what nobody can read there is no
leak and does not belong into the corpus.
"""
import json
import os
import sys

import numpy as np
import pydicom
from PIL import Image

from score import decode


def shown(ds, k, box=None):
    """One frame as 8-bit RGB by the window of the header, or by the values in a box."""
    a = decode(ds)[k].astype(np.float32)
    if box:
        x0, y0, x1, y1 = box
        a = a[max(0, y0 - 6):y1 + 6, max(0, x0 - 6):x1 + 6]
        low, high = np.percentile(a, .5), np.percentile(a, 99.8)
    elif a.ndim == 2 and "WindowCenter" in ds:
        low, high = ds.WindowCenter - ds.WindowWidth / 2, ds.WindowCenter + ds.WindowWidth / 2
    else:
        low, high = (0, 255) if a.max() < 256 else (a.min(), a.max())
    a = np.clip((a - low) / max(1e-6, high - low) * 255, 0, 255).astype(np.uint8)
    if ds.PhotometricInterpretation == "MONOCHROME1" and not box:
        a = 255 - a
    return np.repeat(a[..., None], 3, -1) if a.ndim == 2 else a


def tile(parts, width):
    rows, x, y, tall = [], 0, 0, 0
    for p in parts:
        if x and x + p.shape[1] + 4 > width:
            x, y, tall = 0, y + tall + 4, 0
        rows.append((x, y, p))
        x, tall = x + p.shape[1] + 4, max(tall, p.shape[0])
    sheet = np.full((y + tall, width, 3), (60, 0, 60), np.uint8)
    for x, y, p in rows:
        sheet[y:y + p.shape[0], x:x + p.shape[1]] = p[:, :width - x]
    return sheet


def main():
    arguments = [a for a in sys.argv[1:] if a != "--crops"]
    place, out, names = arguments[0], arguments[1], arguments[2:]
    parts = []
    for text in open(os.path.join(place, "truth.jsonl"), encoding="utf-8"):
        line = json.loads(text)
        if names and line["group"] not in names:
            continue
        ds = pydicom.dcmread(os.path.join(place, "dicom", line["path"]))
        if "--crops" in sys.argv:
            for s in line["strings"]:
                if s["where"] == "pixels":
                    part = shown(ds, (s["frames"] or [0])[0], s["box"])
                    parts.append(part.repeat(2, 0).repeat(2, 1))
        else:
            parts.append(shown(ds, next((s["frames"][0] for s in line["strings"] if s["frames"]), 0)))
    Image.fromarray(tile(parts, 1600)).save(out)


if __name__ == "__main__":
    main()
