//! Names that stand for diseases, scores and devices stay; the people who are called so go.

mod common;

use common::clean;
use obscura_text::{Cleaner, Context, Harvest, IdentifierKind};

#[test]
fn eponyms_stay() {
    for text in [
        "Known Wolff-Parkinson-White.",
        "Guillain-Barre, ascending weakness",
        "Kearns-Sayre, ptosis",
        "Osler-Weber-Rendu, epistaxis",
        "Klippel-Trenaunay",
        "Ann Arbor stage II",
        "Ramsay Hunt syndrome",
        "Zollinger-Ellison",
        "Crigler-Najjar",
        "Susac syndrome",
        "Klatskin tumor",
        "Rasmussen encephalitis",
        "Thompson prosthesis right",
        "Ivor Lewis esophagectomy 2016",
        "Sister Mary Joseph nodule",
        "Cushing disease, adenoma",
        "Riedel lobe",
        "vein of Labbe",
        "ligament of Struthers",
        "SAH, Fisher 3",
        "Pipkin III",
        "Raymond-Roy 2",
        "Hunt-Hess 3",
        "House-Brackmann IV",
        "Spetzler-Martin 2",
        "Cognard IIa",
        "Kellgren-Lawrence 3",
        "Rutherford 4, Fontaine III",
        "Clark level IV",
    ] {
        assert_eq!(clean(text, Context::Prose), text, "{text}");
    }
    for text in [
        "MR KNEE KELLGREN-LAWRENCE 2",
        "CT ANEURYSM FISHER 3",
        "CT EPSTEIN-BARR",
    ] {
        assert_eq!(clean(text, Context::Descriptor), text, "{text}");
    }
}

/// A title, a word for a person, a given name or a length of time tell a person.
#[test]
fn people_with_the_names_of_things_go() {
    for (text, left) in [
        ("CT chest Dr Fisher 3", "CT chest 3"),
        (
            "CT chest, seen by Fisher 3 weeks ago",
            "CT chest, seen 3 weeks ago",
        ),
        ("Mason 2 weeks of cough", "2 weeks of cough"),
        ("CT chest Kowalczyk 3", "CT chest 3"),
        ("CT chest Fisher", "CT chest"),
        ("CT chest Martin 2", "CT chest 2"),
        ("CT chest Patel II", "CT chest II"),
        ("CT chest Dr Rasmussen", "CT chest"),
        ("CT chest, operator Rasmussen", "CT chest"),
    ] {
        assert_eq!(clean(text, Context::Prose), left, "{text}");
    }
}

/// What the object states goes, whatever follows it.
#[test]
fn stated_names_go_before_the_words_for_things() {
    let mut harvest = Harvest::new();
    harvest.add(IdentifierKind::PersonName, "Rasmussen^Ib");
    let cleaner = Cleaner::new(&harvest);
    for (text, left) in [
        ("Rasmussen encephalitis", "encephalitis"),
        ("CT head Rasmussen 3", "CT head 3"),
    ] {
        assert_eq!(cleaner.clean(text, Context::Prose).text, left, "{text}");
    }
}
