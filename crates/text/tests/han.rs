//! Names in Han, kana and Hangul that nothing but their form or an honorific tells.

mod common;

use common::clean;
use obscura_text::Context;

#[test]
fn names_that_stand_apart_go() {
    for (text, expected) in [
        ("MR BRAIN 山田太郎", "MR BRAIN"),
        ("MR BRAIN 佐藤 花子", "MR BRAIN"),
        ("MR BRAIN 王建国", "MR BRAIN"),
        ("MR BRAIN 김민준", "MR BRAIN"),
        ("MR BRAIN やまだ たろう", "MR BRAIN"),
        ("CHEST ヤマダ ハナコ", "CHEST"),
        ("山田太郎 様", ""),
        ("たろう 様 CT", "CT"),
        ("박서연 님 CT", "님 CT"),
    ] {
        for context in [Context::Descriptor, Context::Prose] {
            assert_eq!(clean(text, context), expected, "{text}");
        }
    }
}

#[test]
fn words_of_an_examination_stay() {
    for text in [
        "頭部CT 単純",
        "胸部正面",
        "膝関節 正面",
        "上腹部超音波",
        "颅脑平扫",
        "周围型 肺癌",
        "高血压 病史",
        "任何 时间",
        "胡桃夹 综合征",
        "최대치 측정",
        "박동성 종괴",
        "황달 증상",
        "흉부 정면",
        "前田式 分類",
        "造影 あり",
    ] {
        assert_eq!(clean(text, Context::Descriptor), text);
    }
}
