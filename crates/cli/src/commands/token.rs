//! `ofrecord token`: who may ask the server, made, listed and revoked on the machine where it runs.

use clap::{Args, Subcommand, ValueEnum};
use ofrecord_core::{CustomerId, PartnerTenantId, Timestamp};
use ofrecord_server::{AccessRole, Scope, Token, TokenFile, TokenGrant};
use serde::Serialize;

use crate::arguments::Format;
use crate::custody;
use crate::failure::{Failure, Verdict};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// How long a token is taken where nothing is said.
const DAYS: i64 = 90;

const AFTER_HELP: &str = "\
A token lets whoever shows it ask `ofrecord serve`, as far as its role reaches. It is printed once; the folder of keys
holds its SHA-256 and nothing else of it. A server that runs heeds a change at the next request, and one that was
started when there were tokens answers nobody without one. Without a subcommand, every token is listed.

Example:
  ofrecord token create kim@auditor.example --role auditor --expires 2026-12-31
  ofrecord token create agent@partner.example --role partner_user --partner 4b827261-d21f-4aa9-b7db-7fa1f56fb163
  ofrecord token revoke kim@auditor.example";

/// Arguments of `token`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// Make a token, and print it
    Create {
        /// Whose it is: the only name by which whoever shows it can act
        name: String,
        /// What it lets its owner do
        #[arg(long, value_enum)]
        role: RoleWord,
        /// Whose share a partner user sees, and for whom it acts
        #[arg(long, value_name = "PARTNER", conflicts_with = "customer")]
        partner: Option<PartnerTenantId>,
        /// The tenant that a customer admin sees, and for which it acts
        #[arg(long, value_name = "CUSTOMER")]
        customer: Option<CustomerId>,
        /// Until when it is taken; without it, for 90 days
        #[arg(long, value_name = "TIME")]
        expires: Option<Timestamp>,
    },
    /// List every token, revoked ones included
    List,
    /// Make a token worthless
    Revoke {
        /// Whose it is
        name: String,
    },
}

/// A role, as it is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum RoleWord {
    /// Sees one partner's share of each of its customers, and acts for that partner
    PartnerUser,
    /// Sees one tenant with all its partners, and acts for it
    CustomerAdmin,
    /// Sees everything
    Auditor,
    /// Sees everything; corrects, holds, and erases with a second one
    ComplianceOfficer,
    /// Sees no content; keeps the service running
    Operator,
}

impl RoleWord {
    fn role(self) -> AccessRole {
        match self {
            Self::PartnerUser => AccessRole::PartnerUser,
            Self::CustomerAdmin => AccessRole::CustomerAdmin,
            Self::Auditor => AccessRole::Auditor,
            Self::ComplianceOfficer => AccessRole::ComplianceOfficer,
            Self::Operator => AccessRole::Operator,
        }
    }
}

/// A token as it is listed.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    role: String,
    tenant: Option<String>,
    standing: &'static str,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

/// A token that was just made.
#[derive(Debug, Serialize)]
struct Made<'a> {
    name: &'a str,
    role: &'static str,
    expires_at: Timestamp,
    token: &'a str,
}

const TOKENS: Layout = Layout {
    empty: "no tokens: `ofrecord token create` makes the first",
    columns: &[
        Column::of("name", "name"),
        Column::of("role", "role"),
        Column::of("tenant", "tenant"),
        Column::of("standing", "standing"),
        Column::of("made", "created_at"),
        Column::of("expires", "expires_at"),
        Column::of("revoked", "revoked_at"),
    ],
};

/// Does what is asked.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let folder = custody::key_folder(session);
    if !folder.exists() {
        return Err(Failure::NoKeys { folder: folder.path().to_owned() });
    }
    let (file, now) = (TokenFile::in_folder(folder.path()), session.clock().now());
    match &arguments.action {
        Some(Action::Create { name, role, partner, customer, expires }) => {
            let scope = match (partner, customer) {
                (Some(partner), _) => Scope::Partner(*partner),
                (None, Some(customer)) => Scope::Customer(*customer),
                (None, None) => Scope::OfRole,
            };
            let expires_at = expires.unwrap_or_else(|| now.plus_days(DAYS));
            create(&file, &TokenGrant { name: name.clone(), role: role.role(), scope, expires_at }, session)
        }
        Some(Action::Revoke { name }) => {
            file.revoke(name, now)?;
            list(&file, now, session)
        }
        Some(Action::List) | None => list(&file, now, session),
    }
}

fn create(file: &TokenFile, grant: &TokenGrant, session: &Session) -> Result<Verdict, Failure> {
    let token = file.create(grant, session.clock().now(), &custody::entropy(session))?;
    let (name, role, expires_at) = (grant.name.as_str(), grant.role.word(), grant.expires_at);
    let mut output = session.output();
    match session.global.format {
        Format::Table | Format::Csv => output.line(&token)?,
        Format::Json => output.json(&Made { name, role, expires_at, token: &token })?,
    }
    output.flush()?;
    session.remark(&format!("{name} is {role} until {expires_at}; keep the token, it is not shown again"));
    Ok(Verdict::Done)
}

fn list(file: &TokenFile, now: Timestamp, session: &Session) -> Result<Verdict, Failure> {
    let rows: Vec<Row> = file.tokens()?.iter().map(|token| row(token, now)).collect();
    let mut output = session.output();
    render::rows(&mut output, session.global.format, &TOKENS, &rows)?;
    Ok(Verdict::Done)
}

fn row(token: &Token, now: Timestamp) -> Row {
    let partner = token.partner.map(|partner| partner.to_string());
    Row {
        name: token.name.clone(),
        role: token.role.clone(),
        tenant: partner.or_else(|| token.customer.map(|customer| customer.to_string())),
        standing: match token.revoked_at {
            Some(_) => "revoked",
            None if token.expires_at <= now => "expired",
            None => "taken",
        },
        created_at: token.created_at,
        expires_at: token.expires_at,
        revoked_at: token.revoked_at,
    }
}
