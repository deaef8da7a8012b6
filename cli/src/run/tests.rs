//! Runs with the fake engine: what the issue asks of inputs, outputs, resumption and failure.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use obscura_core::{Limits, Reason};
use sha2::Digest;
use tempfile::TempDir;

use super::{Ended, Run, Summary};
use crate::engine::fake::Fake;
use crate::exit::Ending;
use crate::output::OutputError;
use crate::output::manifest::{Fingerprint, Line, Status};
use crate::output::map::ExportedMap;
use crate::output::state::OutDir;
use crate::output::state::tests::settings;
use crate::progress::{Progress, Voice};
use crate::sources::Walk;

/// An input directory and an output directory.
struct Bench {
    dir: TempDir,
    fake: Fake,
    stop: AtomicBool,
    decided: HashSet<Fingerprint>,
    jobs: usize,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("in")).unwrap();
        Self {
            dir,
            fake: Fake::default(),
            stop: AtomicBool::new(false),
            decided: HashSet::new(),
            jobs: 3,
        }
    }

    fn input(&self) -> PathBuf {
        self.dir.path().join("in")
    }

    fn out(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    fn put(&self, name: &str, text: &str) -> &Self {
        let path = self.input().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn try_run(&self, paths: &[PathBuf]) -> Result<Summary, OutputError> {
        let out = OutDir::open(&self.out(), settings())?;
        let walk = Walk::new(paths, Some(&self.out()), Limits::default()).unwrap();
        let run = Run {
            walk: &walk,
            engine: &self.fake,
            out: &out,
            map: Some(ExportedMap::open(&self.dir.path().join("map")).unwrap()),
            decided: self.decided.clone(),
            jobs: self.jobs,
            memory: 1 << 20,
            limits: Limits::default(),
            stop: &self.stop,
            progress: &Progress::new(Voice::Silent),
        };
        run.run()
    }

    fn run(&self) -> Summary {
        self.try_run(&[self.input()]).unwrap()
    }

    fn lines(&self) -> Vec<Line> {
        let text = fs::read_to_string(self.out().join("manifest.jsonl")).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn line(&self, input: &str) -> Line {
        let mut lines = self.lines();
        lines.retain(|line| line.input == input);
        assert_eq!(lines.len(), 1, "one line for {input}");
        lines.remove(0)
    }

    /// Every file below a directory with its content, sorted.
    fn tree(&self, name: &str) -> Vec<(String, Vec<u8>)> {
        fn visit(at: &Path, base: &Path, found: &mut Vec<(String, Vec<u8>)>) {
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
                    found.push((name, fs::read(&path).unwrap()));
                }
            }
        }
        let mut found = Vec::new();
        visit(&self.out().join(name), &self.out(), &mut found);
        found.sort();
        found
    }

    fn names(&self, name: &str) -> Vec<String> {
        self.tree(name).into_iter().map(|(name, _)| name).collect()
    }

    fn staged(&self) -> usize {
        fs::read_dir(self.out().join(".obscura/tmp"))
            .unwrap()
            .count()
    }
}

/// Issue 4: layout, manifest, exit code; files that are not DICOM are skipped, never copied.
#[test]
fn a_run_writes_what_the_manual_says() {
    let bench = Bench::new();
    bench
        .put("a.dcm", "P1/2.1/2.2/2.3/1 one")
        .put("sub/b.dcm", "P1/2.1/2.2/2.4/3 two");
    bench.put("notes.txt", "Jane Doe");
    let summary = bench.run();
    assert_eq!((summary.released, summary.skipped_total()), (2, 1));
    assert_eq!(summary.ending(), Ending::Clean);
    assert_eq!(
        bench.names("dicom"),
        ["dicom/P1/2.1/2.2/2.3.dcm", "dicom/P1/2.1/2.2/2.4.dcm"]
    );
    assert_eq!(
        bench.names("jpeg"),
        [
            "jpeg/P1/2.1/2.2/2.3.jpg",
            "jpeg/P1/2.1/2.2/2.4-1.jpg",
            "jpeg/P1/2.1/2.2/2.4-2.jpg",
            "jpeg/P1/2.1/2.2/2.4-3.jpg"
        ]
    );
    let inputs: Vec<String> = bench.lines().into_iter().map(|line| line.input).collect();
    assert_eq!(inputs, ["a.dcm", "notes.txt", "sub/b.dcm"]);
    let line = bench.line("sub/b.dcm");
    assert_eq!(line.output.as_deref(), Some("dicom/P1/2.1/2.2/2.4.dcm"));
    assert_eq!(line.jpeg.len(), 3);
    let text = format!(
        "{:x}",
        sha2::Sha256::new_with_prefix(b"P1/2.1/2.2/2.4/3 two").finalize()
    );
    assert_eq!(line.sha256_in, Some(text));
    assert_eq!(bench.line("notes.txt").reason, Some(Reason::NotDicom));
    assert_eq!(bench.staged(), 0);
}

/// Issue 4: quarantined inputs are listed with their reason and change the exit code.
#[test]
fn quarantined_inputs_are_listed_and_nothing_of_them_is_written() {
    let bench = Bench::new();
    bench
        .put("a", "bad truncated")
        .put("b", "P/1/2/3 x")
        .put("c", "panic at the disco");
    let summary = bench.run();
    assert_eq!(summary.ending(), Ending::Wanting);
    assert_eq!(bench.line("a").reason, Some(Reason::Truncated));
    assert_eq!(bench.line("c").reason, Some(Reason::Internal));
    assert!(
        !fs::read_to_string(bench.out().join("manifest.jsonl"))
            .unwrap()
            .contains("Doe")
    );
    assert_eq!(bench.names("dicom").len(), 1);
    assert!(bench.input().join("a").exists());
}

/// Issue 4: two inputs with one SOP Instance UID; identical ones are written once, different ones
/// are kept apart, and the result does not depend on the number of workers.
#[test]
fn duplicates_and_conflicts_are_the_same_whatever_the_number_of_workers() {
    let mut trees = Vec::new();
    for jobs in [1, 2, 8] {
        let mut bench = Bench::new();
        bench.jobs = jobs;
        bench.fake.work = Duration::from_micros(200);
        for n in 0..40 {
            bench.put(
                &format!("{n:02}.dcm"),
                &format!("P/1/2/{}/2 content {}", n % 5, n % 10),
            );
        }
        let summary = bench.run();
        assert_eq!(
            (summary.released, summary.duplicates, summary.conflicts),
            (40, 30, 5)
        );
        let lines: Vec<_> = bench
            .lines()
            .into_iter()
            .map(|l| (l.input, l.output, l.jpeg, l.duplicate_of, l.conflict_with))
            .collect();
        trees.push((bench.tree("dicom"), bench.tree("jpeg"), lines));
    }
    assert_eq!(trees[0].0.len(), 10);
    assert!(trees.iter().all(|tree| *tree == trees[0]));
    let lines = &trees[0].2;
    assert_eq!(
        lines[10].3.as_deref(),
        Some("00.dcm"),
        "duplicate_of names the first"
    );
    assert_eq!(lines[10].1, lines[0].1, "a duplicate has the same output");
    assert_eq!(
        lines[5].4, lines[0].1,
        "a conflict names what was there before"
    );
    assert_ne!(lines[5].1, lines[0].1);
}

/// Issue 4: a second run goes on where the first stopped.
#[test]
fn a_second_run_does_nothing_again() {
    let bench = Bench::new();
    for n in 0..20 {
        bench.put(&format!("{n:02}"), &format!("P/1/2/{n}/1 x"));
    }
    bench.put("x", "bad malformed").put("y.txt", "text");
    bench.run();
    let (tree, lines) = (bench.tree("dicom"), bench.lines().len());
    assert_eq!(bench.fake.processed.load(Ordering::Relaxed), 22);
    let summary = bench.run();
    assert_eq!(bench.fake.processed.load(Ordering::Relaxed), 22);
    assert_eq!(
        (summary.kept, summary.inputs, summary.released),
        (22, 22, 20)
    );
    assert_eq!(
        summary.ending(),
        Ending::Wanting,
        "what was quarantined still is"
    );
    assert_eq!((bench.tree("dicom"), bench.lines().len()), (tree, lines));
}

/// Issue 4: a kill leaves no half-written file, and the manifest is cut at a torn line.
#[test]
fn after_a_kill_the_rest_is_done_and_the_result_is_the_same() {
    let whole = Bench::new();
    let killed = Bench::new();
    for bench in [&whole, &killed] {
        for n in 0..30 {
            bench.put(&format!("{n:02}"), &format!("P/1/2/{}/1 {n}", n % 20));
        }
        bench.run();
    }
    // As a kill leaves it: a torn last line, outputs that are not recorded, a staged file.
    let path = killed.out().join("manifest.jsonl");
    let text = fs::read(&path).unwrap();
    fs::write(&path, &text[..text.len() * 3 / 5]).unwrap();
    fs::write(killed.out().join(".obscura/tmp/0"), "half").unwrap();
    fs::remove_file(killed.out().join("dicom/P/1/2/4.dcm")).unwrap();
    let summary = killed.run();
    assert!(summary.kept > 10 && summary.kept < 20, "{}", summary.kept);
    assert_eq!(killed.tree("dicom"), whole.tree("dicom"));
    assert_eq!(killed.tree("jpeg"), whole.tree("jpeg"));
    assert_eq!(
        killed.lines().len(),
        30,
        "the line of the lost output gave way to a new one"
    );
    assert_eq!(killed.staged(), 0);
}

/// Issue 4: Ctrl-C ends cleanly; what is recorded is a prefix, and a second run does the rest.
#[test]
fn a_stopped_run_records_a_prefix_and_goes_on_later() {
    for jobs in [1, 3] {
        stops_and_goes_on(jobs);
    }
}

fn stops_and_goes_on(jobs: usize) {
    let mut bench = Bench::new();
    bench.jobs = jobs;
    bench.fake.work = Duration::from_millis(2);
    for n in 0..200 {
        bench.put(&format!("{n:03}"), &format!("P/1/2/{n} x"));
    }
    let summary = std::thread::scope(|scope| {
        let bench = &bench;
        scope.spawn(|| {
            while bench.fake.processed.load(Ordering::Relaxed) < 20 {
                std::thread::sleep(Duration::from_millis(1));
            }
            bench.stop.store(true, Ordering::Relaxed);
        });
        bench.run()
    });
    assert_eq!(
        (summary.ended, summary.ending()),
        (Ended::Interrupted, Ending::Failed)
    );
    let names: Vec<String> = bench.lines().into_iter().map(|line| line.input).collect();
    let prefix: Vec<String> = (0..names.len()).map(|n| format!("{n:03}")).collect();
    assert!(names == prefix && names.len() < 200);
    assert_eq!(bench.names("dicom").len(), names.len());
    assert_eq!(bench.staged(), 0);
    bench.stop.store(false, Ordering::Relaxed);
    let summary = bench.run();
    assert_eq!((summary.ended, summary.released), (Ended::Complete, 200));
    assert_eq!(summary.kept as usize, names.len());
}

/// A changed input is a new content: the old release stays and stays recorded.
#[test]
fn a_changed_input_never_overwrites_what_was_released() {
    let bench = Bench::new();
    bench.put("a", "P/1/2/3 old").put("b", "bad truncated");
    bench.run();
    bench.put("a", "P/1/2/3 newer").put("b", "P/1/2/4 mended");
    let summary = bench.run();
    assert_eq!((summary.conflicts, summary.released), (1, 2));
    assert_eq!(bench.names("dicom").len(), 3);
    assert_eq!(
        bench.line("b").status,
        Status::Released,
        "the old line gave way"
    );
    assert_eq!(
        bench
            .lines()
            .iter()
            .filter(|line| line.input == "a")
            .count(),
        2
    );
}

/// Issue 5: no permission, broken links, loops and special files are listed; the run goes on.
#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_listed_and_loops_end() {
    use std::os::unix::fs::symlink;
    let bench = Bench::new();
    let input = bench.input();
    bench.put("a/b/file", "P/1/2/3 x");
    symlink("..", input.join("a/up")).unwrap();
    symlink(&input, input.join("a/root")).unwrap();
    symlink("self", input.join("self")).unwrap();
    symlink("nowhere", input.join("broken")).unwrap();
    symlink("a/b/file", input.join("linked")).unwrap();
    symlink("/dev/zero", input.join("endless")).unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("far"), "P/1/2/9 far").unwrap();
    symlink(outside.path(), outside.path().join("loop")).unwrap();
    symlink(outside.path(), input.join("zz")).unwrap();
    let summary = bench.run();
    let inputs: Vec<String> = bench.lines().into_iter().map(|line| line.input).collect();
    assert_eq!(
        inputs,
        ["a/b/file", "broken", "endless", "linked", "self", "zz/far"]
    );
    assert_eq!(bench.line("broken").reason, Some(Reason::ReadFailed));
    assert_eq!(bench.line("self").reason, Some(Reason::ReadFailed));
    assert_eq!(bench.line("endless").reason, Some(Reason::NotDicom));
    assert_eq!(
        bench.line("linked").duplicate_of.as_deref(),
        Some("a/b/file")
    );
    assert_eq!(summary.released, 3);
    // What could not be read is tried again when it can.
    fs::write(input.join("nowhere"), "P/1/2/5 x").unwrap();
    bench.run();
    assert_eq!(bench.line("broken").status, Status::Released);
}

/// Issue 5: an output inside the input is not an input; the output itself is refused as one.
#[test]
fn the_output_is_never_an_input() {
    let bench = Bench::new();
    bench.put("in/a", "P/1/2/3 x");
    let everything = bench.dir.path().to_owned();
    for _ in 0..2 {
        bench.try_run(std::slice::from_ref(&everything)).unwrap();
        let inputs: Vec<String> = bench.lines().into_iter().map(|line| line.input).collect();
        // `map` is a directory of the test itself, beside the input.
        assert_eq!(inputs, ["in/in/a", "map/patients.csv", "map/uids.csv"]);
    }
    for inside in ["", "dicom", "dicom/P", ".obscura"] {
        let path = bench.out().join(inside);
        assert!(
            Walk::new(&[path], Some(&bench.out()), Limits::default()).is_err(),
            "{inside}"
        );
    }
}

/// Issue 5: a full disk ends the run with an error that says so; what stands is whole.
#[cfg(target_os = "linux")]
#[test]
fn a_failure_to_write_ends_the_run_and_the_next_one_goes_on() {
    for jobs in [1, 3] {
        fails_and_goes_on(jobs);
    }
}

#[cfg(target_os = "linux")]
fn fails_and_goes_on(jobs: usize) {
    let mut bench = Bench::new();
    bench.jobs = jobs;
    for n in 0..10 {
        bench.put(&format!("{n}"), &format!("P/1/2/{n} x"));
    }
    // A file stands where the directory of the sixth object must be made.
    bench.put("5", "Q/1/2/5 x");
    fs::create_dir_all(bench.out()).unwrap();
    OutDir::open(&bench.out(), settings()).unwrap();
    fs::create_dir(bench.out().join("dicom")).unwrap();
    fs::write(bench.out().join("dicom/Q"), "in the way").unwrap();
    let error = bench.try_run(&[bench.input()]).unwrap_err();
    assert!(matches!(error, OutputError::Write { .. }));
    let lines = bench.lines();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[5].reason, Some(Reason::WriteFailed));
    assert_eq!(bench.names("dicom").len(), 5 + 1);
    fs::remove_file(bench.out().join("dicom/Q")).unwrap();
    let summary = bench.run();
    assert_eq!((summary.kept, summary.released), (5, 10));
    assert_eq!(bench.lines().len(), 10);
}

/// Issue 3: what was quarantined for the text in its picture waits for a person, and for nothing
/// else.
#[test]
fn what_a_person_decided_about_is_tried_again() {
    let mut bench = Bench::new();
    bench
        .put("a", "bad burned-in-text")
        .put("b", "bad malformed");
    bench.run();
    let left = bench.line("a");
    assert_eq!(left.reason, Some(Reason::BurnedInText));
    assert!(left.redactions.get().contains("\"kept\":true"));
    let objects = crate::review::remaining(&bench.out()).unwrap();
    assert_eq!((objects.len(), objects[0].line), (1, Some(1)));
    assert_eq!(Some(&objects[0].sha256), left.sha256_in.as_ref());
    bench.run();
    let processed = || {
        bench
            .fake
            .processed
            .load(std::sync::atomic::Ordering::Relaxed)
    };
    assert_eq!(processed(), 2, "nothing has changed");
    for sha in [&left, &bench.line("b")] {
        let sha = sha.sha256_in.as_deref().and_then(Fingerprint::of_hex);
        bench.decided.extend(sha);
    }
    bench.run();
    assert_eq!(
        bench.fake.processed.into_inner(),
        3,
        "only the one that waits"
    );
}

/// `--export-map` has each identifier once, in files of their owner.
#[test]
fn the_exported_map_is_complete_after_a_second_run() {
    let bench = Bench::new();
    bench
        .put("a", "P/1/2/3 x")
        .put("b", "P/1/2/4 x")
        .put("c", "P/1/2/3 x");
    bench.run();
    bench.put("d", "P/1/2/5 x");
    bench.run();
    let text = fs::read_to_string(bench.dir.path().join("map/uids.csv")).unwrap();
    assert_eq!(text, "id_old,id_new\n1.2.3,3\n1.2.4,4\n1.2.5,5\n");
}

/// The time a run adds to the engine's own, for a person to look at: run with `--ignored`.
#[test]
#[ignore = "prints a figure"]
fn overhead_of_a_small_file() {
    let mut bench = Bench::new();
    bench.jobs = 1;
    for n in 0..5000 {
        bench.put(
            &format!("{:02}/{n:04}", n / 100),
            &format!("P/1/2/{n} {}", "x".repeat(30_000)),
        );
    }
    let before = cpu_ticks();
    let summary = bench.run();
    let cpu = (cpu_ticks() - before) * 10_000 / summary.inputs;
    let each = summary.elapsed.as_micros() / u128::from(summary.inputs);
    println!(
        "{each} us a file, {cpu} us of them CPU time; {:.0} files/s",
        summary.rate()
    );
}

/// User and system time of this process in hundredths of a second; 0 where `/proc` does not say.
fn cpu_ticks() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    fields
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum()
}
