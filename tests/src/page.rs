//! Generated parts of pages: what stands between a `generated` mark and its end, compared with what the code says.

/// What a page lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkMissing {
    /// The part's name.
    pub name: String,
}

/// What stands in a page under a part's name.
///
/// # Errors
/// [`MarkMissing`] when the page has not both marks of the part.
pub fn part<'a>(page: &'a str, name: &str) -> Result<&'a str, MarkMissing> {
    let (_, part, _) = split(page, name)?;
    Ok(part)
}

/// The page with a part replaced.
///
/// # Errors
/// [`MarkMissing`] when the page has not both marks of the part.
pub fn with_part(page: &str, name: &str, content: &str) -> Result<String, MarkMissing> {
    let (before, _, after) = split(page, name)?;
    Ok(format!("{before}{content}{after}"))
}

fn split<'a>(page: &'a str, name: &str) -> Result<(&'a str, &'a str, &'a str), MarkMissing> {
    let missing = || MarkMissing { name: name.to_owned() };
    let (open, close) = (format!("<!-- generated:{name} -->\n"), format!("<!-- end:{name} -->"));
    let start = page.find(&open).map(|at| at + open.len()).ok_or_else(missing)?;
    let (before, rest) = page.split_at_checked(start).ok_or_else(missing)?;
    let end = rest.find(&close).ok_or_else(missing)?;
    let (part, after) = rest.split_at_checked(end).ok_or_else(missing)?;
    Ok((before, part, after))
}
