"""Strings as people burn them in, drawn in any font, style and direction."""

import functools
import json
import re

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

F = np.float32
RANGES = {
    "cyrillic": (0x410, 0x44F), "greek": (0x3B1, 0x3C9), "cjk": (0x4E00, 0x7FFF), "kana": (0x30A2, 0x30F3),
    "hangul": (0xAC00, 0xC9FF), "arabic": (0x628, 0x64A), "hebrew": (0x5D0, 0x5EA), "thai": (0xE01, 0xE2E),
    "devanagari": (0x915, 0x939),
}
SYL = "an ber cha den el fi gor ha is jo ka lu mar ne ol pe qui ro sta tri us ve wil xa yo zel mith son ez nov".split()
LABELS = ("ID NAME DOB PID ACC SEX AGE Dr MRN Pat Study Series Date Time kV mA mAs FOV SL TE TR TI MI TIS cm/s mm Hz dB Gain "
          "Depth Frq PRF WW WL WL: Z: Im: Se: HOSP LAB SUPINE PORTABLE AP PA LAT L R LT RT ERECT Zoom Abd Card").split()


class Fonts:
    """Fonts by script, one family as likely as another."""

    def __init__(self, cache, held):
        with open(cache) as f:
            every = [x for x in json.load(f) if x["held"] == held]
        self.by = {}
        for x in every:
            fam = re.split(r"[-_ .]", x["path"].rsplit("/", 1)[1])[0].lower()
            fam = ("*" if x["sizes"] else "") + fam[:9]
            for s in x["scripts"]:
                self.by.setdefault(s, {}).setdefault(fam, []).append(x)
        self.families = {s: sorted(v) for s, v in self.by.items()}

    def pick(self, g, script, want_bitmap):
        fams = self.families[script]
        if script == "latin":
            fams = [f for f in fams if f.startswith("*") == want_bitmap] or fams
        pool = self.by[script][fams[g.integers(0, len(fams))]]
        return pool[g.integers(0, len(pool))]


@functools.lru_cache(3000)
def face(path, size):
    return ImageFont.truetype(path, size)


def word(g):
    w = "".join(SYL[i] for i in g.integers(0, len(SYL), g.integers(1, 4)))
    return (w.upper, w.title, w.lower)[g.choice(3, p=[0.45, 0.4, 0.15])]()


def digits(g, lo, hi):
    return "".join(str(d) for d in g.integers(0, 10, g.integers(lo, hi)))


def latin(g, short):
    if short:
        k = g.integers(0, 6)
        alpha = "ABCDEFGHJKLMNPQRSTUVWXYZabdefghkmnprstu234567890"
        return [lambda: alpha[g.integers(0, len(alpha))], lambda: digits(g, 1, 4), lambda: word(g)[:3],
                lambda: LABELS[g.integers(0, len(LABELS))][:3], lambda: "".join(alpha[i] for i in g.integers(0, len(alpha), 2)),
                lambda: "LR"[g.integers(0, 2)]][k]()
    k = g.integers(0, 12)
    sep = "/-.:"[g.integers(0, 4)]
    d2 = lambda hi: f"{g.integers(1, hi):02d}"
    date = f"{d2(29)}{sep}{d2(13)}{sep}{g.integers(1920, 2030)}"
    return [lambda: word(g), lambda: f"{word(g)}^{word(g)}", lambda: f"{word(g)}, {word(g)}", lambda: date,
            lambda: f"{g.integers(1920, 2030)}{sep}{d2(13)}{sep}{d2(29)} {d2(24)}:{d2(60)}:{d2(60)}",
            lambda: digits(g, 4, 12), lambda: f"{LABELS[g.integers(0, len(LABELS))]}: {digits(g, 1, 9)}",
            lambda: f"{LABELS[g.integers(0, len(LABELS))]} {word(g)}", lambda: " ".join(word(g) for _ in range(g.integers(2, 6))),
            lambda: f"{g.integers(0, 300)}.{g.integers(0, 10)} {('mm', 'cm', 'HU', '%', 'kV')[g.integers(0, 5)]}",
            lambda: f"{word(g)} {digits(g, 1, 5)}", lambda: "".join(chr(c) for c in g.integers(33, 127, g.integers(3, 14)))][k]()


def string(g, script, short):
    if script == "latin" or g.random() < 0.12:
        return latin(g, short)
    lo, hi = RANGES[script]
    n = g.integers(1, 4) if short else g.integers(2, 14)
    s = "".join(chr(c) for c in g.integers(lo, hi + 1, n))
    if script in ("cyrillic", "greek") and g.random() < 0.6:
        s = s.upper()
    if len(s) > 7 and g.random() < 0.5 and script not in ("cjk", "kana"):
        s = s[:4] + " " + s[4:]
    return s


def draw_font(g, text, f, em, aa):
    """The ink of a string as floats, cut to what is inked."""
    fnt = face(f["path"], em)
    spacing = g.random() < 0.08
    x0, y0, x1, y1 = fnt.getbbox(text)
    w, h = x1 - x0 + 4, y1 - y0 + 4
    if spacing:
        w += 12 * len(text)
    if w > 2000 or h > 400 or w < 2:
        return None
    im = Image.new("L", (int(w), int(h)))
    d = ImageDraw.Draw(im)
    d.fontmode = "L" if aa else "1"
    if spacing:
        x, gap = 2.0, g.uniform(0.5, 10)
        for c in text:
            d.text((x, 2 - y0), c, font=fnt, fill=255)
            x += fnt.getlength(c) + gap
    else:
        d.text((2 - x0, 2 - y0), text, font=fnt, fill=255)
    return np.asarray(im, F) / 255


def draw_hershey(g, text, cap):
    """Plotter letters: OpenCV's Hershey fonts."""
    text = "".join(c for c in text if 32 <= ord(c) < 127) or "A1"
    f = int(g.integers(0, 8)) | (16 if g.random() < 0.2 else 0)
    s = cap / 21.0
    t = int(max(1, round(cap * g.uniform(0.02, 0.2))))
    (w, h), b = cv2.getTextSize(text, f, s, t)
    if w > 2000:
        return None
    m = np.zeros((h + 2 * b + 6, w + 8), np.uint8)
    cv2.putText(m, text, (4, h + 3), f, s, 255, t, cv2.LINE_AA if g.random() < 0.5 else cv2.LINE_8)
    return m.astype(F) / 255


def dots(g, ink, k):
    """A dot-matrix printer's letters."""
    cell = np.zeros((k, k), np.uint8)
    cv2.circle(cell, (k // 2, k // 2), max(0, int(k * g.uniform(0.2, 0.5))), 255, -1)
    return np.kron((ink > 0.5).astype(F), cell.astype(F) / 255)


def crop(ink):
    r = np.flatnonzero(ink.max(1) > 0.1)
    c = np.flatnonzero(ink.max(0) > 0.1)
    if len(r) == 0:
        return None
    return ink[r[0]:r[-1] + 1, c[0]:c[-1] + 1]


def cap_height(g):
    u = g.random()
    lo, hi = (4.6, 10) if u < 0.5 else (9, 16) if u < 0.75 else (15, 28) if u < 0.91 else (28, 64)
    return float(np.exp(g.uniform(np.log(lo), np.log(hi))))


def ink_of(g, fonts, short=None, cap=None, script=None):
    """One string's ink, its meta data and its angle; None if nothing came of it."""
    cap = cap or cap_height(g)
    short = g.random() < 0.33 if short is None else short
    script = script or ("latin" if g.random() < 0.72 else list(RANGES)[g.integers(0, len(RANGES))])
    text = string(g, script, short)
    u = g.random()
    if script == "latin" and u < 0.1:
        kind, ink = "hershey", draw_hershey(g, text, cap)
    else:
        bitmap = script == "latin" and u < 0.32
        f = fonts.pick(g, script, bitmap)
        aa = g.random() < 0.6
        if f["sizes"]:
            kind, em, aa = "bitmap", int(g.choice(f["sizes"])), False
        else:
            kind, em = ("vector", max(6, int(round(cap / (0.72 if script in ("latin", "cyrillic", "greek", "hebrew") else 0.85)))))
        try:
            ink = draw_font(g, text, f, em, aa)
        except (OSError, ValueError):
            return None
        if ink is not None and f["sizes"]:
            k = max(1, int(round(cap / (em * 0.65)))) if g.random() < 0.6 else 1
            if g.random() < 0.12 and 3 <= k or g.random() < 0.02:
                kind, ink = "dots", dots(g, ink, max(3, k))
            elif k > 1:
                ink = np.kron(ink, np.ones((k, k), F))
    if ink is None:
        return None
    ink = crop(ink)
    if ink is None or ink.sum() < 4 or ink.mean() > 0.85:
        return None
    height = ink.shape[0]
    if g.random() < 0.03 and 2 < len(text) < 10 and kind == "vector":  # letters stacked
        cells = [crop(draw_font(g, c, f, em, aa)) for c in text if c.strip()]
        cells = [c for c in cells if c is not None]
        if len(cells) > 1:
            w = max(c.shape[1] for c in cells)
            gap = np.zeros((int(g.integers(1, 6)), w), F)
            rows = []
            for c in cells:
                pad = w - c.shape[1]
                rows += [np.pad(c, ((0, 0), (pad // 2, pad - pad // 2))), gap]
            ink, kind = np.concatenate(rows), "stacked"
            height = cells[0].shape[0]
    if g.random() < 0.06:  # narrow or wide
        ink = cv2.resize(ink, None, fx=g.uniform(0.7, 1.6), fy=1.0, interpolation=cv2.INTER_LINEAR if aa_like(ink) else cv2.INTER_NEAREST)
    angle = 0.0
    u = g.random()
    if u < 0.12:
        k = int(g.integers(1, 4))
        ink, angle = np.rot90(ink, k), 90.0 * k
    elif u < 0.24:
        angle = float(g.uniform(-8, 8) if u < 0.17 else g.uniform(-45, 45))
        ink = rotate(ink, angle)
    if g.random() < 0.03:
        ink = ink[:, ::-1]
    ink = crop(np.ascontiguousarray(ink))
    if ink is None:
        return None
    return ink, {"text": len(text.replace(" ", "")), "cap": height, "kind": kind, "script": script, "angle": angle}


def aa_like(ink):
    return bool(((ink > 0.05) & (ink < 0.95)).any())


def rotate(ink, angle):
    h, w = ink.shape
    a = np.deg2rad(angle)
    W = int(abs(w * np.cos(a)) + abs(h * np.sin(a))) + 4
    H = int(abs(h * np.cos(a)) + abs(w * np.sin(a))) + 4
    m = cv2.getRotationMatrix2D((w / 2, h / 2), angle, 1.0)
    m[:, 2] += (W / 2 - w / 2, H / 2 - h / 2)
    return cv2.warpAffine(ink, m, (W, H), flags=cv2.INTER_LINEAR)
