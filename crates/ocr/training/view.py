"""The network's view of a picture: local contrast, whatever the window, depth or polarity.

`crates/ocr/src/glance/view.rs` computes the same; a golden test holds the two together.
"""

import cv2
import numpy as np

RADIUS = 16
CLIP = 3.0


def floor_of(values):
    """The least spread that counts: half a step of whole numbers, 1/512 of the range of others."""
    v = np.asarray(values)
    if np.all(v == np.trunc(v)):
        return 0.5
    span = float(v.max()) - float(v.min())
    return max(span / 512.0, 1e-30)


def _box(v, r):
    """Sums over the box of 2r+1, clipped at the frame's edges."""
    h, w = v.shape
    s = np.zeros((h + 1, w + 1), np.float64)
    np.cumsum(np.cumsum(v, 0), 1, out=s[1:, 1:])
    y0 = np.clip(np.arange(h) - r, 0, h)
    y1 = np.clip(np.arange(h) + r + 1, 0, h)
    x0 = np.clip(np.arange(w) - r, 0, w)
    x1 = np.clip(np.arange(w) + r + 1, 0, w)
    rows = s[y1] - s[y0]
    total = rows[:, x1] - rows[:, x0]
    count = (y1 - y0)[:, None] * (x1 - x0)[None, :]
    return total, count


def view(values, eps=None):
    """Values in [-1, 1]: (I - mean) / (deviation + eps) over a box of 33 pixels, clipped at 3."""
    v = np.asarray(values, np.float64)
    if eps is None:
        eps = floor_of(values)
    v = v - v.flat[0]
    s, n = _box(v, RADIUS)
    q, _ = _box(v * v, RADIUS)
    mean = s / n
    var = np.maximum(q / n - mean * mean, 0.0)
    out = (v - mean) / (np.sqrt(var) + eps)
    return (np.clip(out, -CLIP, CLIP) / CLIP).astype(np.float32)


def pack(v):
    """(H, W) to (4, H/2, W/2), the rest of an odd size or one not divisible by 16 filled with 0."""
    h, w = v.shape
    H, W = -(-h // 16) * 16, -(-w // 16) * 16
    p = np.zeros((H, W), v.dtype)
    p[:h, :w] = v
    return p.reshape(H // 2, 2, W // 2, 2).transpose(1, 3, 0, 2).reshape(4, H // 2, W // 2)


def reduce3(values):
    """Means of blocks of 3 x 3: the coarse look for large letters. What is left over is dropped."""
    v = np.asarray(values, np.float32)
    h, w = v.shape[0] // 3, v.shape[1] // 3
    return v[: h * 3, : w * 3].reshape(h, 3, w, 3).mean((1, 3))
