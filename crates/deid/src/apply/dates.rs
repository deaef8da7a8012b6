//! Moving dates by a patient's number of days (Retain Longitudinal Temporal Information with
//! Modified Dates Option, PS3.15 E.3.6).
//!
//! DA and DT values are moved, TM stays: the shift is a whole number of weeks, so the time of day,
//! the weekday and every interval are what they were. A value that is not a date cannot be moved
//! and gives `None`; the caller then removes it.

/// Moves a DA value (PS3.5 6.2): `YYYYMMDD`, the older `YYYY.MM.DD`, `YYYY-MM-DD`, partial
/// `YYYYMM` and `YYYY`, ranges `a-b`, and a date with a time of day behind it.
/// `value` is one value without padding.
pub(crate) fn shift_date(value: &str, days: i32) -> Option<String> {
    shift_date_time(value, days)
}

/// Moves a DT value (PS3.5 6.2): `YYYYMMDDHHMMSS.FFFFFF&ZZXX`, any shorter form, and ranges.
pub(crate) fn shift_date_time(value: &str, days: i32) -> Option<String> {
    let value = value.trim_matches([' ', '\0']);
    if let Some(separated) = shift_separated(value, days) {
        return Some(separated);
    }
    let (first, second) = split_range(value);
    let mut moved = String::with_capacity(value.len());
    match (first, second) {
        ("", None) => return None,
        (first, None) => moved.push_str(&shift_one(first, days)?),
        (first, Some(second)) => {
            if first.is_empty() && second.is_empty() {
                return None;
            }
            if !first.is_empty() {
                moved.push_str(&shift_one(first, days)?);
            }
            moved.push('-');
            if !second.is_empty() {
                moved.push_str(&shift_one(second, days)?);
            }
        }
    }
    Some(moved)
}

/// Splits a range at its hyphen. A hyphen with exactly four digits behind it is an offset from
/// UTC and belongs to its value.
fn split_range(value: &str) -> (&str, Option<&str>) {
    for (at, _) in value.match_indices('-') {
        let behind = &value[at + 1..];
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        if at == 0 || behind.is_empty() || digits >= 8 || (digits == 6 && at == 6) {
            return (&value[..at], Some(behind));
        }
        if digits == 4 && at == 4 && behind.len() == 4 {
            return (&value[..at], Some(behind));
        }
    }
    (value, None)
}

fn shift_one(value: &str, days: i32) -> Option<String> {
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &value[digits..];
    if !is_fraction_and_zone(rest) {
        return None;
    }
    match digits {
        4 => {
            let (year, ..) = civil(days_of(number(&value[..4])?, 7, 1)? + i64::from(days));
            Some(format!("{year:04}{rest}"))
        }
        6 => {
            let middle = days_of(number(&value[..4])?, number(&value[4..6])?, 15)?;
            let (year, month, _) = civil(middle + i64::from(days));
            Some(format!("{year:04}{month:02}{rest}"))
        }
        8 | 10 | 12 | 14 => {
            let moved = shift_eight(&value[..4], &value[4..6], &value[6..8], days)?;
            Some(format!(
                "{:04}{:02}{:02}{}",
                moved.0,
                moved.1,
                moved.2,
                &value[8..]
            ))
        }
        _ => None,
    }
}

/// What may follow the digits of a DT: a fraction of a second, and the offset from UTC, `&ZZXX`.
fn is_fraction_and_zone(rest: &str) -> bool {
    let zone = rest.strip_prefix('.').map_or(rest, |fraction| {
        fraction.trim_start_matches(|c: char| c.is_ascii_digit())
    });
    let Some(hours) = zone.strip_prefix(['+', '-']) else {
        return zone.is_empty();
    };
    hours.len() == 4 && hours.bytes().all(|c| c.is_ascii_digit())
}

/// A date with marks between its parts, alone or with a time of day behind it (ISO 8601).
fn shift_separated(value: &str, days: i32) -> Option<String> {
    if !value.is_ascii() || value.len() < 10 {
        return None;
    }
    let (value, time) = value.split_at(10);
    let is_time = |c: u8| c.is_ascii_digit() || matches!(c, b':' | b'.' | b'+' | b'-' | b'Z');
    let clock = time
        .strip_prefix(['T', ' '])
        .unwrap_or(if time.is_empty() { "" } else { "x" });
    if !clock.bytes().all(is_time) {
        return None;
    }
    let bytes = value.as_bytes();
    let separator = bytes[4];
    if !matches!(separator, b'.' | b'-' | b'/' | b':') || bytes[7] != separator {
        return None;
    }
    let (year, month, day) = shift_eight(&value[..4], &value[5..7], &value[8..], days)?;
    let separator = char::from(separator);
    Some(format!(
        "{year:04}{separator}{month:02}{separator}{day:02}{time}"
    ))
}

fn shift_eight(year: &str, month: &str, day: &str, days: i32) -> Option<(i64, i64, i64)> {
    let moved = civil(days_of(number(year)?, number(month)?, number(day)?)? + i64::from(days));
    (1..=9999).contains(&moved.0).then_some(moved)
}

fn number(digits: &str) -> Option<i64> {
    if digits.bytes().all(|c| c.is_ascii_digit()) {
        digits.parse().ok()
    } else {
        None
    }
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar; `None` if there is no
/// such day. The year begins in March here, so that the leap day is its last.
fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) || year < 1 {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The date of a number of days since 1970-01-01: the inverse of [`days_of`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_form_move_and_keep_their_form() {
        for (value, days, moved) in [
            ("20160301", -7, "20160223"),
            ("20160229", -364, "20150302"),
            ("2016.03.01", -1, "2016.02.29"),
            ("2016-03-01", -1, "2016-02-29"),
            ("20160301 ", -7, "20160223"),
            ("20160101-20160108", -7, "20151225-20160101"),
            ("20160101-", -1, "20151231-"),
            ("-20160101", -1, "-20151231"),
            ("2016", -364, "2015"),
            ("201601", -364, "201501"),
            ("20160101101112", -1, "20151231101112"),
        ] {
            assert_eq!(shift_date(value, days).as_deref(), Some(moved), "{value}");
        }
    }

    #[test]
    fn date_times_keep_their_time_and_offset() {
        for (value, moved) in [
            ("20170410084750.123000", "20170403084750.123000"),
            ("20170410084750-0500", "20170403084750-0500"),
            ("20170410+0200", "20170403+0200"),
            ("2017-04-10", "2017-04-03"),
            ("2017-04-10T08:47:50Z", "2017-04-03T08:47:50Z"),
            ("2017041008-2017041109", "2017040308-2017040409"),
            ("20170410-0500-20170411-0500", "20170403-0500-20170404-0500"),
        ] {
            assert_eq!(
                shift_date_time(value, -7).as_deref(),
                Some(moved),
                "{value}"
            );
        }
    }

    #[test]
    fn what_is_no_date_is_not_moved() {
        for value in [
            "",
            "-",
            "unknown",
            "20161345",
            "20170229",
            "00000000",
            "2016030",
            "20160301x",
            "99",
            "2017-02-31",
            "2017-13",
            "2017-04-10 by Smith",
        ] {
            assert_eq!(shift_date(value, -7), None, "{value}");
        }
    }

    proptest::proptest! {
        /// PS3.15 E.3.6: intervals stay, so moving there and back is the identity.
        #[test]
        fn moving_back_gives_the_date(days in 0_i64..3_000_000, shift in -3640_i32..=-364) {
            let (y, m, d) = civil(days - 700_000);
            proptest::prop_assume!((20..=9990).contains(&y));
            let value = format!("{y:04}{m:02}{d:02}");
            let moved = shift_date(&value, shift).unwrap();
            proptest::prop_assert_ne!(&moved, &value);
            proptest::prop_assert_eq!(shift_date(&moved, -shift).unwrap(), value);
        }

        #[test]
        fn no_text_panics(value in "\\PC{0,30}") {
            let _ = (shift_date(&value, -7), shift_date_time(&value, -3640));
        }
    }
}
