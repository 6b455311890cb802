// Days of the composer, in UTC, as seconds and back. What an agreement says to the second stays exactly so, unless
// another day, or another number of days, is chosen.

const DAY = 86_400;
const LAST_YEAR = 253_402_300_799;

/** The first second of the field's day; null when it is empty. */
export function firstSecond(field) {
  return kept(field) ?? (field.value ? Date.parse(`${field.value}T00:00:00Z`) / 1000 : null);
}

/** The last second of the field's day; null when it is empty. */
export function lastSecond(field) {
  return kept(field) ?? (field.value ? Date.parse(`${field.value}T00:00:00Z`) / 1000 + DAY - 1 : null);
}

/** How many seconds the field's number of days are. */
export function spanOf(field) {
  return kept(field) ?? Number(field.value) * DAY;
}

/** Shows a span as a number of whole days. */
export function showSpan(field, seconds) {
  hold(field, String(Math.floor(seconds / DAY)), seconds);
}

/** Shows from when until when an agreement is valid. */
export function showValidity(from, until, terms) {
  show(from, Number(terms.valid_from));
  show(until, Number(terms.valid_until));
}

function show(field, seconds) {
  if (seconds === 0 || seconds > LAST_YEAR) return; // from when all have signed; without an end
  hold(field, new Date(seconds * 1000).toISOString().slice(0, 10), seconds);
}

function hold(field, shown, seconds) {
  field.value = shown;
  field.dataset.shown = shown;
  field.dataset.seconds = seconds;
}

function kept(field) {
  return field.value && field.value === field.dataset.shown ? Number(field.dataset.seconds) : null;
}
