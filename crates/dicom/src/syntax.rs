//! Transfer syntaxes (PS3.5 chapter 10, annex A): how the data set is encoded.

/// The order of bytes in binary values and lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endian {
    /// Least significant byte first: every transfer syntax in use.
    Little,
    /// Most significant byte first: the retired Explicit VR Big Endian.
    Big,
}

/// A transfer syntax: its UID and what it means for the encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syntax {
    /// The Transfer Syntax UID.
    pub uid: String,
    /// Byte order.
    pub endian: Endian,
    /// VRs are written (explicit) or come from the dictionary (implicit).
    pub explicit: bool,
    /// The data set is a raw deflate stream (PS3.5 A.5).
    pub deflated: bool,
}

impl Syntax {
    /// Implicit VR Little Endian, the default of the standard.
    pub const IMPLICIT_LE: &'static str = "1.2.840.10008.1.2";
    /// Explicit VR Little Endian.
    pub const EXPLICIT_LE: &'static str = "1.2.840.10008.1.2.1";
    /// Explicit VR Big Endian (retired).
    pub const EXPLICIT_BE: &'static str = "1.2.840.10008.1.2.2";
    /// Deflated Explicit VR Little Endian.
    pub const DEFLATED_LE: &'static str = "1.2.840.10008.1.2.1.99";
    /// Encapsulated Uncompressed Explicit VR Little Endian.
    pub const ENCAPSULATED_UNCOMPRESSED: &'static str = "1.2.840.10008.1.2.1.98";
    /// JPIP Referenced Deflate: a deflated data set that names its pixel data.
    pub const JPIP_DEFLATE: &'static str = "1.2.840.10008.1.2.4.95";
    /// JPIP Referenced: a data set that names its pixel data.
    pub const JPIP: &'static str = "1.2.840.10008.1.2.4.94";
    /// JPIP HTJ2K Referenced.
    pub const JPIP_HTJ2K: &'static str = "1.2.840.10008.1.2.4.204";
    /// JPIP HTJ2K Referenced Deflate.
    pub const JPIP_HTJ2K_DEFLATE: &'static str = "1.2.840.10008.1.2.4.205";
    /// Implicit VR Little Endian with big endian pixel data, private to GE.
    pub const GE_PRIVATE: &'static str = "1.2.840.113619.5.2";

    /// What a Transfer Syntax UID means. Those not listed by name are Explicit VR Little Endian
    /// with encapsulated pixel data, as PS3.5 A.4 demands of every compressed syntax;
    /// [`Syntax::GE_PRIVATE`] is implicit with big endian pixels.
    pub fn from_uid(uid: &str) -> Self {
        let uid = uid.trim_matches([' ', '\0']).to_owned();
        let explicit = uid != Self::IMPLICIT_LE && uid != Self::GE_PRIVATE;
        let endian = if uid == Self::EXPLICIT_BE {
            Endian::Big
        } else {
            Endian::Little
        };
        let deflated = matches!(
            uid.as_str(),
            Self::DEFLATED_LE | Self::JPIP_DEFLATE | Self::JPIP_HTJ2K_DEFLATE
        );
        Self {
            uid,
            endian,
            explicit,
            deflated,
        }
    }

    /// Pixel data of this syntax is encapsulated. That of the JPIP syntaxes is not in the object.
    pub fn is_encapsulated(&self) -> bool {
        !matches!(
            self.uid.as_str(),
            Self::IMPLICIT_LE
                | Self::EXPLICIT_LE
                | Self::EXPLICIT_BE
                | Self::DEFLATED_LE
                | Self::GE_PRIVATE
                | Self::JPIP
                | Self::JPIP_DEFLATE
                | Self::JPIP_HTJ2K
                | Self::JPIP_HTJ2K_DEFLATE
        )
    }
}
