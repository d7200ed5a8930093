//! Hours of mixed load on the program as it is used, with kills in between, and every law checked again and again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ofrecord_testkit::generator::{Range, drafts};
use ofrecord_testkit::outside::{Binary, How, Place, Stop};
use ofrecord_testkit::{Random, line};
use serde::{Deserialize, Serialize};

use crate::RaceError;
use crate::results::complain;

/// Commands fed to one process.
const LINES: usize = 150;
/// Rounds between two checks of everything.
const CHECK_EVERY: u64 = 20;
/// Commands of earlier rounds that are sent once more with each round.
const REPEATED: usize = 20;
/// What may be asked between two rounds; each must end well and change nothing.
const ERRANDS: &[&[&str]] =
    &[&["stats"], &["findings"], &["rebuild"], &["replay"], &["checkpoint"], &["commit"], &["verify"]];
/// What must hold at every check and at the end.
const LAWS: &[&[&str]] = &[&["verify"], &["drift"], &["replay"], &["rebuild"], &["commit"], &["commit", "--check"]];

/// How a soak is run.
#[derive(Debug)]
pub(crate) struct Soak {
    /// The program.
    pub(crate) program: PathBuf,
    /// Where its ledger and the backups of it are made.
    pub(crate) scratch: PathBuf,
    /// For how long.
    pub(crate) time: Duration,
    /// Which draws.
    pub(crate) seed: u64,
}

/// What a soak did. It is only told of one in which every law held.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Soaked {
    seed: u64,
    seconds: u64,
    rounds: u64,
    kills: u64,
    errands: u64,
    backups: u64,
    checks: u64,
    commands_acknowledged: usize,
}

impl Soak {
    /// Runs until the time is over, then checks everything once more.
    ///
    /// # Errors
    /// [`RaceError`] with the seed, the round and the first law that did not hold.
    pub(crate) fn run(&self) -> Result<Soaked, RaceError> {
        std::fs::create_dir_all(&self.scratch)?;
        let (ledger, backup) = (self.scratch.join("ledger"), self.scratch.join("backup"));
        let binary = Binary::at(&self.program);
        binary.init(&ledger);
        let began = Instant::now();
        let mut random = Random::new(self.seed);
        let mut acknowledged: BTreeMap<String, Place> = BTreeMap::new();
        let mut sent: Vec<String> = Vec::new();
        let mut soaked = Soaked { seed: self.seed, ..Soaked::default() };
        while began.elapsed() < self.time {
            let number = soaked.rounds;
            let lines = self.lines(number, &sent);
            let stop = moment(&mut random, &lines);
            soaked.kills += u64::from(stop != Stop::Never);
            let told = binary.submit_until(&ledger, &lines, stop, How::Killed, &mut || {});
            self.keep(number, told, &mut acknowledged)?;
            sent.extend(lines);
            if let Some(errand) = random.percent(40).then(|| ERRANDS.get(random.index(ERRANDS.len()))).flatten() {
                self.must(&binary, &ledger, number, errand)?;
                soaked.errands += 1;
            }
            if random.percent(10) {
                self.must(&binary, &ledger, number, &["backup", &backup.to_string_lossy()])?;
                soaked.backups += 1;
            }
            if number % CHECK_EVERY == CHECK_EVERY - 1 {
                self.check(&binary, &ledger, number, &sent, &mut acknowledged)?;
                soaked.checks += 1;
            }
            soaked.rounds += 1;
        }
        self.check(&binary, &ledger, soaked.rounds, &sent, &mut acknowledged)?;
        self.must(&binary, &ledger, soaked.rounds, &["backup", &backup.to_string_lossy()])?;
        self.must(&binary, &ledger, soaked.rounds, &["restore", &backup.to_string_lossy(), "--drill"])?;
        soaked.checks += 1;
        soaked.backups += 1;
        soaked.commands_acknowledged = acknowledged.len();
        soaked.seconds = began.elapsed().as_secs();
        std::fs::remove_dir_all(&self.scratch)?;
        Ok(soaked)
    }

    /// New commands of a round, and some of earlier ones, which must be told to be repeats.
    fn lines(&self, number: u64, sent: &[String]) -> Vec<String> {
        let seed = self.seed.wrapping_mul(1_000_000).wrapping_add(number);
        let new = drafts(seed, Range::Everything, LINES);
        let repeated = sent.iter().rev().take(REPEATED).cloned();
        repeated.chain(new.iter().map(|draft| line::of(&draft.request))).collect()
    }

    /// Takes in what was acknowledged: never at two places.
    fn keep(
        &self,
        round: u64,
        told: BTreeMap<String, Place>,
        acknowledged: &mut BTreeMap<String, Place>,
    ) -> Result<(), RaceError> {
        for (id, place) in told {
            let before = acknowledged.insert(id.clone(), place.clone());
            if before.is_some_and(|before| before != place) {
                return Err(self.broken(round, &format!("command {id} was acknowledged at two places")));
            }
        }
        Ok(())
    }

    /// Everything that was sent is sent again and stands where it stood, and every law holds.
    fn check(
        &self,
        binary: &Binary,
        ledger: &Path,
        round: u64,
        sent: &[String],
        acknowledged: &mut BTreeMap<String, Place>,
    ) -> Result<(), RaceError> {
        complain(&format!("round {round}: {} commands acknowledged; checking", acknowledged.len()));
        let again = binary.submit(ledger, sent);
        if let Some((id, _)) = acknowledged.iter().find(|(id, place)| again.get(*id) != Some(place)) {
            return Err(self.broken(round, &format!("command {id} is not where it was acknowledged")));
        }
        self.keep(round, again, acknowledged)?;
        LAWS.iter().try_for_each(|law| self.must(binary, ledger, round, law))
    }

    fn must(&self, binary: &Binary, ledger: &Path, round: u64, arguments: &[&str]) -> Result<(), RaceError> {
        let output = binary.run(ledger, arguments);
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(self.broken(round, &format!("`ofrecord {}` ended with {}: {said}", arguments.join(" "), output.status)))
    }

    fn broken(&self, round: u64, law: &str) -> RaceError {
        RaceError::of("soak")(&format!("seed {}, round {round}, folder {}: {law}", self.seed, self.scratch.display()))
    }
}

/// When the process of a round is killed: by receipts read, by bytes fed, or not at all.
fn moment(random: &mut Random, lines: &[String]) -> Stop {
    let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
    if random.percent(30) {
        Stop::Never
    } else if random.percent(50) {
        Stop::AfterReceipts(1 + random.below(lines.len() as u64))
    } else {
        Stop::AfterBytes(random.index(bytes))
    }
}
