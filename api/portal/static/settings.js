// Members and keys: forms that ask the API, say what it refuses, and show the page anew once it is done.

import { Problem, ask } from "./server.js";

function say(form, text) {
  const message = form.querySelector('[role="status"]');
  message.textContent = text;
  message.hidden = text === "";
}

/** The body that a form makes: its fields by name, numbers as numbers, boxes of one name as a list. */
function body(form) {
  const made = {};
  for (const field of form.querySelectorAll("[name]")) {
    if (field.dataset.place === "path") continue;
    if (field.type === "checkbox") {
      made[field.name] ??= [];
      if (field.checked) made[field.name].push(field.value);
    } else {
      made[field.name] = field.type === "number" ? Number(field.value) : field.value.trim();
    }
  }
  return made;
}

function path(form) {
  const place = form.querySelector('[data-place="path"]');
  return place ? `${form.dataset.path}/${encodeURIComponent(place.value.trim())}` : form.dataset.path;
}

async function send(form) {
  say(form, "");
  const button = form.querySelector('[type="submit"]');
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    const method = form.dataset.method;
    const done = await ask(path(form), method === "DELETE" ? undefined : body(form), method);
    if (!done?.key) return location.reload();
    showKey(done.key);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(form, error.message);
  }
  button.removeAttribute("aria-disabled");
}

/** A key is shown once, and kept nowhere. */
function showKey(key) {
  const shown = document.querySelector('[data-part="new-key"]');
  shown.hidden = false;
  shown.querySelector("textarea").value = key;
  shown.querySelector("textarea").focus();
  shown.querySelector("[data-copy]").dataset.copy = key;
}

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.path) return;
  event.preventDefault();
  send(event.target);
});
