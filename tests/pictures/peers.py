#!/usr/bin/env python3
"""peers.py --truth T --in DIR --json FILE [--jobs N]: the same pictures through other programs.

Each sees the 8-bit picture that a viewer shows by the header's window, and every box it returns is
blanked: Tesseract 5 (`--psm 11`, sparse text, each word of any confidence) and RapidOCR 3.10.0 (the
boxes of its whole pipeline: found, turned, read). What they blank is judged by `score.judge`, the
function that judges Obscura. Overlays, unused bits and icons are no pictures: peers are not asked.
Of a picture of many frames they see those with text, so that a run takes minutes.
"""
import argparse
import io
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pydicom
from PIL import Image, ImageDraw

from score import decode, judge, sums

ENGINES = {}


def shown(ds, values):
    """One frame as 8-bit RGB, by the window of the header or, without one, from least to most."""
    a = values.astype(np.float32)
    if a.ndim == 3:
        return a.astype(np.uint8) if values.dtype == np.uint8 else (a / max(1., a.max()) * 255).astype(np.uint8)
    a = a * float(ds.get("RescaleSlope", 1)) + float(ds.get("RescaleIntercept", 0))
    if "WindowCenter" in ds:
        first = lambda v: float(v[0] if isinstance(v, pydicom.multival.MultiValue) else v)
        centre, width = first(ds.WindowCenter), max(1., first(ds.WindowWidth))
        low, high = centre - width / 2, centre + width / 2
    elif values.dtype == np.uint8:
        low, high = 0., 255.
    else:
        low, high = float(a.min()), float(a.max())
    a = np.clip((a - low) / max(1e-6, high - low) * 255, 0, 255)
    if ds.PhotometricInterpretation == "MONOCHROME1":
        a = 255 - a
    return np.repeat(np.rint(a).astype(np.uint8)[..., None], 3, -1)


def tesseract(picture):
    """Corners of each word."""
    store = io.BytesIO()
    Image.fromarray(picture).save(store, "PPM")
    command = ["tesseract", "stdin", "stdout", "--psm", "11", "tsv"]
    environment = dict(os.environ, OMP_THREAD_LIMIT="1")
    out = subprocess.run(command, input=store.getvalue(), capture_output=True, env=environment, check=False).stdout.decode("utf-8", "replace")
    found = []
    for row in out.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip():
            x, y, w, h = map(int, cells[6:10])
            found.append([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
    return found


def rapidocr(picture):
    """Corners of each line that was found and read."""
    if "rapidocr" not in ENGINES:
        import logging
        from rapidocr import RapidOCR
        logging.disable(logging.WARNING)
        ENGINES["rapidocr"] = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1, "EngineConfig.onnxruntime.inter_op_num_threads": 1})
    result = ENGINES["rapidocr"](np.ascontiguousarray(picture[..., ::-1]))
    boxes = getattr(result, "boxes", None)
    return [] if boxes is None else [[(float(x), float(y)) for x, y in box] for box in boxes]


PEERS = {"tesseract": tesseract, "rapidocr": rapidocr}


def blanked(values, boxes):
    """The least value inside the boxes; where it was least, one above, so that a box over nothing counts.

    The boxes are put on the stored values, as Obscura's are: text that the header's window does not
    show is not hidden because a peer saw none.
    """
    image = Image.new("L", values.shape[1::-1])
    draw = ImageDraw.Draw(image)
    for corners in boxes:
        draw.polygon([tuple(c) for c in corners], fill=255)
    inside = np.asarray(image) > 0
    least = values.min()
    filled = np.where(values == least, least + 1, least).astype(values.dtype)
    return np.where(inside if values.ndim == 2 else inside[..., None], filled, values)


def one(task):
    line, path = task
    ds = pydicom.dcmread(path)
    values = decode(ds)
    frames = sorted({k for s in line["strings"] for k in (s["frames"] or [])}) or list(range(len(values)))[:2]
    seen = np.stack([values[k] for k in frames])
    asked = dict(line, strings=[dict(s, frames=[frames.index(k) for k in s["frames"]] if s["frames"] else None) for s in line["strings"] if s["where"] == "pixels"])
    out = {}
    for name, peer in PEERS.items():
        begun = time.monotonic()
        after = np.stack([blanked(v, peer(shown(ds, v))) for v in seen])
        out[name] = dict(judge(asked, seen, after), seconds=time.monotonic() - begun)
    return out


def versions():
    from importlib.metadata import version
    first = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=False)
    return {"tesseract": "Tesseract " + (first.stdout or first.stderr).split()[1], "rapidocr": "RapidOCR " + version("rapidocr")}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--in", dest="place", required=True)
    parser.add_argument("--json", required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--group")
    a = parser.parse_args()
    lines = [json.loads(t) for t in open(a.truth, encoding="utf-8")]
    lines = [l for l in lines if a.group in (None, l["group"])]
    with ProcessPoolExecutor(a.jobs) as pool:
        results = []
        for result in pool.map(one, [(l, os.path.join(a.place, l["path"])) for l in lines]):
            results.append(result)
            if len(results) % 50 == 0:
                print(f"{len(results)} of {len(lines)} pictures", file=sys.stderr, flush=True)
    named = versions()
    report = {name: dict(name=named[name], seconds=round(sum(r[name]["seconds"] for r in results), 1), groups=sums([r[name] for r in results])) for name in PEERS}
    with open(a.json, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1, ensure_ascii=False)
    for name, r in report.items():
        t = r["groups"]
        print(r["name"], {k: t[k] for k in ("all with text", "all without text") if k in t}, r["seconds"], "s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
