"""The groups of pictures: each a way to write that an adversary, or an old device, would choose.

A group is a function of a `Draw` (random numbers, seed, number of the picture) that gives the picture
and how it is stored. `TEXT` and `CLEAR` name them; the corpus is made of nothing else.
"""
from dataclasses import dataclass, field

import numpy as np
from scipy.ndimage import gaussian_filter, uniform_filter

import fonts
import grounds
from clear import CLEAR, CLEAR_HELD
from drawing import Picture, letters, stacked, turned
from people import MARKS, Person

COLOURS = [(255, 255, 0), (0, 255, 255), (120, 255, 120), (255, 255, 255), (255, 170, 60), (255, 120, 255)]


@dataclass
class Draw:
    rng: np.random.Generator
    seed: int
    number: int
    person: Person
    form: str = "u8"
    options: dict = field(default_factory=dict)

    def chance(self, p):
        return self.rng.random() < p

    def one(self, items):
        return items[int(self.rng.integers(len(items)))]

    def between(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def ground(self, names=None, size=None, colour=None):
        """A picture with a ground, and a form that suits it."""
        pool = [n for n in (names or grounds.names(self.seed, colour)) if n in grounds.names(self.seed, colour)]
        name = self.one(pool)
        h, w = size or self.one([(320, 320), (384, 384), (400, 512), (480, 640), (512, 512), (288, 352)])
        values, modality = grounds.make(self.rng, name, h, w)
        picture = Picture(values, modality)
        if picture.colour:
            self.form = self.one(["rgb", "rgb", "rle", "j2k"])
        elif modality == "CT":
            self.form = self.one(["ct", "ct", "u12"])
        elif modality in ("MR", "PT", "CR", "XA", "MG"):
            self.form = self.one(["u12", "u16", "u8", "u8", "rle", "j2k", "jls"])
        else:
            self.form = self.one(["u8", "u8", "rle", "rgb"])
        return picture

    def local(self, picture, shape, at):
        y, x = at
        part = picture.frames[0][max(0, y):y + shape[0], max(0, x):x + shape[1]]
        part = part @ np.array([.299, .587, .114], np.float32) if part.ndim == 3 else part
        return (float(part.mean()), float(part.std())) if part.size else (0., 0.)

    def value(self, picture, shape, at, contrast):
        """A grey or a colour that differs from what is there by at least `contrast`."""
        mean, _ = self.local(picture, shape, at)
        if picture.colour and self.chance(.5) and mean < 130:
            return self.one(COLOURS)
        up, down = 255 - mean, mean
        if up >= contrast and (down < contrast or self.chance(.75)):
            return min(255., mean + max(contrast, up * self.rng.uniform(.7, 1)))
        return max(0., mean - max(contrast, down * self.rng.uniform(.7, 1)))

    def write(self, picture, texts, kind, capital, contrast=70, where="border", cls="phi", cover_of=None, **how):
        """Writes each text at a free place, trying a few times; those that nobody could read are left out."""
        done = 0
        for text in texts:
            for _ in range(8):
                font = fonts.pick(self.rng, kind, capital() if callable(capital) else capital, self.seed)
                if not font.covers(text):
                    continue
                cover = cover_of(text, font) if cover_of else letters(text, font)
                if not cover.size:
                    continue
                at = picture.place(self.rng, cover.shape, where)
                if at is None:
                    continue
                value = how["fixed"] if "fixed" in how else self.value(picture, cover.shape, at, contrast)
                rest = {k: v for k, v in how.items() if k != "fixed"}
                if picture.put(text, cover, at, value, cls, note=dict(font=font.entry, capital=font.capital), **rest):
                    done += 1
                    break
        return done

    def phi(self, number):
        """Identifying strings of the person: the name first, the rest by chance."""
        every = self.person.strings()
        rest = list(self.rng.permutation(len(every) - 1)[:number - 1] + 1)
        return [every[0]] + [every[i] for i in sorted(rest)]


def latin(kind, low, high, number=5, contrast=70, **how):
    def make(d):
        picture = d.ground()
        d.write(picture, d.phi(number), kind, lambda: d.between(low, high), contrast, **how)
        return picture
    return make


def small(capital):
    def make(d):
        picture = d.ground(["ct", "us", "black", "slope", "knee", "angio", "head", "oct", "doppler"], size=d.one([(256, 256), (256, 320), (320, 384)]))
        kind = "tiny5" if capital == 5 else "small"
        texts = [t.upper() for t in d.phi(5)]
        d.write(picture, texts, kind, capital, 110)
        return picture
    return make


def faint(d):
    picture = d.ground(["slope", "black", "ct", "chest", "knee", "head"], colour=False)
    d.form = d.one(["u8", "u12", "u16"])
    smooth = d.chance(.5)
    level = d.rng.uniform(4, 11)
    flat = gaussian_filter(picture.frames[0], 12)
    picture.frames[0] = np.clip(flat, 30, 200) + (0 if smooth else level) * d.rng.standard_normal(picture.size)
    for text in d.phi(6):
        font = fonts.pick(d.rng, "sans", d.between(9, 14) if smooth else d.between(12, 22), d.seed)
        cover = letters(text, font)
        for _ in range(5):
            at = picture.place(d.rng, cover.shape)
            if at is None:
                continue
            mean, _ = d.local(picture, cover.shape, at)
            step = d.rng.uniform(12, 25) if smooth else d.rng.uniform(1.8, 3) * level
            if picture.put(text, cover, at, mean + step * (1 if mean < 150 else -1), note=dict(font=font.entry, capital=font.capital)):
                break
    return picture


def blurred(d):
    picture = d.ground([n for n in grounds.names(d.seed) if n not in ("histology", "hand")])
    size = d.between(10, 20)
    d.write(picture, d.phi(5), "sans", size, 120, blur=size * d.rng.uniform(.08, .135))
    return picture


def rotated(d):
    picture = d.ground()
    quarter = d.one([90, 270])
    d.write(picture, d.phi(5), d.one(["sans", "sans", "bitmap"]), lambda: d.between(8, 16), 90, cover_of=lambda t, f: turned(letters(t, f), quarter))
    return picture


def tilted(d):
    picture = d.ground()
    d.write(picture, d.phi(5), "sans", lambda: d.between(9, 16), 90, where="any", cover_of=lambda t, f: turned(letters(t, f), float(d.rng.uniform(3, 7) * d.one([-1, 1]))))
    return picture


def in_stack(d):
    picture = d.ground(size=d.one([(512, 512), (480, 640)]))
    texts = [t for t in [d.person.surname.upper(), d.person.given.upper(), d.person.mrn, d.person.date(d.person.born, 1), d.person.initials * 2 + d.person.mrn[:4]] if len(t) < 16]
    d.write(picture, texts, "sans", lambda: d.between(9, 15), 90, cover_of=lambda t, f: stacked(t, f, d.between(2, 4)))
    return picture


def plated(d):
    picture = d.ground()
    picture_plate = float(d.between(225, 255))
    d.write(picture, d.phi(5), "sans", lambda: d.between(8, 14), fixed=float(d.between(0, 40)), plate=picture_plate)
    return picture


def over_bone(d):
    picture = d.ground(["hand", "chest", "spine"])
    d.form = d.one(["u8", "u12", "u16", "jls"])
    d.write(picture, d.phi(6), "sans", lambda: d.between(10, 16), 55, where="any")
    return picture


def over_speckle(d):
    picture = d.ground(["us", "oct"])
    rows, columns = picture.size
    for y, x in ((0, 0), (0, columns // 2), (rows // 2, 0), (rows // 2, columns // 2)):
        part = picture.frames[0][y:y + rows // 2, x:x + columns // 2]
        if (part < 3).mean() > .6:  # Not in the empty corners: on the tissue.
            picture.taken[y:y + rows // 4, x:x + columns // 4] = True
    empty = uniform_filter((picture.frames[0] < 2).astype(np.float32), 9) > .9
    picture.taken |= empty
    d.write(picture, d.phi(6), "sans", lambda: d.between(9, 16), 120, where="any")
    return picture


def on_edge(d):
    picture = d.ground(["chest", "hand", "slope", "angio", "spine", "knee"], colour=False, size=d.one([(400, 400), (480, 512)]))
    rows, columns = picture.size
    left, top = int(columns * d.rng.uniform(.15, .3)), int(rows * d.rng.uniform(.15, .3))
    outside = float(d.one([0, 0, 3, 255]))
    frame = picture.frames[0]
    shut = np.ones_like(frame, bool)
    shut[top:rows - top, left:columns - left] = False
    picture.frames[0] = np.where(shut, outside, frame.clip(60, 180))
    for text in d.phi(5):
        for _ in range(10):
            font = fonts.pick(d.rng, "sans", d.between(9, 15), d.seed)
            upright = d.chance(.35)
            cover = turned(letters(text, font), 90) if upright else letters(text, font)
            h, w = cover.shape
            y = d.between(4, max(5, rows - h - 4)) if upright or d.chance(.4) else d.one([top, rows - top]) - d.between(1, h - 1)
            x = d.one([left, columns - left]) - d.between(1, w - 1) if upright or not top - h < y < rows else d.one([left - w // 2, columns - left - w // 2, d.between(4, max(5, columns - w - 4))])
            if x < 3 or y < 3 or x + w > columns - 3 or y + h > rows - 3 or picture.taken[y:y + h, x:x + w].any():
                continue
            inside = ~shut[y:y + h, x:x + w]
            if not .1 < inside.mean() < .9:
                continue
            value = 255. if outside < 100 else 5.
            if picture.put(text, cover, (y, x), value, note=dict(font=font.entry, capital=font.capital)):
                break
    return picture


def narrow(form):
    """Text a few stored units above its ground, far outside the window that the header states."""
    def make(d):
        picture = d.ground(["ct", "mammogram", "pet", "us", "head", "black"], colour=False, size=d.one([(400, 512), (480, 512), (512, 512)]))
        d.form = form
        frame = picture.frames[0]
        air = gaussian_filter(frame, 3) < d.between(14, 22)
        frame[air] = 0
        grain = 1.0 if form == "u12" else 3.0
        picture.grain = grain * d.rng.uniform(.4, 1)
        # The text stands where the ground is even; nothing of the organ comes near it.
        near = uniform_filter((~air).astype(np.float32), 3) > 0
        picture.taken |= near
        low = 200 if form == "u12" else 3000
        scale = (3300 if form == "u12" else 52000) / 255
        for text in d.phi(7):
            font = fonts.pick(d.rng, "sans", d.between(9, 15), d.seed)
            cover = letters(text, font)
            at = picture.place(d.rng, cover.shape) or picture.place(d.rng, cover.shape, "border")
            if at is None:
                continue
            units = picture.grain * d.rng.uniform(4, 9)
            ink = cover > .4
            picture.units.append((cover, at, float(units)))
            picture.taken[at[0] - 3:at[0] + ink.shape[0] + 3, at[1] - 3:at[1] + ink.shape[1] + 3] = True
            y, x = at
            picture.note_string(text, "phi", None, (x, y, x + ink.shape[1], y + ink.shape[0]), ink, dict(font=font.entry, capital=font.capital, units=round(units, 1)))
        # The window begins above all that the text reaches: at it the picture looks clean.
        floor = low + scale * 8
        width = scale * 255 * .7
        d.options["window"] = (int(floor + width / 2), int(width))
        return picture
    return make


def one_of_forty(d):
    still = d.ground(size=d.one([(200, 240), (224, 224), (256, 256)]))
    base, frames = still.frames[0], []
    for k in range(40):
        move = (int(3 * np.sin(k / 4)), int(2 * np.cos(k / 5)), 0)[:base.ndim]
        frames.append(np.roll(base, move, range(base.ndim)) * (1 + .05 * np.sin(k / 3)) + 2 * d.rng.standard_normal(base.shape[:2] + (1,) * (base.ndim - 2)))
    picture = Picture(np.clip(np.stack(frames), 0, 255), still.modality)
    d.form = "rgb" if picture.colour else d.one(["u8", "rle"])
    where = d.between(0, 39)
    local = Picture(picture.frames[where], still.modality)
    d.write(local, d.phi(4), d.one(["sans", "bitmap"]), lambda: d.between(8, 13), 90)
    picture.frames[where] = local.frames[0]
    picture.strings = [dict(s, frames=[where]) for s in local.strings]
    return picture


def stored_as(form, colour):
    def make(d):
        picture = d.ground(colour=colour)
        d.write(picture, d.phi(5), d.one(["sans", "sans", "bitmap"]), lambda: d.between(8, 15), 80)
        d.form = form
        return picture
    return make


def ybr(d):
    picture = d.ground(["doppler", "histology", "endoscopy", "us"])
    d.write(picture, d.phi(5), "sans", lambda: d.between(9, 16), 90)
    d.form = d.one(["ybr", "jpeg"])
    if not picture.colour and d.form == "jpeg":
        picture = as_colour(picture)
    d.options["quality"] = d.between(75, 92)
    return picture


def as_colour(picture):
    other = Picture(np.repeat(picture.frames[..., None], 3, -1), picture.modality)
    other.strings, other.taken = picture.strings, picture.taken
    return other


def crushed(d):
    picture = d.ground()
    d.write(picture, d.phi(5), "sans", lambda: d.between(10, 18), 100)
    d.form, d.options["quality"] = "jpeg", d.between(12, 28)
    return picture


def bit_plane(where):
    """Text in an overlay or in unused bits or in the icon; none in the picture itself."""
    def make(d):
        picture = d.ground(colour=False)
        d.form = "u12" if where == "bits" else d.one(["u8", "u12"])
        size = picture.size if where != "icon" else d.one([(96, 128), (128, 128), (64, 128)])
        sheet = Picture(np.zeros(size, np.float32), "OT")
        texts = d.phi(5) if where != "icon" else [d.person.surname.upper()[:12], d.person.mrn, d.person.date(d.person.born, 0)]
        d.write(sheet, texts, "sans" if where != "icon" else "small", (lambda: d.between(9, 16)) if where != "icon" else 8, fixed=255.)
        picture.strings = [dict(s, where=where) for s in sheet.strings]
        d.options[where] = sheet.frames[0]
        return picture
    return make


def cut(d):
    """Half outside: the beginning, the end or the upper or lower part lies beyond the edge."""
    picture = d.ground()
    rows, columns = picture.size
    for text in d.phi(6):
        for _ in range(8):
            font = fonts.pick(d.rng, "sans", d.between(11, 22), d.seed)
            cover = letters(text, font)
            h, w = cover.shape
            kind = d.between(0, 3)
            y, x = d.between(4, max(5, rows - h - 5)), d.between(4, max(5, columns - w - 5))
            if kind == 0:
                x = -int(w * d.rng.uniform(.25, .5))
            elif kind == 1:
                x = columns - int(w * d.rng.uniform(.5, .75))
            elif kind == 2:
                y = -int(h * d.rng.uniform(.3, .42))
            else:
                y = rows - int(h * d.rng.uniform(.58, .75))
            if picture.taken[max(0, y):max(0, y + h), max(0, x):max(0, x + w)].any():
                continue
            if picture.put(text, cover, (y, x), d.value(picture, cover.shape, (max(0, y), max(0, x)), 90), note=dict(font=font.entry, capital=font.capital)):
                break
    return picture


def initials(d):
    picture = d.ground()
    texts = [d.person.initials, d.person.initials[::-1] + d.one("ABEKMT"), d.person.given[0] + "." + d.person.surname[0] + ".", d.one("JKMPT") + d.person.initials, d.person.surname[:2].upper()]
    d.write(picture, texts, d.one(["sans", "sans", "bitmap"]), lambda: d.between(9, 20), 90)
    return picture


REPORT = """The lungs are clear without consolidation|No pleural effusion is seen|Heart size is within normal limits|Impression: no acute abnormality
Mild degenerative change of the spine|Comparison: none available|Technique: frontal and lateral views|CTDIvol 12.4 mGy  DLP 431 mGy cm
Total exposure 3.1 mSv|Series 2  Helical  120 kV  210 mA|Findings are stable|Recommend follow-up in six months""".replace("\n", "|").split("|")


def page(d):
    h, w = d.one([(700, 560), (640, 512), (768, 600)])
    tone = d.one([255, 250, 240])
    paper = tone - 3 * np.abs(grounds.soft(d.rng, h, w, 60)) + (2 * d.rng.standard_normal((h, w)) if d.chance(.6) else 0)
    dark = d.chance(.2)
    picture = Picture(255 - paper if dark else paper, "OT")
    d.form = d.one(["u8", "rgb", "jpeg", "rle"])
    d.options["quality"] = 80
    kind, size, y = d.one(["sans", "sans", "bitmap"]), d.between(8, 11), d.between(20, 50)
    fnt = fonts.pick(d.rng, kind, size, d.seed)
    said, filler = d.phi(6), list(d.rng.permutation(REPORT))
    skew = d.rng.uniform(-.6, .6) if d.chance(.4) else 0
    while y < h - 40:
        phi = said and (y < h * .3 or d.chance(.15))
        text = said.pop(0) if phi else filler.pop() if filler else None
        if text is None:
            break
        cover = letters(text, fnt)
        if skew:
            cover = turned(cover, skew)
        x = d.between(20, 40) if d.chance(.8) else max(20, w // 2)
        if cover.shape[1] < w - x - 5:
            picture.put(text, cover, (y, x), 235. if dark else 25., "phi" if phi else "other", note=dict(font=fnt.entry, capital=fnt.capital))
        y += int(cover.shape[0] + fnt.capital * d.rng.uniform(.7, 1.4))
    return picture


def script(name, low=11, high=22):
    def make(d):
        d.person = Person(d.rng, name)
        picture = d.ground()
        d.write(picture, d.phi(5), name, lambda: d.between(low, high), 90)
        return picture
    return make


def large(d):
    picture = d.ground(size=d.one([(512, 640), (640, 640), (600, 768)]))
    texts = [d.person.surname.upper()[:7], d.person.mrn[:6], d.person.given[:6], d.person.date(d.person.born, 5), d.person.initials]
    d.write(picture, texts, "sans", lambda: d.between(60, 110), 80, where="any")
    return picture


def equal_luma(d):
    """Text of another hue and the same luminance as its ground."""
    h, w = d.one([(320, 384), (400, 400), (384, 512)])
    weights = np.array([.299, .587, .114])
    while True:
        a, b = d.rng.integers(0, 256, 3).astype(float), d.rng.integers(0, 256, 3).astype(float)
        b += (a - b) @ weights
        if b.min() >= 0 and b.max() <= 255 and np.abs(a - b).max() > 85:
            break
    tone = grounds.soft(d.rng, h, w, 40)[..., None] * 6
    picture = Picture(np.clip(a + tone + .8 * d.rng.standard_normal((h, w, 1)), 0, 255), "OT")
    d.write(picture, d.phi(5), "sans", lambda: d.between(10, 18), fixed=b)
    d.form = d.one(["rgb", "planar", "rle"])
    return picture


def lead(d):
    """A side marker of lead with the initials of whoever made the picture."""
    picture = d.ground(["chest", "hand", "spine"], size=d.one([(480, 480), (512, 512), (512, 640)]))
    d.form = d.one(["u8", "u12", "u16", "mono1"])
    for side in ("R", "L")[:d.between(1, 2)]:
        font = fonts.pick(d.rng, "sans", d.between(26, 44), d.seed)
        cover = letters(side, font)
        at = picture.place(d.rng, (cover.shape[0], cover.shape[1] + 90), "border", 8)
        if at is None:
            continue
        if picture.put(side, cover, at, 252., "mark", blur=.8, note=dict(font=font.entry, capital=font.capital)):
            other = fonts.pick(d.rng, "sans", d.between(9, 17), d.seed)
            text = d.person.initials + d.one(["", "K", "MB", "7", "S"])
            picture.put(text, letters(text, other), (at[0] + d.between(0, 14), at[1] + cover.shape[1] + d.between(7, 12)), 245., blur=.6, note=dict(font=other.entry, capital=other.capital))
    d.write(picture, [d.person.initials + d.one("AEKRS"), d.person.surname.upper(), d.person.mrn], "sans", lambda: d.between(10, 18), 80, blur=.6)
    return picture


def inverse(form):
    def make(d):
        picture = d.ground(["ct", "knee", "chest", "hand", "angio", "pet", "head", "spine"], colour=False)
        if form == "u8":
            picture.frames = 255 - picture.frames
        d.write(picture, d.phi(5), d.one(["sans", "bitmap"]), lambda: d.between(8, 16), 80)
        d.form = form
        return picture
    return make


def wide(d):
    picture = d.ground(["chest", "mammogram", "hand", "angio", "spine", "us"], colour=False, size=d.one([(1024, 1024), (1152, 896), (1280, 1024)]))
    d.form = d.one(["u8", "u12", "j2k"])
    d.write(picture, d.phi(5), "sans", lambda: d.between(8, 30), 80)
    return picture


def banner(d):
    """Ultrasound: lines of who and where above, settings at the side, all of them marks that may stay."""
    picture = d.ground(["us", "doppler"], size=d.one([(480, 640), (600, 800), (442, 636)]))
    rows, columns = picture.size
    top = d.between(38, 60)
    picture.frames[0][:top] = d.one([0, 0, 20, 60])
    kind, size = d.one(["sans", "sans", "bitmap"]), d.between(8, 12)
    font = fonts.pick(d.rng, kind, size, d.seed)
    ink = d.one([255., 220., 255.]) if not picture.colour else d.one(COLOURS)
    y = 4
    said = d.phi(6)
    for _ in range(3):
        x = d.between(4, 10)
        while said:
            cover = letters(said[0], font)
            if x + cover.shape[1] > columns - 6 or y + cover.shape[0] > top:
                break
            picture.put(said[0], cover, (y, x), ink, note=dict(font=font.entry, capital=font.capital))
            said.pop(0)
            x += cover.shape[1] + d.between(20, 90)
        y += font.capital + d.between(5, 8)
    settings, y = list(d.rng.permutation(MARKS["us"])), top + d.between(10, 40)
    x = d.one([6, columns - 110])
    other = fonts.pick(d.rng, kind, size, d.seed)
    for text in settings[:d.between(4, 7)]:
        picture.put(text, letters(text, other), (y, x), ink, "mark", note=dict(font=other.entry, capital=other.capital))
        y += other.capital + d.between(6, 10)
    return picture


def marks(d):
    """Only what may stay."""
    names = {"CT": ["side", "setting"], "MR": ["side", "setting"], "CR": ["side"], "US": ["us", "scale"], "XA": ["side"], "MG": ["side"]}
    every = {**grounds.GROUNDS, **grounds.HELD}
    picture = d.ground([n for n in grounds.names(d.seed, False) if every[n][1] in names])
    pool = [m for kind in names[picture.modality] for m in MARKS[kind]]
    d.write(picture, list(d.rng.permutation(pool)[:5]), d.one(["sans", "sans", "bitmap"]), lambda: d.between(9, 18), 100, cls="mark")
    return picture


TEXT = {
    "plain": latin("sans", 9, 18, contrast=90), "bitmap fonts": latin("bitmap", 8, 12, contrast=90), "script fonts": latin("script", 14, 24, contrast=90),
    "hairline fonts": latin("hairline", 13, 24, contrast=120), "5 px": small(5), "6 px": small(6), "7 px": small(7), "8 px": small(8), "faint": faint,
    "blurred": blurred, "rotated 90": rotated, "rotated 5": tilted, "stacked letters": in_stack, "on a white plate": plated, "over bone": over_bone,
    "over speckle": over_speckle, "on a collimation edge": on_edge, "narrow window, 12 bit": narrow("u12"), "narrow window, 16 bit": narrow("u16"),
    "one frame of forty": one_of_forty, "palette": stored_as("palette", None), "planar RGB": stored_as("planar", None), "YBR": ybr,
    "overlay": bit_plane("overlay"), "unused high bits": bit_plane("bits"), "icon": bit_plane("icon"), "half outside": cut, "initials": initials,
    "whole pages": page, "Cyrillic": script("Cyrl"), "Greek": script("Grek"), "Chinese": script("Hans"), "Japanese": script("Jpan"), "Korean": script("Kore"),
    "Arabic": script("Arab", 12, 22), "Hebrew": script("Hebr"), "large letters": large, "equal luminance": equal_luma, "strong JPEG": crushed,
    "lead markers": lead, "MONOCHROME1": inverse("mono1"), "inverse": inverse("u8"), "1024 pixels and more": wide, "ultrasound banners": banner, "marks only": marks,
}
# Pictures of each group in a full corpus where it is not the usual number.
NUMBERS = {"overlay": 6, "unused high bits": 6, "icon": 6, "1024 pixels and more": 12, "lead markers": 16}


# Of pydicom's test files, those that were looked at and have no text in their pixels.
REAL = """693_J2KI CT_small JPEG2000 JPEGLSNearLossless_08 J2K_pixelrep_mismatch MR_small MR_small_RLE MR_small_bigendian
MR_small_jpeg_ls_lossless MR_small_jp2klossless MR_small_padded SC_rgb_dcmtk_+eb+cr SC_rgb_dcmtk_+eb+cy+n1 SC_rgb_dcmtk_+eb+cy+s4
SC_rgb_gdcm_KY SC_rgb_jpeg_dcmtk SC_rgb_rle SC_rgb_rle_16bit_2frame SC_ybr_full_422_uncompressed examples_overlay image_dfl
liver_1frame""".split()
REAL = [name + ".dcm" for name in REAL]


def clear(group, d):
    """A picture of a group without text, stored in one of several forms."""
    maker, names = CLEAR[group]
    pool = list(names) + (CLEAR_HELD.get(group, []) * 2 if d.seed > 1 else [])
    name = d.one(pool)
    h, w = d.one([(256, 256), (320, 320), (384, 384), (400, 512), (480, 640)])
    modality = (grounds.GROUNDS.get(name) or grounds.HELD[name])[1]
    picture = Picture(maker(d.rng, h, w, name), "OT" if group in ("ecg traces", "phantoms", "flat", "colour bars") else modality)
    d.form = d.one(["rgb", "planar", "rle", "jpeg", "palette", "ybr"]) if picture.colour else d.one(["u8", "u8", "u12", "u16", "mono1", "jpeg", "rle", "j2k", "jls"] + (["ct"] * 3 if modality == "CT" else []))
    d.options["quality"] = d.between(60, 92)
    return picture
