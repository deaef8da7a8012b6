//! [`Coding`]: what a transfer syntax (PS3.6 table A-1) or the first bytes of a frame say.

use obscura_dicom::Syntax;

use super::error::{Codec, DecodeError};

/// How a frame is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Native,
    Rle,
    Jpeg,
    JpegLs,
    Jpeg2000,
    JpegXl,
    /// Native cells, each frame deflated.
    Deflate,
    Unsupported(&'static str),
}

impl Coding {
    pub(super) fn codec(self) -> Result<Codec, DecodeError> {
        Ok(match self {
            Self::Native => Codec::Native,
            Self::Rle => Codec::Rle,
            Self::Jpeg => Codec::Jpeg,
            Self::JpegLs => Codec::JpegLs,
            Self::Jpeg2000 => Codec::Jpeg2000,
            Self::JpegXl => Codec::JpegXl,
            Self::Deflate => Codec::Deflate,
            Self::Unsupported(what) => return Err(DecodeError::Unsupported(what)),
        })
    }

    /// Frames of it begin with a mark of their own.
    pub(super) const fn is_codestream(self) -> bool {
        !matches!(self, Self::Native | Self::Rle | Self::Deflate)
    }
}

/// The coding of a transfer syntax.
pub(super) fn coding(syntax: &Syntax) -> Coding {
    let Some(own) = syntax.uid.strip_prefix("1.2.840.10008.1.2.") else {
        return if syntax.is_encapsulated() {
            Coding::Unsupported("a private transfer syntax")
        } else {
            Coding::Native
        };
    };
    match own {
        "1.98" => Coding::Native,
        "5" => Coding::Rle,
        "4.50" | "4.51" | "4.52" | "4.53" | "4.54" | "4.55" | "4.56" | "4.57" | "4.58" | "4.59"
        | "4.60" | "4.61" | "4.62" | "4.63" | "4.64" | "4.65" | "4.66" | "4.70" => Coding::Jpeg,
        "4.80" | "4.81" => Coding::JpegLs,
        "4.90" | "4.91" | "4.92" | "4.93" | "4.201" | "4.202" | "4.203" => Coding::Jpeg2000,
        "4.110" | "4.111" | "4.112" => Coding::JpegXl,
        "8.1" => Coding::Deflate,
        "4.94" | "4.95" | "4.204" | "4.205" => Coding::Unsupported("pixel data on a JPIP server"),
        "4.100" | "4.100.1" | "4.101" | "4.101.1" => Coding::Unsupported("MPEG-2 video"),
        "4.102" | "4.102.1" | "4.103" | "4.103.1" | "4.104" | "4.104.1" | "4.105" | "4.105.1"
        | "4.106" | "4.106.1" => Coding::Unsupported("MPEG-4 AVC/H.264 video"),
        "4.107" | "4.108" => Coding::Unsupported("HEVC/H.265 video"),
        "7.1" | "7.2" | "7.3" => Coding::Unsupported("SMPTE ST 2110 streams"),
        _ if syntax.is_encapsulated() => Coding::Unsupported("an unknown transfer syntax"),
        _ => Coding::Native,
    }
}

/// The coding that a frame's first bytes show, if they show one.
pub(super) fn sniff(bytes: &[u8]) -> Option<Coding> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some(jpeg_or_jpegls(bytes)),
        [0xFF, 0x4F, 0xFF, 0x51, ..] | [0, 0, 0, 12, b'j', b'P', ..] => Some(Coding::Jpeg2000),
        [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => Some(Coding::JpegXl),
        _ => None,
    }
}

/// JPEG-LS has the segments of JPEG and a frame marker of its own (SOF55).
fn jpeg_or_jpegls(bytes: &[u8]) -> Coding {
    let mut position = 2;
    while let Some([0xFF, marker, high, low]) = bytes.get(position..).and_then(|b| b.first_chunk())
    {
        match marker {
            0xF7 => return Coding::JpegLs,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xDA => return Coding::Jpeg,
            _ => position += 2 + usize::from(u16::from_be_bytes([*high, *low])),
        }
    }
    Coding::Jpeg
}
