//! Quarantine for text that remains, a person's decision, release: issue 3, `--review` and
//! `--apply`. And blanking at a person's word alone.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

use std::sync::Arc;

use obscura_core::{Limits, Phi, PseudonymKey, Reason};
use obscura_deid::policy::{Policy, Preset};
use obscura_dicom::{Source, Tag};
use obscura_pipeline::{
    Area, Cause, Choice, Decided, Decisions, Deidentifier, Fate, Frames, Options, Originals,
    Outcome, Pixels, Quarantine, Recoding, Rectangle, RedactError, Redaction, Release, redact,
};
use obscura_pixels::decode::Image;
use obscura_pixels::render::Picture;
use obscura_pixels::rules::Rules;
use obscura_pixels::text::{FinderError, Glimpses, Likelihood, Plane, Reading, Spot, TextFinder};
use obscura_testkit::{Person, Synthetic};
use sha2::{Digest, Sha256};

/// Where the finder sees text, whatever is there.
const PLACE: Area = Area::new(3, 4, 9, 4);

/// Sees text at one place of every frame, also after it was blanked.
#[derive(Debug)]
struct Stubborn;

impl TextFinder for Stubborn {
    fn glance(&self, plane: &Plane) -> Result<Glimpses, FinderError> {
        let cells = (plane.width * plane.height) as usize;
        Ok(Glimpses {
            places: vec![Spot::upright(PLACE, 1.0)],
            spots: vec![Spot::upright(PLACE, 1.0)],
            maps: vec![Likelihood {
                cell: 1,
                columns: plane.width as usize,
                values: vec![1.0; cells],
            }],
        })
    }

    fn detect(&self, picture: &Picture, _: f32) -> Result<Vec<Spot>, FinderError> {
        let whole = picture.width == picture.height;
        Ok(whole
            .then(|| Spot::upright(PLACE, 1.0))
            .into_iter()
            .collect())
    }

    fn read(&self, _: &Picture) -> Result<Reading, FinderError> {
        Ok(Reading {
            text: Phi::new("QXZVW JKQXZ".to_owned()),
            confidence: 0.99,
        })
    }
}

fn process(input: &[u8], decided: Vec<([u8; 32], Vec<Decided>)>) -> Outcome {
    let options = Options {
        frames: Frames::None,
        pixels: Pixels::Text(Arc::new(Rules::default()), Arc::new(Stubborn)),
        decisions: Decisions::new(decided),
        originals: Originals::Shown,
        ..Options::default()
    };
    let key = PseudonymKey::from_bytes([7; 32]);
    Deidentifier::new(Policy::preset(Preset::Research), &key, options).process(input)
}

fn quarantine(outcome: Outcome) -> Quarantine {
    match outcome {
        Outcome::Quarantined(quarantine) => quarantine,
        other => panic!("{other:?}"),
    }
}

fn release(outcome: Outcome) -> Release {
    match outcome {
        Outcome::Released(release) => *release,
        other => panic!("{other:?}"),
    }
}

fn decided(redaction: &Redaction, choice: Choice) -> Decided {
    Decided {
        frames: vec![redaction.frame - 1],
        area: Area::new(redaction.x, redaction.y, redaction.w, redaction.h),
        choice,
    }
}

fn samples(file: &[u8]) -> Vec<u8> {
    let limits = Limits::default();
    let source = Source::open(file, &limits).unwrap();
    let file = source.parse(&limits).unwrap();
    let image = Image::of(&file.data, &file.syntax, &limits)
        .unwrap()
        .unwrap();
    (0..image.frames())
        .flat_map(|frame| image.frame_bytes(frame).unwrap().into_owned())
        .collect()
}

/// Issue 3: what remains goes to the review list; what a person accepts or refuses is released.
#[test]
fn what_remains_is_quarantined_reviewed_and_released() {
    let input = Synthetic::mr(&Person::from_seed(3)).encode().bytes;
    let sha: [u8; 32] = Sha256::digest(&input).into();
    let left = quarantine(process(&input, Vec::new()));
    assert_eq!(left.reason, Reason::BurnedInText);
    assert!(!left.left.is_empty() && left.left.iter().all(|one| one.kept));
    for (choice, kept) in [(Choice::Keep, true), (Choice::Blank, false)] {
        let boxes: Vec<Decided> = left.left.iter().map(|one| decided(one, choice)).collect();
        let done = release(process(&input, vec![(sha, boxes.clone())]));
        assert!(!done.redactions.is_empty());
        let as_decided = |one: &Redaction| one.kept == kept && one.cause == Cause::Text;
        assert!(done.redactions.iter().all(as_decided), "{choice:?}");
        assert_eq!(samples(&done.dicom) == samples(&input), kept, "{choice:?}");
        // The original leaves only where something was blanked, and only since it was asked for.
        assert_eq!(done.danger_original.is_none(), kept);
        // A decision is about one file and not about the next one.
        let other = Synthetic::mr(&Person::from_seed(4)).encode().bytes;
        quarantine(process(&other, vec![(sha, boxes)]));
    }
}

/// A list that does not fit the picture decides nothing.
#[test]
fn a_decision_outside_of_the_picture_is_no_decision() {
    let input = Synthetic::mr(&Person::from_seed(3)).encode().bytes;
    let sha: [u8; 32] = Sha256::digest(&input).into();
    for (frame, area) in [(0, Area::new(0, 0, 5000, 5)), (1, PLACE)] {
        let one = Decided {
            frames: vec![frame],
            area,
            choice: Choice::Keep,
        };
        let set_aside = quarantine(process(&input, vec![(sha, vec![one])]));
        assert_eq!(set_aside.reason, Reason::BurnedInText);
        assert!(set_aside.detail.contains("outside"));
    }
}

/// Issue 3: a survey lists what would be blanked and changes nothing.
#[test]
fn a_survey_says_where_text_is() {
    let input = Synthetic::mr(&Person::from_seed(3)).encode().bytes;
    let options = Options {
        pixels: Pixels::Text(Arc::new(Rules::default()), Arc::new(Stubborn)),
        ..Options::default()
    };
    let key = PseudonymKey::from_bytes([7; 32]);
    let deidentifier = Deidentifier::new(Policy::preset(Preset::Research), &key, options);
    let survey = deidentifier.survey(&input).unwrap().unwrap();
    assert!(
        survey
            .sightings
            .iter()
            .any(|one| one.fate == Fate::Blanked && one.frames == [0])
    );
    let report = Synthetic::sr(&Person::from_seed(3)).encode().bytes;
    assert!(deidentifier.survey(&report).unwrap().is_none());
}

/// Issue 3: `obscura redact --box` changes the pixels under the box and nothing else.
#[test]
fn a_box_is_blanked_and_the_rest_is_the_same() {
    let input = Synthetic::us_multiframe(&Person::from_seed(5))
        .encode()
        .bytes;
    let limits = Limits::default();
    let rectangle = |area, frames: &str| Rectangle {
        area,
        frames: frames.parse().unwrap(),
    };
    let done = redact(&input, &[rectangle(PLACE, "2")], &limits).unwrap();
    assert_eq!((done.frames, done.of), (1, 3));
    assert_eq!(done.recoding, Recoding::InPlace);
    let (before, after) = (samples(&input), samples(&done.bytes));
    let size = before.len() / 3;
    assert_eq!(before[..size], after[..size]);
    assert_eq!(before[2 * size..], after[2 * size..]);
    assert_ne!(before[size..2 * size], after[size..2 * size]);
    let (source, again) = (
        Source::open(&input, &limits).unwrap(),
        Source::open(&done.bytes, &limits).unwrap(),
    );
    let (source, again) = (
        source.parse(&limits).unwrap(),
        again.parse(&limits).unwrap(),
    );
    let others = |tag: Tag| {
        // What the pixels decide may go with them.
        tag != Tag(0x7FE0, 0x0010) && tag != Tag(0x0028, 0x0106) && tag != Tag(0x0028, 0x0107)
    };
    for element in source.data.elements().iter().filter(|one| others(one.tag)) {
        assert_eq!(Some(element), again.data.get(element.tag));
    }
    // What does not fit is refused, with its number.
    let outside = [
        rectangle(PLACE, "all"),
        rectangle(Area::new(0, 0, 1, 5000), "all"),
    ];
    assert!(matches!(
        redact(&input, &outside, &limits),
        Err(RedactError::Outside { number: 2, .. })
    ));
    assert!(matches!(
        redact(&input, &[rectangle(PLACE, "2-4")], &limits),
        Err(RedactError::NoFrame {
            frame: 4,
            of: 3,
            ..
        })
    ));
    let report = Synthetic::sr(&Person::from_seed(3)).encode().bytes;
    assert!(matches!(
        redact(&report, &[rectangle(PLACE, "all")], &limits),
        Err(RedactError::NoPixels)
    ));
}
