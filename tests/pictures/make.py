#!/usr/bin/env python3
"""make.py --out DIR [--seed N] [--small] [--groups 'A|B'] [--real DIR]: the corpus, `dicom/*.dcm` and `truth.jsonl`.

The same seed gives the same pictures. Seeds above 1 use other people and places, and also the fonts and
grounds that seed 1 never has. Every person is invented.
"""
import argparse
import json
import os
import shutil
import sys
import zlib

import numpy as np
import pydicom

import fonts
import groups
import objects
from measure import countable
from people import Person
from score import decode, mask_of


def rng_of(seed, group, k):
    return np.random.default_rng([seed, zlib.crc32(group.encode()), k])


def one(seed, group, k, number, place):
    """Makes one picture, writes it, and gives its line of the truth; None if nothing came of it."""
    rng = rng_of(seed, group, k)
    d = groups.Draw(rng, seed, k, Person(rng))
    has_text = group in groups.TEXT
    picture = groups.TEXT[group](d) if has_text else groups.clear(group, d)
    stated = bool(rng.random() < .4)
    options = {key: d.options[key] for key in ("window", "quality") if key in d.options}
    ds = objects.store(rng, picture, d.person, d.form, stated=stated, number=number, **options)
    if "overlay" in d.options or "bits" in d.options:
        objects.overlay(ds, rng, d.options.get("overlay", d.options.get("bits")) > 100, "bits" in d.options)
    if "icon" in d.options:
        objects.icon(ds, d.options["icon"].astype(np.uint8))
    name = f"{number:04}-{group.replace(' ', '-').replace(',', '')}.dcm"
    objects.save(ds, os.path.join(place, "dicom", name))
    strings = legible(pydicom.dcmread(os.path.join(place, "dicom", name)), picture.strings)
    if has_text and not any(s["cls"] != "other" for s in strings):
        os.remove(os.path.join(place, "dicom", name))
        return None
    return dict(path=name, group=group, text=has_text, seed=seed, form=d.form, modality=picture.modality, rows=picture.size[0], columns=picture.size[1],
                frames=len(picture.frames), stated=stated, strings=strings)


def real(source, place, seed):
    """Public files that somebody looked at and that carry no text."""
    lines = []
    for name in groups.REAL:
        path = os.path.join(source, name)
        if not os.path.exists(path):
            continue
        target = "real-" + name
        shutil.copyfile(path, os.path.join(place, "dicom", target))
        ds = pydicom.dcmread(path)
        lines.append(dict(path=target, group="real files", text=False, seed=seed, form="real", modality=str(ds.get("Modality", "")), rows=ds.Rows, columns=ds.Columns,
                          frames=int(ds.get("NumberOfFrames", 1)), stated=False, strings=[]))
    print(f"real files: {len(lines)} pictures")
    return lines


def legible(ds, strings):
    """The strings that can be read in what was stored: a leak is what somebody can read."""
    values, kept = decode(ds), []
    for s in strings:
        if s["where"] != "pixels" or s["cls"] != "phi":
            kept.append(s)
            continue
        x0, y0, x1, y1 = s["box"]
        seen = [countable(values[k][y0:y1, x0:x1], mask_of(s)) for k in (s["frames"] or range(len(values)))]
        if min(seen) >= .7:
            kept.append(s)
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="about 120 pictures")
    parser.add_argument("--groups", default="", help="names with | between them")
    parser.add_argument("--real", help="directory of pydicom's test files: those without text become a group")
    a = parser.parse_args()
    if fonts.lacking():
        print("fonts not installed:", " ".join(fonts.lacking()), file=sys.stderr)
        return 77
    os.makedirs(os.path.join(a.out, "dicom"), exist_ok=True)
    wanted = [g for g in a.groups.split("|") if g]
    every = [(g, groups.NUMBERS.get(g, 12)) for g in list(groups.TEXT) + list(groups.CLEAR)]
    number, lines = 0, []
    for group, many in every:
        if wanted and group not in wanted:
            number += many
            continue
        for k in range(2 if a.small else many):
            number += 1
            line = one(a.seed, group, k, number, a.out)
            if line:
                lines.append(line)
        print(f"{group}: {sum(l['group'] == group for l in lines)} pictures, {sum(len(l['strings']) for l in lines if l['group'] == group)} strings", flush=True)
    if a.real and (not wanted or "real files" in wanted):
        lines += real(a.real, a.out, a.seed)
    with open(os.path.join(a.out, "truth.jsonl"), "w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
