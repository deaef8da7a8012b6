//! Names by the form of the whole: the carets of DICOM, and East Asian labels and honorifics.

use super::Found;
use super::family;
use crate::cues;
use crate::lexicon::{Known, Rank};
use crate::technical;
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
        && !ends_neighbour(view, from - 1, at - 1)
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
            && (view.mark(to) == Some(b'^')
                || view.kind(to + 1) == Some(Kind::Word) && !ends_neighbour(view, to + 1, at - 1))
    {
        to += 1;
    }
    let words = (from..to).filter(|i| view.kind(*i) == Some(Kind::Word));
    let clinical = words
        .map(|i| view.class(i).rank)
        .all(|r| r == Rank::Clinical);
    // `EICH^T1 FS`: a letter and a number are a code.
    let code = view.tokens[after].len() == 1 && view.kind(after + 1) == Some(Kind::Number);
    let right = if code {
        Side::Clinical
    } else {
        side(view, after..to)
    };
    match (side(view, from..at), right) {
        (Side::Both, Side::Both) if clinical => None,
        // `MEHLHORN^ABDOMEN`: a word in no list before what was examined.
        (Side::Open, Side::Clinical)
            if at == from + 1
                && (from == 0 || view.kind(from - 1) == Some(Kind::Space))
                && family::is_unlisted(view, from) =>
        {
            Some((from, at, "person name value"))
        }
        (Side::Clinical, Side::Clinical | Side::Open | Side::Both)
        | (Side::Open | Side::Both, Side::Clinical) => None,
        // `Head^Perez`: a region, and whose protocol it is.
        (Side::Clinical, Side::Name) => Some((after, to, "person name value")),
        (Side::Name, Side::Clinical) => Some((from, at, "person name value")),
        _ => Some((from, to, "person name value")),
    }
}

/// What one side of a caret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// A word of medicine or technique is in it, which nobody is commonly called.
    Clinical,
    /// A word that people are called, and that means something as well.
    Both,
    /// A name in the lists, and no word.
    Name,
    /// Nothing is known of it.
    Open,
}

/// Looks at the words of one side of a caret, and at those glued to them (`AdHead`, `TX_Routine`).
fn side(view: &View<'_>, range: std::ops::Range<usize>) -> Side {
    let part = |i: usize| {
        matches!(view.kind(i), Some(Kind::Word | Kind::Number)) || view.mark(i) == Some(b'_')
    };
    let given = range.start > 0 && view.mark(range.start - 1) == Some(b'^');
    let mut from = range.start;
    while from > 0 && range.start - from < 12 && part(from - 1) {
        from -= 1;
    }
    let mut to = range.end;
    while to - range.end < 12 && part(to) {
        to += 1;
    }
    let mut found = Side::Open;
    for i in (from..to).filter(|i| view.kind(*i) == Some(Kind::Word)) {
        let class = view.class(i);
        let known = class.given.max(class.surname);
        let one = match class.rank {
            _ if view.folded(i).chars().count() < 2 || cues::is_title(view.folded(i)) => continue,
            // Some other word beside the name is no part of it: `cath-Lee^Min`.
            _ if !range.contains(&i) && class.rank < Rank::Ordinary && !class.eponym => continue,
            Rank::Unknown | Rank::Rare if !class.eponym && known > Known::No => Side::Name,
            _ if known == Known::Common && !class.eponym => Side::Both,
            // `Lee^Min`, but `Check^Shunt`.
            _ if class.given > Known::No && given => Side::Both,
            Rank::Rare | Rank::Ordinary | Rank::Clinical => Side::Clinical,
            Rank::Unknown if family::ends_as_one(view, i) => Side::Name,
            Rank::Unknown if technical::is_term(view, i) => Side::Clinical,
            Rank::Unknown => Side::Open,
        };
        found = match (found, one) {
            (Side::Clinical, _) if !range.contains(&i) => Side::Clinical,
            (Side::Name, _) | (_, Side::Name) => Side::Name,
            (Side::Clinical, _) | (_, Side::Clinical) => Side::Clinical,
            (Side::Both, _) | (_, Side::Both) => Side::Both,
            _ => Side::Open,
        };
    }
    found
}

/// `cath-Lee^Min`, `Lee^Min-Knee`: a word of its own beside the name, or one that is written in
/// another case, is no part of it.
fn ends_neighbour(view: &View<'_>, at: usize, name: usize) -> bool {
    let particle = super::unit::is_particle(view.folded(at));
    view.kind(at) == Some(Kind::Word)
        && !particle
        && view.tokens[at].len() > 1
        && (view.class(at).rank == Rank::Clinical || view.case(at) != view.case(name))
}

pub(super) static CJK_LABELS: Words = Words::new(
    "患者 氏名 姓名 担当医 主治医 依頼医 医師 技師 検者 医生 主管医师 申请医生 환자 성명 담당의 의사 환자명 患者名 患者氏名 病人",
);

pub(super) static CJK_HONORIFICS: Words =
    Words::new("先生 様 さん 殿 氏 医師 女士 医生 님 선생님 씨");

/// Pieces of words for parts of the body and examinations, in Han and Hangul: no name holds them.
static CJK_CLINICAL: Words = Words::new(
    "頭部 頭頸 頭頚 頸部 頚部 颈部 头部 头颅 胸部 腹部 上腹 下腹 骨盤 骨盆 盆腔 頸椎 頚椎 颈椎 胸椎 \
     腰椎 仙椎 脊椎 脊柱 脊髄 膝 肩関節 股関節 足関節 手関節 関節 关节 四肢 上肢 下肢 心臓 心脏 肝臓 \
     肝脏 腎臓 肾脏 膵臓 脾臓 乳房 乳腺 甲状腺 前立腺 前列腺 子宮 子宫 卵巣 肺野 脳 大腦 颅脑 血管 \
     動脈 动脉 静脈 静脉 冠動脈 造影 単純 平扫 增强 撮影 撮像 検査 检查 正面 側面 侧位 正位 全身 \
     横断 矢状 冠状 断層 腔 炎 症 術 腸 肺 胃 肝 腎 膵 臓 腺 癌 瘤 超音波 超声 核医学 뇌 두부 흉부 복부 골반 경추 흉추 요추 척추 무릎 어깨 \
     관절 심장 간담 초음파 촬영 검사 조영 유방 갑상선 혈관",
);

pub(super) fn is_clinical(text: &str) -> bool {
    CJK_CLINICAL.iter().any(|word| text.contains(word))
}

/// What stands behind a Korean name, folded as the view folds words.
static KOREAN_TITLES: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| {
    let titles = ["환자", "환자분", "님", "씨", "선생님", "교수", "의사"];
    titles.iter().map(|t| crate::fold::squeezed(t)).collect()
});

/// A family name of one syllable, and more that make no word of medicine.
fn is_korean_name(text: &str, long: std::ops::RangeInclusive<usize>) -> bool {
    const FAMILIES: &str = "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노곽성차주우구민진엄채원천방공현함변염추석선설마길연명왕금옥";
    let mut signs = text.chars();
    let family = signs.next().is_some_and(|c| FAMILIES.contains(c));
    let hangul = |c: char| matches!(c as u32, 0xAC00..=0xD7AF);
    family && long.contains(&text.chars().count()) && signs.all(hangul) && !is_clinical(text)
}

/// Names in Han, kana and Hangul: after a label and a colon or blank, or before an honorific.
pub(super) fn cjk(view: &View<'_>, at: usize) -> Found {
    let text = view.tokens[at].text(view.text);
    if !text.starts_with(crate::token::is_cjk) {
        return None;
    }
    let name = |t: &str| (2..=8).contains(&t.chars().count());
    // `김철수 환자`: the label of a Korean name stands behind it.
    let behind = view.kind(at + 1) == Some(Kind::Space)
        && matches!(view.folded(at + 2), w if KOREAN_TITLES.iter().any(|t| t == w));
    if behind && is_korean_name(text, 3..=3) {
        return Some((at, at + 1, "announced name"));
    }
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
        // `頭部CT` after a label is what was examined; behind a name stands a blank or a mark.
        let glued = matches!(view.kind(next + 1), Some(Kind::Word | Kind::Number));
        // `환자 기침`: without a mark, only what has the form of a name.
        let marked = (at + 1..next).any(|i| view.kind(i) == Some(Kind::Mark));
        let long = if marked { 2..=4 } else { 3..=3 };
        if text == "환자" && !is_korean_name(value, long) {
            return None;
        }
        let person =
            !glued && value.starts_with(crate::token::is_cjk) && name(value) && !is_clinical(value);
        return person.then_some((next, next + 1, "announced name"));
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
