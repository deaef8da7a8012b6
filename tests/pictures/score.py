#!/usr/bin/env python3
"""score.py --truth T --in DIR --out OUT --manifest OUT/manifest.jsonl [--list N] [--json FILE]

Scores what `obscura deid DIR --out OUT` made of the pictures, by group. See `measure.py` for when a
string is hidden. A picture that was not released hides nothing: it fails, and is counted on its own.
"""
import argparse
import base64
import collections
import functools
import io
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pydicom
from PIL import Image
from pydicom.pixels import apply_color_lut, pixel_array

from measure import HIDDEN, readable

pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
# Pixels that may change around a string: a margin is no fault.
MARGIN = 10
# A mark stays if no more than this part of its box changed.
MARK_CHANGED = .05


def decode(ds):
    """Stored values: (F, H, W), or (F, H, W, 3) as RGB; a palette is applied."""
    palette = ds.PhotometricInterpretation == "PALETTE COLOR"
    array = pixel_array(ds)
    if palette:
        array = apply_color_lut(array, ds)[..., :3]
        array = (array >> 8).astype(np.uint8) if array.dtype == np.uint16 else array
    colour = palette or int(ds.get("SamplesPerPixel", 1)) == 3
    return array if array.ndim == (4 if colour else 3) else array[None]


def mask_of(string):
    return np.array(Image.open(io.BytesIO(base64.b64decode(string["mask"]))).convert("L")) > 127


def excluded(shape, strings):
    """Where pixels may change: the strings with a margin."""
    out = np.zeros(shape, bool)
    for s in strings:
        if s["where"] == "pixels" and s["cls"] != "mark":
            x0, y0, x1, y1 = s["box"]
            p = max(MARGIN, (y1 - y0) // 2)
            out[max(0, y0 - p):y1 + p, max(0, x0 - p):x1 + p] = True
    return out


def judge(line, before, after, raw_equal=None):
    """What became of one picture, from its arrays: a dict of counts and of the strings that failed."""
    result = dict(group=line["group"], path=line["path"], text=line["text"], phi=0, hidden=0, marks=0, kept=0, failed=[], false=0., untouched=None, withheld=False)
    same_shape = before.shape == after.shape
    for s in line["strings"]:
        if s["cls"] == "other" or s["where"] != "pixels":
            continue
        x0, y0, x1, y1 = s["box"]
        frames = s["frames"] or range(len(before))
        if s["cls"] == "mark":
            result["marks"] += 1
            changed = max(difference(before[k], after[k])[y0:y1, x0:x1].mean() for k in frames) if same_shape else 1.
            result["kept"] += bool(changed <= MARK_CHANGED)
            if changed > MARK_CHANGED:
                result["failed"].append(f"mark {s['text']!r} at {s['box']} changed {changed:.0%}")
            continue
        result["phi"] += 1
        mask = mask_of(s)
        worst = max(readable(before[k][y0:y1, x0:x1], after[k][y0:y1, x0:x1], mask)[0] for k in frames) if same_shape else 1.
        result["hidden"] += bool(worst <= HIDDEN)
        if worst > HIDDEN:
            result["failed"].append(f"{s['text']!r} {s.get('font', '')} {s.get('capital', '')}px at {s['box']} frames {s['frames']} readable {worst:.0%}")
    if same_shape:
        free = ~excluded(before.shape[1:3], line["strings"])
        changed = [difference(b, a)[free].mean() if free.any() else 0. for b, a in zip(before, after)]
        result["false"] = float(np.mean(changed))
    if not line["text"]:
        result["untouched"] = bool(same_shape and np.array_equal(before, after)) and raw_equal is not False
        if not result["untouched"]:
            result["failed"].append(f"touched: {result['false']:.2%} of its pixels")
    return result


def difference(a, b):
    d = a != b
    return d.any(-1) if d.ndim == 3 else d


def elsewhere(line, ds, result):
    """Strings in an overlay, in unused bits or in the icon: those have to be gone."""
    for s in line["strings"]:
        if s["where"] == "pixels":
            continue
        result["phi"] += 1
        x0, y0, x1, y1 = s["box"]
        if s["where"] == "icon":
            there = "IconImageSequence" in ds
        elif s["where"] == "overlay":
            there = any(e.tag.group & 0xFF00 == 0x6000 and e.tag.element == 0x3000 for e in ds)
        else:
            raw = np.frombuffer(ds.PixelData, "<u2")[:ds.Rows * ds.Columns].reshape(ds.Rows, ds.Columns)
            there = bool((raw[y0:y1, x0:x1] >> ds.BitsStored).any())
        result["hidden"] += bool(not there)
        if there:
            result["failed"].append(f"{s['text']!r} is still in the {s['where']}")


def one(task):
    line, source, target = task
    src = pydicom.dcmread(source)
    if target is None or not os.path.exists(target):
        phi = sum(s["cls"] == "phi" for s in line["strings"])
        marks = sum(s["cls"] == "mark" for s in line["strings"])
        return dict(group=line["group"], path=line["path"], text=line["text"], phi=phi, hidden=0, marks=marks, kept=0, failed=["not released"], false=0.,
                    untouched=None if line["text"] else False, withheld=True)
    ds = pydicom.dcmread(target)
    before = decode(src)
    try:
        after = decode(ds)
    except Exception as error:  # Whatever a decoder raises, the result cannot be used.
        after = np.zeros((0,))
        line = dict(line, note=type(error).__name__)
    native = not src.file_meta.TransferSyntaxUID.is_encapsulated
    raw_equal = src.PixelData == ds.get("PixelData") if native else None
    result = judge(line, before, after, raw_equal)
    elsewhere(line, ds, result)
    return result


def released(manifest, place, out):
    """Input path (relative) to the released object."""
    found = {}
    with open(manifest, encoding="utf-8") as file:
        for text in file:
            if text.strip():
                entry = json.loads(text)
                if entry.get("output"):
                    key = entry["input"]
                    key = os.path.relpath(key, place) if os.path.isabs(key) else key
                    found[key] = os.path.join(out, entry["output"])
    return found


def sums(results):
    """Counts by group, and of all."""
    total = collections.OrderedDict()
    for r in results:
        for key in (r["group"], "all with text" if r["text"] else "all without text"):
            t = total.setdefault(key, collections.Counter())
            t.update(pictures=1, phi=r["phi"], hidden=r["hidden"], marks=r["marks"], kept=r["kept"], false=r["false"], withheld=int(r["withheld"]),
                     clean=int(r["untouched"] is not None), untouched=int(bool(r["untouched"])))
    return {k: dict(v) for k, v in total.items()}


def percent(part, whole):
    return f"{100 * part / whole:.1f}" if whole else "–"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--in", dest="place", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--manifest", required=True)
    parser.add_argument("--list", type=int, default=0, help="failures shown of each group")
    parser.add_argument("--json")
    parser.add_argument("--group", help="only this group")
    a = parser.parse_args()
    lines = [json.loads(t) for t in open(a.truth, encoding="utf-8")]
    lines = [l for l in lines if a.group in (None, l["group"])]
    found = released(a.manifest, os.path.abspath(a.place), a.out)
    tasks = [(l, os.path.join(a.place, l["path"]), found.get(l["path"])) for l in lines]
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(one, tasks, chunksize=4))
    total = sums(results)
    print(f"{'group':28}{'pictures':>9}{'strings':>9}{'hidden %':>10}{'untouched %':>13}{'false %':>9}{'marks %':>9}{'withheld':>9}")
    for group, t in sorted(total.items(), key=lambda kv: kv[0].startswith("all")):
        print(f"{group:28}{t['pictures']:>9}{t['phi']:>9}{percent(t['hidden'], t['phi']):>10}{percent(t['untouched'], t['clean']):>13}"
              f"{100 * t['false'] / t['pictures']:>9.2f}{percent(t['kept'], t['marks']):>9}{t['withheld']:>9}")
    if a.list:
        by = collections.defaultdict(list)
        for r in results:
            by[r["group"]] += [f"{r['path']}: {f}" for f in r["failed"]]
        for group, failed in by.items():
            for text in failed[:a.list]:
                print(f"  {group}: {text}")
    if a.json:
        with open(a.json, "w", encoding="utf-8") as file:
            json.dump(total, file, indent=1, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
