//! Dates in rarer shapes, and the settings, volumes and scores that look like them.

use obscura_text::{Cleaner, Context, Harvest};

fn clean(text: &str, context: Context) -> String {
    let harvest = Harvest::new();
    Cleaner::new(&harvest)
        .clean(text, context)
        .text
        .into_owned()
}

/// Names of months are volumes and settings too, where two bare numbers follow.
#[test]
fn a_month_before_two_bare_numbers_is_no_date() {
    for text in [
        "FEV1 88%",
        "FEV1 61 % pred",
        "FEV 1 88",
        "FEV1 1800 ml",
        "SET 3 14 PHASES",
        "OUT 3 14",
        "2 SET 14 mm",
        "Sep 3 mm",
    ] {
        for context in [Context::Descriptor, Context::Prose] {
            assert_eq!(clean(text, context), text, "{text}");
        }
    }
}

/// With a mark, or a year in full, they are dates.
#[test]
fn a_month_with_a_year_in_full_or_a_mark_is_a_date() {
    for text in [
        "CT SET 3 2017",
        "CT SEP 3, 17",
        "CT 3-SET-17",
        "CT 3 SEP 17",
        "CT DEC 3 17",
        "CT Feb11 2017",
        "CT FEV 11 2017",
    ] {
        assert_eq!(clean(text, Context::Descriptor), "CT", "{text}");
    }
    let prose = clean("seen March 11 17 for cough", Context::Prose);
    assert_eq!(prose, "seen for cough");
}
