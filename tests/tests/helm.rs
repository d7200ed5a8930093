//! The chart in `packaging/helm` fits the program, as far as it can be told without Helm: it is rendered by Go's own
//! templates with stand-ins for the functions of Helm that it uses, and what comes of it is read.
//!
//! Where Go or PyYAML is not installed the tests are skipped and say so, except in CI, where they fail.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use ofrecord_acceptance::programs::{left_out, python, run};
use ofrecord_acceptance::stage::Stage;
use ofrecord_acceptance::workspace;
use ofrecord_server::route_lines;
use serde_json::{Map, Value, json};

const CHART: &str = "packaging/helm/ofrecord";
const TO_JSON: &str = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)";

/// What comes of some bytes, given to a program.
fn fed(command: &mut Command, input: &str) -> Result<String, String> {
    let command = command.current_dir(workspace::root()).env("GO111MODULE", "off");
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

fn of_yaml(text: &str) -> Value {
    let json =
        fed(Command::new(python()).args(["-c", TO_JSON]), text).unwrap_or_else(|error| panic!("{error}: {text}"));
    serde_json::from_str(&json).unwrap()
}

/// The files that the chart comes to with some values put in place of its own, by their pointers.
fn rendered(changed: &[(&str, Value)]) -> Result<Map<String, Value>, String> {
    let mut values = of_yaml(&workspace::read(&format!("{CHART}/values.yaml")).unwrap().text);
    for (pointer, value) in changed {
        *values.pointer_mut(pointer).unwrap_or_else(|| panic!("no value {pointer}")) = value.clone();
    }
    let version = of_yaml(&workspace::read(&format!("{CHART}/Chart.yaml")).unwrap().text)["appVersion"].clone();
    let known = json!({
        "Values": values,
        "Release": {"Name": "main", "Namespace": "ledgers", "Service": "Helm"},
        "Chart": {"AppVersion": version},
    });
    let files = fed(Command::new("go").args(["run", "tests/helm/render.go", CHART]), &known.to_string())?;
    Ok(serde_json::from_str(&files).unwrap())
}

/// Whether what these tests need is there.
fn is_able(test: &str) -> bool {
    let needed = [run(Command::new("go").arg("version")), run(Command::new(python()).args(["-c", "import yaml"]))];
    needed.into_iter().all(|found| found.map_err(|reason| left_out(test, &reason)).is_ok())
}

fn whole() -> Vec<(&'static str, Value)> {
    vec![
        ("/init/origin", json!("example.org/ledger")),
        ("/tls/existingSecret", json!("cert")),
        ("/oidc/existingSecret", json!("provider")),
        ("/webhooks/existingSecret", json!("hooks")),
        ("/webhooks/receivers", json!([{"name": "billing", "url": "https://x.example", "secretKey": "billing"}])),
        ("/ingress/enabled", json!(true)),
        ("/serviceMonitor/enabled", json!(true)),
        ("/serviceMonitor/tokenSecret/name", json!("metrics")),
        ("/networkPolicy/from", json!([{"namespaceSelector": {}}])),
    ]
}

#[test]
fn a_chart_without_what_it_needs_says_what_to_set() {
    if !is_able("a_chart_without_what_it_needs_says_what_to_set") {
        return;
    }
    let refused = rendered(&[]).unwrap_err();
    assert!(refused.contains("init.origin: name the ledger"), "{refused}");
    let refused = rendered(&[whole().remove(0), ("/serviceMonitor/enabled", json!(true))]).unwrap_err();
    assert!(refused.contains("serviceMonitor.tokenSecret.name"), "{refused}");
}

#[test]
fn the_settings_of_the_chart_are_settings_that_the_program_takes() {
    if !is_able("the_settings_of_the_chart_are_settings_that_the_program_takes") {
        return;
    }
    let limits = json!({"followers": 10_000, "connections": 12_000, "upload_bytes": 1_073_741_824});
    let traces = ("/traces/endpoint", json!("http://collector:4318"));
    let files = rendered(&[whole().remove(0), ("/limits", limits), traces]).unwrap();
    let settings = of_yaml(files["configmap.yaml"].as_str().unwrap());
    let stage = Stage::empty();
    stage.write("server.toml", settings["data"]["server.toml"].as_str().unwrap());
    let ran = stage.ran(&["serve", "--config", "server.toml", "--check", "--format", "csv"], b"");
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    for line in ["listen,0.0.0.0:8470,", "limits.followers,10000,", "limits.upload_bytes,1073741824,"] {
        assert!(ran.stdout.contains(&format!("{line}server.toml")), "{line}: {}", ran.shown());
    }
    let files = rendered(&whole()).unwrap();
    let settings = of_yaml(files["configmap.yaml"].as_str().unwrap());
    stage.write("server.toml", settings["data"]["server.toml"].as_str().unwrap());
    let ran = stage.ran(&["serve", "--config", "server.toml", "--check"], b"");
    assert!(
        ran.stderr.contains("`webhook`: billing: `secret_file`: /etc/ofrecord-webhooks/billing"),
        "{}",
        ran.shown()
    );
}

#[test]
fn the_pod_is_one_confined_server_whose_folders_are_mounted_and_whose_probes_are_routes() {
    if !is_able("the_pod_is_one_confined_server_whose_folders_are_mounted_and_whose_probes_are_routes") {
        return;
    }
    let files = rendered(&whole()).unwrap();
    let set = of_yaml(files["statefulset.yaml"].as_str().unwrap());
    assert_eq!(set["spec"]["replicas"], json!(1));
    let pod = &set["spec"]["template"]["spec"];
    let user = json!([true, 10470, "RuntimeDefault"]);
    let context = &pod["securityContext"];
    assert_eq!(json!([context["runAsNonRoot"], context["runAsUser"], context["seccompProfile"]["type"]]), user);
    let given = |key: &str| pod[key].as_array().unwrap().clone();
    let claims = set["spec"]["volumeClaimTemplates"].as_array().unwrap();
    let volumes = given("volumes").into_iter().map(|volume| volume["name"].clone());
    let volumes: Vec<Value> = volumes.chain(claims.iter().map(|claim| claim["metadata"]["name"].clone())).collect();
    for container in given("initContainers").iter().chain(&given("containers")) {
        let confined = json!({
            "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]},
        });
        assert_eq!(container["securityContext"], confined);
        for mount in container["volumeMounts"].as_array().unwrap() {
            assert!(volumes.contains(&mount["name"]), "{mount}");
        }
    }
    let server = &given("containers")[0];
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        let get = &server[probe]["httpGet"];
        assert_eq!((&get["port"], &get["scheme"]), (&json!("http"), &json!("HTTPS")), "{probe}");
        let path = get["path"].as_str().unwrap();
        assert!(route_lines().iter().any(|[_, route, needs, ..]| route == path && needs == "nothing"), "{path}");
    }
    let settings = of_yaml(files["configmap.yaml"].as_str().unwrap());
    let mounted = |path: &str| {
        let mounts = server["volumeMounts"].as_array().unwrap().iter();
        mounts.filter_map(|mount| mount["mountPath"].as_str()).any(|mount| path.starts_with(&format!("{mount}/")))
    };
    let mut paths = 0;
    for text in settings["data"]["server.toml"].as_str().unwrap().lines().filter_map(|line| line.split_once(" = ")) {
        let path = text.1.trim_matches('"');
        if path.starts_with('/') {
            assert!(mounted(path) || server["volumeMounts"].to_string().contains(&format!("\"{path}\"")), "{path}");
            paths += 1;
        }
    }
    assert_eq!(paths, 9, "{settings}");
    assert_eq!(server["args"], json!(["serve", "--config", "/etc/ofrecord/server.toml"]));
}

#[test]
fn what_the_first_start_runs_makes_a_ledger_and_a_token_once() {
    if !is_able("what_the_first_start_runs_makes_a_ledger_and_a_token_once") {
        return;
    }
    let files = rendered(&whole()[..1]).unwrap();
    let set = of_yaml(files["statefulset.yaml"].as_str().unwrap());
    let init = &set["spec"]["template"]["spec"]["initContainers"][0];
    let stage = Stage::empty();
    let binary = ofrecord_acceptance::product::binary().unwrap().parent().unwrap().display().to_string();
    let folder = stage.folder().display().to_string();
    let here = |text: &str| text.replace("/var/lib/", &format!("{folder}/"));
    let started = || {
        let mut command = Command::new("sh");
        command.args(["-euc", &here(init["args"][0].as_str().unwrap())]).env_clear();
        command.env("PATH", format!("{binary}:/usr/bin:/bin")).current_dir(stage.folder());
        for variable in init["env"].as_array().unwrap() {
            command.env(variable["name"].as_str().unwrap(), here(variable["value"].as_str().unwrap()));
        }
        run(&mut command).unwrap();
        let token = std::fs::read_to_string(stage.folder().join("ofrecord-keys/first.token")).unwrap();
        let ran = stage.ran(&["stats", "--ledger", "ofrecord/ledger", "--format", "json"], b"");
        assert!(ran.stdout.contains("example.org/ledger"), "{}", ran.shown());
        token
    };
    for folder in ["ofrecord", "ofrecord-keys"] {
        std::fs::create_dir(stage.folder().join(folder)).unwrap();
    }
    let token = started();
    assert!(token.trim().starts_with("ofrecord_"), "{token}");
    assert_eq!(started(), token, "a second start makes nothing again");
}
