// Menus close when something else is clicked, or by Escape; where the eye is, the newest end of a timeline stands. In an open one
// letters go to what begins with them, and a field is there to be typed into.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.menu[open]")) event.target.querySelector(".menu-panel input:not([type=hidden], [type=checkbox], [type=radio])")?.focus();
}, true);

let typed = "";
let since = 0;

// Of tabs that do not fit, the one that is open is seen.
document.querySelector(".subnav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

function goTo(menu, event) {
  typed = (event.timeStamp - since > 1000 ? "" : typed) + event.key.toLowerCase();
  since = event.timeStamp;
  const words = (each) => each.textContent.trim().toLowerCase().split(/\s+/);
  const begins = (each) => words(each).some((_, at, all) => all.slice(at).join(" ").startsWith(typed));
  [...menu.querySelectorAll(".menu-item")].find(begins)?.focus();
}

document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  if (event.key === "Escape") {
    open.open = false;
    open.querySelector("summary").focus();
    event.preventDefault(); // only the menu
  } else if (/^[\p{L}\p{N}]$/u.test(event.key) && !(event.ctrlKey || event.metaKey || event.altKey) && open.contains(event.target) && !/^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
    goTo(open, event);
    event.preventDefault(); // its letters are no keys of the page
  }
});
