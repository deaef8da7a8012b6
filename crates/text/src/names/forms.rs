//! Names by the form of the whole: the carets of DICOM, and East Asian labels and honorifics.

use super::Found;
use crate::lexicon::Rank;
use crate::token::Kind;
use crate::view::View;
use crate::words::Words;

/// `SMITH^JOHN^^DR`: the form of DICOM itself.
pub(super) fn caret(view: &View<'_>, at: usize) -> Found {
    let letters = |i: usize| view.kind(i) == Some(Kind::Word) && view.tokens[i].len() > 1;
    if view.mark(at) != Some(b'^') || at == 0 || !letters(at - 1) {
        return None;
    }
    let after = (at + 1..view.tokens.len().min(at + 4)).find(|i| view.mark(*i) != Some(b'^'))?;
    if view.kind(after) != Some(Kind::Word) {
        return None;
    }
    let mut from = at - 1;
    while from > 0
        && at - from < 12
        && (view
            .mark(from - 1)
            .is_some_and(|m| matches!(m, b'-' | b'\''))
            || view.kind(from - 1) == Some(Kind::Word))
    {
        from -= 1;
    }
    if matches!(view.mark(from), Some(b'-' | b'\'')) {
        from += 1;
    }
    let mut to = after + 1;
    while view.kind(to) == Some(Kind::Word)
        || view
            .mark(to)
            .is_some_and(|m| matches!(m, b'^' | b'-' | b'\''))
            && (view.mark(to) == Some(b'^') || view.kind(to + 1) == Some(Kind::Word))
    {
        to += 1;
    }
    let technical = (from..to)
        .all(|i| view.kind(i) != Some(Kind::Word) || view.class(i).rank == Rank::Clinical);
    (!technical).then_some((from, to, "person name value"))
}

pub(super) static CJK_LABELS: Words = Words::new(
    "患者 氏名 姓名 担当医 主治医 依頼医 医師 技師 検者 医生 主管医师 申请医生 환자 성명 담당의 의사 환자명 患者名 患者氏名 病人",
);

pub(super) static CJK_HONORIFICS: Words =
    Words::new("先生 様 さん 殿 氏 医師 女士 医生 님 선생님 씨");

/// Names in Han, kana and Hangul: after a label and a colon or blank, or before an honorific.
pub(super) fn cjk(view: &View<'_>, at: usize) -> Found {
    let text = view.tokens[at].text(view.text);
    if !text.starts_with(crate::token::is_cjk) {
        return None;
    }
    let name = |t: &str| (2..=8).contains(&t.chars().count());
    if CJK_LABELS.has(text) {
        let mut next = at + 1;
        while view.kind(next) == Some(Kind::Space)
            || view
                .tokens
                .get(next)
                .is_some_and(|t| matches!(t.text(view.text), ":" | "：" | "＝" | "="))
        {
            next += 1;
        }
        let value = view
            .tokens
            .get(next)
            .filter(|t| t.kind == Kind::Word && next > at + 1)?
            .text(view.text);
        return (value.starts_with(crate::token::is_cjk) && name(value)).then_some((
            next,
            next + 1,
            "announced name",
        ));
    }
    let honorific = CJK_HONORIFICS
        .iter()
        .find(|h| text.ends_with(*h) && text.len() > h.len())?;
    let stem = &text[..text.len() - honorific.len()];
    let short = (1..=4).contains(&stem.chars().count());
    let clinical = ["主治", "担当", "依頼", "専門", "読影", "放射線科"]
        .iter()
        .any(|w| stem.ends_with(w));
    (short && !clinical).then_some((at, at + 1, "title"))
}
