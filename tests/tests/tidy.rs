//! The house keeps its own rules: every check of `ofrecord_acceptance::tidy`, run over this workspace.

use ofrecord_acceptance::manifest::Manifest;
use ofrecord_acceptance::source::{self, Source};
use ofrecord_acceptance::tidy::{Violation, layers, listed, names, pages, shape, words};
use ofrecord_acceptance::workspace;

fn sources() -> Vec<Source> {
    source::read_all(workspace::rust_files())
}

fn manifests() -> Vec<Manifest> {
    workspace::manifests().iter().map(Manifest::read).collect()
}

fn check(violations: &[Violation]) {
    assert!(violations.is_empty(), "{} violation(s):{}", violations.len(), listed(violations));
}

#[test]
fn a_crate_depends_only_on_those_below_it() {
    check(&layers::dependencies(&manifests()));
}

#[test]
fn a_crate_never_names_what_it_promises_not_to() {
    check(&layers::never_named(&sources()));
}

#[test]
fn every_layer_of_the_table_is_a_package() {
    let manifests = manifests();
    for layer in layers::LAYERS {
        assert!(manifests.iter().any(|manifest| manifest.package() == Some(layer.package)), "{}", layer.package);
    }
}

#[test]
fn a_file_opens_with_what_it_is_for() {
    check(&shape::openings(&sources()));
}

#[test]
fn a_file_has_one_subject_and_fits() {
    let sources = sources();
    for (lines, path) in shape::red_zone(&sources) {
        println!("red zone: {path} has {lines} lines of {}", shape::FILE_LINES_MAX);
    }
    check(&shape::long_files(&sources));
}

#[test]
fn a_function_fits_a_screen() {
    check(&shape::long_functions(&sources()));
}

#[test]
fn no_function_takes_a_bool() {
    check(&shape::bool_parameters(&sources()));
}

#[test]
fn nothing_takes_a_shortcut() {
    check(&shape::shortcuts(&sources()));
}

#[test]
fn names_say_what_a_thing_is() {
    let sources = sources();
    check(&names::files(&sources));
    check(&names::declarations(&sources));
}

#[test]
fn words_not_called_are_the_glossarys() {
    let glossary = workspace::read("docs/glossary.md").expect("docs/glossary.md").text.to_lowercase();
    for (word, instead) in names::NOT_CALLED {
        let row = glossary.lines().find(|line| line.starts_with(&format!("| {instead} ")));
        let row = row.unwrap_or_else(|| panic!("the glossary has no row for {instead}"));
        assert!(row.contains(&word.to_lowercase()), "the row of {instead} does not list {word}");
    }
}

#[test]
fn comments_and_pages_say_what_is() {
    check(&words::comments(&sources()));
    check(&words::pages(&workspace::pages()));
}

#[test]
fn the_top_level_holds_nothing_else() {
    check(&pages::top_level());
}

#[test]
fn every_link_and_path_of_a_page_resolves() {
    let all = workspace::pages();
    check(&pages::links(&all));
    check(&pages::quoted_paths(&all));
}

#[test]
fn a_page_has_one_sentence_a_line() {
    check(&pages::sentences(&workspace::pages()));
}

#[test]
fn a_package_is_described_and_takes_versions_and_lints_from_the_workspace() {
    check(&pages::packages(&manifests()));
}

#[test]
fn every_dependency_has_its_line_in_the_decision() {
    let root = workspace::read("Cargo.toml").expect("Cargo.toml");
    let decision = workspace::read("docs/decisions/0002-dependencies.md").expect("docs/decisions/0002-dependencies.md");
    check(&pages::dependencies(&Manifest::read(&root), &decision));
}
