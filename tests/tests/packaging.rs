//! What `packaging/` holds fits the program: commands, flags, settings and metrics are those that there are, and every
//! file is read by what it is for.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use ofrecord_acceptance::programs::{left_out, python, run};
use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::{Stage, fixture};
use ofrecord_acceptance::{product, workspace};
use serde_json::Value;

const UNIT: &str = "packaging/systemd/ofrecord.service";
const CONTAINER: &str = "packaging/container/Containerfile";
const COMPOSE: &str = "packaging/compose/compose.yaml";
const DASHBOARD: &str = "packaging/grafana/ofrecord.json";
/// The files of YAML, which a desk without PyYAML does not read.
const YAML: &[&str] = &[
    COMPOSE,
    "packaging/compose/prometheus.yaml",
    "packaging/compose/alerts.yaml",
    "packaging/compose/datasource.yaml",
    "packaging/compose/dashboards.yaml",
];

fn text(path: &str) -> String {
    workspace::read(path).unwrap().text
}

/// The files of YAML as what they say; none where Python cannot read them.
fn yaml(test: &str) -> Option<Vec<Value>> {
    let read = |path: &&str| {
        let script = "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)";
        run(Command::new(python()).args(["-c", script]).arg(workspace::root().join(path)))
    };
    match YAML.iter().map(read).collect::<Result<Vec<_>, _>>() {
        Ok(said) => Some(said.iter().map(|said| serde_json::from_str(said).unwrap()).collect()),
        Err(reason) => {
            left_out(test, &reason);
            None
        }
    }
}

#[test]
fn what_is_started_is_a_command_with_the_flags_that_it_has() {
    let stage = Stage::empty();
    let help = stage.ran(&["serve", "--help"], b"").stdout;
    let (unit, container, compose) = (text(UNIT), text(CONTAINER), text(COMPOSE));
    let mut started: Vec<&str> = Vec::new();
    started.extend(unit.lines().filter(|line| line.starts_with("ExecStart")));
    started.extend(container.lines().filter(|line| line.starts_with("CMD")));
    started.extend(compose.lines().filter(|line| line.contains("\"serve\"")));
    assert_eq!(started.len(), 4, "{started:?}");
    for line in started {
        assert!(line.contains("serve"), "{line}");
        let flags: Vec<&str> = line.split([' ', '"', ',', '[', ']']).filter(|word| word.starts_with("--")).collect();
        assert!(!flags.is_empty(), "{line}");
        for flag in flags {
            assert!(help.contains(&format!("  {flag} ")) || help.contains(&format!("  {flag}\n")), "{line}: {flag}");
        }
    }
    for variable in compose.split_whitespace().filter_map(|word| word.strip_suffix(':')) {
        if variable.starts_with("OFRECORD_") {
            assert!(help.contains(&format!("[env: {variable}]")), "{variable}");
        }
    }
}

#[test]
fn the_settings_are_settings_and_lie_where_the_unit_and_the_container_have_folders() {
    let stage = Stage::empty();
    let path = workspace::root().join("packaging/server.toml").display().to_string();
    let ran = stage.ran(&["serve", "--config", &path, "--check", "--format", "json"], b"");
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let rows: Value = serde_json::from_str(&ran.stdout).unwrap();
    let said = rows.as_array().unwrap().iter().filter(|row| row.get("from").unwrap().as_str() != Some("default"));
    let paths: Vec<&str> =
        said.filter_map(|row| row.get("value")?.as_str()).filter(|value| value.starts_with('/')).collect();
    assert_eq!(paths.len(), 4, "{paths:?}");
    let tmpfiles = text("packaging/systemd/ofrecord.tmpfiles");
    let (unit, container) = (text(UNIT), text(CONTAINER));
    for path in paths {
        let folder = ["/var/lib/ofrecord", "/var/backups/ofrecord"].into_iter().find(|folder| path.starts_with(folder));
        let folder = folder.unwrap_or_else(|| panic!("{path} is in no folder of the packages"));
        assert!(tmpfiles.contains(&format!("d {folder} 0700 ofrecord ofrecord")), "{folder}");
        assert!(container.contains(&format!("\"{folder}\"")), "{folder}");
        let written = unit.contains(&format!("ReadWritePaths=-{folder}")) || unit.contains("StateDirectory=ofrecord");
        assert!(written, "{folder}");
    }
    // What stands there as a comment is a setting too.
    let uncommented: String = text("packaging/server.toml")
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.contains(" = "))
        .fold(String::new(), |all, line| all + line + "\n");
    assert_eq!(uncommented.lines().count(), 3, "{uncommented}");
    stage.write("all.toml", &uncommented);
    let ran = stage.ran(&["serve", "--config", "all.toml", "--check"], b"");
    assert!(ran.stderr.contains("could not read") && ran.stderr.contains("ledger.pem"), "{}", ran.shown());
}

#[test]
fn the_unit_is_one_that_systemd_takes_and_leaves_the_server_little_to_reach() {
    let binary = product::binary().unwrap().display().to_string();
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("ofrecord.service");
    std::fs::write(&unit, text(UNIT).replace("/usr/bin/ofrecord", &binary)).unwrap();
    if let Err(reason) = run(Command::new("systemd-analyze").arg("--version")) {
        return left_out("the_unit_is_one_that_systemd_takes", &reason);
    }
    let verified = run(Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&unit)).unwrap();
    assert_eq!(verified, "");
    // An exposure of at most 2 of 10, as systemd itself reckons.
    run(Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--threshold=20", "--no-pager"])
        .arg(&unit))
    .unwrap();
}

#[test]
fn the_container_is_built_by_the_toolchain_of_this_repository() {
    let channel = text("rust-toolchain.toml");
    let channel = channel.lines().find_map(|line| line.strip_prefix("channel = ")).unwrap().trim_matches('"');
    assert!(text(CONTAINER).contains(&format!("/rust:{channel}-slim")), "{channel}");
    assert!(text(CONTAINER).contains("USER 10470:10470"), "it does not run as root");
}

#[test]
fn the_files_of_compose_are_whole_and_name_what_is_there() {
    let Some(files) = yaml("the_files_of_compose_are_whole_and_name_what_is_there") else { return };
    let compose = files.first().unwrap();
    for (name, service) in compose.get("services").unwrap().as_object().unwrap() {
        let mounts = service.get("volumes").and_then(Value::as_array).into_iter().flatten();
        for mount in mounts.map(|mount| mount.as_str().unwrap()).filter(|mount| mount.starts_with('.')) {
            let path = mount.split(':').next().unwrap();
            assert!(workspace::root().join("packaging/compose").join(path).exists(), "{name}: {path}");
        }
    }
    let asks = files.get(1).unwrap().pointer("/scrape_configs/0/static_configs/0/targets/0").unwrap();
    assert_eq!(asks, "ofrecord:8470", "the service and the port of the other file");
}

/// The names of metrics in a text.
fn metrics_in(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with("ofrecord_")).collect()
}

#[test]
fn every_metric_that_is_asked_for_is_one_that_the_server_gives() {
    let dashboard: Value = serde_json::from_str(&text(DASHBOARD)).unwrap();
    let mut expressions: Vec<String> = Vec::new();
    for panel in dashboard.get("panels").unwrap().as_array().unwrap() {
        for target in panel.get("targets").unwrap().as_array().unwrap() {
            expressions.push(target.get("expr").unwrap().as_str().unwrap().to_owned());
        }
    }
    let alerts = text("packaging/compose/alerts.yaml");
    expressions.extend(alerts.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).map(str::to_owned));
    assert!(expressions.len() > 12, "{expressions:?}");
    let stage = Stage::with_ledger();
    let mut days: Vec<_> = std::fs::read_dir(fixture("story")).unwrap().map(|day| day.unwrap().path()).collect();
    days.sort();
    let day = days.first().unwrap();
    let clock = day.file_stem().unwrap().to_str().unwrap();
    stage.write("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(stage.folder().join("secret"), private).unwrap();
    let webhook = "name = \"dead\"\nurl = \"http://127.0.0.1:9\"\nsecret_file = \"secret\"\nallow_private = true\n";
    stage.write("server.toml", format!("listen = \"127.0.0.1:0\"\n[[webhook]]\n{webhook}"));
    let mut serving = Serving::listening(&stage, &["serve", "--config", "server.toml", "--clock", clock]);
    let line = std::fs::read_to_string(day).unwrap().lines().next().unwrap().to_owned();
    assert_eq!(serving.sent("/v1/commands", "application/json", &line).0, 201);
    let given = serving.asked("/metrics").1;
    assert_eq!(serving.ended().0, Some(0));
    let given: BTreeSet<&str> =
        given.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split([' ', '{']).next()).collect();
    for expression in &expressions {
        for metric in metrics_in(expression) {
            assert!(given.contains(metric), "{metric} in {expression}");
        }
    }
    let shown: BTreeSet<&str> = expressions.iter().flat_map(|expression| metrics_in(expression)).collect();
    let missing: Vec<&&str> = given.difference(&shown).filter(|metric| !metric.ends_with("_bucket")).collect();
    assert!(missing.is_empty(), "no panel and no alert shows {missing:?}");
}
