//! Checking a pack by keys alone.

use std::fs;
use std::io;
use std::path::Path;

use ofrecord_ledger::evidence::{Believed, Files, Judgement, from_zip, verify};

use super::Verify;
use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::output::Output;
use crate::session::Session;

pub(super) fn run(arguments: &Verify, session: &Session) -> Result<Verdict, Failure> {
    let believed = believed(arguments)?;
    let judgement = if arguments.pack.is_dir() {
        let mut files = Files::new();
        unpacked(&arguments.pack, "", &mut files)?;
        verify(&files, &believed)
    } else {
        match from_zip(&read(&arguments.pack)?) {
            Ok(files) => verify(&files, &believed),
            Err(error) => Judgement { wrong: vec![error.to_string()], ..Judgement::default() },
        }
    };
    let mut output = session.output();
    match session.global.format {
        Format::Table => print(&judgement, &mut output)?,
        Format::Json | Format::Csv => output.json(&judgement)?,
    }
    output.flush()?;
    Ok(if judgement.wrong.is_empty() { Verdict::Done } else { Verdict::Found })
}

fn believed(arguments: &Verify) -> Result<Believed, Failure> {
    let Some(path) = &arguments.policy else {
        let keys = arguments.believed.clone();
        return Ok(if keys.is_empty() { Believed::ThePack } else { Believed::Keys(keys) });
    };
    let unsound = |error: &dyn std::fmt::Display| Failure::File {
        doing: "read",
        path: path.clone(),
        error: io::Error::new(io::ErrorKind::InvalidData, error.to_string()),
    };
    let text = String::from_utf8(read(path)?).map_err(|error| unsound(&error))?;
    Ok(Believed::Policy(text.parse().map_err(|error| unsound(&error))?))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::File { doing: "read", path: path.to_owned(), error })
}

/// The files of a folder and of those in it, under their names in the pack.
fn unpacked(folder: &Path, prefix: &str, files: &mut Files) -> Result<(), Failure> {
    let failed = |error| Failure::File { doing: "read", path: folder.to_owned(), error };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, name) = (entry.path(), format!("{prefix}{}", entry.file_name().to_string_lossy()));
        if path.is_dir() {
            unpacked(&path, &format!("{name}/"), files)?;
        } else {
            files.insert(name, read(&path)?);
        }
    }
    Ok(())
}

fn print(judgement: &Judgement, output: &mut Output) -> Result<(), Failure> {
    output.line(if judgement.wrong.is_empty() { "it holds" } else { "it does not hold" })?;
    for (title, sentences) in [
        ("does not hold", &judgement.wrong),
        ("signed by", &judgement.signed_by),
        ("proven", &judgement.proven),
        ("not proven", &judgement.not_proven),
    ] {
        if !sentences.is_empty() {
            output.line("")?;
            output.line(&format!("{title}:"))?;
        }
        for sentence in sentences {
            output.line(&format!("  {sentence}"))?;
        }
    }
    Ok(())
}
