// The composer's form as terms, and terms in its form.

import { showBands, tranches } from "./bands.js";
import { Incomplete, checkNumbers } from "./blame.js";
import { firstSecond, lastSecond, showSpan, showValidity, spanOf } from "./days.js";
import { accountOf } from "./partners.js";
import { seen, solid } from "./pasted.js";
import { partiesAndPayees, showRows } from "./party_rows.js";

/** What the form says, as terms; `amended` are those that they amend, null when they amend none. Throws Incomplete. */
export async function terms(form, amended) {
  const { parties, payees } = partiesAndPayees();
  checkNumbers(form);
  const fields = new FormData(form);
  /** @type {Record<string, any>} */
  const composed = {
    ...kept(form, amended),
    parties,
    payees,
    tranches: tranches(form.elements.from),
    tokens: [...new Set([token(form), ...(amended?.tokens.slice(1) ?? [])])],
    uri: documentAddress(form.elements.uri),
    salt: hex(crypto.getRandomValues(new Uint8Array(32))),
  };
  const [from, until] = [firstSecond(form.elements.from), lastSecond(form.elements.until)];
  if (from !== null) composed.valid_from = from;
  if (until !== null) composed.valid_until = until;
  if (from !== null && until !== null && until < from) {
    throw new Incomplete("Last day: this is before the day from which it is in force.", form.elements.until);
  }
  if (fields.get("programme")) {
    composed.programme = fields.get("programme");
    composed.decision_seconds = spanOf(form.elements.decision);
    composed.exclusivity_seconds = spanOf(form.elements.exclusivity);
  }
  composed.hold_seconds = spanOf(form.elements.hold);
  composed.notice_seconds = spanOf(form.elements.notice);
  if (seen(fields.get("arbiter")) !== "") {
    const { account, why } = accountOf(fields.get("arbiter"));
    if (why) throw new Incomplete(`Arbiter: this ${why}.`, form.elements.arbiter);
    composed.arbiter = account;
  }
  composed.clawback = (fields.get("clawback") ? 1 : 0) | ((amended?.clawback ?? 0) & 2);
  const file = fields.get("file");
  if (file instanceof File && file.size > 0) {
    composed.document_hash = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())));
  }
  return composed;
}

function token(form) {
  const known = form.elements.token.value;
  if (known) return known;
  const written = solid(form.elements.other_token.value);
  if (/^0x[0-9a-fA-F]{40}$/.test(written)) return written;
  throw new Incomplete("Address of the token: 0x and 40 of the digits 0-9 and a-f.", form.elements.other_token);
}

function documentAddress(field) {
  const written = seen(field.value);
  if (written === "" || /^(https?|ipfs|ar):\/\/[^/\s]\S*$/i.test(written)) return written;
  throw new Incomplete("Where the contract text is: an address that begins with https://, http://, ipfs:// or ar://.", field);
}

/** What an amendment keeps of the agreement that it amends, since the form does not show it. */
function kept(form, amended) {
  if (!amended) return {};
  const { territories, payment_seconds, after_end, document_hash, decision_seconds, exclusivity_seconds } = amended;
  const unused = /[1-9a-f]/.test(amended.programme.slice(2)) ? {} : { decision_seconds, exclusivity_seconds };
  return { territories, payment_seconds, after_end, document_hash, ...unused, predecessor: form.dataset.amends };
}

/** Shows the agreement's bands and accounts. */
export function showSplit(amended) {
  showBands(amended.tranches);
  showRows(amended.parties, amended.payees);
}

/** Fills the rest of the form with what the agreement says now. */
export function showTerms(form, amended) {
  const set = (name, value) => (form.elements[name].value = value);
  const known = [...form.elements.token.options].some(({ value }) => value === amended.tokens[0]);
  set("token", known ? amended.tokens[0] : "");
  set("other_token", known ? "" : amended.tokens[0]);
  showValidity(form.elements.from, form.elements.until, amended);
  showSpan(form.elements.hold, amended.hold_seconds);
  showSpan(form.elements.notice, amended.notice_seconds);
  set("arbiter", /^0x0{40}$/.test(amended.arbiter) ? "" : amended.arbiter);
  form.elements.clawback.checked = (amended.clawback & 1) === 1;
  if (/[1-9a-f]/.test(amended.programme.slice(2))) {
    set("programme", amended.programme);
    showSpan(form.elements.decision, amended.decision_seconds);
    showSpan(form.elements.exclusivity, amended.exclusivity_seconds);
  }
  set("uri", amended.uri);
}

function hex(bytes) {
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
