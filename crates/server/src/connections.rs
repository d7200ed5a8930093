//! Listening, accepting, and stopping: what was accepted is answered before the server ends.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use ofrecord_ledger::{Ledger, Reader};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::exchange::router;
use crate::feed::webhooks::{self, Webhook};
use crate::gate::Gate;
use crate::holdings::Holdings;
use crate::jobs::{self, Workshop};
use crate::lags;
use crate::limits::Limits;
use crate::notary::Sign;
use crate::oidc::OidcError;
use crate::peers::{Peer, Peers};
use crate::shared::Shared;
use crate::stalls::Unstalled;
use crate::stop::Stop;
use crate::tls::{Tls, TlsError};

/// How long nothing is accepted after that failed, as it does while the process has no more files to open.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Threads for blocking work beside those of questions.
const OTHER_BLOCKING: usize = 4;

/// Why nothing is served.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The address leads to no place to listen, or the place is taken.
    #[error("listen on {address}: {error}")]
    Listen {
        /// The address.
        address: String,
        /// What the system says.
        error: io::Error,
    },
    /// The address can be reached from other machines, and nobody would be asked who is there.
    #[error("listen on {address}: others could reach it, and nobody is asked for a token")]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The system allows fewer open files than the limits need.
    #[error("have {connections} connections: that takes {needed} open files, and the system allows {allowed}")]
    OpenFiles {
        /// The limit of connections.
        connections: usize,
        /// Files that may be open then.
        needed: u64,
        /// Files that the system allows.
        allowed: u64,
    },
    /// TLS cannot be spoken.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The identity provider cannot be used.
    #[error(transparent)]
    Oidc(#[from] OidcError),
    /// The system has no threads or timers left.
    #[error("start to serve: {0}")]
    Runtime(#[source] io::Error),
}

impl ServeError {
    /// Whether other settings would do, rather than another machine.
    #[must_use]
    pub fn is_the_askers(&self) -> bool {
        match self {
            Self::NotLoopback { .. } | Self::OpenFiles { .. } | Self::Tls(_) | Self::Oidc(OidcError::Settings(_)) => {
                true
            }
            Self::Listen { .. } | Self::Oidc(_) | Self::Runtime(_) => false,
        }
    }
}

/// Listens on an address; port 0 takes any that is free. Where nobody is asked who is there, it must be an address of
/// this machine alone.
///
/// # Errors
/// [`ServeError::NotLoopback`] before anything listens; otherwise what the system says.
pub fn bind(address: &str, gate: &Gate) -> Result<TcpListener, ServeError> {
    let failed = |error| ServeError::Listen { address: address.to_owned(), error };
    let addresses: Vec<SocketAddr> = address.to_socket_addrs().map_err(failed)?.collect();
    let reached = addresses.iter().find(|address| !address.ip().is_loopback());
    if let Some(address) = reached.filter(|_| !gate.asks()) {
        return Err(ServeError::NotLoopback { address: *address });
    }
    TcpListener::bind(addresses.as_slice()).map_err(failed)
}

/// How a ledger is served.
pub struct Serving {
    /// Who is let in.
    pub gate: Gate,
    /// The folder in which waits what takes two persons; it need not be there.
    pub approvals: PathBuf,
    /// The certificate to speak TLS with, where it is spoken.
    pub tls: Option<Tls>,
    /// What signs checkpoints, where there are keys.
    pub sign: Option<Sign>,
    /// What is kept beside the log, where that is known.
    pub holdings: Option<Box<dyn Holdings>>,
    /// Receivers that events are sent to.
    pub webhooks: Vec<Webhook>,
    /// What does jobs, where any are done.
    pub workshop: Option<Box<dyn Workshop>>,
    /// Where what is sent to be imported is kept meanwhile; without it, nothing is.
    pub uploads: Option<PathBuf>,
    /// The limits.
    pub limits: Limits,
}

/// How serving ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "whoever ordered a job that was cancelled should be told"]
pub struct Served {
    /// Jobs that came to nothing because of the stop, by kind and id.
    pub cancelled: Vec<String>,
}

/// Serves a ledger until a stop is asked for; then nothing more is accepted, jobs are cancelled, and what was accepted
/// is answered.
///
/// Nothing of the ledger is held any more when this returns.
///
/// # Errors
/// [`ServeError`] before anything is served; never afterwards.
pub fn serve(
    listener: TcpListener,
    ledger: &Arc<Ledger>,
    reader: Reader,
    mut serving: Serving,
    stop: &Stop,
) -> Result<Served, ServeError> {
    let limits = serving.limits;
    let (tls, hooks) = (serving.tls.clone(), std::mem::take(&mut serving.webhooks));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("ofrecord-server")
        .max_blocking_threads(limits.questions + limits.uploads + OTHER_BLOCKING + hooks.len())
        .build()
        .map_err(ServeError::Runtime)?;
    let shared = Arc::new(Shared::new(Arc::clone(ledger), reader, serving, stop.clone()));
    shared.uploads.clear();
    let (working, board) = (shared.jobs.start().map_err(ServeError::Runtime)?, Arc::clone(&shared.jobs));
    let served = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        webhooks::start(&shared, hooks);
        tokio::spawn(jobs::tell_growth(Arc::clone(&shared)));
        lags::start(&shared);
        accept(tokio::net::TcpListener::from_std(listener)?, tls.as_ref(), &shared).await;
        Ok(())
    });
    board.close();
    // Dropping the runtime waits for the blocking work that was begun.
    drop((shared, runtime));
    if working.join().is_err() {
        tracing::error!("the thread of jobs ended by a panic");
    }
    served.map_err(ServeError::Runtime).map(|()| Served { cancelled: board.stopped() })
}

async fn accept(listener: tokio::net::TcpListener, tls: Option<&Tls>, shared: &Arc<Shared>) {
    let (router, limits, stop) = (router(shared), shared.limits, &shared.stop);
    let (open, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(limits.connections)));
    let peers = Peers::default();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            biased;
            () = stop.asked() => break,
            next = next => next,
        };
        let (stream, peer) = match accepted {
            Ok((stream, address)) => (stream, Peer::at(address.ip())),
            Err(error) => {
                tracing::warn!(%error, "could not accept a connection");
                drop(timeout(ACCEPT_PAUSE, stop.asked()).await);
                continue;
            }
        };
        // Whoever has more than others may have is not heard, so that it takes the places of nobody else.
        let Some(held) = peers.hold(peer, limits.peer_connections) else {
            tracing::debug!(address = %peer.address(), "a connection too many of one address");
            continue;
        };
        // Answers are written whole; waiting for more to send only delays them.
        drop(stream.set_nodelay(true));
        let stream = Unstalled::new(stream, limits.stall);
        let (router, watcher, tls) = (router.clone(), open.watcher(), tls.map(Tls::acceptor));
        tokio::spawn(async move {
            match tls {
                None => speak(stream, peer, router, watcher, limits).await,
                // Whoever does not finish shaking hands holds no place for longer than for the head of a request.
                Some(tls) => match timeout(limits.head_time, tls.accept(stream)).await {
                    Ok(Ok(stream)) => speak(stream, peer, router, watcher, limits).await,
                    Ok(Err(error)) => tracing::debug!(%error, "a client does not speak TLS as this server does"),
                    Err(_) => tracing::debug!("a client did not finish shaking hands"),
                },
            }
            drop((place, held));
        });
    }
    drop(listener);
    shared.jobs.close();
    if timeout(limits.stop_time, open.shutdown()).await.is_err() {
        tracing::warn!("connections were still open when the time for stopping was over");
    }
}

/// Answers the requests of one connection.
async fn speak<S>(stream: S, peer: Peer, router: Router, watcher: Watcher, limits: Limits)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let answers = TowerToHyperService::new(router);
    let answers = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(peer);
        answers.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(limits.head_bytes)
        .serve_connection(TokioIo::new(stream), answers);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke off");
    }
}
