#!/usr/bin/env python3
"""table.py --obscura J [--peers J] --truth T [--write DOC] [--command TEXT]: recall by group, as markdown.

The numbers are those of `score.py --json` and `peers.py --json`. With `--write` the table goes between
the lines `<!-- recall -->` and `<!-- /recall -->` of a document; it is printed in every case.
"""
import argparse
import json
import sys

from score import percent

BEGIN, END = "<!-- recall -->", "<!-- /recall -->"
TOTALS = ("all with text", "all without text")


def rows(obscura, peers):
    """The lines of both tables: pictures with text, pictures without."""
    groups = [g for g in obscura if g not in TOTALS]
    texts = [g for g in groups if not obscura[g]["clean"]] + [TOTALS[0]]
    clear = [g for g in groups if obscura[g]["clean"]] + [TOTALS[1]]
    names = ["Obscura"] + [p["name"] for p in peers]
    every = [obscura] + [p["groups"] for p in peers]
    false = lambda t: f"{100 * t['false'] / t['pictures']:.2f}" if t.get("pictures") else "–"
    out = []
    if any(g in obscura for g in texts):
        out.append("| group | pictures | strings | " + " | ".join(f"hidden %: {n}" for n in names) + " | " + " | ".join(f"false area %: {n}" for n in names) + " | " + " | ".join(f"marks kept %: {n}" for n in names) + " |")
        out.append("|---" + "|---:" * (2 + 3 * len(names)) + "|")
        for g in texts:
            if g not in obscura:
                continue
            t = [e.get(g, {}) for e in every]
            cells = [percent(x.get("hidden", 0), x.get("phi", 0)) for x in t] + [false(x) for x in t] + [percent(x.get("kept", 0), x.get("marks", 0)) for x in t]
            out.append(f"| {bold(g)} | {t[0]['pictures']} | {t[0]['phi']} | " + " | ".join(cells) + " |")
        out.append("")
    if any(g in obscura for g in clear):
        out.append("| group without text | pictures | " + " | ".join(f"untouched %: {n}" for n in names) + " | " + " | ".join(f"changed area %: {n}" for n in names) + " |")
        out.append("|---" + "|---:" * (1 + 2 * len(names)) + "|")
        for g in clear:
            if g not in obscura:
                continue
            t = [e.get(g, {}) for e in every]
            out.append(f"| {bold(g)} | {t[0]['pictures']} | " + " | ".join([percent(x.get("untouched", 0), x.get("clean", 0)) for x in t] + [false(x) for x in t]) + " |")
    return out


def bold(group):
    return f"**{group}**" if group in TOTALS else group


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--obscura", required=True)
    parser.add_argument("--peers")
    parser.add_argument("--truth", required=True)
    parser.add_argument("--write")
    parser.add_argument("--command", default="cargo xtask recall")
    a = parser.parse_args()
    load = lambda name: json.load(open(name, encoding="utf-8"))
    obscura, peers = load(a.obscura), list(load(a.peers).values()) if a.peers else []
    first = json.loads(open(a.truth, encoding="utf-8").readline())
    withheld = sum(t["withheld"] for g, t in obscura.items() if g in TOTALS)
    lines = [f"Measured by `{a.command}` (seed {first['seed']}); {withheld} pictures were withheld, which counts as failing.", ""] + rows(obscura, peers)
    if peers:
        lines += ["", "False area and marks of a peer are those of its boxes. A peer sees the picture at the header's window only, and no overlay, unused bit or icon; of a picture of many frames it is given those with text."]
    text = "\n".join(lines)
    print(text)
    if a.write:
        document = open(a.write, encoding="utf-8").read()
        if BEGIN not in document or END not in document:
            print(f"{a.write} has no lines {BEGIN} and {END}", file=sys.stderr)
            return 1
        head, tail = document.split(BEGIN)[0], document.split(END)[1]
        with open(a.write, "w", encoding="utf-8") as file:
            file.write(f"{head}{BEGIN}\n{text}\n{END}{tail}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
