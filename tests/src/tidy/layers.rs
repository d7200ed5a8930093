//! Who may depend on whom, and what each crate must never name: the crate table of `docs/ARCHITECTURE.md`.

use super::Violation;
use crate::manifest::{Dependency, DependencyKind, Manifest};
use crate::source::{Source, has_word};

/// What a package may use.
#[derive(Debug, Clone, Copy)]
pub struct Layer {
    /// The package.
    pub package: &'static str,
    /// The folder of its source.
    pub folder: &'static str,
    /// Packages of this workspace that it may depend on.
    pub ours: &'static [&'static str],
    /// For a crate that promises purity, the only other crates it may ship with.
    pub others: Option<&'static [&'static str]>,
    /// Words that its code must not name, tests apart, and what naming one would break.
    pub never: &'static [(&'static [&'static str], &'static str)],
}

const WORLD: (&[&str], &str) = (
    &[
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant",
        "Utc::now",
        "Local::now",
        "println",
        "eprintln",
        "tokio",
        "tracing",
        "sled",
    ],
    "this crate is pure: no files, clock, environment, threads or output",
);
const ORDER: (&[&str], &str) = (&["HashMap", "HashSet"], "iteration order would be seen; use BTreeMap or BTreeSet");
const CHANCE: (&[&str], &str) =
    (&["rand", "getrandom", "new_v4", "now_v7", "RandomState"], "this crate draws no randomness");
const DOMAIN: (&[&str], &str) = (
    &["reseller", "Reseller", "customer", "Customer", "subscription", "Subscription", "PartnerTenantId"],
    "the log knows entries and streams, never what a reseller is",
);
const QUESTION: (&[&str], &str) = (
    &["CustomerRecord", "PartnerRecord", "Record", "History", "State", "Viewpoint", "Policy", "decide"],
    "a report is given its answers; it asks no question and holds no rule",
);
const ENGINE: (&[&str], &str) = (&["sled"], "only crates/log names the engine; use the EventLog trait");
const RULE: (&[&str], &str) = (
    &["ofrecord_core::decide", "Streams", "Policy", "println", "eprintln"],
    "the server asks the ledger and the views; it holds no rule and has no terminal",
);
const EDGE: (&[&str], &str) = (
    &["clap", "http", "hyper", "axum", "anstream", "comfy_table", "indicatif"],
    "terminals and sockets belong to the edge",
);

/// The packages, lowest first.
pub const LAYERS: &[Layer] = &[
    Layer {
        package: "ofrecord-canonical",
        folder: "crates/canonical/",
        ours: &[],
        others: Some(&["serde", "serde_json", "thiserror"]),
        never: &[WORLD, ORDER, CHANCE, DOMAIN],
    },
    Layer {
        package: "ofrecord-core",
        folder: "crates/core/",
        ours: &[],
        others: Some(&["chrono", "serde", "serde_json", "thiserror", "uuid"]),
        never: &[WORLD, ORDER, CHANCE],
    },
    Layer {
        package: "ofrecord-views",
        folder: "crates/views/",
        ours: &["ofrecord-canonical", "ofrecord-core"],
        others: Some(&["chrono", "serde", "serde_json", "thiserror", "uuid"]),
        never: &[WORLD, ORDER, CHANCE],
    },
    Layer {
        package: "ofrecord-log",
        folder: "crates/log/",
        ours: &["ofrecord-canonical"],
        others: None,
        never: &[DOMAIN, EDGE],
    },
    Layer {
        package: "ofrecord-proof",
        folder: "crates/proof/",
        ours: &["ofrecord-log"],
        others: Some(&[
            "aes-gcm",
            "base64ct",
            "coset",
            "ed25519-dalek",
            "hkdf",
            "hmac",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "zeroize",
        ]),
        never: &[WORLD, ORDER, CHANCE, DOMAIN],
    },
    Layer {
        package: "ofrecord-ledger",
        folder: "crates/ledger/",
        ours: &["ofrecord-core", "ofrecord-views", "ofrecord-log", "ofrecord-proof"],
        others: None,
        never: &[ENGINE, EDGE],
    },
    Layer {
        package: "ofrecord-interop",
        folder: "crates/interop/",
        ours: &["ofrecord-core"],
        others: Some(&["chrono", "csv", "hex", "parquet", "serde", "serde_json", "sha2", "thiserror", "uuid"]),
        never: &[WORLD, ORDER, CHANCE, (&["ofrecord_core::decide", "decide"], "reading decides nothing")],
    },
    Layer {
        package: "ofrecord-report",
        folder: "crates/report/",
        ours: &["ofrecord-core", "ofrecord-views"],
        others: Some(&["maud", "serde"]),
        never: &[WORLD, ORDER, CHANCE, QUESTION],
    },
    Layer {
        package: "ofrecord-market",
        folder: "crates/market/",
        ours: &["ofrecord-core", "ofrecord-log"],
        others: Some(&["uuid"]),
        never: &[WORLD, CHANCE, (&["ofrecord_core::decide", "decide"], "a history is asked for and decides nothing")],
    },
    Layer {
        package: "ofrecord-server",
        folder: "crates/server/",
        ours: &[
            "ofrecord-core",
            "ofrecord-views",
            "ofrecord-log",
            "ofrecord-proof",
            "ofrecord-ledger",
            "ofrecord-interop",
            "ofrecord-report",
        ],
        others: None,
        never: &[ENGINE, RULE],
    },
    Layer {
        package: "ofrecord",
        folder: "crates/cli/",
        ours: &[
            "ofrecord-core",
            "ofrecord-views",
            "ofrecord-log",
            "ofrecord-proof",
            "ofrecord-ledger",
            "ofrecord-interop",
            "ofrecord-report",
            "ofrecord-market",
            "ofrecord-server",
        ],
        others: None,
        never: &[ENGINE],
    },
    Layer {
        package: "ofrecord-testkit",
        folder: "crates/testkit/",
        ours: &["ofrecord-core", "ofrecord-views", "ofrecord-log", "ofrecord-ledger", "ofrecord-interop"],
        others: None,
        never: &[ENGINE],
    },
    Layer {
        package: "ofrecord-bench",
        folder: "crates/bench/",
        ours: &[
            "ofrecord-core",
            "ofrecord-views",
            "ofrecord-log",
            "ofrecord-ledger",
            "ofrecord-interop",
            "ofrecord-market",
            "ofrecord-testkit",
        ],
        others: None,
        never: &[ENGINE],
    },
    Layer { package: "ofrecord-acceptance", folder: "tests/", ours: &[], others: None, never: &[] },
];

/// What the acceptance tests may link: the tables that pages are compared with, and what laws and stories run on.
const TESTED: &[&str] = &[
    "ofrecord-core",
    "ofrecord-views",
    "ofrecord-log",
    "ofrecord-proof",
    "ofrecord-ledger",
    "ofrecord-interop",
    "ofrecord-server",
    "ofrecord-testkit",
];

/// Dependencies that point the wrong way.
#[must_use]
pub fn dependencies(manifests: &[Manifest]) -> Vec<Violation> {
    let mut found = Vec::new();
    for manifest in manifests {
        let layer = manifest.package().and_then(|name| LAYERS.iter().find(|layer| layer.package == name));
        let Some(layer) = layer else {
            found.push(Violation::at(
                &manifest.path,
                1,
                "this package has no row in the layer table of tests/src/tidy/layers.rs",
            ));
            continue;
        };
        let wrong = manifest.dependencies.iter().filter_map(|dependency| {
            let message = judged(layer, dependency)?;
            Some(Violation::at(&manifest.path, dependency.line, message))
        });
        found.extend(wrong);
    }
    found
}

fn judged(layer: &Layer, dependency: &Dependency) -> Option<String> {
    let name = dependency.name.as_str();
    let (package, ships) = (layer.package, dependency.kind != DependencyKind::Dev);
    if name == "ofrecord" {
        return Some("the binary must not be depended on".to_owned());
    }
    if name.starts_with("ofrecord-") {
        let by_tests = name == "ofrecord-testkit"
            || name == package
            || (package == "ofrecord-acceptance" && TESTED.contains(&name));
        let allowed = layer.ours.contains(&name) || (!ships && by_tests);
        return (!allowed).then(|| format!("{package} must not depend on {name}; it may use {}", named(layer.ours)));
    }
    let pure = layer.others.filter(|allowed| ships && !allowed.contains(&name));
    if let Some(allowed) = pure {
        return Some(format!("{package} is pure and ships only with {}; {name} is not among them", named(allowed)));
    }
    (name == "sled" && package != "ofrecord-log").then(|| "only ofrecord-log may depend on sled".to_owned())
}

fn named(packages: &[&str]) -> String {
    if packages.is_empty() { "none of our packages".to_owned() } else { packages.join(", ") }
}

/// Code that names what its crate must never name. Tests may.
#[must_use]
pub fn never_named(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources {
        let Some(layer) = LAYERS.iter().find(|layer| source.path.starts_with(layer.folder)) else { continue };
        for (number, line) in source.numbered().filter(|(_, line)| !line.in_tests) {
            for (words, why) in layer.never {
                let named = words.iter().filter(|word| has_word(&line.code, word));
                found.extend(named.map(|word| Violation::at(&source.path, number, format!("`{word}`: {why}"))));
            }
        }
    }
    found
}
