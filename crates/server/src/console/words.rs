//! The console's words, in one place: what its pages are called, and what they say beside answers.

pub(super) mod approvals;

use ofrecord_views::{AtEnd, Mechanism};

/// The program, as titles name it.
pub(super) const PROGRAM: &str = "ofrecord";
/// The way around what every page repeats.
pub(super) const SKIP: &str = "Skip to the content";
/// The ways to other pages.
pub(super) const PAGES: &str = "Pages";
/// What a foot says.
pub(super) const FOOT: &str = "What is asked about, plots and pictures are in UTC. \
    A number in brackets is the position of an entry that says what stands before it, and leads there.";
/// In which zone instants are; the zone stands behind it.
pub(super) const INSTANTS: &str = "Instants are in";
/// The zone of whatever the server writes.
pub(super) const UTC: &str = "UTC";
/// The choice of another zone.
pub(super) const ZONE: &str = "Time zone";

/// The search.
pub(super) mod search {
    /// The label of its field.
    pub(in crate::console) const FIELD: &str = "Customer, partner, subscription, command or position";
    /// Its button.
    pub(in crate::console) const BUTTON: &str = "Find";
    /// What is called when nothing is asked for.
    pub(in crate::console) const TITLE: &str = "Find";
    /// What may be asked for.
    pub(in crate::console) const HINT: &str =
        "The id of a customer, a partner, a subscription or a command, the position of an entry, or part of a name.";
    /// Where names are looked for.
    pub(in crate::console) const BY_NAME: &str =
        "Names and subscriptions have no index: customers are read one after another, in the order of their ids.";
    /// Nothing was found.
    pub(in crate::console) const NOTHING: &str = "Nothing found";
}

/// Signing in and out.
pub(super) mod login {
    /// Its title, and its button.
    pub(in crate::console) const TITLE: &str = "Sign in";
    /// What kind of page it is.
    pub(in crate::console) const KIND: &str = "Console";
    /// By a token.
    pub(in crate::console) const TOKEN: &str = "Token";
    /// What token.
    pub(in crate::console) const HINT: &str = "A token as ofrecord token create prints it. It is sent to this server \
        once, and the browser keeps another text in its place.";
    /// By the identity provider, whose host stands behind it.
    pub(in crate::console) const BY_PROVIDER: &str = "Sign in by";
    /// Somebody has signed in.
    pub(in crate::console) const DONE: &str = "Signed in";
    /// The way on.
    pub(in crate::console) const GO_ON: &str = "Go on";
    /// The button by which one signs out.
    pub(in crate::console) const OUT: &str = "Sign out";
    /// Nobody has to sign in.
    pub(in crate::console) const UNASKED: &str = "Nobody is asked who is there";
}

/// The page of the routes.
pub(super) mod api {
    /// Its title.
    pub(in crate::console) const TITLE: &str = "API";
    /// What kind of page it is.
    pub(in crate::console) const KIND: &str = "Routes of this server";
    /// What it has.
    pub(in crate::console) const ABOUT: &str = "Each route with what it takes and needs. A request that is sent here \
        is a real one: it shows the session of this browser, or the token where one is given, and what it submits is \
        recorded. The same for programs:";
    /// The way to the description.
    pub(in crate::console) const DESCRIPTION: &str = "the description as OpenAPI 3.1";
    /// The field of a token.
    pub(in crate::console) const TOKEN: &str = "Token, in place of the session; it is not kept";
    /// It cannot be tried.
    pub(in crate::console) const NO_SCRIPT: &str = "To try a route takes script.";
    /// The routes.
    pub(in crate::console) const ROUTES: &str = "Routes";
    /// What a route needs.
    pub(in crate::console) const NEEDS: &str = "needs";
    /// What it answers with.
    pub(in crate::console) const ANSWERS: &str = "answers with";
    /// What it takes.
    pub(in crate::console) const BODY: &str = "Body";
    /// The button.
    pub(in crate::console) const SEND: &str = "Send";
}

/// Tables as files.
pub(super) mod sheets {
    /// The way to one.
    pub(in crate::console) const CSV: &str = "CSV";
}

/// Plots.
pub(super) mod plot {
    /// The numbers.
    pub(in crate::console) const TABLE: &str = "The numbers";
    /// There is nothing to show.
    pub(in crate::console) const NOTHING: &str = "Nothing in this time.";
    /// What is left out.
    pub(in crate::console) const WITHOUT_NOTHING: &str = "Where it was nothing is left out.";
}

/// The overview.
pub(super) mod overview;

/// A customer.
pub(super) mod customer {
    /// What is asked.
    pub(in crate::console) const ASKED: &str = "What is asked";
    /// The instant in the world.
    pub(in crate::console) const AS_OF: &str = "As of (UTC)";
    /// The state of knowledge.
    pub(in crate::console) const KNOWN_AT: &str = "Known at";
    /// What may stand there.
    pub(in crate::console) const KNOWN_HINT: &str =
        "An instant, a position like 119, or a tree size like @120; empty for everything.";
    /// The beginning of the picture.
    pub(in crate::console) const FROM: &str = "Picture from";
    /// The end of the picture.
    pub(in crate::console) const TO: &str = "Picture up to";
    /// Other periods.
    pub(in crate::console) const ZOOM: &str = "Picture:";
    /// All there is.
    pub(in crate::console) const WHOLE: &str = "Whole";
    /// A part of it.
    pub(in crate::console) const CLOSER: &str = "Closer";
    /// More than it.
    pub(in crate::console) const WIDER: &str = "Wider";
    /// Before it.
    pub(in crate::console) const EARLIER: &str = "Earlier";
    /// After it.
    pub(in crate::console) const LATER: &str = "Later";
    /// Around the instant.
    pub(in crate::console) const AROUND: &str = "90 days around the instant asked about";
    /// The button.
    pub(in crate::console) const ASK: &str = "Ask";
    /// The slider of the world's time.
    pub(in crate::console) const DAY: &str = "As of a day, by its beginning";
    /// The slider of knowledge.
    pub(in crate::console) const LEARNED: &str = "Known after so many of the customer's entries";
    /// The buttons of the sliders.
    pub(in crate::console) const GO: &str = "Go there";
    /// The present.
    pub(in crate::console) const PRESENT: &str = "Ask about the present, by everything known";
    /// The sections.
    pub(in crate::console) const CONTENTS: &str = "On this page";
    /// Other forms of the same.
    pub(in crate::console) const ELSEWHERE: &str = "The same elsewhere";
    /// The way to a comparison.
    pub(in crate::console) const COMPARE: &str = "Compare two instants or two states of knowledge";
    /// Who can administer now.
    pub(in crate::console) const RIGHT_NOW: &str = "Who can administer right now";
    /// The caption of that.
    pub(in crate::console) const RIGHT_NOW_CAPTION: &str = "At present, by the same state of knowledge";
    /// Nobody can.
    pub(in crate::console) const NOBODY_NOW: &str = "Nobody, as far as the ledger shows.";
    /// What the picture shows, as a table.
    pub(in crate::console) const PICTURE_TABLE: &str = "Every bar and every mark of the picture, as a table";
    /// Partners of record.
    pub(in crate::console) const OF_RECORD: &str = "Partners of record";
    /// Why an answer is what it is.
    pub(in crate::console) const WHY: &str = "why?";
    /// What is not served.
    pub(in crate::console) const NOT_SERVED: &str =
        "The dossier as a document of its own is made by this command, while the ledger is not served:";
    /// Partners.
    pub(in crate::console) const PARTNERS: &str = "Partners named, each with its page";
}

/// What keeps somebody from a page.
pub(super) mod problem {
    /// The way back.
    pub(in crate::console) const BACK: &str = "To the overview";
    /// The id of the request.
    pub(in crate::console) const REQUEST: &str = "request";
    /// The code of the problem.
    pub(in crate::console) const CODE: &str = "code";
}

/// An entry.
pub(super) mod entry {
    /// What kind of page it is.
    pub(in crate::console) const KIND: &str = "Entry of the log";
    /// What was asked.
    pub(in crate::console) const WHAT: &str = "What was asked";
    /// The caption of that.
    pub(in crate::console) const WHAT_CAPTION: &str = "The command as it was decided";
    /// What came of it.
    pub(in crate::console) const CAME: &str = "What came of it";
    /// Nothing came of it.
    pub(in crate::console) const NOTHING_DIFFERED: &str = "It was accepted, and nothing differed: no event.";
    /// A rule refused it.
    pub(in crate::console) const REFUSED: &str = "Refused";
    /// It was redacted.
    pub(in crate::console) const REDACTED: &str =
        "The bytes of this entry were taken away; its place, its streams and its leaf hash stay.";
    /// What is not shown of it.
    pub(in crate::console) const NOT_SEEN: &str = "What an entry holds is shown to whoever sees the content of all \
        customers. To others, pages of customers show what concerns them, and this one where the entry stands.";
    /// The streams.
    pub(in crate::console) const STREAMS: &str = "Streams";
    /// The caption of that.
    pub(in crate::console) const STREAMS_CAPTION: &str = "Where it stands in its streams";
    /// The read set.
    pub(in crate::console) const READ: &str = "What was read to decide";
    /// The caption of that.
    pub(in crate::console) const READ_CAPTION: &str = "The streams that were read, and how far";
    /// Nothing was read.
    pub(in crate::console) const READ_NOTHING: &str = "No stream is named as read.";
    /// Evidence.
    pub(in crate::console) const EVIDENCE: &str = "Evidence";
    /// The caption of that.
    pub(in crate::console) const EVIDENCE_CAPTION: &str = "The source records behind it";
    /// There is none.
    pub(in crate::console) const NO_EVIDENCE: &str = "It names no source record: it was decided by a command.";
    /// The decision.
    pub(in crate::console) const DECISION: &str = "The decision";
    /// How it is read.
    pub(in crate::console) const DECISION_READ: &str = "As it is read: events in their newest version, and names in \
        place of sealed texts where the keys are here. What is hashed are the exact bytes below.";
    /// The way to see it.
    pub(in crate::console) const DECISION_OPEN: &str = "The decision as JSON";
    /// The exact bytes.
    pub(in crate::console) const BYTES: &str = "Exact bytes";
    /// Why they are not there.
    pub(in crate::console) const NOT_TAKEN_OUT: &str = "The bytes of an entry leave the ledger by an entry that says \
        so: it is recorded before they are shown, with the purpose where one is given.";
    /// Why.
    pub(in crate::console) const PURPOSE: &str = "Why, or for whom";
    /// The button.
    pub(in crate::console) const TAKE_OUT: &str = "Record it and show the bytes";
    /// That they are there.
    pub(in crate::console) const TAKEN_OUT: &str =
        "That they were shown is recorded in the ledger. Sealed texts stand in them as they are stored.";
    /// The proof.
    pub(in crate::console) const PROOF: &str = "Proof that it is in the log";
    /// The caption of that.
    pub(in crate::console) const PROOF_CAPTION: &str = "Its place in the tree";
    /// The path.
    pub(in crate::console) const PATH: &str = "from the leaf to the root, the lowest first.";
    /// Nothing was checked.
    pub(in crate::console) const UNCHECKED: &str = "Not checked in this browser, which takes the script of this page.";
    /// It holds, in short.
    pub(in crate::console) const HOLDS_IN_SHORT: &str = "The proof holds.";
    /// What was checked without the bytes.
    pub(in crate::console) const HOLDS: &str = "Checked in this browser: the hashes lead from the leaf hash shown to \
        the root shown, for this position in a tree of this size. Not checked: that the leaf hash is that of the entry, \
        whose exact bytes are not on this page; and that anybody signed the root.";
    /// What was checked with the bytes.
    pub(in crate::console) const HOLDS_WITH_BYTES: &str = "Checked in this browser: SHA-256 of a zero byte and the \
        exact bytes shown is the leaf hash shown, and the hashes lead from there to the root shown, for this position \
        in a tree of this size. Not checked: that anybody signed the root; compare it with a checkpoint that you hold.";
    /// It does not hold.
    pub(in crate::console) const FAILS: &str =
        "The proof does not hold: what is shown does not lead to the root. Keep this page, and run ofrecord verify.";
    /// The browser cannot check.
    pub(in crate::console) const WITHOUT_CRYPTO: &str = "Not checked: this browser computes hashes only on pages of \
        its own machine or over TLS.";
    /// The same as JSON.
    pub(in crate::console) const AS_JSON: &str = "The proof as JSON";
}

/// Through what somebody can administer, in short.
pub(super) fn mechanism(mechanism: Mechanism) -> &'static str {
    match mechanism {
        Mechanism::Dap => "DAP",
        Mechanism::Gdap => "GDAP",
        Mechanism::AzureRole => "an Azure role",
    }
}

/// What happens at the end of a granular relationship.
pub(super) fn at_end(at_end: AtEnd) -> &'static str {
    match at_end {
        AtEnd::Ends => "it is over",
        AtEnd::GoesOn => "it goes on by its extension",
        AtEnd::NotKnown => "no source says",
    }
}

/// A partner.
pub(super) mod partner {
    /// The way to a list.
    pub(in crate::console) const LIST: &str = "listed below";
    /// For how many days an end counts as near.
    pub(in crate::console) const WITHIN: &str = "Ends that are near, in days";
    /// What kind of page it is.
    pub(in crate::console) const KIND: &str = "Partner";
    /// Its account.
    pub(in crate::console) const ACCOUNT: &str = "Account";
    /// The caption of that.
    pub(in crate::console) const ACCOUNT_CAPTION: &str = "What is known of its account";
    /// Its customers.
    pub(in crate::console) const BOOK: &str = "Book of customers";
    /// The caption of them.
    pub(in crate::console) const BOOK_CAPTION: &str = "Customers whose record names the partner";
    /// There are customers that were not read.
    pub(in crate::console) const MORE_UNREAD: &str = "There are more that were not read, also for the findings below.";
    /// There are none.
    pub(in crate::console) const ALL_READ: &str = "There are none after them.";
    /// Relationships without a subscription.
    pub(in crate::console) const DORMANT: &str = "Dormant relationships";
    /// There are none.
    pub(in crate::console) const NONE_DORMANT: &str = "None among the customers read.";
    /// Access without a relationship.
    pub(in crate::console) const OUTLIVED: &str = "Privileges that outlived what they were for";
    /// There is none.
    pub(in crate::console) const NONE_OUTLIVED: &str = "None among the customers read.";
    /// The caption of findings.
    pub(in crate::console) const FOUND: &str = "Findings about this partner";
    /// Granular relationships that end.
    pub(in crate::console) const EXPIRING: &str = "Granular relationships whose end is near";
    /// The caption of that.
    pub(in crate::console) const EXPIRING_CAPTION: &str = "In force, the nearest end first";
    /// There are none.
    pub(in crate::console) const NONE_EXPIRING: &str =
        "None of those in the partner's own record is in force and ends so soon.";
}

/// A comparison.
pub(super) mod compare {
    /// Its title.
    pub(in crate::console) const TITLE: &str = "Compare";
    /// What kind of page it is.
    pub(in crate::console) const KIND: &str = "Two instants, or two states of knowledge";
    /// What to do.
    pub(in crate::console) const HINT: &str = "What differs of a customer between two sides; a field that is left \
        empty stands for the present, or for everything known.";
    /// The customer.
    pub(in crate::console) const CUSTOMER: &str = "Customer";
    /// The instants and the states of knowledge of both sides.
    pub(in crate::console) const FIELDS: [(&str, &str); 2] =
        [("First, as of (UTC)", "First, known at"), ("Second, as of (UTC)", "Second, known at")];
    /// What may stand there.
    pub(in crate::console) const FIELDS_HINT: &str = "An instant is a day or like 2024-03-01T10:00; known at is an \
        instant, a position like 119, or a tree size like @120.";
    /// The button.
    pub(in crate::console) const BUTTON: &str = "Compare";
    /// The caption of the sides.
    pub(in crate::console) const SIDES: &str = "What is compared";
    /// The first side.
    pub(in crate::console) const FIRST: &str = "first";
    /// The second side.
    pub(in crate::console) const SECOND: &str = "second";
    /// The page of a side.
    pub(in crate::console) const PAGE: &str = "the customer's page";
    /// The sides the other way around.
    pub(in crate::console) const SWAPPED: &str = "The other way around";
    /// What is asked for often.
    pub(in crate::console) const OFTEN: &str = "Often asked for";
    /// The world since a month ago.
    pub(in crate::console) const SINCE_MONTH: &str = "30 days ago and now";
    /// The world since a year ago.
    pub(in crate::console) const SINCE_YEAR: &str = "A year ago and now";
    /// What was learned since a month ago.
    pub(in crate::console) const LEARNED_SINCE_MONTH: &str =
        "Now, by what was known 30 days ago and by everything known";
    /// The rows.
    pub(in crate::console) const ROWS: &str = "rows that differ";
    /// What the world changed.
    pub(in crate::console) const WORLD: &str = "Changed in the world";
    /// What was learned.
    pub(in crate::console) const LEARNED: &str = "Learned since, of the first instant";
    /// Nothing differs.
    pub(in crate::console) const NONE: &str = "No row differs.";
    /// A row is there only afterwards.
    pub(in crate::console) const ADDED: &str = "only in the second";
    /// A row is there only before.
    pub(in crate::console) const REMOVED: &str = "only in the first";
    /// Fields differ.
    pub(in crate::console) const CHANGED: &str = "changed";
    /// The reseller set.
    pub(in crate::console) const RESELLERS: &str = "Reseller";
    /// The subscriptions.
    pub(in crate::console) const SUBSCRIPTIONS: &str = "Subscription";
    /// Access.
    pub(in crate::console) const ACCESS: &str = "Access";
    /// Granular relationships.
    pub(in crate::console) const GRANULAR: &str = "Granular relationship";
    /// Transfers.
    pub(in crate::console) const TRANSFERS: &str = "Transfer";
}

/// Operations.
pub(super) mod operations;

/// Jobs.
pub(super) mod jobs {
    use crate::jobs::JobKind;

    /// What they are.
    pub(in crate::console) const HINT: &str = "Long work beside everything else, one job after the other. A paused \
        job keeps its place. Jobs are forgotten when the server stops, and files that came of them stay.";
    /// There are none.
    pub(in crate::console) const NONE: &str = "None was ordered since the server was started.";
    /// Look again.
    pub(in crate::console) const AGAIN: &str = "Look how far they are now";
    /// The caption of them.
    pub(in crate::console) const CAPTION: &str = "Jobs, the newest first";
    /// A check found something.
    pub(in crate::console) const FOUND: &str = "and found something";
    /// It came to its end.
    pub(in crate::console) const WHOLE: &str = "to the end";
    /// What came of it.
    pub(in crate::console) const RESULT: &str = "the result";
    /// The button.
    pub(in crate::console) const START: &str = "Start";
    /// The files about a customer.
    pub(in crate::console) const OF_CUSTOMER: &str = "Files about this customer, made as jobs; what comes of them is \
        found on the page of operations, and that they leave is recorded.";
    /// The button of an evidence pack.
    pub(in crate::console) const PACK: &str = "Order the evidence pack at this viewpoint";
    /// The button of a certificate.
    pub(in crate::console) const CERTIFICATE: &str = "Order the certificate, by what is known here";
    /// The first position.
    pub(in crate::console) const FROM: &str = "From position";
    /// The last position.
    pub(in crate::console) const TO: &str = "Up to, without, position";
    /// The customer, or all.
    pub(in crate::console) const CUSTOMER_OR_ALL: &str = "Customer's id; all where it is empty";
    /// The customer.
    pub(in crate::console) const CUSTOMER: &str = "Customer's id";
    /// The partner.
    pub(in crate::console) const PARTNER: &str = "or partner's id";
    /// The instant asked about.
    pub(in crate::console) const AS_OF: &str = "As of (UTC); the present where it is empty";

    /// What a job of a kind does.
    pub(in crate::console) fn of(kind: JobKind) -> &'static str {
        match kind {
            JobKind::Verify => "read, compare, hash, decode and fold every entry in every copy",
            JobKind::Replay => "decide every recorded command again, under the policy of its time, and compare",
            JobKind::Rebuild => "fold the log into new stored rows and compare; they are used from the next start on",
            JobKind::Backup => "copy what is acknowledged into the server's folder of backups",
            JobKind::Certify => "sign that no relationship event changed a subscription",
            JobKind::Import => "record what a source says that was sent to the server",
            JobKind::Evidence => "an answer with everything that it rests on, as one file",
        }
    }
}
