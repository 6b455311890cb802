// What the server refuses of composed terms, and which field of the form that is.

import { labelOf } from "./blame.js";

const FIELDS = {
  valid_from: "from",
  valid_until: "until",
  hold_seconds: "hold",
  notice_seconds: "notice",
  arbiter: "arbiter",
  uri: "uri",
  programme: "programme",
  decision_seconds: "decision",
  exclusivity_seconds: "exclusivity",
  clawback: "clawback",
  document_hash: "file",
};

/** The field and the words of a problem about `terms`: `{field, text}`; field is null when it is about none. */
export function refusal(problem, terms, form, accountField) {
  const path = String(problem.field ?? "").replace(/^terms\./, "");
  const field = fieldOf(path, problem.detail, terms, form, accountField);
  const said = String(problem.detail ?? "The server refused it, and did not say why.");
  if (!field) return { field: null, text: [said, problem.next].filter(Boolean).join(" ") };
  const plain = said.replace(/^terms\.[\w.[\]]+\s+/, ""); // the field is named by its label instead
  const text = plain === said ? said : `This ${plain}`;
  return { field, text: `${labelOf(field)}: ${text}` };
}

function fieldOf(path, detail, terms, form, accountField) {
  const [, name, place] = /^(\w+)(?:[[.](\d+)\]?)?/.exec(path) ?? [];
  if (name === "parties" || name === "payees") {
    const named = /0x[0-9a-fA-F]{40}/.exec(detail ?? "")?.[0];
    const listed = terms[name].map((each) => each.account ?? each);
    return accountField(named ?? listed[Number(place ?? 0)]);
  }
  if (name === "tokens") return form.elements.token.value === "" ? form.elements.other_token : form.elements.token;
  if (name === "tranches") return form.querySelector('[name="up_to"]') ?? form.elements.period;
  const field = FIELDS[name] && form.elements[FIELDS[name]];
  return field && !field.closest("[hidden]") ? field : null;
}
