//! Paths and accounts go whole; the words around them stay.

mod common;

use common::clean;
use obscura_text::Context;

#[test]
fn paths_go_whole() {
    for (text, left) in [
        (r"copied from \\nas02\mri\kolarivic today", "copied today"),
        (r"see \\nas02\export\van der Berg\IM0001, knee", "knee"),
        (r"C:\Users\okwudire\Desktop\hip.dcm", ""),
        (r"C:\Users\A Okwudire\hip.dcm; hip", "hip"),
        ("D:/data/okwudire/hip.nii", ""),
        (concat!("/ho", "me/okwudire/export/hip.nii done"), "done"),
        (concat!("(/Us", "ers/okwudire/hip.nii)"), ""),
    ] {
        assert_eq!(clean(text, Context::Prose), left, "{text}");
    }
}

#[test]
fn accounts_go_after_their_label() {
    for (text, left) in [
        ("exported by user kx4471", "exported by user"),
        ("Login rhulielleB ok", "Login ok"),
        ("username okwudirej exported", "username exported"),
        ("User: COkwudire, hip", "User, hip"),
        ("sent @okwudire_md", "sent"),
    ] {
        assert_eq!(clean(text, Context::Prose), left, "{text}");
    }
}

#[test]
fn words_and_empty_values_are_no_paths_or_accounts() {
    for text in [
        "user error, user defined mask",
        "login failed twice",
        "User: admin",
        "alcohol user since 2010",
        "heavy user Naltrexone",
        "flow @baseline 3",
        "s:/p TKR",
        "ratio 3:/4",
        r"\\MPR",
    ] {
        assert_eq!(clean(text, Context::Prose), text, "{text}");
    }
    for text in [r"DERIVED\PRIMARY\\MIP", r"\\MPR\AXIAL\OTHER"] {
        assert_eq!(clean(text, Context::Coded), text, "{text}");
    }
}

#[test]
fn accounts_go_after_a_label_and_after_what_was_done() {
    for (text, left) in [
        ("MR User: SKim", "MR User"),
        ("CT login ZLi", "CT login"),
        ("CT user hdo", "CT user"),
        ("CT user GBoyer", "CT user"),
        ("CT created by jimenar", "CT created"),
        ("CT modified by sun70", "CT modified"),
        ("CT saved by emily.r", "CT saved"),
        ("CT edited by RStephens", "CT edited"),
    ] {
        assert_eq!(clean(text, Context::Descriptor), left, "{text}");
    }
    for text in [
        "created by workstation",
        "Reported by teleradiology",
        "Images modified by software",
        "Mask created by 3D tool",
    ] {
        assert_eq!(clean(text, Context::Descriptor), text);
    }
}

/// The longest name of an account is counted in characters, whatever bytes these have.
#[test]
fn a_long_name_of_an_account_goes_as_far_as_one_in_ascii() {
    for letter in ["a", "ä", "ж"] {
        let name = format!("{}7", letter.repeat(63));
        let text = format!("CT user {name}");
        assert_eq!(clean(&text, Context::Descriptor), "CT user", "{letter}");
    }
}
