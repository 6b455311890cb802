// The composer's bands of revenue: each but the last ends at a total, and every account has a share of each.

import { textOf, twoReadings, unitsOf } from "./amounts.js";
import { Incomplete } from "./blame.js";
import { draw } from "./shares.js";

const DAY = 86_400;
const MOST = 16;
const UNBOUNDED = (1n << 256n) - 1n;
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const limits = () => [...part("bands").querySelectorAll('[name="up_to"]')];
const period = () => part("period").querySelector("input");

/** How many bands there are: one more than there are limits. */
export function bandCount() {
  return limits().length + 1;
}

/** Adds a band below the last one, which has no limit. Returns its field. */
export function addBand(upTo = null) {
  const row = part("band-template").content.firstElementChild.cloneNode(true);
  const field = row.querySelector("input");
  if (upTo !== null) field.value = textOf(upTo, decimals() ?? 0);
  part("bands").append(row);
  return field;
}

/** Takes a band away, by an element in it. Returns which it was, from 0. */
export function removeBand(inside) {
  const row = inside.closest(".band-row");
  const place = [...part("bands").children].indexOf(row);
  row.remove();
  return place;
}

/** Shows an agreement's bands. */
export function showBands(tranches) {
  tranches.slice(0, -1).forEach(({ up_to }) => addBand(BigInt(up_to)));
  period().value = tranches[0].period_seconds / DAY;
}

/** The bands as terms have them. Throws Incomplete; `from` is the field of the day from which they are in force. */
export function tranches(from) {
  const places = decimals();
  const several = bandCount() > 1;
  const days = several ? Number(period().value) : 0;
  if (!Number.isInteger(days) || days < 0) throw new Incomplete("The period is a whole number of days.", period());
  if (days > 0 && from.value === "") {
    throw new Incomplete("Say from which day it is in force: the periods are counted from then.", from);
  }
  let last = 0n;
  const bounds = limits().map((field) => {
    const units = unitsOf(field.value, places ?? 0);
    if (units === null) {
      const digits = places === null ? "a whole number" : `a number with at most ${places} decimals and no other signs`;
      const two = twoReadings(field.value);
      throw new Incomplete(two ? `${two}.` : `The total at which a band ends is ${digits}.`, field);
    }
    if (units <= last) throw new Incomplete("Each band ends at a higher total than the one before it.", field);
    last = units;
    return units;
  });
  return [...bounds, UNBOUNDED].map((units) => ({ up_to: units.toString(), period_seconds: days * DAY }));
}

/** Brings labels and pictures up to date with `shares`: for each band `[{label, weight, place}]`. */
export function drawBands(shares) {
  const several = shares.length > 1;
  [...part("bands").children].forEach((row, index) => {
    row.querySelector('[data-part="band-number"]').textContent = index + 1;
    row.querySelector('[data-part="unit"]').textContent = unit() ?? "the token’s smallest units";
  });
  part("last-band").textContent = several ? `Band ${shares.length}: all revenue above that, without limit.` : "";
  part("period").hidden = !several;
  part("add-band").hidden = shares.length >= MOST;
  part("picture").classList.toggle("single", !several);
  part("picture").replaceChildren(...shares.map((each, index) => picture(each, several ? title(index) : "")));
}

function picture(shares, text) {
  const item = part("band-picture-template").content.firstElementChild.cloneNode(true);
  const [heading, bar, legend] = item.children;
  heading.textContent = text;
  heading.hidden = text === "";
  draw(bar, legend, shares);
  return item;
}

function title(index) {
  const above = index === 0 ? "" : `above ${boundary(index - 1)}`;
  const upTo = index < limits().length ? `up to ${boundary(index)}` : "";
  return `Band ${index + 1}: ${[above, upTo].filter(Boolean).join(", ")}`;
}

function boundary(index) {
  const units = unitsOf(limits()[index].value, decimals() ?? 0);
  if (units === null) return "…";
  return `${textOf(units, decimals() ?? 0, true)} ${unit() ?? "units"}`;
}

/** Decimal places of the chosen token; null when nobody knows. */
function decimals() {
  const known = part("token").selectedOptions[0]?.dataset.decimals;
  return known ? Number(known) : null;
}

function unit() {
  return decimals() === null ? null : part("token").selectedOptions[0].dataset.symbol;
}
