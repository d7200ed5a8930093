//! SIGHUP: what lies beside the server is read again, and the server goes on.
//!
//! A certificate and tokens are looked at by every connection and request anyway; the keys of an identity provider are
//! not, so that one which the provider has taken back goes only by this or by its time.

use std::sync::Arc;
use std::thread;

use ofrecord_server::{Oidc, Tls};

use crate::session::Session;

/// Has it read again for each SIGHUP.
pub(super) fn on_hangup(session: &Session, tls: Option<Tls>, oidc: Option<Arc<Oidc>>) {
    let told = session.clone();
    session.interrupt.on_hangup(move || {
        let (told, tls, oidc) = (told.clone(), tls.clone(), oidc.clone());
        // A provider that does not answer must not keep a request to stop waiting.
        let reading = thread::Builder::new().name("ofrecord-reread".to_owned());
        if let Err(error) = reading.spawn(move || read(&told, tls.as_ref(), oidc.as_deref())) {
            tracing::error!(%error, "could not read anything again");
        }
    });
}

fn read(session: &Session, tls: Option<&Tls>, oidc: Option<&Oidc>) {
    let hint = "what was read last holds on; send SIGHUP again once it is mended";
    if let Some(Err(error)) = tls.map(Tls::read_again) {
        session.warn(&format!("could not {error}"), hint);
    }
    if let Some(Err(error)) = oidc.map(Oidc::fetch_again) {
        session.warn(&format!("could not {error}"), hint);
    }
    session.remark("read the certificate, the tokens and the keys of the identity provider again, where there are any");
    session.remark("settings are read when a server starts");
}
