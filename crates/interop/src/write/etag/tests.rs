//! ETags are those that are published.

use super::{base64, etag, gdap_version, versioned_graph_etag};

#[test]
fn an_etag_is_the_published_one() {
    let published = [
        (
            "968BA1CF-C146-4ADF-A300-308DCF718EEE",
            1,
            "eyJpZCI6Ijk2OGJhMWNmLWMxNDYtNGFkZi1hMzAwLTMwOGRjZjcxOGVlZSIsInZlcnNpb24iOjF9",
        ),
        (
            "A356AC8C-E310-44F4-BF85-C7F29044AF99",
            2,
            "eyJpZCI6ImEzNTZhYzhjLWUzMTAtNDRmNC1iZjg1LWM3ZjI5MDQ0YWY5OSIsInZlcnNpb24iOjJ9",
        ),
    ];
    for (id, version, text) in published {
        assert_eq!(etag(id.parse().unwrap(), version), text);
    }
}

#[test]
fn base64_pads_what_is_not_a_multiple_of_three() {
    for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
        assert_eq!(base64(bytes.as_bytes()), text, "{bytes}");
    }
}

#[test]
fn a_version_is_read_from_a_tag_of_the_ledgers_own_and_from_no_other() {
    for version in [0, 1, 9, 10, 255, u64::MAX] {
        assert_eq!(gdap_version(&versioned_graph_etag(version)), Some(version));
    }
    let published = r#"W/"JyIxODAwZTY4My0wMDAwLTAyMDAtMDAwMC02MTU0OWFmMDAwMDAiJw==""#;
    for tag in ["", "*", "17", "\"17\"", published, "W/\"Jw==\"", "W/\"%%\""] {
        assert_eq!(gdap_version(tag), None, "{tag}");
    }
}
