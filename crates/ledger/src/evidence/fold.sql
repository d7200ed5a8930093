-- Who was reseller, what became of every relationship, who could administer by DAP, who owned each subscription, and who
-- was its partner of record, out of nothing but entries.jsonl. For the shell `sqlite3`. It reproduces the files answers/*.csv, and none of the
-- other answers.

-- The entries of the customer that were known.
CREATE TABLE entry AS
SELECT json_extract(line.value, '$.position') AS position,
       coalesce(json_extract(line.value, '$.decision.effective_at'), json_extract(line.value, '$.recorded_at'))
           AS effective_at,
       json_extract(line.value, '$.decision.events') AS events
  FROM question,
       json_each('[' || replace(trim(CAST(readfile('entries.jsonl') AS TEXT), char(10)), char(10), ',') || ']') AS line
 WHERE json_extract(line.value, '$.position') < question.known_below
   AND EXISTS (SELECT 1 FROM json_each(line.value, '$.streams') AS link
                WHERE json_extract(link.value, '$.stream') = question.stream);

-- Their events as they were told.
CREATE TABLE told AS
SELECT entry.position, event.key AS number, entry.effective_at, event.value AS event
  FROM entry, json_each(entry.events) AS event;

-- Of the corrections of an event, the newest.
CREATE TABLE correction AS
SELECT json_extract(event, '$.position') AS position, json_extract(event, '$.event_index') AS number,
       json_extract(event, '$.effective_at') AS effective_at, json_extract(event, '$.replacement') AS event,
       row_number() OVER (PARTITION BY json_extract(event, '$.position'), json_extract(event, '$.event_index')
                          ORDER BY told.position DESC, told.number DESC) AS newest
  FROM told
 WHERE json_extract(event, '$.type') = 'EventCorrected';

-- What holds, in the order of the world: a correction stands in the place of its event, one without a replacement
-- takes it away, and what became true only later is left out.
CREATE TABLE fact AS
SELECT row_number() OVER (ORDER BY effective_at, position, number) AS place, effective_at, event,
       json_extract(event, '$.type') AS type
  FROM (SELECT told.position, told.number,
               coalesce(correction.effective_at, told.effective_at) AS effective_at,
               CASE WHEN correction.newest IS NULL THEN told.event ELSE correction.event END AS event
          FROM told LEFT JOIN correction
            ON correction.position = told.position AND correction.number = told.number AND correction.newest = 1),
       question
 WHERE event IS NOT NULL AND effective_at <= question.as_of;

-- What each fact says of the relationship with a partner.
CREATE TABLE relation AS
SELECT partner, says, kind, effective_at, row_number() OVER (PARTITION BY partner ORDER BY place) AS step
  FROM (SELECT place, effective_at,
               json_extract(event, CASE type WHEN 'ResellerRelationshipExtended' THEN '$.provider' ELSE '$.partner' END)
                   AS partner,
               CASE WHEN type IN ('ResellerRelationshipRemovedByPartner', 'CustomerDeleted') THEN 'ends'
                    WHEN type <> 'ResellerRelationshipObserved' THEN 'stands'
                    WHEN json_extract(event, '$.relationship') = 'none' THEN 'ends'
                    ELSE 'seen' END AS says,
               CASE WHEN type IN ('CustomerAdded', 'ResellerRelationshipObserved')
                    THEN json_extract(event, '$.relationship') ELSE 'reseller' END AS kind
          FROM fact
         WHERE type IN ('ResellerRelationshipAcceptedByCustomer', 'ResellerRelationshipReestablished',
                        'ResellerRelationshipConfirmed', 'ResellerRelationshipExtended', 'CustomerAdded',
                        'ResellerRelationshipRemovedByPartner', 'CustomerDeleted', 'ResellerRelationshipObserved'));

-- Step by step. What stands is not begun again; what is seen as it was known, or without a word, changes nothing;
-- an end without a beginning is none.
CREATE TABLE relationship AS
WITH RECURSIVE state(partner, step, ended, kind, since, until) AS (
    SELECT DISTINCT partner, 0, 1, NULL, NULL, NULL FROM relation
    UNION ALL
    SELECT state.partner, relation.step,
           CASE WHEN relation.says = 'ends' THEN 1
                WHEN relation.says = 'seen' AND relation.kind = 'unknown' AND state.kind IS NOT NULL THEN state.ended
                ELSE 0 END,
           CASE WHEN relation.says = 'ends' THEN state.kind
                WHEN relation.says = 'seen' AND relation.kind = 'unknown' AND state.kind IS NOT NULL THEN state.kind
                WHEN relation.says = 'stands' AND state.ended = 0 AND state.kind = 'reseller' THEN state.kind
                ELSE relation.kind END,
           CASE WHEN relation.says = 'ends' THEN state.since
                WHEN relation.says = 'seen' AND relation.kind = 'unknown' AND state.kind IS NOT NULL THEN state.since
                WHEN relation.says = 'seen' AND state.ended = 0 AND state.kind = relation.kind THEN state.since
                WHEN relation.says = 'stands' AND state.ended = 0 AND state.kind = 'reseller' THEN state.since
                ELSE relation.effective_at END,
           CASE WHEN relation.says = 'ends' AND state.ended = 0 THEN relation.effective_at
                WHEN relation.says = 'ends' THEN state.until
                WHEN relation.says = 'seen' AND relation.kind = 'unknown' AND state.kind IS NOT NULL THEN state.until
                ELSE NULL END
      FROM state JOIN relation ON relation.partner = state.partner AND relation.step = state.step + 1
)
SELECT partner, kind, since, ended, until
  FROM state
 WHERE step = (SELECT max(step) FROM relation WHERE relation.partner = state.partner);

-- What each fact says of the owner of a subscription: `is` always holds, `seen` where it is another one, and
-- `was` where none is known. A transfer that gives another id leaves the old one with the source.
CREATE TABLE owning AS
SELECT subscription, says, owner, effective_at, row_number() OVER (PARTITION BY subscription ORDER BY place, item, part) AS step
  FROM (SELECT place, effective_at, 0 AS item, 0 AS part, json_extract(event, '$.subscription') AS subscription,
               CASE type WHEN 'SubscriptionPurchased' THEN 'is' ELSE 'seen' END AS says,
               json_extract(event, '$.owner') AS owner
          FROM fact WHERE type IN ('SubscriptionPurchased', 'SubscriptionObserved')
        UNION ALL
        SELECT place, effective_at, item.key, 0, json_extract(item.value, '$.source_subscription'),
               CASE WHEN coalesce(json_extract(item.value, '$.new_subscription'),
                                  json_extract(item.value, '$.source_subscription'))
                         = json_extract(item.value, '$.source_subscription') THEN 'is' ELSE 'was' END,
               CASE WHEN coalesce(json_extract(item.value, '$.new_subscription'),
                                  json_extract(item.value, '$.source_subscription'))
                         = json_extract(item.value, '$.source_subscription')
                    THEN json_extract(event, '$.target') ELSE json_extract(event, '$.source') END
          FROM fact, json_each(event, '$.items') AS item WHERE fact.type = 'SubscriptionTransferCompleted'
        UNION ALL
        SELECT place, effective_at, item.key, 1, json_extract(item.value, '$.new_subscription'), 'is',
               json_extract(event, '$.target')
          FROM fact, json_each(event, '$.items') AS item
         WHERE fact.type = 'SubscriptionTransferCompleted'
           AND json_extract(item.value, '$.new_subscription') <> json_extract(item.value, '$.source_subscription'))
 WHERE owner IS NOT NULL;

CREATE TABLE ownership AS
WITH RECURSIVE state(subscription, step, owner, since) AS (
    SELECT DISTINCT subscription, 0, NULL, NULL FROM owning
    UNION ALL
    SELECT state.subscription, owning.step,
           CASE WHEN owning.says = 'was' AND state.owner IS NOT NULL THEN state.owner ELSE owning.owner END,
           CASE WHEN owning.says = 'was' AND state.owner IS NOT NULL THEN state.since
                WHEN owning.says = 'seen' AND state.owner = owning.owner THEN state.since
                ELSE owning.effective_at END
      FROM state JOIN owning ON owning.subscription = state.subscription AND owning.step = state.step + 1
)
SELECT subscription, owner, since
  FROM state
 WHERE step = (SELECT max(step) FROM owning WHERE owning.subscription = state.subscription);

-- Which services of the customer a fact gives a partner DAP on, or takes it from: no name is the whole tenant. A removed
-- relationship takes everything.
CREATE TABLE delegating AS
SELECT fact.place, fact.effective_at, json_extract(event, '$.partner') AS partner, service.value AS service,
       CASE WHEN fact.type = 'DapGranted' OR json_extract(event, '$.state') = 'active' THEN 'gives' ELSE 'takes' END AS says
  FROM fact, json_each(CASE WHEN json_type(event, '$.services.names') = 'array' THEN json_extract(event, '$.services.names')
                            ELSE '[""]' END) AS service
 WHERE fact.type IN ('DapGranted', 'DapRemovedByCustomer', 'DapRemovedByPartner', 'DapRemoved', 'DapTerminatedByMicrosoft',
                'DapObserved', 'ResellerRelationshipRemovedByPartner');

-- Since when DAP is on each of them. What takes it from the whole tenant takes it from every service, and what gives it
-- again changes nothing.
CREATE TABLE delegation AS
SELECT partner, service, (SELECT min(effective_at) FROM delegating AS given
                           WHERE given.partner = one.partner AND given.service = one.service AND given.says = 'gives'
                             AND given.place > one.taken) AS since
  FROM (SELECT DISTINCT partner, service,
               coalesce((SELECT max(place) FROM delegating AS taken
                          WHERE taken.partner = delegating.partner AND taken.says = 'takes'
                            AND taken.service IN ('', delegating.service)), 0) AS taken
          FROM delegating WHERE says = 'gives') AS one;

-- What each fact says of a partner of record: `is` always holds, `seen` where it is another one, and `loses` where it is
-- this one. No partner ID is the empty one: nobody. A transfer gives the subscription one at the target, or nobody.
CREATE TABLE attributing AS
SELECT subscription, kind, workload, says, coalesce(partner_id, '') AS partner_id, effective_at,
       row_number() OVER (PARTITION BY subscription, kind, workload ORDER BY place, item) AS step
  FROM (SELECT place, effective_at, 0 AS item, json_extract(event, '$.subscription') AS subscription,
               CASE type WHEN 'DigitalPartnerOfRecordSet' THEN 'dpor' WHEN 'PartnerAdminLinked' THEN 'pal'
                         WHEN 'CporClaimApproved' THEN 'cpor' WHEN 'CporClaimRejected' THEN 'cpor'
                         ELSE 'reseller_of_record' END AS kind,
               coalesce(json_extract(event, '$.workload'), '') AS workload,
               CASE type WHEN 'SubscriptionObserved' THEN 'seen' WHEN 'CporClaimRejected' THEN 'loses' ELSE 'is' END AS says,
               CASE type WHEN 'SubscriptionPurchased' THEN json_extract(event, '$.partner_id_on_record')
                         WHEN 'SubscriptionObserved' THEN json_extract(event, '$.reseller_of_record.partner')
                         WHEN 'CporClaimApproved' THEN json_extract(event, '$.partner_id')
                         WHEN 'CporClaimRejected' THEN json_extract(event, '$.partner_id')
                         ELSE json_extract(event, '$.after') END AS partner_id
          FROM fact
         WHERE type IN ('SubscriptionPurchased', 'ResellerOfRecordChanged', 'DigitalPartnerOfRecordSet',
                        'PartnerAdminLinked', 'CporClaimApproved', 'CporClaimRejected')
            OR (type = 'SubscriptionObserved' AND json_extract(event, '$.reseller_of_record') IS NOT NULL)
        UNION ALL
        SELECT place, effective_at, item.key,
               coalesce(json_extract(item.value, '$.new_subscription'), json_extract(item.value, '$.source_subscription')),
               'reseller_of_record', '', 'is', json_extract(item.value, '$.partner_id_on_record')
          FROM fact, json_each(event, '$.items') AS item WHERE fact.type = 'SubscriptionTransferCompleted');

CREATE TABLE attribution AS
WITH RECURSIVE state(subscription, kind, workload, step, partner_id, since) AS (
    SELECT DISTINCT subscription, kind, workload, 0, NULL, NULL FROM attributing
    UNION ALL
    SELECT state.subscription, state.kind, state.workload, said.step,
           CASE WHEN said.says <> 'loses' THEN said.partner_id
                WHEN state.partner_id = said.partner_id THEN '' ELSE state.partner_id END,
           CASE WHEN said.says = 'seen' AND state.partner_id = said.partner_id THEN state.since
                WHEN said.says = 'loses' AND coalesce(state.partner_id <> said.partner_id, 1) THEN state.since
                ELSE said.effective_at END
      FROM state JOIN attributing AS said
        ON said.subscription = state.subscription AND said.kind = state.kind AND said.workload = state.workload
           AND said.step = state.step + 1
)
SELECT subscription, kind, workload, partner_id, since
  FROM state
 WHERE partner_id IS NOT NULL
   AND step = (SELECT max(step) FROM attributing AS said
                WHERE said.subscription = state.subscription AND said.kind = state.kind AND said.workload = state.workload);

CREATE VIEW resellers_csv AS
SELECT line FROM (SELECT '' AS place, 'partner,since' AS line
                  UNION ALL
                  SELECT partner, partner || ',' || since FROM relationship WHERE ended = 0 AND kind = 'reseller')
 ORDER BY place;

-- The kind is the word of the source, and so stands in quotes.
CREATE VIEW relationships_csv AS
SELECT line FROM (SELECT '' AS place, 'partner,kind,since,until' AS line
                  UNION ALL
                  SELECT partner, partner || ',"' || replace(kind, '"', '""') || '",' || since || ',' || coalesce(until, '')
                    FROM relationship WHERE kind IS NOT NULL)
 ORDER BY place;

CREATE VIEW owners_csv AS
SELECT line FROM (SELECT '' AS place, 'subscription,owner,since' AS line
                  UNION ALL
                  SELECT subscription, subscription || ',' || owner || ',' || since FROM ownership)
 ORDER BY place;

CREATE VIEW delegated_csv AS
SELECT line FROM (SELECT '' AS place, '' AS service, 'partner,service,since' AS line
                  UNION ALL
                  SELECT partner, service, partner || ',"' || replace(service, '"', '""') || '",' || since
                    FROM delegation WHERE since IS NOT NULL)
 ORDER BY place, service;

-- Workloads and partner IDs are the words of the source, and so stand in quotes.
CREATE VIEW partners_of_record_csv AS
SELECT line FROM (SELECT '' AS place, '' AS kind, '' AS workload, 'subscription,kind,workload,partner_id,since' AS line
                  UNION ALL
                  SELECT subscription, kind, workload,
                         subscription || ',' || kind || ',"' || replace(workload, '"', '""') || '","'
                                      || replace(partner_id, '"', '""') || '",' || since
                    FROM attribution)
 ORDER BY place, kind, workload;
