//! The query options of OData, as far as Microsoft Graph documents them for these resources: which page, how much of
//! each resource, and how many there are.

mod filter;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use ofrecord_interop::write::{Collection, Next, Shape};

use self::filter::Filter;
use super::standpoint::Standpoint;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;

/// Resources of one page, at most (published for `$top`).
const TOP_MAX: usize = 300;
/// Resources of one page where nothing else is asked for.
const TOP: usize = 100;

/// A kind of resource.
pub(super) struct Resource {
    /// The name of its collection.
    pub(super) collection: &'static str,
    /// The properties that may be chosen.
    pub(super) properties: &'static [&'static str],
    /// The properties that may be compared, by their paths.
    pub(super) compared: &'static [&'static str],
}

/// What the options ask for.
pub(super) struct Options {
    resource: &'static Resource,
    top: usize,
    chosen: Option<BTreeSet<String>>,
    filter: Filter,
    counting: Counting,
    after: Option<String>,
}

/// Whether all are counted, those of other pages too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counting {
    All,
    Nothing,
}

/// A page that is being filled, in the order of the keys.
pub(super) struct Page<'a> {
    options: &'a Options,
    items: Vec<Shape>,
    /// The key of the last item.
    last: Option<String>,
    counted: u64,
    goes_on: bool,
}

impl Options {
    /// Reads the options of a list.
    pub(super) fn of(asked: &Asked, resource: &'static Resource) -> Result<Self, Problem> {
        let top: Option<usize> = asked.read("$top")?;
        if top.is_some_and(|top| top == 0 || top > TOP_MAX) {
            return Err(Problem::malformed("$top", &format_args!("is a number from 1 to {TOP_MAX}")));
        }
        let filter = asked.text("$filter").map(|text| Filter::read(text, resource.compared)).transpose()?;
        Ok(Self {
            resource,
            top: top.unwrap_or(TOP),
            chosen: chosen(asked, resource)?,
            filter: filter.unwrap_or_default(),
            counting: if asked.wants("$count")? { Counting::All } else { Counting::Nothing },
            after: asked.text("$skiptoken").map(str::to_owned),
        })
    }

    /// Behind which key the reading can begin: with those of the pages before, where all are counted.
    pub(super) fn begins_after(&self) -> Option<&str> {
        match self.counting {
            Counting::All => None,
            Counting::Nothing => self.after.as_deref(),
        }
    }

    /// Whether a resource is asked for.
    pub(super) fn wants(&self, shape: &Shape) -> bool {
        self.filter.holds(shape)
    }

    /// A page with nothing on it yet.
    pub(super) fn page(&self) -> Page<'_> {
        Page { options: self, items: Vec::new(), last: None, counted: 0, goes_on: false }
    }
}

impl Page<'_> {
    /// Puts a resource on the page where it belongs there; must be called in the order of the keys. Breaks off once
    /// nothing more is needed.
    pub(super) fn take(&mut self, key: String, shape: Shape) -> ControlFlow<()> {
        if !self.options.wants(&shape) {
            return ControlFlow::Continue(());
        }
        self.counted += 1;
        let is_before = self.options.after.as_ref().is_some_and(|after| key <= *after);
        if is_before {
            return ControlFlow::Continue(());
        }
        if self.items.len() < self.options.top {
            self.items.push(narrowed(shape, self.options.chosen.as_ref()));
            self.last = Some(key);
            return ControlFlow::Continue(());
        }
        self.goes_on = true;
        match self.options.counting {
            Counting::All => ControlFlow::Continue(()),
            Counting::Nothing => ControlFlow::Break(()),
        }
    }

    /// The page as it is answered; the next one rests on the same instant and the same knowledge.
    pub(super) fn answer(self, standpoint: &Standpoint<'_>) -> Reply {
        let next = self.last.filter(|_| self.goes_on).map(|last| {
            let [as_of, known_at] = standpoint.fixed();
            let token = last.clone();
            Next { address: standpoint.link.with(&[("$skiptoken", last), as_of, known_at]), token }
        });
        let counted = (self.options.counting == Counting::All).then_some(self.counted);
        Reply::shape(&Collection::Graph(self.options.resource.collection).page(self.items, counted, next.as_ref()))
    }
}

/// A resource alone, with what was chosen of it.
pub(super) fn alone(shape: Shape, asked: &Asked, resource: &Resource) -> Result<Reply, Problem> {
    let chosen = chosen(asked, resource)?;
    Ok(Reply::shape(&Collection::Graph(resource.collection).alone(narrowed(shape, chosen.as_ref()))))
}

fn chosen(asked: &Asked, resource: &Resource) -> Result<Option<BTreeSet<String>>, Problem> {
    let Some(text) = asked.text("$select") else { return Ok(None) };
    let names: BTreeSet<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    match names.iter().find(|name| !resource.properties.contains(&name.as_str())) {
        Some(unknown) => Err(Problem::malformed("$select", &format_args!("there is no property `{unknown}`"))),
        None => Ok(Some(names)),
    }
}

/// What begins with `@` says which resource it is and stays.
fn narrowed(shape: Shape, chosen: Option<&BTreeSet<String>>) -> Shape {
    match chosen {
        Some(chosen) => shape.narrowed(|name| name.starts_with('@') || chosen.contains(name)),
        None => shape,
    }
}
