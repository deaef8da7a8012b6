"""Blank rectangles with Obscura and let other programs read the result.

    python tests/compare/blank_reference.py PATH... [--verbose]

PATH: DICOM files or directories. Synthetic objects of every transfer syntax that the programs here
can write are added to them. The example `blank` (Rust) blanks some rectangles of the first and of
the last frame of each. Then pydicom (pylibjpeg, pyjpegls, python-gdcm), dcmtk (dcmdjpeg, dcmdjpls,
dcmdrle) and GDCM (gdcmconv) read the object before and after:

- every reader of the old object must read the new one;
- outside of the rectangles every value is what it was; of JPEG with DCT outside of the touched
  blocks, and where chroma is subsampled of the pixels beside them, which it is spread over; of the
  irreversible transform of JPEG 2000 nearly, because each decoder rounds it in its own way;
- inside of each rectangle all values are one; of JPEG with DCT in blocks that it covers whole, and
  elsewhere as near as the quantisation of the block lets it be;
- encapsulated frames that were not touched are the same bytes, and the offset tables find them.

Needs pydicom with its plugins. Exit code 0 if all agree, 1 if not, 77 if pydicom is not there.
"""

import argparse
import collections
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import warnings

try:
    import numpy as np
    import pydicom
    from pydicom.encaps import encapsulate, generate_frames
    from pydicom.pixels import get_decoder
    from pydicom.uid import UID
except ImportError as error:
    print(f"not here: {error}")
    sys.exit(77)

HERE = os.path.dirname(os.path.abspath(__file__))
STREAMS = os.path.join(HERE, "..", "..", "crates", "pixels", "tests", "data", "decode")
NATIVE = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"}
JPEG = "1.2.840.10008.1.2.4."
DCMTK = {JPEG + n: "dcmdjpeg" for n in ("50", "51", "53", "55", "57", "70")}
DCMTK |= {JPEG + "80": "dcmdjpls", JPEG + "81": "dcmdjpls", "1.2.840.10008.1.2.5": "dcmdrle"}
IRREVERSIBLE = {JPEG + "91", JPEG + "203"}
ROUNDING = 3
"""What two right decoders of an irreversible transform differ by, colours included."""


def files(paths):
    for path in paths:
        if os.path.isdir(path):
            for folder, _, names in sorted(os.walk(path)):
                yield from (os.path.join(folder, name) for name in sorted(names))
        else:
            yield path


# Synthetic objects


def drawing(rows, columns, samples, bits, signed=False, frame=0):
    """Slopes, noise, a plate of one colour, and something like letters on both."""
    y, x, c = np.meshgrid(np.arange(rows), np.arange(columns), np.arange(samples), indexing="ij")
    top = (1 << bits) - 1
    noise = np.random.default_rng(frame + bits).integers(0, max(2, top // 30), (rows, columns, samples))
    picture = ((x * 3 + y * 2 + c * 40 + frame * 9) % 256) * top // 300 + noise
    picture[: rows // 6] = top // 5
    letters = ((x // 2 + y // 3) % 3 == 0) & (y % 9 < 6)
    strip = (y < rows // 6) | ((y > rows // 2) & (y < rows * 2 // 3) & (x > columns // 2))
    picture = np.where(letters & strip, top, picture).clip(0, top)
    return picture - (1 << (bits - 1)) if signed else picture


def described(picture, bits, allocated, signed, photometric, frames):
    ds = pydicom.Dataset()
    ds.file_meta = pydicom.dataset.FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.1")
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = "2.25.1"
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.Modality, ds.PatientName = "OT", ""
    ds.Rows, ds.Columns, ds.SamplesPerPixel = picture.shape[1:]
    ds.PhotometricInterpretation = photometric
    if picture.shape[3] == 3:
        ds.PlanarConfiguration = 0
    if frames > 1:
        ds.NumberOfFrames = frames
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = allocated, bits, bits - 1
    ds.PixelRepresentation = int(signed)
    return ds


def natives(folder):
    """Native objects: (name, path)."""
    made = []
    for bits, allocated, samples, signed, photometric, frames in [
        (8, 8, 1, False, "MONOCHROME2", 3), (8, 8, 3, False, "RGB", 3), (12, 16, 1, False, "MONOCHROME1", 1),
        (16, 16, 1, True, "MONOCHROME2", 2), (12, 16, 1, True, "MONOCHROME2", 1), (32, 32, 1, False, "MONOCHROME2", 1),
        (16, 16, 3, False, "RGB", 1), (8, 8, 3, False, "YBR_FULL", 1), (10, 16, 1, False, "MONOCHROME2", 1),
    ]:
        size = (67, 93) if bits != 8 else (97, 121)
        picture = np.stack([drawing(*size, samples, bits, signed, at) for at in range(frames)])
        ds = described(picture, bits, allocated, signed, photometric, frames)
        kind = f"{'i' if signed else 'u'}{allocated // 8}"
        for order, uid in [("<", "1.2.840.10008.1.2.1"), (">", "1.2.840.10008.1.2.2"),
                           ("<", "1.2.840.10008.1.2.1.99"), ("<", "1.2.840.10008.1.2")]:
            data = picture.astype(order + kind).tobytes()
            data += b"\0" * (len(data) % 2)
            if order == ">" and allocated == 8:
                # OW in Big Endian: the bytes of a word change places.
                data = np.frombuffer(data, "<u2").astype(">u2").tobytes()
            ds.PixelData = data
            ds["PixelData"].VR = "OW"
            ds.file_meta.TransferSyntaxUID = UID(uid)
            name = f"native-{bits}-{allocated}-{samples}-{kind}-{frames}-{uid[18:] or '2'}.dcm"
            path = os.path.join(folder, name)
            implicit, little = uid == "1.2.840.10008.1.2", order == "<"
            ds.save_as(path, enforce_file_format=True, implicit_vr=implicit, little_endian=little)
            made.append((name, path))
        if samples == 3:
            ds.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.1")
            ds.PlanarConfiguration = 1
            ds.PixelData = picture.astype("<" + kind).transpose(0, 3, 1, 2).tobytes()
            ds.PixelData += b"\0" * (len(ds.PixelData) % 2)
            path = os.path.join(folder, f"native-planes-{bits}-{photometric}.dcm")
            ds.save_as(path, enforce_file_format=True, implicit_vr=False, little_endian=True)
            made.append((os.path.basename(path), path))
    bits = np.stack([drawing(35, 37, 1, 1, frame=at) for at in range(3)])
    ds = described(bits, 1, 1, False, "MONOCHROME2", 3)
    ds.PixelData = np.packbits(bits.reshape(-1).astype("u1"), bitorder="little").tobytes()
    ds.PixelData += b"\0" * (len(ds.PixelData) % 2)
    ds["PixelData"].VR = "OB"
    path = os.path.join(folder, "native-single-bits.dcm")
    ds.save_as(path, enforce_file_format=True, implicit_vr=False, little_endian=True)
    made.append((os.path.basename(path), path))
    return made


WRITERS = [
    ("baseline", ["dcmcjpeg", "+eb"], (8,)), ("baseline-422", ["dcmcjpeg", "+eb", "+s2"], (8,)),
    ("baseline-420", ["dcmcjpeg", "+eb", "+s1"], (8,)), ("baseline-rgb", ["dcmcjpeg", "+eb", "+cr"], (8,)),
    ("baseline-q30", ["dcmcjpeg", "+eb", "+q", "30"], (8,)),
    ("extended", ["dcmcjpeg", "+ee"], (8, 12, 10)), ("progressive", ["dcmcjpeg", "+ep"], (8, 12)),
    ("spectral", ["dcmcjpeg", "+es"], (8, 12)),
    ("lossless-sv1", ["dcmcjpeg", "+e1"], (8, 10, 12, 16)),
    *[(f"lossless-{n}", ["dcmcjpeg", "+el", "+sv", str(n)], (8, 12, 16)) for n in range(1, 8)],
    ("jls", ["dcmcjpls", "+el"], (8, 10, 12, 16)), ("jls-near", ["dcmcjpls", "+en"], (8, 12, 16)),
    ("jls-line", ["dcmcjpls", "+el", "+il"], (8,)), ("jls-sample", ["dcmcjpls", "+el", "+is"], (8,)),
    ("rle", ["dcmcrle"], (8, 10, 12, 16)),
    ("j2k", ["gdcmconv", "--j2k"], (8, 10, 12, 16)), ("j2k-lossy", ["gdcmconv", "--j2k", "--lossy", "-q", "50"], (8, 12)),
    ("baseline-gdcm", ["gdcmconv", "--jpeg", "--lossy", "-q", "80"], (8,)),
]


def coded(folder, made):
    """The native objects, coded by dcmtk and GDCM in every way that they know."""
    for name, path in list(made):
        if not name.endswith("-.1.dcm") and "-1.dcm" not in name:
            continue
        ds = pydicom.dcmread(path)
        if str(ds.file_meta.TransferSyntaxUID) != "1.2.840.10008.1.2.1":
            continue
        for way, command, depths in WRITERS:
            if ds.BitsStored not in depths or not shutil.which(command[0]):
                continue
            target = os.path.join(folder, f"{way}-{name}")
            run = subprocess.run([*command, path, target], capture_output=True, check=False)
            if run.returncode == 0 and os.path.exists(target):
                yield os.path.basename(target), target


def stored_streams(folder):
    """The codestreams of the decoders' tests, each three times as the frames of an object."""
    kinds = {"jls": "80", "j2k": "90", "jp2": "90", "jph": "201", "jpg": "50"}
    for name in sorted(os.listdir(STREAMS)):
        stem, _, kind = name.rpartition(".")
        parts = stem.split("-")
        if kind not in kinds or parts[0] not in ("busy", "smooth"):
            continue
        bits, samples = int(parts[1].rstrip("s")), int(parts[2])
        uid = kinds[kind]
        if kind == "jpg":
            lossless = "predictor" in name or "point" in name
            uid = "57" if lossless else "55" if parts[-1] in ("progressive", "spectral") else "51" if bits > 8 else "50"
        if parts[-1] in ("near3", "near2"):
            uid = "81"
        if parts[-1] in ("lossy", "ict"):
            uid = "91"
        photometric = "MONOCHROME2"
        if samples == 3:
            photometric = "RGB"
            if kind == "jpg" and "rgb" not in name and uid != "57":
                photometric = "YBR_FULL_422" if "444" not in name else "YBR_FULL"
            if parts[-1] in ("rct", "ict"):
                photometric = "YBR_" + parts[-1].upper()
        shape = np.zeros((1, 19, 29, samples))
        ds = described(shape, bits, 8 if bits <= 8 else 16, parts[1].endswith("s"), photometric, 3)
        with open(os.path.join(STREAMS, name), "rb") as file:
            stream = file.read()
        for table in (True, False):
            ds.PixelData = encapsulate([stream] * 3, has_bot=table, fragments_per_frame=2 if table else 1)
            ds["PixelData"].VR = "OB"
            ds["PixelData"].is_undefined_length = True
            ds.file_meta.TransferSyntaxUID = UID(JPEG + uid)
            path = os.path.join(folder, f"stream-{'table' if table else 'bare'}-{name}.dcm")
            ds.save_as(path, enforce_file_format=True)
            yield os.path.basename(path), path


# Readers


def values(path):
    """All frames by pydicom: frame, row, column, sample."""
    ds = pydicom.dcmread(path, force=True)
    if "TransferSyntaxUID" not in ds.file_meta:
        implicit = ds.original_encoding[0]
        ds.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2" if implicit else "1.2.840.10008.1.2.1")
    decoder = get_decoder(ds.file_meta.TransferSyntaxUID)
    count = int(ds.get("NumberOfFrames", 1) or 1)
    frames = []
    for index in range(count):
        array, meta = decoder.as_array(ds, index=index, raw=True)
        frames.append(array.reshape(array.shape[0], array.shape[1], -1))
    return np.stack(frames), str(meta["photometric_interpretation"])


def by_dcmtk(path, uid, folder):
    if uid not in DCMTK or not shutil.which(DCMTK[uid]):
        return None
    target = os.path.join(folder, "dcmtk.dcm")
    subprocess.run([DCMTK[uid], path, target], check=True, capture_output=True)
    return values(target)


def by_gdcm(path, uid, folder):
    if uid in NATIVE or not shutil.which("gdcmconv"):
        return None
    target = os.path.join(folder, "gdcm.dcm")
    if os.path.exists(target):
        os.remove(target)
    subprocess.run(["gdcmconv", "--raw", path, target], check=True, capture_output=True)
    return values(target)


READERS = {"pydicom": lambda path, uid, folder: values(path), "dcmtk": by_dcmtk, "gdcm": by_gdcm}


def sampling(stream):
    """MCU size (columns, rows) of a DCT stream and whether chroma is subsampled; None if lossless."""
    at = stream.find(b"\xff\xd8") + 2
    while at + 4 < len(stream):
        marker, length = stream[at + 1], int.from_bytes(stream[at + 2 : at + 4], "big")
        if marker in (0xC0, 0xC1, 0xC2):
            count = stream[at + 9]
            factors = [stream[at + 11 + 3 * k] for k in range(count)]
            wide, high = max(f >> 4 for f in factors), max(f & 15 for f in factors)
            return (8 * wide, 8 * high), any(f != factors[0] for f in factors)
        if marker in (0xC3, 0xF7, 0xDA):
            return None
        at += 2 + length
    return None


def noise(stream):
    """How far quantisation moves a value of a DCT stream apart from another: ten deviations, of an
    error spread evenly over each step, and chroma taken into colours."""
    worst, at = 0.0, stream.find(b"\xff\xd8") + 2
    while at + 4 < len(stream) and stream[at + 1] != 0xDA:
        length = int.from_bytes(stream[at + 2 : at + 4], "big")
        table = stream[at + 4 : at + 2 + length]
        while stream[at + 1] == 0xDB and table:
            wide = table[0] >> 4
            steps = np.frombuffer(table[1 : 1 + 64 * (1 + wide)], ">u2" if wide else "u1").astype(float)
            worst = max(worst, float(np.sqrt((steps**2 / 12).sum()) / 8))
            table = table[1 + 64 * (1 + wide) :]
        at += 2 + length
    return 10 * 1.8 * worst + 2


def rectangles(rows, columns):
    """Over the plate, over the picture, a small odd one, one that passes the corner, one outside."""
    return [
        (columns // 8, rows // 20, columns // 3, max(2, rows // 10)),
        (columns * 5 // 9, rows // 2, columns // 4, max(2, rows // 7)),
        (3, rows * 3 // 4 + 1, 5, 3),
        (columns - columns // 6 - 1, rows - rows // 9 - 1, columns, rows),
        (columns + 5, 0, 7, 7),
    ]


def painted(rows, columns, areas, unit=(1, 1), reach=0):
    mask = np.zeros((rows, columns), bool)
    for x, y, w, h in areas:
        left, top = x // unit[0] * unit[0] - reach, y // unit[1] * unit[1] - reach
        right, bottom = -(-(x + w) // unit[0]) * unit[0] + reach, -(-(y + h) // unit[1]) * unit[1] + reach
        mask[max(0, top) : bottom, max(0, left) : right] = True
    return mask


def unequal(old, new, touched, areas, blocks, near, rounding, unit):
    """What is wrong with the new values, or nothing."""
    if old.shape != new.shape:
        return f"shape {old.shape} is now {new.shape}"
    rows, columns = old.shape[1:3]
    unit, subsampled = blocks or (unit, False)
    changed = painted(rows, columns, areas, unit, 1 if subsampled else 0)
    for frame in range(len(old)):
        differs = (old[frame] != new[frame]).any(axis=-1)
        if rounding:
            differs = (np.abs(old[frame].astype(int) - new[frame]) > rounding).any(axis=-1)
        if old.dtype.kind == "f":
            differs &= ~(np.isnan(old[frame]) & np.isnan(new[frame])).all(axis=-1)
        if frame not in touched:
            if differs.any():
                return f"frame {frame} changed"
            continue
        if (differs & ~changed).any():
            return f"frame {frame}: {int((differs & ~changed).sum())} values changed outside"
        for x, y, w, h in areas:
            inside = new[frame][y : y + h, x : x + w]
            if not inside.size:
                continue
            if subsampled:
                # At the edge readers blend the chroma of both sides.
                inside = inside[2:-2, 2:-2] if min(inside.shape[:2]) > 4 else inside[:0]
            flat = inside.reshape(-1, inside.shape[-1])
            if not flat.size:
                continue
            spread = (flat.max(axis=0).astype(float) - flat.min(axis=0)).max()
            if not blocks and spread:
                return f"frame {frame}: a rectangle is not flat"
            if blocks and spread > near:
                return f"frame {frame}: a rectangle varies by {spread}, not {near:.0f}"
            # Blocks that lie in the rectangle whole, a block from its edge where chroma is spread.
            far = unit if subsampled else (0, 0)
            left, top = -(-(x + far[0]) // unit[0]) * unit[0], -(-(y + far[1]) // unit[1]) * unit[1]
            right, bottom = (x + w - far[0]) // unit[0] * unit[0], (y + h - far[1]) // unit[1] * unit[1]
            whole = new[frame][top:bottom, left:right] if right > left and bottom > top else inside[:0]
            if blocks and whole.size and (whole != whole[0, 0]).any():
                return f"frame {frame}: a block in a rectangle is not flat"
    return None


def judge(name, source, target, line, frames, folder, tally, verbose):
    if line.startswith("error"):
        tally["refused"] += 1
        readable = True
        try:
            values(source)
        except Exception:
            readable = False
        print(f"{'REFUSED' if readable else 'refused, as by pydicom':24} {name}: {line}")
        return not readable or "not supported" in line
    recoding, uid, _ = (line.split(" ") + [""])[:3]
    old, new = pydicom.dcmread(source, force=True), pydicom.dcmread(target)
    old_uid = str(old.file_meta.get("TransferSyntaxUID", ""))
    rows, columns = int(new.Rows), int(new.Columns)
    areas = rectangles(rows, columns)
    count = int(new.get("NumberOfFrames", 1) or 1)
    problems, read = [], []
    blocks, near = None, 0
    if recoding == "Blocks":
        stream = next(generate_frames(new.PixelData, number_of_frames=count))
        blocks, near = sampling(stream), noise(stream)
    rounding = ROUNDING if old_uid in IRREVERSIBLE else 0
    # Two pixels share their chroma.
    unit = (2, 1) if old_uid in NATIVE and "422" in str(old.get("PhotometricInterpretation", "")) else (1, 1)
    if old_uid not in NATIVE and recoding in ("Blocks", "Lossless"):
        before = list(generate_frames(old.PixelData, number_of_frames=count))
        after = list(generate_frames(new.PixelData, number_of_frames=count))
        if len(before) != len(after):
            problems.append(f"{len(before)} frames are now {len(after)}")
        same = [k for k in range(min(len(before), len(after))) if before[k] == after[k]]
        wanted = [k for k in range(count) if k not in frames]
        if not set(wanted) <= set(same):
            problems.append("an untouched frame has other bytes")
    first = None
    for reader, decode in READERS.items():
        try:
            before = decode(source, old_uid, folder)
        except Exception:
            continue
        if before is None:
            continue
        # A reader that has the samples of the old object in another order says nothing.
        if first is not None and before[1] == first[1] and before[0].shape == first[0].shape:
            scale = max(1.0, float(first[0].max()) - float(first[0].min()))
            if np.abs(before[0].astype(float) - first[0]).mean() > scale / 50:
                continue
        first = first or before
        try:
            after = decode(target, uid, folder) if reader == "pydicom" or uid not in NATIVE else values(target)
        except Exception as error:
            problems.append(f"{reader} does not read it: {str(error).splitlines()[0][:80] if str(error) else error!r}")
            continue
        if recoding == "ToNative" and before[1].startswith("YBR") and after[1] == "RGB":
            continue
        wrong = unequal(before[0], after[0], frames, areas, blocks, near, rounding, unit)
        read.append(reader)
        if wrong:
            problems.append(f"{reader}: {wrong}")
    tally[f"{recoding} {old_uid} -> {uid}: {' '.join(read)}"] += 1
    if problems or verbose:
        print(f"{'DIFFERENT' if problems else 'same':24} {name} [{old_uid} {recoding}] read by {' '.join(read)} {'; '.join(problems)}")
    return not problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    work = os.environ.get("OBSCURA_WORK") or tempfile.mkdtemp()
    for program in ("dcmdjpeg", "dcmdjpls", "dcmdrle", "gdcmconv"):
        if not shutil.which(program):
            print(f"without {program}, which is not installed")
    inputs = [(os.path.basename(path), path) for path in files(options.paths)]
    made = natives(work)
    inputs += made + list(coded(work, made)) + list(stored_streams(work))
    jobs = []
    for number, (name, path) in enumerate(inputs):
        try:
            ds = pydicom.dcmread(path, force=True, stop_before_pixels=False)
            rows, columns, count = int(ds.Rows), int(ds.Columns), int(ds.get("NumberOfFrames", 1) or 1)
            if not any(k in ds for k in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")):
                continue
        except Exception:
            continue
        frames = sorted({0, count - 1})
        words = [",".join(map(str, area)) for area in rectangles(rows, columns)]
        target = os.path.join(work, f"blanked-{number}.dcm")
        line = [path, target] + [word for frame in frames for word in [str(frame), *words]]
        jobs.append((name, path, target, frames, "\t".join(line)))
    command = ["cargo", "run", "-q", "-p", "obscura-pixels", "--example", "blank"]
    run = subprocess.run(command, input="\n".join(job[4] for job in jobs), capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    if run.returncode != 0 or len(lines) != len(jobs):
        return f"the example blank did not run: {run.stderr[-500:]}"
    tally = collections.Counter()
    good = [judge(name, path, target, line, frames, work, tally, options.verbose)
            for (name, path, target, frames, _), line in zip(jobs, lines)]
    for key, number in sorted(tally.items()):
        print(f"{number:4} {key}")
    print(f"{sum(good)} of {len(good)} as they should be")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
