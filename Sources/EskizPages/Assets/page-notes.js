// Says what was done, copies, asks before something is done.
function toast(text, isBad = false) {
  const note = document.createElement("div");
  note.className = isBad ? "toast is-bad" : "toast";
  note.textContent = text;
  one("#toasts").append(note);
  setTimeout(() => note.remove(), isBad ? 7000 : 2200);
}

// Copying: the button says so for a moment.
async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const use = one("use", button);
  button.classList.add("is-copied");
  if (use) use.setAttribute("href", "#i-check");
  toast(`${words.copied}: ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`);
  setTimeout(() => {
    button.classList.remove("is-copied");
    if (use) use.setAttribute("href", "#i-copy");
  }, 1600);
}

function ask(title, hint, label) {
  const dialog = one("#ask");
  one("#ask-title").textContent = title;
  one("#ask-hint").textContent = hint || "";
  one("#ask-yes").textContent = label;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
