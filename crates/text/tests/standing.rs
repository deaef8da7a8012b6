//! Stated names that are words, or hardly more than a letter: where their place makes them names.

use obscura_text::{Cleaner, Context, Harvest, IdentifierKind};

fn check(person: &str, cases: &[(&str, &str)]) {
    let mut harvest = Harvest::new();
    harvest.add(IdentifierKind::PersonName, person);
    let cleaner = Cleaner::new(&harvest);
    for (text, expected) in cases {
        for context in [Context::Descriptor, Context::Prose] {
            let cleaned = cleaner.clean(text, context).text;
            assert_eq!(cleaned, *expected, "{person} {text} {context:?}");
        }
    }
}

#[test]
fn a_word_alone_among_those_of_an_examination_is_the_person() {
    for name in ["Gray", "West", "Rice", "Wise", "Green", "Young", "Brown"] {
        let upper = name.to_uppercase();
        check(
            &format!("{name}^Okwu"),
            &[
                (&format!("CT CHEST {upper}"), "CT CHEST"),
                (&format!("{upper} MR KNEE"), "MR KNEE"),
                (&format!("{upper}_MR_KNEE"), "MR_KNEE"),
                (&format!("MR_KNEE_{upper}_T1"), "MR_KNEE_T1"),
                (&format!("{name} pelvis"), "pelvis"),
                (&format!("US Liver ({name})"), "US Liver"),
                (&format!("XR ankle - {name}"), "XR ankle"),
                (&format!("{name} refused contrast."), "refused contrast."),
                (
                    &format!("Patient {name} could not lie flat."),
                    "Patient could not lie flat.",
                ),
            ],
        );
    }
}

#[test]
fn a_word_that_its_neighbour_makes_clinical_stays() {
    for (name, texts) in [
        ("Gray^A", ["Gray matter", "GRAY SCALE US", "MR gray matter"]),
        ("White^A", ["White matter", "WHITE LUNG", "T2 White matter"]),
        ("Brown^A", ["Brown fat", "PET BROWN FAT", "Brown adipose"]),
        ("Long^A", ["Long bone survey", "LONG LEG", "US LIVER LONG"]),
        ("Short^A", ["Short axis", "SHORT TE", "Short scan"]),
        ("Black^A", ["T1 BLACK BLOOD", "Black blood", "BLACK BONE"]),
        ("Young^A", ["Young adult hip", "Young woman", "young"]),
        ("Bell^A", ["Bell palsy", "Bell clapper", "BELL PALSY"]),
        ("Sharp^A", ["Lung sharp", "Sharp kernel", "RECON SHARP"]),
        (
            "Stone^A",
            ["Kidney stone", "STONE PROTOCOL", "CT stone abdomen"],
        ),
        ("Cook^A", ["Cook stent", "COOK CATHETER", "Cook filter"]),
        ("Head^A", ["CT HEAD", "Head CT", "HEAD_NECK"]),
        ("Hand^A", ["XR HAND", "Hand PA", "HAND_LEFT"]),
        ("May^A", ["May repeat CT", "may CT", "It may be"]),
        ("Ng^A", ["NG tube", "CHEST NG TUBE", "5 ng/ml"]),
        ("Do^A", ["Do not repeat", "DO NOT REPEAT", "do CT"]),
        ("In^A", ["IN CHEST", "Lesion in chest", "MASS IN BRAIN"]),
        ("Se^A", ["T1 SE SAG", "SE T1", "CHEST SE"]),
        ("Ma^A", ["100 mA CT", "KV MAS MA", "120 mA"]),
        ("Ap^A", ["CHEST AP", "AP CHEST", "Ap pelvis"]),
    ] {
        for text in texts {
            check(name, &[(text, text)]);
        }
    }
}

#[test]
fn a_name_of_two_letters_or_one_sign_goes_as_a_whole_word() {
    for name in ["Ng", "Vu", "Ko", "Li", "Su", "Do", "Ma"] {
        let upper = name.to_uppercase();
        check(
            &format!("{name}^Okwu"),
            &[
                (&format!("CT CHEST {upper}"), "CT CHEST"),
                (&format!("MR BRAIN {name}"), "MR BRAIN"),
                (&format!("US ({upper})"), "US"),
            ],
        );
    }
    check("Ng^Okwu", &[("Ng_PTV2", "PTV2"), ("Ng coughed", "coughed")]);
    check(
        "Wu^Okwu",
        &[
            ("DELAYS 6 MIN WU phantom", "DELAYS 6 MIN phantom"),
            ("CT_WC-WU", "CT_WC"),
        ],
    );
    check("Ng^Okwu", &[("NG tube", "NG tube")]);
    check("Li^Okwu", &[("LI-RADS 3", "LI-RADS 3")]);
    check(
        "陈^明",
        &[
            ("MR BRAIN 陈", "MR BRAIN"),
            ("MR_BRAIN_陈_T1", "MR_BRAIN_T1"),
            ("陈皮 MR", "陈皮 MR"),
        ],
    );
    check("左^明", &[("左 knee", "左 knee")]);
}

#[test]
fn a_family_name_takes_its_particles_with_it() {
    for (name, text) in [
        ("van den Berg^Okwu", "CT chest van den Berg"),
        ("van den Berg^Okwu", "CT chest VANDENBERG"),
        ("de la Fuente^Okwu", "CT chest De La Fuente"),
        ("ten Boom^Okwu", "ten Boom CT chest"),
        ("von der Heide^Okwu", "CT chest (von der Heide)"),
    ] {
        check(name, &[(text, "CT chest")]);
    }
    check("ten Boom^Okwu", &[("ten of them", "ten of them")]);
}

#[test]
fn kana_are_found_in_half_width() {
    check(
        "Okwu^A=ヤマダ^カズオ",
        &[("MR BRAIN ﾔﾏﾀﾞ", "MR BRAIN"), ("ﾔﾏﾀﾞ ｶｽﾞｵ CT", "CT")],
    );
}
