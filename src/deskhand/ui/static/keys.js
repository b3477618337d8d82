"use strict";
// Keys, for whoever does not reach for the mouse. What a key does stands on the element that does it, as aria-keyshortcuts;
// here are only those that move and choose. None while somebody types, and none of the browser's own. Where rows are chosen a
// key is about those, in a list about the row that is focused, else about the open conversation.
// It is there before anything of the page is, so that no key comes too early.
{
  const rows = () => [...document.querySelectorAll(".row-link, .hit h3 a")];
  let was = 0; // where in the list the open conversation stood, when it was still in it

  const current = (links) => links.findIndex((each) => each.getAttribute("aria-current"));

  function keep() {
    const at = current(rows());
    if (at >= 0) was = at;
  }
  for (const shown of ["DOMContentLoaded", "page:shown"]) document.addEventListener(shown, keep);

  function move(step) {
    const links = rows();
    const focused = links.indexOf(document.activeElement);
    const at = current(links);
    const isOpen = document.getElementById("conversation") !== null;
    const left = isOpen && at < 0; // it was closed, say: the next one has come to where it was
    const next = links[at >= 0 ? at + step : left ? was + Math.min(step, 0) : focused >= 0 ? focused + step : 0];
    if (!next) return;
    if (isOpen) next.click(); // beside a conversation the next one opens
    else next.focus();
  }

  function types(element) {
    return element.isContentEditable || /^(?:textarea|select)$/i.test(element.tagName) || (element.tagName === "INPUT" && !/^(?:checkbox|radio)$/.test(element.type));
  }

  const box = () => (document.activeElement.closest?.(".row") ?? document.querySelector(".row-link[aria-current]")?.closest(".row"))?.querySelector(".row-pick input");

  function meant(key) {
    const all = [...document.querySelectorAll("[aria-keyshortcuts]")].filter((each) => each.getAttribute("aria-keyshortcuts").split(" ").includes(key));
    const ofRows = all.find((each) => each.closest(".bulk"));
    const isInList = document.activeElement.closest?.(".row") && !document.getElementById("conversation");
    if (ofRows && !document.querySelector(".row-pick :checked")) {
      if (!isInList) return all.find((each) => each !== ofRows && !each.closest(".bulk"));
      box().click();
    }
    return ofRows ?? all[0];
  }

  // On the window: what a menu or a field has taken for itself is no key any more.
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || types(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const key = event.key;
    if (coming) {
      if (key.length > 1 || event.repeat || (key === " " && !kept.length)) return; // these are the browser's
      kept.push(key);
    } else if (!press(key)) return;
    event.preventDefault();
  });

  // What is pressed while a page is on its way is about that page, and waits for it; so does what is written there.
  const kept = [];
  let coming;
  document.addEventListener("page:asked", async ({ detail: shown }) => {
    coming = shown;
    let isShown = false;
    try {
      isShown = await shown;
    } finally {
      if (coming === shown) arrived(isShown); // else another one was asked for meanwhile
    }
  });

  function arrived(isShown) {
    coming = undefined;
    if (!isShown) kept.length = 0;
    while (kept.length && !coming) {
      const key = kept.shift();
      if (types(document.activeElement)) document.execCommand("insertText", false, key);
      else press(key);
    }
  }

  function press(key) {
    if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
    else if (key === "o" && document.activeElement.matches(".row-link, .hit h3 a")) document.activeElement.click();
    else if ((key === "x" || key === "X") && box()) box().dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: key === "X" }));
    else {
      const it = meant(key);
      if (!it) return false;
      act(it);
    }
    return true;
  }

  function act(it) {
    if (it.tagName === "SUMMARY") {
      const menu = it.parentElement;
      menu.open = !menu.open;
      if (menu.open) menu.querySelector(".menu-panel input:not([type=hidden]), .menu-panel button, .menu-panel a")?.focus();
    } else if (it.type === "radio") {
      it.click();
      it.form.querySelector("textarea, [role=textbox]")?.focus();
    } else if (/^(?:INPUT|TEXTAREA)$/.test(it.tagName)) it.focus();
    else it.click();
  }
}
