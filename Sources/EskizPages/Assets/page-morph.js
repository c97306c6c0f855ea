// Puts the new in the place of the old.
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
  for (const child of from.children)
    if (child.id) kept.set(child.id, child);
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
