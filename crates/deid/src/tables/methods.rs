//! PS3.16 CID 7050 "De-identification Method": the codes that say which profile and options ran.

use super::generated::methods::CODES;

/// The coding scheme of all codes of CID 7050.
pub const SCHEME: &str = "DCM";
/// Basic Application Confidentiality Profile.
pub const BASIC_PROFILE: &str = "113100";
/// De-identifying Equipment, the purpose of reference in the Contributing Equipment Sequence
/// (CID 7005).
pub const DEIDENTIFYING_EQUIPMENT: (&str, &str) = ("109104", "De-identifying Equipment");

/// All codes of CID 7050 with their meanings, in ascending order.
pub fn codes() -> &'static [(&'static str, &'static str)] {
    &CODES
}

/// The code meaning of a code value of CID 7050, or nothing for another code.
pub fn method_meaning(code: &str) -> &'static str {
    code_meaning(code).unwrap_or_default()
}

/// The code meaning of a code value of CID 7050.
pub fn code_meaning(code: &str) -> Option<&'static str> {
    let at = CODES.binary_search_by_key(&code, |(value, _)| value).ok()?;
    Some(CODES[at].1)
}
