import { ponder } from "ponder:registry";
import { agreement, book, claim, claimed, entry, payment } from "ponder:schema";

type Handled = { event: any; context: any };

const keep = ({ event, context }: Handled, name: string) =>
  context.db.insert(entry).values({
    contract: event.log.address,
    seq: event.args.seq,
    event: name,
    block: event.block.number,
    transaction: event.transaction.hash,
    logIndex: event.log.logIndex,
    head: event.args.head,
    topics: event.log.topics.join(),
    data: event.log.data,
  });

ponder.on("AgreementRegistry:AgreementActivated", async ({ event, context }: Handled) => {
  await keep({ event, context }, "AgreementActivated");
  await context.db.insert(agreement).values({
    agreement: event.args.agreement,
    seq: event.args.seq,
    activatedAt: event.block.timestamp,
  });
});

ponder.on("RevenueLedger:PaymentReceived", async ({ event, context }: Handled) => {
  const { agreement, payer, token, deal, amount, invoiceRef, maturesAt, seq } = event.args;
  await keep({ event, context }, "PaymentReceived");
  await context.db.insert(payment).values({
    seq,
    agreement,
    payer,
    token,
    deal,
    amount,
    invoiceRef,
    maturesAt: BigInt(maturesAt),
    paidAt: event.block.timestamp,
  });
  await context.db
    .insert(book)
    .values({ agreement, token, received: amount, claimed: 0n })
    .onConflictDoUpdate((row: { received: bigint }) => ({ received: row.received + amount }));
});

ponder.on("RevenueLedger:Claimed", async ({ event, context }: Handled) => {
  const { agreement, account, token, recipient, amount, seq } = event.args;
  await keep({ event, context }, "Claimed");
  await context.db.insert(claim).values({
    seq,
    agreement,
    account,
    token,
    recipient,
    amount,
    claimedAt: event.block.timestamp,
  });
  await context.db
    .insert(book)
    .values({ agreement, token, received: 0n, claimed: amount })
    .onConflictDoUpdate((row: { claimed: bigint }) => ({ claimed: row.claimed + amount }));
  await context.db
    .insert(claimed)
    .values({ agreement, token, account, amount })
    .onConflictDoUpdate((row: { amount: bigint }) => ({ amount: row.amount + amount }));
});
