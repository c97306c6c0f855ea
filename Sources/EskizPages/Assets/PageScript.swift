/// What the scripts of all pages begin with: it puts what the server renders in the place of what has changed.
///
/// It knows no text of its own and renders nothing: without it the pages can be read. The words come from the attributes
/// of `body`, and so does the address of the events.
package enum PageScript {
    /// A whole script, with what belongs to the pages of one room: that ends with `connect()`.
    package static func text(_ own: String) -> String { live + change + notes + own }
}

extension PageScript {
    /// Listens, and asks for the page again when something has changed.
    static let live = #"""
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
          if (isAsking) { isStale = true; return; }
          isAsking = true;
          do {
            isStale = false;
            const number = ++asked;
            try {
              const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
              // A server that fails, or a proxy in its place: what is here stays, and is not up to date.
              if (answer.status >= 500) throw new Error(answer.statusText);
              const page = new DOMParser().parseFromString(await answer.text(), "text/html");
              // A page without this sign is not the one that was here: its reader has been signed out.
              if (one("main", page) && !one("#live", page)) { location.reload(); return; }
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
          if (document.hidden) { tell("paused"); return; }
          source = new EventSource(words.events);
          source.addEventListener("change", () => { pause = 500; tell("live"); refresh(); });
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
        addEventListener("pageshow", (event) => { if (event.persisted) connect(); });

        """#

    /// Puts the new in the place of the old.
    static let change = #"""
        // Makes one tree equal to another and keeps every node that can stay: focus, selection and scrolling survive.
        const canStay = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || "") === (b.id || "");

        function morph(from, to) {
          if (from.nodeType !== Node.ELEMENT_NODE) {
            if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
            return;
          }
          const isCopied = from.classList.contains("is-copied");
          const before = from.getAttribute("value");
          for (const { name } of [...from.attributes]) {
            if (!to.hasAttribute(name) && name !== "open") from.removeAttribute(name);
          }
          for (const { name, value } of [...to.attributes]) {
            if (name !== "open" && from.getAttribute(name) !== value) from.setAttribute(name, value);
          }
          if (isCopied) from.classList.add("is-copied");
          if (from.nodeName === "INPUT") {
            // What somebody is writing is theirs.
            if (before !== to.getAttribute("value") && from !== document.activeElement) from.value = to.value;
            return;
          }
          morphChildren(from, to);
          if (from.nodeName === "SELECT" && from !== document.activeElement) {
            const chosen = one("option[selected]", to);
            if (chosen) from.value = chosen.value;
          }
        }

        function morphChildren(from, to) {
          const kept = new Map();
          for (const child of from.children) if (child.id) kept.set(child.id, child);
          let place = from.firstChild;
          for (const fresh of [...to.childNodes]) {
            const known = fresh.id ? kept.get(fresh.id) : null;
            if (known && known !== place) {
              from.insertBefore(known, place);
              place = known;
            }
            if (place && canStay(place, fresh)) {
              morph(place, fresh);
              place = place.nextSibling;
            } else {
              const added = document.importNode(fresh, true);
              if (added.id && /^[mce]-/.test(added.id)) added.classList.add("arrives");
              from.insertBefore(added, place);
              // A node without a name in the place of another: the old one goes.
              if (place && !fresh.id && !place.id) {
                const old = place;
                place = place.nextSibling;
                old.remove();
              }
            }
          }
          while (place) {
            const old = place;
            place = place.nextSibling;
            old.remove();
          }
        }

        """#
}
