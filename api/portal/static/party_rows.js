// The composer's accounts: who signs, and what share of each band each of them gets.

import { bandCount } from "./bands.js";
import { Incomplete } from "./blame.js";
import { accountOf, nameOf } from "./partners.js";
import { seen } from "./pasted.js";
import { WHOLE, percentOf, weightOf } from "./shares.js";

const part = (name) => document.querySelector(`[data-part="${name}"]`);
const rows = () => [...part("rows").children];
const input = (row, name) => row.querySelector(`[name="${name}"]`);
const shareFields = (row) => [...row.querySelectorAll('[name="share"]')];

/** Adds an account; its shares are left open. */
export function addRow() {
  const row = part("row-template").content.firstElementChild.cloneNode(true);
  part("rows").append(row);
  while (shareFields(row).length < bandCount()) addShare(row);
  return row;
}

/** A field for the account's share of one more band; it begins with that of the last one. */
function addShare(row) {
  const label = part("share-template").content.firstElementChild.cloneNode(true);
  label.querySelector("input").value = shareFields(row).at(-1)?.value ?? "";
  row.querySelector(".band-shares").append(label);
}

/** A field for each account's share of a band below the last one. */
export function addShares() {
  rows().forEach(addShare);
}

/** Takes the shares of a band away, by its place from 0. */
export function removeShares(band) {
  rows().forEach((row) => shareFields(row)[band].closest("label").remove());
}

/** Takes an account away, by an element in its row; false for the only one. */
export function removeRow(inside) {
  if (rows().length < 2) return false;
  inside.closest(".party-row").remove();
  return true;
}

/** Says in the labels which band each share is of, when there are several. */
export function nameShares() {
  const several = bandCount() > 1;
  for (const row of rows()) {
    row.classList.toggle("several", several);
    row.querySelectorAll('[data-part="of-band"]').forEach((each, band) => {
      each.textContent = several ? ` of band ${band + 1}` : "";
    });
  }
}

/** Who gets something of a band, from 0: `[{label, weight, field, place}]`. */
export function shares(band) {
  return rows()
    .map((row, place) => {
      const field = shareFields(row)[band];
      return { label: nameOf(seen(input(row, "account").value)), weight: weightOf(field.value || "0"), field, place };
    })
    .filter(({ weight, field }) => {
      field.toggleAttribute("aria-invalid", false);
      if (weight === null) field.setAttribute("aria-invalid", "true");
      return weight !== null && weight > 0n;
    });
}

/** The same share of every band for everybody; what rounding leaves goes to the last. */
export function splitEqually() {
  const all = rows();
  const each = WHOLE / BigInt(all.length);
  all.forEach((row, index) => {
    const weight = index === all.length - 1 ? WHOLE - each * BigInt(all.length - 1) : each;
    for (const field of shareFields(row)) field.value = percentOf(weight);
  });
}

/** The parties and payees as terms have them. Throws Incomplete. */
export function partiesAndPayees() {
  const parties = [];
  const payees = [];
  const seen = new Map();
  for (const [place, row] of rows().entries()) {
    const which = `Account ${place + 1}`;
    const { account, why } = accountOf(input(row, "account").value);
    if (why) throw new Incomplete(`${which} ${why}.`, input(row, "account"));
    const before = seen.get(account.toLowerCase());
    if (before) throw new Incomplete(`${which} is the same as account ${before}: name each once.`, input(row, "account"));
    seen.set(account.toLowerCase(), place + 1);
    const weights = shareFields(row).map((field) => {
      const weight = weightOf(field.value || "0");
      if (weight === null) throw new Incomplete(`${which}: a share is a percentage from 0 to 100, with at most 16 decimals.`, field);
      return weight;
    });
    const paid = weights.some((weight) => weight > 0n);
    if (input(row, "signs").checked) parties.push(account);
    if (paid) payees.push({ account, weights: weights.map(String) });
    if (!paid && !input(row, "signs").checked) {
      throw new Incomplete(`${which} neither signs nor is paid: give it a share, or remove it.`, shareFields(row)[0]);
    }
  }
  for (let band = 0; band < bandCount(); band++) {
    const sum = payees.reduce((total, { weights }) => total + BigInt(weights[band]), 0n);
    if (sum === WHOLE) continue;
    const which = bandCount() > 1 ? ` of band ${band + 1}` : "";
    const text = `The shares${which} add up to ${percentOf(sum)} %: they must be 100 % exactly.`;
    throw new Incomplete(text, shareFields(rows()[0])[band]);
  }
  return { parties, payees };
}

/** The field in which an account stands; that of the first row when it stands in none. */
export function accountField(account) {
  const fields = rows().map((row) => input(row, "account"));
  const meant = (field) => accountOf(field.value).account?.toLowerCase() === account?.toLowerCase();
  return fields.find(meant) ?? fields[0];
}

/** Puts the account in place of a partner's name, so that what is signed is seen. */
export function settleName(field) {
  const { account } = accountOf(field.value);
  if (account) field.value = account;
}

/** How many accounts there are. */
export function rowCount() {
  return rows().length;
}

/** Shows an agreement's parties and payees; its bands are there already. */
export function showRows(parties, payees) {
  const everyone = new Set([...parties, ...payees.map(({ account }) => account)]);
  for (const account of everyone) {
    const row = addRow();
    const payee = payees.find((each) => each.account === account);
    input(row, "account").value = account;
    shareFields(row).forEach((field, band) => (field.value = percentOf(BigInt(payee?.weights[band] ?? 0))));
    input(row, "signs").checked = parties.includes(account);
  }
}
