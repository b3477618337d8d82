// The palette: Ctrl or ⌘ K. The server says what there is; acts go the way of those on several conversations.
const dialog = document.getElementById("palette");
const field = document.getElementById("pal");
const list = document.getElementById("pal-list");
let asked = 0, waiting = 0;

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");
const conversation = () => document.getElementById("conversation")?.dataset.id ?? "";
const picked = () => [...document.querySelectorAll(".row-pick :checked")].map((each) => each.value);

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

async function ask() {
  const mine = ++asked;
  const about = new URLSearchParams({ q: field.value, piece: "yes", conversation: conversation(), selected: picked().length });
  try {
    const found = await fetch(`/palette?${about}`);
    if (mine !== asked || !found.ok || found.redirected) return;
    list.innerHTML = await found.text(); // from our own server, which escapes what is not ours
    choose(options()[0]);
  } catch {
    // without a connection what stood there stays
  }
}

function open() {
  if (dialog.open) return dialog.close();
  field.value = "";
  list.replaceChildren();
  dialog.showModal();
  ask();
}

function take(option) {
  if (!option) return;
  dialog.close();
  const { href, do: act } = option.dataset;
  if (href) return go(href);
  if (act.startsWith("key:")) return document.dispatchEvent(new KeyboardEvent("keydown", { key: act.slice(4), bubbles: true, cancelable: true }));
  perform(act);
}

// By a link or a form of the page, so that what makes those quick makes this quick too.
function go(href) {
  const link = Object.assign(document.createElement("a"), { href, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
}

function perform(act) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/conversations/bulk", hidden: true, className: "bulk-act" });
  const ids = picked();
  const place = document.querySelector("#bulk [name=list]")?.value ?? "/";
  const all = document.querySelector("#bulk [name=all]:checked") ? [["all", "yes"], ["place", document.querySelector("#bulk [name=place]").value]] : [];
  const fields = [["do", act], ["list", place], ["back", location.pathname + location.search], ...all, ...(ids.length ? ids : [conversation()]).map((id) => ["id", id])];
  for (const [name, value] of fields) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  document.body.append(form);
  form.requestSubmit();
  form.remove();
}

if (dialog) {
  for (const opener of document.querySelectorAll("[data-palette]")) opener.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (event.target.isContentEditable) return; // there it makes a link
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-palette]")) open();
    else if (event.target === dialog) dialog.close();
  });
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 60);
  });
  field.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(all.at((at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1)) % all.length));
    else if (event.key === "Enter") take(chosen());
    else if (event.key === "?" && !field.value) go("/keys");
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => take(event.target.closest("[role=option]")));
}
