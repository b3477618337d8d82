// What may be done to a letter: its link copied, its pictures shown, a key pressed for who uses the mouse.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-copy-link]");
  if (link && navigator.clipboard && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    navigator.clipboard.writeText(link.href);
    link.closest("details").open = false;
  }
  const press = event.target.closest?.("[data-press]");
  if (press) {
    press.closest("details").open = false;
    document.dispatchEvent(new KeyboardEvent("keydown", { key: press.dataset.press, bubbles: true, cancelable: true }));
  }
  const all = event.target.closest?.("[data-lines]");
  if (all && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    const letter = all.parentElement.previousElementSibling;
    letter.dataset.whole = "yes";
    letter.style.setProperty("--lines", all.dataset.lines);
    letter.focus();
  }
  event.target.closest?.("[data-pictures]")?.parentElement.classList.add("is-shown");
});
