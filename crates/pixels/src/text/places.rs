//! Places of a frame to search: what of the cheap look's places is still in doubt, and how places are
//! put together to regions.

use super::lines::seen;
use super::port::{Glimpses, Spot};
use crate::Area;
use crate::rules::uncovered;

/// What is around a place that may hold text, and goes to the detector with it: a line of a height
/// that is usual, and the ground it stands on.
const MARGIN: u32 = 28;
/// Parts of the frame beyond which the whole of it is searched, in tenths.
const MOST_OF_IT: u64 = 9;
/// What one more search costs beside its pixels, in pixels.
const OVERHEAD: u64 = 2_000;
/// From this score of the detector on, a place needs no closer look.
pub(super) const SETTLED: f32 = 0.85;
/// From this mean of the cheap look on, a place is text to it as well.
const AGREED: f32 = 0.45;
/// How much larger than the text the places of the cheap look are, in pixels: its cells are four
/// pixels wide, and it counts in the one around them.
pub(super) const SLACK: u32 = 10;

/// The parts of places.
pub(super) fn pieces(places: &[Spot]) -> impl Iterator<Item = Area> {
    places.iter().flat_map(|place| place.parts.iter().copied())
}

/// Leaves the parts of spots that meet any of the areas.
pub(super) fn only_near(spots: &mut Vec<Spot>, near: &[Area]) {
    for spot in spots.iter_mut() {
        let is_near = |part: &Area| near.iter().any(|area| area.meet(part).is_some());
        spot.parts.retain(is_near);
        let around = spot.parts.iter().copied();
        if let Some(area) = around.reduce(|all, part| all.around(&part)) {
            spot.area = area;
        }
    }
    spots.retain(|spot| !spot.parts.is_empty());
}

/// The spots that leave no doubt about their place: the detector is sure and the cheap look agrees.
/// A whole body can be one sure spot, and settles nothing of what stands in it.
pub(super) fn settling(spots: &[Spot], glimpses: &Glimpses) -> Vec<Area> {
    let sure = spots.iter().filter(|spot| spot.score >= SETTLED);
    let agreed = sure.filter(|spot| seen(&spot.parts, &glimpses.maps) >= AGREED);
    agreed.map(|spot| spot.area).collect()
}

/// What of some places does not lie in `settling` spots, as far as a letter has room there: the rims
/// that the coarse cells of the cheap look leave around what was found have none, however they bend.
pub(super) fn unsettled(places: impl IntoIterator<Item = Area>, settling: &[Area]) -> Vec<Area> {
    let found: Vec<Area> = settling.iter().map(|area| area.grown(SLACK)).collect();
    let places: Vec<Area> = places.into_iter().collect();
    roomy(&uncovered(&places, &found), SLACK)
}

/// What of some areas together a square of that many pixels a side can reach, as rectangles that may
/// overlap (the morphological opening).
fn roomy(areas: &[Area], side: u32) -> Vec<Area> {
    let Some(all) = areas.iter().copied().reduce(|all, one| all.around(&one)) else {
        return Vec::new();
    };
    let more = side.saturating_sub(1);
    if all.w.min(all.h) <= more {
        return Vec::new();
    }
    // A square has its corner where it meets nothing of what lies between the areas.
    let between = uncovered(&[all], areas);
    let blocked: Vec<Area> = between
        .iter()
        .map(|area| {
            let (x, y) = (area.x.saturating_sub(more), area.y.saturating_sub(more));
            Area::new(x, y, area.right() - x, area.bottom() - y)
        })
        .collect();
    let corners = Area::new(all.x, all.y, all.w - more, all.h - more);
    uncovered(&[corners], &blocked)
        .iter()
        .map(|area| Area::new(area.x, area.y, area.w + more, area.h + more))
        .collect()
}

/// Whether lines leave no room in an area for one more letter of this height.
pub(super) fn is_filled(area: &Area, lines: &[Area], height: u32) -> bool {
    let around: Vec<Area> = lines.iter().map(|line| line.grown(SLACK)).collect();
    let rest = uncovered(&[*area], &around);
    rest.iter().all(|piece| piece.w.min(piece.h) < height)
}

pub(super) fn is_settled(place: &Area, settling: &[Area]) -> bool {
    unsettled([*place], settling).is_empty()
}

/// Places with what is around them, put together where one search of both is less work than two;
/// the whole if that is most of it.
pub(super) fn regions(places: impl IntoIterator<Item = Area>, whole: Area) -> Vec<Area> {
    let mut regions: Vec<Area> = Vec::new();
    for place in places {
        let Some(mut region) = place.grown(MARGIN).within(whole.w, whole.h) else {
            continue;
        };
        let saves = |one: &Area, other: &Area| {
            one.around(other).pixels() <= one.pixels() + other.pixels() + OVERHEAD
        };
        while let Some(at) = regions.iter().position(|other| saves(other, &region)) {
            region = region.around(&regions.swap_remove(at));
        }
        regions.push(region);
    }
    let searched: u64 = regions.iter().map(Area::pixels).sum();
    if searched * 10 > whole.pixels() * MOST_OF_IT {
        return vec![whole];
    }
    regions.sort_unstable();
    regions
}

#[cfg(test)]
mod tests {
    use super::super::port::Likelihood;
    use super::*;

    #[test]
    fn regions_are_put_together_where_that_is_less_work() {
        let whole = Area::new(0, 0, 1000, 1000);
        let near = [Area::new(100, 100, 40, 10), Area::new(150, 100, 40, 10)];
        assert_eq!(regions(near, whole), [Area::new(72, 72, 146, 66)]);
        // Side by side around a corner: the rectangle around both would hold mostly neither.
        let corner = [Area::new(100, 100, 400, 10), Area::new(100, 130, 10, 400)];
        assert_eq!(regions(corner, whole).len(), 2);
        let all = [Area::new(30, 30, 950, 940)];
        assert_eq!(regions(all, whole), [whole]);
    }

    #[test]
    fn rims_have_no_room_for_a_letter_and_their_corners_have() {
        // Around a line, nine pixels wide on all sides.
        let line = Area::new(9, 9, 80, 20);
        let rim = uncovered(&[line.grown(9)], &[line]);
        assert!(roomy(&rim, 10).is_empty());
        assert_eq!(
            roomy(&[Area::new(3, 4, 10, 10)], 10),
            [Area::new(3, 4, 10, 10)]
        );
        // Two rectangles that hold a square only together.
        let halves = [Area::new(0, 0, 6, 30), Area::new(6, 10, 6, 10)];
        assert_eq!(roomy(&halves, 10), [Area::new(0, 10, 12, 10)]);
        assert!(roomy(&[], 10).is_empty());
    }

    #[test]
    fn a_place_is_settled_where_both_are_sure_of_all_of_it() {
        let place = Area::new(100, 100, 80, 20);
        let spot = |x, w, score| Spot::upright(Area::new(x, 104, w, 12), score);
        let map = |value: f32| Glimpses {
            maps: vec![Likelihood {
                cell: 4,
                columns: 128,
                values: vec![value; 128 * 128],
            }],
            ..Glimpses::default()
        };
        let settles = |spots: &[Spot], glance| is_settled(&place, &settling(spots, &map(glance)));
        assert!(settles(&[spot(106, 66, 0.9)], 0.7));
        assert!(!settles(&[spot(106, 66, 0.8)], 0.7));
        assert!(!settles(&[spot(106, 66, 0.9)], 0.2));
        assert!(!settles(&[spot(106, 30, 0.9)], 0.7));
        assert!(settles(&[spot(106, 30, 0.9), spot(140, 36, 0.95)], 0.7));
    }
}
