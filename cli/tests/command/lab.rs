//! A directory of its own for each test, and the binary with an environment of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use obscura_testkit::{Person, Synthetic};
use serde_json::Value;
use tempfile::TempDir;

/// See the module.
pub(crate) struct Lab {
    dir: TempDir,
}

impl Lab {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("in")).unwrap();
        Self { dir }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A file below `in`.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Small images of as many people.
    pub(crate) fn put_people(&self, count: u64) {
        for seed in 0..count {
            let object = Synthetic::mr(&Person::from_seed(seed)).encode();
            self.put(&format!("{seed:04}.dcm"), &object.bytes);
        }
    }

    /// The binary, in the lab's directory, with a configuration directory of the lab. `deid` runs
    /// with `--pixels off` unless the test names a mode: most tests are not about pictures, and
    /// need neither models nor the time they take.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_obscura"));
        command.current_dir(self.dir.path()).args(args).env_clear();
        let chosen = args.contains(&"--pixels") || args.contains(&"--help");
        if args.first() == Some(&"deid") && !chosen {
            command.args(["--pixels", "off"]);
        }
        command
            .env("HOME", self.dir.path())
            .env("XDG_CONFIG_HOME", self.path("config"));
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Said {
        Said::of(&self.command(args).output().unwrap())
    }

    pub(crate) fn manifest(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("out/manifest.jsonl")).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Every file below a directory of the lab, with its bytes.
    pub(crate) fn tree(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        fn visit(at: &Path, base: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
            for entry in fs::read_dir(at).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    visit(&path, base, found);
                } else {
                    let name = path
                        .strip_prefix(base)
                        .unwrap()
                        .to_string_lossy()
                        .into_owned();
                    found.insert(name, fs::read(&path).unwrap());
                }
            }
        }
        let mut found = BTreeMap::new();
        visit(&self.path(name), &self.path(name), &mut found);
        found
    }
}

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect(&self.err)
    }

    /// What was said, for a snapshot: exit code, stdout, stderr, without what changes.
    pub(crate) fn told(&self, lab: &Lab) -> String {
        let place = lab.path("").to_string_lossy().into_owned();
        let clean = |text: &str| text.replace(&place, "LAB/");
        format!(
            "exit {}\n--- stdout\n{}--- stderr\n{}",
            self.code.unwrap_or(-1),
            clean(&self.out),
            clean(&self.err)
        )
    }
}
