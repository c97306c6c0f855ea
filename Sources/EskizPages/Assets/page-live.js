// Listens, and asks for the page again when something has changed.
"use strict";
const words = document.body.dataset;
const one = (selector, root = document) => root.querySelector(selector);

// The state of the connection, in words.
const badge = one("#live");

function tell(state) {
  if (badge.dataset.state === state) return;
  badge.dataset.state = state;
  one(".live-text", badge).textContent = words[state];
}

// Something has changed: ask for the page again, one question at a time.
let isAsking = false;
let isStale = false;
let asked = 0;
async function refresh() {
  if (isAsking) {
    isStale = true;
    return;
  }
  isAsking = true;
  do {
    isStale = false;
    const number = ++asked;
    try {
      // The name of this question keeps it from using up what the next page is to say once.
      const headers = { Accept: "text/html", "Eskiz-Page-Refresh": "1" };
      const answer = await fetch(location.href, { headers, cache: "no-store" });
      // A server that fails, or a proxy in its place: what is here stays, and is not up to date.
      if (answer.status >= 500) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // A page without this sign is not the one that was here: its reader has been signed out.
      if (one("main", page) && !one("#live", page)) {
        location.reload();
        return;
      }
      // What is not there any more, or was the answer to a form, cannot be shown again.
      if (answer.ok && number === asked) show(page);
    } catch {
      tell("lost");
    }
  } while (isStale);
  isAsking = false;
}

function show(page) {
  document.title = page.title;
  const main = one("main");
  const next = one("main", page);
  if (next && main.className !== next.className) main.className = next.className;
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) morph(part, fresh);
  }
}

// Server-sent events while somebody looks; nothing while the tab is hidden.
let source = null;
let retry = 0;
let pause = 500;

function connect() {
  disconnect();
  // The page that asks for a key hears nothing.
  if (!words.events) return;
  if (document.hidden) {
    tell("paused");
    return;
  }
  source = new EventSource(words.events);
  source.addEventListener("change", () => {
    pause = 500;
    tell("live");
    refresh();
  });
  source.addEventListener("error", () => {
    disconnect();
    tell("lost");
    // Events do not say why there are none: the page itself knows a reader who has been signed out.
    refresh();
    retry = setTimeout(connect, pause);
    pause = Math.min(pause * 2, 8000);
  });
}

function disconnect() {
  clearTimeout(retry);
  if (source) source.close();
  source = null;
}
document.addEventListener("visibilitychange", connect);
addEventListener("pagehide", disconnect);
addEventListener("pageshow", (event) => {
  if (event.persisted) connect();
});
