//! `OUT/.obscura`: what made this output, whether the run ended, and the lock.
//!
//! One output directory is made by one version, one policy, one key and one set of options; a run
//! with others is refused, so that the report is true of every file in it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::OutputError;
use super::atomic::{Access, Staged, Staging, write_whole};
use super::layout::DANGER_ORIGINALS;
use super::sync::Syncer;
use crate::exit::shown;

/// What decides how an output looks. Two runs may share a directory only if all of it is equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// The version of Obscura.
    pub(crate) version: String,
    /// The name of the policy.
    pub(crate) policy: String,
    /// What the policy does, in one line that no other policy has.
    pub(crate) policy_digest: String,
    /// A keyed fingerprint of the key: tells two keys apart, says nothing about either.
    pub(crate) key: String,
    /// The frames that are rendered.
    pub(crate) jpeg: String,
    /// JPEG quality.
    pub(crate) quality: u8,
    /// How text in the pixels is treated.
    pub(crate) pixels: String,
    /// SHA-256 of the team's own pixel rules; empty without.
    #[serde(default)]
    pub(crate) pixel_rules: String,
    /// Whether the tables of originals and pseudonyms are written.
    pub(crate) export_map: bool,
    /// Whether pictures of originals are kept and shown.
    #[serde(default)]
    pub(crate) show_originals: bool,
}

/// The file `run.json`.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    settings: Settings,
    ended: bool,
    /// Identifies the boot of the machine: after a crash of the machine, and only then, files that
    /// were written without a sync may be empty.
    boot: Option<String>,
}

/// How far what stands in the output can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The former run ended and was synced, or the machine has run since: sizes are enough.
    Sizes,
    /// The machine may have crashed: contents are compared.
    Contents,
}

/// An output directory, locked for one run.
#[derive(Debug)]
pub(crate) struct OutDir {
    /// The directory.
    pub(crate) path: PathBuf,
    /// Its place of temporary files.
    staging: Staging,
    syncer: Syncer,
    /// How far the former run's files can be trusted.
    pub(crate) trust: Trust,
    settings: Settings,
    _lock: File,
}

impl OutDir {
    /// Makes or opens the directory, refuses a foreign or mixed one, and locks it.
    pub(crate) fn open(path: &Path, settings: Settings) -> Result<Self, OutputError> {
        let failed = |source| OutputError::Write {
            path: shown(path),
            source,
        };
        fs::create_dir_all(path).map_err(failed)?;
        let hidden = path.join(".obscura");
        let former = read_record(&hidden.join("run.json"))?;
        if former.is_none() {
            refuse_foreign(path).map_err(failed)??;
        }
        make_private(&hidden).map_err(failed)?;
        let lock = lock(&hidden.join("lock"), path)?;
        let mut trust = Trust::Sizes;
        if let Some(former) = former {
            if let Some(what) = difference(&former.settings, &settings) {
                return Err(OutputError::Mixed {
                    path: shown(path),
                    what,
                });
            }
            if !former.ended && (former.boot.is_none() || former.boot != boot()) {
                trust = Trust::Contents;
            }
        }
        let staging = Staging::open(hidden.join("tmp")).map_err(failed)?;
        let syncer = Syncer::of(&hidden.join("lock")).map_err(failed)?;
        let out = Self {
            path: path.to_owned(),
            staging,
            syncer,
            trust,
            settings,
            _lock: lock,
        };
        out.record(false, File::sync_all)?;
        Ok(out)
    }

    /// Writes a file that has no name yet and says who may read it.
    pub(crate) fn write(&self, bytes: &[u8], access: Access) -> io::Result<Staged> {
        let staged = self.staging.write(bytes, access)?;
        self.syncer.written(bytes.len() as u64);
        Ok(staged)
    }

    /// Brings everything to the disk and records that the run ended. The record takes its place
    /// after the one sync that brings it there with all the rest.
    pub(crate) fn ended(&self) -> Result<(), OutputError> {
        self.record(true, |_| self.syncer.finish())
    }

    /// What decides how this output looks.
    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    fn record(
        &self,
        ended: bool,
        sync: impl FnOnce(&File) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        let path = self.path.join(".obscura").join("run.json");
        let record = Record {
            settings: self.settings.clone(),
            ended,
            boot: boot(),
        };
        serde_json::to_vec_pretty(&record)
            .map_err(io::Error::from)
            .and_then(|bytes| write_whole(&path, &bytes, Access::Owner, sync))
            .map_err(|source| OutputError::Write {
                path: shown(&path),
                source,
            })
    }
}

fn read_record(path: &Path) -> Result<Option<Record>, OutputError> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|e| OutputError::Damaged {
                path: shown(path),
                line: e.line() as u64,
            }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(OutputError::Write {
            path: shown(path),
            source,
        }),
    }
}

/// A directory without our record must not hold what we would write over.
fn refuse_foreign(path: &Path) -> io::Result<Result<(), OutputError>> {
    let written = [
        "dicom",
        "jpeg",
        DANGER_ORIGINALS,
        "manifest.jsonl",
        "report.html",
    ];
    for name in written {
        if path.join(name).try_exists()? {
            return Ok(Err(OutputError::Foreign { path: shown(path) }));
        }
    }
    Ok(Ok(()))
}

fn make_private(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn lock(path: &Path, out: &Path) -> Result<File, OutputError> {
    let failed = |source| OutputError::Write {
        path: shown(path),
        source,
    };
    let file = Access::Owner
        .options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(OutputError::Locked { path: shown(out) }),
        // Some network file systems have no locks; a run alone works there too.
        Err(fs::TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => Ok(file),
        Err(fs::TryLockError::Error(e)) => Err(failed(e)),
    }
}

fn difference(former: &Settings, now: &Settings) -> Option<String> {
    let option = |name: &str, former: &dyn std::fmt::Display| Some(format!("{name} {former}"));
    if former.version != now.version {
        option("version", &former.version)
    } else if former.policy_digest != now.policy_digest {
        if former.policy == now.policy {
            Some(format!("another edition of the policy {}", former.policy))
        } else {
            option("the policy", &former.policy)
        }
    } else if former.key != now.key {
        Some("another key".to_owned())
    } else if former.jpeg != now.jpeg {
        option("--jpeg", &former.jpeg)
    } else if former.quality != now.quality {
        option("--quality", &former.quality)
    } else if former.pixels != now.pixels {
        option("--pixels", &former.pixels)
    } else if former.pixel_rules != now.pixel_rules {
        let what = match (former.pixel_rules.as_str(), now.pixel_rules.as_str()) {
            ("", _) => "no --pixel-rules",
            (_, "") => "--pixel-rules",
            _ => "another file of --pixel-rules",
        };
        Some(what.to_owned())
    } else if former.export_map != now.export_map {
        Some(
            if former.export_map {
                "--export-map"
            } else {
                "no --export-map"
            }
            .to_owned(),
        )
    } else if former.show_originals != now.show_originals {
        Some(
            if former.show_originals {
                "--danger-show-originals"
            } else {
                "no --danger-show-originals"
            }
            .to_owned(),
        )
    } else {
        None
    }
}

#[cfg(target_os = "linux")]
fn boot() -> Option<String> {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .ok()
        .map(|id| id.trim().to_owned())
}

#[cfg(not(target_os = "linux"))]
fn boot() -> Option<String> {
    None
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn settings() -> Settings {
        Settings {
            version: "0.1.0".to_owned(),
            policy: "research".to_owned(),
            policy_digest: "00".to_owned(),
            key: "K".to_owned(),
            jpeg: "all".to_owned(),
            quality: 90,
            pixels: "off".to_owned(),
            pixel_rules: String::new(),
            export_map: false,
            show_originals: false,
        }
    }

    #[test]
    fn an_output_is_made_with_one_key_and_one_policy() {
        let dir = tempfile::tempdir().unwrap();
        drop(OutDir::open(dir.path(), settings()).unwrap());
        drop(OutDir::open(dir.path(), settings()).unwrap());
        let others = [
            Settings {
                key: "L".to_owned(),
                ..settings()
            },
            Settings {
                policy_digest: "01".to_owned(),
                ..settings()
            },
            Settings {
                version: "0.2.0".to_owned(),
                ..settings()
            },
            Settings {
                jpeg: "none".to_owned(),
                ..settings()
            },
            Settings {
                quality: 91,
                ..settings()
            },
            Settings {
                pixels: "x".to_owned(),
                ..settings()
            },
            Settings {
                pixel_rules: "00".to_owned(),
                ..settings()
            },
            Settings {
                export_map: true,
                ..settings()
            },
            Settings {
                show_originals: true,
                ..settings()
            },
        ];
        for other in others {
            let error = OutDir::open(dir.path(), other).unwrap_err();
            assert!(matches!(error, OutputError::Mixed { .. }));
        }
    }

    #[test]
    fn a_directory_of_something_else_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("dicom")).unwrap();
        let error = OutDir::open(dir.path(), settings()).unwrap_err();
        assert!(matches!(error, OutputError::Foreign { .. }));
        assert!(!dir.path().join(".obscura").exists());
    }

    #[test]
    fn two_runs_never_write_to_one_output() {
        let dir = tempfile::tempdir().unwrap();
        let first = OutDir::open(dir.path(), settings()).unwrap();
        let error = OutDir::open(dir.path(), settings()).unwrap_err();
        assert!(matches!(error, OutputError::Locked { .. }));
        drop(first);
        assert!(OutDir::open(dir.path(), settings()).is_ok());
    }

    #[test]
    fn after_a_crash_of_the_machine_contents_are_compared() {
        let dir = tempfile::tempdir().unwrap();
        let out = OutDir::open(dir.path(), settings()).unwrap();
        let path = dir.path().join(".obscura/run.json");
        drop(out);
        let text = fs::read_to_string(&path).unwrap();
        let mut record: serde_json::Value = serde_json::from_str(&text).unwrap();
        record["boot"] = "another".into();
        fs::write(&path, record.to_string()).unwrap();
        let out = OutDir::open(dir.path(), settings()).unwrap();
        assert_eq!(out.trust, Trust::Contents);
        out.ended().unwrap();
        drop(out);
        assert_eq!(
            OutDir::open(dir.path(), settings()).unwrap().trust,
            Trust::Sizes
        );
    }
}
