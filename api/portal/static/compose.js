// The composer: a form becomes terms, the terms become a draft, and the draft's page opens.

import { WHOLE, draw, percentOf, weightOf } from "./shares.js";

const DAY = 86_400;
const form = document.querySelector('[data-part="form"]');
const amended = form.dataset.amended ? JSON.parse(form.dataset.amended) : null;
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const rows = () => [...part("rows").children];
const input = (row, name) => row.querySelector(`[name="${name}"]`);

function addRow() {
  const row = part("row-template").content.firstElementChild.cloneNode(true);
  part("rows").append(row);
  return row;
}

function nameOf(account) {
  const option = [...document.querySelectorAll("#partners option")].find((each) => each.value === account);
  if (option) return option.textContent;
  return account.length > 12 ? `${account.slice(0, 6)}…${account.slice(-4)}` : account || "?";
}

function shares() {
  return rows()
    .map((row) => ({
      label: nameOf(input(row, "account").value.trim()),
      weight: weightOf(input(row, "share").value || "0"),
      field: input(row, "share"),
    }))
    .filter(({ weight, field }) => {
      field.toggleAttribute("aria-invalid", false);
      if (weight === null) field.setAttribute("aria-invalid", "true");
      return weight !== null && weight > 0n;
    });
}

function redraw() {
  const parts = shares();
  draw(part("bar"), part("legend"), parts);
  const sum = parts.reduce((total, { weight }) => total + weight, 0n);
  const rest = WHOLE - sum;
  part("sum").textContent =
    rest === 0n
      ? "The shares add up to exactly 100 %."
      : rest > 0n
        ? `${percentOf(rest)} % is still to be given out.`
        : `That is ${percentOf(-rest)} % too much.`;
  part("other-token").hidden = part("token").value !== "";
  part("deal-days").hidden = part("programme").value === "";
}

function splitEqually() {
  const all = rows();
  const each = WHOLE / BigInt(all.length);
  all.forEach((row, index) => {
    const weight = index === all.length - 1 ? WHOLE - each * BigInt(all.length - 1) : each;
    input(row, "share").value = percentOf(weight);
  });
  redraw();
}

// --- terms

class Incomplete extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

async function terms() {
  const parties = [];
  const payees = [];
  for (const row of rows()) {
    const account = input(row, "account").value.trim();
    const weight = weightOf(input(row, "share").value || "0");
    if (!/^0x[0-9a-fA-F]{40}$/.test(account)) throw new Incomplete("An account is 0x and 40 digits.", input(row, "account"));
    if (weight === null) {
      throw new Incomplete("A share is a percentage from 0 to 100, with at most 16 decimals.", input(row, "share"));
    }
    if (input(row, "signs").checked) parties.push(account);
    if (weight > 0n) payees.push({ account, weights: [weight.toString()] });
    if (weight === 0n && !input(row, "signs").checked) {
      throw new Incomplete("This account neither signs nor is paid: give it a share, or remove it.", input(row, "share"));
    }
  }
  const sum = payees.reduce((total, { weights }) => total + BigInt(weights[0]), 0n);
  if (sum !== WHOLE) {
    throw new Incomplete(`The shares add up to ${percentOf(sum)} %: they must be 100 % exactly.`, input(rows()[0], "share"));
  }
  const fields = new FormData(form);
  const composed = {
    ...kept(),
    parties,
    payees,
    tokens: [fields.get("token") || fields.get("other_token").trim()],
    uri: fields.get("uri").trim(),
    salt: hex(crypto.getRandomValues(new Uint8Array(32))),
  };
  if (fields.get("from")) composed.valid_from = seconds(fields.get("from"));
  if (fields.get("until")) composed.valid_until = seconds(fields.get("until")) + DAY - 1;
  if (fields.get("programme")) {
    composed.programme = fields.get("programme");
    composed.decision_seconds = Number(fields.get("decision")) * DAY;
    composed.exclusivity_seconds = Number(fields.get("exclusivity")) * DAY;
  }
  composed.hold_seconds = Number(fields.get("hold")) * DAY;
  composed.notice_seconds = Number(fields.get("notice")) * DAY;
  const arbiter = fields.get("arbiter").trim();
  if (arbiter !== "" && !/^0x[0-9a-fA-F]{40}$/.test(arbiter)) {
    throw new Incomplete("The arbiter is an account: 0x and 40 digits.", form.elements.arbiter);
  }
  if (arbiter !== "") composed.arbiter = arbiter;
  composed.clawback = (fields.get("clawback") ? 1 : 0) | ((amended?.clawback ?? 0) & 2);
  const file = fields.get("file");
  if (file instanceof File && file.size > 0) {
    composed.document_hash = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())));
  }
  return composed;
}

/** What an amendment keeps of the agreement that it amends, since the form does not show it. */
function kept() {
  if (!amended) return {};
  const { territories, payment_seconds, after_end, document_hash } = amended;
  return { territories, payment_seconds, after_end, document_hash, predecessor: form.dataset.amends };
}

/** Fills the form with what the agreement says now. */
function begin() {
  const everyone = new Set([...amended.parties, ...amended.payees.map(({ account }) => account)]);
  for (const account of everyone) {
    const row = addRow();
    const payee = amended.payees.find((each) => each.account === account);
    input(row, "account").value = account;
    input(row, "share").value = percentOf(BigInt(payee?.weights[0] ?? 0));
    input(row, "signs").checked = amended.parties.includes(account);
  }
  const set = (name, value) => (form.elements[name].value = value);
  const known = [...part("token").options].some(({ value }) => value === amended.tokens[0]);
  set("token", known ? amended.tokens[0] : "");
  set("other_token", known ? "" : amended.tokens[0]);
  set("hold", amended.hold_seconds / DAY);
  set("notice", Math.floor(amended.notice_seconds / DAY));
  set("arbiter", /^0x0{40}$/.test(amended.arbiter) ? "" : amended.arbiter);
  form.elements.clawback.checked = (amended.clawback & 1) === 1;
  if (/[1-9a-f]/.test(amended.programme.slice(2))) {
    set("programme", amended.programme);
    set("decision", Math.floor(amended.decision_seconds / DAY));
    set("exclusivity", Math.floor(amended.exclusivity_seconds / DAY));
  }
  set("uri", amended.uri);
}

function seconds(day) {
  return Date.parse(`${day}T00:00:00Z`) / 1000;
}

function hex(bytes) {
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

// --- sending

function complain(text, field) {
  const message = part("message");
  message.textContent = text;
  message.hidden = text === "";
  field?.setAttribute("aria-invalid", "true");
  field?.focus();
}

async function submit() {
  complain("");
  const answer = await fetch("/v1/agreements/drafts", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ terms: await terms() }),
  });
  const content = await answer.json();
  if (answer.ok) location.assign(content.page);
  else complain([content.detail, content.next].filter(Boolean).join(" "));
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector('[type="submit"]');
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await submit();
  } catch (error) {
    if (error instanceof Incomplete) complain(error.message, error.field);
    else complain("The server cannot be reached. Check your connection and try again.");
  } finally {
    button.removeAttribute("aria-disabled");
  }
});
form.addEventListener("input", (event) => {
  event.target.removeAttribute("aria-invalid");
  redraw();
});
form.addEventListener("change", redraw);
form.addEventListener("click", (event) => {
  const remove = event.target.closest('[data-action="remove"]');
  if (!remove || rows().length < 2) return;
  remove.closest(".party-row").remove();
  part("add").focus();
  redraw();
});
part("add").addEventListener("click", () => {
  input(addRow(), "account").focus();
  redraw();
});
part("equal").addEventListener("click", splitEqually);

part("file-field").hidden = !globalThis.crypto?.subtle; // only offered over HTTPS and on this machine
if (amended) {
  begin();
} else {
  addRow();
  addRow();
}
redraw();
