//! The walk over what was given: sorted, each directory once, no loops, never into the output.

use std::collections::HashSet;
use std::fs::{self, FileType};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::Diagnostic;
use obscura_core::{Limits, Reason};
use thiserror::Error;

use super::{Input, Location, Source, lossless, zip};
use crate::exit::shown;

/// Why a walk cannot begin.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum WalkError {
    /// A path that was given does not exist or cannot be looked at.
    #[error("{path} cannot be read")]
    Missing {
        path: String,
        #[source]
        source: io::Error,
    },
    /// The output is one of the inputs.
    #[error("{path} is the output directory or a part of what was written there")]
    #[diagnostic(help("give the directory of the originals, and another one with --out"))]
    IsOutput { path: String },
}

/// A walk, checked and ready.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    sources: Vec<Arc<Source>>,
    roots: Vec<PathBuf>,
    excluded: Option<DirId>,
    limits: Limits,
}

/// Whatever takes what the walk finds; it ends the walk by [`ControlFlow::Break`].
type Sink<'a> = dyn FnMut(Input) -> ControlFlow<()> + 'a;

impl Walk {
    /// Looks at each path; `out`, if it exists, is left out of the walk.
    pub(crate) fn new(
        paths: &[PathBuf],
        out: Option<&Path>,
        limits: Limits,
    ) -> Result<Self, WalkError> {
        let out = out.and_then(|out| fs::canonicalize(out).ok());
        let mut sources = Vec::new();
        let mut roots = Vec::new();
        for given in paths {
            let canonical = fs::canonicalize(given).map_err(|source| WalkError::Missing {
                path: shown(given),
                source,
            })?;
            if out.as_deref().is_some_and(|out| is_output(&canonical, out)) {
                return Err(WalkError::IsOutput { path: shown(given) });
            }
            sources.push(Arc::new(Source {
                given: given.clone(),
                canonical: lossless(canonical.as_os_str()),
            }));
            roots.push(canonical);
        }
        let excluded = out.and_then(|out| DirId::of(&out).ok());
        Ok(Self {
            sources,
            roots,
            excluded,
            limits,
        })
    }

    /// Gives every input to `sink`, in an order that only depends on the names.
    pub(crate) fn run(&self, sink: &mut Sink<'_>) {
        for (source, root) in self.sources.iter().zip(&self.roots) {
            let mut branch = Branch {
                source,
                root,
                walk: self,
                linked: HashSet::new(),
                sink: &mut *sink,
            };
            if branch.root().is_break() {
                return;
            }
        }
    }
}

/// The output itself, or one of the directories a run writes.
fn is_output(path: &Path, out: &Path) -> bool {
    path == out
        || path.strip_prefix(out).is_ok_and(|below| {
            let first = below.components().next().map(|c| c.as_os_str().to_owned());
            first.is_some_and(|f| ["dicom", "jpeg", ".obscura"].iter().any(|name| f == *name))
                && out.join(".obscura").join("run.json").exists()
        })
}

/// The walk below one of the given paths.
struct Branch<'a, 's> {
    source: &'a Arc<Source>,
    root: &'a Path,
    walk: &'a Walk,
    /// Directories outside the given path that a link led to.
    linked: HashSet<DirId>,
    sink: &'a mut Sink<'s>,
}

/// One directory that is being walked: its entries still to come, last first.
struct Level {
    prefix: String,
    path: PathBuf,
    rest: Vec<(std::ffi::OsString, io::Result<FileType>)>,
}

impl Branch<'_, '_> {
    fn root(&mut self) -> ControlFlow<()> {
        let given = self.source.given.clone();
        match fs::metadata(&given) {
            Ok(metadata) if metadata.is_dir() => self.directory(&given),
            Ok(metadata) => {
                let name = given.file_name().or(self.root.file_name()).map(lossless);
                let name = name.unwrap_or_default();
                let archive = zip::has_signature(&given);
                self.file(given, name, metadata.file_type(), archive)
            }
            Err(error) => self.refuse(String::new(), &error),
        }
    }

    /// Walks a directory without recursion: a deep tree costs memory, never the stack.
    fn directory(&mut self, path: &Path) -> ControlFlow<()> {
        let mut levels = Vec::new();
        self.enter(path.to_owned(), String::new(), &mut levels)?;
        while let Some(level) = levels.last_mut() {
            let Some((name, kind)) = level.rest.pop() else {
                levels.pop();
                continue;
            };
            let path = level.path.join(&name);
            let full = format!("{}{}", level.prefix, lossless(&name));
            match kind {
                Ok(kind) if kind.is_dir() => self.enter(path, full + "/", &mut levels)?,
                Ok(kind) if kind.is_symlink() => self.link(path, full, &mut levels)?,
                Ok(kind) => {
                    let archive = has_zip_name(&full);
                    self.file(path, full, kind, archive)?;
                }
                Err(error) => self.refuse(full, &error)?,
            }
        }
        ControlFlow::Continue(())
    }

    /// Reads and sorts the entries of a directory, unless it is the output.
    fn enter(&mut self, path: PathBuf, prefix: String, levels: &mut Vec<Level>) -> ControlFlow<()> {
        if self.walk.excluded.is_some() && DirId::of(&path).ok() == self.walk.excluded {
            tracing::info!("the output directory stands inside the input and is left out");
            return ControlFlow::Continue(());
        }
        let entries: io::Result<Vec<_>> = fs::read_dir(&path).and_then(|entries| {
            entries
                .map(|e| e.map(|e| (e.file_name(), e.file_type())))
                .collect()
        });
        match entries {
            Ok(mut rest) => {
                rest.sort_unstable_by(|a, b| b.0.cmp(&a.0));
                levels.push(Level { prefix, path, rest });
                ControlFlow::Continue(())
            }
            Err(error) => self.refuse(prefix, &error),
        }
    }

    /// A link to a file is a file. A link to a directory is followed if it leads out of the given
    /// path, to a place not seen yet: what is inside is met by its own name, and loops end.
    fn link(&mut self, path: PathBuf, name: String, levels: &mut Vec<Level>) -> ControlFlow<()> {
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => return self.refuse(name, &error),
        };
        if !metadata.is_dir() {
            let archive = has_zip_name(&name);
            return self.file(path, name, metadata.file_type(), archive);
        }
        let inside = fs::canonicalize(&path)
            .is_ok_and(|target| target.starts_with(self.root) || self.root.starts_with(&target));
        if inside || !DirId::of(&path).is_ok_and(|id| self.linked.insert(id)) {
            tracing::warn!("a link to a directory was not followed: it leads back");
            return ControlFlow::Continue(());
        }
        self.enter(path, name + "/", levels)
    }

    fn file(
        &mut self,
        path: PathBuf,
        name: String,
        kind: FileType,
        archive: bool,
    ) -> ControlFlow<()> {
        if !kind.is_file() {
            let detail = "not a regular file".to_owned();
            return self.give(
                name,
                Location::Refused {
                    reason: Reason::NotDicom,
                    detail,
                },
            );
        }
        if archive && zip::has_signature(&path) {
            return self.archive(path, &name);
        }
        self.give(name, Location::File(path))
    }

    fn archive(&mut self, path: PathBuf, name: &str) -> ControlFlow<()> {
        let listing = match zip::list(&path, &self.walk.limits) {
            Ok(listing) => listing,
            Err(fault) => {
                let detail = fault.to_string();
                return self.give(
                    name.to_owned(),
                    Location::Refused {
                        reason: fault.reason(),
                        detail,
                    },
                );
            }
        };
        let archive = Arc::new(path);
        for (index, member) in listing.members {
            let at = Location::Member {
                archive: Arc::clone(&archive),
                index,
            };
            self.give(format!("{name}!/{member}"), at)?;
        }
        if listing.hidden > 0 {
            let detail = format!("{} members of the archive share a name", listing.hidden);
            self.give(
                name.to_owned(),
                Location::Refused {
                    reason: Reason::Malformed,
                    detail,
                },
            )?;
        }
        ControlFlow::Continue(())
    }

    fn refuse(&mut self, name: String, error: &io::Error) -> ControlFlow<()> {
        let detail = error.kind().to_string();
        self.give(
            name,
            Location::Refused {
                reason: Reason::ReadFailed,
                detail,
            },
        )
    }

    fn give(&mut self, name: String, at: Location) -> ControlFlow<()> {
        (self.sink)(Input {
            source: Arc::clone(self.source),
            name,
            at,
        })
    }
}

fn has_zip_name(name: &str) -> bool {
    name.len() > 4 && name.as_bytes()[name.len() - 4..].eq_ignore_ascii_case(b".zip")
}

/// A directory, however it was reached.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct DirId(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] PathBuf);

impl DirId {
    #[cfg(unix)]
    fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(path).map(|m| Self((m.dev(), m.ino())))
    }

    #[cfg(not(unix))]
    fn of(path: &Path) -> io::Result<Self> {
        fs::canonicalize(path).map(Self)
    }
}
