//! Numbers that states, insurers and banks give to people, and the numbers of examinations, in
//! the groups in which they are written: `756.1234.5678.97`, `2 69 05 49 588 157 80`.

use super::{FILLERS, Find, digits_between, followed_by_unit, lettered_start, run_end, run_start};
use crate::kinds::{Context, IdentifierKind};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Labels of numbers of eight digits or more; some are other words too (`NIR 850 nm`).
static NATIONAL: Words = Words::new(
    "ahv avs ahvnr cpf cnpj fiscale fiscal nir insee nss secu aadhaar aadhar uidai rut run cuit \
     cuil dni nie nif cedula curp nss cislo rodnecislo egn cnp oib jmbg emso \
     tckn amka afm snils inn pesel personnummer fodselsnummer cpr hetu henkilotunnus kennitala \
     bsn burgerservicenummer rijksregisternummer nrn svnr steuerid idnr nric mykad nik ktp \
     hkid nino chi hcn ohip ramq phn tfn ihi ssn itin ein ppsn pps teudat emirates iqama",
);

/// Labels of numbers of nine digits or more, which stand before other things.
static GENERAL: Words = Words::new(
    "card insurance medicare medicaid member policy account konto iban versicherung versicherter \
     krankenkasse mutuelle assurance seguro tessera karte carte tarjeta cartao id identity \
     identification identitat citizen resident tax passport",
);

/// What has a number in a department: a word for a number must stand beside it.
static EXAMINATIONS: Words = Words::new(
    "exam examination study path pathology histology cytology specimen slide biopsy report \
     referral requisition order request zlecenia zlecenie badania badanie untersuchung befund \
     auftrag examen etude demande estudio esame richiesta onderzoek undersokelse",
);

/// Words for a number.
static NUMBERS: Words = Words::new("no nr num number nummer numero numer");

/// Fewest digits of the number of an examination.
const LEAST: usize = 5;
/// Most digits of any number of this kind.
const MOST: usize = 24;

/// Finds the number whose first figures stand at a token.
pub(super) fn national(view: &View<'_>, at: usize, context: Context) -> Option<Find> {
    let gone = |from, to, rule| Some(Find::Gone(from, to, IdentifierKind::OtherId, rule));
    if let Some((from, to)) = shaped(view, at).or_else(|| glued_label(view, at, context)) {
        return gone(from, to, "labelled number");
    }
    let inner = at > 1
        && view.kind(at - 2) == Some(Kind::Number)
        && (view.kind(at - 1) == Some(Kind::Space) || view.mark(at - 1).is_some());
    if inner {
        return None;
    }
    let from = run_start(view, at);
    if let Some(least) = least(view, from)
        && let Some((to, digits)) = groups(view, at)
        && digits >= least
        && to > at + 1
        && (at..to).any(|i| view.kind(i) == Some(Kind::Number) && view.tokens[i].len() > 2)
    {
        return gone(from, to, "labelled number");
    }
    let from = lettered_start(view, from);
    let to = examination(view, from, at)?;
    gone(from, to, "labelled number")
}

/// The digits that the label before a number asks for.
fn least(view: &View<'_>, from: usize) -> Option<usize> {
    let mut i = from;
    for _ in 0..3 {
        i = view.index_before(i)?;
        let word = view.folded(i);
        let czech = word == "c" && i > 1 && view.folded(i - 2) == "r";
        if NATIONAL.has(word) || czech {
            return Some(8);
        }
        if GENERAL.has(word) {
            return Some(9);
        }
        if !FILLERS.has(word) {
            return None;
        }
    }
    None
}

/// The index after groups of digits that single blanks or marks part, and how many digits they
/// have. A measurement behind a blank is no group.
fn groups(view: &View<'_>, at: usize) -> Option<(usize, usize)> {
    let mut end = run_end(view, at);
    let mut digits = digits_between(view, at, end);
    while digits < MOST {
        let blank = view.kind(end) == Some(Kind::Space) && view.tokens[end].len() == 1;
        let mark = matches!(view.mark(end), Some(b'.' | b'-' | b'/'));
        if !blank && !mark || view.kind(end + 1) != Some(Kind::Number) {
            break;
        }
        let next = if blank {
            end + 2
        } else {
            run_end(view, end + 1)
        };
        if blank && followed_by_unit(view, next) {
            break;
        }
        digits += digits_between(view, end, next);
        end = next;
    }
    // `12.345.678-K`
    let letter = view.mark(end) == Some(b'-')
        && view.case(end + 1) == Case::Upper
        && view.tokens[end + 1].len() == 1
        && !matches!(view.kind(end + 2), Some(Kind::Word | Kind::Number));
    let end = if letter { end + 2 } else { end };
    (digits <= MOST && !followed_by_unit(view, end)).then_some((end, digits))
}

/// `Exam no. US-19-00412`, `Path no H19/4412`, `Nr zlecenia 2019/00412`.
fn examination(view: &View<'_>, from: usize, at: usize) -> Option<usize> {
    let one = view.index_before(from)?;
    let other = view.index_before(one)?;
    let (first, second) = (view.folded(other), view.folded(one));
    let named = EXAMINATIONS.has(first) && NUMBERS.has(second)
        || NUMBERS.has(first) && EXAMINATIONS.has(second);
    if !named {
        return None;
    }
    let mut end = run_end(view, at);
    let mut digits = digits_between(view, from, end);
    while digits < MOST
        && matches!(view.mark(end), Some(b'-' | b'/' | b'.'))
        && matches!(view.kind(end + 1), Some(Kind::Number | Kind::Word))
        && digits_between(view, end, run_end(view, end + 1)) > 0
    {
        let next = run_end(view, end + 1);
        digits += digits_between(view, end, next);
        end = next;
    }
    (digits >= LEAST && !followed_by_unit(view, end)).then_some(end)
}

/// Numbers that their letters give away: `RSSMRA80A01H501U`, `PAN ABCDE1234F`.
fn shaped(view: &View<'_>, at: usize) -> Option<(usize, usize)> {
    if !matches!(view.tokens[at].len(), 2 | 4) || view.case(at.checked_sub(1)?) != Case::Upper {
        return None;
    }
    let (from, to) = (run_start(view, at), run_end(view, at));
    let code = &view.text.as_bytes()[view.tokens[from].start..view.tokens[to - 1].end];
    let is = |shape: &[u8]| {
        code.len() == shape.len()
            && code.iter().zip(shape).all(|(c, s)| match s {
                b'A' => c.is_ascii_uppercase(),
                _ => c.is_ascii_digit(),
            })
    };
    let labelled = matches!(view.word_before(from), "pan" | "card" | "no" | "number");
    (is(b"AAAAAA99A99A999A") || labelled && is(b"AAAAA9999A")).then_some((from, to))
}

/// `MRN4481123`: the label is glued to the number. A letter before nine digits or more is no
/// setting either (`E1004562318`).
fn glued_label(view: &View<'_>, at: usize, context: Context) -> Option<(usize, usize)> {
    let word = at.checked_sub(1)?;
    let technical = context == Context::Technical;
    let digits = view.tokens[at].len();
    if digits < LEAST || view.kind(word) != Some(Kind::Word) || view.is_code_part(at + 1) {
        return None;
    }
    let free = word == 0 || !view.is_code_part(word - 1);
    let label = matches!(
        view.folded(word),
        "mrn" | "pid" | "patid" | "patientid" | "accno" | "ssn" | "fallnr" | "patnr"
    );
    let lettered =
        technical && digits >= 9 && view.tokens[word].len() <= 2 && view.case(word) == Case::Upper;
    (free && (label || lettered)).then_some((word, at + 1))
}
