"""DICOM objects around invented people, with everything known that must not come out again.

Secondary captures in Explicit VR Little Endian, written here in a few lines: the harness needs no
toolkit, and knows each identifier that it put in.
"""

import struct
from dataclasses import dataclass

ROOT = "2.25.3141592653589793238462643383279"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
LONG = {"OB", "OW", "SQ", "UN", "UT"}


@dataclass(frozen=True)
class Person:
    """An invented patient, and the people and the place around them."""

    number: int

    @property
    def name(self):
        return f"Quandtwerth{self.number}^Ottoline"

    @property
    def identifier(self):
        return f"ZQX{self.number:05d}77"

    @property
    def birth_date(self):
        return f"19{30 + self.number % 60:02d}0{1 + self.number % 9}17"

    @property
    def physician(self):
        return f"Brackenfjord{self.number}^Ulrika"

    @property
    def institution(self):
        return f"Krankenhaus Silberquell {self.number}"

    def identifiers(self):
        """Texts that must not stand in anything that is kept or released."""
        family = self.name.split("^")[0]
        return [family, self.identifier, self.physician.split("^")[0], "Silberquell", f"ACC{self.identifier}"]


def _element(group, element, vr, value):
    if isinstance(value, str):
        value = value.encode("ascii")
        if len(value) % 2:
            value += b"\0" if vr == "UI" else b" "
    elif isinstance(value, int):
        value = struct.pack("<H", value)
    head = struct.pack("<HH", group, element) + vr.encode()
    if vr in LONG:
        return head + b"\0\0" + struct.pack("<I", len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def secondary_capture(person, number, size=64):
    """The bytes of one object; `number` tells objects of one person apart."""
    study, series = f"{ROOT}.{person.number}.1", f"{ROOT}.{person.number}.1.1"
    instance = f"{series}.{number}"
    row = bytes((x * 3 + number) % 97 for x in range(size + 97))
    pixels = b"".join(row[y * 2 % 97:y * 2 % 97 + size] for y in range(size))
    meta = b"".join([
        _element(2, 1, "OB", b"\0\1"),
        _element(2, 2, "UI", SECONDARY_CAPTURE),
        _element(2, 3, "UI", instance),
        _element(2, 0x10, "UI", EXPLICIT_LITTLE),
        _element(2, 0x12, "UI", f"{ROOT}.9"),
    ])
    data = b"".join([
        _element(8, 5, "CS", "ISO_IR 100"),
        _element(8, 8, "CS", "DERIVED\\SECONDARY"),
        _element(8, 0x16, "UI", SECONDARY_CAPTURE),
        _element(8, 0x18, "UI", instance),
        _element(8, 0x20, "DA", "20190304"),
        _element(8, 0x30, "TM", "101500"),
        _element(8, 0x50, "SH", f"ACC{person.identifier}"),
        _element(8, 0x60, "CS", "OT"),
        _element(8, 0x64, "CS", "WSD"),
        _element(8, 0x80, "LO", person.institution),
        _element(8, 0x90, "PN", person.physician),
        _element(8, 0x1030, "LO", f"CHEST of {person.name.split('^')[0]}"),
        _element(0x10, 0x10, "PN", person.name),
        _element(0x10, 0x20, "LO", person.identifier),
        _element(0x10, 0x30, "DA", person.birth_date),
        _element(0x10, 0x40, "CS", "F"),
        _element(0x20, 0xD, "UI", study),
        _element(0x20, 0xE, "UI", series),
        _element(0x20, 0x10, "SH", "1"),
        _element(0x20, 0x11, "IS", "1"),
        _element(0x20, 0x13, "IS", str(number)),
        _element(0x28, 2, "US", 1),
        _element(0x28, 4, "CS", "MONOCHROME2"),
        _element(0x28, 0x10, "US", size),
        _element(0x28, 0x11, "US", size),
        _element(0x28, 0x100, "US", 8),
        _element(0x28, 0x101, "US", 8),
        _element(0x28, 0x102, "US", 7),
        _element(0x28, 0x103, "US", 0),
        _element(0x7FE0, 0x10, "OB", pixels),
    ])
    length = _element(2, 0, "UL", struct.pack("<I", len(meta)))
    return b"\0" * 128 + b"DICM" + length + meta + data
