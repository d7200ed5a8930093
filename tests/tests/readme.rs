//! The commands that pages show are commands of the program, and the first one of the README works.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use ofrecord_acceptance::workspace::TextFile;
use ofrecord_acceptance::{page, product, workspace};
use serde_json::Value;

const CLI_PAGE: &str = "docs/reference/cli.md";

fn ofrecord(arguments: &[&str], folder: &Path) -> Output {
    command(arguments, folder).output().unwrap()
}

fn command(arguments: &[&str], folder: &Path) -> Command {
    let binary = product::binary().unwrap_or_else(|problem| panic!("build ofrecord: {problem}"));
    let mut command = Command::new(binary);
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("COLUMNS")
        .env_remove("OFRECORD_LEDGER")
        .env_remove("OFRECORD_LOG")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    command
}

/// The help of the program, of each of its commands, and of each command of those, by the words that ask for it; the
/// program's own under "".
fn helps() -> BTreeMap<String, String> {
    let root = workspace::root();
    let mut helps = BTreeMap::new();
    let mut waiting = vec![String::new()];
    while let Some(name) = waiting.pop() {
        let arguments: Vec<&str> = name.split_whitespace().chain(["--help"]).collect();
        let output = ofrecord(&arguments, &root);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        let help = String::from_utf8(output.stdout).unwrap();
        waiting.extend(commands_in(&help).map(|command| format!("{name} {command}").trim().to_owned()));
        helps.insert(name, help);
    }
    helps
}

/// The names of the commands that a help lists.
fn commands_in(help: &str) -> impl Iterator<Item = &str> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next())
}

#[test]
fn the_readme_begins_with_the_demo_and_the_tests() {
    let readme = workspace::read("README.md").unwrap().text;
    let first = readme.split("```sh\n").nth(1).unwrap();
    let commands: Vec<&str> = first.split("```").next().unwrap().lines().collect();
    assert_eq!(commands, ["cargo run --release -- demo", "cargo test --workspace"]);
}

#[test]
fn the_demo_of_the_readme_runs_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(&["demo", "--customers", "20"], folder.path()).env("TMPDIR", folder.path()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(told.lines().count() > 5, "the demo shows something:\n{told}");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{output:?}");
}

#[test]
fn the_guide_to_the_first_ledger_works_as_it_is_written() {
    let page = workspace::read("docs/guides/first-ledger.md").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (submissions, answers): (Vec<&str>, Vec<&str>) =
        page.text.lines().filter(|line| line.starts_with('{')).partition(|line| !line.contains("\"outcome\""));
    let mut told = Vec::new();
    for (number, shown) in shown_commands(&page) {
        let arguments: Vec<&str> = shown.split_whitespace().skip(1).collect();
        if arguments.first() == Some(&"submit") {
            continue;
        }
        let output = command(&arguments, folder.path()).env("OFRECORD_LEDGER", "market").output().unwrap();
        assert!(output.status.success(), "line {number}, `{shown}`: {output:?}");
        if arguments.first() == Some(&"init") {
            std::fs::write(folder.path().join("all.jsonl"), submissions.join("\n")).unwrap();
            let output =
                command(&["submit", "all.jsonl"], folder.path()).env("OFRECORD_LEDGER", "market").output().unwrap();
            assert_eq!(output.status.code(), Some(3), "two commands are refused: {output:?}");
            told = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
        }
    }
    assert_eq!(told.len(), answers.len(), "{told:?}");
    for (told, shown) in told.iter().zip(answers) {
        let (told, shown): (Value, Value) = (serde_json::from_str(told).unwrap(), serde_json::from_str(shown).unwrap());
        assert!(holds(&told, &shown), "the page shows {shown}, the program says {told}");
    }
}

/// Whether `told` has everything that `shown` has, and maybe more.
fn holds(told: &Value, shown: &Value) -> bool {
    match (told, shown) {
        (Value::Object(told), Value::Object(shown)) => {
            shown.iter().all(|(name, shown)| told.get(name).is_some_and(|told| holds(told, shown)))
        }
        (told, shown) => told == shown,
    }
}

#[test]
fn the_page_on_the_command_line_is_the_help() {
    let mut rendered = String::new();
    for (name, help) in helps() {
        let title = if name.is_empty() { "ofrecord".to_owned() } else { format!("ofrecord {name}") };
        // The options that every command shares are not told again for the commands of a command.
        let own = if name.contains(' ') { help.split("\nGlobal options:").next().unwrap_or(&help) } else { &help };
        let help: Vec<&str> = own.trim_end().lines().map(str::trim_end).collect();
        rendered.push_str(&format!("## {title}\n\n```text\n{}\n```\n\n", help.join("\n")));
    }
    let text = workspace::read(CLI_PAGE).unwrap().text;
    if std::env::var_os("OFRECORD_BLESS").is_some() {
        let text = page::with_part(&text, "help", &rendered).unwrap();
        std::fs::write(workspace::root().join(CLI_PAGE), text).unwrap();
        return;
    }
    let told = page::part(&text, "help").unwrap();
    for (line, (told, now)) in (1..).zip(told.lines().zip(rendered.lines())) {
        assert_eq!(told, now, "{CLI_PAGE}, line {line} of the help; OFRECORD_BLESS=1 writes it again");
    }
    assert_eq!(told, rendered, "{CLI_PAGE}; OFRECORD_BLESS=1 writes it again");
}

#[test]
fn every_command_that_a_page_shows_is_one_with_its_options() {
    let helps = helps();
    let mut wrong = Vec::new();
    for page in workspace::pages().iter().filter(|page| page.path != CLI_PAGE) {
        for (number, shown) in shown_commands(page) {
            wrong
                .extend(problem(&helps, &shown).map(|problem| format!("{}:{number}: `{shown}`: {problem}", page.path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What stands as a command line of the program in code quotes or in a fence of shell commands.
fn shown_commands(page: &TextFile) -> Vec<(usize, String)> {
    let mut shown = Vec::new();
    let mut in_shell = false;
    for (number, line) in (1..).zip(page.text.lines()) {
        if line.starts_with("```") {
            in_shell = line == "```sh";
            continue;
        }
        let pieces: Vec<&str> =
            if in_shell { line.split(['|', '{', '}']).collect() } else { line.split('`').skip(1).step_by(2).collect() };
        for piece in pieces {
            let command = piece.split(" #").next().unwrap_or_default().trim();
            if command.starts_with("ofrecord ") && !command.contains('=') {
                shown.push((number, command.to_owned()));
            }
        }
    }
    shown
}

fn problem(helps: &BTreeMap<String, String>, shown: &str) -> Option<String> {
    let words: Vec<&str> = shown.split_whitespace().skip(1).collect();
    let name = words.iter().position(|word| helps.contains_key(*word));
    let global = helps.get("")?;
    let of_two = name.and_then(|name| helps.get(&words.get(name..name + 2)?.join(" ")));
    let own = of_two.or_else(|| helps.get(*words.get(name?)?)).unwrap_or(global);
    if name.is_none() && !words.iter().all(|word| word.starts_with('-')) {
        return Some("it has no such command".to_owned());
    }
    let options = words.iter().filter(|word| word.starts_with('-'));
    let unknown = options.filter(|option| !own.contains(*option) && !global.contains(*option));
    let unknown: Vec<&str> = unknown.copied().collect();
    (!unknown.is_empty()).then(|| format!("it has no {}", unknown.join(", ")))
}
