-- Fills a mirror's tables with made-up business; `mirrored.py` gives the numbers.
CREATE FUNCTION pg_temp.account(number bigint) RETURNS bytea LANGUAGE sql IMMUTABLE AS
  $$ SELECT int8send(number) || decode(repeat('00', 12), 'hex') $$;
CREATE FUNCTION pg_temp.id(kind int, number bigint) RETURNS bytea LANGUAGE sql IMMUTABLE AS
  $$ SELECT int4send(kind) || int8send(number) || decode(repeat('00', 20), 'hex') $$;
CREATE FUNCTION pg_temp.drawn(number bigint, salt bigint, size bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT (hashint8extended(number, salt) & 9223372036854775807) % size $$;
INSERT INTO chain.partner (chain_id, contract, account, name, uri, registered_at, seq)
  SELECT :chain, :partners, pg_temp.account(n), 'Partner ' || n, '', :now - 1000 * 86400, n + 1
  FROM generate_series(0, :count - 1) n;
INSERT INTO chain.attestation (chain_id, contract, seq, account, level, expires_at, evidence, attested_at)
  SELECT :chain, :partners, :count + n + 1, pg_temp.account(n), 1, :now + 86400 * 300, '\x00', :now - 86400 * 900
  FROM generate_series(0, :count - 1) n WHERE n % 10 <> 9;
INSERT INTO chain.programme (chain_id, contract, programme, owner, name, rule, epoch, created_at, seq)
  SELECT :chain, :agreements, pg_temp.id(1, n), pg_temp.account(n), 'Programme', 1, 1, :now - 900 * 86400, 2 * n + 1
  FROM generate_series(0, :vendors - 1) n;
INSERT INTO chain.agreement (chain_id, contract, agreement, programme, list_root, list_hash, list_count,
    territories, decision_seconds, exclusivity_seconds, hold_seconds, payment_seconds, clawback, arbiter,
    valid_from, valid_until, notice_seconds, after_end, predecessor, document_hash, uri, salt, activated_at, seq)
  SELECT :chain, :agreements, pg_temp.id(2, n), pg_temp.id(1, n), '\x00', '\x00', 0, '{}', 7 * 86400,
    90 * 86400, 0, 30 * 86400, 0, '\x00', 0, 1099511627775, 0, 0, '\x00', '\x00', '', '\x00',
    :now - 900 * 86400, 2 * n + 2
  FROM generate_series(0, :vendors - 1) n;
CREATE TEMPORARY TABLE business AS SELECT n AS deal,
    CASE WHEN n < :large THEN 0 ELSE 1 + pg_temp.drawn(n, 1, :vendors - 1) END AS vendor,
    :vendors + pg_temp.drawn(n, 2, :count - :vendors) AS partner,
    :now - 86400 * (60 + pg_temp.drawn(n, 3, 900)) AS won_at,
    CASE WHEN n % 12 = 0 THEN 35 ELSE 5 END * 86400 AS after
  FROM generate_series(0, :deals - 1) n;
INSERT INTO chain.deal (chain_id, contract, deal, seq, account, commitment, priority, committed_at, agreement,
    registered_under, programme, epoch, tag, registered_at, decide_by, state, state_since, vendor, value, token,
    exclusive_until)
  SELECT :chain, :dealsof, pg_temp.id(3, deal), deal + 1, pg_temp.account(partner), '\x00', deal, won_at - 86400,
    pg_temp.id(2, vendor), pg_temp.id(2, vendor), pg_temp.id(1, vendor), 1, pg_temp.id(4, deal), won_at - 80000,
    won_at + 7 * 86400, 6, won_at, pg_temp.account(vendor), 100, '\x09', won_at + 90 * 86400
  FROM business;
INSERT INTO chain.deal_decision (chain_id, contract, seq, deal, vendor, outcome, reason, value, token,
    exclusive_until, decided_at, decide_by)
  SELECT :chain, :dealsof, :deals + deal + 1, pg_temp.id(3, deal), pg_temp.account(vendor), 6, '\x00', 100,
    '\x09', 0, won_at, 0
  FROM business;
INSERT INTO chain.payment (chain_id, contract, seq, payer, invoice_ref, agreement, token, deal, amount,
    matures_at, paid_at)
  SELECT :chain, :ledger, deal + 1, pg_temp.account(vendor), pg_temp.id(5, deal), pg_temp.id(2, vendor), '\x09',
    pg_temp.id(3, deal), 100, won_at + after, won_at + after
  FROM business;
INSERT INTO chain.entry (chain_id, contract, seq, head, entry_hash, block_number, block_hash, block_timestamp,
    transaction_hash, transaction_index, log_index, topics, data, event)
  SELECT :chain, contract, seq, '\x00', '\x00', 1, '\x01', :now - 90000, '\x00', 0, place, '{}', '', 'Made'
  FROM unnest(CAST(ARRAY[:partners, :agreements, :dealsof, :ledger] AS bytea[]),
    CAST(ARRAY[2 * :count, 2 * :vendors, 2 * :deals, :deals] AS bigint[]), ARRAY[0, 1, 2, 3])
    AS made (contract, seq, place);
INSERT INTO chain.block (chain_id, deployment, number, hash, parent_hash, timestamp, carries, verified)
  VALUES (:chain, :ledger, 1, '\x01', '\x00', :now - 90000, true, true),
    (:chain, :ledger, 2, '\x02', '\x01', :now, true, true);
INSERT INTO chain.checkpoint (chain_id, deployment, block_number, block_hash, timestamp)
  VALUES (:chain, :ledger, 2, '\x02', :now)
