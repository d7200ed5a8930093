//! The receivers of events, as the server takes them.

use std::path::{Path, PathBuf};

use ofrecord_server::Webhook;

use crate::configuration::WebhookSettings;
use crate::http::{Trust, post_to};

/// Each receiver, with the file beside the ledger that says how far it has come.
pub(super) fn webhooks(settings: &[WebhookSettings], ledger: &Path, trust: &Trust) -> Vec<Webhook> {
    let folder = folder_beside(ledger);
    settings.iter().filter_map(|webhook| of(webhook, &folder, trust)).collect()
}

/// How far each has come stands here: the ledger's name with `.webhooks` after it.
fn folder_beside(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(".webhooks");
    name.into()
}

fn of(settings: &WebhookSettings, folder: &Path, trust: &Trust) -> Option<Webhook> {
    let (role, sees) = settings.sees()?;
    let (url, trust, reach) = (settings.url.clone(), trust.clone(), settings.reach());
    Some(Webhook {
        name: settings.name.clone(),
        role,
        sees,
        customer: settings.customer,
        partner: settings.partner,
        kind: settings.kind.clone(),
        from: settings.from,
        secret: settings.secret()?.clone(),
        kept: folder.join(&settings.name),
        post: Box::new(move |headers, body| {
            post_to(&url, headers, body, (&trust, reach)).map_err(|error| error.to_string())
        }),
    })
}
