// Keeps an open page up to date, and tells others who is here. The page says where in the feed it was made; whatever happened
// behind that comes, also after the connection or the server was away. A hidden page lets its connection go.
import { change, mark, read } from "./changes.js";
import { again } from "./visits.js";

const SILENCE = 40_000; // the server says at least every 15 s that it is there
const HERE = 15_000;
const TYPES_FOR = 8_000;
let stream, place, heard, lost, typed = 0, present = "";

function follow() {
  stream?.close();
  stream = undefined;
  const address = document.body.dataset.live;
  if (!address || document.hidden) return;
  const url = new URL(address, location.href);
  if (place && place.address === address) {
    url.searchParams.set("after", place.id);
    url.searchParams.set("again", "yes");
  } else place = { address, id: url.searchParams.get("after") };
  heard = Date.now();
  const mine = (stream = new EventSource(url));
  const on = (name, then) =>
    mine.addEventListener(name, (event) => {
      if (mine !== stream) return;
      heard = Date.now();
      connected(true);
      then(JSON.parse(event.data));
    });
  on("at", (id) => (document.body.dataset.at = place.id = id)); // for whoever asks how far a page has got
  on("change", (told) => {
    change(told);
    if (told.orders?.moments) said = 0; // what is seen at once is read, and soon said to be
  });
  on("read", (seen) => {
    read(seen);
    mark();
  });
  on("counts", (counts) => {
    for (const [id, text] of Object.entries(counts)) {
      const count = document.getElementById(id);
      if (count && count.textContent !== text) count.textContent = text;
    }
  });
  on("bell", (text) => {
    const bells = [...document.querySelectorAll("[data-bell]")].filter((each) => each.textContent !== text);
    for (const each of bells) each.textContent = text;
    if (bells.length) document.dispatchEvent(new Event("bell:changed"));
  });
  on("reload", (within) => {
    mine.close();
    setTimeout(() => mine === stream && again(), Math.random() * within);
  });
  on("ended", ended);
  mine.onerror = () => {
    if (mine !== stream) return;
    connected(false);
    if (mine.readyState === EventSource.CLOSED) whether();
  };
}

// A browser gives up on an answer that is no stream: after a while again, unless there is a reason.
async function whether() {
  const mine = stream;
  try {
    const answer = await fetch("/keys", { redirect: "manual", cache: "no-store" });
    if (mine === stream && answer.type === "opaqueredirect") return ended();
  } catch {
    // no server at all
  }
  setTimeout(() => mine === stream && follow(), 1000 + Math.random() * 2000);
}

function ended() {
  stream?.close();
  stream = undefined;
  show("ended", true);
  show("lost", false);
}

function connected(is) {
  if (!is) {
    lost ??= setTimeout(() => show("lost", true), 1500);
    return;
  }
  clearTimeout(lost);
  lost = undefined;
  show("lost", false);
}

function show(id, is) {
  const banner = document.getElementById(id);
  if (banner && banner.hidden === is) banner.hidden = !is;
}

setInterval(() => {
  if (!stream || Date.now() - heard < SILENCE) return;
  connected(false);
  follow();
}, 5_000);
addEventListener("online", follow);
addEventListener("offline", () => connected(false));

// Being here: said while the page is seen, and at once when one begins or ends to write.
const conversation = () => document.getElementById("conversation")?.dataset.id;
const tell = (id, act, fields) =>
  fetch(`/conversation/${id}/${act}`, { method: "POST", body: new URLSearchParams(fields), redirect: "manual", keepalive: true }).catch(() => {});

let said = 0;
function here() {
  const id = conversation();
  if (!id || document.hidden || !document.body.dataset.live) return;
  const now = `${id} ${Date.now() - typed < TYPES_FOR ? "yes" : "no"}`;
  if (now === present && Date.now() - said < HERE) return;
  present = now;
  said = Date.now();
  tell(id, "here", { writing: now.split(" ")[1] });
}

function left() {
  if (present) tell(present.split(" ")[0], "leave", {});
  present = "";
}

document.addEventListener("input", (event) => {
  if (!event.target.closest(".composer")) return;
  typed = Date.now();
  here();
});
setInterval(here, 2_000);
setTimeout(() => (said = 0), 3_000); // that the page before this one was left may be heard last

document.addEventListener("visibilitychange", () => {
  if (document.hidden) left();
  follow();
  here();
});
addEventListener("pagehide", left);
document.addEventListener("page:shown", () => {
  if (present && present.split(" ")[0] !== conversation()) left();
  typed = 0;
  mark();
  follow();
  here();
});
mark();
follow();
here();
