"""Make the codestreams of this directory from drawn pictures.

    python make_codestreams.py

Each file is one frame of one picture that `tests/decode/pictures.rs` draws again: `busy` (edges,
flat runs, every bit in use) for lossless codings, `smooth` for lossy ones. The name says what the
tests must know: picture, bits, `s` for signed, samples, and the way of coding.

Needs dcmtk (dcmcjpeg), pydicom, pyjpegls, Pillow, and imagecodecs for JPEG 2000, HTJ2K and JPEG XL;
`python make_codestreams.py jpeg jpegls` makes those of the first ones only.
"""

import io
import os
import subprocess
import sys
import tempfile

import numpy as np

COLUMNS, ROWS = 29, 19
HERE = os.path.dirname(os.path.abspath(__file__))


def busy(bits, samples, signed=False):
    y, x, c = np.meshgrid(np.arange(ROWS), np.arange(COLUMNS), np.arange(samples), indexing="ij")
    checker = np.where((x // 5 + y // 5) % 2 == 0, 0, 20)
    base = np.where(x < 6, 50 + c * 20, (x * 7 + y * 11 + c * 37 + checker) % 256)
    top = (1 << bits) - 1
    value = base * top // 255
    if bits > 8:
        value = np.minimum(value + np.where(x < 6, 0, (x * y) % (1 << (bits - 8))), top)
    return value - (1 << (bits - 1)) if signed else value


def smooth(bits, samples):
    y, x, c = np.meshgrid(np.arange(ROWS), np.arange(COLUMNS), np.arange(samples), indexing="ij")
    return (x * 4 + y * 5 + c * 20) * ((1 << bits) - 1) // 255


def keep(name, data):
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(data)


def object_of(picture, bits, signed):
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = SecondaryCaptureImageStorage
    ds.SOPInstanceUID = "2.25.1"
    ds.Rows, ds.Columns, ds.SamplesPerPixel = ROWS, COLUMNS, picture.shape[2]
    ds.PhotometricInterpretation = "RGB" if picture.shape[2] == 3 else "MONOCHROME2"
    if picture.shape[2] == 3:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated = 8 if bits <= 8 else 16
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits - 1, int(signed)
    wide = picture & ((1 << ds.BitsAllocated) - 1)
    ds.PixelData = wide.astype("u1" if bits <= 8 else "<u2").tobytes()
    if len(ds.PixelData) % 2:
        ds.PixelData += b"\0"
    ds["PixelData"].VR = "OB" if bits <= 8 else "OW"
    return ds


def by_dcmtk(name, picture, bits, *command):
    from pydicom import dcmread
    from pydicom.encaps import get_frame

    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "a.dcm"), os.path.join(folder, "b.dcm")
        object_of(picture, bits, False).save_as(source, enforce_file_format=True)
        subprocess.run([*command, source, target], check=True)
        keep(name, get_frame(dcmread(target).PixelData, 0, number_of_frames=1))


def jpeg():
    from PIL import Image

    def by_pillow(name, picture, **options):
        array = picture.astype("u1")
        image = Image.fromarray(array[..., 0] if array.shape[2] == 1 else array)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=98, **options)
        keep(name, out.getvalue())

    by_pillow("smooth-8-1-baseline.jpg", smooth(8, 1))
    by_pillow("smooth-8-1-restart.jpg", smooth(8, 1), restart_marker_blocks=2)
    by_pillow("smooth-8-3-444.jpg", smooth(8, 3), subsampling=0)
    by_pillow("smooth-8-3-422.jpg", smooth(8, 3), subsampling=1)
    by_pillow("smooth-8-3-420.jpg", smooth(8, 3), subsampling=2)
    by_pillow("smooth-8-1-progressive.jpg", smooth(8, 1), progressive=True)
    by_pillow("smooth-8-3-progressive.jpg", smooth(8, 3), progressive=True, subsampling=2)
    by_pillow("smooth-8-3-rgb.jpg", smooth(8, 3), keep_rgb=True)
    by_dcmtk("smooth-12-1-extended.jpg", smooth(12, 1), 12, "dcmcjpeg", "+ee", "+q", "98")
    by_dcmtk("smooth-12-1-spectral.jpg", smooth(12, 1), 12, "dcmcjpeg", "+es", "+q", "98")
    by_dcmtk("smooth-12-1-progressive.jpg", smooth(12, 1), 12, "dcmcjpeg", "+ep", "+q", "98")
    # The black and white of ten bits in a coding of twelve: it overshoots.
    white = np.where(busy(8, 1) > 128, 1023, 0)
    by_dcmtk("white-12-1-extended.jpg", white, 12, "dcmcjpeg", "+ee", "+q", "90")
    for predictor in range(1, 8):
        by_dcmtk(f"busy-12-1-predictor{predictor}.jpg", busy(12, 1), 12,
                 "dcmcjpeg", "+el", "+sv", str(predictor))
    by_dcmtk("busy-16-1-predictor1.jpg", busy(16, 1), 16, "dcmcjpeg", "+e1")
    by_dcmtk("busy-16-1-predictor6.jpg", busy(16, 1), 16, "dcmcjpeg", "+el", "+sv", "6")
    by_dcmtk("busy-8-1-predictor1.jpg", busy(8, 1), 8, "dcmcjpeg", "+e1")
    by_dcmtk("busy-8-3-predictor1.jpg", busy(8, 3), 8, "dcmcjpeg", "+e1")
    by_dcmtk("busy-8-3-predictor7.jpg", busy(8, 3), 8, "dcmcjpeg", "+el", "+sv", "7")
    by_dcmtk("busy-12-1-point2.jpg", busy(12, 1), 12, "dcmcjpeg", "+el", "+sv", "4", "+pt", "2")


def jpegls():
    import jpeg_ls

    for bits in (8, 12, 16):
        picture = busy(bits, 1)[..., 0].astype("u1" if bits == 8 else "<u2")
        for near in (0, 3):
            keep(f"busy-{bits}-1-near{near}.jls", bytes(jpeg_ls.encode_array(picture, lossy_error=near)))
    picture = busy(8, 3).astype("u1")
    for mode in (0, 1, 2):
        source = np.ascontiguousarray(np.moveaxis(picture, 2, 0)) if mode == 0 else picture
        for near in (0, 2):
            data = jpeg_ls.encode_array(source, lossy_error=near, interleave_mode=mode)
            keep(f"busy-8-3-mode{mode}-near{near}.jls", bytes(data))


def jpeg2000():
    import imagecodecs

    def keep_j2k(name, picture, kind, **options):
        picture = picture[..., 0] if picture.shape[2] == 1 else picture
        keep(name, imagecodecs.jpeg2k_encode(picture.astype(kind), resolutions=3, **options))

    for bits, signed in ((8, False), (12, False), (16, False), (12, True), (16, True)):
        kind = ("i" if signed else "u") + ("1" if bits <= 8 else "2")
        mark = "s" if signed else ""
        keep_j2k(f"busy-{bits}{mark}-1-lossless.j2k", busy(bits, 1, signed), kind,
                 reversible=True, bitspersample=bits, codecformat="j2k")
    for name, options in (("rct.j2k", {"mct": True, "codecformat": "j2k"}),
                          ("plain.j2k", {"mct": False, "codecformat": "j2k"}),
                          ("rct.jp2", {"mct": True, "codecformat": "jp2"})):
        keep_j2k(f"busy-8-3-{name}", busy(8, 3), "u1", reversible=True, **options)
    keep_j2k("smooth-8-3-ict.j2k", smooth(8, 3), "u1", level=55, mct=True, codecformat="j2k")
    keep_j2k("smooth-12-1-lossy.j2k", smooth(12, 1), "u2", level=65, bitspersample=12,
             codecformat="j2k")


def by_imagecodecs():
    import imagecodecs

    keep("busy-8-1-lossless.jph", imagecodecs.htj2k_encode(busy(8, 1)[..., 0].astype("u1"), reversible=True))
    keep("busy-16-1-lossless.jph", imagecodecs.htj2k_encode(busy(16, 1)[..., 0].astype("u2"), reversible=True))
    keep("busy-8-3-lossless.jph", imagecodecs.htj2k_encode(busy(8, 3).astype("u1"), reversible=True))
    keep("busy-8-1-lossless.jxl", imagecodecs.jpegxl_encode(busy(8, 1)[..., 0].astype("u1"), lossless=True))
    keep("busy-16-1-lossless.jxl", imagecodecs.jpegxl_encode(busy(16, 1)[..., 0].astype("u2"), lossless=True))
    keep("busy-12-1-lossless.jxl",
         imagecodecs.jpegxl_encode(busy(12, 1)[..., 0].astype("u2"), lossless=True, bitspersample=12))
    keep("busy-8-3-lossless.jxl", imagecodecs.jpegxl_encode(busy(8, 3).astype("u1"), lossless=True))
    keep("smooth-8-3-lossy.jxl", imagecodecs.jpegxl_encode(smooth(8, 3).astype("u1"), distance=0.5))
    with open(os.path.join(HERE, "smooth-8-3-444.jpg"), "rb") as file:
        keep("smooth-8-3-recompressed.jxl", imagecodecs.jpegxl_encode_jpeg(file.read()))


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["jpeg", "jpegls", "jpeg2000", "by_imagecodecs"]
    for group in wanted:
        globals()[group]()
