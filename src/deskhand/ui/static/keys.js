// Keys, for whoever does not reach for the mouse. What a key does stands on the element that does it, as aria-keyshortcuts;
// here are only those that move. None while somebody types, and none of the browser's own.
const rows = () => [...document.querySelectorAll(".row-link, .hit h3 a")];

function move(step) {
  const links = rows();
  const focused = links.indexOf(document.activeElement);
  const current = links.findIndex((each) => each.getAttribute("aria-current"));
  const next = links[focused >= 0 || current >= 0 ? (focused >= 0 ? focused : current) + step : 0];
  if (!next) return;
  if (current >= 0 && focused < 0) next.click(); // beside a conversation the next one opens
  else next.focus();
}

function types(element) {
  return element.isContentEditable || /^(?:textarea|select)$/i.test(element.tagName) || (element.tagName === "INPUT" && !/^(?:checkbox|radio)$/.test(element.type));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || types(event.target)) return;
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    move(event.key === "j" ? 1 : -1);
    return;
  }
  const meant = [...document.querySelectorAll("[aria-keyshortcuts]")].find((each) => each.getAttribute("aria-keyshortcuts").split(" ").includes(event.key));
  if (!meant) return;
  event.preventDefault();
  if (meant.tagName === "SUMMARY") meant.parentElement.open = !meant.parentElement.open;
  if (meant.type === "radio") {
    meant.click();
    meant.form.querySelector("textarea, [role=textbox]")?.focus();
  } else if (/^(?:INPUT|TEXTAREA|SUMMARY)$/.test(meant.tagName)) meant.focus();
  else meant.click();
});
