-- Who was reseller, and who owned each subscription, out of nothing but entries.jsonl. For the shell `sqlite3`.
-- It reproduces answers/resellers.csv and answers/owners.csv, and none of the other answers.

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
WITH RECURSIVE state(partner, step, ended, kind, since) AS (
    SELECT DISTINCT partner, 0, 1, NULL, NULL FROM relation
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
                ELSE relation.effective_at END
      FROM state JOIN relation ON relation.partner = state.partner AND relation.step = state.step + 1
)
SELECT partner, kind, since, ended
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

CREATE VIEW resellers_csv AS
SELECT line FROM (SELECT '' AS place, 'partner,since' AS line
                  UNION ALL
                  SELECT partner, partner || ',' || since FROM relationship WHERE ended = 0 AND kind = 'reseller')
 ORDER BY place;

CREATE VIEW owners_csv AS
SELECT line FROM (SELECT '' AS place, 'subscription,owner,since' AS line
                  UNION ALL
                  SELECT subscription, subscription || ',' || owner || ',' || since FROM ownership)
 ORDER BY place;
