//! The ledger over HTTP: commands in, answers out, and how it is. It asks the ledger and holds no rule.
//!
//! Every route is a line of the table in `routes.rs`; the router, the description at `/openapi.json` and the page
//! `docs/reference/http.md` are made of that table. A request takes its hops through these modules: `connections`
//! accepts it, `exchange` gives it an id and its limits, `visitor` asks `gate` who sent it, or `sessions` where a browser
//! did, and `access` whether they may, the route's own module answers, and `problem` says what kept it from an answer.
//! `jobs` does long work beside all of that, `approvals` keeps what takes two persons, `microsoft` answers in the shapes of Microsoft Graph and Partner Center, and
//! `console` has the pages for a browser.

mod access;
mod approvals;
mod asked;
mod body;
mod commands;
mod connections;
mod console;
mod cookies;
mod description;
mod disclosure;
mod exchange;
mod feed;
mod gate;
mod health;
mod holdings;
mod jobs;
mod lags;
mod limits;
mod meter;
mod microsoft;
mod notary;
mod oidc;
mod pace;
mod peers;
mod places;
mod problem;
mod proofs;
mod questions;
mod reply;
mod routes;
mod sessions;
mod shared;
mod stalls;
mod stop;
mod tls;
mod tokens;
mod traces;
mod visitor;

pub use crate::access::{AccessRole, Scope, role_lines};
pub use crate::connections::{ServeError, Served, Serving, bind, serve};
pub use crate::description::{openapi, route_lines};
pub use crate::feed::webhooks::{NoSecret, Post, Webhook, WebhookSecret};
pub use crate::gate::Gate;
pub use crate::holdings::{BackupStanding, Drill, Generation, GenerationStanding, Holdings, KeptCheckpoint};
pub use crate::jobs::{
    Covered, Import, JobError, JobKind, JobResult, JobVerdict, Order, Tally, Task, Underway, Upload, Workshop,
};
pub use crate::limits::Limits;
pub use crate::microsoft::decided::{granular_operations, granular_requests};
pub use crate::notary::Sign;
pub use crate::oidc::{Ask, Fetch, Oidc, OidcError};
pub use crate::stop::Stop;
pub use crate::tls::{Tls, TlsError};
pub use crate::tokens::{Token, TokenError, TokenFile, TokenGrant};
