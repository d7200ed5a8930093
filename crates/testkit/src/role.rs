//! Entra roles by their published template ids, as far as tests name them, and one that is none.

use ofrecord_core::RoleId;
use uuid::uuid;

/// Global administrator.
pub const GLOBAL_ADMINISTRATOR: RoleId = RoleId::new(uuid!("62e90394-69f5-4237-9190-012177145e10"));
/// Global reader.
pub const GLOBAL_READER: RoleId = RoleId::new(uuid!("f2ef992c-3afb-46b9-b7cf-a126ee74c451"));
/// Directory writers: may write the directory that licences stand in.
pub const DIRECTORY_WRITERS: RoleId = RoleId::new(uuid!("9360feb5-f418-4baa-8175-e2a00bac4301"));
/// Directory readers.
pub const DIRECTORY_READERS: RoleId = RoleId::new(uuid!("88d8e3e3-8f55-4a1e-953a-9b9898b8876b"));
/// Exchange administrator.
pub const EXCHANGE_ADMINISTRATOR: RoleId = RoleId::new(uuid!("29232cdf-9323-42fd-ade2-1d097af3e4de"));
/// Billing administrator.
pub const BILLING_ADMINISTRATOR: RoleId = RoleId::new(uuid!("b0f54661-2d74-4c50-afa3-1ec803f12efe"));
/// A template id that no built-in role has.
pub const NO_ROLE: RoleId = RoleId::new(uuid!("00000000-0000-4000-8000-00000000cafe"));

/// The built-in ones of these.
pub const BUILT_IN: &[RoleId] = &[
    GLOBAL_ADMINISTRATOR,
    GLOBAL_READER,
    DIRECTORY_WRITERS,
    DIRECTORY_READERS,
    EXCHANGE_ADMINISTRATOR,
    BILLING_ADMINISTRATOR,
];
