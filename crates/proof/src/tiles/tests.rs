//! Paths of tiles that are refused, the published ones, and what the bytes of a tile must be.

use ofrecord_log::Hash;

use super::*;

fn refused(path: &str, expected: TileError) {
    assert_eq!(path.parse::<Tile>(), Err(expected), "{path}");
}

#[test]
fn a_path_that_is_not_the_one_of_a_tile_is_refused() {
    for path in ["", "tile", "tile/0", "tile/0/", "tile/-1/000", "tile/00/000", "tile/+1/000", "tile/x/000"] {
        refused(path, TileError::Path);
    }
    for path in ["tile/0/0", "tile/0/0000", "tile/0/x001", "tile/0/001/000", "tile/0/x000/001", "tile/0/x001/x000"] {
        refused(path, TileError::Path);
    }
    for path in ["tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p", "tile/0/000/", "/tile/0/000"] {
        refused(path, TileError::Path);
    }
    for path in ["tile/0/ 00", "tile/0/+01", "tile/0/xx01/000", "tile/data/000", "tile/Entries/000", "tile/0/000.p/1/2"]
    {
        refused(path, TileError::Path);
    }
    for path in ["tile/0/000.p/0", "tile/8/000", "tile/7/000.p/128", "tile/255/000.p/1"] {
        refused(path, TileError::Outside);
    }
    refused("tile/0/x999/x999/x999/x999/x999/x999/999", TileError::Path);
    refused("tile/entries/x036/x028/x797/x018/x963/968", TileError::Outside);
}

#[test]
fn a_path_is_the_published_one_and_is_read_back() {
    for (index, path) in [
        (0, "000"),
        (5, "005"),
        (123, "123"),
        (999, "999"),
        (1_000, "x001/000"),
        (123_456, "x123/456"),
        (1_234_067, "x001/x234/067"),
        ((1 << 55) - 1, "x036/x028/x797/x018/x963/967.p/255"),
    ] {
        let width = if path.contains(".p/") { 255 } else { TILE_WIDTH };
        for (kind, folder) in [(TileKind::Entries, "entries"), (TileKind::Hashes { level: 0 }, "0")] {
            let tile = Tile::new(kind, index, width).unwrap();
            let path = format!("tile/{folder}/{path}");
            assert_eq!((tile.to_string(), path.parse()), (path.clone(), Ok(tile)));
        }
    }
    let partial = Tile::new(TileKind::Hashes { level: 2 }, 1_000, 7).unwrap();
    assert_eq!(partial.to_string(), "tile/2/x001/000.p/7");
}

#[test]
fn a_log_has_the_published_tiles() {
    let counted = |size: u64, kind: TileKind| {
        let of_kind: Vec<_> = tiles_of(size).filter(|tile| tile.kind() == kind).collect();
        let full = of_kind.iter().filter(|tile| tile.width() == TILE_WIDTH).count();
        (full, of_kind.iter().find(|tile| tile.width() < TILE_WIDTH).map_or(0, Tile::width))
    };
    for (size, level, expected) in [
        (70_000, 0, (273, 112)),
        (70_000, 1, (1, 17)),
        (70_000, 2, (0, 1)),
        (70_000, 3, (0, 0)),
        (256, 0, (1, 0)),
        (256, 1, (0, 1)),
        (300, 0, (1, 44)),
        (300, 1, (0, 1)),
        (0, 0, (0, 0)),
    ] {
        assert_eq!(counted(size, TileKind::Hashes { level }), expected, "size {size} level {level}");
        if level == 0 {
            assert_eq!(counted(size, TileKind::Entries), expected, "entries at size {size}");
        }
    }
}

#[test]
fn a_log_that_grew_has_new_what_it_had_not() {
    for old in (0..1_100).step_by(37).chain([255, 256, 257, 65_535, 65_536]) {
        for size in (0..1_100).step_by(41).chain([255, 256, 257, 65_535, 65_536, 65_537]) {
            let before: Vec<_> = tiles_of(old).collect();
            let expected: Vec<_> = tiles_of(size).filter(|tile| !before.contains(tile)).collect();
            let expected = if size > old { expected } else { Vec::new() };
            assert_eq!(tiles_since(old, size).collect::<Vec<_>>(), expected, "from {old} to {size}");
        }
    }
}

#[test]
fn bytes_that_are_not_those_of_the_tile_are_refused() {
    let hashes = Tile::new(TileKind::Hashes { level: 0 }, 0, 2).unwrap();
    let entries = Tile::new(TileKind::Entries, 0, 2).unwrap();
    let wrong = TileContentError::Length { width: 2 };
    for length in [0, 32, 63, 65, 96] {
        assert_eq!(hashes.hashes(&vec![0; length]), Err(wrong), "{length}");
    }
    for bytes in [&b""[..], b"\0", b"\0\x01a", b"\0\x01a\0", b"\0\x01a\0\x02b", b"\0\x01a\0\x01bc", b"\0\0\0\0\0\0"] {
        assert_eq!(entries.entries(bytes), Err(wrong), "{bytes:?}");
    }
    assert_eq!(hashes.entries(&[0; 64]), Err(TileContentError::Kind));
    assert_eq!(entries.hashes(&[0; 64]), Err(TileContentError::Kind));
    assert_eq!(entries.entries(b"\0\x01a\0\0"), Ok(vec![&b"a"[..], b""]));
    assert_eq!(hashes.hashes(&[7; 64]), Ok(vec![Hash([7; 32]); 2]));
}

#[test]
fn an_entry_that_is_too_long_or_unreadable_makes_no_tile() {
    let entries = Tile::new(TileKind::Entries, 1, 1).unwrap();
    let written = |entry: Result<Vec<u8>, ()>| entries.to_bytes(&mut |_, _| Err(()), &mut |_| entry.clone());
    assert_eq!(written(Err(())), Err(TileWriteError::Read(())));
    assert_eq!(written(Ok(vec![0; 65_536])), Err(TileWriteError::TooLong { position: 256, bytes: 65_536 }));
    assert_eq!(written(Ok(vec![0; 65_535])).map(|bytes| bytes.len()), Ok(65_537));
}
