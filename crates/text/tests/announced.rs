//! Names that titles, labels and credentials announce, in the ways people write them.

use obscura_text::{Cleaner, Context, Harvest};

fn check(context: Context, cases: &[(&str, &str)]) {
    let harvest = Harvest::new();
    let cleaner = Cleaner::new(&harvest);
    for (text, expected) in cases {
        assert_eq!(cleaner.clean(text, context).text, *expected, "{text}");
    }
}

fn stays(context: Context, texts: &[&str]) {
    for text in texts {
        check(context, &[(text, text)]);
    }
}

#[test]
fn particles_go_with_the_name_in_every_case() {
    let cases = [
        ("MR knee Dr DE LA TORRE", "MR knee"),
        ("MR knee DR AL HUSSAINI", "MR knee"),
        ("MR knee DR. MAC ALLISTER", "MR knee"),
        ("MR KNEE per DR J VAN DER MEER", "MR KNEE"),
        ("Chest by P. van den Bosch", "Chest"),
        ("DR. VAN DER WAL WANTS THIN SLICES", "WANTS THIN SLICES"),
        ("Knee DR GREEN", "Knee"),
        ("Knee DR WALKER", "Knee"),
    ];
    check(Context::Descriptor, &cases);
    let texts = [
        "DR CHEST PA",
        "DR LONG LEG",
        "DR WHITE LUNG",
        "RX DE LA RODILLA",
        "TC de la Columna",
        "RM DE CADERA",
        "DR LA COLUMNA",
    ];
    stays(Context::Descriptor, &texts);
}

#[test]
fn credentials_are_read_with_and_without_dots() {
    for credential in [
        "MD", "M.D.", "D.O.", "R.N.", "Ph.D.", "N.P.", "R.T.(R)", "RT(R)", "PA-C",
    ] {
        for comma in ["", ","] {
            let text = format!("CT knee Kowalczyk{comma} {credential}");
            check(Context::Descriptor, &[(&text, "CT knee")]);
        }
    }
    stays(
        Context::Descriptor,
        &["Knee A.P.", "CT M.D. Anderson protocol", "Chest P.A."],
    );
}

#[test]
fn a_title_is_one_when_it_is_glued_to_a_name() {
    let cases = [
        ("CT DrPetrosyan", "CT"),
        ("DrFernandez wants thin slices", "wants thin slices"),
        ("ProfKowalczyk CT", "CT"),
    ];
    check(Context::Descriptor, &cases);
    stays(Context::Descriptor, &["MrBrain", "DrChest", "MrAngio"]);
}

#[test]
fn a_modality_written_as_a_title_names_no_person() {
    stays(
        Context::Descriptor,
        &[
            "Mr Brain",
            "Mr Shoulder Right",
            "Mr_Pelvis_Recon",
            "Dr Foot Left",
            "Mr Orbits W Contrast",
            "Ms Knee",
        ],
    );
    let cases = [("CT Mr Walker", "CT"), ("Mr Baker knee", "knee")];
    check(Context::Descriptor, &cases);
}

#[test]
fn roles_of_more_languages_announce_a_name() {
    let cases = [
        ("CT RAD: PETROSYAN", "CT RAD"),
        ("Knee Res. Lindqvist", "Knee Res."),
        ("nephrologist: Zwyxenhof", "nephrologist"),
        ("Dietitian: Zwyxenhof", "Dietitian"),
        ("radiologo: Zwyxenhof", "radiologo"),
        ("next of kin Petrosyan", "next of kin"),
        ("Knee Dr.ª Petrosyan", "Knee"),
        ("Knee Dr.in Petrosyan", "Knee"),
        ("Knee lek. Petrosyan", "Knee"),
        ("Technik: Petrosyan", "Technik"),
        ("Pte. Petrosyan", "Pte."),
        ("Father (Rose Petrosyan)", "Father"),
        ("operator Margaret OKWUDIRE", ""),
        ("knee dr fernandez-zwyx", "knee"),
    ];
    check(Context::Prose, &cases);
    stays(
        Context::Prose,
        &[
            "RES: LOW",
            "Rad: 5 cm",
            "Att. correction done",
            "Technik: Standard",
            "Catheter: Foley",
        ],
    );
}

#[test]
fn nouns_of_languages_that_capitalise_them_stay_after_a_preposition() {
    stays(
        Context::Prose,
        &[
            "Kontrolle bei Bronchitis",
            "Entfernung von Fremdmaterial",
            "Schmerzen mit Ausstrahlung ins Knie",
            "Schmerzen bei Belastung",
            "Paziente con Artrite",
            "Paciente Asmatico",
            "Paciente Hipertenso",
            "Pacjent z Cukrzycą",
        ],
    );
    let cases = [
        ("CT wurde befundet von Zwyxenhof", "CT wurde befundet"),
        ("MRT mit Dr. Zwyxenhof besprochen", "MRT mit besprochen"),
        ("Kontrolle bei Margaret Okwudire", "Kontrolle"),
        ("Patient Zwyxenhof", "Patient"),
    ];
    check(Context::Prose, &cases);
}

#[test]
fn a_korean_name_stands_before_its_label() {
    let cases = [
        ("박지훈 환자 기침", "환자 기침"),
        ("환자 박지훈 기침", "환자 기침"),
        ("환자: 박지훈 기침", "환자: 기침"),
    ];
    check(Context::Prose, &cases);
    stays(Context::Prose, &["환자 기침", "흉부 환자 기침"]);
}
