//! Where a stated name that is a word as well stands as a name: alone among the words of an
//! examination (`CT CHEST BROWN`, `Ng_GTV1`), in brackets, or as one who does something.
//!
//! A neighbour that is no word of an examination may make a phrase with it (`brown fat`, `white
//! matter`, `NG tube`), and then it stays. So do words for parts of the body and for what is done
//! in an examination, whoever is called so.

use crate::kinds::Context;
use crate::lexicon::{Known, Rank};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Modalities and the words for an examination itself.
static MODALITIES: Words = Words::new(
    "ct mr mri mrt us usg xr dr cr nm pt pet mg mx dx cta mra ctpa irm rm tc tac tdm rx rtg tk rtk \
     mrcp dexa spect rf xa ivus oct ecg petct cbct cect nect sono echo xray rmn",
);

/// Regions, planes, sides and what else names an examination.
static EXAMINED: Words = Words::new(
    "chest thorax thx torax thoracic abd abdo abdomen abdominal pelvis pelvic becken bacino head \
     brain neck skull kopf schadel hals cou cuello collo tete cabeza cerebro cerveau cranio crane \
     spine spinal lumbar cervical rachis columna colonna wirbelsaule cspine lspine tspine lws bws \
     hws knee hip shoulder ankle foot feet wrist elbow finger toe femur tibia fibula forearm \
     humerus leg legs arm arms breast breasts mamma mammo cardiac heart coronary coronaries cor \
     liver hepatic kidney kidneys renal prostate pancreas spleen bladder uterus thyroid testes \
     sinus sinuses orbit orbits iac iacs tmj sella pituitary face facial temporal knie schulter \
     hufte sprunggelenk genou epaule hanche rodilla hombro cadera ginocchio spalla anca bassin \
     extremity extremities joint aorta carotid carotids ax axial sag sagittal coronal tra trans \
     transverse obl oblique ap pa lat lateral tse fse tfe ffe gre flair dwi adc stir mprage tof \
     swi haste vibe space localizer scout topogram survey contrast routine protocol view views \
     exam study left right lt rt bilat bilateral recon mpr mip gtv ctv ptv oar rtplan rtstruct \
     hrct lowdose screening runoff angio angiography wo with without portable standing supine \
     prone mm",
);

/// Words that people are called and that say what was examined or how, alone as well.
static THINGS: Words = Words::new(
    "apple artis ball bar bath blank blood blow bone bones bounds bridge bridges buk cable call \
     canada canal canals card case cave child cis click colon con cone cote cotton cross czech daily \
     dash day dent dial dixon doppler drain drop drum dye ear early edge english epstein face fall \
     falls fat feet fit foot frame free front gaba galan gall gates german gevaert gut hair hand \
     hatch head heart helm hook horn ivory izquierdo key keys kidney klatka kopf lash leak lens lip \
     lips leg light lin line link low lower lung main map marconi mark marker marks mas mask \
     mask mast master mater mavric means medic mets mil mix mouth muse nail neck new nose null numbers \
     omar page pages palm para parts peak peri place plant plate pole pool post power prior put \
     quick rib ris room root roots rule rut seal self sem sessions shank shell shields shin side \
     silk sites skin slack small sola soot sprinkle stack staples stem stent still straight strain \
     strand strong stump supple tack tan tank temple testa throat toe tone topic tos ureter vest \
     vial voet wall water waters watt watts way weeks wells wing wrist york younger adem africa \
     alpha america anca antero art asia axel brain coral cord donna fem floor hemi iris isa max \
     maxima meta odd over pia rein rod sine terra tia ties till tine tomo",
);

/// Names that say how a picture is, or what is looked for: alone and before a region they stay.
static QUALITIES: Words =
    Words::new("long short shorter black white sharp fine stone field best high ray strong smart");

/// What makes a phrase with a quality behind it (`KIDNEY LONG`, `Lung Sharp`, `PA FIELD`).
static BEFORE_QUALITIES: Words = Words::new(
    "us left right lt rt kidney kidneys liver spleen uterus aorta bladder thyroid pancreas renal \
     ap pa lat lateral sag axial ax cor tra recon femur arm leg mm bilat bilateral tse fse gre",
);

/// Small words of English that capitals say nothing of.
static SMALL_WORDS: Words = Words::new(
    "an as at be by do go he if in is it me my no of on or so to up us we am oh ok vs re pm id iv",
);

/// Sequences, tracers and settings of two letters, which capitals write.
static CODES: Words = Words::new(
    "se ir pd ge fe ep gr fs te tr ti fa sp ss sk sc pe fh hf bh mb me cs ml mg cc gy kv ns vr dl \
     iq hq wb cw dw",
);

/// What only people do.
static DEEDS: Words = Words::new(
    "tolerated could refused declined denies denied reports reported states stated says said \
     complains complained wants wanted cannot couldn underwent arrived feels felt asks asked \
     requests requested consented vomited fainted fasting claustrophobic",
);

/// What is said of a patient who was named one.
static SAID_OF: Words = Words::new(
    "is was has had will would did does came comes moved presents presented needs needed fell \
     lives seen admitted discharged returned called unable able must should can cooperated \
     coughed held",
);

/// What stands on one side of a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// The text or a sentence begins or ends.
    Edge,
    /// A bracket, a comma, a dash between blanks.
    Parted,
    /// A word of the examination.
    Examined,
    /// The name of a modality.
    Modality,
    /// What only people do.
    Deed,
    /// Any other word.
    Other,
}

/// Whether the place of a stated name that is a clinical or ordinary word makes it one.
pub(crate) fn is_name(view: &View<'_>, at: usize, rank: Rank, context: Context) -> bool {
    let (word, class) = (view.folded(at), view.class(at));
    let looked = matches!(
        context,
        Context::Descriptor | Context::Prose | Context::Technical
    );
    if !looked || !matches!(view.case(at), Case::Title | Case::Upper) {
        return false;
    }
    let common = class.surname.max(class.given) == Known::Common;
    let thing = THINGS.has(word) || MODALITIES.has(word) || EXAMINED.has(word);
    if thing || rank == Rank::Clinical && !common && word.len() > 2 {
        return false;
    }
    let (before, after) = (before(view, at), after(view, at));
    if word.len() == 2 {
        return short(view, at, before, after);
    }
    let quality = QUALITIES.has(word);
    match (before, after) {
        (Side::Other, _) | (_, Side::Other) => false,
        _ if word == "may" && dated(view, at) => false,
        (Side::Edge, Side::Deed) => view.case(at) == Case::Title,
        (_, Side::Deed) => false,
        (Side::Edge, Side::Edge) => !quality && context != Context::Technical,
        (_, Side::Examined) => !quality,
        (Side::Examined | Side::Modality, _) if quality => {
            !BEFORE_QUALITIES.has(neighbour(view, at))
        }
        _ => true,
    }
}

/// `CHEST NG`, `Ng fasting`, and not `NG tube`, `IN CHEST`.
fn short(view: &View<'_>, at: usize, before: Side, after: Side) -> bool {
    let small = SMALL_WORDS.has(view.folded(at));
    let title = view.case(at) == Case::Title;
    let among = before != Side::Other && !matches!(after, Side::Other | Side::Deed);
    if CODES.has(view.folded(at)) && !title {
        return before == Side::Parted && matches!(after, Side::Edge | Side::Parted);
    }
    if small {
        return among && matches!(after, Side::Edge | Side::Parted) && before != Side::Edge;
    }
    let tube = matches!(
        view.folded(at + 2),
        "tube" | "tubes" | "feeding" | "suction"
    );
    let measured = matches!(view.kind(at + 1), Some(Kind::Number))
        || at > 1 && view.kind(at - 2) == Some(Kind::Number) && title && before == Side::Examined;
    // `DELAYS WU phantom`: two letters that no list has.
    let unlisted = view.class(at).rank == Rank::Unknown;
    !tube && !measured && (title || among || unlisted)
}

/// Parts of the body among [`THINGS`].
static BODY: Words = Words::new(
    "bone bones brain colon cord ear face feet foot gut hand head heart kidney kidneys kopf leg lips \
     lung mouth neck nose palm rib shin skin testa throat toe ureter wrist cabeza shank hemi",
);

/// Whether a word says what was examined: a part of the body, a plane, a view.
pub(crate) fn is_examined(view: &View<'_>, at: usize) -> bool {
    let word = view.folded(at);
    EXAMINED.has(word) || BODY.has(word)
}

/// Whether people are called so, it says nothing of an examination, and the text ends or does not
/// go on with what was examined.
pub(crate) fn may_be_called(view: &View<'_>, at: usize) -> bool {
    let (word, class) = (view.folded(at), view.class(at));
    let thing = THINGS.has(word) || MODALITIES.has(word) || EXAMINED.has(word);
    class.surname == Known::Common
        && word.len() > 3
        && !thing
        && !QUALITIES.has(word)
        && !matches!(after(view, at), Side::Other | Side::Examined)
}

/// After a word for the patient, and before what a patient does: whatever the word means else.
pub(crate) fn is_patient_who(view: &View<'_>, at: usize) -> bool {
    let next = view.folded(at + 2);
    view.kind(at + 1) == Some(Kind::Space) && (DEEDS.has(next) || SAID_OF.has(next))
}

/// A month with a day or a year beside it.
fn dated(view: &View<'_>, at: usize) -> bool {
    let number = |i: usize| view.kind(i) == Some(Kind::Number);
    (at + 1..at + 4).any(number) || (at.saturating_sub(3)..at).any(number)
}

/// The index of the word before, past one blank or mark that joins.
fn neighbour<'v>(view: &'v View<'_>, at: usize) -> &'v str {
    at.checked_sub(2).map_or("", |i| view.folded(i))
}

fn joins(view: &View<'_>, at: usize) -> bool {
    matches!(view.mark(at), Some(b'_' | b'/' | b'-')) || view.kind(at) == Some(Kind::Space)
}

fn parts(view: &View<'_>, at: usize) -> bool {
    matches!(
        view.mark(at),
        Some(b'(' | b')' | b'[' | b']' | b',' | b';' | b'-' | b'|' | b'/' | b'\\')
    )
}

fn worded(view: &View<'_>, at: usize) -> Side {
    let word = view.folded(at);
    if MODALITIES.has(word) {
        Side::Modality
    } else if EXAMINED.has(word) {
        Side::Examined
    } else {
        Side::Other
    }
}

fn before(view: &View<'_>, at: usize) -> Side {
    let Some(gap) = at.checked_sub(1) else {
        return Side::Edge;
    };
    if view.kind(gap) == Some(Kind::Newline) || view.mark(gap) == Some(b'.') {
        return Side::Edge;
    }
    if !joins(view, gap) {
        return if parts(view, gap) {
            Side::Parted
        } else {
            Side::Other
        };
    }
    let Some(word) = gap.checked_sub(1) else {
        return Side::Edge;
    };
    match view.kind(word) {
        Some(Kind::Newline) => Side::Edge,
        Some(Kind::Mark) if view.mark(word) == Some(b'.') => Side::Edge,
        Some(Kind::Mark) if parts(view, word) => Side::Parted,
        Some(Kind::Number) => Side::Examined,
        Some(Kind::Word) => worded(view, word),
        _ => Side::Other,
    }
}

fn after(view: &View<'_>, at: usize) -> Side {
    let gap = at + 1;
    match view.kind(gap) {
        None | Some(Kind::Newline) => return Side::Edge,
        Some(Kind::Mark) if matches!(view.mark(gap), Some(b'.' | b'!' | b'?')) => {
            return Side::Edge;
        }
        _ => {}
    }
    if !joins(view, gap) {
        return if parts(view, gap) {
            Side::Parted
        } else {
            Side::Other
        };
    }
    match view.kind(gap + 1) {
        None | Some(Kind::Newline) => Side::Edge,
        Some(Kind::Mark) if parts(view, gap + 1) => Side::Parted,
        Some(Kind::Word) if DEEDS.has(view.folded(gap + 1)) => Side::Deed,
        // `T1`, `T2`: a letter and a number.
        Some(Kind::Word)
            if view.folded(gap + 1) == "t" && view.kind(gap + 2) == Some(Kind::Number) =>
        {
            Side::Examined
        }
        Some(Kind::Word) => worded(view, gap + 1),
        _ => Side::Other,
    }
}
