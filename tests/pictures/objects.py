"""From a picture to a DICOM object: stored values in one of many forms, and a header.

A form says how the pixels are stored: `u8`, `mono1`, `ct`, `u12`, `u16`, `rgb`, `planar`, `ybr`,
`palette`, `jpeg` (baseline), `rle`, `j2k`, `jls`. What a form does not allow (a window in colour)
is not asked of it.
"""
import io

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import convert_color_space
from pydicom.uid import (JPEG2000Lossless, JPEGBaseline8Bit, JPEGLSLossless, ExplicitVRLittleEndian,
                         ImplicitVRLittleEndian, RLELossless)

ROOT = "1.2.826.0.1.3680043.10.1499"
CLASSES = {"CT": "1.2.840.10008.5.1.4.1.1.2", "MR": "1.2.840.10008.5.1.4.1.1.4", "CR": "1.2.840.10008.5.1.4.1.1.1", "US": "1.2.840.10008.5.1.4.1.1.6.1",
           "XA": "1.2.840.10008.5.1.4.1.1.12.1", "MG": "1.2.840.10008.5.1.4.1.1.1.2", "PT": "1.2.840.10008.5.1.4.1.1.128", "OT": "1.2.840.10008.5.1.4.1.1.7",
           "ES": "1.2.840.10008.5.1.4.1.1.77.1.1"}
US_MULTI = "1.2.840.10008.5.1.4.1.1.3.1"
MULTI_GREY, MULTI_COLOUR = "1.2.840.10008.5.1.4.1.1.7.2", "1.2.840.10008.5.1.4.1.1.7.4"
VENDORS = ["Northlight Medical", "Calder Imaging", "Sonoretta", "Heliograph", "Vantro Systems"]


def header(rng, picture, person, stated, number):
    """The data set without pixels. `stated` False: the header names another, made-up patient."""
    ds = Dataset()
    uid = f"{ROOT}.{int(rng.integers(1, 10**9))}.{number}"
    frames, modality = len(picture.frames), picture.modality
    ds.SpecificCharacterSet = "ISO_IR 192"
    kind = CLASSES[modality]
    if frames > 1:
        kind = US_MULTI if modality == "US" else MULTI_COLOUR if picture.colour else MULTI_GREY
    ds.SOPClassUID, ds.SOPInstanceUID = kind, uid + ".1"
    ds.ImageType = ["ORIGINAL", "PRIMARY"] + (["AXIAL"] if modality in ("CT",) else [])
    ds.StudyDate = "%04d%02d%02d" % person.seen if stated else "20110304"
    ds.StudyTime = "%02d%02d%02d" % person.time if stated else "101500"
    ds.AccessionNumber = person.accession[:16] if stated else ""
    ds.Modality = modality
    if modality == "OT" or (frames > 1 and modality != "US"):
        ds.ConversionType = "WSD"
    ds.Manufacturer = str(rng.choice(VENDORS))
    ds.ReferringPhysicianName = person.doctor if stated else ""
    ds.InstitutionName = person.hospital if stated else ""
    ds.PatientName = person.dicom_name if stated else "UNKNOWN^PATIENT"
    ds.PatientID = person.mrn if stated else f"X{number:05}"
    ds.PatientBirthDate = "%04d%02d%02d" % person.born if stated else ""
    ds.PatientSex = person.sex if stated else ""
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid + ".2", uid + ".3"
    ds.StudyID, ds.SeriesNumber, ds.InstanceNumber = "1", 1, 1
    ds.PatientOrientation = ""
    if modality in ("CT", "MR", "PT"):
        ds.PixelSpacing, ds.SliceThickness = [1, 1], 5
        ds.ImageOrientationPatient, ds.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [0, 0, 0]
        ds.FrameOfReferenceUID = uid + ".4"
    if frames > 1:
        ds.NumberOfFrames, ds.FrameTime = frames, 40
        ds.FrameIncrementPointer = 0x00181063
    return ds


def bits(ds, allocated, stored, signed=0):
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = allocated, stored, stored - 1, signed


def native(ds, array):
    """Array as the value of Pixel Data, padded to even length."""
    data = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OW" if ds.BitsAllocated > 8 else "OB"


def grey8(picture):
    frames = picture.frames if not picture.colour else picture.frames @ np.array([.299, .587, .114], np.float32)
    return np.clip(np.rint(frames), 0, 255).astype(np.uint8)


def colour8(picture):
    frames = picture.frames if picture.colour else np.repeat(picture.frames[..., None], 3, -1)
    return np.clip(np.rint(frames), 0, 255).astype(np.uint8)


def units_of(picture, k):
    """What is added to the stored values of a frame: text that only its own window shows."""
    total = np.zeros(picture.size, np.float32)
    for cover, (y, x), value in picture.units:
        total[y:y + cover.shape[0], x:x + cover.shape[1]] += cover * value
    return total


def store_deep(ds, rng, picture, form, window):
    """Grey of 12 or 16 bits, by a window as a header states it: (centre, width) in display terms."""
    frames = picture.frames if not picture.colour else grey8(picture).astype(np.float32)
    signed = form == "ct"
    if form == "ct":
        low, width, most, least = -160., 400., 3071, -1024
        ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = 0, 1, "HU"
    elif form == "u12":
        low, width, most, least = 200., 3300., 4095, 0
    else:
        low, width, most, least = 3000., 52000., 65535, 0
    noise = picture.grain if hasattr(picture, "grain") else 0
    values = np.stack([low + f / 255 * width + units_of(picture, k) + (rng.standard_normal(f.shape) * noise if noise else 0) for k, f in enumerate(frames)])
    array = np.clip(np.rint(values), least, most).astype(np.int16 if signed else np.uint16)
    ds.PhotometricInterpretation = "MONOCHROME2"
    bits(ds, 16, 16 if form != "u12" else 12, int(signed))
    ds.WindowCenter, ds.WindowWidth = window or (int(low + width / 2), int(width))
    native(ds, array)


def store_palette(ds, picture):
    rgb = colour8(picture)
    sheet = Image.fromarray(rgb.reshape(-1, rgb.shape[2], 3)).quantize(256, dither=Image.Dither.NONE)
    table = np.array(sheet.getpalette() + [0] * 768, np.uint16)[:768].reshape(256, 3) * 257
    ds.PhotometricInterpretation = "PALETTE COLOR"
    bits(ds, 8, 8)
    for k, colour in enumerate(("Red", "Green", "Blue")):
        setattr(ds, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(ds, f"{colour}PaletteColorLookupTableData", np.ascontiguousarray(table[:, k]).astype("<u2").tobytes())
    native(ds, np.asarray(sheet, np.uint8).reshape(rgb.shape[:3]))


def jpeg_frames(array, quality, subsampling):
    out = []
    for frame in array:
        store = io.BytesIO()
        Image.fromarray(frame).save(store, "JPEG", quality=quality, **({"subsampling": subsampling} if frame.ndim == 3 else {}))
        out.append(store.getvalue())
    return out


def store(rng, picture, person, form, *, stated, number, window=None, quality=88):
    """The whole data set with its file meta group."""
    ds = header(rng, picture, person, stated, number)
    ds.Rows, ds.Columns = picture.size
    ds.SamplesPerPixel = 1
    syntax = ExplicitVRLittleEndian if rng.random() < .75 else ImplicitVRLittleEndian
    if form in ("ct", "u12", "u16"):
        store_deep(ds, rng, picture, form, window)
    elif form == "palette":
        store_palette(ds, picture)
    elif form in ("rgb", "planar", "ybr") or (picture.colour and form in ("u8", "rle", "j2k", "jls")):
        ds.SamplesPerPixel, ds.PlanarConfiguration = 3, 0
        ds.PhotometricInterpretation = "RGB"
        bits(ds, 8, 8)
        array = colour8(picture)
        if form == "ybr":
            ds.PhotometricInterpretation = "YBR_FULL"
            array = np.stack([convert_color_space(a, "RGB", "YBR_FULL") for a in array]).astype(np.uint8)
        if form == "planar":
            ds.PlanarConfiguration = 1
            array = np.moveaxis(array, -1, 1)
        native(ds, array)
    elif form == "jpeg":
        array = colour8(picture) if picture.colour else grey8(picture)
        bits(ds, 8, 8)
        ds.PhotometricInterpretation = "MONOCHROME2"
        if picture.colour:
            ds.SamplesPerPixel, ds.PlanarConfiguration, ds.PhotometricInterpretation = 3, 0, "YBR_FULL_422"
        ds.PixelData = encapsulate(jpeg_frames(array, quality, "4:2:2"))
        ds["PixelData"].VR = "OB"
        ds.LossyImageCompression, ds.LossyImageCompressionRatio, ds.LossyImageCompressionMethod = "01", 10, "ISO_10918_1"
        syntax = JPEGBaseline8Bit
    else:
        bits(ds, 8, 8)
        array = grey8(picture)
        ds.PhotometricInterpretation = "MONOCHROME1" if form == "mono1" else "MONOCHROME2"
        native(ds, 255 - array if form == "mono1" else array)
        if form != "mono1" and rng.random() < .5:
            ds.WindowCenter, ds.WindowWidth = 128, 256
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    meta.TransferSyntaxUID, meta.ImplementationClassUID = syntax, ROOT + ".1"
    file = FileDataset("", ds, file_meta=meta, preamble=b"\0" * 128)
    packed = {"rle": RLELossless, "j2k": JPEG2000Lossless, "jls": JPEGLSLossless}.get(form)
    if packed:
        file.compress(packed, generate_instance_uid=False)
    return file


def overlay(ds, rng, plane, hidden_bits):
    """Adds a bit plane as overlay group 6000: as its own data, or in an unused high bit."""
    ds.add_new(0x60000010, "US", plane.shape[0])
    ds.add_new(0x60000011, "US", plane.shape[1])
    ds.add_new(0x60000040, "CS", "G")
    ds.add_new(0x60000050, "SS", [1, 1])
    if hidden_bits:
        bit = int(rng.integers(12, 16))
        ds.add_new(0x60000100, "US", 16)
        ds.add_new(0x60000102, "US", bit)
        array = np.frombuffer(ds.PixelData, "<u2").reshape(plane.shape).copy()
        ds.PixelData = (array | (plane.astype(np.uint16) << bit)).astype("<u2").tobytes()
        ds["PixelData"].VR = "OW"
        return
    data = np.packbits(plane.astype(np.uint8).ravel(), bitorder="little").tobytes()
    ds.add_new(0x60000100, "US", 1)
    ds.add_new(0x60000102, "US", 0)
    ds.add_new(0x60003000, "OW", data + b"\0" * (len(data) % 2))


def icon(ds, array):
    """Adds an Icon Image Sequence of 8-bit grey."""
    item = Dataset()
    item.SamplesPerPixel, item.PhotometricInterpretation = 1, "MONOCHROME2"
    item.Rows, item.Columns = array.shape
    bits(item, 8, 8)
    native(item, array)
    ds.IconImageSequence = [item]


def save(ds, path):
    pydicom.dcmwrite(path, ds, enforce_file_format=True)
