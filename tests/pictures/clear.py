"""Pictures without any text that look as if they had some: what a detector must leave alone."""
import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

import grounds
from grounds import ellipse, grid, soft, strokes


def canvas(rgb):
    image = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))
    return image, ImageDraw.Draw(image)


def ecg(rng, h, w, name):
    """Traces on paper or on black, with or without the grid."""
    dark = rng.random() < .4
    image, draw = canvas(np.full((h, w, 3), 8 if dark else 250))
    if rng.random() < .8:
        step = int(rng.integers(6, 11))
        for k in range(0, max(h, w), step):
            colour = ((20, 60, 20) if dark else (250, 200, 200)) if k // step % 5 else ((30, 100, 30) if dark else (240, 150, 150))
            draw.line([(k, 0), (k, h)], colour)
            draw.line([(0, k), (w, k)], colour)
    for row in range(int(rng.integers(2, 7))):
        base, period, tall = h * (row + .7) / 7, rng.uniform(45, 110), rng.uniform(15, 60)
        x = np.arange(w)
        t = (x / period + rng.random()) % 1
        y = base - tall * (np.exp(-((t - .4) / .015) ** 2) - .25 * np.exp(-((t - .43) / .015) ** 2) + .2 * np.exp(-((t - .65) / .05) ** 2) + .1 * np.exp(-((t - .25) / .03) ** 2)) + rng.normal(0, .5, w)
        draw.line(list(zip(x.tolist(), y.tolist())), (60, 255, 90) if dark else (20, 20, 30), int(rng.integers(1, 3)))
    return np.asarray(image, np.float32)


def ruler(rng, h, w, name):
    g, _ = grounds.make(rng, name, h, w)
    image, draw = canvas(g)
    white = 255 if image.mode == "L" else (255, 255, 255)
    for side in range(int(rng.integers(1, 4))):
        step, at = int(rng.integers(5, 26)), int(rng.integers(4, 30))
        for k, p in enumerate(range(10, (w if side % 2 else h) - 10, step)):
            n = 12 if k % 10 == 0 else 8 if k % 5 == 0 else 4
            draw.line([(p, at), (p, at + n)] if side % 2 else [(at + side * 3, p), (at + side * 3 + n, p)], white)
        if rng.random() < .5:
            draw.line([(10, at), (w - 10, at)] if side % 2 else [(at, 10), (at, h - 10)], white)
    return np.asarray(image, np.float32)


def bars(rng, h, w, name):
    g, _ = grounds.make(rng, name, h, w)
    rgb = np.repeat(g[..., None], 3, -1) if g.ndim == 2 else g
    x0, wide, y0, tall = int(rng.choice([6, w - 30])), int(rng.integers(8, 22)), int(h * .15), int(h * rng.uniform(.4, .7))
    t = np.linspace(1, 0, tall)[:, None]
    kind = rng.integers(4)
    if kind == 0:
        bar = np.stack([255 * t, 255 * t, 255 * t], -1)
    elif kind == 1:
        bar = np.stack([255 * np.clip(2 * t - 1, 0, 1), 160 * np.abs(2 * t - 1) ** 2, 255 * np.clip(1 - 2 * t, 0, 1)], -1)
    elif kind == 2:
        bar = np.stack([255 * np.clip(1.5 - np.abs(4 * t - c), 0, 1) for c in (3, 2, 1)], -1)
    else:
        bar = np.repeat(np.floor(t * 11) / 11 * 255, 3, 1)[:, None, :]
    rgb = rgb.copy()
    rgb[y0:y0 + tall, x0:x0 + wide] = bar if bar.shape[1] == 1 else bar[:, :1]
    if rng.random() < .5:
        for k in range(9):
            rgb[h - 26:h - 10, int(w * .2) + 20 * k:int(w * .2) + 20 * k + 18] = 255 * k / 8
    return rgb


def plain(rng, h, w, name):
    return grounds.make(rng, name, h, w)[0]


def grids(rng, h, w, name):
    g, _ = grounds.make(rng, name, h, w)
    image, draw = canvas(g)
    ink = int(rng.integers(120, 256))
    ink = ink if image.mode == "L" else (ink,) * 3
    kind = rng.integers(4)
    if kind == 0:
        step = int(rng.integers(12, 60))
        for k in range(step, max(h, w), step):
            draw.line([(k, 0), (k, h)], ink)
            draw.line([(0, k), (w, k)], ink)
    elif kind == 1:
        for r in range(20, min(h, w) // 2, int(rng.integers(18, 50))):
            draw.ellipse([w // 2 - r, h // 2 - r, w // 2 + r, h // 2 + r], outline=ink)
        draw.line([(w // 2, 8), (w // 2, h - 8)], ink)
        draw.line([(8, h // 2), (w - 8, h // 2)], ink)
    elif kind == 2:
        for y in range(14, h, 24):
            for x in range(14, w, 24):
                draw.line([(x - 3, y), (x + 3, y)], ink)
                draw.line([(x, y - 3), (x, y + 3)], ink)
    else:
        for y in range(10, h, 18):
            for x in range(10, w, 18):
                draw.point((x, y), ink)
    return np.asarray(image, np.float32)


def noise(rng, h, w, name):
    g, _ = grounds.make(rng, str(rng.choice(["ct", "knee", "slope", "black"])), h, w)
    g = grounds.make(rng, "slope", h, w)[0] if g.ndim == 3 else g
    level = float(rng.choice([3, 8, 16, 30, 55]))
    if rng.random() < .4:
        return np.hypot(g + level * rng.standard_normal((h, w)), level * rng.standard_normal((h, w)))
    return g + level * soft(rng, h, w, float(rng.choice([1, 1, 1.5, 2.5])))


def vessels(rng, h, w, name):
    if rng.random() < .5:
        return grounds.make(rng, "angio", h, w)[0]
    tree = gaussian_filter(strokes(rng, h, w, 40, h / 90, h * .7), .7)
    return 12 + 5 * np.abs(soft(rng, h, w, 2)) + 215 * tree * (.7 + .3 * soft(rng, h, w, 40)).clip(.2, 1)


def specks(rng, h, w, name):
    g, _ = grounds.make(rng, "mammogram", h, w)
    for _ in range(int(rng.integers(1, 4))):
        cy, cx = rng.uniform(.3, .7) * h, rng.uniform(.1, .45) * w
        for _ in range(int(rng.integers(8, 40))):
            y, x = int(cy + rng.normal() * 16), int(cx + rng.normal() * 20)
            if 2 < y < h - 3 and 2 < x < w - 3:
                g[y:y + int(rng.integers(1, 4)), x:x + int(rng.integers(1, 4))] += rng.uniform(60, 140)
    return np.clip(g, 0, 255)


def metal(rng, h, w, name):
    """Wires, stents, clips, needles, screws."""
    g, _ = grounds.make(rng, str(rng.choice(["chest", "angio", "slope", "hand"])), h, w)
    image, draw = canvas(g)
    ink = int(rng.choice([10, 245]))
    for _ in range(int(rng.integers(3, 9))):
        x, y = int(rng.integers(30, w - 70)), int(rng.integers(30, h - 70))
        kind = rng.integers(5)
        if kind == 0:
            for k in range(0, 60, 7):
                draw.line([(x + k, y), (x + k + 7, y + 14), (x + k + 14, y)], ink)
                draw.line([(x + k, y + 14), (x + k + 7, y), (x + k + 14, y + 14)], ink)
        elif kind == 1:
            for k in range(int(rng.integers(3, 7))):
                draw.line([(x + 9 * k, y + k), (x + 9 * k + 4, y + k + 9)], ink, 2)
        elif kind == 2:
            draw.line([(x, y), (x + int(rng.integers(20, 60)), y + int(rng.integers(-25, 60)))], ink, int(rng.integers(1, 4)))
        elif kind == 3:
            draw.arc([x, y, x + 40, y + 50], 20, int(rng.integers(150, 350)), ink, 2)
        else:
            for k in range(10):
                draw.line([(x + 4 * k, y - 3 + k % 2), (x + 4 * k + 2, y + 8)], ink, 1)
            draw.rectangle([x - 4, y - 6, x, y + 11], ink)
    return gaussian_filter(np.asarray(image, np.float32), .6)


def arrows(rng, h, w, name):
    """Arrows, calipers, outlines of regions, dotted lines."""
    g, _ = grounds.make(rng, name, h, w)
    image, draw = canvas(np.repeat(g[..., None], 3, -1) if g.ndim == 2 else g)
    for _ in range(int(rng.integers(3, 8))):
        ink = tuple(int(v) for v in rng.choice([[255, 255, 0], [255, 255, 255], [0, 255, 0], [255, 80, 80], [0, 220, 255]]))
        x, y = int(rng.integers(30, w - 60)), int(rng.integers(30, h - 60))
        kind = rng.integers(5)
        if kind == 0:
            a, n = rng.random() * 6.28, int(rng.integers(20, 50))
            tip = (x + n * np.cos(a), y + n * np.sin(a))
            draw.line([(x, y), tip], ink, 2)
            for s in (-2.6, 2.6):
                draw.line([tip, (tip[0] + 9 * np.cos(a + s), tip[1] + 9 * np.sin(a + s))], ink, 2)
        elif kind == 1:
            for px, py in ((x, y), (x + int(rng.integers(15, 50)), y + int(rng.integers(-20, 40)))):
                draw.line([(px - 4, py), (px + 4, py)], ink)
                draw.line([(px, py - 4), (px, py + 4)], ink)
        elif kind == 2:
            draw.ellipse([x, y, x + int(rng.integers(14, 70)), y + int(rng.integers(14, 60))], outline=ink)
        elif kind == 3:
            draw.rectangle([x, y, x + int(rng.integers(14, 60)), y + int(rng.integers(14, 50))], outline=ink)
        else:
            for k in range(0, 60, 5):
                draw.point([(x + k, y + k // 3), (x + k + 1, y + k // 3)], ink)
    return np.asarray(image, np.float32)


def shutters(rng, h, w, name):
    g, _ = grounds.make(rng, name, h, w)
    y, x = grid(h, w)
    kind = rng.integers(3)
    if kind == 0:
        a = rng.uniform(-.12, .12)
        u, v = x * np.cos(a) + y * np.sin(a), y * np.cos(a) - x * np.sin(a)
        open_ = (np.abs(u) < rng.uniform(.5, .85)) & (np.abs(v) < rng.uniform(.5, .85))
    elif kind == 1:
        open_ = np.hypot(x, y) < rng.uniform(.7, .95)
    else:
        open_ = (np.abs(x) + np.abs(y) < 1.3) & (np.abs(x) < .9) & (np.abs(y) < .9)
    fill = float(rng.choice([0, 4, 255]))
    return np.where(open_ if g.ndim == 2 else open_[..., None], g, fill)


def phantom(rng, h, w, name):
    y, x = grid(h, w)
    g = 20 + 120 * ellipse(y, x, 0, 0, .85, .85, edge=.02)
    for k in range(int(rng.integers(4, 12))):
        a = 6.28 * k / 10
        g += rng.uniform(-70, 90) * ellipse(y, x, .6 * np.sin(a), .6 * np.cos(a), .03 + .01 * k, .03 + .01 * k, edge=.1)
    for k in range(8):  # line pairs
        p = 2 + k
        y0, x0 = int(h * .42), int(w * .28) + 24 * k
        for j in range(4):
            g[y0:y0 + 26, x0 + j * p:x0 + j * p + max(1, p // 2)] += 90
    return np.clip(g + 4 * soft(rng, h, w, 1), 0, 255)


def flat(rng, h, w, name):
    kind = rng.integers(5)
    if kind == 0:
        return np.zeros((h, w))
    if kind == 1:
        return np.full((h, w), float(rng.integers(1, 256)))
    if kind == 2:
        return np.clip(rng.uniform(20, 220) + rng.uniform(.5, 3) * soft(rng, h, w, 1), 0, 255)
    if kind == 3:
        return np.full((h, w, 3), rng.integers(0, 256, 3).astype(float))
    return grounds.make(rng, "slope", h, w)[0]


# group: (maker, grounds it may stand on)
GREY = ["ct", "knee", "chest", "us", "angio", "slope", "black", "hand", "mammogram"]
CLEAR = {"ecg traces": (ecg, ["black"]), "rulers": (ruler, GREY), "colour bars": (bars, ["us", "doppler", "black", "pet"]), "ribs and bone": (plain, ["chest", "hand"]),
         "colour doppler": (plain, ["doppler"]), "grids": (grids, GREY), "noise": (noise, ["ct"]), "speckle": (plain, ["us"]), "vessels": (vessels, ["angio"]),
         "microcalcifications": (specks, ["mammogram"]), "wires and clips": (metal, ["chest"]), "histology": (plain, ["histology"]), "arrows and calipers": (arrows, GREY),
         "shutters": (shutters, GREY), "phantoms": (phantom, ["ct"]), "flat": (flat, ["black"]), "body": (plain, ["ct", "knee", "pet", "mammogram", "angio"])}
# Grounds that only seeds above 1 may use in these groups.
CLEAR_HELD = {"ribs and bone": ["spine"], "body": ["head", "oct", "endoscopy"], "speckle": ["oct"], "rulers": ["head", "endoscopy"], "arrows and calipers": ["head", "spine"], "grids": ["spine", "head"], "shutters": ["spine", "endoscopy"]}
