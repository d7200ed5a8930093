//! Packs as zip files: one spelling, and every other one refused.

use super::*;

fn files(named: &[(&str, &[u8])]) -> Files {
    named.iter().map(|(name, content)| ((*name).to_owned(), content.to_vec())).collect()
}

fn some() -> Files {
    files(&[("README.txt", b"read\n"), ("empty", b""), ("proofs/7.tlog-proof", &[0, 255, 80, 75, 3, 4])])
}

#[test]
fn every_changed_byte_of_a_zip_is_refused_or_changes_a_file() {
    let (files, zip) = (some(), to_zip(&some()).unwrap());
    for at in 0..zip.len() {
        for mask in [1, 0x20, 0x80] {
            let mut changed = zip.clone();
            changed[at] ^= mask;
            assert_ne!(from_zip(&changed).as_ref(), Ok(&files), "byte {at} with mask {mask:02x}");
        }
    }
    for cut in 0..zip.len() {
        assert_eq!(from_zip(&zip[..cut]), Err(ArchiveError::Spelling), "cut at {cut}");
    }
    let longer = [&zip[..], b"\n"].concat();
    assert_eq!(from_zip(&longer), Err(ArchiveError::Spelling));
}

#[test]
fn what_is_written_is_read_again() {
    for files in [Files::new(), some(), files(&[("a", &[7; 70_000])])] {
        assert_eq!(from_zip(&to_zip(&files).unwrap()), Ok(files));
    }
}

#[test]
fn too_many_files_are_not_written() {
    let many = (0..=FILES_MAX).map(|number| (number.to_string(), Vec::new())).collect();
    assert_eq!(to_zip(&many), Err(ArchiveError::TooLarge));
}
