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
    if (!next) return turn(step, isOpen);
    if (isOpen) next.click(); // beside a conversation the next one opens
    else next.focus();
  }

  // At the end of a page of a list the next one follows.
  function turn(step, isOpen) {
    document.querySelector(`:is(#list-foot, #hits-foot) [rel=${step > 0 ? "next" : "prev"}]`)?.click();
    if (coming) then = () => rows().at(step > 0 ? 0 : -1)?.[isOpen ? "click" : "focus"]();
  }

  // From a row one answers at once: the conversation opens with what the key begins.
  const WRITES = { r: "reply", n: "note", f: "forward" };
  function answer(key) {
    const link = document.getElementById("conversation") ? undefined : rows().find((each) => each.closest(".row, .hit").contains(document.activeElement));
    if (!link || !(key in WRITES)) return false;
    if (document.querySelector(".frame-desk")) link.click();
    if (coming) kept.push(key);
    else {
      const to = new URL(link.href);
      to.searchParams.set("write", WRITES[key]);
      to.hash = "answer";
      location.assign(to);
    }
    return true;
  }

  function types(element) {
    return element.isContentEditable || /^(?:textarea|select)$/i.test(element.tagName) || (element.tagName === "INPUT" && !/^(?:checkbox|radio)$/.test(element.type));
  }

  function box() {
    const row = document.activeElement.closest?.(".row, .hit") ?? document.querySelector(".row-link[aria-current]")?.closest(".row");
    return row?.querySelector(".row-pick input") ?? (row?.dataset.id ? document.querySelector(`.row-pick input[value="${row.dataset.id}"]`) : undefined);
  }

  function meant(key) {
    const all = [...document.querySelectorAll("[aria-keyshortcuts]")].filter((each) => each.getAttribute("aria-keyshortcuts").split(" ").includes(key));
    const ofRows = all.find((each) => each.closest(".bulk"));
    const isInList = document.activeElement.closest?.(".row, .hit") && !document.getElementById("conversation");
    if (ofRows && !document.querySelector(".row-pick :checked")) {
      if (!isInList || !box()) return all.find((each) => each !== ofRows && !each.closest(".bulk"));
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
  let coming, then;
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
    const next = then;
    then = undefined;
    if (isShown) next?.();
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
      if (!it) return answer(key);
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
