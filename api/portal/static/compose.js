// The composer: a form becomes terms, the terms become a draft, and the draft's page opens.

import { addBand, bandCount, drawBands, removeBand } from "./bands.js";
import { Incomplete, absolve, blame } from "./blame.js";
import * as people from "./party_rows.js";
import { refusal } from "./refusals.js";
import { fill, recalled, remember } from "./remembered.js";
import { Problem, ask } from "./server.js";
import { WHOLE, percentOf } from "./shares.js";
import { showSplit, showTerms, terms } from "./terms.js";
import { signIn } from "./visitor.js";

const form = document.querySelector('[data-part="form"]');
const amended = form.dataset.amended ? JSON.parse(form.dataset.amended) : null;
const part = (name) => document.querySelector(`[data-part="${name}"]`);

function redraw() {
  people.nameShares();
  const bands = [...Array(bandCount()).keys()].map(people.shares);
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

// --- sending

function complain(text, field) {
  const message = part("message");
  message.textContent = text;
  message.hidden = text === "";
  absolve(form);
  if (field) blame(field, text);
}

/** Whether the browser is on its way to the draft's page. */
async function submit() {
  complain("");
  const composed = await terms(form, amended);
  keep();
  try {
    const { page } = await ask("/v1/agreements/drafts", { terms: composed });
    location.assign(page);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.content?.type === "/problems/sign-in-needed") {
      complain("Sign in first: a draft is its parties’ and yours alone. What you have typed stays.");
      signIn();
      return false;
    }
    const { field, text } = error.content ? refusal(error.content, composed, form, people.accountField) : { field: null, text: error.message };
    complain(text, field);
    return false;
  }
}

function keep() {
  remember(form, { rows: people.rowCount(), bands: bandCount() });
}

const button = form.querySelector('[type="submit"]');
const free = () => button.removeAttribute("aria-disabled");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    if (await submit()) return; // a second click on the way there would make a second draft
  } catch (error) {
    complain(error instanceof Incomplete ? error.message : `This page failed: ${error.message}. Reload it; what was typed stays.`, error.field);
  }
  free();
});
addEventListener("pageshow", free); // Back can bring the page as it was left
form.addEventListener("input", () => {
  complain("");
  redraw();
  keep();
});
form.addEventListener("change", (event) => {
  if (/** @type {Element} */ (event.target).matches('[name="account"], [name="arbiter"]')) people.settleName(event.target);
  redraw();
  keep();
});
form.addEventListener("click", (event) => {
  const band = event.target.closest('[data-action="remove-band"]');
  const account = event.target.closest('[data-action="remove"]');
  if (band) {
    people.removeShares(removeBand(band));
    part("add-band").focus();
  } else if (!account || !people.removeRow(account)) {
    return;
  } else {
    part("add").focus();
  }
  redraw();
  keep();
});
part("add").addEventListener("click", () => {
  people.addRow().querySelector("input").focus();
  redraw();
  keep();
});
part("add-band").addEventListener("click", () => {
  addBand().focus();
  people.addShares();
  redraw();
  keep();
});
part("equal").addEventListener("click", () => {
  people.splitEqually();
  redraw();
  keep();
});

part("file-field").hidden = !globalThis.crypto?.subtle; // only offered over HTTPS and on this machine
const before = recalled();
if (amended) showTerms(form, amended);
if (before) {
  for (let band = 1; band < before.counts.bands; band++) addBand();
  for (let row = 0; row < before.counts.rows; row++) people.addRow();
  fill(form, before);
} else if (amended) {
  showSplit(amended);
} else {
  people.addRow();
  people.addRow();
}
redraw();
