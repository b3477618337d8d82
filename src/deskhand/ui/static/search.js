// A search completes itself: fields, and the values of some. The server knows them; here is only the list that opens.
const field = document.getElementById("q");
const list = Object.assign(document.createElement("div"), { id: "complete", className: "complete", hidden: true });
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", field.form.dataset.completion);
field.form.after(list);
field.setAttribute("role", "combobox");
field.setAttribute("aria-autocomplete", "list");
field.setAttribute("aria-controls", "complete");
field.setAttribute("aria-expanded", "false");
let asked = 0;

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

function show(html) {
  list.innerHTML = html; // from our own server, which escapes what is not ours
  list.hidden = !options().length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
}

function take(option) {
  const at = field.selectionStart;
  field.setRangeText(option.dataset.text, at - Number(option.dataset.typed), at, "end");
  field.focus();
  ask();
}

async function ask() {
  const mine = ++asked;
  const before = field.value.slice(0, field.selectionStart);
  try {
    const found = await fetch(`/search/complete?q=${encodeURIComponent(before)}`);
    if (mine === asked) show(found.ok && !found.redirected ? await found.text() : "");
  } catch {
    show("");
  }
}

let waiting = 0;
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 120);
});
field.addEventListener("blur", () => setTimeout(() => show(""), 150));
field.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  const all = options();
  const at = all.indexOf(chosen());
  if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(all.at((at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1)) % all.length));
  else if (event.key === "Tab" && !event.shiftKey) take(chosen() ?? all[0]);
  else if (event.key === "Enter" && chosen()) take(chosen());
  else if (event.key === "Escape") show("");
  else return;
  event.preventDefault();
});
list.addEventListener("mousedown", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option) return;
  event.preventDefault();
  take(option);
});
