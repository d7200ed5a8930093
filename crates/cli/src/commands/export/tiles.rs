//! The whole log as tiles: files that need no server, and of which a later export writes only what is new.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_ledger::Progress as _;
use ofrecord_ledger::redaction;
use ofrecord_ledger::signing::{Signed, of_this_log};
use ofrecord_log::{LogReader, ReadError, sync_folder};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::SignedNote;
use ofrecord_proof::tiles::{TILE_WIDTH, Tile, TileKind, TileWriteError, tiles_since};
use serde::Serialize;
use thiserror::Error;

use crate::custody::{self, Under};
use crate::disclosure::{Taken, Taking};
use crate::failure::{Failure, Verdict};
use crate::open::Held;
use crate::render;
use crate::session::Session;
use crate::whole_file;

/// The checkpoint of the tiles that stand in a folder. It is written last, and speaks of nothing that is not there.
const CHECKPOINT_FILE: &str = "checkpoint";

/// Why no tiles are written.
#[derive(Debug, Error)]
pub(crate) enum TilesError {
    /// The folder holds another log, or another history of this one.
    #[error("write tiles into {}: {problem}", path.display())]
    OfAnother {
        /// The folder.
        path: PathBuf,
        /// What it holds.
        problem: String,
    },
    /// An entry is longer than the format allows.
    #[error("write a tile: {0}")]
    Tile(TileWriteError<ReadError>),
}

impl TilesError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::OfAnother { .. } => {
                Some("name a folder that does not exist, is empty, or holds tiles of this ledger")
            }
            Self::Tile(_) => None,
        }
    }
}

/// What was written.
#[derive(Debug, Serialize)]
struct Written {
    tiles: PathBuf,
    origin: String,
    tree_size: u64,
    tree_size_before: u64,
    tiles_written: u64,
    entry_tiles_withheld: u64,
    bytes_written: u64,
}

/// Writes the tiles that a folder lacks, and then the checkpoint.
pub(super) fn run(folder: &Path, taking: &Taking, session: &Session) -> Result<Verdict, Failure> {
    // Whenever it ends, the checkpoint that stands there speaks of tiles that stand there.
    session.interrupt.end_at_once();
    let lacking = custody::under(session, Under::Everything, &mut |log, signed| Lacking::of(folder, log, signed))?;
    let written = if lacking.tiles > 0 {
        let held = Held::for_taking(session)?;
        taking.disclose(&held, lacking.taken(), session)?;
        write(folder, held.reader.log().as_ref(), &lacking, session)?
    } else {
        lacking.written(folder)
    };
    render::pairs(&mut session.output(), session.global.format, &written)?;
    Ok(Verdict::Done)
}

/// What a folder lacks of the tiles under a checkpoint.
struct Lacking {
    signed: Signed,
    checkpoint: Checkpoint,
    /// The size of the log whose tiles stand in the folder.
    before: u64,
    tiles: u64,
}

impl Lacking {
    fn of(folder: &Path, log: &dyn LogReader, signed: &Signed) -> Result<Self, Failure> {
        let checkpoint = of_this_log(log, signed)?;
        let before = standing(folder, log, &checkpoint)?;
        let tiles = u64::try_from(tiles_since(before, checkpoint.size()).count()).unwrap_or(u64::MAX);
        Ok(Self { signed: signed.clone(), checkpoint, before, tiles })
    }

    /// A folder that has everything already gets nothing, and no entry says otherwise.
    fn taken(&self) -> Taken {
        let tree_size = self.checkpoint.size();
        Taken { kind: DisclosureKind::Export, customer: None, tree_size, as_of: None, digest: None }
    }

    /// Nothing is written yet.
    fn written(&self, folder: &Path) -> Written {
        Written {
            tiles: folder.to_owned(),
            origin: self.checkpoint.origin().to_owned(),
            tree_size: self.checkpoint.size(),
            tree_size_before: self.before,
            tiles_written: 0,
            entry_tiles_withheld: 0,
            bytes_written: 0,
        }
    }
}

fn write(folder: &Path, log: &dyn LogReader, lacking: &Lacking, session: &Session) -> Result<Written, Failure> {
    let Lacking { signed, checkpoint, before, tiles } = lacking;
    let bar = session.bar("tiles");
    let mut written = lacking.written(folder);
    let mut folders = BTreeSet::new();
    let gone: BTreeSet<u64> = redaction::logged(log)?.into_keys().filter(|at| *at < checkpoint.size()).collect();
    written.entry_tiles_withheld = withhold(folder, &gone)?;
    for tile in tiles_since(*before, checkpoint.size()).filter(|tile| !holds_any(*tile, &gone)) {
        let bytes = tile
            .to_bytes(&mut |level, index| log.subtree_root(level, index), &mut |position| log.read(position))
            .map_err(TilesError::Tile)?;
        let path = folder.join(tile.to_string());
        put(&path, &bytes)?;
        folders.extend(path.ancestors().skip(1).take_while(|above| above.starts_with(folder)).map(Path::to_owned));
        written.tiles_written += 1;
        written.bytes_written += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        bar.advance("tiles", written.tiles_written, *tiles);
    }
    // The names of the tiles must be on the device before that of a checkpoint that speaks of them.
    folders.iter().try_for_each(|folder| sync_folder(folder).map_err(failed(folder)))?;
    put(&folder.join(CHECKPOINT_FILE), signed.note.to_string().as_bytes())?;
    sync_folder(folder).map_err(failed(folder))?;
    for tile in tiles_since(*before, checkpoint.size()) {
        remove_narrower(folder, tile)?;
    }
    Ok(written)
}

/// Whether a tile holds the bytes of one of these entries, or held them once.
fn holds_any(tile: Tile, gone: &BTreeSet<u64>) -> bool {
    let first = tile.index() * u64::from(TILE_WIDTH);
    tile.kind() == TileKind::Entries && gone.range(first..first + u64::from(tile.width())).next().is_some()
}

/// Removes the tiles in which an earlier export left entries that were redacted since: whoever reads what is left in
/// their place could not check it. The hashes stay. Says of how many tiles that is so.
fn withhold(folder: &Path, gone: &BTreeSet<u64>) -> Result<u64, Failure> {
    let indices: BTreeSet<u64> = gone.iter().map(|position| position / u64::from(TILE_WIDTH)).collect();
    for index in &indices {
        let Ok(full) = Tile::new(TileKind::Entries, *index, TILE_WIDTH) else { continue };
        let path = folder.join(full.to_string());
        let partials = partials_of(&path);
        for removed in
            [path.is_file().then(|| fs::remove_file(&path)), partials.is_dir().then(|| fs::remove_dir_all(&partials))]
        {
            removed.unwrap_or(Ok(())).map_err(failed(&path))?;
        }
    }
    Ok(indices.len() as u64)
}

/// The size of the log whose tiles stand in a folder: 0 where there are none.
fn standing(folder: &Path, log: &dyn LogReader, checkpoint: &Checkpoint) -> Result<u64, Failure> {
    let path = folder.join(CHECKPOINT_FILE);
    let of_another = |problem: String| TilesError::OfAnother { path: folder.to_owned(), problem };
    if !path.exists() {
        let listed = if folder.is_dir() { fs::read_dir(folder).map_err(failed(folder))?.count() } else { 0 };
        // An interrupted first export has left its tiles, and no checkpoint.
        if listed > usize::from(folder.join("tile").is_dir()) {
            return Err(of_another("it holds something and no checkpoint".to_owned()).into());
        }
        return Ok(0);
    }
    let bytes = fs::read(&path).map_err(failed(&path))?;
    let note = SignedNote::from_bytes(&bytes).map_err(|error| of_another(format!("its checkpoint: {error}")))?;
    let before = of_this_log(log, &Signed { size: 0, note }).map_err(|error| of_another(error.to_string()))?;
    if before.origin() != checkpoint.origin() {
        let (found, expected) = (before.origin(), checkpoint.origin());
        return Err(of_another(format!("it holds the log {found}, and this one is {expected}")).into());
    }
    Ok(before.size())
}

/// A file, whole or not at all, in a folder that is made for it.
fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    whole_file::write(path, |file| file.write_all(bytes).map_err(failed(path)))
}

/// Removes the partial tiles that a tile has taken the place of.
fn remove_narrower(folder: &Path, tile: Tile) -> Result<(), Failure> {
    let path = folder.join(tile.to_string());
    let partials = if tile.width() < TILE_WIDTH { path.parent().map(Path::to_owned) } else { Some(partials_of(&path)) };
    let Some(partials) = partials.filter(|partials| partials.is_dir()) else { return Ok(()) };
    let mut left = 0;
    for entry in fs::read_dir(&partials).map_err(failed(&partials))? {
        let name = entry.map_err(failed(&partials))?.file_name();
        let width: Option<u16> = name.to_str().and_then(|name| name.parse().ok());
        if width.is_some_and(|width| width < tile.width()) {
            let narrower = partials.join(&name);
            fs::remove_file(&narrower).map_err(failed(&narrower))?;
        } else {
            left += 1;
        }
    }
    if left > 0 { Ok(()) } else { fs::remove_dir(&partials).map_err(failed(&partials)) }
}

/// The folder of the partial tiles of a full one.
fn partials_of(full: &Path) -> PathBuf {
    let mut name = full.as_os_str().to_owned();
    name.push(".p");
    PathBuf::from(name)
}

fn failed(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |error| Failure::File { doing: "write", path: path.to_owned(), error }
}
