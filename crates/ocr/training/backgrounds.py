"""Pictures without text that look like what scanners, frame grabbers and screens make.

Every function takes a numpy Generator and a size and gives floats of about [0, 1]. Half of the
work is in what resembles text and is none: `clutter` draws it over any background.
"""

import glob
import gzip
import os

import cv2
import numpy as np

F = np.float32


# --- noise and smooth fields -------------------------------------------------------------------

def spectrum(g, n, beta):
    """Noise with a power spectrum of 1/f^beta, zero mean, unit deviation."""
    f = np.fft.rfftfreq(n)[None, :] ** 2 + np.fft.fftfreq(n)[:, None] ** 2
    f[0, 0] = 1.0
    a = f ** (-beta / 4) * np.exp(2j * np.pi * g.random((n, n // 2 + 1)))
    x = np.fft.irfft2(a, (n, n))
    return ((x - x.mean()) / (x.std() + 1e-9)).astype(F)


def blur(x, s):
    return cv2.GaussianBlur(x, (0, 0), s) if s > 0.15 else x


def smooth(g, n, s):
    k = max(2, int(n / s))
    small = g.standard_normal((k + 2, k + 2)).astype(F)
    return cv2.resize(small, (n, n), interpolation=cv2.INTER_CUBIC)


def ellipse_mask(g, n, lo=0.05, hi=0.45, soft=True):
    m = np.zeros((n, n), F)
    c = g.integers(0, n, 2)
    ax = np.maximum(2, (g.uniform(lo, hi, 2) * n)).astype(int)
    cv2.ellipse(m, (int(c[0]), int(c[1])), (int(ax[0]), int(ax[1])), g.uniform(0, 180), 0, 360, 1.0, -1,
                cv2.LINE_AA)
    return blur(m, g.uniform(0.3, 3)) if soft else m


def curve(g, n, points=5, spread=1.0):
    """A smooth open curve as integer points (with 4 fractional bits)."""
    p = g.uniform(-0.1, 1.1, (points, 2)) * n * spread
    t = np.linspace(0, points - 1, 80)
    i = np.clip(t.astype(int), 0, points - 2)
    u = (t - i)[:, None]
    a, b, c, d = (p[np.clip(i + k, 0, points - 1)] for k in (-1, 0, 1, 2))
    q = 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u ** 2 + (3 * b - a - 3 * c + d) * u ** 3)
    return (q * 16).astype(np.int32).reshape(-1, 1, 2)


def stroke(img, pts, value, width):
    cv2.polylines(img, [pts], False, float(value), int(width), cv2.LINE_AA, 4)


# --- anatomy ------------------------------------------------------------------------------------

def plain(g, n):
    x = np.full((n, n), g.choice([0, 0, 0.05, 0.5, 1.0, g.random()]), F)
    if g.random() < 0.4:
        x += g.uniform(0.001, 0.05) * g.standard_normal((n, n)).astype(F)
    if g.random() < 0.3:
        x += g.uniform(0.05, 0.5) * smooth(g, n, g.uniform(40, 200))
    return x


def noise(g, n):
    x = 0.5 + g.uniform(0.02, 0.2) * spectrum(g, n, g.uniform(-0.5, 3.5))
    return x + g.uniform(0, 0.1) * g.standard_normal((n, n)).astype(F)


def blobs(g, n):
    x = np.full((n, n), g.uniform(0, 0.3), F)
    for _ in range(g.integers(3, 25)):
        x += g.uniform(-0.4, 0.6) * ellipse_mask(g, n, 0.01, 0.4)
    return x + g.uniform(0.003, 0.08) * spectrum(g, n, g.uniform(0, 2))


def slice_ct(g, n):
    """A body with bone, air and a table on a flat background."""
    x = np.full((n, n), 0.0, F)
    c = int(n * g.uniform(0.4, 0.6)), int(n * g.uniform(0.4, 0.6))
    ax = int(n * g.uniform(0.25, 0.48)), int(n * g.uniform(0.2, 0.48))
    body = np.zeros((n, n), F)
    cv2.ellipse(body, c, ax, g.uniform(0, 180), 0, 360, 1.0, -1, cv2.LINE_AA)
    inner = np.full((n, n), 0.45, F) + 0.04 * smooth(g, n, g.uniform(10, 40))
    for _ in range(g.integers(2, 14)):
        inner += g.uniform(-0.3, 0.15) * ellipse_mask(g, n, 0.01, 0.2)
    for _ in range(g.integers(1, 14)):
        m = ellipse_mask(g, n, 0.008, 0.07, False)
        if g.random() < 0.6:
            m = m - cv2.erode(m, np.ones((3, 3), np.uint8), iterations=int(g.integers(1, 3)))
        inner = inner * (1 - m) + m * g.uniform(0.7, 1.0)
    x = x * (1 - body) + inner * body
    if g.random() < 0.5:
        rim = body - cv2.erode(body, np.ones((3, 3), np.uint8), iterations=int(g.integers(1, 5)))
        x = x * (1 - rim) + rim * g.uniform(0.6, 1)
    x = blur(x, g.uniform(0.4, 1.5))
    x += g.uniform(0.003, 0.06) * spectrum(g, n, g.uniform(-0.5, 1.5)) * (body + g.choice([0, 0.3, 1]))
    if g.random() < 0.3:
        for _ in range(g.integers(1, 3)):
            stroke(x, curve(g, n, 3), g.uniform(0.2, 0.5), g.integers(1, 4))
    if g.random() < 0.25:  # metal streaks
        a = g.uniform(0, np.pi, g.integers(4, 16))
        p = g.integers(n // 4, 3 * n // 4, 2)
        for t in a:
            d = np.array([np.cos(t), np.sin(t)]) * n
            s = np.zeros((n, n), F)
            cv2.line(s, tuple(int(v) for v in p - d), tuple(int(v) for v in p + d), 1.0, int(g.integers(1, 4)), cv2.LINE_AA)
            x += g.uniform(-0.25, 0.25) * blur(s, g.uniform(0.5, 2))
    return np.maximum(x, 0) if g.random() < 0.5 else x


def slice_mr(g, n):
    x = slice_ct(g, n) * (1 + 0.5 * smooth(g, n, n / 2))
    for _ in range(g.integers(0, 5)):
        pts = curve(g, n, 7)
        stroke(x, pts, g.uniform(0, 1), g.integers(1, 4))
    if g.random() < 0.4:  # ghosts along the phase direction
        k = int(g.integers(n // 16, n // 3))
        x = x + g.uniform(0.03, 0.25) * (np.roll(x, k, 0) + np.roll(x, -k, 0))
    if g.random() < 0.25:  # aliasing
        k = int(g.integers(n // 8, n // 3))
        x[:k] += x[-k:] * g.uniform(0.3, 1)
    if g.random() < 0.3:  # Gibbs: the spectrum cut off
        f = np.fft.fftshift(np.fft.fft2(x))
        k = int(n * g.uniform(0.15, 0.4))
        c = n // 2
        cut = np.zeros_like(f)
        cut[c - k: c + k, c - k: c + k] = f[c - k: c + k, c - k: c + k]
        x = np.abs(np.fft.ifft2(np.fft.ifftshift(cut))).astype(F)
    s = g.uniform(0.005, 0.08)
    return np.hypot(x + s * g.standard_normal((n, n)), s * g.standard_normal((n, n))).astype(F)


def radiograph(g, n):
    """Bones with trabeculae, ribs, soft edges, collimation."""
    x = 0.4 + 0.15 * smooth(g, n, n / g.uniform(1.5, 5))
    for _ in range(g.integers(1, 9)):
        m = np.zeros((n, n), F)
        w = int(g.integers(4, max(5, n // 5)))
        stroke(m, curve(g, n, 3), 1.0, w)
        rim = m - cv2.erode(m, np.ones((3, 3), np.uint8), iterations=int(g.integers(1, 4)))
        tr = 0.5 + 0.5 * spectrum(g, n, g.uniform(0.5, 2.0))
        x += g.uniform(0.03, 0.3) * blur(m, g.uniform(0.5, 3)) * (1 + g.uniform(0, 0.5) * tr) + g.uniform(0, 0.25) * blur(rim, 0.8)
    if g.random() < 0.35:  # ribs
        y0, step, th = g.uniform(0, 30), g.uniform(14, 50), int(g.integers(3, 14))
        t = np.linspace(0, n, 40)
        y = y0
        while y < n:
            yy = y + g.uniform(0.05, 0.3) * (t - n / 2) ** 2 / n * g.choice([-1, 1])
            m = np.zeros((n, n), F)
            stroke(m, (np.stack([t, yy], 1) * 16).astype(np.int32).reshape(-1, 1, 2), 1.0, th)
            rim = m - cv2.erode(m, np.ones((3, 3), np.uint8))
            x += 0.12 * blur(m, 1.0) + 0.1 * blur(rim, 0.6)
            y += step
    if g.random() < 0.4:
        x += g.uniform(0.02, 0.1) * np.abs(spectrum(g, n, g.uniform(1.0, 2.2)))
    x += g.uniform(0.003, 0.06) * g.standard_normal((n, n)).astype(F)
    return x


def vessels(g, n):
    """Angiography, retina, MIP: a tree of bright or dark lines."""
    x = g.uniform(0.2, 0.8) + 0.1 * smooth(g, n, n / 3)
    m = np.zeros((n, n), F)
    for _ in range(g.integers(3, 40)):
        w = int(1 + 7 * g.random() ** 3)
        layer = np.zeros((n, n), F)
        s = g.uniform(0.1, 1.0)
        pts = curve(g, n, int(g.integers(3, 9)), s)
        pts = pts + (g.uniform(0, 1 - s, 2) * n * 16).astype(np.int32)
        stroke(layer, pts, g.uniform(0.2, 1), w)
        m = np.maximum(m, layer)
    x = x + g.choice([-1, 1]) * g.uniform(0.1, 0.7) * blur(m, g.uniform(0.3, 1.5))
    return x + g.uniform(0.003, 0.08) * spectrum(g, n, g.uniform(-0.5, 1))


def speckle(g, n):
    """An ultrasound sector or a linear field on black, with speckle and echoes."""
    k = g.uniform(0.5, 2.5), g.uniform(0.5, 2.5)
    a = cv2.GaussianBlur(g.standard_normal((n, n)).astype(F), (0, 0), sigmaX=k[0], sigmaY=k[1])
    b = cv2.GaussianBlur(g.standard_normal((n, n)).astype(F), (0, 0), sigmaX=k[0], sigmaY=k[1])
    s = np.hypot(a, b)
    s /= s.mean()
    amp = np.clip(0.35 + 0.3 * smooth(g, n, g.uniform(15, 80)), 0.01, None)
    for _ in range(g.integers(0, 8)):
        amp *= 1 - g.uniform(0.5, 1) * ellipse_mask(g, n, 0.02, 0.2)
    for _ in range(g.integers(0, 10)):
        m = np.zeros((n, n), F)
        stroke(m, curve(g, n, 4, g.uniform(0.2, 1)), 1.0, g.integers(1, 6))
        amp += g.uniform(0.2, 1.0) * blur(m, g.uniform(0.6, 2))
    x = amp * s
    if g.random() < 0.7:
        x = np.log1p(g.uniform(2, 30) * x)
    x = x / max(np.percentile(x, 99), 1e-6) * g.uniform(0.4, 1)
    mask = np.zeros((n, n), F)
    if g.random() < 0.7:
        c = int(n * g.uniform(0.2, 0.8)), int(n * g.uniform(-0.3, 0.2))
        cv2.ellipse(mask, c, (int(n * g.uniform(0.6, 1.2)),) * 2, g.uniform(60, 120), -g.uniform(20, 60), g.uniform(20, 60), 1.0, -1)
        cv2.circle(mask, c, int(n * g.uniform(0, 0.3)), 0.0, -1)
    else:
        p = g.integers(0, n // 2, 2)
        mask[p[1]: p[1] + n // 2 + int(g.integers(0, n // 2)), p[0]: p[0] + n // 2 + int(g.integers(0, n // 2))] = 1
    bg = g.choice([0, 0, 0, 0.03, 0.2])
    return x * mask + bg * (1 - mask)


def doppler(g, n):
    x = speckle(g, n)
    m = (smooth(g, n, g.uniform(8, 30)) > 1.0).astype(F) * (smooth(g, n, 60) > 0)
    v = smooth(g, n, g.uniform(4, 15)) + 0.2 * g.standard_normal((n, n)).astype(F)
    steps = g.integers(6, 64)
    return x * (1 - m) + m * np.clip(np.round(v * steps) / steps * 0.3 + 0.5, 0, 1)


def histology(g, n):
    x = 0.8 + 0.05 * spectrum(g, n, 1.5)
    for _ in range(g.integers(20, 300)):
        c = tuple(int(v) for v in g.integers(0, n, 2))
        r = 2 + int(8 * g.random() ** 2), 2 + int(6 * g.random() ** 2)
        cv2.ellipse(x, c, r, g.uniform(0, 180), 0, 360, float(g.uniform(0.1, 0.6)), -1 if g.random() < 0.8 else 1, cv2.LINE_AA)
    return blur(x, g.uniform(0.3, 1.2)) + 0.02 * g.standard_normal((n, n)).astype(F)


def mammogram(g, n):
    x = 0.4 + 0.12 * spectrum(g, n, g.uniform(2.2, 3.2))
    for _ in range(g.integers(0, 60)):
        c = tuple(int(v) for v in (g.integers(0, n, 2) if g.random() < 0.4 else np.clip(g.normal(n / 2, n / 10, 2), 0, n - 1)))
        cv2.circle(x, c, int(g.integers(0, 3)), float(g.uniform(0.5, 1.0)), -1, cv2.LINE_AA)
    for _ in range(g.integers(0, 12)):
        layer = np.zeros((n, n), F)
        stroke(layer, curve(g, n, 4), 1, 1)
        x += g.uniform(0.02, 0.15) * blur(layer, 0.7)
    if g.random() < 0.5:
        m = ellipse_mask(g, n, 0.4, 0.9)
        x = x * m + g.choice([0, 1]) * (1 - m)
    return x + g.uniform(0.002, 0.04) * g.standard_normal((n, n)).astype(F)


def traces(g, n):
    """ECG, spirometry, M-mode: lines over a grid or over nothing."""
    dark = g.random() < 0.6
    x = np.full((n, n), 0.0 if dark else 1.0, F)
    if g.random() < 0.6:
        s = int(g.integers(4, 20))
        v = g.uniform(0.1, 0.5) if dark else g.uniform(0.5, 0.9)
        x[::s] = v
        x[:, ::s] = v
        x[::s * 5] = v * 0.8
        x[:, ::s * 5] = v * 0.8
    t = np.arange(n)
    for _ in range(g.integers(1, 6)):
        base = g.uniform(0.1, 0.9) * n
        period, amp = g.uniform(10, 90), g.uniform(4, 50)
        ph = (t + g.uniform(0, 90)) % period / period
        y = base - amp * (np.exp(-((ph - 0.3) / g.uniform(0.01, 0.05)) ** 2) - 0.25 * np.exp(-((ph - 0.36) / 0.02) ** 2)
                          + 0.15 * np.exp(-((ph - 0.15) / 0.04) ** 2) + 0.25 * np.exp(-((ph - 0.6) / 0.06) ** 2))
        if g.random() < 0.3:
            y = base + amp * np.sin(t / period * 6.28) + g.normal(0, 1, n).cumsum() * 0.3
        y = y + g.uniform(0, 1.5) * g.standard_normal(n)
        pts = (np.stack([t, y], 1) * 16).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(x, [pts], False, float(g.uniform(0.5, 1) if dark else g.uniform(0, 0.5)), int(g.integers(1, 3)),
                      cv2.LINE_AA if g.random() < 0.6 else cv2.LINE_8, 4)
    return x


def charts(g, n):
    """Gray wedges, colour bars, checkers, resolution bars, histograms."""
    x = np.zeros((n, n), F)
    y = 0
    while y < n:
        h = int(g.integers(6, n // 2))
        k = g.integers(0, 6)
        w = int(g.integers(2, 60))
        cols = np.arange(n)
        if k == 0:
            x[y:y + h] = (cols // w / (n // w + 1))[None]
        elif k == 1:
            x[y:y + h] = g.random(n // w + 2)[cols // w][None]
        elif k == 2:
            r = np.arange(y, min(n, y + h))[:, None] // w
            x[y:y + h] = ((r + cols[None] // w) % 2) * g.uniform(0.2, 1)
        elif k == 3:
            x[y:y + h] = ((cols // max(1, w // 8)) % 2)[None] * g.uniform(0.2, 1)
        elif k == 4:
            v = np.abs(g.normal(0, 1, n)).cumsum() % h
            v = blur(np.abs(g.normal(0, h / 2, (1, n))).astype(F), g.uniform(0.3, 5))[0]
            x[y:y + h] = (np.arange(h)[::-1, None] < v[None])[: min(h, n - y)] * g.uniform(0.3, 1)
        else:
            x[y:y + h] = g.random()
        y += h
    if g.random() < 0.5:
        x = np.rot90(x).copy()
    return x


def screen(g, n):
    """A workstation's screen without its words: panels, buttons, lines, small pictures."""
    x = np.full((n, n), g.choice([0, 0.1, 0.3, 0.9, 1.0]), F)
    for _ in range(g.integers(2, 16)):
        p = g.integers(0, n, 2)
        s = g.integers(6, n // 2 + 6, 2)
        v = float(g.random())
        a, b = (int(p[0]), int(p[1])), (int(p[0] + s[0]), int(p[1] + s[1]))
        cv2.rectangle(x, a, b, v, -1 if g.random() < 0.5 else 1)
        if g.random() < 0.4:
            cv2.rectangle(x, a, b, float(g.random()), 1)
    if g.random() < 0.5:
        k = int(n * g.uniform(0.3, 0.7))
        part = PICTURES[g.integers(0, len(PICTURES))](g, 128)
        p = g.integers(0, n - k, 2)
        x[p[1]:p[1] + k, p[0]:p[0] + k] = np.clip(cv2.resize(part, (k, k)), 0, 1)
    return x


_REAL = {}


def real_pictures(data_dir):
    """Text-free public pictures shipped in packages: photographs, micrographs, brain templates."""
    if data_dir in _REAL:
        return _REAL[data_dir]
    out = []
    sp = data_dir
    names = ["astronaut", "brick", "camera", "cell", "chelsea", "coffee", "coins", "grass", "gravel",
             "hubble_deep_field", "ihc", "microaneurysms", "moon", "motorcycle_left", "retina", "rocket", "phantom"]
    for nm in names:
        for p in glob.glob(f"{sp}/skimage/data/{nm}.*"):
            im = cv2.imread(p, 0)
            if im is not None:
                out.append(im.astype(F) / 255)
    for p in ("china", "flower"):
        im = cv2.imread(f"{sp}/sklearn/datasets/images/{p}.jpg", 0)
        if im is not None:
            out.append(im.astype(F) / 255)
    for nm in ("aero", "ascent"):
        try:
            z = np.load(f"{sp}/pywt/data/{nm}.npz")
            out.append(z[z.files[0]].astype(F) / 255)
        except OSError:
            pass
    try:
        with gzip.open(f"{sp}/matplotlib/mpl-data/sample_data/s1045.ima.gz") as f:
            a = np.frombuffer(f.read(), np.uint16).reshape(256, 256).astype(F)
        out.append(a / a.max())
        z = np.load(f"{sp}/matplotlib/mpl-data/sample_data/topobathy.npz")["topo"].astype(F)
        out.append((z - z.min()) / (z.max() - z.min()))
    except (OSError, ValueError, KeyError):
        pass
    try:
        import nibabel
        for p in glob.glob(f"{sp}/nilearn/datasets/data/mni*t1*.nii.gz"):
            v = np.asarray(nibabel.load(p).dataobj).astype(F)
            v /= v.max()
            for ax in range(3):
                for i in range(v.shape[ax] // 5, v.shape[ax] * 4 // 5, 12):
                    out.append(np.ascontiguousarray(np.rot90(np.take(v, i, ax))))
    except (ImportError, OSError):
        pass
    _REAL[data_dir] = out
    return out


def from_real(g, n, pictures):
    im = pictures[g.integers(0, len(pictures))]
    s = g.uniform(0.4, 3.0)
    k = max(8, int(n / s))
    h, w = im.shape
    kk = min(k, h, w)
    y, x = g.integers(0, h - kk + 1), g.integers(0, w - kk + 1)
    part = im[y:y + kk, x:x + kk]
    inter = int(g.choice([cv2.INTER_LINEAR, cv2.INTER_AREA, cv2.INTER_CUBIC]))
    out = cv2.resize(part, (n, n), interpolation=inter)
    if g.random() < 0.4:
        out = out + g.uniform(0.002, 0.05) * g.standard_normal((n, n)).astype(F)
    return out.astype(F)


PICTURES = [noise, blobs, slice_ct, slice_mr, radiograph, vessels, speckle, doppler, histology, mammogram]
ALL = [(plain, 4), (noise, 2), (blobs, 2), (slice_ct, 4), (slice_mr, 4), (radiograph, 4), (vessels, 3),
       (speckle, 4), (doppler, 1), (histology, 1), (mammogram, 2), (traces, 2), (charts, 1.5), (screen, 2.5)]


def background(g, n, data_dir=None):
    """A picture and the name of what made it."""
    if data_dir and g.random() < 0.18:
        return from_real(g, n, real_pictures(data_dir)), "real"
    w = np.array([k for _, k in ALL])
    f = ALL[g.choice(len(ALL), p=w / w.sum())][0]
    x = f(g, n).astype(F)
    if f.__name__ in ("slice_ct", "slice_mr", "radiograph", "vessels", "mammogram") and g.random() < 0.3:
        # Bits of other pictures at other magnifications: frames of large matrices cut to a part.
        k = g.uniform(1.2, 3)
        m = cv2.getRotationMatrix2D((n * g.random(), n * g.random()), g.uniform(0, 360), k)
        x = cv2.warpAffine(x, m, (n, n), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
        x += g.uniform(0, 0.03) * g.standard_normal((n, n)).astype(F)
    if g.random() < 0.2:  # collimation, shutters
        x = collimate(g, x)
    return x, f.__name__


def collimate(g, x):
    n = x.shape[0]
    m = np.zeros((n, n), F)
    if g.random() < 0.3:
        cv2.circle(m, (n // 2 + int(g.normal(0, n / 6)), n // 2 + int(g.normal(0, n / 6))), int(n * g.uniform(0.3, 0.6)), 1.0, -1, cv2.LINE_AA)
    else:
        r = ((n * g.uniform(0.2, 0.8), n * g.uniform(0.2, 0.8)), tuple(n * g.uniform(0.4, 1.3, 2)), g.uniform(-10, 10))
        cv2.fillConvexPoly(m, (cv2.boxPoints(r) * 16).astype(np.int32), 1.0, cv2.LINE_AA, 4)
    m = blur(m, g.choice([0, 0, 1, 3]))
    v = g.choice([0.0, 0.0, 1.0, g.random()])
    return (x * m + v * (1 - m) + (1 - m) * m * 0).astype(F)


# --- clutter: what resembles text and is none ---------------------------------------------------

def clutter(g, x):
    n = x.shape[0]
    for _ in range(int(g.choice([0, 1, 1, 2, 3, 5]))):
        v = float(g.choice([0.0, 1.0, g.random(), g.uniform(-0.2, 1.3)]))
        aa = cv2.LINE_AA if g.random() < 0.5 else cv2.LINE_8
        k = int(g.integers(0, 15))
        w = int(1 + 2.5 * g.random() ** 2)
        p = [int(t) for t in g.integers(-5, n + 5, 2)]
        if k == 0:  # ruler
            step, a, b = int(g.integers(3, 16)), int(g.integers(2, 6)), int(g.integers(5, 14))
            horizontal = g.random() < 0.4
            length = int(g.integers(30, n))
            for i, t in enumerate(range(0, length, step)):
                e = b if i % 5 == 0 else a
                e *= 1 if g.random() < 0.98 else 0
                q = ((p[0] + t, p[1]), (p[0] + t, p[1] - e)) if horizontal else ((p[0], p[1] + t), (p[0] - e, p[1] + t))
                cv2.line(x, *q, v, w, aa)
            if g.random() < 0.6:
                cv2.line(x, tuple(p), (p[0] + length, p[1]) if horizontal else (p[0], p[1] + length), v, w, aa)
        elif k == 1:  # graticule, crosshair
            r = int(g.integers(5, n))
            cv2.line(x, (p[0] - r, p[1]), (p[0] + r, p[1]), v, w, aa)
            cv2.line(x, (p[0], p[1] - r), (p[0], p[1] + r), v, w, aa)
            if g.random() < 0.3:
                cv2.circle(x, tuple(p), r // 2 + 1, v, w, aa)
        elif k == 2:  # calipers and dotted lines between them
            q = [int(t) for t in g.integers(0, n, 2)]
            r = int(g.integers(2, 7))
            for c in (p, q):
                if g.random() < 0.6:
                    cv2.line(x, (c[0] - r, c[1]), (c[0] + r, c[1]), v, w, aa)
                    cv2.line(x, (c[0], c[1] - r), (c[0], c[1] + r), v, w, aa)
                else:
                    cv2.line(x, (c[0] - r, c[1] - r), (c[0] + r, c[1] + r), v, w, aa)
                    cv2.line(x, (c[0] - r, c[1] + r), (c[0] + r, c[1] - r), v, w, aa)
            d = np.hypot(q[0] - p[0], q[1] - p[1])
            for t in np.arange(0, d, g.integers(3, 9)):
                cv2.circle(x, (int(p[0] + (q[0] - p[0]) * t / d), int(p[1] + (q[1] - p[1]) * t / d)), int(g.integers(0, 2)), v, -1)
        elif k == 3:
            q = [int(t) for t in g.integers(0, n, 2)]
            cv2.arrowedLine(x, tuple(p), tuple(q), v, w, aa, 0, min(0.5, g.uniform(5, 20) / (1 + np.hypot(p[0] - q[0], p[1] - q[1]))))
        elif k == 4:  # outlines of regions
            if g.random() < 0.5:
                cv2.ellipse(x, tuple(p), (int(g.integers(3, n // 3)), int(g.integers(3, n // 3))), g.uniform(0, 180), 0, 360, v, w, aa)
            else:
                cv2.rectangle(x, tuple(p), (p[0] + int(g.integers(4, n // 2)), p[1] + int(g.integers(4, n // 2))), v, w)
        elif k == 5:  # needles, wires, catheters
            layer = np.zeros_like(x)
            stroke(layer, curve(g, n, int(g.integers(2, 6))), 1.0, g.integers(1, 5))
            x += (v - 0.5) * blur(layer, g.uniform(0.3, 1.2))
        elif k == 6:  # stent: a mesh
            c = curve(g, n, 3, 0.6).reshape(-1, 2) / 16.0
            d = np.gradient(c, axis=0)
            d /= np.linalg.norm(d, axis=1, keepdims=True) + 1e-6
            r, f = g.uniform(3, 14), g.uniform(0.3, 1.5)
            for ph in (0, np.pi):
                s = c + np.stack([-d[:, 1], d[:, 0]], 1) * (r * np.sin(np.arange(len(c)) * f + ph))[:, None]
                cv2.polylines(x, [(s * 16).astype(np.int32).reshape(-1, 1, 2)], False, v, w, cv2.LINE_AA, 4)
        elif k == 7:  # clips, seeds, screws, microcalcifications
            r = g.uniform(3, 40)
            for _ in range(g.integers(2, 15)):
                c = g.normal(p, r)
                a = g.uniform(0, np.pi)
                ln = g.uniform(0, 7)
                e = c + ln * np.array([np.cos(a), np.sin(a)])
                cv2.line(x, (int(c[0]), int(c[1])), (int(e[0]), int(e[1])), v, int(g.integers(1, 4)), aa)
        elif k == 8:  # a grid, a mesh
            s = int(g.integers(4, 40))
            ox, oy = g.integers(0, s, 2)
            a = g.uniform(0.2, 1)
            x[oy::s] += (v - x[oy::s]) * a
            x[:, ox::s] += (v - x[:, ox::s]) * a
        elif k == 9:  # gray wedge, colour bar, progress bar
            w2, h2 = int(g.integers(4, 24)), int(g.integers(20, n))
            bar = np.linspace(0, 1, h2, dtype=F)[:, None].repeat(w2, 1)
            if g.random() < 0.5:
                bar = np.round(bar * 12) / 12
            if g.random() < 0.4:
                bar = bar.T
            y0, x0 = max(0, p[1]), max(0, p[0])
            t = x[y0:y0 + bar.shape[0], x0:x0 + bar.shape[1]]
            t[...] = bar[:t.shape[0], :t.shape[1]]
            if g.random() < 0.5:
                cv2.rectangle(x, (x0, y0), (x0 + bar.shape[1], y0 + bar.shape[0]), v, 1)
        elif k == 10:  # scratches, dust, hairs
            for _ in range(g.integers(1, 12)):
                c = g.integers(0, n, 2)
                layer = curve(g, int(g.integers(4, 40)), 4) + (c * 16).astype(np.int32)
                stroke(x, layer, v, 1)
        elif k == 11:  # dashes, dotted lines
            q = [int(t) for t in g.integers(0, n, 2)]
            on, off = g.uniform(1, 12), g.uniform(2, 12)
            d = np.hypot(q[0] - p[0], q[1] - p[1]) + 1e-6
            t = 0.0
            while t < d:
                a, b = t / d, min(1, (t + on) / d)
                cv2.line(x, (int(p[0] + (q[0] - p[0]) * a), int(p[1] + (q[1] - p[1]) * a)),
                         (int(p[0] + (q[0] - p[0]) * b), int(p[1] + (q[1] - p[1]) * b)), v, w, aa)
                t += on + off
        elif k == 12:  # graticule of dots or small crosses
            s, r = int(g.integers(8, 40)), int(g.integers(0, 3))
            for yy in range(p[1] % s, n, s):
                for xx in range(p[0] % s, n, s):
                    if r == 0:
                        x[yy, xx] = v
                    else:
                        cv2.line(x, (xx - r, yy), (xx + r, yy), v, 1)
                        cv2.line(x, (xx, yy - r), (xx, yy + r), v, 1)
        elif k == 13:  # icons: body marks, triangles, focus marks, hourglasses
            for _ in range(g.integers(1, 4)):
                c = g.normal(p, 15)
                pts = (c + g.uniform(-12, 12, (int(g.integers(3, 6)), 2))).astype(np.int32)
                shape = [pts.reshape(-1, 1, 2)]
                if g.random() < 0.5:
                    cv2.fillPoly(x, shape, v, aa)
                else:
                    cv2.polylines(x, shape, True, v, w, aa)
        else:  # an ECG strip under the picture
            t = np.arange(max(0, p[0]), n)
            if len(t) > 10:
                per, amp = g.uniform(15, 80), g.uniform(4, 25)
                ph = (t % per) / per
                y = p[1] - amp * np.exp(-((ph - 0.3) / 0.03) ** 2) - 0.2 * amp * np.exp(-((ph - 0.6) / 0.07) ** 2)
                cv2.polylines(x, [(np.stack([t, y], 1) * 16).astype(np.int32).reshape(-1, 1, 2)], False, v, w, aa, 4)
    return x
