//! The words by which headers name heads, necks and other parts of the body, localizers, techniques
//! and removed faces, in the languages of the field.
//!
//! Words are compared without case and accents. `*` at the end of one stands for any ending, as
//! languages that join words need it.

use dicom_dictionary_std::tags;
use obscura_dicom::{Header, Tag};

use super::list::List;

/// What words say of the place in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Head,
    BesideHead,
    Elsewhere,
}

impl Said {
    /// Of two, what is nearer to the head.
    pub(super) fn nearest(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let order = [Self::Head, Self::BesideHead, Self::Elsewhere];
        order
            .into_iter()
            .find(|said| one == Some(*said) || other == Some(*said))
    }
}

static HEAD: List = List::new(
    "head heads brain skull cranial cranium cranio* intracranial cerebr* face facial \
    maxillofacial orbit orbits orbita orbital sinus sinuses paranasal pns nasal nose mandib* maxill* \
    jaw tmj mastoid* petrous iac iacs pituitary sella* hypophys* ear ears eye eyes dental teeth tooth \
    cochlea* stroke epileps* dementia alzheimer* trigemin* headneck cct cmrt \
    kopf* schadel* schaedel* hirn* gehirn* gesicht* mittelgesicht nnh nasennebenhohl* kiefer* \
    unterkiefer oberkiefer felsenbein* zahn* innenohr \
    tete crane cranien* cerveau encephal* visage orbites rochers rocher mandibul* dents dentaire \
    cabeza cabeca cabecas testa capo craneo craneal craniale cranico cerebro cervello encefal* cara \
    rostro rosto viso volto senos seios mascella denti dientes dentes ipofisi hipofis* orecchio oido \
    ouvido hoofd hersenen schedel aangezicht* gezicht* kaak oor oog gebit huvud hode hoved hjarna* \
    hjerne* skalle ansikt* ansigt* glowa glowy mozg* czaszk* twarz* hlava hlavy mozek mozku lebka \
    oblicej* kafa beyin kranial kranyum koponya agy \
    \u{433}\u{43E}\u{43B}\u{43E}\u{432}* \u{43C}\u{43E}\u{437}\u{433}* \u{447}\u{435}\u{440}\u{435}\u{43F}* \
    \u{3B5}\u{3B3}\u{3BA}\u{3B5}\u{3C6}\u{3B1}\u{3BB}* \u{3BA}\u{3B5}\u{3C6}\u{3B1}\u{3BB}* \
    \u{3BA}\u{3C1}\u{3B1}\u{3BD}\u{3B9}* \u{631}\u{623}\u{633} \u{627}\u{644}\u{631}\u{623}\u{633} \
    \u{62F}\u{645}\u{627}\u{63A} \u{5E8}\u{5D0}\u{5E9} \u{5DE}\u{5D5}\u{5D7}",
);

/// Whole body and trauma protocols reach the head; so do many of the neck.
static BESIDE: List = List::new(
    "neck neuro cspine cervic* zervik* hws hals* cou cuello pescoco collo nek szyja \
    szyi krk carotid* karotis* carotis karotid* thyroid* larynx laryn* pharynx pharyn* nasopharyn* \
    wholebody totalbody wb ganzkorper* ganzkoerper* polytrauma vertex \
    \u{448}\u{435}\u{44F} \u{448}\u{435}\u{438} \u{448}\u{435}\u{439}\u{43D}* \u{3B1}\u{3C5}\u{3C7}\u{3B5}\u{3BD}*",
);

const BESIDE_PAIRS: [(&str, &str); 7] = [
    ("whole", "body"),
    ("total", "body"),
    ("c", "spine"),
    ("corps", "entier"),
    ("cuerpo", "entero"),
    ("corpo", "inteiro"),
    ("corpo", "intero"),
];

static ELSEWHERE: List = List::new(
    "chest thora* lung* pulmo* heart cardi* coronar* abdom* pelv* becken* liver \
    leber* hepat* kidney* renal nieren* prostat* uter* breast* mamm* spine lumb* lws bws knee* knie* \
    hip hips hufte* huefte* shoulder* schulter* wrist* hand hands elbow* ankle* foot feet leg legs arm \
    arms thigh calf femur femor* tibia* humer* radial extrem* aort* colon colono* entero* mrcp urogr* \
    pancrea* bladder rectum rectal testi* ovar* poumon* foie rein reins rachis lombaire bassin genou \
    hanche epaule pied higado figado fegato torax torace mama columna coluna colonna rodilla joelho \
    ginocchio cadera anca quadril hombro ombro spalla bekken borst buik phantom cervix \
    \u{433}\u{440}\u{443}\u{434}* \u{436}\u{438}\u{432}\u{43E}\u{442}* \u{43B}\u{435}\u{433}\u{43A}* \
    \u{43A}\u{43E}\u{43B}\u{435}\u{43D}* \u{43F}\u{435}\u{447}\u{435}\u{43D}* \u{43F}\u{43E}\u{44F}\u{441}\u{43D}* \
    \u{3B8}\u{3C9}\u{3C1}\u{3B1}* \u{3BA}\u{3BF}\u{3B9}\u{3BB}\u{3B9}*",
);

/// Of writings without spaces between words.
const HEAD_SIGNS: &[&str] = &[
    "\u{5934}",
    "\u{982D}",
    "\u{9885}",
    "\u{8111}",
    "\u{8133}",
    "\u{9762}\u{90E8}",
    "\u{984F}",
    "\u{9854}",
    "\u{9F3B}\u{7AA6}",
    "\u{526F}\u{9F3B}\u{8154}",
    "\u{1102}\u{116C}",
    "\u{B1CC}",
    "\u{B450}\u{BD80}",
    "\u{BA38}\u{B9AC}",
    "\u{C548}\u{BA74}",
];
const BESIDE_SIGNS: &[&str] = &[
    "\u{9888}",
    "\u{9838}",
    "\u{5168}\u{8EAB}",
    "\u{ACBD}\u{BD80}",
    "\u{C804}\u{C2E0}",
];
const ELSEWHERE_SIGNS: &[&str] = &[
    "\u{80F8}",
    "\u{8179}",
    "\u{80BA}",
    "\u{809D}",
    "\u{819D}",
    "\u{8170}",
    "\u{9AA8}\u{76C6}",
    "\u{9AA8}\u{76E4}",
    "\u{9AA8}\u{5934}",
    "\u{9AA8}\u{982D}",
    "\u{D749}\u{BD80}",
    "\u{BCF5}\u{BD80}",
];

/// Words before one of a head or neck with which it means another part of the body.
static NOT_AFTER: List = List::new(
    "femoral radial humeral pancreatic fibular metatarsal metacarpal muscle \
    bladder coronary pilonidal carotid renal de",
);
/// Words after one of a head or neck with which it means another part of the body, or none.
static NOT_BEFORE: List =
    List::new("first of venosus rhythm tarsi caudal cancer carcinoma ca kaudal");

static LOCALIZER: List = List::new(
    "localizer* localiser* localizador scout* topogram* topo surview scanogram* \
    survey loc reperage ubersicht uebersicht 3plane",
);

/// Sequences that are made for heads, with the words in which vendors name them.
static BY_NATURE: List =
    List::new("mprage mp2rage bravo flair adni tof swi swan bold fmri rsfmri tfl3d*");

static ECHO_PLANAR: List = List::new("epi ep2d* dwi dti adc bold fmri rsfmri trace tracew");

static RENDERING: List =
    List::new("vr vrt ssd volren rendering rendered render 3d volumerendering");

static DEFACED: List =
    List::new("deface defaced defacing defacer skullstrip* skullstripped refaced");
const DEFACED_PAIRS: [(&str, &str); 4] = [
    ("skull", "stripped"),
    ("skull", "stripping"),
    ("brain", "extracted"),
    ("brain", "extraction"),
];

/// Makers and models of cone beam devices for teeth and jaws.
static DENTAL: List = List::new(
    "planmeca promax kavo sirona dentsply orthophos galileos morita accuitomo \
    veraviewepocs vatech newtom icat prexion instrumentarium soredex scanora cranex genoray myray \
    owandy villa carestream9* cs9* cs8*",
);

/// What Body Part Examined (0018,0015) says: words, or terms without spaces between them.
pub(super) fn of_body_part(header: &Header<'_, '_>) -> Option<Said> {
    const JOINED_HEAD: [&str; 12] = [
        "head", "brain", "skull", "facial", "orbit", "maxill", "mandib", "sinus", "kopf", "crani",
        "cereb", "dental",
    ];
    const JOINED_BESIDE: [&str; 5] = ["neck", "cspine", "cervic", "wholebody", "hals"];
    let text = fold(&header.word(tags::BODY_PART_EXAMINED));
    if let Some(said) = of_text(&text) {
        return Some(said);
    }
    if JOINED_HEAD.iter().any(|part| text.contains(part)) {
        return Some(Said::Head);
    }
    let beside = JOINED_BESIDE.iter().any(|part| text.contains(part));
    beside.then_some(Said::BesideHead)
}

/// What the descriptions of study, series, protocol and request say.
pub(super) fn of_descriptions(header: &Header<'_, '_>) -> Option<Said> {
    const DESCRIPTIONS: [Tag; 6] = [
        tags::SERIES_DESCRIPTION,
        tags::PROTOCOL_NAME,
        tags::STUDY_DESCRIPTION,
        tags::REQUESTED_PROCEDURE_DESCRIPTION,
        tags::PERFORMED_PROCEDURE_STEP_DESCRIPTION,
        tags::ACQUISITION_PROTOCOL_NAME,
    ];
    let texts = DESCRIPTIONS.iter().flat_map(|tag| header.words(*tag));
    texts.fold(None, |found, text| {
        Said::nearest(found, of_text(&fold(&text)))
    })
}

/// What the meaning of a code says.
pub(super) fn of_meaning(item: &Header<'_, '_>) -> Option<Said> {
    of_text(&fold(&item.word(tags::CODE_MEANING)))
}

/// An image to plan others by, which is no part of a volume.
pub(super) fn is_localizer(header: &Header<'_, '_>) -> bool {
    let stated = header.words(tags::IMAGE_TYPE).iter().any(|value| {
        matches!(
            value.to_uppercase().as_str(),
            "LOCALIZER" | "SCOUT" | "TOPOGRAM"
        )
    });
    stated || says(header, &[tags::SERIES_DESCRIPTION], &LOCALIZER)
}

/// An MR sequence that is made for heads.
pub(super) fn is_head_by_nature(header: &Header<'_, '_>) -> bool {
    const NAMES: [Tag; 4] = [
        tags::SERIES_DESCRIPTION,
        tags::PROTOCOL_NAME,
        tags::SEQUENCE_NAME,
        tags::PULSE_SEQUENCE_NAME,
    ];
    header.word(tags::MODALITY) == "MR" && says(header, &NAMES, &BY_NATURE)
}

/// Echo planar MR: distorted, and dark where the skin is.
pub(super) fn is_echo_planar(header: &Header<'_, '_>) -> bool {
    let scanning = header.words(tags::SCANNING_SEQUENCE);
    header.word(tags::MODALITY) == "MR"
        && (scanning.iter().any(|value| value == "EP")
            || header.word(tags::ECHO_PLANAR_PULSE_SEQUENCE) == "YES"
            || says(header, &[tags::SERIES_DESCRIPTION], &ECHO_PLANAR))
}

/// A picture rendered from a volume.
pub(super) fn is_rendering(header: &Header<'_, '_>) -> bool {
    const NAMES: [Tag; 3] = [
        tags::IMAGE_TYPE,
        tags::SERIES_DESCRIPTION,
        tags::DERIVATION_DESCRIPTION,
    ];
    says(header, &NAMES, &RENDERING)
}

/// The words of the object say that the face, or all but the brain, was removed.
pub(super) fn is_defaced(header: &Header<'_, '_>) -> bool {
    const NAMES: [Tag; 3] = [
        tags::SERIES_DESCRIPTION,
        tags::DERIVATION_DESCRIPTION,
        tags::DEIDENTIFICATION_METHOD,
    ];
    let texts = NAMES.iter().flat_map(|tag| header.words(*tag));
    texts.map(|text| fold(&text)).any(|text| {
        let words: Vec<&str> = split(&text).collect();
        let negated = words.iter().any(|word| {
            matches!(
                *word,
                "not" | "no" | "before" | "pre" | "without" | "un" | "non"
            )
        });
        let pair = words
            .windows(2)
            .any(|pair| DEFACED_PAIRS.contains(&(pair[0], pair[1])));
        !negated && (pair || words.iter().any(|word| DEFACED.has(word)))
    })
}

/// A maker or model of cone beam devices for teeth and jaws.
pub(super) fn is_dental_maker(header: &Header<'_, '_>) -> bool {
    says(
        header,
        &[tags::MANUFACTURER, tags::MANUFACTURER_MODEL_NAME],
        &DENTAL,
    )
}

fn says(header: &Header<'_, '_>, names: &[Tag], list: &List) -> bool {
    let texts = names.iter().flat_map(|tag| header.words(*tag));
    texts
        .map(|text| fold(&text))
        .any(|text| split(&text).any(|word| list.has(word)))
}

/// What a folded text says.
fn of_text(text: &str) -> Option<Said> {
    let words: Vec<&str> = split(text).collect();
    let mut found = of_signs(text);
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| words[before]);
        let after = words.get(at + 1).copied().unwrap_or_default();
        let elsewhere = NOT_AFTER.has(before) || NOT_BEFORE.has(after);
        let said = if BESIDE_PAIRS.contains(&(*word, after)) {
            Some(Said::BesideHead)
        } else if HEAD.has(word) && !elsewhere {
            Some(Said::Head)
        } else if BESIDE.has(word) && !elsewhere {
            Some(Said::BesideHead)
        } else if ELSEWHERE.has(word) {
            Some(Said::Elsewhere)
        } else {
            None
        };
        found = Said::nearest(found, said);
    }
    found
}

fn of_signs(text: &str) -> Option<Said> {
    if text.is_ascii() {
        return None;
    }
    let stands = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    // The head of a bone is written with the sign of the head.
    let bone = text.contains("\u{9AA8}\u{5934}") || text.contains("\u{9AA8}\u{982D}");
    if stands(HEAD_SIGNS) && !bone {
        Some(Said::Head)
    } else if stands(BESIDE_SIGNS) {
        Some(Said::BesideHead)
    } else {
        stands(ELSEWHERE_SIGNS).then_some(Said::Elsewhere)
    }
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Lower case without the accents of Latin and Greek letters.
fn fold(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|c| match c {
            '\u{E0}'..='\u{E5}' | '\u{101}' | '\u{103}' | '\u{105}' => 'a',
            '\u{E7}' | '\u{107}' | '\u{10D}' => 'c',
            '\u{E8}'..='\u{EB}' | '\u{113}' | '\u{117}' | '\u{119}' | '\u{11B}' => 'e',
            '\u{EC}'..='\u{EF}' | '\u{131}' => 'i',
            '\u{142}' => 'l',
            '\u{F1}' | '\u{144}' => 'n',
            '\u{F2}'..='\u{F6}' | '\u{F8}' | '\u{151}' => 'o',
            '\u{159}' => 'r',
            '\u{15B}' | '\u{161}' => 's',
            '\u{F9}'..='\u{FC}' | '\u{16F}' | '\u{171}' => 'u',
            '\u{FD}' => 'y',
            '\u{17A}' | '\u{17C}' | '\u{17E}' => 'z',
            '\u{3AC}' => '\u{3B1}',
            '\u{3AD}' => '\u{3B5}',
            '\u{3AE}' => '\u{3B7}',
            '\u{3AF}' => '\u{3B9}',
            '\u{3CC}' => '\u{3BF}',
            '\u{3CD}' => '\u{3C5}',
            '\u{3CE}' => '\u{3C9}',
            other => other,
        })
        .collect()
}
