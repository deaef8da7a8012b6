//! Names in Han, kana and Hangul that no label announces: a common family name and a given name that
//! stand apart, and any name before an honorific that stands apart.

use super::Found;
use super::forms::{CJK_HONORIFICS, is_clinical};
use crate::token::{Kind, is_cjk};
use crate::view::View;
use crate::words::Words;

/// Common family names of Japan, of two signs and three.
static JAPANESE: Words = Words::new(
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡邉 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 \
     斎藤 斉藤 齋藤 清水 山崎 阿部 森田 池田 橋本 石川 山下 中島 前田 藤田 小川 後藤 岡田 長谷川 村上 \
     近藤 石井 坂本 遠藤 青木 藤井 西村 福田 太田 三浦 藤原 岡本 松田 中川 中野 原田 小野 田村 竹内 \
     金子 和田 中山 石田 上田 森本 小島 柴田 酒井 工藤 横山 宮崎 宮本 内田 高木 安藤 谷口 大野 丸山 \
     今井 河野 藤本 村田 武田 上野 杉山 増田 平野 大塚 千葉 久保 松井 小山 菅原 木下 野口 菊地 松尾 \
     野村 新井 佐野 杉本 古川 浜田 大西 桜井 高田 野田 吉川 山内 西田 市川 北村 川崎 五十嵐 飯田 \
     本田 久保田 東 島田 望月 小池 服部 須藤 矢野 荒木 大久保 黒田 堀 水野 岩崎 永井 川口 松下 平田",
);

/// The same in kana, where a given name in kana follows.
static KANA: Words = Words::new(
    "サトウ スズキ タカハシ タナカ イトウ ワタナベ ヤマモト ナカムラ コバヤシ カトウ ヨシダ ヤマダ ササキ \
     ヤマグチ マツモト イノウエ キムラ サイトウ シミズ ヤマザキ アベ モリ イケダ ハシモト イシカワ ヤマシタ \
     ナカジマ マエダ フジタ オガワ ゴトウ オカダ ハセガワ ムラカミ コンドウ イシイ サカモト エンドウ アオキ \
     フジイ ニシムラ フクダ オオタ ミウラ フジワラ オカモト マツダ ナカガワ ナカノ ハラダ オノ タムラ タケウチ \
     カネコ ワダ ナカヤマ イシダ ウエダ モリタ シバタ サカイ クドウ ヨコヤマ ミヤザキ ミヤモト ウチダ タカギ",
);

/// Family names of one sign that hardly any word of medicine starts with.
const CHINESE: &str = "王李张張刘劉陈陳杨楊赵趙吴吳周徐孙孫朱胡郭何林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖蕭蔡潘董袁叶葉蒋蔣杜苏蘇魏程吕呂沈任姚卢盧姜崔钟鍾谭譚陆陸汪范廖贾賈韦傅邹鄒熊孟秦邱侯尹薛闫闞莊詹賴";

/// Words that start with a sign of a family name.
static NO_NAMES: Words = Words::new(
    "周围 周圍 周期 周边 周邊 胡桃 任何 任意 许多 許多 程度 程序 何处 唐氏 杜氏 孟氏 林巴 曾有 曾经 曾經 \
     王国 叶间 葉間 罗音 陈旧 陳舊 韩国 熊去 苏醒 蘇醒 谢绝 沈降 范围 範囲 何时 姜黄 钟形 周辺 杨梅",
);

/// Korean family names, and what words that start with one of their signs go on with.
const KOREAN: &str = "김박최윤황송홍권";
const NO_KOREAN: &[&str] = &[
    "박동", "박리", "박테", "최대", "최소", "최종", "최근", "최초", "황색", "황달", "송과", "송신",
    "홍반", "홍채", "홍조", "윤활", "윤곽", "권고", "권장", "황반",
];

/// A name that nothing but its form tells, or an honorific behind it.
pub(super) fn apart(view: &View<'_>, at: usize) -> Found {
    let text = view.tokens[at].text(view.text);
    if !text.starts_with(is_cjk) || !free(view, at) || is_clinical(text) {
        return None;
    }
    let name = (2..=6).contains(&text.chars().count());
    let next = at + 2;
    let blank = view.kind(at + 1) == Some(Kind::Space);
    let second = view
        .tokens
        .get(next)
        .filter(|_| blank)
        .map(|t| t.text(view.text));
    let honoured = |word: Option<&str>| word.is_some_and(|w| CJK_HONORIFICS.has(w));
    if name && honoured(second) && free(view, next) {
        return Some((at, next + 1, "title"));
    }
    let kana = KANA.has(&katakana(text));
    let family = kana || JAPANESE.has(text);
    let given = second.filter(|w| {
        w.starts_with(is_cjk) && (1..=4).contains(&w.chars().count()) && !is_clinical(w)
    });
    if family && given.is_some() && free(view, next) {
        let third = view.tokens.get(at + 4).map(|t| t.text(view.text));
        let to = if honoured(third) { at + 5 } else { next + 1 };
        return Some((at, to, "family and given name"));
    }
    let whole = is_japanese(text) || is_chinese(text) || is_korean(text);
    whole.then_some((at, at + 1, "family and given name"))
}

/// Neither letters nor digits beside it.
fn free(view: &View<'_>, at: usize) -> bool {
    let glued = |i: Option<usize>| {
        i.and_then(|i| view.kind(i))
            .is_some_and(|k| matches!(k, Kind::Word | Kind::Number))
    };
    !glued(at.checked_sub(1)) && !glued(Some(at + 1))
}

fn is_japanese(text: &str) -> bool {
    let signs = text.chars().count();
    let cuts = text.char_indices().map(|(i, _)| i).skip(1);
    let named = cuts
        .filter(|i| text[*i..].chars().count() <= 3)
        .any(|i| JAPANESE.has(&text[..i]));
    // `前田式`: what is called after somebody.
    let thing = text.ends_with(['式', '法', '型', '病', '徴', '線', '症', '類']);
    (3..=6).contains(&signs) && named && !thing
}

fn is_chinese(text: &str) -> bool {
    let mut signs = text.chars();
    let family = signs.next().is_some_and(|c| CHINESE.contains(c));
    let han = |c: char| matches!(c as u32, 0x4E00..=0x9FFF);
    family
        && text.chars().count() == 3
        && text.chars().all(han)
        && !NO_NAMES.iter().any(|word| text.starts_with(word))
}

fn is_korean(text: &str) -> bool {
    let hangul = |c: char| matches!(c as u32, 0xAC00..=0xD7AF);
    text.starts_with(|c| KOREAN.contains(c))
        && text.chars().count() == 3
        && text.chars().all(hangul)
        && !NO_KOREAN.iter().any(|word| text.starts_with(word))
}

/// Hiragana as katakana.
fn katakana(text: &str) -> String {
    let wide = |c: char| match c as u32 {
        code @ 0x3041..=0x3096 => char::from_u32(code + 0x60).unwrap_or(c),
        _ => c,
    };
    text.chars().map(wide).collect()
}
