//! The parameters of the clouds, written a second time.

use ofrecord_core::{Cloud, Timestamp};

use crate::story::instant;

/// Whether delegated administration may be given at an instant (rule R-13).
pub(super) fn dap_offered(cloud: Cloud, at: Timestamp) -> bool {
    match cloud {
        Cloud::China21Vianet | Cloud::UsGov => true,
        Cloud::Worldwide => at < instant("2023-10-09"),
    }
}

/// Whether a relationship must come with delegated administration (rule R-14).
pub(super) fn dap_required(cloud: Cloud) -> bool {
    cloud == Cloud::UsGov
}

/// Whether delegated administration may be given for single services (rules R-12, D-4).
pub(super) fn dap_by_service(cloud: Cloud) -> bool {
    cloud == Cloud::China21Vianet
}

/// Whether one transacting partner is all that a customer may have (rule R-14).
pub(super) fn single_partner(cloud: Cloud) -> bool {
    cloud == Cloud::UsGov
}

/// Whether an indirect reseller's joint link names its provider (rule R-2).
pub(super) fn joint_links(cloud: Cloud) -> bool {
    cloud != Cloud::China21Vianet
}

/// Whether suspended new-commerce subscriptions stand in the way of removal (rule M-3).
pub(super) fn suspended_blocks_removal(cloud: Cloud) -> bool {
    cloud != Cloud::China21Vianet
}

/// Days after which a suspended legacy subscription is gone (rule U-17).
pub(super) fn legacy_days(cloud: Cloud) -> i64 {
    match cloud {
        Cloud::China21Vianet => 60,
        Cloud::Worldwide | Cloud::UsGov => 90,
    }
}

/// Whether granular administration is offered (contradiction D-1 of the text, decided for each cloud).
pub(super) fn gdap_offered(cloud: Cloud) -> bool {
    cloud != Cloud::China21Vianet
}

/// Days within which a request for a granular relationship is answered (rule G-14).
pub(super) const GDAP_REQUEST_DAYS: i64 = 90;

/// Days for which an ended granular relationship is shown (rule G-2 asks for names that are still visible).
pub(super) const GDAP_KEPT_DAYS: i64 = 365;

/// Days for which DAP and the relationship that replaces it stand side by side (rule D-6).
pub(super) const TRANSITION_DAYS: i64 = 30;

/// Whether new-commerce licences move between partners at an instant (contradiction D-14 of the text).
pub(super) fn licences_move(cloud: Cloud, at: Timestamp) -> bool {
    match cloud {
        Cloud::Worldwide => instant("2024-06-01") <= at,
        Cloud::China21Vianet | Cloud::UsGov => false,
    }
}
