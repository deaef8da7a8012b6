//! Runs that are ended in the middle: by Ctrl-C, by a kill, by a full disk.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::lab::{Lab, Said};

const PEOPLE: u64 = 400;

fn start(lab: &Lab) -> Child {
    let mut command = lab.command(&["deid", "in", "--out", "out", "--jobs", "2"]);
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the run has released a few files, but not all of them.
fn wait_for_some(lab: &Lab) {
    let began = Instant::now();
    while lab.tree("out/dicom").len() < 10 {
        assert!(
            began.elapsed() < Duration::from_mins(2),
            "the run does not begin"
        );
        sleep(Duration::from_millis(2));
    }
}

/// The same inputs and key in one undisturbed run.
fn assert_same_as_undisturbed(lab: &Lab) {
    let said = lab.run(&["deid", "in", "--out", "whole", "--jobs", "2"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    for part in ["dicom", "jpeg"] {
        let (out, whole) = (
            lab.tree(&format!("out/{part}")),
            lab.tree(&format!("whole/{part}")),
        );
        assert!(!whole.is_empty());
        assert!(
            out == whole,
            "{part}: {} files, {} undisturbed",
            out.len(),
            whole.len()
        );
    }
    assert_eq!(lab.tree("out/.obscura/tmp").len(), 0);
    assert_eq!(lab.manifest().len() as u64, PEOPLE);
}

/// Issue 4: a kill leaves no half-written file and a second run goes on.
#[cfg(unix)]
#[test]
fn after_kill_9_a_second_run_goes_on() {
    let lab = Lab::new();
    lab.put_people(PEOPLE);
    let mut child = start(&lab);
    wait_for_some(&lab);
    child.kill().unwrap();
    child.wait().unwrap();
    let left = lab.tree("out/dicom");
    assert!(
        (left.len() as u64) < PEOPLE,
        "killed too late to prove anything"
    );
    let said = lab.run(&["deid", "in", "--out", "out", "--jobs", "2", "--json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let now = lab.tree("out/dicom");
    assert!(
        left.iter()
            .all(|(name, bytes)| now.get(name) == Some(bytes)),
        "what stood was whole"
    );
    assert_same_as_undisturbed(&lab);
}

/// Issue 4: Ctrl-C ends cleanly and says how to go on.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_cleanly() {
    let lab = Lab::new();
    lab.put_people(PEOPLE);
    let child = start(&lab);
    wait_for_some(&lab);
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let said = Said::of(&child.wait_with_output().unwrap());
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(
        said.err.contains("stopping") && said.out.contains("go on"),
        "{said:?}"
    );
    let recorded = lab.manifest();
    assert!((recorded.len() as u64) < PEOPLE);
    assert_eq!(
        lab.tree("out/dicom").len(),
        recorded.len(),
        "each file has its line"
    );
    assert_eq!(lab.tree("out/.obscura/tmp").len(), 0);
    let said = lab.run(&["deid", "in", "--out", "out", "--jobs", "2", "--json"]);
    assert_eq!(said.json()["kept"], recorded.len());
    assert_same_as_undisturbed(&lab);
}

/// A small file system of its own; gone when dropped.
#[cfg(target_os = "linux")]
struct SmallDisk(String);

#[cfg(target_os = "linux")]
impl SmallDisk {
    /// `None` where this user may not mount.
    fn mount(at: &std::path::Path) -> Option<Self> {
        fs::create_dir(at).unwrap();
        let disk = Self(at.to_string_lossy().into_owned());
        disk.set_size("400k", "").then_some(disk)
    }

    fn set_size(&self, size: &str, how: &str) -> bool {
        let options = format!("size={size}{how}");
        let args = ["-t", "tmpfs", "-o", &options, "tmpfs", &self.0];
        Command::new("mount")
            .args(args)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg(&self.0)
            .stderr(Stdio::null())
            .status();
    }
}

/// Issue 5: a full disk. Needs the right to mount; prints a note where there is none.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_with_a_clear_error_and_the_next_run_goes_on() {
    let lab = Lab::new();
    lab.put_people(PEOPLE);
    let Some(disk) = SmallDisk::mount(&lab.path("out")) else {
        println!("skipped: this user may not mount a small file system");
        return;
    };
    let said = lab.run(&["deid", "in", "--out", "out"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(
        said.err.contains("cannot be written") && said.err.contains("No space left"),
        "{said:?}"
    );
    let recorded = lab.manifest();
    let released = recorded.iter().filter(|line| line["status"] == "released");
    assert!(released.clone().count() > 0);
    let standing = lab.tree("out/dicom");
    for line in released {
        let name = line["output"]
            .as_str()
            .unwrap()
            .strip_prefix("dicom/")
            .unwrap();
        assert_eq!(
            line["size_out"],
            standing[name].len(),
            "what is recorded is whole"
        );
    }
    assert!(disk.set_size("64m", ",remount"));
    let again = lab.run(&["deid", "in", "--out", "out", "--json"]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert_eq!(lab.manifest().len() as u64, PEOPLE);
    assert_eq!(lab.tree("out/dicom").len() as u64, PEOPLE);
}
