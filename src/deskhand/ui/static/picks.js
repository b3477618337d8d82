// Rows are chosen by their boxes: with shift all between, by Escape none; and it is said how many.
const boxes = () => [...document.querySelectorAll(".row-pick input")];
let last, sent = false;

function say() {
  const place = document.getElementById("picked");
  if (place) place.textContent = place.dataset.text.replace("%(count)s", boxes().filter((each) => each.checked).length);
}

function none() {
  for (const each of [...boxes(), ...document.querySelectorAll(".bulk [name=all]")]) each.checked = false;
  last = undefined;
}

document.addEventListener("click", (event) => {
  if (!event.target.matches?.(".row-pick input")) return;
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((one, other) => one - other);
  if (event.shiftKey && from >= 0) for (const each of all.slice(from, to + 1)) each.checked = event.target.checked;
  last = event.target;
  say();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !document.querySelector(".row-pick :checked")) return;
  if (document.querySelector("dialog[open]") || event.target.matches(".composer *")) return;
  none();
});

document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/conversations/bulk") return;
  sent = true;
});

document.addEventListener("page:shown", () => {
  if (sent && !document.querySelector(".told-bad")) none();
  sent = false;
  say();
});
