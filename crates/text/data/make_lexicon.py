#!/usr/bin/env python3
"""Make lexicon.txt from public word and name lists. See README.md for origins and licences.

    pip download --no-deps philter-ucsf==1.0.3 names==0.3.0 faker==40.54.0 pydicom==3.0.1
    apt-get download scowl    (2020.12.07-2; unpack with dpkg -x)
    python make_lexicon.py --philter DIR --names DIR --faker DIR --pydicom DIR --scowl DIR > lexicon.txt

One word a line, sorted by bytes, followed by one ASCII character (no letter of a word):
chr(0x30 + word * 9 + given * 3 + surname)
word: 0 no word, 1 rare, 2 ordinary, 3 clinical or scanner vocabulary, 4 a name that stands for a thing;
given, surname: 0 no, 1 known, 2 common.
"""
import argparse, ast, gzip, importlib.util, json, os, re, sys, unicodedata

LOCALES = """ar_AA cs_CZ da_DK de_AT de_CH de_DE el_GR en_AU en_CA en_GB en_IE en_IN en_NZ en_US es_AR es_CO es_ES
es_MX et_EE fa_IR fi_FI fr_BE fr_CA fr_CH fr_FR he_IL hi_IN hr_HR hu_HU it_IT lt_LT lv_LV nl_BE nl_NL no_NO pl_PL
pt_BR pt_PT ro_RO ru_RU sk_SK sl_SI sv_SE tr_TR uk_UA vi_VN zu_ZA yo_NG tw_GH ga_IE bg_BG ta_IN""".split()
# A word with such an ending is recognised by its ending (lexicon.rs), and need not be listed.
ENDINGS = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "endings.txt"), encoding="utf-8").read().split()
EXPAND = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe", "ß": "ss"}
PLAIN = {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}


def fold(word, table):
    word = unicodedata.normalize("NFC", word).lower()
    word = "".join(table.get(c, PLAIN.get(c, c)) for c in word)
    word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return re.sub(r"[^\w]|[\d_]", "", word)


def forms(word):
    return {fold(word, {}), fold(word, EXPAND)}


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key in value:
            yield from strings(key)
    elif isinstance(value, (list, tuple, set)):
        for item in value:
            yield from strings(item)


def faker_names(root):
    given, surname = set(), set()
    for locale in LOCALES:
        path = os.path.join(root, "faker", "providers", "person", locale, "__init__.py")
        if not os.path.exists(path):
            continue
        sys.path.insert(0, root)
        module = __import__("faker.providers.person." + locale, fromlist=["Provider"])
        for attribute in dir(module.Provider):
            lower = attribute.lower()
            if "romanized" in lower or "prefix" in lower or "suffix" in lower or "format" in lower:
                continue
            value = getattr(module.Provider, attribute)
            if callable(value):
                continue
            if "first_name" in lower or "given" in lower:
                given.update(strings(value))
            elif "last_name" in lower or "surname" in lower:
                surname.update(strings(value))
    return given, surname


def census(path):
    return [line.split()[0].lower() for line in open(path) if line.strip()]


def scowl(root, sizes):
    out = set()
    for name in os.listdir(root):
        kind, _, size = name.rpartition(".")
        if size.isdigit() and int(size) in sizes and re.fullmatch(r"(english|american|british)-words", kind):
            out.update(w.strip().lower() for w in open(os.path.join(root, name), encoding="latin-1"))
    return {w for w in out if "'" not in w}


def concepts(root):
    words = set()
    for name in ("_concepts_dict.py", "_snomed_dict.py"):
        path = os.path.join(root, "pydicom", "sr", name)
        for text in re.findall(r'"([A-Za-z][A-Za-z0-9]+)"', open(path).read()):
            words.update(re.findall(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}", text))
    return {w.lower() for w in words}


def attributes(root):
    """Words of the names of attributes, of UIDs and of the private elements that makers describe."""
    words = set()
    for name in ("_dicom_dict.py", "_private_dict.py", "_uid_dict.py"):
        path = os.path.join(root, "pydicom", name)
        for text in re.findall(r"""'([^'\n]+)'|"([^"\n]+)\"""", open(path, encoding="utf-8").read()):
            words.update(re.findall(r"[A-Z]?[a-z]{4,}|[A-Z]{5,}", " ".join(text)))
    return {w.lower() for w in words if len(w) > 4}


def main():
    parser = argparse.ArgumentParser()
    for option in ("philter", "names", "faker", "pydicom", "scowl"):
        parser.add_argument("--" + option, required=True)
    args = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    rank, given, surname = {}, {}, {}

    def put(table, words, value, minimum=2):
        for word in words:
            for form in forms(word):
                if minimum <= len(form) <= 24:
                    table[form] = max(table.get(form, 0), value)

    filters = os.path.join(args.philter, "philter_ucsf", "filters")
    put(rank, json.load(open(os.path.join(filters, "whitelists", "whitelist_plus_fps_091718_nonames.json"))), 1, 3)
    words = scowl(args.scowl, {10, 20, 35, 40, 50})
    put(rank, scowl(args.scowl, {55, 60}), 1, 3)
    put(rank, words, 2)
    # Names before they are words (smith, peter): very common names that are no everyday words.
    everyday = scowl(args.scowl, {10, 20}) - {"smith"}
    first = lambda name, count: census(os.path.join(args.names, "names", "dist." + name))[:count]
    for word in first("male.first", 200) + first("female.first", 200) + first("all.last", 150):
        if word not in everyday and rank.get(word) == 2:
            rank[word] = 1
    hand = [w for line in open(os.path.join(here, "clinical.txt"), encoding="utf-8") if not line.startswith("#")
            for w in re.split(r"[\s/]+", line) if w]
    put(rank, hand, 3)
    for part, table in (("first:male", given), ("first:female", given), ("last", surname)):
        listed = census(os.path.join(args.names, "names", "dist." + {"first:male": "male.first", "first:female": "female.first", "last": "all.last"}[part]))
        common = 1500 if table is given else 6000
        put(table, listed[:common], 2)
        put(table, listed[common:40000], 1, 3)
    first, last = faker_names(args.faker)
    # Names of many words add each of them; particles are not names.
    split = lambda names: {p for n in names for p in re.split(r"[\s\-'’]+", n) if len(p) > 2 and p[:1].isupper() or len(p) > 1 and not p.isascii()}
    put(given, split(first), 2)
    put(surname, split(last), 2)
    hand = [w for line in open(os.path.join(here, "surnames.txt"), encoding="utf-8") if not line.startswith("#") for w in line.split()]
    put(surname, hand, 2)
    # Words of the standard's concepts are clinical, unless people are called so.
    named = {w for w, k in given.items() if k} | {w for w, k in surname.items() if k}
    for word in concepts(args.pydicom):
        if word not in named:
            put(rank, [word], 3, 3)
    for word in attributes(args.pydicom):
        if word not in named:
            put(rank, [word], 2, 5)
    eponyms = {w for line in open(os.path.join(here, "eponyms.txt"), encoding="utf-8") if not line.startswith("#")
               for w in line.split()}
    for word in eponyms:
        if rank.get(word, 0) < 3:
            rank[word] = 4
    lines = []
    for word in set(rank) | set(given) | set(surname):
        code = rank.get(word, 0) * 9 + given.get(word, 0) * 3 + surname.get(word, 0)
        singular = rank.get(word[:-1], 0) if word[-1] == "s" and len(word) > 4 else 0
        if code == 9 and singular or code == 18 and 2 <= singular < 4:
            continue  # the lookup tries the singular
        if code == 9 and (word.endswith(tuple(ENDINGS)) and len(word) > 8 or len(word) > 10 or not word.isascii()):
            continue
        lines.append(word.encode() + bytes([0x30 + code]))
    lines.sort(key=lambda l: l[:-1])
    sys.stdout.buffer.write(b"\n".join(lines) + b"\n")


main()
