//! An office: P administers C worldwide by a granular relationship, as far as a story needs it.

use ofrecord_core::vocabulary::GdapStatus;
use ofrecord_core::{Actor, Cloud, Event, GdapRelationship, GdapStatusAt, Outcome};
use serde_json::{Value, json};

pub(crate) use crate::sample::{A1, GLOBAL, GROUP, R1, READER, WRITERS, event_of};
pub(crate) use crate::story::{C, C2, I, IR, P, Q, Story, admin, agent, app, at, of_kind, with};

/// Another relationship of P.
pub(crate) const R2: &str = "1041ef52-a99b-4245-a3be-cbd3fa7c5ed1-8777b240-c6f0-4469-9e98-a3205431b836";
/// Another assignment.
pub(crate) const A2: &str = "8d56bce3-440f-4b4f-b5c2-cc0bcbd0199c";
/// Another group.
pub(crate) const GROUP2: &str = "869713c9-0b28-4d08-8949-ae07ae1bf528";

/// The partners, in the worldwide cloud.
pub(crate) fn office() -> Story {
    Story::in_cloud(Cloud::Worldwide).with_partners()
}

/// A command on R1 of P.
pub(crate) fn on(name: &str, fields: Value) -> Value {
    with(json!({"type": name, "partner": P, "relationship": R1}), fields)
}

/// Making R1 with some roles.
pub(crate) fn create(fields: Value) -> Value {
    let of_made = json!({"display_name": "Contoso support", "duration": "P180D", "roles": [READER, WRITERS]});
    on("CreateGdapRelationship", with(of_made, fields))
}

/// One step of a story: when, who, about which customer, what.
pub(crate) type Step<'a> = (&'a str, Actor, Option<&'a str>, Value);

/// A story after some steps, each of which must be accepted.
#[track_caller]
pub(crate) fn after(mut story: Story, steps: &[Step<'_>]) -> Story {
    for (instant, actor, customer, asked) in steps {
        if let Outcome::Refused(refusal) = story.at(instant, actor, *customer, asked.clone()) {
            panic!("{asked}: {refusal:?}");
        }
    }
    story
}

/// P made R1 for C on 2022-01-01, with these fields.
pub(crate) fn created(fields: Value) -> Story {
    after(office(), &[("2022-01-01T00:00:00Z", agent(P), Some(C), create(fields))])
}

/// And locked it on the same day.
pub(crate) fn locked(fields: Value) -> Story {
    after(created(fields), &[("2022-01-01T01:00:00Z", agent(P), Some(C), on("LockGdapForApproval", json!({})))])
}

/// And C approved it.
pub(crate) fn approved(fields: Value) -> Story {
    after(locked(fields), &[("2022-01-01T02:00:00Z", admin(C), Some(C), on("ApproveGdap", json!({})))])
}

/// And it came into force on 2022-01-02.
pub(crate) fn active(fields: Value) -> Story {
    let activated = on("ActivateGdap", json!({}));
    after(
        approved(fields),
        &[("2022-01-02T00:00:00Z", of_kind(ofrecord_core::ActorKind::Microsoft), Some(C), activated)],
    )
}

/// And the group has the reader's role by an assignment in force.
pub(crate) fn assigned() -> Story {
    let of_assignment = |name: &str, fields| on(name, with(json!({"assignment": A1}), fields));
    let given = of_assignment("CreateAccessAssignment", json!({"group": GROUP, "roles": [READER]}));
    after(
        active(json!({})),
        &[
            ("2022-01-03T00:00:00Z", agent(P), Some(C), given),
            (
                "2022-01-03T01:00:00Z",
                of_kind(ofrecord_core::ActorKind::System),
                Some(C),
                of_assignment("ActivateAccessAssignment", json!({})),
            ),
        ],
    )
}

/// R1 as C's stream has it.
pub(crate) fn relationship(story: &Story) -> GdapRelationship {
    story.customer().access.granular.by_id.get(&R1.parse().unwrap()).expect("the relationship").clone()
}

/// What holds of R1 at an instant, by everything recorded until then.
pub(crate) fn holds(story: &Story, instant: &str) -> GdapStatusAt {
    let instant = at(instant);
    let customer = story.customers[&C.parse().unwrap()].state_at(instant, u64::MAX);
    customer.access.granular.by_id[&R1.parse().unwrap()].status_at(instant, &story.policy)
}

/// The status of R1 at an instant.
pub(crate) fn status(story: &Story, instant: &str) -> GdapStatus {
    holds(story, instant).status.expect("a status")
}

/// What a step comes to: names of events, or rule and code.
#[track_caller]
pub(crate) fn check(mut given: Story, (instant, actor, customer, asked): Step<'_>, then: &[&str]) -> Story {
    let before = (given.customer(), given.partner(P));
    let outcome = given.at(instant, &actor, customer, asked.clone());
    let came: Vec<String> = match &outcome {
        Outcome::Accepted(events) => events.iter().map(|event| Event::name(event).to_owned()).collect(),
        Outcome::Refused(refusal) => {
            assert_eq!(before, (given.customer(), given.partner(P)), "a refusal changes nothing");
            vec![refusal.rule.to_string(), refusal.code.to_string()]
        }
    };
    assert_eq!(came, then, "{asked}: {outcome:?}");
    given
}
