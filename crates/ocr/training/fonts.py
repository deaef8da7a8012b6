"""Every font of this machine, with the scripts and sizes it can draw. Cached as JSON."""

import hashlib
import json
import os
import pathlib
import re
import sys

from fontTools.ttLib import TTCollection, TTFont
from PIL import ImageFont

ROOTS = ["/usr/share/fonts", "/usr/share/texmf/fonts", "/usr/share/texlive/texmf-dist/fonts"]
PROBES = {
    "latin": "AZaz09", "cyrillic": "АЖдя", "greek": "ΑΩαλ", "cjk": "中人文日", "kana": "あアのン",
    "hangul": "가한국", "arabic": "ابجم", "hebrew": "אבגש", "thai": "กขคง", "devanagari": "कखगम",
}
# Families that hold pictures where letters should be.
SKIP = re.compile(r"symbol|dingbat|emoji|ornament|elusive|icons?\b|braille|music|barcode|webdings|"
                  r"signwriting|math|cuneiform|hieroglyph|mahjong|lastresort|powerline|redacted", re.I)


def held_out(path):
    """A fifth of the families is kept for measuring: by a hash of the file's family name."""
    stem = re.split(r"[-_ .]", pathlib.Path(path).stem)[0].lower().rstrip("0123456789")
    return int(hashlib.sha256(stem.encode()).hexdigest(), 16) % 5 == 0


def scan():
    found = []
    for root in ROOTS:
        for d, _, files in os.walk(root):
            for f in sorted(files):
                p = os.path.join(d, f)
                low = f.lower()
                if SKIP.search(f):
                    continue
                try:
                    if low.endswith((".ttf", ".otf", ".ttc")):
                        found += vector(p)
                    elif low.endswith((".pcf", ".pcf.gz")):
                        found += bitmap(p)
                except Exception as e:
                    print("skip", p, type(e).__name__, file=sys.stderr)
    return found


def vector(p):
    faces = TTCollection(p, lazy=True).fonts[:1] if p.lower().endswith(".ttc") else [TTFont(p, lazy=True)]
    cmap = faces[0].getBestCmap() or {}
    scripts = [s for s, t in PROBES.items() if all(ord(c) in cmap for c in t)]
    if not scripts:
        return []
    ImageFont.truetype(p, 20).getmask("A0")
    return [{"path": p, "scripts": scripts, "sizes": None, "held": held_out(p)}]


def bitmap(p):
    name = os.path.basename(p).lower()
    if "iso8859-1." not in name and "10646" not in name and not re.search(r"(ter|spleen|9x18|18x18)", name):
        return []
    sizes = []
    for s in range(5, 35):
        try:
            m = ImageFont.truetype(p, s).getmask("A0", mode="1")
            if m.size[0] > 4:
                sizes.append(s)
        except OSError:
            pass
    return [{"path": p, "scripts": ["latin"], "sizes": sizes, "held": held_out(p)}] if sizes else []


def load(cache):
    if not os.path.exists(cache):
        with open(cache, "w") as f:
            json.dump(scan(), f)
    with open(cache) as f:
        return json.load(f)


if __name__ == "__main__":
    fonts = load(sys.argv[1])
    print(len(fonts), "fonts,", sum(f["held"] for f in fonts), "held out")
    for s in PROBES:
        print(s, sum(s in f["scripts"] for f in fonts))
    print("bitmap", sum(f["sizes"] is not None for f in fonts))
