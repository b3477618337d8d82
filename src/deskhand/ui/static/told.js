// What one is told: the list of it keeps up, and while no page of ours is seen the desktop says it, where somebody allowed that
// by the button among their settings. A hidden page has no connection, so one of them asks now and then.
import { morph } from "./changes.js";

const KEPT = "deskhand-desktop";
const EVERY = 20_000;
const LONGEST = 8 * 3600_000; // whoever is away for longer is not kept signed in by that
const can = "Notification" in window && "locks" in navigator;
const wanted = () => can && Notification.permission === "granted" && localStorage.getItem(KEPT) === "yes";

document.addEventListener("bell:changed", async () => {
  const list = document.getElementById("told");
  if (!list || location.search) return;
  const answer = await fetch(location.href).catch(() => null);
  const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("told");
  if (!fresh) return;
  const made = document.createDocumentFragment();
  made.append(document.adoptNode(fresh));
  morph(list, made, false);
});

function show({ id, title, body, href }) {
  const it = new Notification(title, { body, tag: `told-${id}`, icon: "/static/img/favicon.svg" });
  it.onclick = () => {
    window.focus();
    if (href) location.assign(href);
    it.close();
  };
}

async function ask(after) {
  const answer = await fetch(`/notifications/news${after === undefined ? "" : `?after=${after}`}`, { headers: { Accept: "application/json" }, redirect: "error" });
  return answer.json();
}

let seen, watch;

async function look() {
  watch?.abort();
  seen?.();
  if (!can) return;
  if (!document.hidden) return void navigator.locks.request("deskhand-seen", { mode: "shared" }, () => new Promise((done) => (seen = done)));
  if (!wanted()) return;
  const { signal } = (watch = new AbortController());
  navigator.locks.request("deskhand-told", { signal }, () => follow(signal)).catch(() => {}); // one of several pages
}

async function follow(signal) {
  const until = Date.now() + LONGEST;
  let after;
  while (!signal.aborted && Date.now() < until) {
    try {
      const { last, told } = await ask(after);
      const { held } = await navigator.locks.query();
      if (!held.some((each) => each.name === "deskhand-seen")) told.forEach(show);
      after = last;
    } catch {
      // no connection, nobody signed in, or a browser that shows nothing
    }
    await new Promise((done) => {
      signal.addEventListener("abort", done);
      setTimeout(done, EVERY);
    });
  }
}

document.addEventListener("visibilitychange", look);
look();

const place = can && document.querySelector("[data-desktop]");
if (place) {
  const some = (name) => place.querySelector(`[data-desktop-${name}]`);
  const draw = () => {
    some("on").hidden = wanted();
    some("off").hidden = !wanted();
    some("refused").hidden = Notification.permission !== "denied";
  };
  some("on").addEventListener("click", async () => {
    if ((await Notification.requestPermission()) === "granted") {
      localStorage.setItem(KEPT, "yes");
      show({ id: 0, title: place.dataset.sample, body: "" });
    }
    draw();
  });
  some("off").addEventListener("click", () => {
    localStorage.removeItem(KEPT);
    draw();
  });
  place.hidden = false;
  draw();
}
