//! Connected components of a map of probabilities, as rectangles that cover them closely.

use obscura_pixels::Area;

/// A connected part of a map above a threshold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Component {
    /// The rectangle around it, in cells of the map.
    pub(crate) area: Area,
    /// Its cells.
    pub(crate) cells: u32,
    /// The mean of the map over its cells.
    pub(crate) mean: f32,
    /// The greatest value.
    pub(crate) peak: f32,
    /// Runs of its cells: row, first column, one past the last column.
    runs: Vec<(u32, u32, u32)>,
}

/// The components of a map of `width` cells a row whose cells are at least `threshold`, joined by
/// edges and corners.
pub(crate) fn components(map: &[f32], width: usize, threshold: f32) -> Vec<Component> {
    let runs = runs(map, width, threshold);
    let mut parents: Vec<usize> = (0..runs.len()).collect();
    let mut above = 0..0;
    let mut start = 0;
    while start < runs.len() {
        let row = runs[start].row;
        let end = start + runs[start..].partition_point(|run| run.row == row);
        if above.end > above.start && runs[above.start].row + 1 == row {
            let mut first = above.start;
            for at in start..end {
                while first < above.end && runs[first].end < runs[at].begin {
                    first += 1;
                }
                let touching = (first..above.end).take_while(|up| runs[*up].begin <= runs[at].end);
                for up in touching {
                    let (a, b) = (root(&mut parents, up), root(&mut parents, at));
                    parents[a.max(b)] = a.min(b);
                }
            }
        }
        above = start..end;
        start = end;
    }
    collect(&runs, &mut parents)
}

struct Run {
    row: u32,
    begin: u32,
    end: u32,
    sum: f32,
    peak: f32,
}

fn runs(map: &[f32], width: usize, threshold: f32) -> Vec<Run> {
    let mut runs = Vec::new();
    for (row, line) in map.chunks_exact(width).enumerate() {
        let mut at = 0;
        while let Some(ahead) = line[at..].iter().position(|value| *value >= threshold) {
            let begin = at + ahead;
            let length = line[begin..].iter().position(|value| *value < threshold);
            let end = length.map_or(width, |length| begin + length);
            runs.push(Run {
                row: row as u32,
                begin: begin as u32,
                end: end as u32,
                sum: line[begin..end].iter().sum(),
                peak: line[begin..end].iter().copied().fold(0.0, f32::max),
            });
            at = end;
            if at >= width {
                break;
            }
        }
    }
    runs
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

fn collect(runs: &[Run], parents: &mut [usize]) -> Vec<Component> {
    let mut found: Vec<Component> = Vec::new();
    let mut place = vec![usize::MAX; runs.len()];
    for (at, run) in runs.iter().enumerate() {
        let top = root(parents, at);
        let area = Area::new(run.begin, run.row, run.end - run.begin, 1);
        if place[top] == usize::MAX {
            place[top] = found.len();
            found.push(Component {
                area,
                cells: 0,
                mean: 0.0,
                peak: 0.0,
                runs: Vec::new(),
            });
        }
        let component = &mut found[place[top]];
        component.area = component.area.around(&area);
        component.cells += run.end - run.begin;
        component.mean += run.sum;
        component.peak = component.peak.max(run.peak);
        component.runs.push((run.row, run.begin, run.end));
    }
    for component in &mut found {
        component.mean /= component.cells as f32;
    }
    found
}

impl Component {
    /// Rectangles that cover the component: its own, or, where it runs aslant and would fill less
    /// than six tenths of it, pieces along its longer side.
    pub(crate) fn parts(&self) -> Vec<Area> {
        let (w, h) = (self.area.w, self.area.h);
        let fill = self.cells as f32 / (w as f32 * h as f32);
        let longer = w.max(h);
        if fill >= 0.6 || w.min(h) < 6 || longer < 16 {
            return vec![self.area];
        }
        let thickness = (self.cells / longer).max(4);
        let pieces = longer.div_ceil(thickness) as usize;
        let mut parts: Vec<Option<Area>> = vec![None; pieces];
        let mut add = |at: u32, piece: Area| {
            let slot = &mut parts[(at / thickness) as usize];
            *slot = Some(slot.map_or(piece, |had| had.around(&piece)));
        };
        for &(row, begin, end) in &self.runs {
            if h >= w {
                add(row - self.area.y, Area::new(begin, row, end - begin, 1));
                continue;
            }
            let mut from = begin;
            while from < end {
                let at = from - self.area.x;
                let to = (self.area.x + (at / thickness + 1) * thickness).min(end);
                add(at, Area::new(from, row, to - from, 1));
                from = to;
            }
        }
        parts.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(rows: &[&str]) -> (Vec<f32>, usize) {
        let cells = rows.iter().flat_map(|row| row.bytes());
        let value = |cell: u8| f32::from(cell.saturating_sub(b'0')) / 10.0;
        (cells.map(value).collect(), rows[0].len())
    }

    #[test]
    fn cells_that_touch_by_edge_or_corner_are_one() {
        let (cells, width) = map(&["9900", "0090", "0000", "9009"]);
        let found = components(&cells, width, 0.5);
        let areas: Vec<Area> = found.iter().map(|c| c.area).collect();
        assert_eq!(
            areas,
            [
                Area::new(0, 0, 3, 2),
                Area::new(0, 3, 1, 1),
                Area::new(3, 3, 1, 1)
            ]
        );
        assert!(found[0].cells == 3 && (found[0].mean - 0.9).abs() < 1e-5);
    }

    #[test]
    fn arms_that_meet_further_down_are_one() {
        let (cells, width) = map(&["90009", "90009", "99999"]);
        assert_eq!(components(&cells, width, 0.5).len(), 1);
        let (cells, width) = map(&["99999", "90909", "90909"]);
        assert_eq!(components(&cells, width, 0.5).len(), 1);
    }

    #[test]
    fn a_slanting_line_is_covered_by_pieces_smaller_than_its_rectangle() {
        let mut cells = vec![0.0; 100 * 100];
        for x in 0..100_usize {
            for y in x.saturating_sub(3)..(x + 4).min(100) {
                cells[y * 100 + x] = 1.0;
            }
        }
        let found = components(&cells, 100, 0.5);
        let parts = found[0].parts();
        let covered: u64 = parts.iter().map(Area::pixels).sum();
        assert!(parts.len() > 5 && covered < 3000, "{covered}");
        for (at, cell) in cells.iter().enumerate() {
            let point = Area::new(at as u32 % 100, at as u32 / 100, 1, 1);
            assert!(*cell < 0.5 || parts.iter().any(|part| part.holds(&point)));
        }
    }
}
