//! Laws of cleaning, for every text: it ends, it is idempotent, it only removes, it finds what was
//! harvested, and it takes time in proportion to the text.

use std::time::Instant;

use obscura_text::{Cleaner, Context, Harvest, IdentifierKind, Strength};
use proptest::prelude::*;

const CONTEXTS: [Context; 4] = [
    Context::Descriptor,
    Context::Prose,
    Context::Code,
    Context::HarvestOnly,
];

fn harvest() -> Harvest {
    let mut harvest = Harvest::new();
    harvest.add(
        IdentifierKind::PersonName,
        "Thistlewood^Margaret^Ann=山田^太郎",
    );
    harvest.add(IdentifierKind::PersonName, "Head^Li");
    harvest.add(IdentifierKind::PersonName, "Brown^Ng=王^明");
    harvest.add(IdentifierKind::PersonName, "van den Berg^Griet");
    harvest.add(IdentifierKind::PatientId, "3623897");
    harvest.add(IdentifierKind::AccessionNumber, "A-118822");
    harvest.add(IdentifierKind::Date, "19560312");
    harvest.add(IdentifierKind::Institution, "Klinikum Sankt Ansgar");
    harvest
}

/// Whether a text is another with pieces taken out (the ages over 89 are replaced).
fn is_subsequence(short: &str, long: &str) -> bool {
    let mut chars = long.chars();
    short
        .replace("90+", "")
        .chars()
        .all(|c| chars.any(|d| d == c))
}

/// Texts made of what the rules look at, so that they meet in every order.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Dr. ",
        "Thistlewood",
        "THISTLEWOOD",
        "Margaret",
        "Head",
        "Li",
        "^",
        ", ",
        ". ",
        " - ",
        "_",
        "(",
        ")",
        "3623897",
        "362-38",
        "-97",
        "MRN: ",
        "12",
        "/",
        "2019",
        "03",
        "March ",
        "4th",
        "\n",
        "\r\n",
        " ",
        "  ",
        "by ",
        "for ",
        "Clinic ",
        "Hospital ",
        "St. ",
        "@",
        "x.org",
        "http://",
        "+49 ",
        "#",
        "92 y/o ",
        "CT ",
        "chest",
        "山田",
        "太郎",
        "先生",
        "年",
        "月",
        "日",
        "'s",
        "M.D.",
        "T2w",
        "1.2.3.4",
        ".5",
        "é",
        "u\u{308}",
        "Street",
        "user ",
        "\\",
        "C:\\",
        "BS6 7QT",
        "zip ",
        "Barr",
        "Epstein-",
        "grade",
        "Kowalczyk ",
        "BROWN ",
        "Brown",
        "van ",
        "den ",
        "DE LA ",
        "R.N.",
        "Ng",
        "LI",
        "王",
        "김철수 ",
        "환자 ",
        "DR ",
        "Mr ",
        "Patient ",
        "could ",
        "bei ",
        "von ",
        "Neuro",
        "radiologist",
        "J. ",
        "a",
        ":",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|v| v.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn cleaning_is_idempotent_and_only_removes(text in prop_oneof![hostile(), ".*"]) {
        let harvest = harvest();
        let cleaner = Cleaner::new(&harvest);
        for context in CONTEXTS {
            let once = cleaner.clean(&text, context).text.into_owned();
            prop_assert!(is_subsequence(&once, &text), "{:?} -> {:?}", text, once);
            let twice = cleaner.clean(&once, context);
            prop_assert_eq!(&*twice.text, &*once, "{:?} {:?}", text, context);
            let ends = |t: &str| t.matches('\n').count();
            prop_assert_eq!(ends(&once), ends(&text));
        }
    }

    #[test]
    fn strong_needles_do_not_remain_as_words(head in "[a-z ]{0,12}", tail in "[ a-z]{0,12}", pick in 0usize..64) {
        let harvest = harvest();
        let strong: Vec<String> = harvest.needles().filter(|n| n.strength == Strength::Strong).map(|n| n.text.to_owned()).collect();
        let needle = &strong[pick % strong.len()];
        let cleaner = Cleaner::new(&harvest);
        let text = format!("{head} {needle} {tail}");
        for context in CONTEXTS {
            let cleaned = cleaner.clean(&text, context).text.into_owned();
            prop_assert!(!cleaned.contains(needle.as_str()), "{:?} {:?}", context, cleaned);
        }
    }

    #[test]
    fn any_name_can_be_harvested(name in ".{0,40}", text in ".{0,60}") {
        let mut harvest = Harvest::new();
        for kind in [IdentifierKind::PersonName, IdentifierKind::PatientId, IdentifierKind::Institution, IdentifierKind::Date, IdentifierKind::Email] {
            harvest.add(kind, &name);
        }
        let cleaner = Cleaner::new(&harvest);
        for context in CONTEXTS {
            let _ = cleaner.clean(&text, context);
            let _ = cleaner.clean(&format!("{text}{name}"), context);
        }
    }
}

#[test]
fn nothing_is_printed_of_what_is_held() {
    let harvest = harvest();
    let cleaned = Cleaner::new(&harvest).clean("CT Thistlewood 3623897", Context::Prose);
    let needles: Vec<_> = harvest.needles().collect();
    let shown = format!("{harvest:?} {cleaned:?} {needles:?}");
    assert!(
        !shown.contains("Thistle") && !shown.contains("36238") && !shown.contains("CT"),
        "{shown}"
    );
}

#[test]
fn what_is_clean_is_borrowed() {
    let harvest = harvest();
    let cleaner = Cleaner::new(&harvest);
    assert!(matches!(
        cleaner
            .clean("CT CHEST W CONTRAST", Context::Descriptor)
            .text,
        std::borrow::Cow::Borrowed(_)
    ));
}

/// Twice the text takes about twice the time, also for texts made to be slow.
#[test]
fn time_is_linear() {
    let harvest = harvest();
    let cleaner = Cleaner::new(&harvest);
    let clean = |unit: &str, size: usize| {
        let text = unit.repeat(size / unit.len());
        let start = Instant::now();
        let _ = cleaner.clean(&text, Context::Prose);
        start.elapsed().as_secs_f64()
    };
    let prose =
        "The patient, Margaret Thistlewood, was seen on 03/04/2019 by Dr. Okonjo for chest pain.\n";
    for unit in [
        prose,
        "a",
        "1",
        "1.",
        "-",
        " ",
        "@",
        "Thistlewood",
        "thistlewoo",
        "(",
        "J. ",
        "de la ",
        "12/",
        "Dr ",
        "A^",
        "山田",
        "\n",
        "'s",
        "Mc",
        "St. ",
        "x.",
        "://",
        "., ",
        "\\\\a\\b c",
        "user x1",
        "12 Oak Street, ",
        "zip 1234",
    ] {
        clean(unit, 10_000);
        let (small, large) = (clean(unit, 15_000), clean(unit, 120_000));
        assert!(
            large < small * 32.0 + 0.25,
            "{unit:?}: {small:.4} s, then {large:.4} s"
        );
    }
}
