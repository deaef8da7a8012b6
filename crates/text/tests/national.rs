//! Numbers of persons in the groups of their countries go whole; settings in groups stay.

mod common;

use common::clean;
use obscura_text::Context;

/// Nothing of a labelled number is left, in whatever groups it is written.
#[test]
fn labelled_numbers_go_whole() {
    for (text, left) in [
        ("AHV 756.1234.5678.97, cough", "cough"),
        ("CPF 987.654.321-00", ""),
        ("NIR 1 84 12 76 451 089 46", "NIR"),
        ("Aadhaar no: 8899 7766 5544, cough", "Aadhaar, cough"),
        ("RUT 17.654.321-K", "RUT"),
        ("Medicare 3344 55667 2, cough", "Medicare, cough"),
        ("rodné číslo 806224/0987", "rodné číslo"),
        ("card 5555 4444 3333 2222", "card"),
        ("Codice fiscale VRDLGI75C12F205X", "Codice fiscale"),
        ("PAN: KLMPQ5678R", "PAN"),
        ("Exam no. MR-18-00733", "Exam"),
        ("Path no H18/7733", "Path"),
        ("Nr badania 2018/00733", "Nr badania"),
        ("reach at 06-87654321", "reach"),
        ("Insurance 55B-887766", "Insurance"),
        ("called 1-800-555-0142 x318", ""),
    ] {
        assert_eq!(clean(text, Context::Prose), left, "{text}");
    }
}

#[test]
fn labels_glued_to_their_numbers_go_from_technical_values() {
    for (text, left) in [
        ("MRN7733991 CT HEAD", "CT HEAD"),
        ("CT HEAD E2007733991", "CT HEAD"),
        ("CT VRDLGI75C12F205X", "CT"),
    ] {
        assert_eq!(clean(text, Context::Technical), left, "{text}");
    }
    for text in ["B1000 E10", "FC52 Q20", "V12345", "TE90 TR4500"] {
        assert_eq!(clean(text, Context::Technical), text, "{text}");
    }
}

#[test]
fn settings_in_groups_are_no_numbers_of_persons() {
    for text in [
        "b 50 400 800 1000",
        "NIR 850 nm",
        "run 1 2 3 4 5 6 7 8 9",
        "card 4 5 6",
        "exam no. 3",
        "path 4/5",
        "Medicare 2019",
        "dose 123.456.789",
        "volume 123 456 789 mm3",
        "matrix 512 512 128",
        "T1 12 34 56 78 90 12",
        "Case 3 of 12",
    ] {
        assert_eq!(clean(text, Context::Prose), text, "{text}");
    }
}

#[test]
fn numbers_in_groups_go_and_weightings_stay() {
    for (text, left) in [
        ("MRI for 863-48-35", "MRI"),
        ("MR 12-3456-78", "MR"),
        ("CT Pat.Nr. 621-80-94", "CT"),
        ("CT S/N FBS40719", "CT"),
        ("CT Hosp. no. 48812", "CT"),
        ("x 660-8260 ext. 45", ""),
    ] {
        let cleaned = clean(text, Context::Descriptor);
        assert!(cleaned.starts_with(left), "{cleaned}");
        assert!(!cleaned.contains(|c: char| c.is_ascii_digit()), "{cleaned}");
    }
    for text in [
        "DWI_B0/100/800/1400",
        "b 100-600-800",
        "SAG POST #1 3D",
        "T1 SAG LEFT POST GAD #2",
    ] {
        assert_eq!(clean(text, Context::Descriptor), text);
    }
}
