//! From a map of cells to rectangles: connected cells, and those of one line put together.

use obscura_pixels::Area;

use super::net::CELL;

/// Fewer cells that touch are no text: the smallest letter and its margin cover more.
const LEAST_CELLS: u64 = 2;

/// A place that may hold text.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The rectangle around it, in pixels of the frame.
    pub area: Area,
    /// Rectangles that cover it more closely; one for each run of cells where it runs aslant.
    pub parts: Vec<Area>,
    /// The greatest probability of its cells, in `[0, 1]`.
    pub score: f32,
}

/// Cells joined by edges or corners, in units of cells.
struct Group {
    area: Area,
    runs: Vec<Area>,
    cells: u64,
    score: f32,
}

/// The marks of a map at a threshold, from above to below; `size` is that of the frame in pixels.
pub(crate) fn marks(map: &[f32], columns: usize, threshold: f32, size: (u32, u32)) -> Vec<Mark> {
    let groups = lines(groups(map, columns, threshold));
    let cell = CELL as u32;
    let scaled = |area: &Area| {
        let pixels = Area::new(area.x * cell, area.y * cell, area.w * cell, area.h * cell);
        pixels.within(size.0, size.1)
    };
    let mut marks: Vec<Mark> = groups
        .iter()
        .filter_map(|group| {
            let area = scaled(&group.area)?;
            let close = group.cells * 10 >= group.area.pixels() * 6;
            let parts = if close {
                vec![area]
            } else {
                stacked(&group.runs).iter().filter_map(scaled).collect()
            };
            Some(Mark {
                area,
                parts,
                score: group.score,
            })
        })
        .collect();
    marks.sort_by_key(|mark| mark.area);
    marks
}

fn groups(map: &[f32], columns: usize, threshold: f32) -> Vec<Group> {
    let mut open: Vec<Group> = Vec::new();
    let mut done: Vec<Group> = Vec::new();
    for (y, row) in map.chunks_exact(columns).enumerate() {
        let y = y as u32;
        for (run, score) in runs(row, y, threshold) {
            let mut group = Group {
                area: run,
                runs: vec![run],
                cells: u64::from(run.w),
                score,
            };
            // What touches the run above or beside its corners becomes one with it.
            let (touching, apart) = open.drain(..).partition(|other| touches(other, &run));
            open = apart;
            let touching: Vec<Group> = touching;
            for other in touching {
                join(&mut group, other);
            }
            open.push(group);
        }
        let (ended, going): (Vec<Group>, Vec<Group>) =
            open.drain(..).partition(|group| group.area.bottom() <= y);
        done.extend(ended);
        open = going;
    }
    done.extend(open);
    done.retain(|group| group.cells >= LEAST_CELLS);
    done
}

fn runs(row: &[f32], y: u32, threshold: f32) -> Vec<(Area, f32)> {
    let mut found = Vec::new();
    let mut at = 0;
    for cells in row.chunk_by(|a, b| (*a >= threshold) == (*b >= threshold)) {
        if cells[0] >= threshold {
            let area = Area::new(at as u32, y, cells.len() as u32, 1);
            found.push((area, cells.iter().copied().fold(0.0, f32::max)));
        }
        at += cells.len();
    }
    found
}

fn touches(group: &Group, run: &Area) -> bool {
    let near = |own: &&Area| own.y + 1 >= run.y;
    let mut last = group.runs.iter().rev().take_while(near);
    last.any(|own| own.y + 1 == run.y && own.x <= run.right() && run.x <= own.right())
}

fn join(group: &mut Group, other: Group) {
    group.area = group.area.around(&other.area);
    group.cells += other.cells;
    group.score = group.score.max(other.score);
    group.runs.extend(other.runs);
    group.runs.sort_unstable();
}

/// Groups that stand in one line, not further apart than they are high, become one.
fn lines(mut groups: Vec<Group>) -> Vec<Group> {
    groups.sort_unstable_by_key(|group| (group.area.x, group.area.y));
    let mut whole: Vec<Group> = Vec::new();
    for group in groups {
        match whole
            .iter_mut()
            .find(|line| same_line(&line.area, &group.area))
        {
            Some(line) => join(line, group),
            None => whole.push(group),
        }
    }
    whole
}

fn same_line(line: &Area, next: &Area) -> bool {
    let shared = line
        .bottom()
        .min(next.bottom())
        .saturating_sub(line.y.max(next.y));
    let (low, high) = (line.h.min(next.h), line.h.max(next.h));
    let apart = next.x.saturating_sub(line.right());
    shared * 10 >= low * 7 && high <= 2 * low && apart <= high
}

/// Runs that lie above one another with nearly the same ends, as fewer rectangles.
fn stacked(runs: &[Area]) -> Vec<Area> {
    let mut parts: Vec<Area> = Vec::new();
    for run in runs {
        let grows = parts.iter_mut().rev().take(8).find(|part| {
            part.bottom() == run.y
                && part.x.abs_diff(run.x) <= 1
                && part.right().abs_diff(run.right()) <= 1
        });
        match grows {
            Some(part) => *part = part.around(run),
            None => parts.push(*run),
        }
    }
    parts
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "what is computed exactly is compared exactly"
)]
mod tests {
    use super::*;

    fn found(rows: &[&str]) -> Vec<Mark> {
        let cells = rows.iter().flat_map(|row| row.bytes());
        let map: Vec<f32> = cells.map(|cell| f32::from(cell - b'0') / 10.0).collect();
        let size = (rows[0].len() as u32 * 4 - 1, rows.len() as u32 * 4);
        marks(&map, rows[0].len(), 0.5, size)
    }

    #[test]
    fn cells_that_touch_are_one_and_end_with_the_frame() {
        let marks = found(&["000000000", "057000009", "000600099"]);
        assert_eq!(marks.len(), 2);
        assert_eq!(marks[0].area, Area::new(4, 4, 12, 8));
        assert_eq!(marks[0].score, 0.7);
        assert_eq!(marks[1].area, Area::new(28, 4, 7, 8));
    }

    #[test]
    fn arms_that_meet_further_down_are_one() {
        assert_eq!(found(&["90009", "90009", "99999"]).len(), 1);
        assert_eq!(found(&["99999", "90909", "90909"]).len(), 1);
    }

    #[test]
    fn words_of_a_line_are_one_and_lines_are_not() {
        let marks = found(&[
            "999009900000000",
            "999009900000999",
            "000000000000999",
            "999000000000000",
        ]);
        let areas: Vec<Area> = marks.iter().map(|mark| mark.area).collect();
        assert_eq!(
            areas,
            [
                Area::new(0, 0, 28, 8),
                Area::new(48, 4, 11, 8),
                Area::new(0, 12, 12, 4)
            ]
        );
    }

    #[test]
    fn what_runs_aslant_is_covered_closely() {
        let marks = found(&["9900000", "0990000", "0099000", "0009900", "0000990"]);
        assert_eq!(marks.len(), 1);
        let pixels: u64 = marks[0].parts.iter().map(Area::pixels).sum();
        assert!(pixels < marks[0].area.pixels(), "{pixels}");
        for at in 0..5 {
            let cell = Area::new(at * 4, at * 4, 8, 4);
            assert!((cell.x..cell.right()).all(|x| {
                let point = Area::new(x, cell.y, 1, 4);
                marks[0]
                    .parts
                    .iter()
                    .any(|part| part.meet(&point) == Some(point))
            }));
        }
    }

    #[test]
    fn nothing_above_the_threshold_is_no_mark() {
        assert!(found(&["0004", "0400"]).is_empty());
        assert!(found(&["0009", "0400"]).is_empty(), "a single cell");
    }
}
