//! `ofrecord init`: create a ledger.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use ofrecord_core::Cloud;
use ofrecord_log::{Identity, OpenOptions, SledLog};
use serde::Serialize;
use uuid::Uuid;

use crate::arguments::{Format, folder};
use crate::custody;
use crate::failure::{Failure, Verdict};
use crate::open::{CLOCK_LABEL, CLOCK_SET, CLOUD_LABEL};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ofrecord init /srv/ledger --origin example.cn/ledger --cloud china21vianet")]
pub(crate) struct Arguments {
    /// The folder to create; without it, the one of --ledger
    #[arg(value_parser = folder())]
    dir: Option<PathBuf>,
    /// The ledger's name in every answer and proof; without it, one is drawn
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
    /// The cloud whose rules decide
    #[arg(long, default_value = "china21vianet", value_parser = crate::arguments::cloud())]
    cloud: Cloud,
}

/// What was created.
#[derive(Debug, Serialize)]
struct Created {
    ledger: PathBuf,
    origin: String,
    key: String,
    cloud: Cloud,
    created_at: String,
}

const LAYOUT: Layout = Layout {
    empty: "",
    columns: &[
        Column::of("ledger", "ledger"),
        Column::of("origin", "origin"),
        Column::of("key", "key"),
        Column::of("cloud", "cloud"),
        Column::of("created at", "created_at"),
    ],
};

/// Creates the ledger.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let ledger = arguments.dir.clone().unwrap_or_else(|| session.global.ledger.clone());
    let origin = arguments.origin.clone().unwrap_or_else(drawn_origin);
    let cloud = arguments.cloud;
    let mut labels = BTreeMap::from([(CLOUD_LABEL.to_owned(), cloud.as_str().to_owned())]);
    if session.global.clock.is_some() {
        labels.insert(CLOCK_LABEL.to_owned(), CLOCK_SET.to_owned());
    }
    let created_at = session.clock().now().to_string();
    let identity = Identity::new(&origin, &created_at, labels);
    custody::check_key_folder(session, &ledger)?;
    let log = SledLog::create(&ledger, &identity, &OpenOptions::default())?;
    let key = custody::make_keys(session, &ledger, &origin)?;
    drop(log);
    let created = Created { ledger, origin, key, cloud, created_at };
    let mut output = session.output();
    match session.global.format {
        Format::Table => {
            output.line(&format!("created {}", created.ledger.display()))?;
            output.line(&format!("origin  {}", created.origin))?;
            output.line(&format!("key     {}", created.key))?;
            output.line(&format!("cloud   {}", created.cloud.as_str()))?;
            output.flush()?;
        }
        Format::Json => {
            output.json(&created)?;
            output.flush()?;
        }
        Format::Csv => render::rows(&mut output, Format::Csv, &LAYOUT, &[created])?,
    }
    Ok(Verdict::Done)
}

/// Two ledgers must never share a name: proofs are told apart by it.
#[expect(clippy::disallowed_methods, reason = "the binary is the edge that may draw a name")]
fn drawn_origin() -> String {
    format!("ofrecord.local/{}", Uuid::new_v4())
}
