// Links and forms of the inbox lead on without loading everything again: the page that the server makes is put in place of what
// it differs in. Addresses, back and reloading stay as they are, and whatever is unusual the browser does itself.
import { change, mark, morph, read, waiting } from "./changes.js";

const INBOX = /^\/(?:conversation\/\d+(?:\/\d+)?|inboxes\/\d+(?:\/folders\/\d+)?|all\/\w+|views\/\d+)$/;
const AHEAD_FOR = 30_000; // what has changed since a page was fetched ahead it is told when it is shown
const QUICK = 300;
const ahead = new Map();

let visiting = 0;
let awaited = 0;

const inner = (url) => url.origin === location.origin && INBOX.test(url.pathname);
const plain = (event) => !event.defaultPrevented && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

export const again = () => visit(location.href, { push: false });

async function fetched(url) {
  const kept = ahead.get(url);
  ahead.delete(url);
  if (kept && Date.now() - kept.at < AHEAD_FOR) return kept.page;
  return load(url);
}

async function load(url, given) {
  const answer = await fetch(url, { ...given, headers: { Accept: "text/html", "Desk-Visit": "yes" } });
  return { url: answer.url, ok: answer.ok, html: await answer.text() };
}

// What is on its way is told to whoever has to wait for it: whether it was shown in place.
function visit(url, options) {
  const shown = bring(url, options);
  document.dispatchEvent(new CustomEvent("page:asked", { detail: shown }));
  wait(shown);
}

// What is quick shows no sign of that it is not there yet.
async function wait(shown) {
  const bar = document.getElementById("loading");
  awaited += 1;
  const late = setTimeout(() => (bar.hidden = false), QUICK);
  await shown.catch(() => {});
  clearTimeout(late);
  awaited -= 1;
  if (!awaited) bar.hidden = true;
}

async function bring(url, { push = true, given, anew = false } = {}) {
  const mine = ++visiting;
  let page;
  try {
    page = await (given ? load(url, given) : fetched(url));
  } catch {
    if (given) return refuse("offline");
    if (mine === visiting) location.assign(url);
    return false;
  }
  if (mine !== visiting && !given) return false;
  const made = new DOMParser().parseFromString(page.html, "text/html");
  const to = new URL(page.url);
  if (!page.ok && given) return refuse("failed", made);
  if (!inner(to) || !made.querySelector(".frame-desk") || !document.querySelector(".frame-desk")) {
    location.assign(page.url);
    return false;
  }
  to.search = to.search.replace(/[?&]told=[\w-]{8}$/, ""); // it is told now
  if (push && to.href !== location.href) history.pushState(null, "", to.href);
  else if (!push) history.replaceState(null, "", to.href);
  put(made, anew);
  return true;
}

// An act that was refused says so in place; its page says why, if there is one.
function refuse(why, made) {
  const told = document.createElement("div");
  told.className = "told told-bad";
  told.setAttribute("role", "alert");
  const words = [...(made?.querySelector(".empty, .page-head")?.querySelectorAll("h1, h2, p, li") ?? [])].map((each) => each.textContent.replace(/\s+/g, " ").trim());
  told.textContent = words.join(". ") || document.getElementById("said").dataset[why];
  document.querySelector(".told-bad")?.remove();
  (document.getElementById("timeline") ?? document.querySelector(".rows") ?? document.querySelector("h1")).after(told);
  return false;
}

function put(made, anew) {
  document.title = made.title;
  tell(made);
  for (const [name, value] of Object.entries(made.body.dataset)) document.body.dataset[name] = value;
  swap(".folders-scroll", made);
  const [list, newList] = [document.getElementById("list"), made.getElementById("list")];
  const same = list.dataset.place === newList.dataset.place;
  waiting.delete("rows");
  read(JSON.parse(newList.dataset.seen || "{}"));
  list.dataset.place = newList.dataset.place;
  list.dataset.writes = newList.dataset.writes;
  if (same) {
    swap(".list-head", made);
    swap("#list-foot", made);
    rows(newList);
  } else list.replaceWith(document.adoptNode(newList));
  const [old, fresh] = ["main > .conversation", "main > .conversation"].map((each, at) => (at ? made : document).querySelector(each));
  if (old.dataset.id && old.dataset.id === fresh.dataset.id) {
    for (const id of ["conv-head", "conv-gone"]) morph(document.getElementById(id), fragment(made.getElementById(id)), false);
    const moments = [...made.getElementById("moments").children];
    change({ parts: Object.fromEntries(moments.map((each) => [each.id, each.outerHTML])), orders: { moments: moments.map((each) => each.id) } });
    const draft = anew && fresh.querySelector("desk-composer");
    if (draft) old.querySelector("desk-composer")?.replaceWith(document.adoptNode(draft));
  } else exchange(old, document.adoptNode(fresh));
  const [aside, newAside] = [document.querySelector("aside.customer"), made.querySelector("aside.customer")];
  aside?.hidePopover?.(); // where it is a drawer: whoever opened it is back at what they opened it by
  if (aside && newAside) aside.replaceWith(document.adoptNode(newAside));
  else if (aside) aside.remove();
  else if (newAside) document.getElementById("main").after(document.adoptNode(newAside));
  mark();
  document.getElementById("said").textContent = made.title;
  document.querySelector(".row-link[aria-current]")?.scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new Event("page:shown"));
  next();
}

// Frames cost a browser more than all the rest of a conversation, to let go as to make: both wait until the new one is painted.
function exchange(old, fresh) {
  const frames = [...fresh.querySelectorAll("iframe")];
  const places = frames.map((frame) => Object.assign(document.createElement("div"), { className: frame.className }));
  for (const [at, frame] of frames.entries()) frame.replaceWith(places[at]);
  old.before(fresh);
  old.hidden = true;
  for (const each of [old, ...old.querySelectorAll("[id]")]) each.removeAttribute("id");
  requestAnimationFrame(() => setTimeout(() => {
    for (const [at, place] of places.entries()) if (place.isConnected) place.replaceWith(frames[at]);
    old.remove();
  }));
}

function fragment(element) {
  const made = document.createDocumentFragment();
  made.append(document.adoptNode(element));
  return made;
}

function swap(selector, made) {
  const [old, fresh] = [document.querySelector(selector), made.querySelector(selector)];
  if (old && fresh && !old.isEqualNode(fresh)) morph(old, fragment(fresh), false);
}

function rows(list) {
  const all = [...list.querySelectorAll("#rows > .row")];
  const changed = all.filter((each) => !isThere(each));
  change({ parts: Object.fromEntries(changed.map((each) => [each.id, each.outerHTML])), orders: { rows: all.map((each) => each.id) } });
  swap("#list-total", list);
}

// Which one is open and what was read is marked here, and says nothing of the row.
function isThere(row) {
  const there = document.getElementById(row.id);
  if (!there) return false;
  const [link, open] = [row.querySelector(".row-link"), there.querySelector(".row-link").getAttribute("aria-current")];
  row.classList.toggle("is-unread", there.classList.contains("is-unread"));
  if (open) link.setAttribute("aria-current", open);
  else link.removeAttribute("aria-current");
  return there.isEqualNode(row);
}

// What was done stays told wherever one goes, until something else is, or it cannot be undone any more.
function tell(made) {
  const fresh = made.querySelector("main > .toast-place");
  for (const old of document.querySelectorAll(fresh ? ".told-bad, main > .toast-place" : ".told-bad")) old.remove();
  if (fresh) document.getElementById("main").append(document.adoptNode(fresh));
}

// The next one of the list is fetched while one reads.
function next() {
  ahead.clear();
  const links = [...document.querySelectorAll(".row-link")];
  const at = links.findIndex((each) => each.getAttribute("aria-current"));
  const url = at >= 0 && links[at + 1]?.href;
  if (!url) return;
  const mine = visiting;
  setTimeout(() => {
    if (mine !== visiting || document.hidden) return;
    const page = load(url);
    page.catch(() => ahead.delete(url));
    ahead.set(url, { at: Date.now(), page });
  }, 60);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || !plain(event) || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  if (!inner(url) || url.hash || link.dataset.copyLink !== undefined || !document.querySelector(".frame-desk")) return;
  event.preventDefault();
  visit(url.href);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || !document.querySelector(".frame-desk")) return;
  const sends = form.matches("main.desk .composer");
  if (sends ? form.elements.files.files.length : !form.closest(".conv-head, .told, #bulk, .bulk-act, .thread-acts, aside.customer")) return;
  event.preventDefault();
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  const fields = new FormData(form, event.submitter);
  fields.delete("files");
  const anew = sends || form.action.endsWith("/unsend"); // then there is another draft
  visit(form.action, { given: { method: "POST", body: new URLSearchParams(fields) }, anew });
});

addEventListener("popstate", () => visit(location.href, { push: false }));
next();
