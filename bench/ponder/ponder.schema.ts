// What the mirror keeps of the same events: the raw entry, a row of its own kind, and the sums.
import { index, onchainTable, primaryKey } from "ponder";

export const entry = onchainTable(
  "entry",
  (t) => ({
    contract: t.hex().notNull(),
    seq: t.bigint().notNull(),
    event: t.text().notNull(),
    block: t.bigint().notNull(),
    transaction: t.hex().notNull(),
    logIndex: t.integer().notNull(),
    head: t.hex().notNull(),
    topics: t.text().notNull(),
    data: t.hex().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.contract, table.seq] }) }),
);

export const agreement = onchainTable("agreement", (t) => ({
  agreement: t.hex().primaryKey(),
  seq: t.bigint().notNull(),
  activatedAt: t.bigint().notNull(),
}));

export const payment = onchainTable(
  "payment",
  (t) => ({
    seq: t.bigint().primaryKey(),
    agreement: t.hex().notNull(),
    payer: t.hex().notNull(),
    token: t.hex().notNull(),
    deal: t.hex().notNull(),
    amount: t.bigint().notNull(),
    invoiceRef: t.hex().notNull(),
    maturesAt: t.bigint().notNull(),
    paidAt: t.bigint().notNull(),
  }),
  (table) => ({ byAgreement: index().on(table.agreement), byInvoice: index().on(table.payer, table.invoiceRef) }),
);

export const claim = onchainTable(
  "claim",
  (t) => ({
    seq: t.bigint().primaryKey(),
    agreement: t.hex().notNull(),
    account: t.hex().notNull(),
    token: t.hex().notNull(),
    recipient: t.hex().notNull(),
    amount: t.bigint().notNull(),
    claimedAt: t.bigint().notNull(),
  }),
  (table) => ({ byAccount: index().on(table.account) }),
);

export const book = onchainTable(
  "book",
  (t) => ({
    agreement: t.hex().notNull(),
    token: t.hex().notNull(),
    received: t.bigint().notNull(),
    claimed: t.bigint().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.agreement, table.token] }) }),
);

export const claimed = onchainTable(
  "claimed",
  (t) => ({
    agreement: t.hex().notNull(),
    token: t.hex().notNull(),
    account: t.hex().notNull(),
    amount: t.bigint().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.agreement, table.token, table.account] }) }),
);
