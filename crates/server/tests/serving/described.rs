//! How the server describes itself: alive, ready, in numbers, and route by route.

use ofrecord_server::route_lines;
use serde_json::json;

use crate::stage::{Stage, filled, lines, told};

#[test]
fn every_route_is_described_and_answers_and_nothing_else_is_described() {
    let stage = Stage::new();
    let described = stage.get("/openapi.json").json();
    assert_eq!(described["openapi"], json!("3.1.0"));
    let paths = described["paths"].as_object().unwrap();
    let mut operations = 0;
    for [method, path, _, parameters, says] in route_lines() {
        let operation = &paths[&path][method.to_lowercase()];
        assert_eq!(operation["summary"], json!(says), "{method} {path}");
        for parameter in parameters.split(", ").filter(|parameter| !parameter.is_empty()) {
            let named = json!(parameter.trim_matches('`'));
            let given = operation["parameters"].as_array().unwrap();
            assert!(given.iter().any(|given| given["name"] == named), "{method} {path} {parameter}");
        }
        let asked = filled(&path);
        let answer =
            if method == "GET" { stage.get(&asked) } else { stage.sent(&method, &asked, "text/plain", "", "") };
        let no_route = answer.json_code().is_some_and(|code| code == "not_found" && !path.contains('{'));
        assert!(!no_route && answer.status != 405, "{method} {path}: {}", answer.text());
        operations += 1;
    }
    let all: usize = paths.values().map(|item| item.as_object().unwrap().len()).sum();
    assert_eq!(all, operations);
}

#[test]
fn every_schema_that_is_named_is_there() {
    let text = Stage::new().get("/openapi.json").text();
    let described: serde_json::Value = serde_json::from_str(&text).unwrap();
    let named: Vec<&str> =
        text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(named.len() > 4, "{named:?}");
    for name in named {
        assert!(described["components"]["schemas"][name].is_object(), "{name}");
    }
}

#[test]
fn what_comes_of_a_job_is_described_as_its_report_or_a_file_and_not_as_the_job() {
    let described = Stage::new().get("/openapi.json").json();
    let answer = &described["paths"]["/v1/jobs/{job}/result"]["get"]["responses"]["200"]["content"];
    let media: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(media, ["application/json", "application/zip"]);
    assert!(!answer.to_string().contains("schemas/Job"), "{answer}");
    let sent = &described["paths"]["/v1/imports"]["post"]["requestBody"]["content"];
    assert_eq!(sent["application/octet-stream"]["schema"]["format"], json!("binary"), "{sent}");
}

#[test]
fn the_status_is_that_of_the_log() {
    let stage = Stage::new();
    stage.record(told());
    let status = stage.get("/v1/status").json();
    let head = stage.ledger.reader().log().head();
    assert_eq!((&status["tree_size"], &status["root"]), (&json!(head.size), &json!(head.root.to_string())));
    assert_eq!(status["health"], json!("writable"));
    assert_eq!(stage.get("/healthz").text(), "alive\n");
    assert_eq!(stage.get("/readyz").text(), "ready\n");
}

#[test]
fn the_numbers_count_commands_by_outcome_and_requests_by_route() {
    let stage = Stage::new();
    let all = lines();
    for line in [&all[0], &all[1], &all[3], &all[0]] {
        stage.command("", line);
    }
    stage.command("", "{}");
    stage.get("/nowhere");
    let numbers = stage.get("/metrics").text();
    for line in [
        "ofrecord_tree_size 8",
        "ofrecord_writable 1",
        "ofrecord_commands_total{outcome=\"accepted\"} 2",
        "ofrecord_commands_total{outcome=\"refused\"} 1",
        "ofrecord_commands_total{outcome=\"repeated\"} 1",
        "ofrecord_commands_total{outcome=\"invalid\"} 1",
        "ofrecord_http_requests_total{method=\"POST\",route=\"/v1/commands\",status=\"201\"} 2",
        "ofrecord_http_requests_total{method=\"POST\",route=\"/v1/commands\",status=\"422\"} 1",
        "ofrecord_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1",
        "ofrecord_http_request_seconds_bucket{route=\"/v1/commands\",le=\"+Inf\"} 5",
        "ofrecord_http_request_seconds_count{route=\"/v1/commands\"} 5",
    ] {
        assert!(numbers.lines().any(|given| given == line), "{line} is not in:\n{numbers}");
    }
}

#[test]
fn an_id_that_a_request_brings_is_kept_and_one_that_is_no_id_is_not() {
    let stage = Stage::new();
    let given = |id: &str| {
        let answer = stage.get_with("/healthz", &format!("X-Request-Id: {id}\r\n"));
        answer.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(given("trace-1.a_B"), "trace-1.a_B");
    let long = "x".repeat(65);
    for id in ["a b", "<script>", long.as_str()] {
        assert_ne!(given(id), id);
    }
    assert_ne!(given("a b"), given("a b"), "each request gets its own");
}
