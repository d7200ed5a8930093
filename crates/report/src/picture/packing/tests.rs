//! Boxes on lines.

use super::{Extent, lines};

fn check(boxes: &[(i64, i64)], lines_max: usize, expected: &[Option<usize>]) {
    let extents: Vec<Extent> = boxes.iter().map(|(from, to)| Extent { from: *from, to: *to }).collect();
    assert_eq!(lines(&extents, lines_max), expected);
}

#[test]
fn boxes_that_touch_share_a_line_and_boxes_that_overlap_do_not() {
    check(&[], 3, &[]);
    check(&[(0, 10), (10, 20), (20, 30)], 3, &[Some(0); 3]);
    check(&[(0, 10), (9, 20), (20, 30)], 3, &[Some(0), Some(1), Some(0)]);
    check(&[(5, 9), (0, 6)], 3, &[Some(1), Some(0)]);
    check(&[(0, 9), (1, 9), (2, 9)], 2, &[Some(0), Some(1), None]);
}
