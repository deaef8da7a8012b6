//! [`Tones`]: turns gray samples into tones, through a table where that is faster.
//!
//! Samples of up to 16 bits have at most 65,536 values, so a window, however costly its formula,
//! is computed once a value and looked up once a pixel. Tables stay for the frames that follow.

use std::sync::{Arc, Mutex, PoisonError};

use crate::Samples;

use super::grayscale::{Curve, Grayscale};

/// Tables kept: a frame's, and some more for objects whose frames take turns.
const KEPT: usize = 4;

/// Under this many samples the formula costs less than a table of 16 bits.
const WORTH_A_TABLE: usize = 1 << 15;

/// The tables of one object.
#[derive(Debug, Default)]
pub(super) struct Tones {
    kept: Mutex<Vec<(Key, Arc<[u8]>)>>,
}

/// What a table was computed from.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    grayscale: Grayscale,
    curve: Curve,
    domain: Domain,
}

/// The stored values a table is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Domain {
    Byte,
    Unsigned { bits: u16 },
    Signed { bits: u16 },
}

impl Tones {
    /// The tone of each sample.
    pub(super) fn of(
        &self,
        samples: &Samples,
        bits_stored: u16,
        grayscale: &Grayscale,
        curve: &Curve,
    ) -> Vec<u8> {
        let tone = |stored: f64| grayscale.tone(curve, stored);
        let key = |domain| Key {
            grayscale: grayscale.clone(),
            curve: curve.clone(),
            domain,
        };
        let bits = bits_stored.clamp(1, 16);
        match samples {
            Samples::U8(samples) => {
                let table = self.table(&key(Domain::Byte));
                samples.iter().map(|s| table[usize::from(*s)]).collect()
            }
            Samples::U16(samples) if samples.len() >= WORTH_A_TABLE => {
                let table = self.table(&key(Domain::Unsigned { bits }));
                look_up(&table, samples, |s| *s)
            }
            Samples::I16(samples) if samples.len() >= WORTH_A_TABLE => {
                let table = self.table(&key(Domain::Signed { bits }));
                look_up(&table, samples, |s| *s as u16)
            }
            Samples::U16(samples) => samples.iter().map(|s| tone(f64::from(*s))).collect(),
            Samples::I16(samples) => samples.iter().map(|s| tone(f64::from(*s))).collect(),
            Samples::U32(samples) => samples.iter().map(|s| tone(f64::from(*s))).collect(),
            Samples::I32(samples) => samples.iter().map(|s| tone(f64::from(*s))).collect(),
            Samples::F32(samples) => samples.iter().map(|s| tone(f64::from(*s))).collect(),
            Samples::F64(samples) => samples.iter().map(|s| tone(*s)).collect(),
        }
    }

    fn table(&self, key: &Key) -> Arc<[u8]> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, table)) = kept.iter().find(|(known, _)| known == key) {
            return Arc::clone(table);
        }
        let table = compute(key);
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((key.clone(), Arc::clone(&table)));
        table
    }
}

/// Looks samples up in a table of 65,536 entries, which the length tells the compiler.
fn look_up<S>(table: &[u8], samples: &[S], index: impl Fn(&S) -> u16) -> Vec<u8> {
    match table.first_chunk::<65_536>() {
        Some(table) => samples
            .iter()
            .map(|s| table[usize::from(index(s))])
            .collect(),
        None => Vec::new(),
    }
}

/// The tones of a domain, indexed by the bits of the sample. Values beyond Bits Stored, which a
/// decoder does not give, take the tone of the nearest one.
fn compute(key: &Key) -> Arc<[u8]> {
    let tone = |stored: i32| key.grayscale.tone(&key.curve, f64::from(stored));
    match key.domain {
        Domain::Byte => (0..256).map(tone).collect(),
        Domain::Unsigned { bits } => {
            let mut table: Vec<u8> = (0..1 << bits).map(tone).collect();
            table.resize(65_536, tone((1 << bits) - 1));
            table.into()
        }
        Domain::Signed { bits } => {
            let half = 1_i32 << (bits - 1);
            let mut table = vec![tone(half - 1); 32_768];
            table.resize(65_536, tone(-half));
            for stored in -half..half {
                table[usize::from(stored as i16 as u16)] = tone(stored);
            }
            table.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::grayscale::{Modality, Polarity};
    use super::*;

    #[test]
    fn tables_and_formulas_agree_on_every_sample_type() {
        let tones = Tones::default();
        let grayscale = Grayscale {
            modality: Modality::Rescale {
                slope: 2.0,
                intercept: -100.0,
            },
            voi: None,
            polarity: Polarity::Inverse,
        };
        let curve = Curve::linear(300.0, 1700.0).unwrap();
        let of = |samples, bits| tones.of(&samples, bits, &grayscale, &curve);
        let many: Vec<i16> = (0..WORTH_A_TABLE as i32)
            .map(|v| (v % 4096 - 2048) as i16)
            .collect();
        let wanted: Vec<u8> = many
            .iter()
            .map(|v| grayscale.tone(&curve, f64::from(*v)))
            .collect();
        let wide: Vec<i32> = many.iter().map(|v| i32::from(*v)).collect();
        assert_eq!(of(Samples::I16(many.clone()), 12), wanted);
        assert_eq!(of(Samples::I16(many[..99].to_vec()), 12), wanted[..99]);
        assert_eq!(of(Samples::I32(wide.clone()), 32), wanted);
        assert_eq!(
            of(
                Samples::F64(wide.iter().map(|v| f64::from(*v)).collect()),
                64
            ),
            wanted
        );
        let unsigned: Vec<u16> = wide.iter().map(|v| (*v).max(0) as u16).collect();
        let wider: Vec<u32> = unsigned.iter().map(|v| u32::from(*v)).collect();
        assert_eq!(of(Samples::U16(unsigned), 12), of(Samples::U32(wider), 32));
        assert_eq!(
            of(Samples::U8(vec![255, 60]), 8),
            of(Samples::I32(vec![255, 60]), 32)
        );
    }

    #[test]
    fn samples_beyond_bits_stored_take_the_nearest_tone() {
        let grayscale = Grayscale {
            modality: Modality::IDENTITY,
            voi: None,
            polarity: Polarity::Normal,
        };
        let curve = Curve::ramp(-2048.0, 2047.0).unwrap();
        let tones = Tones::default();
        let mut samples = vec![0_i16; WORTH_A_TABLE];
        (samples[0], samples[1]) = (i16::MIN, i16::MAX);
        assert_eq!(
            tones.of(&Samples::I16(samples), 12, &grayscale, &curve)[..2],
            [0, 255]
        );
    }
}
