//! Dates in rarer shapes, and the settings, volumes and scores that look like them.

mod common;

use common::clean;
use obscura_text::Context;

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

/// Days without a year after a word that announces one, and years by the week.
#[test]
fn days_and_weeks_in_rarer_shapes_go() {
    for (text, left) in [
        ("MR 2017_11_23 knee", "MR knee"),
        ("t1_2017_11_23_ax", "t1_ax"),
        ("CT_HEAD_20171123_1405", "CT_HEAD"),
        ("MR 2017-W47 knee", "MR knee"),
        ("scan 23-XI-2017", "scan"),
        ("since November 23 cough", "cough"),
        ("since March 9 cough", "cough"),
        ("le 9 mars douleur", "douleur"),
        ("EDD 9 Dec, pain", "EDD, pain"),
        ("LMP 5-18", "LMP"),
        ("seit 23.11. Husten", "seit Husten"),
        ("CT of 23.11. normal", "CT normal"),
        ("admitted 6/18, discharged 6/25", "admitted, discharged"),
        ("CT (6/18) normal", "CT normal"),
        ("KW 47/2017 Husten", "Husten"),
        ("cough, 3rd of April '17", "cough"),
        ("昭和48年2月11日", ""),
    ] {
        assert_eq!(clean(text, Context::Prose), left, "{text}");
    }
}

#[test]
fn parts_grades_and_volumes_are_no_days() {
    for text in [
        "since 3 months",
        "grade 3-IV",
        "CN III-IV 2017",
        "seit 12.3 mm",
        "seit 2.5 Jahren",
        "volume of 11.06. ml",
        "power 4/5, admitted 3/5 left arm",
        "post op 3/5 strength",
        "injury 3/4",
        "b_1000_04_03",
        "matrix 512_256_12",
        "may 3 slices",
        "week 12",
        "2 weeks post op",
        "scan (8/12) months",
        "biopsy (6/11) cores positive",
        "Sept 4 mm",
    ] {
        assert_eq!(clean(text, Context::Prose), text, "{text}");
    }
}

#[test]
fn ages_over_89_are_replaced_in_words_too() {
    for (text, left) in [
        ("pt is ninety-two years old", "pt is 90+ years old"),
        ("ninety year old with cough", "90+ year old with cough"),
        ("nonagenarian with cough", "90+ with cough"),
        ("(93) female, cough", "(90+) female, cough"),
        ("93 j. Pat.", "90+ j. Pat."),
        ("pacjent 93 lat", "pacjent 90+ lat"),
    ] {
        assert_eq!(clean(text, Context::Prose), left, "{text}");
    }
    for text in [
        "95 lat view",
        "ninety degrees",
        "95 J. shock",
        "(95) kg",
        "one hundred years",
    ] {
        assert_eq!(clean(text, Context::Prose), text, "{text}");
    }
}
