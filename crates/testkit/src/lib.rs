//! Synthetic DICOM objects for tests: invented people, every kind of object, every hiding place.
//!
//! A [`Person`] is made from a seed. A [`Synthetic`] object is built around one person, says what
//! was planted in it ([`Planted`]) and which clinical words must survive, and becomes an
//! [`Object`]: the bytes of a file. A dev-dependency only; nothing of it ships.
//!
//! ```
//! use obscura_testkit::{Person, Synthetic};
//! use dicom_dictionary_std::tags;
//! use obscura_dicom::VR;
//!
//! let person = Person::from_seed(7);
//! let object = Synthetic::ct(&person)
//!     .with(tags::IMAGE_COMMENTS, VR::LT, "compared with the prior study")
//!     .with_nested_sequences()
//!     .with_private_blocks()
//!     .encode();
//! assert!(object.planted.iter().any(|planted| planted.text == person.family));
//! assert_eq!(&object.bytes[128..132], b"DICM");
//! ```

mod charset;
mod documents;
mod encode;
mod hiding;
mod images;
mod jpeg;
mod person;
mod private;
mod synthetic;

pub use charset::Repertoire;
pub use encode::native_value;
pub use jpeg::grey_jpeg;
pub use person::Person;
pub use synthetic::{Kind, Object, Planted, Synthetic};

/// Every kind of object, with everything planted that the testkit knows, around one person of
/// this seed. The name of each says what it is.
pub fn collection(seed: u64) -> Vec<(&'static str, Object)> {
    let person = Person::from_seed(seed);
    let everywhere = |synthetic: Synthetic| {
        synthetic
            .with_nested_sequences()
            .with_private_blocks()
            .with_graphics()
            .with_hidden_bytes()
            .encode()
    };
    vec![
        ("ct", everywhere(Synthetic::ct(&person))),
        ("mr", everywhere(Synthetic::mr(&person))),
        (
            "us-multiframe",
            everywhere(Synthetic::us_multiframe(&person)),
        ),
        ("sc-rgb", everywhere(Synthetic::sc_rgb(&person))),
        ("sc-jpeg", everywhere(Synthetic::sc_jpeg(&person))),
        ("sr", everywhere(Synthetic::sr(&person))),
        ("rtstruct", everywhere(Synthetic::rtstruct(&person))),
        ("pr", everywhere(Synthetic::pr(&person))),
        ("pdf", everywhere(Synthetic::encapsulated_pdf(&person))),
        ("every-vr", everywhere(Synthetic::every_vr(&person))),
        ("implicit", everywhere(Synthetic::ct(&person).implicit())),
        (
            "big-endian",
            everywhere(Synthetic::mr(&person).big_endian()),
        ),
        ("deflated", everywhere(Synthetic::mr(&person).deflated())),
        (
            "undefined-lengths",
            everywhere(Synthetic::sr(&person).undefined_lengths()),
        ),
        (
            "latin-1",
            everywhere(Synthetic::ct(&person.of(Repertoire::Latin1))),
        ),
        (
            "utf-8",
            everywhere(Synthetic::ct(&person.of(Repertoire::Utf8))),
        ),
        (
            "japanese",
            everywhere(Synthetic::ct(&person.of(Repertoire::Iso2022Jp))),
        ),
        (
            "korean",
            everywhere(Synthetic::ct(&person.of(Repertoire::Iso2022Kr))),
        ),
        (
            "chinese",
            everywhere(Synthetic::ct(&person.of(Repertoire::Gb18030))),
        ),
    ]
}
