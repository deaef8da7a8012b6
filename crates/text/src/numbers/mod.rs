//! Numbers that identify: patient and order numbers, telephone numbers, UIDs, ages over 89.
//!
//! Most numbers in radiology are settings and measurements; what goes is told by its length, its
//! grouping or the word before it, and what carries a unit stays.

mod age;
mod national;
mod phone;

use age::age;
use national::national;
use phone::{PHONE_CUES, phone};

use crate::kinds::{Context, IdentifierKind, Span};
use crate::token::{Case, Kind};
use crate::view::View;
use crate::words::Words;

/// Words between a label and its number.
static FILLERS: Words = Words::new("no nr num number nummer numero id code is n of");

/// Labels after which even a short number identifies, and what it then is.
static ID_CUES: [(IdentifierKind, Words); 3] = [
    (
        IdentifierKind::PatientId,
        Words::new("mrn pid patid patientid patnr patientennr patientennummer ipp nhc"),
    ),
    (
        IdentifierKind::AccessionNumber,
        Words::new("acc accession accno accn auftragsnr"),
    ),
    (
        IdentifierKind::OtherId,
        Words::new(
            "ssn nhs nhi ahv bsn cpf dni nif svnr pesel versichertennr versicherungsnr \
         versichertennummer fallnr fallnummer aufnahmenr hicn csn npi passport vin",
        ),
    ),
];

/// Labels that identify before a longer number only: they are words of their own.
static LOOSE_CUES: [(IdentifierKind, Words); 4] = [
    (
        IdentifierKind::PatientId,
        Words::new("id subj record rec chart unit dossier historia cartella patient"),
    ),
    (
        IdentifierKind::OtherId,
        Words::new(
            "insurance policy member subscriber medicare medicaid account acct case visit \
         encounter fall license licence plate badge employee subject specimen dea ik \
         ticket booking",
        ),
    ),
    (
        IdentifierKind::AccessionNumber,
        Words::new("order req requisition auftrag"),
    ),
    (IdentifierKind::DeviceSerial, Words::new("serial sn device")),
];

/// Words that a number belongs to where `No.`, `Nr.` or `ID` stands between.
static NUMBERED: Words = Words::new("pat patienten hosp hospital folder file medical client");

/// Units: a number with one is a measurement.
static UNITS: Words = Words::new(
    "mm cm m um nm ms msec s sec secs min mins hz khz mhz bq kbq mbq gbq mci uci ci kv kvp kev \
     mev mas ma cps kcps counts count cts iu units ml cc l mg g kg mcg ug ng lb lbs px pixels \
     voxels images image frames slices cells copies events hu t x mgy gy cgy dgy degrees deg \
     percent years weeks days months views projections spins averages points bits mb kb gb",
);

/// Words before a number of a public code system.
static CODE_CUES: Words = Words::new(
    "cpt icd icd10 snomed sct loinc rid radlex fma umls hcpcs srt code ops tarmed ebm goa orpha \
     omim lpn nct",
);

/// Whether a word is the label of an identifying number of a kind and goes with it.
pub(crate) fn is_label(word: &str, kind: IdentifierKind) -> bool {
    match kind {
        IdentifierKind::Phone => PHONE_CUES.has(word) || matches!(word, "ext" | "extension"),
        _ => ID_CUES.iter().any(|(_, words)| words.has(word)),
    }
}

/// The kind of number a word announces, and how many digits it must have.
fn id_cue(word: &str) -> Option<(IdentifierKind, usize)> {
    let found = |cues: &[(IdentifierKind, Words)], least| {
        cues.iter()
            .find(|(_, words)| words.has(word))
            .map(|(kind, _)| (*kind, least))
    };
    found(&ID_CUES, 3).or_else(|| found(&LOOSE_CUES, 4))
}

/// Whether a number at a token is labelled as one that identifies.
pub(crate) fn is_labelled(view: &View<'_>, at: usize) -> bool {
    label(view, at).is_some() || at > 0 && view.mark(at - 1) == Some(b'#')
}

/// Finds identifying numbers. In [`Context::Code`] only labelled ones and full telephone numbers go.
pub(crate) fn find(view: &View<'_>, context: Context, spans: &mut Vec<Span>) {
    if !matches!(context, Context::Code | Context::Technical | Context::Coded) {
        age::spelled(view, spans);
    }
    if !view.has_digit {
        return;
    }
    let mut at = 0;
    while at < view.tokens.len() {
        let replaced = view.mark(at + 1) == Some(b'+') && view.number(at) == Some((90, 2));
        if view.kind(at) != Some(Kind::Number) || replaced {
            at += 1;
            continue;
        }
        let found = national(view, at, context)
            .or_else(|| dotted(view, at))
            .or_else(|| labelled(view, at))
            .or_else(|| phone(view, at, context))
            .or_else(|| match context {
                Context::Code | Context::Technical | Context::Coded => None,
                _ => social_security(view, at)
                    .or_else(|| age(view, at, context))
                    .or_else(|| extension(view, at))
                    .or_else(|| long(view, at)),
            });
        match found {
            Some(Find::Gone(from, to, kind, rule)) => {
                spans.push(Span::new(
                    view.tokens[from].start,
                    view.tokens[to - 1].end,
                    kind,
                    rule,
                ));
                at = to.max(at + 1);
            }
            Some(Find::Clinical(to)) => at = to.max(at + 1),
            None => at += 1,
        }
    }
}

enum Find {
    Gone(usize, usize, IdentifierKind, &'static str),
    /// Known not to identify; go on at this index.
    Clinical(usize),
}

/// The index after a chain `number (sep number)*` with one kind of separator, and its length in numbers.
fn chain(view: &View<'_>, at: usize, sep: u8) -> (usize, usize) {
    let (mut end, mut count) = (at + 1, 1);
    while count < 64 && view.mark(end) == Some(sep) && view.kind(end + 1) == Some(Kind::Number) {
        end += 2;
        count += 1;
    }
    (end, count)
}

/// UIDs, network addresses; other dotted numbers are versions or decimals.
fn dotted(view: &View<'_>, at: usize) -> Option<Find> {
    let (end, count) = chain(view, at, b'.');
    if count < 3 {
        return None;
    }
    let text = &view.text[view.tokens[at].start..view.tokens[end - 1].end];
    if count >= 5
        && text.len() >= 14
        && matches!(text.as_bytes()[0], b'0'..=b'2')
        && !text.starts_with("1.2.840.10008.")
    {
        return Some(Find::Gone(
            at,
            end,
            IdentifierKind::Uid,
            "unique identifier",
        ));
    }
    let octets = text
        .split('.')
        .all(|o| o.len() <= 3 && o.parse::<u16>().is_ok_and(|n| n < 256));
    if count == 4
        && octets
        && text.len() >= 8
        && text.split('.').filter(|o| o.len() > 1).count() >= 2
    {
        return Some(Find::Gone(at, end, IdentifierKind::Url, "network address"));
    }
    let telephone = count >= 3 && text.len() >= 12 && text.len() <= 17;
    (!telephone).then_some(Find::Clinical(end))
}

/// The label before a number, past `No.`, `#`, `:` and the like.
fn label(view: &View<'_>, at: usize) -> Option<(IdentifierKind, usize)> {
    let mut i = lettered_start(view, run_start(view, at));
    for step in 0..4 {
        i = view.index_before(i)?;
        let word = view.folded(i);
        if let Some(found) = id_cue(word) {
            return Some(found);
        }
        if step > 0 && NUMBERED.has(word) {
            return Some((IdentifierKind::PatientId, 4));
        }
        // `S/N 40719`
        let serial =
            word == "n" && i > 1 && view.mark(i - 1) == Some(b'/') && view.folded(i - 2) == "s";
        if serial {
            return Some((IdentifierKind::DeviceSerial, 4));
        }
        if !FILLERS.has(word) {
            return None;
        }
    }
    None
}

/// `MRN: 12345`, `ID 223 45 6984`, `Acc# A-1234-5`, `#1234567`.
fn labelled(view: &View<'_>, at: usize) -> Option<Find> {
    let from = lettered_start(view, run_start(view, at));
    let blank = usize::from(from > 0 && view.kind(from - 1) == Some(Kind::Space));
    let hash = from
        .checked_sub(1 + blank)
        .filter(|i| view.mark(*i) == Some(b'#'));
    let (kind, least) = match label(view, at) {
        Some(found) => found,
        None => hash.map(|_| (IdentifierKind::OtherId, 5))?,
    };
    let mut end = run_end(view, at);
    let mut digits = digits_between(view, from, end);
    // `POST #1 17`: a number behind a bare `#` ends where a blank does.
    let bare = hash.is_some() && label(view, at).is_none();
    let apart = |end: usize| bare && view.kind(end) == Some(Kind::Space);
    while let Some(next) = joined_group(view, end, kind).filter(|_| end - from < 24 && !apart(end))
    {
        digits += digits_between(view, end, next);
        end = next;
    }
    let text = &view.text[view.tokens[from].start..view.tokens[end - 1].end];
    let year = least > 3 && text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    if digits < least || year || followed_by_unit(view, end) {
        return None;
    }
    Some(Find::Gone(
        hash.unwrap_or(from),
        end,
        kind,
        "labelled number",
    ))
}

/// A further group of one number: `-4567`, ` 45`, `/19`.
fn joined_group(view: &View<'_>, end: usize, kind: IdentifierKind) -> Option<usize> {
    let joint = matches!(view.mark(end), Some(b'-' | b'/' | b'.'))
        || view.kind(end) == Some(Kind::Space) && view.tokens[end].len() == 1;
    if !joint {
        return None;
    }
    let next = end + 1;
    let plate = kind == IdentifierKind::OtherId
        && view.case(next) == Case::Upper
        && view.tokens[next].len() <= 3
        && !view.class(next).is_word();
    let run = run_end(view, next);
    let dashed = view.mark(end) == Some(b'-') && view.case(next) == Case::Upper;
    let inner = dashed
        && (digits_between(view, next, run) > 0
            || view.tokens[next].len() <= 3
                && view.mark(run) == Some(b'-')
                && view.kind(run + 1) == Some(Kind::Number));
    let number = inner
        || view.kind(next) == Some(Kind::Number)
            && (view.tokens[next].len() >= 2 || view.mark(end).is_some());
    let to = if number {
        run_end(view, next)
    } else {
        next + 1
    };
    ((number || plate) && !followed_by_unit(view, to)).then_some(to)
}

/// The first token of the run of letters and digits around a token.
fn run_start(view: &View<'_>, at: usize) -> usize {
    let mut from = at;
    while from > 0
        && at - from < 16
        && matches!(view.kind(from - 1), Some(Kind::Word | Kind::Number))
        && view.is_code_part(from - 1)
    {
        from -= 1;
    }
    from
}

/// The start with the capitals that a dash joins to a number: `AB-12345`.
fn lettered_start(view: &View<'_>, from: usize) -> usize {
    let Some(word) = from.checked_sub(2) else {
        return from;
    };
    let joined = view.mark(from - 1) == Some(b'-')
        && view.case(word) == Case::Upper
        && view.tokens[word].len() <= 4
        && id_cue(view.folded(word)).is_none();
    if joined { word } else { from }
}

/// `x4471`: the extension of a telephone. A matrix or a magnification is a round number.
fn extension(view: &View<'_>, at: usize) -> Option<Find> {
    let (value, digits) = view.number(at)?;
    let from = at
        .checked_sub(1)
        .filter(|i| view.text[view.tokens[*i].start..].starts_with('x'))?;
    let alone = view.tokens[from].len() == 1
        && from
            .checked_sub(1)
            .is_none_or(|i| view.kind(i) == Some(Kind::Space) || view.mark(i) == Some(b'('))
        && from
            .checked_sub(2)
            .is_none_or(|i| view.kind(i) != Some(Kind::Number))
        && !view.is_code_part(at + 1)
        && !followed_by_unit(view, at + 1);
    let round = value % 100 == 0 || value % 64 == 0;
    let found = (4..=5).contains(&digits) && alone && !round;
    found.then_some(Find::Gone(
        from,
        at + 1,
        IdentifierKind::Phone,
        "telephone extension",
    ))
}

/// The index after the run of letters and digits around a token.
fn run_end(view: &View<'_>, at: usize) -> usize {
    let mut to = at + 1;
    while to - at < 32
        && matches!(view.kind(to), Some(Kind::Word | Kind::Number))
        && view.is_code_part(to)
    {
        to += 1;
    }
    to
}

fn digits_between(view: &View<'_>, from: usize, to: usize) -> usize {
    (from..to)
        .filter(|i| view.kind(*i) == Some(Kind::Number))
        .map(|i| view.tokens[i].len())
        .sum()
}

pub(crate) fn followed_by_unit(view: &View<'_>, end: usize) -> bool {
    let next = if view.kind(end) == Some(Kind::Space) {
        end + 1
    } else {
        end
    };
    UNITS.has(view.folded(next))
        || matches!(view.mark(next), Some(b'%'))
        || view.mark(end) == Some(b'.') && view.kind(end + 1) == Some(Kind::Number)
}

/// `123-45-6789`, and the groups that hospitals part their numbers into: `863-48-35`.
fn social_security(view: &View<'_>, at: usize) -> Option<Find> {
    if !matches!(view.tokens[at].len(), 2 | 3) {
        return None;
    }
    let (end, count) = chain(view, at, b'-');
    let groups = (0..count.min(4)).map(|i| at + 2 * i);
    let lens: Vec<usize> = groups.clone().map(|i| view.tokens[i].len()).collect();
    // Weightings and sizes are round: `100-600-800`.
    let round = groups
        .clone()
        .all(|i| view.tokens[i].text(view.text).ends_with('0'));
    let alone = at == 0
        || !matches!(view.kind(at - 1), Some(Kind::Word)) && view.mark(at - 1) != Some(b'-');
    let rule = match lens[..] {
        [3, 2, 4] => "social security number",
        [3, 2, 2] | [2, 4, 2] | [3, 3, 3] if !round && !followed_by_unit(view, end) => {
            "number in groups"
        }
        _ => return None,
    };
    alone.then_some(Find::Gone(at, end, IdentifierKind::OtherId, rule))
}

/// A run with six digits or more together, such as `3623897`, `X1220291R`, `PP711556`.
fn long(view: &View<'_>, at: usize) -> Option<Find> {
    let longest = view.tokens[at].len();
    let (from, to) = (run_start(view, at), run_end(view, at));
    if longest < 6 && !uuid(view, from, to) {
        return None;
    }
    let bare = from + 1 == to;
    let decimal = from > 0
        && matches!(view.mark(from - 1), Some(b'.' | b','))
        && from > 1
        && view.kind(from - 2) == Some(Kind::Number);
    let word = view.word_before(from);
    let coded = CODE_CUES.has(word) || (from..to).any(|i| matches!(view.folded(i), "rid"));
    let unit = bare && followed_by_unit(view, to)
        || (at + 1..to)
            .any(|i| UNITS.has(view.folded(i)) && i + 1 == to && view.folded(i).len() > 1);
    if decimal || coded || unit {
        return Some(Find::Clinical(to));
    }
    let mut end = to;
    let joined = |end: usize| match view.mark(end) {
        Some(b'-') => view.kind(end + 1) == Some(Kind::Number),
        // `565714/1234`
        Some(b'/') => view.number(end + 1).is_some_and(|(_, digits)| digits >= 3),
        _ => false,
    };
    while end - from < 24 && joined(end) {
        end = run_end(view, end + 1);
    }
    Some(Find::Gone(
        groups_before(view, from),
        end,
        IdentifierKind::OtherId,
        "long number",
    ))
}

/// The start with the groups that dashes join to a long number: `06-12345678`, `77A-991234`.
fn groups_before(view: &View<'_>, from: usize) -> usize {
    let mut start = from;
    while from - start < 8 && start > 1 && view.mark(start - 1) == Some(b'-') {
        let group = run_start(view, start - 2);
        let short = view.tokens[start - 2].end - view.tokens[group].start <= 6;
        let apart = group == 0
            || !matches!(view.kind(group - 1), Some(Kind::Mark | Kind::Word))
            || view.mark(group - 1) == Some(b'-');
        if !short || !apart || digits_between(view, group, start - 1) == 0 {
            break;
        }
        start = group;
    }
    start
}

/// Whether a run starts a UUID.
fn uuid(view: &View<'_>, from: usize, _to: usize) -> bool {
    let rest = &view.text.as_bytes()[view.tokens[from].start..];
    rest.len() >= 36
        && rest[..36].iter().enumerate().all(|(i, b)| {
            if matches!(i, 8 | 13 | 18 | 23) {
                *b == b'-'
            } else {
                b.is_ascii_hexdigit()
            }
        })
}
