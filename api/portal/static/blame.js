// What is wrong with a form, said beside the field that it is about.

/** A form that is not an agreement yet: what is wrong, and the field that it is about. */
export class Incomplete extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

/** Marks the field, says there what is wrong with it, and goes to it. */
export function blame(field, text) {
  const note = document.createElement("span");
  note.className = "field-error";
  note.id = "field-error";
  note.textContent = text;
  field.after(note);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", note.id);
  field.focus();
}

/** Takes back what was said. */
export function absolve(form) {
  form.querySelector("#field-error")?.remove();
  for (const field of form.querySelectorAll('[aria-describedby="field-error"]')) {
    field.removeAttribute("aria-describedby");
    field.removeAttribute("aria-invalid");
  }
}

/** What a field is called on the page. */
export function labelOf(field) {
  const label = field.closest("label");
  const words = [...label.childNodes].filter((node) => node !== field && !node.classList?.contains("hint"));
  return words.map((node) => (node.id === "field-error" ? "" : node.textContent)).join(" ").replace(/\s+/g, " ").trim();
}

/** Throws Incomplete for the first number or day that is none of those the field takes; an empty number is none. */
export function checkNumbers(form) {
  for (const field of form.querySelectorAll('input[type="number"], input[type="date"]')) {
    if (field.closest("[hidden]") || (field.validity.valid && (field.value !== "" || field.type === "date"))) continue;
    if (field.type === "date") {
      const outside = field.validity.rangeUnderflow || field.validity.rangeOverflow;
      const years = `from ${field.min.slice(0, 4)} to ${field.max.slice(0, 4)}`;
      throw new Incomplete(`${labelOf(field)}: ${outside ? `a day of the years ${years}` : "this is not a whole date"}.`, field);
    }
    throw new Incomplete(`${labelOf(field)}: a whole number from ${field.min} to ${Number(field.max).toLocaleString("en")}.`, field);
  }
}
