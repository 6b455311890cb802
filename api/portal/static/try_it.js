// The reference's forms: they send what is filled in, and show the answer and the command that asks the same.

const LONGEST = 200_000;

function filled(form) {
  return [...form.querySelectorAll("[data-where]")].filter(({ value }) => value.trim() !== "").map((each) => [each.dataset.where, each.name, each.value.trim()]);
}

function request(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  /** @type {Record<string, string>} */
  const headers = {};
  for (const [where, name, value] of filled(form)) {
    if (where === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (where === "query") query.append(name, value);
    else headers[name] = value;
  }
  const body = form.elements.body?.value;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return { url: path + (query.size ? `?${query}` : ""), method: form.dataset.method, headers, body };
}

function command({ url, method, headers, body }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const parts = ["curl", ...(method === "GET" ? [] : ["-X", method]), quoted(location.origin + url)];
  for (const [name, value] of Object.entries(headers)) parts.push("-H", quoted(`${name}: ${value}`));
  if (body !== undefined) parts.push("-d", quoted(body));
  return parts.join(" ");
}

async function send(form) {
  const part = (name) => form.querySelector(`[data-part="${name}"]`);
  const asked = request(form);
  part("command").textContent = command(asked);
  part("answer").hidden = false;
  part("status").textContent = "Asking …";
  part("content").textContent = "";
  try {
    const { url, ...options } = asked;
    const answer = await fetch(url, options);
    const text = await answer.text();
    part("status").textContent = `${answer.status} ${answer.ok ? "OK" : "refused"}`;
    part("content").textContent = readable(text);
    if (answer.ok && asked.method === "POST") keepLink(text);
  } catch {
    part("status").textContent = "The server cannot be reached. Check your connection and try again.";
  }
}

function readable(text) {
  const shown = parsed(text);
  const written = shown === null ? text : JSON.stringify(shown, null, 2);
  return written.length > LONGEST ? `${written.slice(0, LONGEST)}\n… and ${written.length - LONGEST} characters more` : written;
}

/** A draft that was just made is what the operations on drafts are tried with. */
function keepLink(text) {
  const id = parsed(text)?.id;
  if (!id) return;
  for (const field of document.querySelectorAll('[data-path*="/drafts/{id}"] [name="id"]')) field.value = id;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.path) return;
  event.preventDefault();
  send(event.target);
});
