//! The stated names of stations and gantries go; settings that look like them stay.

use obscura_text::{Cleaner, Context, Harvest, IdentifierKind, Strength};

fn clean(station: &str, text: &str) -> String {
    let mut harvest = Harvest::new();
    harvest.add(IdentifierKind::DeviceSerial, station);
    Cleaner::new(&harvest)
        .clean(text, Context::Descriptor)
        .text
        .into_owned()
}

#[test]
fn stations_go_whole() {
    for (station, text, left) in [
        ("LGHMR1", "Station LGHMR1 rebooted", "Station rebooted"),
        ("LGHMR1", "T2_LGHMR1_sag", "T2_sag"),
        ("LGHMR1", "lghmr1 axial", "axial"),
        ("CTOAK04", "Station CTOAK04 rebooted", "Station rebooted"),
        ("CT77", "CT77 chest, 77 ml", "chest, 77 ml"),
        ("MR2", "MR2 KNEE", "KNEE"),
        ("GX12", "gantry GX12 failed", "gantry failed"),
    ] {
        assert_eq!(clean(station, text), left, "{station}: {text}");
    }
}

#[test]
fn settings_and_levels_stay_whatever_a_station_is_called() {
    for (station, text) in [
        ("T2", "MR T2 SAG"),
        ("L5", "CT L5 S1"),
        ("3D", "3D TOF"),
        ("B30F", "kernel B30f"),
        ("CT77", "CT 77 slices"),
        ("MR2", "MR 2 mm"),
        ("CHEST1", "CHEST1 AP"),
    ] {
        assert_eq!(clean(station, text), text, "{station}");
    }
}

/// The scan of what was written looks for the ones that nothing else can mean.
#[test]
fn telling_stations_are_strong_needles() {
    let strong = |station: &str| {
        let mut harvest = Harvest::new();
        harvest.add(IdentifierKind::DeviceSerial, station);
        harvest.needles().any(|n| n.strength == Strength::Strong)
    };
    assert!(strong("LGHMR1") && strong("CTOAK04"));
    assert!(!strong("CT77") && !strong("T2") && !strong("CHEST1"));
}
