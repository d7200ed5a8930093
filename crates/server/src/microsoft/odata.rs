//! The query options of OData, as far as Microsoft Graph documents them for these resources: which page, how much of
//! each resource, and how many there are.

mod filter;
mod order;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use ofrecord_interop::write::{Collection, Next, Shape};

use self::filter::Filter;
use self::order::Order;
use super::standpoint::Standpoint;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::{Reply, TEXT};

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
    order: Order,
    counting: Counting,
    after: After,
}

/// Where a page begins.
#[derive(Debug)]
enum After {
    Nothing,
    /// Behind the resource with this key, which is the order that they come in.
    Key(String),
    /// Behind so many, in the order that is asked for.
    Count(usize),
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
        let order = asked.text("$orderby").map(|text| Order::read(text, resource.compared)).transpose()?;
        let order = order.unwrap_or_default();
        let after = match asked.text("$skiptoken") {
            None => After::Nothing,
            Some(key) if order.is_none() => After::Key(key.to_owned()),
            Some(_) => asked.read("$skiptoken")?.map_or(After::Nothing, After::Count),
        };
        let filter = asked.text("$filter").map(|text| Filter::read(text, resource.compared)).transpose()?;
        Ok(Self {
            resource,
            top: top.unwrap_or(TOP),
            chosen: chosen(asked, resource)?,
            filter: filter.unwrap_or_default(),
            counting: if asked.wants("$count")? { Counting::All } else { Counting::Nothing },
            order,
            after,
        })
    }

    /// Reads the options of a count, of which only a filter is one.
    pub(super) fn counting(asked: &Asked, resource: &'static Resource) -> Result<Self, Problem> {
        let filter = asked.text("$filter").map(|text| Filter::read(text, resource.compared)).transpose()?;
        Ok(Self {
            resource,
            top: 0,
            chosen: None,
            filter: filter.unwrap_or_default(),
            counting: Counting::All,
            order: Order::default(),
            after: After::Nothing,
        })
    }

    /// Behind which key the reading can begin: with those of the pages before, where all are counted.
    pub(super) fn begins_after(&self) -> Option<&str> {
        match (self.counting, &self.after) {
            (Counting::Nothing, After::Key(key)) => Some(key),
            (Counting::Nothing, After::Nothing | After::Count(_)) | (Counting::All, _) => None,
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
        if !self.options.order.is_none() {
            self.items.push(shape);
            return ControlFlow::Continue(());
        }
        if matches!(&self.options.after, After::Key(after) if key <= *after) {
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

    /// How many there are, as plain text.
    pub(super) fn count(&self) -> Reply {
        Reply::bytes(TEXT, self.counted.to_string().into_bytes())
    }

    /// The page as it is answered; the next one rests on the same instant and the same knowledge.
    pub(super) fn answer(mut self, standpoint: &Standpoint<'_>) -> Reply {
        if !self.options.order.is_none() {
            self.put_in_order();
        }
        let next = self.last.filter(|_| self.goes_on).map(|last| {
            let [as_of, known_at] = standpoint.fixed();
            let token = last.clone();
            Next { address: standpoint.link.with(&[("$skiptoken", last), as_of, known_at]), token }
        });
        let counted = (self.options.counting == Counting::All).then_some(self.counted);
        Reply::shape(&Collection::Graph(self.options.resource.collection).page(self.items, counted, next.as_ref()))
    }
}

impl Page<'_> {
    /// Leaves of all resources those of the page, in the order that is asked for.
    fn put_in_order(&mut self) {
        let options = self.options;
        let mut all = std::mem::take(&mut self.items);
        // What is the same stays in the order of the keys, so that pages do not overlap.
        all.sort_by(|one, other| options.order.of(one, other));
        let before = match options.after {
            After::Count(before) => before.min(all.len()),
            After::Nothing | After::Key(_) => 0,
        };
        let behind = before.saturating_add(options.top).min(all.len());
        self.goes_on = behind < all.len();
        self.last = Some(behind.to_string());
        let page = all.into_iter().skip(before).take(options.top);
        self.items = page.map(|shape| narrowed(shape, options.chosen.as_ref())).collect();
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
