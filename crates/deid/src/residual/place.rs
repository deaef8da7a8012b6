//! [`Place`]: where in a file a hit stands, without values.

use std::fmt;

use dicom_core::Tag;

/// Where in a file a hit stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// The 128 bytes before `DICM`.
    Preamble,
    /// The value of an element: the tags of the sequences it is in, then its own.
    Element(Vec<Tag>),
    /// The Basic Offset Table, item headers and delimiters of encapsulated pixel data.
    Encapsulation,
    /// A segment, box or gap inside an encapsulated frame.
    FrameSegment,
    /// After the last sample of native pixel data, inside its element.
    SamplePadding,
    /// After the data set, or a part of the file that could not be parsed.
    Trailing,
    /// Between values: the header of an element, or bytes of more than one element.
    Structure,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Preamble => f.write_str("preamble"),
            Self::Element(path) => {
                for (at, tag) in path.iter().enumerate() {
                    let slash = if at == 0 { "" } else { "/" };
                    write!(f, "{slash}({:04X},{:04X})", tag.group(), tag.element())?;
                }
                Ok(())
            }
            Self::Encapsulation => f.write_str("encapsulation"),
            Self::FrameSegment => f.write_str("frame segment"),
            Self::SamplePadding => f.write_str("after the last sample"),
            Self::Trailing => f.write_str("after the data set"),
            Self::Structure => f.write_str("between values"),
        }
    }
}
