//! The commands, one file each: adding one is a file, its `mod` line and its line in the table below.

use clap::Subcommand;

use crate::failure::{Failure, Verdict};
use crate::http::Trust;
use crate::session::Session;
use crate::trace::Traces;

mod access;
pub(crate) mod anchor;
mod approval;
mod backup;
mod billing;
mod certify;
mod check;
mod check_certificate;
mod checkpoint;
mod commit;
mod complete;
mod completions;
pub(crate) mod cosign;
mod coverage;
mod demo;
mod diff;
mod drift;
mod epoch;
mod erase;
mod evidence;
mod explain;
pub(crate) mod export;
mod findings;
mod gdap;
mod hold;
mod impact;
mod import;
mod init;
mod interference;
mod key;
mod microsoft;
mod never;
mod partners_of_record;
pub(crate) mod prove;
mod rebuild;
mod redact;
mod repair;
mod replay;
mod report;
mod resellers;
mod restore;
mod serve;
mod stats;
mod subjects;
mod submit;
mod subscriptions;
mod timeline;
mod token;
mod transfers;
mod verify;
mod witness;

macro_rules! commands {
    ($($(#[$meta:meta])* $name:ident in $module:ident,)+) => {
        /// What to do.
        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $($(#[$meta])* $name($module::Arguments),)+
        }

        impl Command {
            /// Does it.
            pub(crate) fn run(self, session: &Session) -> Result<Verdict, Failure> {
                match self {
                    $(Self::$name(arguments) => $module::run(&arguments, session),)+
                }
            }
        }
    };
}

impl Command {
    /// Where spans are sent, of the one command that has any.
    pub(crate) fn traces(&self) -> Option<(&Traces, &Trust)> {
        if let Self::Serve(arguments) = self { Some(arguments.traces()) } else { None }
    }
}

commands! {
    /// Make a generated history, ask, rebuild and replay it
    Demo in demo,
    /// Create a ledger
    Init in init,
    /// Submit commands, one JSON document a line
    Submit in submit,
    /// Serve the ledger over HTTP: commands in, answers out
    Serve in serve,
    /// Who may ask the server: tokens made, listed and revoked
    Token in token,
    /// What takes two persons: ask a server for it, and answer what somebody else asks for
    Approval in approval,
    /// Import records of other systems as observations
    Import in import,
    /// Who a customer's resellers were
    Resellers in resellers,
    /// A customer's subscriptions: owner, status, terms, partners of record
    Subscriptions in subscriptions,
    /// How a customer's subscriptions went from one partner to another
    Transfers in transfers,
    /// Who was partner of record of which subscription, by kind
    PartnersOfRecord in partners_of_record,
    /// Who could administer a customer, and through what
    Access in access,
    /// Granular relationships: roles, status, until when, and their assignments
    Gdap in gdap,
    /// What happened, in order, refusals included
    Timeline in timeline,
    /// What an auditor should look at
    Findings in findings,
    /// Which entries an answer follows from
    Explain in explain,
    /// What differs between two instants or two states of knowledge
    Diff in diff,
    /// Whether any relationship event changed a subscription
    Interference in interference,
    /// Which sources cover which periods
    Coverage in coverage,
    /// Who is billed for which days of which subscription
    Billing in billing,
    /// The whole dossier of a customer as Markdown or HTML, with a picture
    Report in report,
    /// Decide every recorded command again and compare
    Replay in replay,
    /// Build the views from the log again and compare
    Rebuild in rebuild,
    /// Fold every stream afresh and list the stored rows that say otherwise
    Drift in drift,
    /// Show which stored rows this version would fold differently
    Impact in impact,
    /// Read and check every entry in every copy
    Verify in verify,
    /// Mend a damaged ledger from its sealed segments
    Repair in repair,
    /// Sign the size and the root of the log
    Checkpoint in checkpoint,
    /// Show that an entry is in the log, or that the log begins with what was known before
    Prove in prove,
    /// Check checkpoints, proofs, receipts and certificates, without any ledger
    Check in check,
    /// The keys that sign for the ledger
    Key in key,
    /// Commit to the state of all streams, so that completeness and absence can be proven
    Commit in commit,
    /// Prove that these are all entries of a customer or a partner
    Complete in complete,
    /// Prove that a customer and a partner never had a reseller relationship
    Never in never,
    /// Certify that no relationship event changed a subscription, of a customer or of all
    Certify in certify,
    /// Take an answer with everything that it rests on, to be checked without the ledger
    Evidence in evidence,
    /// The same as `check`, under the name that it had for certificates
    #[command(hide = true)]
    CheckCertificate in check_certificate,
    /// Have the newest checkpoint cosigned by a witness
    Cosign in cosign,
    /// Have an authority state when the newest checkpoint existed
    Anchor in anchor,
    /// Be a witness: cosign checkpoints of logs that only ever grow
    Witness in witness,
    /// Go on after entries were lost for good
    Epoch in epoch,
    /// Copy the ledger into a folder, or check such a copy
    Backup in backup,
    /// Make a ledger from a backup, or try whether that could be done
    Restore in restore,
    /// Whose personal fields stand under a customer
    Subjects in subjects,
    /// Make the personal fields of a person unreadable
    Erase in erase,
    /// Take the bytes of a whole entry away, and leave its hash
    Redact in redact,
    /// What must not be erased or redacted, and until when
    Hold in hold,
    /// Sizes, counts and health
    Stats in stats,
    /// Print entries, their exact bytes, one a line
    Export in export,
    /// Print what is known as JSON in the shapes of Partner Center and Microsoft Graph
    Microsoft in microsoft,
    /// Print a completion script for a shell
    Completions in completions,
}
