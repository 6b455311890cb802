// The partners that the composer knows by name.

import { seen, solid } from "./pasted.js";

const list = document.querySelector("#partners");
const options = [...list.querySelectorAll("option")];
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const INSIDE = /0x[0-9a-fA-F]{40}(?![0-9a-fA-F])/g;

/** The account that a text means: itself, or the one partner with exactly that name. A reason in words when it is
 * neither: `{account}` or `{why}`. */
export function accountOf(text) {
  const written = seen(text);
  if (written === "") return { why: "is empty: choose a partner, or write its account" };
  const named = options.filter((each) => seen(each.textContent) === written);
  if (named.length > 1) return { why: `is the name of ${named.length} partners: write the account of the one you mean` };
  if (named.length === 1 && certain(named[0].textContent)) return { account: named[0].value };
  const address = solid(text);
  if (ADDRESS.test(address)) return /^0x0{40}$/.test(address) ? { why: "is the zero address, which is nobody’s" } : { account: address };
  return { why: whyNone(written, address) };
}

/** What is wrong with a text that is neither a name nor an address, and what to write. */
function whyNone(written, address) {
  if (address.startsWith("0x")) return wrongDigits(address);
  if (/^[0-9a-fA-F]{40}$/.test(address)) return `lacks the 0x before its 40 digits: write 0x${address}, if that is the account`;
  const inside = address.match(INSIDE) ?? [];
  if (inside.length === 1) {
    return /^\w+(:\w+)*:0x/.test(address)
      ? `says which chain it means before the account: write ${inside[0]} alone, if that is its account on this chain too`
      : `holds more than an account: write ${inside[0]} alone, if that is the one you mean`;
  }
  if (/^[^\s.]+(\.[^\s.]+)*\.(eth|xyz|box|crypto|lens|id)$/i.test(written)) {
    return "is a name of a name service, which this ledger does not ask: write the account that it stands for";
  }
  const alike = options.filter((each) => seen(each.textContent).toLowerCase() === written.toLowerCase());
  const next = alike.length === 1 ? `write “${alike[0].textContent}”, if you mean that one` : "choose one of those offered, or write 0x and 40 digits";
  return `is neither an account nor the name of a registered partner: ${next}`;
}

function wrongDigits(address) {
  const digits = address.slice(2);
  const other = [...digits].find((character) => !/[0-9a-fA-F]/.test(character));
  const has = other ? `“${other}” is none of them` : `this has ${digits.length}`;
  return `is 0x and 40 of the digits 0-9 and a-f; ${has}`;
}

/** What a partner is called, or its account in short. */
export function nameOf(account) {
  const option = options.find((each) => each.value.toLowerCase() === account.toLowerCase());
  if (option) return option.textContent;
  return account.length > 12 ? `${account.slice(0, 6)}…${account.slice(-4)}` : account || "?";
}

/** Whether no partner with that name was left out of the list, which is ordered by name. */
function certain(name) {
  return list.dataset.complete === "true" || options.at(-1).textContent !== name;
}
