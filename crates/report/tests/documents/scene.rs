//! A story told to a desk, and the report of its customer.

use ofrecord_core::event::relationship::ResellerRelationshipObserved;
use ofrecord_core::vocabulary::{
    BillingCycle, PartnerType, ProductFamily, RelationshipKind, RemovedBy, Services, TermDuration,
};
use ofrecord_core::{Cloud, Event, Outcome, Policy, Request};
use ofrecord_report::{Basis, Report};
use ofrecord_testkit::story::instant;
use ofrecord_testkit::{Desk, Story, name, product};
use ofrecord_views::{CustomerRecord, Dossier, PartnerRecord, Viewpoint, dossier};

/// A name that would be markup, were it not escaped.
pub(crate) const CUSTOMER: &str = "<script>alert(1)</script> & \"Co\" | x";
pub(crate) const QUAY: &str = "Quay \"& Sons\" <b>";
pub(crate) const PIER: &str = "Pier's Cloud";

/// A desk with a story.
pub(crate) struct Scene {
    desk: Desk,
    story: Story,
}

impl Scene {
    /// Q sells Office to the customer and may administer it.
    pub(crate) fn with_q() -> Self {
        let mut scene = Self { desk: Desk::new(Policy::current(Cloud::China21Vianet)), story: Story::new(1) };
        let story = Story::new(2);
        let office = product::line(
            name::subscription("S-E3"),
            product::office_legacy(),
            25,
            TermDuration::P1Y,
            BillingCycle::Annual,
        );
        for request in [
            story.at("2018-01-01").ledger().registers_partner(QUAY, PartnerType::DirectBill, Some("517285")),
            story.at("2018-01-01").ledger().registers_partner(PIER, PartnerType::DirectBill, Some("5139005")),
            story.at("2018-01-01").ledger().records_partner_agreement(QUAY),
            story.at("2018-01-01").ledger().records_partner_agreement(PIER),
            story.at("2018-01-02").ledger().registers_customer(CUSTOMER),
            story.at("2018-01-02").ledger().records_direct_agreement(CUSTOMER),
            story.at("2018-01-03").partner(QUAY).requests_relationship_with_dap(Services::All),
            story.at("2018-01-04").customer(CUSTOMER).accepts_with_dap(QUAY, Services::All),
            story.at("2018-01-05").partner(QUAY).orders(CUSTOMER, "order-1", vec![office]),
        ] {
            scene.tell(&request);
        }
        scene
    }

    /// P joins, sells Azure, and is set as its digital partner of record; Q loses its DAP.
    pub(crate) fn with_p(mut self) -> Self {
        let azure = product::product("MS-AZR-0145P", "Azure", ProductFamily::LegacyAzure);
        let line = product::line(name::subscription("S-AZ"), azure, 1, TermDuration::None, BillingCycle::Monthly);
        let story = std::mem::replace(&mut self.story, Story::new(3));
        for request in [
            story.at("2018-06-01").partner(PIER).requests_relationship(),
            story.at("2018-06-02").customer(CUSTOMER).accepts(PIER),
            story.at("2018-06-03").partner(PIER).suspends(CUSTOMER, "S-E3"),
            story.at("2018-06-04").partner(PIER).orders(CUSTOMER, "order-2", vec![line]),
            story.at("2018-06-05").customer(CUSTOMER).sets_dpor("S-AZ", Some("5139005")),
            story.at("2018-06-06").ledger().records_azure_owner(CUSTOMER, QUAY, "/subscriptions/<i>1</i>"),
            story.at("2018-07-01").customer(CUSTOMER).removes_dap(QUAY, Services::All),
            story.at("2018-07-02").customer(CUSTOMER).sets_dpor("S-AZ", Some("5139005")),
        ] {
            self.tell(&request);
        }
        self
    }

    /// A source tells in September that Q was gone since March.
    pub(crate) fn with_late_news(mut self) -> Self {
        let event = Event::ResellerRelationshipObserved(ResellerRelationshipObserved {
            partner: name::partner(QUAY),
            relationship: RelationshipKind::None,
            ended_by: Some(RemovedBy::Partner),
            via_provider: None,
        });
        let request = Story::new(4).at("2018-03-01").ledger().imports(CUSTOMER, "rec|`9`<u>", event);
        self.desk.submit(&request, instant("2018-09-01"));
        self
    }

    fn tell(&mut self, request: &Request) {
        let outcome = self.desk.submit(request, request.effective_at.unwrap());
        let refused = matches!(&outcome, Some(Outcome::Refused(refusal)) if refusal.rule != "S-3");
        assert!(outcome.is_some() && !refused, "{outcome:?}");
    }

    /// The dossier as of an instant, by everything known.
    pub(crate) fn dossier(&self, as_of: &str) -> Dossier {
        let customer = name::customer(CUSTOMER);
        let mut record = CustomerRecord::new(customer);
        let mut partners = [QUAY, PIER].map(|name| PartnerRecord::new(name::partner(name)));
        for entry in self.desk.entries() {
            match entry.decision.customer {
                Some(_) => record.take(entry),
                None => partners.iter_mut().for_each(|partner| {
                    let names = entry.decision.command.json().contains(&partner.id().to_string());
                    if names {
                        partner.take(entry);
                    }
                }),
            }
        }
        let known_below = u64::try_from(self.desk.entries().len()).unwrap();
        let viewpoint = Viewpoint { as_of: instant(as_of), known_below, policy: self.desk.policy() };
        dossier(&record, &partners.iter().collect::<Vec<_>>(), &viewpoint)
    }

    /// The report of it.
    pub(crate) fn report(&self, as_of: &str) -> Report {
        let dossier = self.dossier(as_of);
        let basis = Basis {
            origin: "example.cn/ledger".to_owned(),
            tree_size: dossier.known_below,
            root: "0".repeat(64),
            known_at: instant("2018-09-01"),
        };
        Report::of(dossier, basis)
    }
}
