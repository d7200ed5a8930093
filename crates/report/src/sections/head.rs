//! What stands below the title: whose dossier it is, and by which viewpoint.

use super::Scene;
use crate::document::{Cell, Pairs, Phrase, Piece, said};
use crate::words::{self, spoken};

pub(crate) fn title(scene: &Scene<'_>) -> Phrase {
    match &scene.dossier.profile.name {
        Some(name) => said!["Dossier of ", Piece::Name(name.clone())],
        None => said!["Dossier of customer ", Piece::Code(scene.dossier.customer.to_string())],
    }
}

pub(crate) fn head(scene: &Scene<'_>) -> Pairs {
    let (dossier, basis) = (scene.dossier, scene.basis);
    let profile = &dossier.profile;
    let known = |text: Option<Phrase>, field: &str| Cell::maybe(text).because(profile.cells.of(field));
    let name = profile.name.clone().map(|name| Piece::Name(name).into());
    let domain = profile.domain.clone().map(|domain| Piece::Name(domain).into());
    let market = profile.market.as_ref().map(|market| Phrase::from(market.to_string()));
    let tenant = profile.tenant_type.as_ref().map(|tenant| Phrase::from(spoken!(tenant)));
    let status = profile.account_status.as_ref().map(|status| Phrase::from(spoken!(status)));
    let associated = profile.associated_partner.iter().map(|(provider, partner)| {
        let who = partner.as_ref().map_or_else(|| Phrase::from("nobody"), |id| Piece::Code(id.to_string()).into());
        said![who, ", set by ", scene.names.partner(*provider)]
    });
    let associated = Some(Phrase::joined(associated, "; ")).filter(|phrase| !phrase.is_empty());
    let code = |text: &str| Cell::of(Piece::Code(text.to_owned()));
    Pairs {
        caption: "The customer, and what this dossier rests on".to_owned(),
        rows: vec![
            ("customer", known(name, "name")),
            ("tenant", code(&dossier.customer.to_string())),
            ("domain", known(domain, "domain")),
            ("market", known(market, "market")),
            ("kind of tenant", known(tenant, "tenant_type")),
            ("account status", known(status, "account_status")),
            ("associated reseller", known(associated, "associated_partner")),
            ("cloud", Cell::of(words::cloud(dossier.policy.cloud))),
            ("as of", Cell::of(dossier.as_of)),
            ("known at", Cell::of(basis.known_at)),
            ("ledger", code(&basis.origin)),
            ("tree size", Cell::of(basis.tree_size.to_string())),
            ("root", code(&basis.root)),
            ("policy", Cell::of(words::policy(dossier.policy))),
            ("fold version", Cell::of(dossier.fold_version)),
        ],
    }
}
