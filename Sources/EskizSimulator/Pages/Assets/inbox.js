// Asks the control API, sends samples, searches, reads keys.
// Asking the control API: "POST /_simulator/tokens/expire".
async function call(command, body) {
  const [method, path] = command.split(" ");
  const request = { method, headers: {} };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = body;
  }
  const answer = await fetch(path, request);
  const document = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(document.detail || `${answer.status}`);
  return document;
}

async function run(element, body) {
  try {
    const result = await call(element.dataset.call, body);
    if (element.dataset.show) reveal(element, result[element.dataset.show]);
    else toast(words.done);
    refresh();
  } catch (error) {
    toast(`${words.failed}. ${error.message}`, true);
  }
}

// A token made to order: its beginning to look at, the whole for the clipboard.
function reveal(form, token) {
  const output = one("[data-output]", form.parentElement);
  const shown = document.createElement("code");
  shown.textContent = `${token.slice(0, 20)}…`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.dataset.copy = token;
  button.textContent = words.copyWord;
  output.replaceChildren(shown, button);
}

function valueOf(field) {
  const text = field.value.trim();
  switch (field.dataset.kind) {
    case "json":
      return JSON.parse(text);
    case "list":
      return text.split(",").map((item) => item.trim()).filter(Boolean);
    case "value":
      try { return JSON.parse(text); } catch { return text; }
    default:
      return text;
  }
}

function documentOf(form) {
  const members = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.value.trim() === "" && field.dataset.kind !== "list") {
      if (field.dataset.empty) members[field.name] = JSON.parse(field.dataset.empty);
    } else {
      members[field.name] = valueOf(field);
    }
  }
  return JSON.stringify(members);
}

// A sample, sent as an application would: log in, send; after a 401 renew and send again.
let token = null;
const api = (method, path, fields) => fetch(`/api/${path}`, {
  method,
  headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
  body: fields && JSON.stringify(fields),
});
async function renew(method, path, fields) {
  const answer = await api(method, path, fields);
  if (!answer.ok) return false;
  token = (await answer.json()).data.token;
  return true;
}
const logIn = () => {
  token = null;
  return renew("POST", "auth/login", { email: "demo@example.test", password: "demo-key" });
};
async function sample(button) {
  button.disabled = true;
  const numbers = ["998901234567", "998931234567", "998971234567", "998331234567"];
  const random = crypto.getRandomValues(new Uint32Array(2));
  const fields = {
    mobile_phone: numbers[random[0] % numbers.length],
    message: `Tasdiqlash kodi: ${100000 + random[1] % 900000}. Uni hech kimga aytmang.`,
    from: "4546",
  };
  try {
    if (!token) await logIn();
    let answer = await api("POST", "message/sms/send", fields);
    if (answer.status === 401 && (await renew("PATCH", "auth/refresh") || await logIn())) {
      answer = await api("POST", "message/sms/send", fields);
    }
    if (answer.ok) toast(words.done);
    else toast(`${words.failed}: ${answer.status}`, true);
  } catch (error) {
    toast(`${words.failed}. ${error.message}`, true);
  }
  button.disabled = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  const menu = one("#menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
  if (!button) return;
  if (button.dataset.copy !== undefined) return copy(button);
  if (button.dataset.sample !== undefined) return sample(button);
  if (!button.dataset.call) return;
  if (button.dataset.ask && !await ask(button.dataset.ask, button.dataset.hint, button.textContent)) return;
  run(button, button.dataset.body);
});

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.call) return;
  event.preventDefault();
  try {
    run(event.target, documentOf(event.target));
  } catch (error) {
    toast(`${words.failed}. ${error.message}`, true);
  }
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form) form.requestSubmit();
});

// Search while typing, where there is something to search.
const search = one("#q");
let typing = 0;
search.addEventListener("input", () => {
  if (!one(".inbox")) return;
  clearTimeout(typing);
  typing = setTimeout(() => {
    const address = new URL(location.href);
    address.searchParams.delete("to");
    if (search.value.trim()) address.searchParams.set("q", search.value.trim());
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
    refresh();
  }, 160);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = one("#menu[open]");
    if (menu) {
      menu.open = false;
      one("summary", menu).focus();
    }
  }
  const isWriting = event.target.closest("input, select, textarea, dialog");
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    search.focus();
    search.select();
  }
  if (event.key === "c") {
    const codes = document.querySelectorAll("main .code");
    if (codes.length) copy(codes[codes.length - 1]);
  }
});

connect();
