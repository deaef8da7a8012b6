"""Text as coverage of pixels, put into a picture, with its truth: box, ink and whether it can be read."""
import base64
import io

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from measure import countable


def letters(text, font):
    """Coverage, 0 to 1, of one line of text, cropped to its ink."""
    left, top, right, bottom = font.face.getbbox(text)
    pad = 4 + font.capital // 2
    image = Image.new("L", (max(1, right - left) + 2 * pad, max(1, bottom - top) + 2 * pad))
    draw = ImageDraw.Draw(image)
    if font.bitmap:
        draw.fontmode = "1"
    draw.text((pad - left, pad - top), text, 255, font=font.face)
    return crop(np.asarray(image, np.float32) / 255)


def crop(cover):
    ys, xs = np.nonzero(cover > .08)
    if not len(ys):
        return np.zeros((0, 0), np.float32)
    return cover[ys.min():ys.max() + 1, xs.min():xs.max() + 1]


def turned(cover, angle):
    """Turned by an angle in degrees; right angles without loss."""
    if angle % 90 == 0:
        return np.rot90(cover, angle // 90).copy()
    image = Image.fromarray((np.pad(cover, 3) * 255).astype(np.uint8))
    return crop(np.asarray(image.rotate(angle, Image.Resampling.BICUBIC, expand=True), np.float32) / 255)


def stacked(text, font, gap=2):
    """One letter below the other."""
    parts = [letters(c, font) if c != " " else np.zeros((font.capital // 2, 1), np.float32) for c in text]
    parts = [p for p in parts if p.size]
    width = max(p.shape[1] for p in parts)
    rows = []
    for part in parts:
        side = width - part.shape[1]
        rows.append(np.pad(part, ((0, gap), (side // 2, side - side // 2))))
    return crop(np.concatenate(rows))


def pack(mask):
    """A mask as base64 of a PNG of one bit a pixel."""
    store = io.BytesIO()
    Image.fromarray((mask * 255).astype(np.uint8)).convert("1").save(store, "PNG", optimize=True)
    return base64.b64encode(store.getvalue()).decode()


class Picture:
    """Frames of display values, 0 to 255, and the strings that were drawn into them."""

    def __init__(self, frames, modality):
        frames = np.asarray(frames, np.float32)
        self.colour = frames.ndim == 4 or (frames.ndim == 3 and frames.shape[-1] == 3)
        self.frames = frames if frames.ndim == (4 if self.colour else 3) else frames[None]
        self.modality, self.strings = modality, []
        self.taken = np.zeros(self.size, bool)
        self.units = []  # text that is added to stored values: (coverage at its place, units)

    @property
    def size(self):
        return self.frames.shape[1:3]

    def place(self, rng, shape, where="any", margin=5):
        """A free place for a text of that shape, or None: `any`, `border` (where devices write)."""
        h, w = shape
        rows, columns = self.size
        if h + 2 * margin >= rows or w + 2 * margin >= columns:
            return None
        for _ in range(60):
            y, x = int(rng.integers(margin, rows - h - margin)), int(rng.integers(margin, columns - w - margin))
            if where == "border":
                side = int(rng.integers(4))
                y = [int(margin + rng.integers(0, max(1, rows // 5))), int(rows - h - margin - rng.integers(0, max(1, rows // 5)))][side % 2]
                x = [margin, max(margin, columns - w - margin)][side // 2] if rng.random() < .8 else x
                y = min(max(margin, y), rows - h - margin)
            if not self.taken[max(0, y - margin):y + h + margin, max(0, x - margin):x + w + margin].any():
                return y, x
        return None

    def put(self, text, cover, at, value, cls="phi", frames=None, blur=0., shadow=None, plate=None, note=None):
        """Draws coverage at (y, x), parts of which may lie outside; False if nobody could read it."""
        rows, columns = self.size
        y, x = at
        reach = int(3 * blur + 2) if blur else 0
        cover = np.pad(cover, reach)
        if blur:
            cover = gaussian_filter(cover, blur)
        y, x = y - reach, x - reach
        y0, x0, y1, x1 = max(0, y), max(0, x), min(rows, y + cover.shape[0]), min(columns, x + cover.shape[1])
        if y1 <= y0 or x1 <= x0:
            return False
        part = cover[y0 - y:y1 - y, x0 - x:x1 - x]
        area = (slice(y0, y1), slice(x0, x1))
        which = range(len(self.frames)) if frames is None else frames
        before = {k: self.frames[k].copy() for k in which}
        for k in which:
            frame = self.frames[k]
            if plate is not None:
                p = 3
                frame[max(0, y0 - p):y1 + p, max(0, x0 - p):x1 + p] = plate
            if shadow is not None:
                dark = np.zeros(self.size, np.float32)
                dark[area] = part
                dark = np.maximum(np.roll(dark, (1, 1), (0, 1)), gaussian_filter(dark, .8) * 1.6).clip(0, 1)
                frame[:] = blend(frame, dark, shadow)
            frame[area] = blend(frame[area], part, value)
        ink = part > max(.3, .45 * float(part.max())) if blur else part > .4
        if ink.sum() < 6:
            ink = part > .25
        ys, xs = np.nonzero(ink)
        seen = [np.clip(self.frames[k][area], 0, 255) for k in which]
        if not len(ys) or (cls == "phi" and min(countable(a, ink) for a in seen) < (.9 if blur else .75)):
            for k in which:
                self.frames[k] = before[k]
            return False
        self.taken[max(0, y0 - 3):y1 + 3, max(0, x0 - 3):x1 + 3] = True
        self.note_string(text, cls, frames, (x0 + xs.min(), y0 + ys.min(), x0 + xs.max() + 1, y0 + ys.max() + 1), ink[ys.min():ys.max() + 1, xs.min():xs.max() + 1], note)
        return True

    def note_string(self, text, cls, frames, box, ink, note=None, where="pixels"):
        self.strings.append(dict(text=text, cls=cls, where=where, box=[int(v) for v in box], frames=None if frames is None else [int(k) for k in frames], mask=pack(ink), **(note or {})))


def blend(ground, cover, value):
    cover = np.clip(cover, 0, 1)
    if ground.ndim == 3:
        return ground * (1 - cover[..., None]) + cover[..., None] * (np.asarray(value, np.float32) if np.ndim(value) else np.full(3, value, np.float32))
    return ground * (1 - cover) + cover * (float(np.dot(value, (.299, .587, .114))) if np.ndim(value) else value)
