//! Places: nothing overlaps, nothing leaves the picture, and what is not drawn is said.

use ofrecord_core::{PartnerTenantId, SubscriptionId, Timestamp};
use ofrecord_views::Period;

use super::super::lane::{Item, Lane, Lasts, Row, Shape, Subject};
use super::super::text::width;
use super::super::{Picture, Zoom, axis};
use super::{BOX_MIN, LINE, Layout, PlacedRow, TEXT_SIZE, TITLE_SIZE, Words};
use crate::palette::Tone;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn period(from: &str, to: &str) -> Period {
    Period { from: at(from), to: at(to) }
}

fn item(shape: Shape, tone: Tone, label: &str) -> Item {
    Item { shape, tone, label: label.to_owned(), said: label.into(), positions: vec![7], ended_by: Vec::new() }
}

fn spell(from: &str, to: &str) -> Item {
    let to = (to != "-").then(|| at(to));
    item(Shape::Spell { from: at(from), to }, Tone::Active, "active")
}

fn flag(since: &str, label: &str) -> Item {
    item(Shape::Flag { at: at(since), lasts: Lasts::StillThere }, Tone::Finding, label)
}

fn partner(number: u128) -> Subject {
    Subject::Partner(PartnerTenantId::new(uuid(number)))
}

fn subscription(number: u128) -> Subject {
    Subject::Subscription(SubscriptionId::new(uuid(number)))
}

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

fn lane(subject: Subject, items: Vec<Item>) -> Lane {
    let row = Row { label: "a row with a label that is longer than its column is wide".to_owned(), items };
    Lane { subject, title: "A title".to_owned(), rows: vec![row] }
}

fn picture(lanes: Vec<Lane>, period: Period, as_of: &str) -> Picture {
    Picture { title: "A picture".to_owned(), as_of: at(as_of), period, zoom: Zoom::PAGE, lanes }
}

/// Everything that must be true of any picture, on one sheet and on many.
fn check(picture: &Picture) -> Layout {
    let whole = Layout::whole(picture);
    for sheet in Layout::sheets(picture, 300).iter().chain([&whole]) {
        check_sheet(sheet);
    }
    let on_sheets: usize = Layout::sheets(picture, 300).iter().map(|sheet| sheet.lanes.len()).sum();
    assert_eq!(on_sheets, whole.lanes.len(), "every lane is on one sheet");
    whole
}

fn check_sheet(sheet: &Layout) {
    let mut top = sheet.body.0;
    for lane in &sheet.lanes {
        assert!(lane.y >= top, "lanes stand below each other");
        top = lane.y + lane.height;
        check_words(sheet, &lane.title, TITLE_SIZE);
        let mut below = 0;
        for row in &lane.rows {
            assert!(row.y >= below, "rows stand below each other");
            below = row.y + row.height;
            assert!(below <= lane.height, "a row stands within its lane");
            check_row(sheet, row);
        }
    }
    assert!(top <= sheet.body.1 && sheet.body.1 <= sheet.height);
    for (x, mark) in &sheet.marks {
        assert!((sheet.scale.ends().0..=sheet.scale.ends().1).contains(x));
        check_words(sheet, mark, axis::LABEL_SIZE);
    }
    for pair in sheet.marks.windows(2) {
        assert!(pair[0].1.x + width(&pair[0].1.text, axis::LABEL_SIZE) <= pair[1].0, "labels of the axis overlap");
    }
    let others = sheet.notes.iter().chain(sheet.legend.iter().map(|(_, words)| words));
    others.chain(sheet.now.iter().map(|(_, words)| words)).for_each(|words| check_words(sheet, words, TEXT_SIZE));
}

fn check_words(sheet: &Layout, words: &Words, size: i64) {
    assert!(words.x >= 0 && words.x + width(&words.text, size) <= sheet.width, "{words:?} leaves the picture");
    assert!(words.y >= 0 && words.y <= sheet.height, "{words:?} leaves the picture");
}

fn check_row(sheet: &Layout, row: &PlacedRow) {
    let (left, right) = sheet.scale.ends();
    assert!(row.label.x + width(&row.label.text, TEXT_SIZE) <= left, "{:?} leaves its column", row.label);
    let bars = row.bars.iter().map(|bar| (bar.y, bar.x, bar.width));
    let mut boxes: Vec<_> = bars.chain(row.flags.iter().map(|flag| (flag.y, flag.x, flag.width))).collect();
    boxes.sort_unstable();
    for pair in boxes.windows(2) {
        let ((line, x, wide), (next_line, next, _)) = (pair[0], pair[1]);
        assert!(line != next_line || x + wide <= next, "boxes of a line overlap: {pair:?}");
    }
    for (y, x, wide) in boxes {
        assert!(wide >= BOX_MIN, "a box is too narrow to be seen");
        assert!(left <= x && x + wide <= right, "a box leaves the axis");
        assert!(y + LINE <= row.height, "a box leaves its row");
    }
    for bar in &row.bars {
        assert!((0..=bar.width).contains(&bar.known));
        let Some(label) = &bar.label else { continue };
        let end = label.x + width(&label.text, TEXT_SIZE);
        let beside = row.bars.iter().filter(|other| other.y == bar.y && other.x > bar.x).map(|other| other.x).min();
        assert!(end <= bar.x + bar.width || end <= beside.unwrap_or(right), "{label:?} runs into what is beside it");
    }
    row.flags.iter().for_each(|flag| check_words(sheet, &flag.label, TEXT_SIZE));
}

#[test]
fn a_picture_of_nothing_is_still_a_picture() {
    let layout = check(&picture(Vec::new(), period("2018-01-01", "2018-02-01"), "2018-01-15"));
    assert_eq!((layout.lanes.len(), layout.left_out.len()), (0, 0));
    assert!(layout.now.is_some());
}

#[test]
fn what_lasted_no_time_to_speak_of_is_seen() {
    let spells = vec![spell("2018-01-01", "-"), spell("2018-06-01", "2018-06-01T00:00:00.0000001Z")];
    for decade in [period("2010-01-01", "2020-01-01"), period("0001-01-01", "9999-12-31")] {
        let layout = check(&picture(vec![lane(partner(1), spells.clone())], decade, "2019-01-01"));
        assert_eq!(layout.lanes[0].rows[0].bars.len(), 2);
    }
}

#[test]
fn spells_that_follow_each_other_share_a_line() {
    let spells = vec![spell("2018-01-01", "2018-03-01"), spell("2018-03-01", "2018-05-01"), spell("2018-05-01", "-")];
    let layout = check(&picture(vec![lane(partner(1), spells)], period("2018-01-01", "2019-01-01"), "2018-12-01"));
    let row = &layout.lanes[0].rows[0];
    assert!(row.height == LINE && row.bars.iter().all(|bar| bar.y == 0));
    assert_eq!(row.bars[0].x + row.bars[0].width, row.bars[1].x);
}

#[test]
fn spells_of_one_moment_are_stacked_and_those_without_room_are_counted() {
    let short = |minute: u32| {
        let (from, to) = (format!("2018-06-01T00:{minute:02}:00Z"), format!("2018-06-01T00:{minute:02}:30Z"));
        spell(&from, &to)
    };
    let spells: Vec<Item> = (0..20).map(short).collect();
    let layout = check(&picture(vec![lane(partner(1), spells)], period("2010-01-01", "2020-01-01"), "2019-01-01"));
    let drawn = layout.lanes[0].rows[0].bars.len();
    assert!(drawn > 1 && drawn < 20);
    let told = format!("{} bars and marks have no room beside others of the same time and are not drawn.", 20 - drawn);
    assert_eq!(layout.left_out, [told]);
}

#[test]
fn what_lies_outside_the_period_is_counted_and_what_crosses_its_edges_says_so() {
    let items = vec![
        spell("2017-01-01", "2017-02-01"),
        spell("2017-06-01", "2018-03-01"),
        spell("2018-06-01", "2019-06-01"),
        spell("2019-06-01", "-"),
        flag("2017-01-01", "F1"),
    ];
    let layout = check(&picture(vec![lane(partner(1), items)], period("2018-01-01", "2019-01-01"), "2020-01-01"));
    let row = &layout.lanes[0].rows[0];
    let edges: Vec<_> = row.bars.iter().map(|bar| (bar.goes_on_left, bar.goes_on_right)).collect();
    assert_eq!(edges, [(true, false), (false, true)]);
    assert_eq!(row.flags.len(), 1, "a finding that still holds is marked at the edge");
    assert_eq!(
        layout.left_out,
        [
            "1 bar or mark lies before the period and is not drawn.",
            "1 bar or mark lies after the period and is not drawn.",
        ]
    );
    assert!(layout.now.is_none());
}

#[test]
fn only_what_lies_before_the_instant_asked_about_is_known() {
    let whole = period("2018-01-01", "2019-01-01");
    let known = |as_of: &str, from: &str, to: &str| {
        let layout = check(&picture(vec![lane(partner(1), vec![spell(from, to)])], whole, as_of));
        let bar = &layout.lanes[0].rows[0].bars[0];
        (bar.known == 0, bar.known == bar.width)
    };
    assert_eq!(known("2018-07-01", "2018-02-01", "2018-03-01"), (false, true));
    assert_eq!(known("2018-07-01", "2018-02-01", "-"), (false, false));
    assert_eq!(known("2018-07-01", "2018-08-01", "-"), (true, false));
    assert_eq!(known("2017-07-01", "2017-02-01", "-"), (true, false));
    assert_eq!(known("2019-07-01", "2018-02-01", "-"), (false, true));
}

#[test]
fn a_day_and_ten_years_and_all_of_time_can_be_drawn_at_any_zoom() {
    let items = vec![spell("2018-06-01T03:00:00Z", "2018-06-01T09:30:00Z"), spell("2018-06-01T09:30:00Z", "-")];
    let flags = vec![flag("2018-06-01T04:00:00Z", "F1"), flag("2018-06-01T04:00:00Z", "F200")];
    let all = Period { from: Timestamp::MIN, to: Timestamp::MAX };
    for drawn in [period("2018-06-01", "2018-06-02"), period("2010-01-01", "2020-01-01"), all] {
        for percent in [0, 50, 100, 400, u32::MAX] {
            let lanes = vec![lane(partner(1), items.clone()), lane(partner(2), flags.clone())];
            let picture = Picture { zoom: Zoom::percent(percent), ..picture(lanes, drawn, "2018-06-01T12:00:00Z") };
            check(&picture);
        }
    }
}

#[test]
fn words_never_leave_the_picture_however_long_they_are() {
    for word in ["W", "世", "i", "a b ", "\u{202e}"] {
        let long = word.repeat(300);
        let named = Item { label: long.clone(), ..spell("2018-03-01", "2018-04-01") };
        let row = Row { label: long.clone(), items: vec![named.clone(), Item { ..named }, flag("2018-03-01", "F1")] };
        let lane = Lane { subject: partner(1), title: long, rows: vec![row] };
        check(&picture(vec![lane], period("2018-01-01", "2019-01-01"), "2018-12-01"));
    }
}

#[test]
fn two_hundred_subscriptions_are_drawn_in_part_and_the_rest_is_said() {
    let whole = period("2018-01-01", "2019-01-01");
    for (count, drawn) in [(0, 0), (1, 1), (40, 40), (41, 40), (200, 40)] {
        let lanes = (0..count).map(|number| lane(subscription(number), vec![spell("2018-02-01", "-")])).collect();
        let layout = check(&picture(lanes, whole, "2018-12-01"));
        assert_eq!(layout.lanes.len(), drawn);
        let said = layout.left_out.join(" ");
        assert_eq!(said.starts_with(&format!("40 of {count} subscriptions are drawn:")), count > 40, "{said}");
    }
}

#[test]
fn lanes_with_findings_come_before_others_and_lanes_that_hold_before_those_that_ended() {
    let mut lanes: Vec<Lane> =
        (0..50).map(|number| lane(partner(number), vec![spell("2018-02-01", "2018-03-01")])).collect();
    lanes[3].rows[0].items.push(flag("2018-02-10", "F1"));
    lanes[5].rows[0].items = vec![spell("2018-01-15", "-")];
    let picture = picture(lanes, period("2018-01-01", "2019-01-01"), "2018-12-01");
    assert_eq!(check(&picture).lanes.len(), super::choice::PARTNERS_MAX);
    let (drawn, _) = super::choice::lanes(&picture);
    let subjects: Vec<Subject> = drawn.iter().map(|lane| lane.subject).collect();
    assert!(subjects.contains(&partner(3)) && subjects.contains(&partner(5)), "{subjects:?}");
    assert!(subjects.is_sorted(), "those drawn keep their order");
}

#[test]
fn a_crowded_lane_draws_some_rows_and_says_how_many_it_does_not() {
    let rows = (0..30).map(|number| Row { label: format!("row {number}"), items: vec![spell("2018-02-01", "-")] });
    let lane = Lane { subject: partner(1), title: "Crowded".to_owned(), rows: rows.collect() };
    let layout = check(&picture(vec![lane], period("2018-01-01", "2019-01-01"), "2018-12-01"));
    assert_eq!(layout.lanes[0].rows.len() + 16, 30);
    assert_eq!(layout.left_out, ["16 rows of crowded lanes are not drawn."]);
}

/// SplitMix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn instant(&mut self) -> Timestamp {
        at("2010-01-01").plus_seconds(i64::try_from(self.roll(20 * 365 * 86_400)).unwrap())
    }

    fn item(&mut self) -> Item {
        let from = self.instant();
        let shape = match self.roll(5) {
            0 => Shape::Flag { at: from, lasts: Lasts::StillThere },
            1 => Shape::Boundary(from),
            2 => Shape::Spell { from, to: None },
            _ => Shape::Spell { from, to: Some(from.plus_seconds(1 + i64::try_from(self.roll(90_000_000)).unwrap())) },
        };
        let label = "a label of some length".split_at(usize::try_from(self.roll(20)).unwrap()).0.to_owned();
        item(shape, Tone::ALL[usize::try_from(self.roll(15)).unwrap()], &label)
    }
}

#[test]
fn any_picture_keeps_everything_in_its_place() {
    for seed in 0..200 {
        println!("seed {seed}");
        let mut dice = Dice(seed);
        let lanes = (0..dice.roll(60)).map(|number| {
            let items = (0..1 + dice.roll(12)).map(|_| dice.item()).collect();
            let subject = if number % 3 == 0 { partner(u128::from(number)) } else { subscription(u128::from(number)) };
            lane(subject, items)
        });
        let lanes: Vec<Lane> = lanes.collect();
        let (from, as_of) = (dice.instant(), dice.instant());
        let to = from.plus_seconds(1 + i64::try_from(dice.roll(500_000_000)).unwrap());
        let zoom = Zoom::percent(u32::try_from(dice.roll(1_000)).unwrap());
        let title = "A picture".to_owned();
        let picture = Picture { title, as_of, period: Period { from, to }, zoom, lanes };
        let layout = check(&picture);
        let items: usize = picture.lanes.iter().flat_map(|lane| &lane.rows).map(|row| row.items.len()).sum();
        let drawn: usize = layout
            .lanes
            .iter()
            .flat_map(|lane| &lane.rows)
            .map(|row| row.bars.len() + row.flags.len() + row.boundaries.len())
            .sum();
        assert!(drawn <= items && (drawn == items) == layout.left_out.is_empty(), "what is not drawn is said");
    }
}
