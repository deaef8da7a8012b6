"""One sample: a picture as stored values, with what is written on it; and the labels of it.

`python sample.py --out DIR --seed S --minutes M` writes shards of 256 samples for `train.py`.
"""

import argparse
import os
import time

import cv2
import numpy as np

import backgrounds
import text
import view

F = np.float32
SIZE = 256


def place(g, image, taken, fonts, items, step, top, **want):
    """Draws one string somewhere on `image`; notes its ink. `step` is one grey level."""
    made = text.ink_of(g, fonts, **want)
    if made is None:
        return
    ink, meta = made
    n = image.shape[0]
    soft = g.random() < 0.2
    if soft:
        ink = np.pad(ink, 3)
        ink = cv2.GaussianBlur(ink, (0, 0), g.uniform(0.3, 0.5 + min(1.0, meta["cap"] / 20)))
    h, w = ink.shape
    for _ in range(6):
        if g.random() < 0.12:
            y, x = int(g.integers(-h // 2, n - h // 2)), int(g.integers(-w // 2, n - w // 2))
        else:
            y, x = (int(g.integers(0, n - k + 1)) if k <= n else int(g.integers(-(k - n), 1)) for k in (h, w))
            if g.random() < 0.3:  # banners stand at the edges
                y = int(g.choice([0, 1, 2, 5, n - h - 1, n - h - 4]))
        y0, x0, y1, x1 = max(0, y), max(0, x), min(n, y + h), min(n, x + w)
        if y1 - y0 < 3 or x1 - x0 < 3 or taken[max(0, y0 - 2):y1 + 2, max(0, x0 - 3):x1 + 3].any():
            continue
        part = ink[y0 - y:y1 - y, x0 - x:x1 - x]
        if (part > 0.4).sum() < max(4, 0.15 * (ink > 0.4).sum()):
            continue
        break
    else:
        return
    area = image[y0:y1, x0:x1]
    style = g.random()
    if style < 0.08:  # a plate behind
        m = int(g.integers(1, 5))
        plate = image[max(0, y0 - m):y1 + m, max(0, x0 - m):x1 + m]
        plate[...] = plate * (a := g.choice([0, 0, g.random()])) + (1 - a) * g.choice([0.0, 1.0, g.random()])
    around = image[max(0, y0 - 3):y1 + 3, max(0, x0 - 3):x1 + 3]
    detail = around - cv2.blur(around, (9, 9))
    sigma = float(detail.std())
    base = float(np.median(around))
    if style > 0.96:  # XOR-like: the picture inverted under the ink
        lo, hi = min(0.0, float(image.min())), max(1.0, float(image.max()))
        value = lo + hi - area
        flat = np.abs(value - area) < 3 * sigma + 0.1
        value = np.where(flat, area + (hi - lo) * 0.6, value)
    else:
        u = g.random()
        sign = 1.0 if g.random() < (0.9 if base < 0.25 else 0.6 if base < 0.6 else 0.2) else -1.0
        least = max(1.2 * step, sigma * (1.2 + 7 / max(5, meta["cap"])))
        if u < 0.42:  # full white or black
            value = top if sign > 0 else 0.0
            if abs(value - base) < least * 1.5:
                value = base + sign * least * 3
        elif u < 0.78:  # some gray
            value = base + sign * least * np.exp(g.uniform(0, np.log(max(1.5, 1.0 / least))))
        else:  # faint
            value = base + sign * least * g.uniform(1.0, 2.5)
        if g.random() < 0.1:  # added to the picture instead of replacing it
            value = area + (value - base)
    if 0.08 < style < 0.16:  # outline
        ring = cv2.dilate(part, np.ones((3, 3), np.uint8)) * g.choice([1.0, 1.0, 0.6])
        other = base - (np.mean(value) - base)
        area[...] = area * (1 - ring) + np.clip(other, min(0, base), max(1, base)) * ring
    elif 0.16 < style < 0.22:  # shadow
        d = int(g.integers(1, 3))
        sh = np.zeros_like(part)
        sh[d:, d:] = part[:-d, :-d] if d < min(part.shape) else 0
        area[...] = area * (1 - sh) + g.choice([0.0, 1.0]) * sh
    before = float(np.abs(np.mean(value) - base))
    area[...] = area * (1 - part) + value * part
    full = np.zeros((n, n), np.uint8)
    full[y0:y1, x0:x1] = part > (0.25 if soft else 0.35)
    taken[y0:y1, x0:x1] = True
    meta.update(contrast=before / max(sigma, step / 2), cut=bool((y1 - y0, x1 - x0) != (h, w)))
    items.append((full, meta))


def build(g, fonts, data_dir=None, mode=None):
    """(stored values, [(ink, meta)], name of the background)."""
    mode = mode or g.choice(["some", "page", "none"], p=[0.55, 0.1, 0.35])
    scale = 1.0 if g.random() < 0.7 else float(np.exp(g.uniform(np.log(0.5), np.log(2.0))))
    n = int(round(SIZE / scale))
    image, name = backgrounds.background(g, n, data_dir)
    wide = g.random() < 0.45
    levels = float(np.exp(g.uniform(np.log(100), np.log(40000)))) if wide else 255.0
    step = 1.0 / levels
    top = float(g.choice([1.0, 1.0, 1.5, 4.0])) if wide else 1.0
    if not wide:
        image = np.clip(image, 0, 1)
    if g.random() < 0.6:
        image = backgrounds.clutter(g, image)
    items, taken = [], np.zeros((n, n), bool)
    if mode == "some":
        for _ in range(int(g.choice([1, 2, 3, 4, 6, 9]))):
            place(g, image, taken, fonts, items, step, top)
    elif mode == "page":
        cap, script = min(30.0, text.cap_height(g)), "latin" if g.random() < 0.7 else None
        for _ in range(int(g.integers(8, 40))):
            place(g, image, taken, fonts, items, step, top, cap=cap * g.uniform(0.8, 1.25), script=script)
    if n != SIZE:
        inter = int(g.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_AREA if n > SIZE else cv2.INTER_CUBIC]))
        image = cv2.resize(image, (SIZE, SIZE), interpolation=inter)
        items = [((cv2.resize(i * 255, (SIZE, SIZE), interpolation=cv2.INTER_AREA if n > SIZE else cv2.INTER_LINEAR) > 76).astype(np.uint8), m) for i, m in items]
        for _, m in items:
            m["cap"] *= scale
    if g.random() < 0.12:
        image = cv2.GaussianBlur(image, (0, 0), g.uniform(0.3, 0.8))
        for _, m in items:
            m["contrast"] *= 0.7
    if g.random() < 0.03:  # interlaced
        image[1::2] = np.roll(image[1::2], int(g.integers(1, 3)), 1)
    if wide:
        image = np.round(image * levels + g.choice([0, 0, 1024, -1024, 100]))
        if g.random() < 0.4:
            image = np.clip(image, g.choice([0, -1024, -32768]), max(levels * top, 1))
    else:
        image = np.round(np.clip(image, 0, 1) * 255)
        if g.random() < 0.4:
            ok, data = cv2.imencode(".jpg", image.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, int(g.integers(30, 97))])
            image = cv2.imdecode(data, 0).astype(F)
        elif g.random() < 0.05:
            image = np.round(image / (k := int(g.choice([8, 16, 32, 64])))) * k
    return image.astype(F), items, name


def visible(image, ink):
    """How far the ink stands out of what surrounds it, in deviations of the surroundings."""
    ys, xs = np.nonzero(ink)
    if len(ys) == 0:
        return 0.0
    y0, y1, x0, x1 = max(0, ys.min() - 3), ys.max() + 4, max(0, xs.min() - 3), xs.max() + 4
    a, m = image[y0:y1, x0:x1], ink[y0:y1, x0:x1] > 0
    near = cv2.dilate(m.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    flat = a - cv2.blur(a, (15, 15))
    rest = ~near
    if rest.sum() < 5:
        rest = ~m
    if rest.sum() < 3:
        return 9.0
    return float(abs(flat[m].mean() - flat[rest].mean()) / (flat[rest].std() + 0.3))


def labels(image, items):
    """At stride 4: 1 where a cell holds text, 0 where not, 255 where it does not matter."""
    n = image.shape[0]
    yes, never = np.zeros((n, n), np.uint8), np.zeros((n, n), np.uint8)
    for ink, m in items:
        if not ink.any():
            continue
        r = int(np.clip(round(0.22 * m["cap"]), 1, 12))
        ell = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1))
        region = cv2.dilate(ink, ell)
        seen = visible(image, ink)
        if seen < 0.6 or m["cap"] < 3.8:
            never |= cv2.dilate(region, np.ones((9, 9), np.uint8))
            continue
        never |= cv2.dilate(region, np.ones((5, 5), np.uint8))
        # The gaps between the letters of a line belong to it.
        k = 2 * int(np.clip(round(0.3 * m["cap"]), 1, 16)) + 1
        yes |= cv2.morphologyEx(np.pad(region, k), cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (k, k)))[k:-k, k:-k]
    c = n // 4
    share = yes.reshape(c, 4, c, 4).mean((1, 3))
    out = np.zeros((c, c), np.uint8)
    out[never.reshape(c, 4, c, 4).any((1, 3)) | (share > 0)] = 255
    out[share >= 0.3] = 1
    return out


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--out", required=True)
    a.add_argument("--fonts", required=True)
    a.add_argument("--data", help="site-packages, for its public pictures")
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--shards", type=int, default=100)
    o = a.parse_args()
    fonts = text.Fonts(o.fonts, held=False)
    os.makedirs(o.out, exist_ok=True)
    cv2.setNumThreads(1)
    for s in range(o.shards):
        xs, ys, t = [], [], time.time()
        for i in range(256):
            g = np.random.default_rng([o.seed, s, i])
            try:
                image, items, _ = build(g, fonts, o.data)
            except (ValueError, ZeroDivisionError, IndexError, cv2.error) as e:
                print("lost", o.seed, s, i, repr(e)[:200], flush=True)
                continue
            xs.append(view.view(image).astype(np.float16))
            ys.append(labels(image, items))
        p = f"{o.out}/{o.seed}-{s:04d}.npz"
        np.savez(p + ".part.npz", x=np.stack(xs), y=np.stack(ys))
        os.replace(p + ".part.npz", p)
        print(s, f"{time.time() - t:.1f} s", flush=True)


if __name__ == "__main__":
    main()
