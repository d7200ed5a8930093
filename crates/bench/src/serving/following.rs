//! Followers of events: how many streams may be open at once, what each takes of the server, and when an entry has
//! reached all of them.

use std::time::Instant;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::client::Client;
use super::served::Served;
use super::{acknowledged, clients, failed};
use crate::RaceError;
use crate::figures::Figures;
use crate::reckoning::shared;
use crate::registration::request;

/// Opens streams of events until there are so many, or one is refused; then has a submitter whom nobody else uses make
/// a customer known that all of them follow.
pub(super) fn measure(
    served: &Served,
    wanted: usize,
    submitter: usize,
    figures: &mut Figures,
) -> Result<(), RaceError> {
    allow_open_files();
    let customer = request(submitter, 1).customer.ok_or_else(|| failed("a command without a customer"))?.to_string();
    let before = served.resident_kib();
    let mut open = Vec::new();
    while open.len() < wanted {
        let Ok(mut client) = Client::connect(served.address()) else { break };
        match client.follow(&customer) {
            Ok(200) => open.push(client),
            Ok(_) | Err(_) => break,
        }
    }
    if open.is_empty() {
        return Err(failed("nobody could follow"));
    }
    let (count, more) = (shared(open.len() as u64, 1), (served.resident_kib() - before).max(0.0));
    figures.alone("streams of events that were open at once", "streams", &mut [count]);
    figures.alone("resident memory for each of them", "KiB", &mut [more / count]);
    let clients = clients(served.address())?;
    let began = Instant::now();
    acknowledged(&clients, submitter, 1)?;
    for client in &mut open {
        client.event()?;
    }
    figures.alone("an entry reaches every one of them within", "ms", &mut [began.elapsed().as_secs_f64() * 1_000.0]);
    Ok(())
}

/// Each stream takes an open file of this process too; where the system allows no more, fewer streams are opened.
fn allow_open_files() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap_or_default();
}
