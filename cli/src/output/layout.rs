//! Where each output file stands: the one place that builds a path from pseudonyms.

use crate::engine::Place;

/// The path of one object's files below the output directory, parts joined by `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    directory: String,
    stem: String,
}

impl Slot {
    /// The slot of a place. `None` if a pseudonym would not be a plain file name, which would be a
    /// defect of the engine.
    pub(crate) fn new(place: &Place) -> Option<Self> {
        let Place {
            patient,
            study,
            series,
            sop,
        } = place;
        let plain = [patient, study, series, sop]
            .iter()
            .all(|part| is_plain(part));
        plain.then(|| Self {
            directory: format!("{patient}/{study}/{series}"),
            stem: sop.clone(),
        })
    }

    /// The slot of another object with the same SOP Instance UID, told apart by its content.
    pub(crate) fn apart(mut self, sha256_out: &str, digits: usize) -> Self {
        let digits = digits.min(sha256_out.len());
        self.stem = format!("{}_{}", self.stem, &sha256_out[..digits]);
        self
    }

    /// `dicom/<patient>/<study>/<series>/<sop>.dcm`.
    pub(crate) fn dicom(&self) -> String {
        format!("dicom/{}/{}.dcm", self.directory, self.stem)
    }

    /// `jpeg/<patient>/<study>/<series>/<sop>[-<frame>].jpg`; the frame only if there are several.
    pub(crate) fn jpeg(&self, frame: u32, of: u32) -> String {
        if of > 1 {
            format!("jpeg/{}/{}-{frame}.jpg", self.directory, self.stem)
        } else {
            format!("jpeg/{}/{}.jpg", self.directory, self.stem)
        }
    }
}

/// Where the original of a picture stands: `danger-originals/` in place of `jpeg/`.
pub(crate) fn original_of(jpeg: &str) -> String {
    let below = jpeg.strip_prefix("jpeg/").unwrap_or(jpeg);
    format!("{DANGER_ORIGINALS}/{below}")
}

/// The directory of pictures of originals.
pub(crate) const DANGER_ORIGINALS: &str = "danger-originals";

/// The SOP pseudonym in the path of a DICOM output.
pub(crate) fn sop_of(dicom: &str) -> Option<&str> {
    let file = dicom.rsplit('/').next()?.strip_suffix(".dcm")?;
    Some(file.split('_').next().unwrap_or(file))
}

fn is_plain(part: &str) -> bool {
    !part.is_empty()
        && part.len() <= 100
        && !part.starts_with(['.', '-'])
        && part
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(sop: &str) -> Place {
        let text = str::to_owned;
        Place {
            patient: text("P1"),
            study: text("2.25.1"),
            series: text("2.25.2"),
            sop: text(sop),
        }
    }

    #[test]
    fn paths_are_those_of_the_manual() {
        let slot = Slot::new(&place("2.25.3")).unwrap();
        assert_eq!(slot.dicom(), "dicom/P1/2.25.1/2.25.2/2.25.3.dcm");
        assert_eq!(slot.jpeg(1, 1), "jpeg/P1/2.25.1/2.25.2/2.25.3.jpg");
        assert_eq!(slot.jpeg(7, 12), "jpeg/P1/2.25.1/2.25.2/2.25.3-7.jpg");
        assert_eq!(
            original_of(&slot.jpeg(7, 12)),
            "danger-originals/P1/2.25.1/2.25.2/2.25.3-7.jpg"
        );
        let apart = slot.apart("abcdef", 3);
        assert_eq!(apart.dicom(), "dicom/P1/2.25.1/2.25.2/2.25.3_abc.dcm");
        assert_eq!(sop_of(&apart.dicom()), Some("2.25.3"));
    }

    #[test]
    fn nothing_but_a_plain_name_becomes_a_path() {
        for sop in [
            "",
            "..",
            ".",
            "a/b",
            "a\\b",
            "a b",
            "a_b",
            "-a",
            "\0",
            &"1".repeat(101),
        ] {
            assert_eq!(Slot::new(&place(sop)), None, "{sop:?}");
        }
    }
}
