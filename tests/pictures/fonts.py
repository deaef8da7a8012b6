"""Fonts of the pictures, by kind, found by file name among what Debian packages install.

`packages.txt` names those packages. Each kind has fonts that every corpus uses and fonts held out for seeds above 1, so that what was
tuned on the first corpus is measured on letters it never had. `pick` gives a font at a wanted height
of its capitals, because a nominal size says little about how tall the letters are.
"""
import functools
import os
import sys

from PIL import ImageFont

PLACE = "/usr/share/fonts"

# kind: (fonts of every seed, fonts of seeds above 1 only). `name@8` is a bitmap font of that size.
FONTS = {
    "sans": ("DejaVuSans.ttf DejaVuSans-Bold.ttf LiberationSans-Regular.ttf LiberationSans-Bold.ttf "
             "Roboto-Regular.ttf LiberationSansNarrow-Regular.ttf FreeSans.ttf LiberationMono-Regular.ttf "
             "DejaVuSansMono.ttf LiberationSerif-Regular.ttf DejaVuSerif.ttf NotoSans-Regular.ttf",
             "RobotoCondensed-Regular.ttf FreeSerif.ttf FreeMonoBold.ttf Cantarell-Regular.otf "
             "Inconsolata.otf JetBrainsMono-Regular.ttf ComicNeue-Regular.otf Lato-Regular.ttf"),
    "bitmap": ("6x10.pcf.gz@10 6x13.pcf.gz@13 7x13.pcf.gz@13 7x13B.pcf.gz@13 8x13.pcf.gz@13 9x15.pcf.gz@15 "
               "5x8.pcf.gz@8 6x9.pcf.gz@9 spleen-8x16.pcf.gz@16 spleen-6x12.pcf.gz@12 unifont.otf@16",
               "9x18.pcf.gz@18 10x20.pcf.gz@20 spleen-12x24.pcf.gz@24 TerminusTTF-4.46.0.ttf@16 "
               "TerminusTTF-4.46.0.ttf@12 ProggyTiny.ttf@16 8x13B.pcf.gz@13"),
    "script": ("DancingScript-Regular.otf KaushanScript-Regular.otf Breip.ttf LeckerliOne-Regular.ttf",
               "Kristi.ttf Rufscript010.ttf femkeklaver.ttf DancingScript-Bold.otf"),
    "hairline": ("Lato-Hairline.ttf Roboto-Thin.ttf Lato-Thin.ttf LeagueMono-UltraLight.otf",
                 "Cantarell-Thin.otf JetBrainsMono-Thin.ttf LeagueMono-Thin.otf Lato-HairlineItalic.ttf "
                 "DejaVuSans-ExtraLight.ttf"),
    "tiny5": ("5x7.pcf.gz@7 4x6.pcf.gz@6 DejaVuSans.ttf LiberationSans-Regular.ttf", "Roboto-Regular.ttf FreeSans.ttf"),
    "small": ("DejaVuSans.ttf LiberationSans-Regular.ttf LiberationMono-Regular.ttf Roboto-Regular.ttf",
              "DejaVuSansMono.ttf FreeSans.ttf LiberationSerif-Regular.ttf RobotoCondensed-Regular.ttf"),
    "Cyrl": ("DejaVuSans.ttf LiberationSans-Regular.ttf NotoSans-Regular.ttf LiberationSerif-Regular.ttf",
             "FreeSans.ttf Roboto-Regular.ttf NotoSerif-Bold.ttf"),
    "Grek": ("DejaVuSans.ttf LiberationSans-Regular.ttf NotoSans-Regular.ttf DejaVuSerif.ttf",
             "GFSNeohellenic.otf FreeSans.ttf NotoSerif-Regular.ttf"),
    "Hans": ("NotoSansCJK-Regular.ttc#2 wqy-microhei.ttc NotoSansCJK-Bold.ttc#2", "NotoSerifCJK-Regular.ttc#2 unifont.otf@16"),
    "Jpan": ("NotoSansCJK-Regular.ttc ipag.ttf NotoSansCJK-Bold.ttc", "NotoSerifCJK-Regular.ttc DotGothic16-Regular.ttf"),
    "Kore": ("NotoSansCJK-Regular.ttc#1 NanumGothic.ttf NanumGothicBold.ttf", "NotoSerifCJK-Regular.ttc#1 NanumMyeongjo.ttf"),
    "Arab": ("NotoNaskhArabic-Regular.ttf DejaVuSans.ttf NotoSansArabic-Regular.ttf KacstOne.ttf",
             "Amiri-Regular.ttf NotoKufiArabic-Regular.ttf Scheherazade-Regular.ttf"),
    "Hebr": ("NotoSansHebrew-Regular.ttf DejaVuSans.ttf DavidCLM-Medium.otf", "FrankRuehlCLM-Medium.ttf MiriamCLM-Bold.ttf NotoSerifHebrew-Bold.ttf"),
}

# What stands for "a capital" where a script has none.
TALL = {"Hans": "国", "Jpan": "国", "Kore": "국", "Arab": "الم", "Hebr": "ש"}


@functools.cache
def files():
    """Where each font file is, by its name."""
    found = {}
    for place, below, names in os.walk(PLACE):
        below.sort()
        for name in sorted(names):
            found.setdefault(name, os.path.join(place, name))
    return found


def lacking():
    """Fonts of the table that are not installed."""
    wanted = {entry.split("@")[0].split("#")[0] for pair in FONTS.values() for part in pair for entry in part.split()}
    return sorted(wanted - set(files()))


class Font:
    """A font at one size; `bitmap` fonts have pixels and no grey."""

    def __init__(self, entry, capital, tall="H"):
        name, _, fixed = entry.partition("@")
        name, _, index = name.partition("#")
        self.entry, self.bitmap = entry, bool(fixed)
        path, index = files()[name], int(index or 0)
        if fixed:
            self.face = ImageFont.truetype(path, int(fixed), index=index)
        else:
            probe = ImageFont.truetype(path, 100, index=index)
            box = probe.getbbox(tall)
            size = max(4, round(capital * 100 / max(1, box[3] - box[1])))
            self.face = ImageFont.truetype(path, size, index=index)
        box = self.face.getbbox(tall)
        self.capital = box[3] - box[1]


    def covers(self, text):
        """Whether it has a glyph of its own for every character."""
        lacking_glyph = bytes(self.face.getmask("\U0010fffe"))
        return all(c == " " or bytes(self.face.getmask(c)) != lacking_glyph for c in set(text))


def pick(rng, kind, capital, seed):
    """A font of a kind whose capitals are about `capital` pixels tall."""
    common, held = FONTS[kind]
    pool = common.split() + (held.split() * 2 if seed > 1 else [])
    return Font(str(rng.choice(pool)), capital, TALL.get(kind, "H"))


if __name__ == "__main__":
    print(*lacking(), sep="\n")
    sys.exit(77 if lacking() else 0)
