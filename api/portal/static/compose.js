// The composer: a form becomes terms, the terms become a draft, and the draft's page opens.

import { addBand, bandCount, drawBands, removeBand, showBands, tranches } from "./bands.js";
import { Incomplete } from "./incomplete.js";
import { addRow, addShares, nameShares, partiesAndPayees, removeRow, removeShares, shares, showRows, splitEqually } from "./party_rows.js";
import { WHOLE, percentOf } from "./shares.js";

const DAY = 86_400;
const form = document.querySelector('[data-part="form"]');
const amended = form.dataset.amended ? JSON.parse(form.dataset.amended) : null;
const part = (name) => document.querySelector(`[data-part="${name}"]`);

function redraw() {
  nameShares();
  const bands = [...Array(bandCount()).keys()].map(shares);
  drawBands(bands);
  part("sum").textContent = bands.map(verdict).filter(Boolean).join(" ") || "The shares add up to exactly 100 %.";
  part("other-token").hidden = part("token").value !== "";
  part("deal-days").hidden = part("programme").value === "";
}

/** What a band's shares still lack, or nothing. */
function verdict(parts, band) {
  const rest = WHOLE - parts.reduce((total, { weight }) => total + weight, 0n);
  if (rest === 0n) return "";
  const where = bandCount() > 1 ? `Band ${band + 1}: ` : "";
  if (rest > 0n) return `${where}${percentOf(rest)} % is still to be given out.`;
  return `${where}${where ? "that" : "That"} is ${percentOf(-rest)} % too much.`;
}

// --- terms

async function terms() {
  const { parties, payees } = partiesAndPayees();
  const fields = new FormData(form);
  const composed = {
    ...kept(),
    parties,
    payees,
    tranches: tranches(form.elements.from),
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
  const set = (name, value) => (form.elements[name].value = value);
  const known = [...part("token").options].some(({ value }) => value === amended.tokens[0]);
  set("token", known ? amended.tokens[0] : "");
  set("other_token", known ? "" : amended.tokens[0]);
  showBands(amended.tranches);
  showRows(amended.parties, amended.payees);
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
  complain("");
  redraw();
});
form.addEventListener("change", redraw);
form.addEventListener("click", (event) => {
  const band = event.target.closest('[data-action="remove-band"]');
  if (band) {
    removeShares(removeBand(band));
    part("add-band").focus();
    redraw();
  }
  const account = event.target.closest('[data-action="remove"]');
  if (!account || !removeRow(account)) return;
  part("add").focus();
  redraw();
});
part("add").addEventListener("click", () => {
  addRow().querySelector("input").focus();
  redraw();
});
part("add-band").addEventListener("click", () => {
  addBand().focus();
  addShares();
  redraw();
});
part("equal").addEventListener("click", () => {
  splitEqually();
  redraw();
});

part("file-field").hidden = !globalThis.crypto?.subtle; // only offered over HTTPS and on this machine
if (amended) {
  begin();
} else {
  addRow();
  addRow();
}
redraw();
