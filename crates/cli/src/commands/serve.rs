//! `ofrecord serve`: the ledger over HTTP, until it is asked to stop.

mod holdings;
mod jobs;
mod open_files;
mod reread;
mod webhooks;

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;
use ofrecord_core::{Actor, ActorKind};
use ofrecord_ledger::Ledger;
use ofrecord_ledger::signing::Signer;
use ofrecord_server::{Ask, Gate, Oidc, ServeError, Serving, Sign, Stop, Tls, TokenFile, Workshop};

use self::holdings::Kept;
use self::jobs::Works;
use crate::arguments::folder;
use crate::configuration;
use crate::custody;
use crate::failure::{Failure, Verdict};
use crate::http::{self, Trust};
use crate::open::{self, Beside};
use crate::render::{self, Column, Layout};
use crate::session::Session;
use crate::trace::Traces;
use crate::watching::Watching;

/// The keys of an identity provider are not fetched more often than this.
const KEYS_PAUSE: Duration = Duration::from_secs(60);

const AFTER_HELP: &str = "\
Commands come in as `submit` takes them, and answers are the JSON that --format json prints; /openapi.json describes
every route. Where there are tokens (`ofrecord token`), nobody is answered without one; where there are none, only this
machine is listened to. While it serves, no other command opens the ledger.
The first Ctrl-C or SIGTERM stops it: nothing more is accepted, and what was accepted is answered; the second ends it
at once, which loses nothing that was acknowledged. SIGHUP has it read the certificate, the tokens and the keys of the
identity provider again. With -v, each request is a line on the standard error.

Example:
  ofrecord serve --listen 127.0.0.1:8470
  curl http://127.0.0.1:8470/v1/customers/5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01/resellers?as_of=2024-03-01";

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Read settings from this file (TOML); flags and the environment come before it
    #[arg(long, value_name = "FILE", env = "OFRECORD_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    /// Say what would be used and from where, and serve nothing
    #[arg(long)]
    check: bool,
    /// Print a file with every setting, what it means and what it is without one, to begin with
    #[arg(long, conflicts_with = "check")]
    print_config: bool,
    /// Where to listen; port 0 takes any that is free, and the first line says which
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8470", env = "OFRECORD_LISTEN")]
    #[arg(hide_env_values = true, value_parser = address)]
    listen: String,
    /// Speak TLS with this certificate, and those that lead from it to an authority, as PEM
    #[arg(long, value_name = "FILE", requires = "tls_key", env = "OFRECORD_TLS_CERT", hide_env_values = true)]
    tls_cert: Option<PathBuf>,
    /// The private key of that certificate, as PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert", env = "OFRECORD_TLS_KEY", hide_env_values = true)]
    tls_key: Option<PathBuf>,
    /// Also take the tokens of an identity provider, by the settings in this file (JSON)
    #[arg(long, value_name = "FILE", env = "OFRECORD_OIDC", hide_env_values = true)]
    oidc: Option<PathBuf>,
    /// Where files that come of jobs are put; without it, the ledger's name with `.results` after it
    #[arg(long, value_name = "DIR", env = "OFRECORD_RESULTS", hide_env_values = true, value_parser = folder())]
    results: Option<PathBuf>,
    /// Where the job of that name takes backups; without it, it takes none
    #[arg(long, value_name = "DIR", env = "OFRECORD_BACKUPS", hide_env_values = true, value_parser = folder())]
    backups: Option<PathBuf>,
    /// Where sources wait that are sent to be imported; without it, the ledger's name with `.uploads` after it
    #[arg(long, value_name = "DIR", env = "OFRECORD_UPLOADS", hide_env_values = true, value_parser = folder())]
    uploads: Option<PathBuf>,
    #[command(flatten)]
    traces: Traces,
    #[command(flatten)]
    trust: Trust,
    #[command(flatten)]
    watching: Watching,
}

impl Arguments {
    /// Where spans are sent, and by whom a host there is vouched for.
    pub(super) fn traces(&self) -> (&Traces, &Trust) {
        (&self.traces, &self.trust)
    }
}

const SETTINGS: Layout = Layout {
    empty: "nothing is set",
    columns: &[Column::of("setting", "setting"), Column::of("value", "value"), Column::of("from", "from")],
};

/// Reads where to listen.
fn address(text: &str) -> Result<String, String> {
    let port = text.rsplit_once(':').filter(|(address, _)| !address.is_empty()).map(|(_, port)| port);
    if port.is_some_and(|port| port.parse::<u16>().is_ok()) {
        return Ok(text.to_owned());
    }
    Err("write an address and a port, such as 127.0.0.1:8470".to_owned())
}

/// Serves.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if arguments.print_config {
        let mut output = session.output();
        output.bytes(configuration::template().as_bytes())?;
        return output.flush().map(|()| Verdict::Done);
    }
    // Before the ledger is opened, so that a wrong address costs nothing.
    let (gate, tls) = (gate(arguments, session)?, tls(arguments)?);
    open_files::reserve(&session.settings.limits)?;
    if arguments.check {
        let mut output = session.output();
        render::rows(&mut output, session.global.format, &SETTINGS, &session.settings.all)?;
        return output.flush().map(|()| Verdict::Done);
    }
    let listener = ofrecord_server::bind(&arguments.listen, &gate)?;
    let (mut ledger, beside) = open::ledger_and_beside(session)?;
    arguments.watching.begin(&mut ledger)?;
    let reader = ledger.reader().with_names(ledger.names());
    let ledger = Arc::new(ledger);
    let signer = signer(session)?;
    let sign = signer.clone().map(|signer| sign(signer, &ledger, session));
    let holdings = Box::new(Kept {
        ledger: session.global.ledger.clone(),
        signer,
        views: beside.views.clone(),
        backups: arguments.backups.clone(),
    });
    let webhooks = webhooks::webhooks(&session.settings.webhooks, &session.global.ledger, &arguments.trust);
    let approvals = beside_ledger(session, ".approvals");
    let workshop = workshop(&ledger, beside, arguments, session);
    let uploads = Some(arguments.uploads.clone().unwrap_or_else(|| beside_ledger(session, ".uploads")));
    let stop = Stop::default();
    let asked = stop.clone();
    session.interrupt.on_request(move || asked.ask());
    reread::on_hangup(session, tls.clone(), gate.provider());
    if session.interrupt.requested() {
        stop.ask();
    }
    let mut output = session.output();
    let address = listener.local_addr().map_err(ServeError::Runtime)?;
    if tls.is_none() && !address.ip().is_loopback() {
        let said = format!("tokens and answers can be read on their way to {address}");
        session.warn(&said, "speak TLS with --tls-cert and --tls-key, or let nothing but a proxy that does reach it");
    }
    output.line(&format!("listening on {}://{address}", if tls.is_some() { "https" } else { "http" }))?;
    output.flush()?;
    drop(output);
    let served = ofrecord_server::serve(
        listener,
        &ledger,
        reader,
        Serving {
            gate,
            approvals,
            tls,
            sign,
            holdings: Some(holdings),
            workshop: Some(workshop),
            uploads,
            webhooks,
            limits: session.settings.limits,
        },
        &stop,
    );
    let mut verdict = Verdict::Done;
    // Nothing else holds it once serving has ended.
    if let Some(mut ledger) = Arc::into_inner(ledger) {
        verdict = arguments.watching.end(&mut ledger, session);
        open::close(ledger, session);
    }
    let cancelled = served?.cancelled;
    if !cancelled.is_empty() {
        session.warn(&format!("jobs were cancelled: {}", cancelled.join(", ")), "order them again");
    }
    Ok(verdict)
}

/// What signs, where there are keys.
fn signer(session: &Session) -> Result<Option<Arc<Mutex<Signer>>>, Failure> {
    if !custody::key_folder(session).exists() {
        return Ok(None);
    }
    Ok(Some(Arc::new(Mutex::new(custody::signer(session)?))))
}

/// What signs checkpoints: the first that is asked for has the log name the key.
fn sign(signer: Arc<Mutex<Signer>>, ledger: &Arc<Ledger>, session: &Session) -> Sign {
    let (ledger, folder) = (Arc::clone(ledger), session.global.ledger.clone());
    Box::new(move || {
        let mut signer = signer.lock().unwrap_or_else(PoisonError::into_inner);
        let signed = custody::name_first_key(&ledger, &signer, &Actor::new(ActorKind::System))
            .and_then(|()| custody::sign_into(&ledger, &mut signer, &folder));
        signed.map(|signed| (signed.size, signed.note.to_string())).map_err(|failure| failure.to_string())
    })
}

/// What does jobs.
fn workshop(ledger: &Arc<Ledger>, beside: Beside, arguments: &Arguments, session: &Session) -> Box<dyn Workshop> {
    let results = arguments.results.clone().unwrap_or_else(|| beside_ledger(session, ".results"));
    let (ledger, session, backups) = (Arc::clone(ledger), session.clone(), arguments.backups.clone());
    Box::new(Works { ledger, beside, session, results, backups })
}

/// A folder beside the ledger, with its name and something after it.
fn beside_ledger(session: &Session, end: &str) -> PathBuf {
    let mut name = session.global.ledger.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn tls(arguments: &Arguments) -> Result<Option<Tls>, Failure> {
    let (Some(certificate), Some(key)) = (&arguments.tls_cert, &arguments.tls_key) else { return Ok(None) };
    Ok(Some(Tls::read(certificate, key).map_err(ServeError::Tls)?))
}

/// Asks for tokens where any were ever made or an identity provider makes them, and lets everybody in otherwise.
fn gate(arguments: &Arguments, session: &Session) -> Result<Gate, Failure> {
    let tokens = TokenFile::in_folder(custody::key_folder(session).path());
    let gate = if tokens.exists() { Gate::tokens(tokens) } else { Gate::open() };
    let Some(path) = &arguments.oidc else { return Ok(gate) };
    let failed = |error| Failure::File { doing: "read", path: path.clone(), error };
    let settings = fs::read(path).map_err(failed)?;
    let trust = arguments.trust.clone();
    let fetch = Box::new(move |ask: &Ask<'_>| fetched(ask, &trust));
    Ok(gate.with_oidc(Oidc::new(&settings, fetch, KEYS_PAUSE).map_err(ServeError::Oidc)?))
}

/// What an identity provider answers: over TLS, unless it is on this machine.
fn fetched(ask: &Ask<'_>, trust: &Trust) -> Result<Vec<u8>, String> {
    let (Ask::Get(url) | Ask::Post { url, .. }) = *ask;
    if !http::is_private(url) {
        return Err(format!("{url} is not asked: keys come over https"));
    }
    let answer = match *ask {
        Ask::Get(url) => http::get(url, trust),
        Ask::Post { url, form, authorization } => http::post_form(url, form, authorization, trust),
    };
    let answer = answer.map_err(|error| error.to_string())?;
    if answer.status == 200 { Ok(answer.body) } else { Err(format!("{url} answers with status {}", answer.status)) }
}
