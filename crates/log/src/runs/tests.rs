//! Runs give back what was put into them, however often they are brought together, and damage is never an answer.

use std::collections::BTreeMap;

use super::*;

/// Numbers that are the same in each test with the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 += 1;
        filter::key_of(&self.0.to_be_bytes()) % end
    }

    fn bytes(&mut self, length_end: u64, byte_end: u64) -> Vec<u8> {
        let length = self.below(length_end);
        (0..length).map(|_| u8::try_from(self.below(byte_end)).unwrap()).collect()
    }
}

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

const SMALL: Form =
    Form { block_bytes: 64, packing: Packing::Zstd, together: 3, level_max: 3, asked_by: owner, end: End::Overwritten };
const PLAIN: Form = Form { packing: Packing::None, end: End::Removed, ..SMALL };

/// The first two bytes.
fn owner(key: &[u8]) -> &[u8] {
    key.get(..2).unwrap_or(key)
}

fn standing(through: u64) -> Standing {
    Standing { through, labels: BTreeMap::from([("root".to_owned(), format!("at {through}"))]) }
}

fn written(runs: &Runs, rows: &Rows) -> RunWriter {
    let mut run = runs.begin().unwrap();
    rows.iter().for_each(|(key, value)| run.put(key, value).unwrap());
    run
}

fn join(values: &[Vec<u8>]) -> Option<Vec<u8>> {
    Some(values.concat())
}

/// Everything there is, the values of a key behind one another.
fn everything(runs: &Runs) -> Result<Rows, RunError> {
    let (mut sorted, mut rows) = (runs.sorted_from(&[])?, Rows::new());
    while let Some((key, values)) = sorted.next_key()? {
        assert!(rows.last_key_value().is_none_or(|(last, _)| *last < key));
        rows.insert(key, values.concat());
    }
    Ok(rows)
}

fn check_holds(runs: &Runs, expected: &Rows) {
    assert_eq!(everything(runs).unwrap(), *expected);
    for (key, value) in expected {
        let mut found = Vec::new();
        runs.newest_first(key, &mut |value| {
            found.insert(0, value);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(found.concat(), *value);
        let mut of_owner = Rows::new();
        runs.each_of(owner(key), &mut |key, value| {
            of_owner.entry(key.to_vec()).or_default().extend_from_slice(value);
            ControlFlow::Continue(())
        })
        .unwrap();
        let owned = expected.iter().filter(|(other, _)| owner(other) == owner(key));
        assert!(of_owner.iter().eq(owned));
        let mut absent = key.clone();
        absent.push(0);
        if !expected.contains_key(&absent) {
            runs.newest_first(&absent, &mut |_| panic!("nobody put {absent:?}")).unwrap();
        }
    }
}

#[test]
fn random_rows_come_back_whatever_was_brought_together_and_opened_again() {
    for (seed, form) in [(1, SMALL), (2, PLAIN), (3, SMALL), (4, PLAIN)] {
        println!("seed {seed}");
        let mut random = Random(seed << 32);
        let folder = tempfile::tempdir().unwrap();
        let mut runs = Runs::open(folder.path(), form).unwrap();
        let mut expected = Rows::new();
        for through in 1..=40 {
            let rows: Rows = (0..random.below(30)).map(|_| (random.bytes(5, 4), random.bytes(40, 3))).collect();
            for (key, value) in &rows {
                expected.entry(key.clone()).or_default().extend(value);
            }
            runs.add(written(&runs, &rows), 0, standing(through)).unwrap();
            if random.below(2) == 0 {
                runs.bring_together(&join).unwrap();
                assert!(runs.state().runs.iter().filter(|run| run.listed.level == 0).count() < form.together);
            }
            if random.below(4) == 0 {
                drop(runs);
                runs = Runs::open(folder.path(), form).unwrap();
            }
            assert_eq!((runs.through(), runs.label("root")), (through, Some(format!("at {through}"))));
            if through % 5 == 0 {
                check_holds(&runs, &expected);
            }
        }
        assert!(runs.state().runs.len() < 3 * form.together + 3);
        let files = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, runs.state().runs.len() + 1, "nothing is left of what was brought together");
    }
}

#[test]
fn a_run_that_replaces_all_others_is_alone() {
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::open(folder.path(), SMALL).unwrap();
    let rows = |text: &str| Rows::from([(b"ab".to_vec(), text.as_bytes().to_vec())]);
    runs.replace(written(&runs, &rows("one")), standing(1)).unwrap();
    let reading = runs.sorted_from(&[]).unwrap();
    runs.replace(written(&runs, &rows("two")), standing(2)).unwrap();
    check_holds(&runs, &rows("two"));
    let mut reading = reading;
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    assert_eq!(reading.next_key().unwrap(), Some((b"ab".to_vec(), vec![b"one".to_vec()])), "whoever reads goes on");
    drop(reading);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "the file goes with the last who reads it");
    runs.replace(runs.begin().unwrap(), standing(3)).unwrap();
    assert_eq!((everything(&runs).unwrap(), runs.through()), (Rows::new(), 3));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_may_hold_what_is_to_be_forgotten_is_overwritten_before_its_name_goes() {
    for (form, kept) in [(SMALL, false), (PLAIN, true)] {
        let folder = tempfile::tempdir().unwrap();
        let runs = Runs::open(folder.path(), form).unwrap();
        let rows = Rows::from([(b"ab".to_vec(), b"a card number".to_vec())]);
        runs.replace(written(&runs, &rows), standing(1)).unwrap();
        // Another name of the same blocks.
        let other = tempfile::tempdir_in(folder.path().parent().unwrap()).unwrap();
        fs::hard_link(folder.path().join("run-1"), other.path().join("linked")).unwrap();
        runs.replace(runs.begin().unwrap(), standing(2)).unwrap();
        let bytes = fs::read(other.path().join("linked")).unwrap();
        assert_eq!(bytes.windows(4).any(|some| some == b"card"), kept);
        assert_eq!(bytes.iter().any(|byte| *byte != 0), kept);
    }
}

#[test]
fn a_run_that_nobody_took_does_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::open(folder.path(), SMALL).unwrap();
    let rows = Rows::from([(b"ab".to_vec(), vec![7; 1_000])]);
    runs.add(written(&runs, &rows), 0, standing(5)).unwrap();
    drop(written(&runs, &Rows::from([(b"zz".to_vec(), vec![1])])));
    fs::write(folder.path().join("run-77"), b"cut off").unwrap();
    check_holds(&runs, &rows);
    drop(runs);
    let runs = Runs::open(folder.path(), SMALL).unwrap();
    check_holds(&runs, &rows);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_run_of_parts_is_the_same_as_one_that_was_written_row_by_row() {
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::open(folder.path(), SMALL).unwrap();
    let rows: Rows = (0..200_u8).map(|number| (vec![number / 8, number], vec![number; 20])).collect();
    let sorted: Vec<(&Vec<u8>, &Vec<u8>)> = rows.iter().collect();
    for cut in [1, 7, 64, 200] {
        let mut run = runs.begin().unwrap();
        for some in sorted.chunks(cut) {
            let mut part = runs.begin_part().unwrap();
            some.iter().for_each(|(key, value)| part.put(key, value).unwrap());
            run.append(part).unwrap();
            run.append(runs.begin_part().unwrap()).unwrap();
        }
        runs.replace(run, standing(1)).unwrap();
        check_holds(&runs, &rows);
        let moment = runs.moment();
        assert!(moment.milestones().is_sorted() && !moment.milestones().is_empty());
    }
}

#[test]
fn rows_out_of_their_order_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::open(folder.path(), SMALL).unwrap();
    for (one, other) in [("b", "a"), ("b", "b"), ("ba", "b")] {
        let mut run = runs.begin().unwrap();
        run.put(one.as_bytes(), b"").unwrap();
        assert!(matches!(run.put(other.as_bytes(), b""), Err(RunError::Io { .. })), "{one} {other}");
        let mut part = runs.begin_part().unwrap();
        part.put(other.as_bytes(), b"").unwrap();
        assert!(matches!(run.append(part), Err(RunError::Io { .. })), "{one} {other}");
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_noticed() {
    for form in [SMALL, PLAIN] {
        let folder = tempfile::tempdir().unwrap();
        let runs = Runs::open(folder.path(), form).unwrap();
        let rows: Rows = (0..40_u8).map(|number| (vec![number / 8, number], vec![number; 20])).collect();
        runs.add(written(&runs, &rows), 0, standing(9)).unwrap();
        drop(runs);
        for name in ["run-1", "runs"] {
            let path = folder.path().join(name);
            let sound = fs::read(&path).unwrap();
            let check = |bytes: &[u8], case: String| {
                fs::write(&path, bytes).unwrap();
                let read = Runs::read(folder.path(), form).and_then(|runs| everything(&runs));
                assert!(read.is_err(), "{name}: {case}");
            };
            for at in 0..sound.len() {
                let mut flipped = sound.clone();
                flipped[at] ^= 1 << (at % 8);
                check(&flipped, format!("bit of byte {at}"));
                check(&sound[..at], format!("cut at {at}"));
            }
            fs::write(&path, &sound).unwrap();
        }
        check_holds(&Runs::read(folder.path(), form).unwrap(), &rows);
        fs::remove_file(folder.path().join("run-1")).unwrap();
        assert!(matches!(Runs::open(folder.path(), form), Err(RunError::Io { .. })));
    }
}

#[test]
fn what_cannot_be_joined_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::open(folder.path(), SMALL).unwrap();
    let rows = Rows::from([(b"ab".to_vec(), b"x".to_vec())]);
    (1..=3).for_each(|through| runs.add(written(&runs, &rows), 0, standing(through)).unwrap());
    assert!(matches!(runs.bring_together(&|_| None), Err(RunError::Damaged { .. })));
    check_holds(&runs, &Rows::from([(b"ab".to_vec(), b"xxx".to_vec())]));
}

#[test]
fn a_folder_of_somebody_else_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("db"), b"theirs").unwrap();
    let refused = Runs::open(folder.path(), SMALL).unwrap_err().to_string();
    assert!(refused.ends_with("it is not in the form of this version: db"), "{refused}");
    assert_eq!(fs::read(folder.path().join("db")).unwrap(), b"theirs");
}

#[test]
fn numbers_come_back_and_cut_off_or_too_large_ones_do_not() {
    for number in [0, 1, 127, 128, 300, 16_383, 16_384, u64::from(u32::MAX), u64::MAX - 1, u64::MAX] {
        let mut bytes = Vec::new();
        put_number(number, &mut bytes);
        assert_eq!(take_number(&mut bytes.as_slice()), Some(number));
        bytes.pop();
        assert_eq!(take_number(&mut bytes.as_slice()), None, "{number} cut off");
    }
    assert_eq!(take_number(&mut [0xff; 9].iter().copied().chain([2]).collect::<Vec<u8>>().as_slice()), None);
    assert_eq!(take_number(&mut [0x80; 11].as_slice()), None);
}

#[test]
fn a_filter_has_all_its_keys_and_few_others() {
    let filter = Filter::of((0..16_384_u32).map(|number| filter::key_of(&u64::from(number).to_be_bytes())));
    for number in 0..16_384_u64 {
        assert!(filter.may_have(filter::key_of(&number.to_be_bytes())));
    }
    let others = (16_384..116_384_u64).filter(|number| filter.may_have(filter::key_of(&number.to_be_bytes())));
    let found = others.count();
    assert!(found < 200, "{found} of 100000 keys that are not there would be looked for");
}
