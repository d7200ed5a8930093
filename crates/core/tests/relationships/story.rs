//! A story: streams made of events, never of internals, and commands decided in them.

use std::collections::BTreeMap;

use ofrecord_core::precedence::grounds_of;
use ofrecord_core::{
    Actor, ActorKind, Cloud, Command, Custody, Customer, CustomerId, Event, EventRef, Fact, History, Outcome,
    ParsedCommand, Partner, PartnerTenantId, Policy, Request, Role, StreamId, Streams, Timestamp, When, decide,
    partners_needed, streams_written,
};
use serde_json::{Value, json};

/// The customer of most stories.
pub(crate) const C: &str = "c0000000-0000-0000-0000-000000000001";
/// Another customer.
pub(crate) const C2: &str = "c0000000-0000-0000-0000-000000000002";
/// The partner who comes second.
pub(crate) const P: &str = "a0000000-0000-0000-0000-00000000000a";
/// The partner who was there first.
pub(crate) const Q: &str = "b0000000-0000-0000-0000-00000000000b";
/// An indirect provider.
pub(crate) const I: &str = "e0000000-0000-0000-0000-00000000000e";
/// An indirect reseller.
pub(crate) const IR: &str = "f0000000-0000-0000-0000-00000000000f";
/// A subscription.
pub(crate) const S1: &str = "50000000-0000-0000-0000-000000000001";
/// Another subscription.
pub(crate) const S2: &str = "50000000-0000-0000-0000-000000000002";
/// The day of most stories.
pub(crate) const TODAY: &str = "2018-06-01T00:00:00Z";

/// Streams so far, and the policy they are decided under.
#[derive(Clone)]
pub(crate) struct Story {
    pub(crate) policy: Policy,
    pub(crate) customers: BTreeMap<CustomerId, History<Customer>>,
    partners: BTreeMap<PartnerTenantId, History<Partner>>,
    pub(crate) custody: History<Custody>,
    position: u64,
}

pub(crate) fn customer_id(text: &str) -> CustomerId {
    text.parse().unwrap()
}

pub(crate) fn partner_id(text: &str) -> PartnerTenantId {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A user of a partner in a role.
pub(crate) fn user(partner: &str, role: Role) -> Actor {
    Actor {
        kind: ActorKind::PartnerUser,
        tenant_id: Some(partner.parse().unwrap()),
        user: Some("agent@partner.example".to_owned()),
        role: Some(role),
    }
}

/// An admin agent of a partner.
pub(crate) fn agent(partner: &str) -> Actor {
    user(partner, Role::AdminAgent)
}

/// An application of a partner.
pub(crate) fn app(partner: &str) -> Actor {
    Actor { kind: ActorKind::PartnerApplication, tenant_id: Some(partner.parse().unwrap()), user: None, role: None }
}

/// A global administrator of a customer.
pub(crate) fn admin(customer: &str) -> Actor {
    Actor {
        kind: ActorKind::CustomerAdmin,
        tenant_id: Some(customer.parse().unwrap()),
        user: Some("admin@customer.example".to_owned()),
        role: Some(Role::GlobalAdmin),
    }
}

/// An actor of a kind, without tenant and role.
pub(crate) fn of_kind(kind: ActorKind) -> Actor {
    Actor::new(kind)
}

/// A command read from JSON.
pub(crate) fn command(value: Value) -> ParsedCommand {
    ParsedCommand::from_json(value).unwrap()
}

/// An object with the fields of another one added.
pub(crate) fn with(mut value: Value, more: Value) -> Value {
    let (Some(fields), Value::Object(more)) = (value.as_object_mut(), more) else { panic!("two objects") };
    fields.extend(more);
    value
}

/// An event read from JSON.
pub(crate) fn event(value: Value) -> Event {
    let text = value.to_string();
    serde_json::from_value(value).unwrap_or_else(|error| panic!("{text}: {error}"))
}

impl Story {
    pub(crate) fn in_cloud(cloud: Cloud) -> Self {
        Self {
            policy: Policy::current(cloud),
            customers: BTreeMap::new(),
            partners: BTreeMap::new(),
            custody: History::default(),
            position: 0,
        }
    }

    pub(crate) fn in_china() -> Self {
        Self::in_cloud(Cloud::China21Vianet)
    }

    /// Q and P sell directly, IR sells through I; all in order and all in market CN.
    pub(crate) fn with_partners(self) -> Self {
        self.registered(P, "direct_bill", "1000001")
            .registered(Q, "direct_bill", "1000002")
            .registered(I, "indirect_provider", "1000003")
            .registered(IR, "indirect_reseller", "1000004")
            .about_partner(IR, json!({"type": "PartnerAgreementAccepted", "partner": IR}))
    }

    pub(crate) fn registered(self, partner: &str, partner_type: &str, partner_id: &str) -> Self {
        self.about_partner(
            partner,
            json!({"type": "PartnerRegistered", "partner": partner, "name": "Example", "partner_type": partner_type,
                "partner_id": partner_id, "markets": ["CN"]}),
        )
    }

    pub(crate) fn suspended(self, partner: &str) -> Self {
        self.about_partner(
            partner,
            json!({"type": "PartnerAccountSuspended", "partner": partner, "reason": "overdue60"}),
        )
    }

    /// I and IR work together.
    pub(crate) fn with_partnership(self) -> Self {
        let created = json!({"type": "PartnerRelationshipCreated", "provider": I, "reseller": IR,
            "reseller_partner_id": "1000004"});
        self.about_partner(I, created.clone()).about_partner(IR, created)
    }

    /// A link of a partner that asks for DAP on the whole tenant.
    pub(crate) fn link(self, partner: &str) -> Self {
        self.about_partner(
            partner,
            json!({"type": "ResellerRelationshipRequested", "partner": partner, "dap": {"with": "all"}}),
        )
    }

    /// A link of the indirect reseller that names its provider.
    pub(crate) fn joint_link(self) -> Self {
        self.about_partner(
            IR,
            json!({"type": "ResellerRelationshipRequested", "partner": IR, "dap": "without", "via_provider": I}),
        )
    }

    /// The partner is a reseller of C.
    pub(crate) fn reseller(self, partner: &str) -> Self {
        self.about_customer(
            C,
            json!({"type": "ResellerRelationshipAcceptedByCustomer", "partner": partner, "generation": 1}),
        )
    }

    /// The partner has DAP on C.
    pub(crate) fn dap(self, partner: &str, services: Value) -> Self {
        let granted = [("type", json!("DapGranted")), ("partner", json!(partner)), ("services", services)];
        self.about_customer(C, granted.into_iter().collect())
    }

    /// The partner sold C a subscription on the day the stories begin.
    pub(crate) fn sold(self, partner: &str, subscription: &str, family: &str) -> Self {
        self.about_customer(C, purchase(partner, subscription, family))
    }

    pub(crate) fn about_customer(self, customer: &str, value: Value) -> Self {
        self.on("2018-01-05T00:00:00Z", StreamId::Customer(customer_id(customer)), value)
    }

    pub(crate) fn about_partner(self, partner: &str, value: Value) -> Self {
        self.on("2018-01-05T00:00:00Z", StreamId::Partner(partner_id(partner)), value)
    }

    /// Takes in one event at an instant.
    pub(crate) fn on(mut self, instant: &str, stream: StreamId, value: Value) -> Self {
        self.append(at(instant), &[stream], &[event(value)]);
        self
    }

    fn append(&mut self, effective_at: Timestamp, streams: &[StreamId], events: &[Event]) {
        for (index, event) in (0_u32..).zip(events) {
            for stream in streams {
                let fact = Fact {
                    at: EventRef { position: self.position, index },
                    effective_at,
                    event: event.clone().into(),
                    corrected_by: None,
                };
                match stream {
                    StreamId::Customer(id) => self.customers.entry(*id).or_default().push(fact),
                    StreamId::Partner(id) => self.partners.entry(*id).or_default().push(fact),
                    StreamId::Ledger => self.custody.push(fact),
                }
            }
        }
        self.position += 1;
    }

    pub(crate) fn customer(&self) -> Customer {
        self.customers.get(&customer_id(C)).map(|history| history.latest().clone()).unwrap_or_default()
    }

    pub(crate) fn resellers(&self) -> Vec<String> {
        self.customer().resellers.resellers().map(|(partner, _)| partner.to_string()).collect()
    }

    pub(crate) fn partner(&self, partner: &str) -> Partner {
        self.partners.get(&partner_id(partner)).map(|history| history.latest().clone()).unwrap_or_default()
    }

    /// Decides a command at an instant and, when accepted, appends what happened.
    pub(crate) fn at(&mut self, instant: &str, actor: &Actor, customer: Option<&str>, asked: Value) -> Outcome {
        let request = Request {
            command_id: "00000000-0000-0000-0000-000000000001".parse().unwrap(),
            actor: actor.clone(),
            customer: customer.map(customer_id),
            effective_at: None,
            expected_version: None,
            evidence: Vec::new(),
            command: command(asked),
        };
        let instant = at(instant);
        let outcome = self.decide(&request, When { effective_at: instant, recorded_at: instant });
        if let Outcome::Accepted(events) = &outcome {
            let streams = streams_written(&request).expect("an accepted command has streams");
            self.append(instant, &streams, events);
        }
        outcome
    }

    /// The facts of the stream decided in.
    fn facts_decided_in(&self, request: &Request) -> &[Fact] {
        match streams_written(request).unwrap_or_default().first() {
            Some(StreamId::Customer(id)) => self.customers.get(id).map(History::facts).unwrap_or_default(),
            Some(StreamId::Partner(id)) => self.partners.get(id).map(History::facts).unwrap_or_default(),
            Some(StreamId::Ledger) => self.custody.facts(),
            None => &[],
        }
    }

    /// Decides twice, which must not differ, with no other partners than those asked for.
    pub(crate) fn decide(&self, request: &Request, when: When) -> Outcome {
        let customer = request
            .customer
            .and_then(|id| self.customers.get(&id))
            .map(|history| history.state_at(when.effective_at, u64::MAX))
            .unwrap_or_default();
        let known: BTreeMap<PartnerTenantId, Partner> =
            self.partners.iter().map(|(id, history)| (*id, history.state_at(when.effective_at, u64::MAX))).collect();
        let unknown = Partner::default();
        let facts = self.facts_decided_in(request);
        let custody = self.custody.state_at(when.effective_at, u64::MAX);
        let mut streams = Streams { customer: &customer, custody: &custody, partners: BTreeMap::new(), facts };
        loop {
            let needed = partners_needed(request, &streams);
            if needed.iter().all(|id| streams.partners.contains_key(id)) {
                break;
            }
            for id in needed {
                streams.partners.insert(id, known.get(&id).unwrap_or(&unknown));
            }
        }
        let outcome = decide(request, &streams, &self.policy, when);
        assert_eq!(outcome, decide(request, &streams, &self.policy, when), "the same arguments, another outcome");
        assert_listed(request.command.command(), &outcome);
        outcome
    }
}

/// Every refusal must be listed for its command in the precedence table.
fn assert_listed(command: &Command, outcome: &Outcome) {
    if let Outcome::Refused(refusal) = outcome {
        let listed =
            grounds_of(command.name()).iter().any(|ground| ground.code == refusal.code && ground.rule == refusal.rule);
        assert!(listed, "{} is refused on {} ({}), which its list lacks", command.name(), refusal.code, refusal.rule);
    }
}

/// A purchase of ten seats for a year from 2018-01-05.
pub(crate) fn purchase(partner: &str, subscription: &str, family: &str) -> Value {
    json!({
        "type": "SubscriptionPurchased", "subscription": subscription, "owner": partner, "order": "order-1",
        "product": {"id": "product-1", "name": "Product", "family": family}, "quantity": 10, "term": "P1Y",
        "billing_cycle": "monthly", "auto_renew": "on", "trial": "paid",
        "commitment_end": "2019-01-04T00:00:00Z", "partner_id_on_record": "4847383",
    })
}

/// What a test expects of a command.
#[derive(Debug, Clone)]
pub(crate) enum Then<'a> {
    /// Refused under a rule with a code.
    Refused(&'a str, &'a str),
    /// Accepted with events of these names.
    Happens(&'a [&'a str]),
}

/// Given a story, when somebody asks for something today, then this comes of it.
#[track_caller]
pub(crate) fn check(given: Story, (actor, customer, asked): (Actor, Option<&str>, Value), then: &Then<'_>) -> Story {
    let mut story = given;
    let outcome = story.at(TODAY, &actor, customer, asked);
    match (&outcome, then) {
        (Outcome::Refused(refusal), Then::Refused(rule, code)) => {
            assert_eq!((refusal.rule.as_ref(), refusal.code.as_ref()), (*rule, *code), "{refusal:?}");
        }
        (Outcome::Accepted(events), Then::Happens(names)) => {
            let happened: Vec<&str> = events.iter().map(Event::name).collect();
            assert_eq!(happened, *names);
        }
        (Outcome::Accepted(_), Then::Refused(..)) | (Outcome::Refused(_), Then::Happens(_)) => {
            panic!("{outcome:?} instead of {then:?}")
        }
    }
    story
}
