// The partners that the composer knows by name.

const list = document.querySelector("#partners");
const options = [...list.querySelectorAll("option")];
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** The account that a text means: itself, or the one partner with exactly that name. A reason in words when it is
 * neither: `{account}` or `{why}`. */
export function accountOf(text) {
  const written = text.trim();
  if (ADDRESS.test(written)) return /^0x0{40}$/.test(written) ? { why: "is the zero address, which is nobody’s" } : { account: written };
  if (written === "") return { why: "is empty: choose a partner, or write its account" };
  if (/^0x/i.test(written)) return { why: `is 0x and 40 of the digits 0-9 and a-f; this has ${written.length - 2}, or others` };
  const named = options.filter((each) => each.textContent === written);
  if (named.length > 1) return { why: `is the name of ${named.length} partners: write the account of the one you mean` };
  if (named.length === 1 && certain(written)) return { account: named[0].value };
  return { why: "is neither an account nor the name of a registered partner: choose one of those offered, or write 0x and 40 digits" };
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
