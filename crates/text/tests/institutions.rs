//! Institutions go whole or not at all; kinds of places stay.

mod common;

use obscura_text::Context;

fn clean(text: &str) -> String {
    common::clean(text, Context::Prose)
}

#[test]
fn institutions_go_whole() {
    for (text, left) in [
        ("Transferred from VA Medical Center", "Transferred"),
        ("VA Hospital, cough", "cough"),
        ("Hospital Clínico, tos", "tos"),
        ("Kantonsspital Aarau", ""),
        ("Bürgerspital Solothurn, Husten", "Husten"),
        ("CT at Waldkrankenhaus", "CT"),
        ("CT Abdomen Cedars-Sinai", "CT Abdomen"),
        ("Johns Hopkins, cough", "cough"),
        ("NYU Langone", ""),
        ("Elm Grove Medical Practice, cough", "cough"),
        ("京都中央病院", ""),
        ("Lives in Bologna", ""),
        ("Lives in Sacramento, cough", "cough"),
        ("kommt aus Freiburg", "kommt aus"),
    ] {
        assert_eq!(clean(text), left, "{text}");
    }
}

#[test]
fn kinds_of_places_stay() {
    for text in [
        "the medical center",
        "our hospital clinic",
        "General Medical Practice",
        "Family Practice",
        "Best Medical Practice Guidelines",
        "Lives in Nursing Home",
        "Transferred from ICU",
        "kommt aus dem Urlaub",
        "Fluid from Knee",
        "MR Medical Group",
        "referred from Pain Clinic",
        "大学病院",
    ] {
        assert_eq!(clean(text), text, "{text}");
    }
}

#[test]
fn hospitals_known_by_one_name_or_their_letters_go() {
    for (text, left) in [
        ("MGH chest", "chest"),
        ("Transferred from UCSF.", "Transferred."),
        ("CT at Karolinska", "CT"),
        ("Inselspital Bern, cough", "cough"),
        ("Hospital Clínic de Barcelona, tos", "tos"),
        ("Hospital General de Alicante, tos", "tos"),
        ("Royal Infirmary of Edinburgh, cough", "cough"),
        ("Oslo universitetssykehus, hoste", "hoste"),
        ("Prior study at UZ Leuven.", "Prior study."),
        ("AZ Sint Jan, cough", "cough"),
    ] {
        assert_eq!(clean(text), left, "{text}");
    }
    for text in ["Lokalt sykehus", "AZ 10 mg", "mgh unit", "UZ positive"] {
        assert_eq!(clean(text), text);
    }
}
