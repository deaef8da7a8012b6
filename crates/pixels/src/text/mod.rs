//! Text in the pixels: found on every frame, judged, blanked, and looked for again.
//!
//! [`clean()`] does all of it for one object. What finds and reads text stands behind
//! [`TextFinder`]; what is harmless is an allow-list; everything else that is text is blanked.

mod clean;
mod decided;
mod device;
mod ends;
mod judge;
mod likeness;
mod lines;
mod marks;
mod places;
mod port;
mod search;
mod sequence;
mod view;

pub use clean::{
    CleanError, Cleaned, Fate, MarkCause, Marked, Request, Sighting, clean, clean_decided, survey,
    with_margin,
};
pub use decided::{Choice, Decided};
pub use judge::Identifiers;
pub use port::{FinderError, Glimpses, Likelihood, Plane, Reading, Spot, TextFinder};
pub use search::Effort;
pub use sequence::LookError;
