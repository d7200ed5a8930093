//! The routes of the console: what each page is called, what it takes, and what writes it.

use super::{JobForm, Step, Writing, sheets};
use crate::access::Need;
use crate::approvals::Verdict;
use crate::asked::Asked;
use crate::jobs::Change;
use crate::problem::Problem;
use crate::reply::{HTML, Reply};
use crate::routes::{Parameter, Place, Route, Run, Shape, Verb, parameter, query};
use crate::shared::Shared;
use crate::visitor::Visitor;

const fn page(
    path: &'static str,
    name: &'static str,
    says: &'static str,
    needs: Need,
    own: &'static [Parameter],
    write: fn(&Shared, &Visitor, &Asked) -> Result<Reply, Problem>,
) -> Route {
    Route { method: Verb::Get, path, name, says, media: HTML, needs, run: Run::Page(Writing::Read(write)), own }
}

/// The route of a table as a file.
const fn sheet(
    path: &'static str,
    name: &'static str,
    says: &'static str,
    needs: Need,
    own: &'static [Parameter],
    write: fn(&Shared, &Visitor, &Asked) -> Result<Reply, Problem>,
) -> Route {
    let run = Run::Page(Writing::Sheet(write));
    Route { method: Verb::Get, path, name, says, media: sheets::CSV, needs, run, own }
}

const fn login(
    method: Verb,
    path: &'static str,
    name: &'static str,
    says: &'static str,
    own: &'static [Parameter],
    step: Step,
) -> Route {
    let run = Run::Page(Writing::Login(step));
    Route { method, path, name, says, media: HTML, needs: Need::Nothing, run, own }
}

const AS_OF: Parameter = query("as_of", Shape::Text, "The instant in the world asked about; without it, the present.");
const KNOWN_AT: Parameter =
    query("known_at", Shape::Text, "An instant, a position, or `@` and a tree size: what was known then counts.");
const AFTER: Parameter = query("after", Shape::Guid, "Read the customers that come after this one.");
const WITHIN: Parameter = query("within", Shape::Number, "For how many days an end counts as near; 90 without it.");
const FROM_AS_OF: Parameter = query("from_as_of", Shape::Text, "The first instant; without it, the present.");
const FROM_KNOWN_AT: Parameter = query("from_known_at", Shape::Text, "What was known first; without it, everything.");
const TO_AS_OF: Parameter = query("to_as_of", Shape::Text, "The second instant; without it, the present.");
const TO_KNOWN_AT: Parameter = query("to_known_at", Shape::Text, "What was known second; without it, everything.");

const TO: Parameter = query("to", Shape::Text, "The page of the console to come to.");

const JOB: &[Parameter] = &[parameter(Place::Path, "job", Shape::Text, "The id of the job.")];

const APPROVAL: &[Parameter] = &[parameter(Place::Path, "approval", Shape::Guid, "The id of the approval.")];

const fn form(
    path: &'static str,
    name: &'static str,
    says: &'static str,
    job: JobForm,
    own: &'static [Parameter],
) -> Route {
    let run = Run::Page(Writing::Job(job));
    Route { method: Verb::Post, path, name, says, media: HTML, needs: Need::Checks, run, own }
}

const fn answer(path: &'static str, name: &'static str, says: &'static str, verdict: Verdict) -> Route {
    let run = Run::Page(Writing::Approval(verdict));
    Route { method: Verb::Post, path, name, says, media: HTML, needs: Need::Approving, run, own: APPROVAL }
}

/// Every route of the console.
pub(crate) static ROUTES: &[Route] = &[
    page(
        "/console",
        "consoleOverview",
        "How much is recorded, the log, its newest checkpoint and entries, and findings over customers.",
        Need::AnyRole,
        &[query("after", Shape::Guid, "Look at the customers that come after this one.")],
        super::overview::overview,
    ),
    sheet(
        "/console/csv/{table}",
        "consoleTable",
        "A table of that page as CSV; that it leaves the ledger is recorded.",
        Need::AllContent,
        &[
            parameter(Place::Path, "table", Shape::Words(sheets::EVERYBODY_TABLES), "Which table."),
            query("after", Shape::Guid, "Of customers that come after this one."),
            query("from", Shape::Number, "Of entries: the first position; without it, the newest 1,000."),
            query("to", Shape::Number, "Of entries: the first position that is left out."),
        ],
        sheets::of_everybody,
    ),
    page(
        "/console/find",
        "consoleFind",
        "To the page of a customer, a partner, a subscription or an entry.",
        Need::Content,
        &[query("q", Shape::Text, "An id, or the position of an entry.")],
        super::find::find,
    ),
    page(
        "/console/customers/{customer}",
        "consoleCustomer",
        "A customer at an instant and by a state of knowledge, with the picture of its lanes.",
        Need::Content,
        &[
            parameter(Place::Path, "customer", Shape::Guid, "The customer's tenant."),
            AS_OF,
            KNOWN_AT,
            query("day", Shape::Number, "Instead of `as_of`: so many days after the day of the first fact."),
            query("learned", Shape::Number, "Instead of `known_at`: what so many entries of the customer say."),
            query("from", Shape::Text, "The picture from this instant on."),
            query("to", Shape::Text, "The picture up to this instant."),
        ],
        super::customer::customer,
    ),
    sheet(
        "/console/customers/{customer}/csv/{table}",
        "consoleCustomerTable",
        "A table of that page as CSV; that it leaves the ledger is recorded.",
        Need::Content,
        &[
            parameter(Place::Path, "customer", Shape::Guid, "The customer's tenant."),
            parameter(Place::Path, "table", Shape::Words(sheets::CUSTOMER_TABLES), "Which table."),
            AS_OF,
            KNOWN_AT,
        ],
        sheets::of_customer,
    ),
    page(
        "/console/partners/{partner}",
        "consolePartner",
        "A partner: its account, the book of its customers, and what it should look at there.",
        Need::Content,
        &[parameter(Place::Path, "partner", Shape::Guid, "The partner's tenant."), AS_OF, KNOWN_AT, WITHIN, AFTER],
        super::partner::partner,
    ),
    sheet(
        "/console/partners/{partner}/csv/{table}",
        "consolePartnerTable",
        "A table of that page as CSV; that it leaves the ledger is recorded.",
        Need::Content,
        &[
            parameter(Place::Path, "partner", Shape::Guid, "The partner's tenant."),
            parameter(Place::Path, "table", Shape::Words(sheets::PARTNER_TABLES), "Which table."),
            AS_OF,
            KNOWN_AT,
            WITHIN,
            AFTER,
        ],
        sheets::of_partner,
    ),
    page(
        "/console/compare",
        "consoleCompare",
        "What differs of a customer between two instants, or two states of knowledge.",
        Need::Content,
        &[
            query("customer", Shape::Guid, "The customer's tenant; without it, a form."),
            FROM_AS_OF,
            FROM_KNOWN_AT,
            TO_AS_OF,
            TO_KNOWN_AT,
        ],
        super::compare::compare,
    ),
    sheet(
        "/console/compare/csv",
        "consoleCompareTable",
        "The differences of that page as CSV; that they leave the ledger is recorded.",
        Need::Content,
        &[
            parameter(Place::Needed, "customer", Shape::Guid, "The customer's tenant."),
            FROM_AS_OF,
            FROM_KNOWN_AT,
            TO_AS_OF,
            TO_KNOWN_AT,
        ],
        sheets::of_comparison,
    ),
    page(
        "/console/operations",
        "consoleOperations",
        "How the ledger is, its jobs, and its custody.",
        Need::Condition,
        &[],
        super::operations::operations,
    ),
    page(
        super::approvals::PATH,
        "consoleApprovals",
        "What takes two persons: what waits for the second, and how the rest was answered.",
        Need::AllContent,
        &[],
        super::approvals::approvals,
    ),
    answer(
        "/console/approvals/{approval}/approve",
        "consoleApprove",
        "Approve; leads back to the page.",
        Verdict::Approved,
    ),
    answer(
        "/console/approvals/{approval}/refuse",
        "consoleRefuse",
        "Refuse; leads back to the page.",
        Verdict::Refused,
    ),
    answer(
        "/console/approvals/{approval}/withdraw",
        "consoleWithdraw",
        "Ask for it no more; leads back to the page.",
        Verdict::Withdrawn,
    ),
    form("/console/jobs", "consoleOrderJob", "Order a job; leads back to the page.", JobForm::Order, &[]),
    form(
        "/console/jobs/{job}/pause",
        "consolePauseJob",
        "Have a job wait where it is; leads back to the page.",
        JobForm::Change(Change::Pause),
        JOB,
    ),
    form(
        "/console/jobs/{job}/resume",
        "consoleResumeJob",
        "Have a job go on; leads back to the page.",
        JobForm::Change(Change::Resume),
        JOB,
    ),
    form(
        "/console/jobs/{job}/cancel",
        "consoleCancelJob",
        "Stop a job; leads back to the page.",
        JobForm::Change(Change::Cancel),
        JOB,
    ),
    page(
        "/console/entries/{position}",
        "consoleEntry",
        "An entry: what was asked and what came of it, where it stands, and the proof of that.",
        Need::AnyRole,
        &[
            parameter(Place::Path, "position", Shape::Number, "The position of the entry."),
            query("tree_size", Shape::Number, "The size of the tree; without it, the present one."),
        ],
        super::entry::entry,
    ),
    Route {
        method: Verb::Post,
        path: "/console/entries/{position}/bytes",
        name: "consoleEntryBytes",
        says: "The same with the exact bytes of the entry; that they leave the ledger is recorded.",
        media: HTML,
        needs: Need::AllContent,
        run: Run::Page(Writing::TakenOut),
        own: &[parameter(Place::Path, "position", Shape::Number, "The position of the entry.")],
    },
    page(
        super::api::PATH,
        "api",
        "What the routes take and need, and forms by which they are tried.",
        Need::Nothing,
        &[],
        super::api::api,
    ),
    login(Verb::Get, "/console/login", "consoleLogin", "Sign in.", &[TO], Step::Asked),
    login(
        Verb::Post,
        "/console/login/token",
        "consoleLoginByToken",
        "Sign in by a token: the form of that page.",
        &[],
        Step::ByToken,
    ),
    login(
        Verb::Get,
        "/console/login/provider",
        "consoleLoginByProvider",
        "To the identity provider, to sign in there.",
        &[TO],
        Step::ByProvider,
    ),
    login(
        Verb::Get,
        "/console/login/returned",
        "consoleLoginReturned",
        "Where the identity provider leads a browser back to.",
        &[
            query("code", Shape::Text, "The code to exchange for who it is."),
            query("state", Shape::Text, "What ties it to the login that was begun."),
            query("iss", Shape::Text, "Which provider it is."),
            query("error", Shape::Text, "The provider's word for why there is no code."),
        ],
        Step::Returned,
    ),
    login(Verb::Post, "/console/logout", "consoleLogout", "Sign out: the form of every page.", &[], Step::Out),
    Route {
        method: Verb::Get,
        path: "/console/style.css",
        name: "consoleStyle",
        says: "How the pages look.",
        media: super::CSS,
        needs: Need::Nothing,
        run: Run::Memory(super::style),
        own: &[],
    },
    Route {
        method: Verb::Get,
        path: "/console/script.js",
        name: "consoleScript",
        says: "What the pages do beside being read.",
        media: super::JAVASCRIPT,
        needs: Need::Nothing,
        run: Run::Memory(super::script),
        own: &[],
    },
    Route {
        method: Verb::Get,
        path: "/console/icon.svg",
        name: "consoleIcon",
        says: "What a browser shows beside the title of a page.",
        media: super::SVG,
        needs: Need::Nothing,
        run: Run::Memory(super::icon),
        own: &[],
    },
];
