//! Addresses go whole, with door, direction, postal code and town; what stands beside them stays.

mod common;

use obscura_text::Context;

fn clean(text: &str) -> String {
    common::clean(text, Context::Prose)
}

#[test]
fn addresses_go_with_their_postal_codes() {
    for address in [
        "Prinsengracht 77, 1016 HK Amsterdam",
        "Kerkstraat 4a, 3511 AB Utrecht",
        "Rua dos Douradores 21, 1100-205 Lisboa",
        "ul. Polna 9/4, 00-625 Warszawa",
        "Storgatan 12, 114 55 Stockholm",
        "Lindenstr. 8, D-10969 Berlin",
        "Bahnhofstrasse 1, CH-8001 Zürich",
        "221 Elm Ave NW, Washington, DC 20016",
        "221 Elm Ave NW, Washington, DC 20016-4411",
        "9 Larch Crescent, Leeds LS2 9JT",
        "9 Larch Crescent, Leeds, LS2 9JT",
        "24 Sussex Drive, Ottawa, ON K1M 1M4",
        "Apt 4C, 19 Elm Hill Rd",
        "Flat 2, 12 Oak Street, Leeds LS1 4DY",
    ] {
        assert_eq!(clean(address), "", "{address}");
        let after = format!("{address}; hip pain");
        assert_eq!(clean(&after), "hip pain", "{after}");
    }
}

#[test]
fn postal_codes_go_after_a_label_or_a_town() {
    for (text, left) in [
        ("Zip 60614", ""),
        ("zip code: 60614, cough", "cough"),
        ("PLZ 10115 Berlin", ""),
        ("postcode LS2 9JT", ""),
        ("CP 28013 Madrid", ""),
        ("Leeds LS2 9JT", ""),
    ] {
        assert_eq!(clean(text), left, "{text}");
    }
}

#[test]
fn measurements_and_settings_are_no_postal_codes() {
    for text in [
        "T2 3MM L4 5MM",
        "MR T1 SE2 4TE",
        "CP angle 12345 units",
        "CP 4 mm",
        "CAP 2019",
        "CAP 12345 CFU",
        "zip file 2019",
        "matrix 512 512, 1024-512",
        "flow 4050-262",
        "S1 2ND lesion",
    ] {
        assert_eq!(clean(text), text, "{text}");
    }
    let cleaned = clean("Lindenstr. 8, 1200 ml contrast");
    assert_eq!(cleaned, "1200 ml contrast");
}

#[test]
fn a_town_with_its_state_and_code_goes_without_a_street() {
    for (text, left) in [
        ("Home: Boston, MA 02115", ""),
        ("Resides at 1294 Pine Ct Unit 12", ""),
        ("Home: 314 E Magnolia Way, Tacoma, WA 98402", ""),
        ("Home: 8 Station Road, Bath BA1 1SX", ""),
        (
            "Addr. Avenida de la Constitución 26, 41001 Sevilla",
            "Addr.",
        ),
        ("films, Fresno, CA 93721", "films"),
        ("cough, St Louis, MO 63110-1010", "cough"),
    ] {
        assert_eq!(clean(text), left, "{text}");
    }
    for text in [
        "Liver, CT 12345 slices",
        "Liver, CT 12345",
        "6 Bin Gated AveCTAC",
        "2 Chest CT",
        "ACRIN 6657 1ST PASS",
        "T2 3D DRIVE AX",
    ] {
        assert_eq!(clean(text), text);
    }
}
