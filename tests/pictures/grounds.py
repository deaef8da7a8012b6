"""Grounds: what is behind the text. Each gives a picture of display values, 0 to 255, grey (H, W) or
colour (H, W, 3), and none of them holds anything like a letter.

`HELD` are the grounds that only seeds above 1 use.
"""
import numpy as np
from scipy.ndimage import gaussian_filter, zoom


def grid(h, w):
    """Coordinates from -1 to 1: (y, x)."""
    return np.meshgrid(np.linspace(-1, 1, h), np.linspace(-1, 1, w), indexing="ij")


def soft(rng, h, w, scale):
    """Smooth noise of unit variance; `scale` in pixels."""
    small = rng.standard_normal((int(h / scale) + 4, int(w / scale) + 4))
    field = zoom(small, scale, order=3)[:h, :w] if scale > 1 else rng.standard_normal((h, w))
    if field.shape != (h, w):
        field = np.pad(field, ((0, h - field.shape[0]), (0, w - field.shape[1])), mode="edge")
    return (field - field.mean()) / (field.std() + 1e-9)


def ellipse(y, x, cy, cx, ry, rx, angle=0.0, edge=.03):
    """1 inside an ellipse, falling to 0 across its edge."""
    c, s = np.cos(angle), np.sin(angle)
    u, v = (x - cx) * c + (y - cy) * s, -(x - cx) * s + (y - cy) * c
    r = np.sqrt((u / rx) ** 2 + (v / ry) ** 2)
    return np.clip((1 - r) / edge + .5, 0, 1)


def strokes(rng, h, w, number, width, length, bend=.12):
    """Random winding strokes, such as vessels are: 0 to 1."""
    out = np.zeros((h, w), np.float32)
    for _ in range(number):
        p = rng.random(2) * (h, w)
        a, thick = rng.random() * 6.28, width * (.4 + rng.random())
        for step in range(int(length * (.5 + rng.random()))):
            a += rng.standard_normal() * bend
            p = p + (np.sin(a), np.cos(a))
            r = max(.8, thick * (1 - step / (length * 1.6)))
            y0, x0, k = int(p[0]), int(p[1]), int(r + 2)
            if not (k <= y0 < h - k and k <= x0 < w - k):
                break
            yy, xx = np.mgrid[y0 - k:y0 + k + 1, x0 - k:x0 + k + 1]
            spot = np.clip(r - np.hypot(yy - p[0], xx - p[1]) + .5, 0, 1)
            part = out[y0 - k:y0 + k + 1, x0 - k:x0 + k + 1]
            np.maximum(part, spot, out=part)
    return out


def ct_body(rng, h, w, noise=6):
    y, x = grid(h, w)
    body = ellipse(y, x, .05, 0, .62 + .1 * rng.random(), .85, edge=.02)
    g = body * (105 + 8 * soft(rng, h, w, 18))
    fat = body - ellipse(y, x, .05, 0, .54, .76, edge=.02)
    g -= np.clip(fat, 0, 1) * 50
    for _ in range(7):
        g += ellipse(y, x, rng.uniform(-.35, .4), rng.uniform(-.55, .55), rng.uniform(.06, .25), rng.uniform(.06, .25), rng.random() * 3) * body * rng.uniform(-45, 40)
    g += 130 * ellipse(y, x, .42, 0, .11, .12, edge=.15) + 100 * ellipse(y, x, .56, 0, .05, .04, edge=.3)
    g += 35 * np.clip(1 - np.abs(y - .78 - .12 * x * x) / .012, 0, 1)
    return g + noise * (.25 + .75 * body) * soft(rng, h, w, 1)


def knee_mr(rng, h, w):
    y, x = grid(h, w)
    leg = ellipse(y, x, 0, .02, 1.15, .62, edge=.05)
    g = leg * (95 + 22 * soft(rng, h, w, 10))
    for cy, ry in ((-.62, .58), (.72, .6)):
        bone = ellipse(y, x, cy, .05, ry, .36, edge=.04)
        g = g * (1 - bone) + bone * (165 + 12 * soft(rng, h, w, 6))
        rim = ellipse(y, x, cy, .05, ry + .03, .39, edge=.03) - bone
        g *= 1 - .85 * np.clip(rim, 0, 1)
    g += 80 * ellipse(y, x, -.02, -.25, .14, .09, .4)
    shade = 1.15 - .35 * (x - rng.uniform(-.6, .6)) ** 2
    return np.abs(g * shade + 5 * soft(rng, h, w, 1)) + 3


def chest(rng, h, w):
    y, x = grid(h, w)
    g = 165 + 14 * soft(rng, h, w, 40)
    for side in (-1, 1):
        g = g - 105 * ellipse(y, x, -.05, side * .43, .68, .33, side * .12, edge=.18)
    g += 55 * ellipse(y, x, .25, .1, .38, .27, .5, edge=.3)
    for k in range(9):
        for side in (-1, 1):
            u = x * side
            line = -.85 + .19 * k + .35 * (u - .15) ** 2 * (1 if k % 2 else -1) + .28 * u
            g += 26 * np.exp(-((y - line) / .028) ** 2) * (u > .08) * (u < .9)
    g += 40 * np.exp(-(x / .07) ** 2) * (.6 + .4 * np.sin(y * 30))
    for side in (-1, 1):
        g += 38 * np.exp(-((y + .78 + .18 * np.abs(x)) / .03) ** 2) * (x * side > .05) * (x * side < .75)
    return np.clip(g + 4 * soft(rng, h, w, 1), 2, 250)


def hand(rng, h, w):
    y, x = grid(h, w)
    g = 14 + 4 * soft(rng, h, w, 30)
    for k in range(5):
        cx = -.62 + .31 * k
        flesh = ellipse(y, x, -.1, cx, .8, .15, .06 * (k - 2), edge=.15)
        g += 45 * flesh
        for j, cy in enumerate((-.7, -.38, .0, .52)):
            r = (.13, .16, .22, .28)[j]
            bone = ellipse(y, x, cy, cx + .04 * (k - 2) * cy, r, .085 - .012 * np.cos(3 * (y - cy) / r).mean(), .06 * (k - 2), edge=.1)
            g += bone * (110 + 20 * soft(rng, h, w, 3)) * (.75 + .25 * np.cos(9 * (x - cx)))
    g += 60 * ellipse(y, x, .75, 0, .3, .75, edge=.2)
    return np.clip(g + 4 * soft(rng, h, w, 1), 0, 255)


def us_sector(rng, h, w):
    y, x = grid(h, w)
    speckle = np.hypot(gaussian_filter(rng.standard_normal((h, w)), (1.1, 1.9)), gaussian_filter(rng.standard_normal((h, w)), (1.1, 1.9)))
    speckle /= speckle.mean()
    r, a = np.hypot(y + 1.1, x), np.arctan2(x, y + 1.1)
    fan = (np.abs(a) < .68) & (r > .28) & (r < 1.95)
    tissue = 62 + 28 * soft(rng, h, w, 26) - 22 * (r - 1)
    for _ in range(4):
        tissue *= 1 - .85 * ellipse(y, x, rng.uniform(-.3, .6), rng.uniform(-.35, .35), rng.uniform(.05, .18), rng.uniform(.05, .2), rng.random() * 3, edge=.15)
    return np.clip(np.where(fan, np.clip(tissue, 4, 200) * speckle, 0), 0, 255)


def angio(rng, h, w):
    y, x = grid(h, w)
    g = 150 + 18 * soft(rng, h, w, 60) - 30 * (x * x + y * y)
    tree = gaussian_filter(strokes(rng, h, w, 14, h / 70, h * .8), .8)
    g -= 85 * tree + 20 * gaussian_filter(strokes(rng, h, w, 30, h / 160, h * .4), .6)
    round_ = np.hypot(x, y) < 1.18
    return np.where(round_, np.clip(g + 6 * soft(rng, h, w, 1), 0, 255), 3)


def mammogram(rng, h, w):
    y, x = grid(h, w)
    breast = ellipse(y, x, rng.uniform(-.1, .1), -1.0, .85, 1.35 + .2 * rng.random(), edge=.12)
    gland = np.clip(70 + 28 * soft(rng, h, w, 9) + 30 * soft(rng, h, w, 34), 10, 200)
    fibre = gaussian_filter(strokes(rng, h, w, 50, 1.4, h * .3, .05), .7)
    g = breast ** .6 * (gland + 35 * fibre)
    return np.clip(g + 2.5 * soft(rng, h, w, 1) * (breast > .02), 0, 255)


def pet(rng, h, w):
    y, x = grid(h, w)
    g = 18 * ellipse(y, x, 0, 0, .95, .42, edge=.2) * (1 + .3 * soft(rng, h, w, 12))
    for cy, cx, r, v in ((-.78, 0, .13, 190), (.05, -.18, .15, 70), (.62, 0, .08, 230), (-.2, .1, .1, 120), (.2, .2, .07, 90)):
        g += v * ellipse(y, x, cy + rng.normal() * .03, cx + rng.normal() * .03, r, r, edge=1.2)
    return np.clip(gaussian_filter(g, h / 120) + 2 * np.abs(soft(rng, h, w, 2)), 0, 255)


def histology(rng, h, w):
    base = np.stack([226 + 5 * soft(rng, h, w, 20), 168 + 16 * soft(rng, h, w, 14), 203 + 7 * soft(rng, h, w, 20)], -1)
    seeds = rng.random((int(h * w / 500), 2)) * (h, w)
    cells = np.zeros((h, w))
    for cy, cx in seeds:
        y0, x0, k = int(cy), int(cx), 7
        if k <= y0 < h - k and k <= x0 < w - k:
            yy, xx = np.mgrid[-k:k + 1, -k:k + 1]
            a, r = rng.random() * 3.1, rng.uniform(2.5, 5)
            u, v = xx * np.cos(a) + yy * np.sin(a), yy * np.cos(a) - xx * np.sin(a)
            spot = np.clip(1.3 - np.hypot(u / r, v / (r * .65)), 0, .9)
            part = cells[y0 - k:y0 + k + 1, x0 - k:x0 + k + 1]
            np.maximum(part, spot, out=part)
    return np.clip(base * (1 - cells[..., None]) + cells[..., None] * np.array([96, 56, 150]) + 4 * rng.standard_normal((h, w, 1)), 0, 255)


def black(rng, h, w):
    return np.full((h, w), float(rng.choice([0, 0, 3, 12])))


def slope(rng, h, w):
    y, x = grid(h, w)
    return np.clip(rng.uniform(50, 150) + rng.uniform(-45, 45) * y + rng.uniform(-45, 45) * x + 1.2 * soft(rng, h, w, 1), 0, 255)


def doppler(rng, h, w):
    g = us_sector(rng, h, w)
    out = np.stack([g] * 3, -1)
    y, x = grid(h, w)
    cy, cx = rng.uniform(-.1, .4), rng.uniform(-.2, .2)
    box = (np.abs(y - cy) < .3) & (np.abs(x - cx) < .28)
    flow = soft(rng, h, w, 15) + .2 * soft(rng, h, w, 3)
    hot = np.stack([180 + 60 * flow, 60 * flow + 30, 20 + 0 * flow], -1)
    cold = np.stack([10 + 0 * flow, -50 * flow, 170 - 50 * flow], -1)
    out = np.where((box & (flow > .7))[..., None], hot, np.where((box & (flow < -.7))[..., None], cold, out))
    return np.clip(out, 0, 255)


def head_mr(rng, h, w):
    y, x = grid(h, w)
    skin, skull = ellipse(y, x, 0, 0, .9, .72), ellipse(y, x, 0, 0, .84, .66)
    brain = ellipse(y, x, 0, 0, .78, .6)
    fold = np.sin(9 * soft(rng, h, w, 22))
    g = 190 * (skin - skull) + brain * (105 + 28 * np.tanh(2 * fold))
    for side in (-1, 1):
        g -= brain * 70 * ellipse(y, x, -.05, side * .1, .26, .06, side * .25, edge=.2)
    return np.abs(g + 5 * soft(rng, h, w, 1))


def endoscopy(rng, h, w):
    y, x = grid(h, w)
    light = np.exp(-((x - .2) ** 2 + (y + .1) ** 2) * .9)
    fold = soft(rng, h, w, 30) + .4 * np.sin(14 * np.hypot(x, y) + 2 * soft(rng, h, w, 40))
    vein = gaussian_filter(strokes(rng, h, w, 16, 2, h * .6), 1)
    out = np.stack([205 + 18 * fold, 95 + 20 * fold - 40 * vein, 75 + 15 * fold - 20 * vein], -1) * light[..., None]
    seen = (np.hypot(x, y * .95) < 1.02) & (np.abs(x) < .92)
    shine = np.clip(soft(rng, h, w, 9) - 2.2, 0, 1)[..., None] * 180
    return np.clip(np.where(seen[..., None], out + shine + 3 * rng.standard_normal((h, w, 1)), 0), 0, 255)


def oct_scan(rng, h, w):
    y, x = grid(h, w)
    top = -.25 + .16 * np.exp(-(x / .22) ** 2) + .05 * np.sin(3 * x + rng.random() * 6)
    g = np.zeros((h, w))
    for off, thick, v in ((0, .035, 150), (.07, .05, 95), (.16, .03, 60), (.22, .06, 110), (.34, .03, 220), (.42, .2, 120)):
        g += v * np.exp(-((y - top - off) / thick) ** 2)
    grain = rng.exponential(1, (h, w))
    return np.clip(gaussian_filter((g + 16) * grain, .7), 0, 255)


def spine(rng, h, w):
    y, x = grid(h, w)
    g = 70 + 40 * np.exp(-(x / .6) ** 2) + 12 * soft(rng, h, w, 30)
    bend = .12 * np.sin(2 * y)
    for k in range(8):
        cy = -.95 + .26 * k
        inside = np.clip((.105 - np.abs(y - cy)) / .02 + .5, 0, 1) * np.clip((.22 - np.abs(x - bend)) / .02 + .5, 0, 1)
        g += inside * (55 + 10 * soft(rng, h, w, 3)) + 45 * np.exp(-((y - cy - .11) / .012) ** 2) * (np.abs(x - bend) < .23)
        g += 40 * ellipse(y, x, cy + .02, bend.mean() + .36, .06, .13, .5, edge=.3)
    return np.clip(g + 6 * soft(rng, h, w, 1), 0, 255)


# name: (generator, modality as objects.py knows it)
GROUNDS = {"ct": (ct_body, "CT"), "knee": (knee_mr, "MR"), "chest": (chest, "CR"), "hand": (hand, "CR"), "us": (us_sector, "US"), "angio": (angio, "XA"),
           "mammogram": (mammogram, "MG"), "pet": (pet, "PT"), "black": (black, "OT"), "slope": (slope, "CR"), "histology": (histology, "OT"), "doppler": (doppler, "US")}
HELD = {"head": (head_mr, "MR"), "endoscopy": (endoscopy, "ES"), "oct": (oct_scan, "OT"), "spine": (spine, "CR")}


def names(seed, colour=None):
    """Names of the grounds for a seed; `colour` True or False for only those with or without it."""
    with_colour = {"histology", "doppler", "endoscopy"}
    every = list(GROUNDS) + (list(HELD) * 2 if seed > 1 else [])
    return [n for n in every if colour is None or (n in with_colour) == colour]


def make(rng, name, h, w):
    """(display values, modality)."""
    maker, modality = (GROUNDS.get(name) or HELD[name])
    return np.asarray(maker(rng, h, w), np.float32), modality
