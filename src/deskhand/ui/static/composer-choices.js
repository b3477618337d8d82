// A list to choose from while somebody types: the field keeps the focus, the keyboard moves in the list (ARIA combobox).
// The editor watches its own attributes, so none is set to what it is.
function set(element, name, value) {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

export class Choices {
  constructor(box) {
    this.box = box;
    this.items = [];
    // The field must not lose the focus to the list.
    box.addEventListener("mousedown", (event) => event.preventDefault());
    box.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.pick([...box.children].indexOf(option));
    });
  }

  get isOpen() {
    return !this.box.hidden;
  }

  // `draw` makes the content of an item, `picked` is told which was chosen; `field` is what somebody types in.
  show(items, field, draw, picked) {
    if (!items.length) return this.hide();
    Object.assign(this, { items, field, picked, at: 0 });
    this.box.replaceChildren(
      ...items.map((item, at) => {
        const option = document.createElement("div");
        option.className = "menu-item";
        option.id = `${this.box.id}-${at}`;
        option.setAttribute("role", "option");
        option.append(...draw(item));
        return option;
      }),
    );
    this.box.hidden = false;
    set(field, "aria-expanded", "true");
    this.mark();
  }

  hide() {
    this.box.hidden = true;
    set(this.field, "aria-expanded", "false");
    set(this.field, "aria-activedescendant", "");
  }

  mark() {
    [...this.box.children].forEach((each, at) => each.setAttribute("aria-selected", String(at === this.at)));
    const option = this.box.children[this.at];
    set(this.field, "aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  pick(at) {
    const item = this.items[at];
    this.hide();
    if (item) this.picked(item);
  }

  // Whether a key was meant for the list.
  key(event) {
    if (!this.isOpen || event.isComposing) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : this.items.length - 1)) % this.items.length;
      this.mark();
    } else if (event.key === "Enter" || event.key === "Tab") this.pick(this.at);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    event.stopImmediatePropagation();
    return true;
  }
}

// Text in an element, for `draw`.
export function words(text, className = "") {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

// Whoever is offered: their photo, else the letters of their name.
export function portrait(each) {
  const element = words(each.photo ? "" : each.initials, `avatar avatar-s hue-${each.hue}`);
  if (each.photo) element.append(Object.assign(new Image(), { src: `/photos/${each.photo}`, alt: "" }));
  return element;
}

// What the server says to a script; null when it says no or cannot be reached.
export async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null;
  }
}
