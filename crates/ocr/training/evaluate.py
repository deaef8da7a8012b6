"""What the exported network finds and where it errs, on pictures it was not trained with.

`python evaluate.py MODEL.onnx --fonts FONTS.json [--data SITE] [--dicom TRUTH ROOT] [--count N]`

Strings are of held-out font families. A string counts as found when 80 % (or 90 %) of its ink lies
under the mask: cells at or above the threshold, widened by 3 pixels, of both looks (full and 1/3).
"""

import argparse
import collections
import json
import os

import cv2
import numpy as np
import onnxruntime

import sample
import text
import view

# Fewer cells that touch are no text: the smallest letter and its margin cover more.
LEAST = 2
# What the coarse look must exceed the full one by: its halo around small text is three times as wide.
HANDICAP = 0.2
TIMES = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)


class Net:
    def __init__(self, path, coarse_from=192):
        self.coarse_from = coarse_from
        o = onnxruntime.SessionOptions()
        o.intra_op_num_threads = 1
        self.s = onnxruntime.InferenceSession(path, o)

    def one(self, values, eps):
        v = view.view(values, eps)
        p = self.s.run(None, {"view": view.pack(v)[None]})[0][0, 0]
        h, w = v.shape
        return p[: -(-h // 4), : -(-w // 4)]

    def look(self, values):
        """The probability at stride 4: the greater of the full and the coarse look."""
        eps = view.floor_of(values)
        p = self.one(values, eps)
        if min(values.shape) >= self.coarse_from:
            q = self.one(view.reduce3(values), eps) - HANDICAP
            q = np.kron(q, np.ones((3, 3), np.float32))[: p.shape[0], : p.shape[1]]
            p[: q.shape[0], : q.shape[1]] = np.maximum(p[: q.shape[0], : q.shape[1]], q)
        return p


def cells(p, t, least=1):
    """The cells at or above the threshold, less groups of fewer than `least`."""
    m = (p >= t).astype(np.uint8)
    if least > 1 and m.any():
        _, which, stats, _ = cv2.connectedComponentsWithStats(m, connectivity=8)
        m = m * (stats[which, cv2.CC_STAT_AREA] >= least).astype(np.uint8)
    return m


def mask(p, t, shape, grow=3):
    m = np.kron(cells(p, t, LEAST), np.ones((4, 4), np.uint8))[: shape[0], : shape[1]]
    return cv2.dilate(m, np.ones((2 * grow + 1, 2 * grow + 1), np.uint8))


def groups(m):
    c = m["cap"]
    yield "all"
    yield "size " + ("4-6" if c < 6.5 else "7-8" if c < 8.5 else "9-12" if c < 12.5 else "13-24" if c < 24.5 else "25-64" if c < 65 else "65+")
    k = m["seen"]
    yield "contrast " + ("faint 0.6-1.5" if k < 1.5 else "1.5-3" if k < 3 else "3-6" if k < 6 else "6+")
    yield "turn " + ("0" if m["angle"] == 0 else "90s" if m["angle"] % 90 == 0 else "to 8" if abs(m["angle"]) <= 8 else "to 45")
    yield "script " + m["script"]
    yield "kind " + m["kind"]
    yield "characters " + ("1" if m["text"] == 1 else "2-3" if m["text"] < 4 else "4+")
    if k >= 3 and not m["cut"] and m["angle"] == 0:
        size = "4-6" if c < 6.5 else "7-8" if c < 8.5 else "9-24" if c < 24.5 else "25+"
        yield f"contrast 3, upright, uncut: {size} px"
        if m["text"] < 4:
            yield "contrast 3, upright, uncut: 1-3 characters"
    if m["text"] >= 4 and c >= 7 and k >= 3 and not m["cut"]:
        yield "clear (4+, 7 px, contrast 3)"


def synthetic(net, o):
    fonts = text.Fonts(o.fonts, held=True)
    hit, n = {t: collections.Counter() for t in TIMES}, collections.Counter()
    any_, area = {t: collections.Counter() for t in TIMES}, {t: [] for t in TIMES}
    clean, cleans, names = {t: 0 for t in TIMES}, 0, collections.Counter()
    nineties = collections.Counter()
    for i in range(o.count):
        g = np.random.default_rng([987654, o.seed, i])
        try:
            image, items, name = sample.build(g, fonts, o.data)
        except (ValueError, ZeroDivisionError, IndexError, cv2.error):
            continue
        p = net.look(image)
        where = np.zeros(image.shape, np.uint8)
        for ink, m in items:
            where |= cv2.dilate(ink, np.ones((2 * int(4 + 0.4 * m["cap"]) + 1,) * 2, np.uint8))
        for ink, m in items:
            m["seen"] = sample.visible(image, ink)
            if m["seen"] < 0.6 or m["cap"] < 3.8 or ink.sum() < 4:
                continue
            for k in groups(m):
                n[k] += 1
        for t in TIMES:
            mk = mask(p, t, image.shape)
            for ink, m in items:
                if m.get("seen", 0) < 0.6 or m["cap"] < 3.8 or ink.sum() < 4:
                    continue
                share = mk[ink > 0].mean()
                for k in groups(m):
                    hit[t][k] += share >= 0.8
                    any_[t][k] += share > 0
                nineties[t] += share >= 0.9
            area[t].append((mk & (where == 0)).mean())
            if not items:
                clean[t] += mk.any()
        if not items:
            cleans += 1
            names[name, bool((p >= 0.5).any())] += 1
    print("strings", n["all"], "text-free pictures", cleans)
    print("threshold".ljust(52), *(f"{t:6.2f}" for t in TIMES))
    for k in sorted(n):
        print(f"{k} ({n[k]})".ljust(52), *(f"{100 * hit[t][k] / n[k]:6.1f}" for t in TIMES))
    print("90 % of the ink".ljust(52), *(f"{100 * nineties[t] / n['all']:6.1f}" for t in TIMES))
    print("any part".ljust(52), *(f"{100 * any_[t]['all'] / n['all']:6.1f}" for t in TIMES))
    print("false area %".ljust(52), *(f"{100 * np.mean(area[t]):6.2f}" for t in TIMES))
    print("text-free with a hit %".ljust(52), *(f"{100 * clean[t] / max(1, cleans):6.1f}" for t in TIMES))
    print("by background at 0.5:", {a: f"{names[a, True]}/{names[a, True] + names[a, False]}" for a in sorted({a for a, _ in names})})


def planes(path, most=3):
    import pydicom
    d = pydicom.dcmread(path, force=True)
    a = d.pixel_array
    if d.get("PhotometricInterpretation", "").startswith("PALETTE"):
        from pydicom.pixels import apply_color_lut
        a = apply_color_lut(a, d)
    colour = a.ndim >= 3 and a.shape[-1] in (3, 4) and (d.get("SamplesPerPixel", 1) > 1 or "PALETTE" in d.PhotometricInterpretation)
    frames = a if a.ndim == (4 if colour else 3) else a[None]
    if colour and d.PhotometricInterpretation.startswith("YBR"):
        frames = frames[..., :1].repeat(3, -1)
    idx = np.unique(np.linspace(0, len(frames) - 1, min(len(frames), most)).astype(int))
    return [(int(i), frames[i].astype(np.float64) @ np.array([0.299, 0.587, 0.114]) if colour else frames[i].astype(np.float64)) for i in idx]


def dicom(net, truth, root, o):
    clean, total, worst = {t: 0 for t in TIMES}, 0, []
    boxes, n, shares = {t: collections.Counter() for t in TIMES}, collections.Counter(), {t: 0.0 for t in TIMES}
    with open(truth) as f:
        rows = [json.loads(x) for x in f][1:]
    for r in rows:
        if not r.get("image"):
            continue
        if not r["boxes"] and (r["has_old_text"] or any(x in r["base"] for x in o.skip)):
            continue
        try:
            fr = planes(os.path.join(root, r["path"]))
        except Exception as e:
            print("unreadable", r["path"], type(e).__name__)
            continue
        for i, v in fr:
            p = net.look(np.round(v))
            here = [b for b in r["boxes"] if b["frames"] is None or i in b["frames"]]
            if not r["boxes"]:
                total += 1
                for t in TIMES:
                    clean[t] += cells(p, t, LEAST).any()
                    shares[t] += mask(p, t, v.shape).mean()
                if p.max() >= 0.3:
                    worst.append((round(float(p.max()), 2), int((p >= 0.5).sum()), r["modality"], r["base"], v.shape, r["path"]))
            for b in here:
                x0, y0, x1, y1 = (int(k) for k in b["box"])
                n[b["cls"]] += 1
                for t in TIMES:
                    part = mask(p, t, v.shape)[max(0, y0):y1, max(0, x0):x1]
                    boxes[t][b["cls"], 80] += part.size and part.mean() >= 0.8
                    boxes[t][b["cls"], 1] += part.any()
    print("text-free frames", total)
    print("threshold".ljust(52), *(f"{t:6.2f}" for t in TIMES))
    print("with a hit %".ljust(52), *(f"{100 * clean[t] / total:6.1f}" for t in TIMES))
    print("area hit %".ljust(52), *(f"{100 * shares[t] / total:6.2f}" for t in TIMES))
    for c in n:
        for s in (80, 1):
            print(f"{c} boxes {n[c]} {s} % covered".ljust(52), *(f"{100 * boxes[t][c, s] / n[c]:6.1f}" for t in TIMES))
    for w in sorted(worst, reverse=True)[:40]:
        print(*w)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("model")
    a.add_argument("--fonts")
    a.add_argument("--data")
    a.add_argument("--dicom", nargs=2)
    a.add_argument("--skip", nargs="*", default=[], help="bases that carry text although the truth says not")
    a.add_argument("--coarse-from", type=int, default=192)
    a.add_argument("--count", type=int, default=600)
    a.add_argument("--seed", type=int, default=0)
    o = a.parse_args()
    cv2.setNumThreads(1)
    net = Net(o.model, o.coarse_from)
    if o.fonts:
        synthetic(net, o)
    if o.dicom:
        dicom(net, *o.dicom, o)


if __name__ == "__main__":
    main()
