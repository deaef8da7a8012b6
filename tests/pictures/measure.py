"""How much of a text can still be read: the one measure that all programs are judged by.

A string is divided along its reading direction into pieces about as wide as a glyph. In each piece the
known ink is correlated with the picture. A piece counts if its shape could be seen before; it is still
readable if, in any colour channel or in luminance, after a plane was taken out (so that a gradient
or the edge of a filled box hides nothing), correlation and contrast keep more than a small part.
"""
import numpy as np

# A piece was visible if ink explains this much of the picture (correlation).
SEEN = .33
# It is readable still if correlation and contrast keep more than these parts of what they were.
KEPT_SHAPE, KEPT_CONTRAST = .42, .12
# A string is hidden if no more than this part of its pieces can be read, in its worst frame.
HIDDEN = .20


def channels(area):
    """(H, W) or (H, W, 3) as a list of planes: luminance first."""
    area = np.asarray(area, np.float64)
    if area.ndim == 2:
        return [area]
    return [area @ np.array([.299, .587, .114]), area[..., 0], area[..., 1], area[..., 2]]


def pieces(mask):
    """Slices along the reading direction, each about a glyph wide, and whether it is vertical."""
    upright = mask.shape[0] > mask.shape[1]
    m = mask.T if upright else mask
    step = max(8, int(m.shape[0] * .9))
    return [slice(x, x + step) for x in range(0, m.shape[1], step)], upright


def shape_and_contrast(area, ink):
    """(correlation of the ink with the picture, contrast of the ink to what is around it)."""
    h, w = area.shape
    yy, xx = np.mgrid[0:h, 0:w]
    basis = np.stack([np.ones(h * w), yy.ravel() / max(1, h - 1) - .5, xx.ravel() / max(1, w - 1) - .5, ink.ravel()], 1)
    # The plane and the ink are fitted together: text on a slope is not taken for the slope.
    fit, *_ = np.linalg.lstsq(basis, area.ravel(), rcond=None)
    flat = area.ravel() - basis[:, :3] @ fit[:3]
    spread = flat.std()
    share = ink.mean()
    if spread < 1e-9:
        return 0., 0.
    return float(fit[3] * np.sqrt(share * (1 - share)) / spread), float(fit[3])


def usable(ink):
    return ink.sum() >= 5 and (~ink).sum() >= 5


def countable(area, mask):
    """The part of the pieces whose shape can be seen; 0 if there are none."""
    where, upright = pieces(mask)
    planes = [p.T if upright else p for p in channels(area)]
    mask = mask.T if upright else mask
    seen = [max(abs(shape_and_contrast(p[:, s], mask[:, s])[0]) for p in planes) >= SEEN for s in where if usable(mask[:, s])]
    return float(np.mean(seen)) if seen else 0.


def readable(before, after, mask):
    """(part of the pieces that can be read still, pieces that count) of one string in one frame."""
    where, upright = pieces(mask)
    old = [p.T if upright else p for p in channels(before)]
    new = [p.T if upright else p for p in channels(after)]
    mask = mask.T if upright else mask
    number = bad = 0
    for s in where:
        ink = mask[:, s]
        if not usable(ink):
            continue
        was = [shape_and_contrast(p[:, s], ink) for p in old]
        if max(abs(c) for c, _ in was) < SEEN:
            continue
        number += 1
        now = [shape_and_contrast(p[:, s], ink) for p in new]
        most = max(abs(contrast) for _, contrast in was)
        bad += any(abs(n[0]) > KEPT_SHAPE * max(abs(o[0]), SEEN) and abs(n[1]) > KEPT_CONTRAST * most for o, n in zip(was, now))
    return (bad / number if number else 0.), number
