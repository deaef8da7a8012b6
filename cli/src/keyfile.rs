//! Key files: where the user's own key lives, how one is made and how one is read.
//!
//! A key file holds 64 hexadecimal digits and is readable by its owner only. It is made complete
//! under another name and then linked to its own, so that nobody ever reads half a key and an
//! existing key is never overwritten.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use miette::Diagnostic;
use obscura_core::{KeyError, PseudonymKey};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::exit::shown;

/// Why there is no key.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum KeyFileError {
    /// Neither `XDG_CONFIG_HOME` nor `HOME` says where the key lives.
    #[error("there is no configuration directory for your key: HOME is not set")]
    #[diagnostic(help("name a key file with --key FILE, or use --key none"))]
    NoHome,
    /// The file cannot be read.
    #[error("the key file {path} cannot be read")]
    #[diagnostic(help(
        "make one with `obscura key new {path}`, or leave out --key to use your own"
    ))]
    Read {
        path: String,
        #[source]
        source: io::Error,
    },
    /// Others can read it.
    #[error("the key file {path} can be read by others (mode {mode:04o})")]
    #[diagnostic(help(
        "a key that others have read undoes the pseudonyms; if nobody has, `chmod 600 {path}`"
    ))]
    Exposed { path: String, mode: u32 },
    /// Not a key.
    #[error("{path} does not hold a key")]
    Parse {
        path: String,
        #[source]
        source: KeyError,
    },
    /// It exists already.
    #[error("{path} exists already")]
    #[diagnostic(help(
        "a key is never overwritten: without it the pseudonyms made from it cannot be made again"
    ))]
    Exists { path: String },
    /// It cannot be written.
    #[error("the key file {path} cannot be written")]
    Write {
        path: String,
        #[source]
        source: io::Error,
    },
    /// No randomness.
    #[error("the system gives no random bytes: {0}")]
    Random(getrandom::Error),
}

/// A key and where it comes from.
#[derive(Debug)]
pub(crate) struct ChosenKey {
    /// The key.
    pub(crate) key: PseudonymKey,
    /// Its origin, for the report.
    pub(crate) origin: KeyOrigin,
}

/// Where a key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyOrigin {
    /// A file that was named.
    File,
    /// The user's own key.
    Own,
    /// The user's own key, made just now at this path.
    Made(PathBuf),
    /// A key for this run alone.
    Forgotten,
}

impl KeyOrigin {
    /// For the report; says nothing about where the file is.
    pub(crate) const fn describe(&self) -> &'static str {
        match self {
            Self::File => "a key file that was named",
            Self::Own | Self::Made(_) => "the user's own key file",
            Self::Forgotten => "a key for this run alone, forgotten at its end",
        }
    }
}

/// The key that `--key` asks for; without it the user's own, made on first use.
pub(crate) fn choose(option: Option<&Path>) -> Result<ChosenKey, KeyFileError> {
    match option {
        Some(path) if path == Path::new("none") => Ok(ChosenKey {
            key: random_key()?,
            origin: KeyOrigin::Forgotten,
        }),
        Some(path) => Ok(ChosenKey {
            key: read(path)?,
            origin: KeyOrigin::File,
        }),
        None => own_key(&own_path()?),
    }
}

/// The path of the user's own key.
pub(crate) fn own_path() -> Result<PathBuf, KeyFileError> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
    };
    let directory = absolute("XDG_CONFIG_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".config")))
        .or_else(|| absolute("APPDATA"))
        .ok_or(KeyFileError::NoHome)?;
    Ok(directory.join("obscura").join("key"))
}

fn own_key(path: &Path) -> Result<ChosenKey, KeyFileError> {
    match read(path) {
        Err(KeyFileError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
        other => {
            return Ok(ChosenKey {
                key: other?,
                origin: KeyOrigin::Own,
            });
        }
    }
    match create(path) {
        Ok(key) => Ok(ChosenKey {
            key,
            origin: KeyOrigin::Made(path.to_owned()),
        }),
        // Another process made it in the meantime; both must use the same one.
        Err(KeyFileError::Exists { .. }) => Ok(ChosenKey {
            key: read(path)?,
            origin: KeyOrigin::Own,
        }),
        Err(error) => Err(error),
    }
}

/// Reads a key file that only its owner can read.
pub(crate) fn read(path: &Path) -> Result<PseudonymKey, KeyFileError> {
    let failed = |source| KeyFileError::Read {
        path: shown(path),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    refuse_exposed(&file, path)?;
    let mut text = Zeroizing::new(String::with_capacity(256));
    file.take(200).read_to_string(&mut text).map_err(failed)?;
    PseudonymKey::from_hex(&text).map_err(|source| KeyFileError::Parse {
        path: shown(path),
        source,
    })
}

/// Makes a new key file, never over an existing one, and gives the key.
pub(crate) fn create(path: &Path) -> Result<PseudonymKey, KeyFileError> {
    let failed = |source| KeyFileError::Write {
        path: shown(path),
        source,
    };
    if fs::symlink_metadata(path).is_ok() {
        return Err(KeyFileError::Exists { path: shown(path) });
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    make_private_dir(directory).map_err(failed)?;
    let key = random_key()?;
    let draft = directory.join(draft_name());
    let written = write_private(&draft, &key).and_then(|()| publish(&draft, path));
    let removed = fs::remove_file(&draft);
    match written {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            Err(KeyFileError::Exists { path: shown(path) })
        }
        Err(e) => Err(failed(e)),
        Ok(Draft::Linked) => removed.map(|()| key).map_err(failed),
        Ok(Draft::Moved) => Ok(key),
    }
}

/// A name that no other process or thread uses.
fn draft_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(".obscura-key-{}-{count}.tmp", std::process::id())
}

/// What became of the draft.
enum Draft {
    /// The key is a second name of it.
    Linked,
    /// It was renamed to the key.
    Moved,
}

/// Gives the draft its name. A link fails if the name is taken; where a file system has no links
/// the name was looked at before.
fn publish(draft: &Path, path: &Path) -> io::Result<Draft> {
    match fs::hard_link(draft, path) {
        Ok(()) => Ok(Draft::Linked),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(e),
        Err(_) => fs::rename(draft, path).map(|()| Draft::Moved),
    }
}

fn write_private(path: &Path, key: &PseudonymKey) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let text = Zeroizing::new(format!("{}\n", *Zeroizing::new(key.to_hex())));
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn make_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(unix)]
fn refuse_exposed(file: &File, path: &Path) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = file.metadata().map_err(|source| KeyFileError::Read {
        path: shown(path),
        source,
    })?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::Exposed {
            path: shown(path),
            mode,
        });
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_exposed(_file: &File, _path: &Path) -> Result<(), KeyFileError> {
    // Access control lists of other systems are the administrator's; the profile directory is
    // private by default.
    Ok(())
}

fn random_key() -> Result<PseudonymKey, KeyFileError> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut()).map_err(KeyFileError::Random)?;
    Ok(PseudonymKey::from_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sub/key");
        let first = own_key(&path).unwrap();
        assert_eq!(first.origin, KeyOrigin::Made(path.clone()));
        let second = own_key(&path).unwrap();
        assert_eq!(second.origin, KeyOrigin::Own);
        assert_eq!(first.key.to_hex(), second.key.to_hex());
        assert!(matches!(create(&path), Err(KeyFileError::Exists { .. })));
        let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(names.len(), 1, "no draft is left behind");
    }

    #[test]
    fn many_processes_at_first_use_agree_on_one_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let keys: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| own_key(&path))).collect();
            threads
                .into_iter()
                .map(|t| t.join().unwrap().unwrap().key.to_hex())
                .collect()
        });
        assert!(keys.iter().all(|k| *k == keys[0]));
        assert_eq!(read(&path).unwrap().to_hex(), keys[0]);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_is_private_and_an_exposed_one_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        create(&path).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
            0o600
        );
        for mode in [0o640, 0o604, 0o644, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(
                matches!(read(&path), Err(KeyFileError::Exposed { .. })),
                "{mode:o}"
            );
        }
    }

    #[test]
    fn what_is_not_a_key_is_refused_without_its_text() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        for text in ["", "hunter2", &"00".repeat(32), &"ab".repeat(5000)] {
            fs::write(&path, text).unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            }
            let error = read(&path).unwrap_err();
            assert!(matches!(error, KeyFileError::Parse { .. }));
            assert!(!crate::exit::render(&error).contains("hunter2"));
        }
    }
}
