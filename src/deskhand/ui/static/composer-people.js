// Recipients as chips. The plain field stays what the form sends; beside it one types, and is offered whom we know.
import { ask, words } from "/static/composer-choices.js";

const ADDRESS = /^[^\s@<>,;]+@[^\s@<>,;]+$/;
const split = (text) => text.split(/[,;\n]/).map((each) => each.trim()).filter(Boolean);
const bare = (text) => (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim();

export class People {
  constructor(plain, lists, choices, changed) {
    Object.assign(this, { plain, lists, choices, changed });
    this.field = plain.cloneNode();
    this.field.removeAttribute("name");
    this.field.removeAttribute("data-people");
    this.field.value = "";
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": choices.box.id })) this.field.setAttribute(name, value);
    plain.removeAttribute("id");
    plain.type = "hidden";
    plain.after(this.field);
    this.set(split(plain.value));
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => this.take());
    this.field.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!/[,;\n@]/.test(text)) return;
      event.preventDefault();
      this.add(split(text));
    });
  }

  get values() {
    return split(this.plain.value);
  }

  // What is still being typed counts as well.
  get all() {
    return [...this.values, ...split(this.field.value).map(bare)];
  }

  set(values) {
    this.plain.value = values.join(", ");
    for (const each of [...this.plain.parentElement.querySelectorAll(".person")]) each.remove();
    this.plain.before(...values.map((value) => this.chip(value)));
  }

  chip(value) {
    const chip = words(`${value} `, ADDRESS.test(value) ? "person" : "person is-wrong");
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", this.plain.dataset.remove.replace("{0}", value));
    button.textContent = "×";
    button.addEventListener("click", () => this.remove(value));
    chip.append(button);
    return chip;
  }

  add(values) {
    const known = new Set(this.values.map((each) => each.toLowerCase()));
    const added = values.map(bare).filter((each) => each && !known.has(each.toLowerCase()));
    this.field.value = "";
    this.choices.hide();
    if (!added.length) return;
    this.set([...this.values, ...added]);
    this.changed();
  }

  remove(value) {
    this.set(this.values.filter((each) => each !== value));
    this.changed();
    this.field.focus();
  }

  take() {
    this.choices.hide();
    this.add(split(this.field.value));
  }

  key(event) {
    if (this.choices.field === this.field && this.choices.key(event)) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.take();
    } else if (event.key === "Backspace" && !this.field.value && this.values.length) this.remove(this.values.at(-1));
  }

  typed() {
    clearTimeout(this.waits);
    if (/[,;]/.test(this.field.value)) return this.take();
    const text = this.field.value.trim();
    if (text.length < 2) return this.choices.hide();
    this.waits = setTimeout(async () => {
      const found = (await ask(`${this.lists}/recipients?q=${encodeURIComponent(text)}`)) ?? [];
      if (text !== this.field.value.trim() || document.activeElement !== this.field) return;
      this.choices.show(found, this.field, (each) => [words(each.name || each.value, "medium"), words(each.name ? each.value : "", "quiet push cut")], (each) => this.add([each.value]));
    }, 120);
  }
}
