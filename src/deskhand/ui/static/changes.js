// Brings a page up to date in place, so that nothing moves under the pointer: what is there is changed where it stands, what is
// new in a list waits while the pointer is over it. Menus stay open, and what was typed and chosen stays.
export let morph;

htmx.registerExtension("desk", {
  init: (api) => (morph = api.morph),
  htmx_before_morph_attr: (element, detail) => {
    if (detail.attrName === "open" && element.tagName === "DETAILS") return false;
    if (element.matches(".letter") && ["style", "data-whole"].includes(detail.attrName)) return false; // as high as somebody made it
    if (detail.attrName === "aria-current" && element.matches(".row-link")) return false;
    return true;
  },
  htmx_before_morph_node: (element) => !element.matches("input:focus, textarea:focus, select:focus, .row-pick input, #picked, .in-place[open], [id^=count-view-]"),
});

const HELD = ".rows, #hits";
export const waiting = new Map(); // container id -> the order that it gets when the pointer has left

function made(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

export function change({ parts = {}, orders = {}, title }) {
  const fresh = new Map();
  for (const [id, html] of Object.entries(parts)) {
    const there = document.getElementById(id);
    if (there) morph(there, made(html), false);
    else fresh.set(id, html);
  }
  for (const [id, ids] of Object.entries(orders)) arrange(id, ids, fresh);
  if (title && document.body.dataset.pane === "list") document.title = title;
  mark();
}

// New elements in, gone ones out, in this order. Only what is out of place is moved: a moved frame would load again.
function arrange(containerId, ids, fresh, atOnce = false) {
  const container = document.getElementById(containerId);
  if (!container) return;
  const before = waiting.get(containerId);
  for (const [id, html] of before?.fresh ?? []) if (!fresh.has(id)) fresh.set(id, html);
  const now = { ids, fresh: new Map([...fresh].filter(([id]) => ids.includes(id))) };
  if (!atOnce && container.closest(HELD)?.matches(":hover")) {
    waiting.set(containerId, now);
    for (const row of container.children) row.classList.toggle("is-leaving", !ids.includes(row.id));
    news(now.fresh.size);
    return;
  }
  waiting.delete(containerId);
  if (containerId === "rows") news(0);
  if ([...container.children].map((each) => each.id).join() === ids.join()) {
    for (const each of container.children) each.classList.remove("is-leaving");
    return; // to measure where things are would cost a layout
  }
  steadily(container, () => {
    for (const each of [...container.children]) if (!ids.includes(each.id)) each.remove();
    let place = container.firstElementChild;
    for (const id of ids) {
      let each = document.getElementById(id);
      if (!each && now.fresh.has(id)) each = made(now.fresh.get(id)).firstElementChild;
      if (!each) continue;
      each.classList.remove("is-leaving");
      if (each === place) place = place.nextElementSibling;
      else container.insertBefore(each, place);
    }
  });
}

// What somebody is at stays where it is: the focused one, or while a list is scrolled the first that is seen.
function steadily(container, work) {
  const pane = container.closest(".rows, .timeline");
  if (!pane) return work();
  const top = pane.getBoundingClientRect().top;
  const newest = pane.matches(".timeline") && Math.abs(pane.scrollTop) < 8 && !pane.matches(":hover");
  const focused = container.contains(document.activeElement) && [...container.children].find((each) => each.contains(document.activeElement));
  const first = pane.scrollTop && [...container.children].find((each) => each.getBoundingClientRect().bottom > top);
  const hovered = [...container.children].find((each) => each.matches(":hover"));
  const anchor = newest ? undefined : hovered || focused || first || undefined;
  const was = anchor?.getBoundingClientRect().top;
  work();
  if (anchor?.isConnected) pane.scrollTop += anchor.getBoundingClientRect().top - was;
}

function settle() {
  for (const [id, { ids, fresh }] of [...waiting]) arrange(id, ids, fresh, true);
  mark();
}

function news(count) {
  const chip = document.getElementById("rows-news");
  if (!chip) return;
  chip.hidden = count === 0;
  chip.textContent = chip.dataset.text.replace("%(count)s", count);
}

// How far whoever looks has read: the server says it with each page, and a page knows what was opened since.
const seen = new Map();

export function read(upTo) {
  for (const [id, thread] of Object.entries(upTo)) seen.set(id, Math.max(thread, seen.get(id) ?? 0));
}
read(JSON.parse(document.getElementById("list")?.dataset.seen || "{}"));

document.addEventListener("submit", (event) => {
  const unread = /^\/conversation\/(\d+)\/unread$/.exec(event.target.getAttribute("action") ?? "");
  if (unread) seen.delete(unread[1]);
  if (event.submitter?.value === "unread:") for (const each of document.querySelectorAll(".row-pick :checked")) seen.delete(each.value);
}, true);

// What is only of whoever looks is in nothing that all are told: the open conversation, and that one is not told of oneself.
export function mark() {
  const writes = document.getElementById("list")?.dataset.writes?.split(" ") ?? [];
  for (const row of document.querySelectorAll(".row")) {
    const id = row.id.slice(4);
    const newest = Number(row.dataset.newest ?? 0);
    if (id === document.getElementById("conversation")?.dataset.id && !document.hidden) seen.set(id, Math.max(newest, seen.get(id) ?? 0));
    row.classList.toggle("is-unread", newest > (seen.get(id) ?? 0) && row.dataset.by !== document.body.dataset.me);
    row.classList.toggle("is-writing", writes.includes(id));
  }
  for (const link of document.querySelectorAll(".row-link")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  for (const each of document.querySelectorAll(".mention")) each.classList.toggle("mention-me", each.dataset.of.split(" ").includes(document.body.dataset.me));
  for (const each of document.querySelectorAll("[data-follows]")) {
    const follows = each.closest("[data-followers]").dataset.followers.split(" ").includes(document.body.dataset.me);
    each.hidden = follows !== (each.dataset.follows === "yes");
  }
  for (const each of document.querySelectorAll("[data-who]")) each.hidden = each.dataset.who === document.body.dataset.me;
}

document.addEventListener("pointerout", (event) => {
  if (waiting.size && event.target.closest?.(HELD) && !event.relatedTarget?.closest?.(HELD)) settle();
});
document.addEventListener("click", (event) => {
  const chip = event.target.closest("#rows-news");
  if (!chip) return;
  chip.closest(".rows").scrollTop = 0;
  settle();
});
