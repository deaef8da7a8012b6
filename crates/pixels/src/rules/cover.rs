//! [`uncovered`]: what some rectangles cover and others do not, as disjoint rectangles.

use crate::area::Area;

/// The union of `areas` without the union of `holes`, as rectangles that do not overlap, from top
/// to bottom and left to right. Rectangles that touch above each other and are as wide are one.
pub fn uncovered(areas: &[Area], holes: &[Area]) -> Vec<Area> {
    let mut edges: Vec<u32> = areas
        .iter()
        .chain(holes)
        .flat_map(|area| [area.y, area.bottom()])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let mut done = Vec::new();
    // Rectangles that reach down to the current edge.
    let mut open: Vec<Area> = Vec::new();
    for pair in edges.windows(2) {
        let (top, bottom) = (pair[0], pair[1]);
        let spans = difference(&spans(areas, top), &spans(holes, top));
        let (grown, ended): (Vec<_>, Vec<_>) = open
            .into_iter()
            .partition(|area| spans.contains(&(area.x, area.right())));
        done.extend(ended);
        open = spans
            .into_iter()
            .map(|(left, right)| {
                let above = grown
                    .iter()
                    .find(|area| (area.x, area.right()) == (left, right));
                let first = above.map_or(top, |area| area.y);
                Area::new(left, first, right - left, bottom - first)
            })
            .collect();
    }
    done.extend(open);
    done.sort_unstable();
    done
}

/// The columns that the rectangles cover in one row, joined: from, to (the end left out).
fn spans(areas: &[Area], row: u32) -> Vec<(u32, u32)> {
    let here = |area: &&Area| !area.is_empty() && area.y <= row && row < area.bottom();
    let mut spans: Vec<_> = areas
        .iter()
        .filter(here)
        .map(|area| (area.x, area.right()))
        .collect();
    spans.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::with_capacity(spans.len());
    for (left, right) in spans {
        match joined.last_mut() {
            Some(last) if left <= last.1 => last.1 = last.1.max(right),
            _ => joined.push((left, right)),
        }
    }
    joined
}

/// Joined spans without other joined spans.
fn difference(spans: &[(u32, u32)], holes: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut left_over = Vec::new();
    for &(mut from, to) in spans {
        for &(left, right) in holes {
            if right <= from || left >= to {
                continue;
            }
            if left > from {
                left_over.push((from, left));
            }
            from = right.min(to);
        }
        if from < to {
            left_over.push((from, to));
        }
    }
    left_over
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_frame_without_its_middle_is_four_bands() {
        let frame = [Area::new(0, 0, 10, 10)];
        assert_eq!(
            uncovered(&frame, &[Area::new(2, 3, 5, 4)]),
            [
                Area::new(0, 0, 10, 3),
                Area::new(0, 3, 2, 4),
                Area::new(7, 3, 3, 4),
                Area::new(0, 7, 10, 3),
            ]
        );
        assert!(uncovered(&frame, &[Area::new(0, 0, 10, 10)]).is_empty());
        assert_eq!(uncovered(&frame, &[]), frame);
        assert!(uncovered(&[], &frame).is_empty());
    }

    fn areas(most: usize) -> impl Strategy<Value = Vec<Area>> {
        let one = (0..24_u32, 0..24_u32, 0..12_u32, 0..12_u32);
        let one = one.prop_map(|(x, y, w, h)| Area::new(x, y, w, h));
        proptest::collection::vec(one, 0..most)
    }

    fn within(areas: &[Area], x: u32, y: u32) -> usize {
        let point = Area::new(x, y, 1, 1);
        areas.iter().filter(|area| area.holds(&point)).count()
    }

    proptest! {
        /// Every pixel is in exactly one rectangle if it is covered and in no hole, else in none.
        #[test]
        fn each_pixel_is_in_one_rectangle_or_in_none(a in areas(8), b in areas(8)) {
            let left = uncovered(&a, &b);
            prop_assert!(left.iter().all(|area| !area.is_empty()));
            for (x, y) in (0..40).flat_map(|x| (0..40).map(move |y| (x, y))) {
                let expected = usize::from(within(&a, x, y) > 0 && within(&b, x, y) == 0);
                prop_assert_eq!(within(&left, x, y), expected);
            }
        }
    }
}
