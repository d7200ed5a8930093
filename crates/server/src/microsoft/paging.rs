//! How Partner Center goes on: the token of a next page, which says on what the first page rests and where it ended.

use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName};
use ofrecord_interop::write::{Collection, Next, Shape};

use super::standpoint::Standpoint;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;

/// The header that carries the token of a next page.
const CONTINUATION: HeaderName = HeaderName::from_static("ms-continuationtoken");
/// The parameter that it is read as.
const TOKEN: &str = "continuation";
/// The parameter with the last that was told, once the token was read.
const AFTER: &str = "after";
/// Between the parts of a token; no instant and no id has it.
const BETWEEN: char = '~';
/// Items of one page, at most.
const SIZE_MAX: usize = 500;
/// Items of one page where nothing else is asked for.
const SIZE: usize = 100;

/// Which page is asked for.
pub(super) struct Page<Last> {
    pub(super) size: usize,
    pub(super) after: Option<Last>,
}

/// Takes what the token of a next page says for what was asked, whatever else the request says of it.
pub(super) fn resume(asked: &mut Asked, headers: &HeaderMap) -> Result<(), Problem> {
    asked.or_header(TOKEN, &CONTINUATION, headers)?;
    let Some(token) = asked.text(TOKEN).map(str::to_owned) else { return Ok(()) };
    let parts: Vec<&str> = token.split(BETWEEN).collect();
    let [as_of, known_at, after] = parts.as_slice() else {
        return Err(Problem::malformed("MS-ContinuationToken", &"is none that was given out"));
    };
    for (name, value) in [("as_of", as_of), ("known_at", known_at), (AFTER, after)] {
        asked.put(name, value);
    }
    Ok(())
}

impl<Last: FromStr<Err: std::fmt::Display>> Page<Last> {
    /// Reads it.
    pub(super) fn of(asked: &Asked) -> Result<Self, Problem> {
        let size: Option<usize> = asked.read("size")?;
        if size.is_some_and(|size| size == 0 || size > SIZE_MAX) {
            return Err(Problem::malformed("size", &format_args!("is a number from 1 to {SIZE_MAX}")));
        }
        if asked.word("seekOperation", &[("Next", ())])?.is_some() && asked.text(TOKEN).is_none() {
            return Err(Problem::malformed("seekOperation", &"takes the token of a page in MS-ContinuationToken"));
        }
        Ok(Self { size: size.unwrap_or(SIZE), after: asked.read(AFTER)? })
    }
}

/// A page of the collection at a path, which goes on behind `last` where there is one.
pub(super) fn answer(standpoint: &Standpoint<'_>, path: &str, items: Vec<Shape>, last: Option<String>) -> Reply {
    let next = last.map(|last| {
        let [(_, as_of), (_, known_at)] = standpoint.fixed();
        let address = standpoint.link.below(path, &[("seekOperation", "Next".to_owned())]);
        Next { address, token: [as_of, known_at, last].join(&BETWEEN.to_string()) }
    });
    Reply::shape(&Collection::at(path).page(items, None, next.as_ref()))
}
