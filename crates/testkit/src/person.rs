//! [`Person`]: an invented patient, with everything a hospital would note about one.

use crate::Repertoire;

/// An invented patient. Equal seeds give equal people; none exists.
///
/// Names are made of syllables into words that are in no dictionary, so that a test that finds
/// one knows where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// How the person's name is written.
    pub repertoire: Repertoire,
    /// Family name, in the repertoire's own script where it has one.
    pub family: String,
    /// Given name, likewise.
    pub given: String,
    /// The value of Patient's Name: `family^given`, in three groups for Japanese and Korean.
    pub pn: String,
    /// Patient ID: two letters and seven digits.
    pub id: String,
    /// Another hospital's number for the same person.
    pub other_id: String,
    /// Accession number of the study: a letter and nine digits.
    pub accession: String,
    /// Birth date, `YYYYMMDD`.
    pub birth_date: String,
    /// Date of the study, `YYYYMMDD`.
    pub study_date: String,
    /// Time of the study, `HHMMSS.FFFFFF`.
    pub study_time: String,
    /// Sex, `F` or `M`.
    pub sex: &'static str,
    /// Age at the study, `045Y`.
    pub age: String,
    /// Telephone number.
    pub phone: String,
    /// Electronic mail address.
    pub mail: String,
    /// Postal address: street, town.
    pub address: String,
    /// The family name of the physician who sent the patient.
    pub physician: String,
    /// The hospital.
    pub hospital: String,
    /// The workstation's name on the network, and its AE title.
    pub station: String,
    /// Root of this person's UIDs, ending in a dot.
    pub uid_root: String,
}

const BEGINNINGS: &[&str] = &[
    "Quor", "Brimb", "Velk", "Ostr", "Zandr", "Thrap", "Yelv", "Kosm", "Dravn", "Ulfr", "Plimb",
];
const MIDDLES: &[&str] = &[
    "ela", "owi", "uma", "ishi", "ado", "ento", "iva", "orra", "ulte",
];
const ENDS: &[&str] = &[
    "feather", "ssen", "vitch", "shaw", "brandt", "quist", "dottir", "mere",
];
const GIVEN_ENDS: &[&str] = &["lyn", "bert", "ssa", "mund", "dith", "wen", "rik", "nelle"];

/// Family and given name in the script, family and given name in a second phonetic script (or
/// none), family and given name in Latin letters.
type Scripted = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);
const JAPANESE: &[Scripted] = &[
    ("葛之葉", "湊", "くずのは", "みなと", "Kuzunoha", "Minato"),
    (
        "鷹司",
        "澪里",
        "たかつかさ",
        "みおり",
        "Takatsukasa",
        "Miori",
    ),
];
const KOREAN: &[Scripted] = &[
    ("郭", "瑞麟", "곽", "서린", "Gwak", "Seorin"),
    ("奇", "多彬", "기", "다빈", "Kihwan", "Dabinne"),
];
const CHINESE: &[Scripted] = &[
    ("欧阳", "兰溪", "", "", "", ""),
    ("司徒", "云帆", "", "", "", ""),
];

impl Person {
    /// The person of a seed, with a name in ASCII.
    pub fn from_seed(seed: u64) -> Self {
        let mut dice = Dice(seed ^ 0x9E37_79B9_7F4A_7C15);
        let family = [dice.one(BEGINNINGS), dice.one(MIDDLES), dice.one(ENDS)].concat();
        let given = [
            dice.one(BEGINNINGS),
            dice.one(MIDDLES),
            dice.one(GIVEN_ENDS),
        ]
        .concat();
        let physician = [dice.one(BEGINNINGS), dice.one(MIDDLES), dice.one(ENDS)].concat();
        let town = [dice.one(BEGINNINGS), dice.one(MIDDLES), "ham"].concat();
        let birth_year = dice.between(1931, 2004);
        let study_year = dice.between(2012, 2023);
        let study_root = dice.digits(9);
        Self {
            repertoire: Repertoire::Ascii,
            pn: format!("{family}^{given}"),
            id: format!("QX{}", dice.digits(7)),
            other_id: format!("ZK-{}", dice.digits(6)),
            accession: format!("A{}", dice.digits(9)),
            birth_date: format!("{birth_year}{}", dice.month_and_day()),
            study_date: format!("{study_year}{}", dice.month_and_day()),
            study_time: format!(
                "{:02}{:02}{:02}.{}",
                dice.between(7, 19),
                dice.between(10, 59),
                dice.between(10, 59),
                dice.digits(6)
            ),
            sex: if dice.next() & 1 == 0 { "F" } else { "M" },
            age: format!("{:03}Y", study_year - birth_year),
            phone: format!("+44 20 79{} {}", dice.digits(2), dice.digits(4)),
            mail: format!(
                "{}.{}@example.org",
                given.to_lowercase(),
                family.to_lowercase()
            ),
            address: format!(
                "{} {} Lane, {town}",
                dice.between(11, 399),
                dice.one(BEGINNINGS)
            ),
            hospital: format!("{town} Infirmary"),
            station: format!("WS{}", dice.digits(5)),
            uid_root: format!("1.2.826.0.1.3680043.10.1338.{study_root}."),
            family,
            given,
            physician,
        }
    }

    /// The same person with a name written in a repertoire.
    #[must_use]
    pub fn of(&self, repertoire: Repertoire) -> Self {
        let mut person = Self {
            repertoire,
            ..self.clone()
        };
        let scripted = match repertoire {
            Repertoire::Ascii => return person,
            Repertoire::Latin1 | Repertoire::Utf8 => {
                person.family = format!("{}ß{}", &self.family[..3], &self.family[3..]);
                person.given = format!("{}é{}", &self.given[..3], &self.given[3..]);
                person.pn = format!("{}^{}", person.family, person.given);
                return person;
            }
            Repertoire::Iso2022Jp => JAPANESE,
            Repertoire::Iso2022Kr => KOREAN,
            Repertoire::Gb18030 => CHINESE,
        };
        let mut dice = Dice(self.id.bytes().map(u64::from).sum());
        let (family, given, sound_family, sound_given, latin_family, latin_given) =
            scripted[dice.next() as usize % scripted.len()];
        family.clone_into(&mut person.family);
        given.clone_into(&mut person.given);
        person.pn = if latin_family.is_empty() {
            format!("{family}^{given}")
        } else {
            format!("{latin_family}^{latin_given}={family}^{given}={sound_family}^{sound_given}")
        };
        person
    }

    /// A UID of this person: the root and a suffix such as `1.4`.
    pub fn uid(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.uid_root)
    }
}

/// A small generator of numbers (splitmix64): the same on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.next() as usize % list.len()]
    }

    /// A number of the closed range.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// Digits, the first and the last of them not zero.
    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|at| {
                let low = u64::from(at == 0 || at + 1 == count);
                char::from(b'0' + self.between(low, 9) as u8)
            })
            .collect()
    }

    fn month_and_day(&mut self) -> String {
        format!("{:02}{:02}", self.between(1, 12), self.between(1, 28))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_people_and_others_differ() {
        assert_eq!(Person::from_seed(3), Person::from_seed(3));
        assert_ne!(Person::from_seed(3).id, Person::from_seed(4).id);
    }

    #[test]
    fn every_name_can_be_written_in_its_repertoire() {
        for seed in 0..50 {
            for repertoire in Repertoire::ALL {
                let person = Person::from_seed(seed).of(repertoire);
                assert!(!repertoire.encode(&person.pn).is_empty());
                assert!(person.uid("1.2.3").len() <= 64);
            }
        }
    }
}
