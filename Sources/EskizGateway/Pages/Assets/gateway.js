document.addEventListener("click", (event) => {
  const menu = one("#menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
  const button = event.target.closest("button[data-copy]");
  if (button) copy(button);
});

// A form that wants to be asked about first says what in its attributes.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.ask || form.dataset.asked) return;
  event.preventDefault();
  const button = event.submitter || one("button", form);
  if (!await ask(form.dataset.ask, form.dataset.hint, button.textContent)) return;
  form.dataset.asked = "yes";
  form.requestSubmit(button);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form) form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = one("#menu[open]");
  if (menu) {
    menu.open = false;
    one("summary", menu).focus();
  }
});

connect();
