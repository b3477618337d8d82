// The composer with scripts: the plain form becomes an editor, whose text is kept on the server as it is typed.
import { ask, Choices, portrait, words } from "/static/composer-choices.js";
import { People } from "/static/composer-people.js";

// What writing takes comes when somebody turns to it: a page that is only read does not wait for it.
const edit = {};
let coming;
const writing = () => (coming ??= Promise.all(["editor", "files", "keeping"].map((each) => import(`/static/composer-${each}.js`))).then((parts) => Object.assign(edit, ...parts)));
const load = () => writing().then(() => edit.load());

const FIELDS = { forward: ["forward_to", "forward_cc"] };
const USUAL = ["to", "cc", "bcc"];

class DeskComposer extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form || this.opened) return;
    this.opened = true;
    // At rest nothing of it is seen yet: the conversation that somebody goes to is painted first.
    if (this.kind) this.begin();
    else requestAnimationFrame(() => setTimeout(() => this.isConnected && this.begin()));
  }

  begin() {
    const some = (selector) => this.querySelector(selector);
    Object.assign(this, { textarea: some("textarea"), saved: some("[data-saved-at]"), subject: some("[name=subject]"), conflict: some(".composer-conflict"), none: some(".composer-none") });
    this.choices = new Choices(some("#c-choices"));
    this.recipients();
    this.form.addEventListener("change", (event) => event.target.name === "kind" && this.open());
    this.form.addEventListener("pointerover", load, { once: true });
    this.form.addEventListener("focusin", load, { once: true });
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("keydown", (event) => this.shortcut(event));
    some("[data-put-away]")?.addEventListener("click", () => this.putAway());
    // Keys go on moving between conversations where a draft stands open, until somebody turns to it.
    if (this.kind) this.open({ focus: Boolean(some(".stop:not([hidden]), .guard")) });
    if (this.subject && !this.people.to.values.length) this.people.to.field.focus();
  }

  disconnectedCallback() {
    this.keeper?.end();
  }

  get kind() {
    return this.form.querySelector("[name=kind]:checked, [name=kind][type=hidden]")?.value ?? "";
  }

  recipients() {
    const box = new Choices(this.querySelector("#c-people"));
    this.people = {};
    for (const plain of this.querySelectorAll("[data-people]")) this.people[plain.name] = new People(plain, this.dataset.lists, box, () => this.changed());
    const more = this.querySelector("[data-more-people]");
    const rows = [...this.querySelectorAll(".more-people")];
    for (const row of rows) row.hidden = !row.querySelector("input").value;
    more.hidden = rows.every((row) => !row.hidden);
    more.addEventListener("click", () => {
      for (const row of rows) row.hidden = false;
      more.hidden = true;
      rows.find((row) => row.checkVisibility())?.querySelector("[role=combobox]").focus();
    });
    this.more = { more, rows };
  }

  // The plain field takes what is typed until the editor is there.
  async open({ focus = true } = {}) {
    const put = this.querySelector("[data-put-away]");
    if (put) put.hidden = false;
    if (this.editor) return this.show(this.kind, focus);
    if (focus) this.textarea.focus();
    this.making ??= this.make();
    await this.making;
  }

  async make() {
    const [Squire, drafts] = await Promise.all([load(), ask(this.dataset.base)]);
    if (!drafts || !this.isConnected) return; // the plain form still works
    const typed = this.textarea.value === this.textarea.defaultValue ? "" : this.textarea.value;
    const focused = document.activeElement === this.textarea;
    const root = document.createElement("div");
    root.className = "composer-edit";
    root.id = "answer";
    for (const [name, value] of Object.entries({ role: "textbox", "aria-multiline": "true", "aria-label": this.textarea.dataset.label, "aria-controls": "c-choices", "aria-haspopup": "listbox" })) root.setAttribute(name, value);
    this.form.querySelector("label[for=answer]").remove();
    this.textarea.replaceWith(root);
    this.root = root;
    root.addEventListener("keydown", (event) => this.choices.key(event), true);
    this.files = new edit.Files(this, (html) => this.editor.insertHTML(html));
    this.editor = edit.begin(Squire, root, (files) => this.files.add(files, true));
    this.keeper = new edit.Keeper(this, drafts);
    this.tools();
    this.editor.addEventListener("input", () => this.edited());
    this.editor.addEventListener("pathChange", () => this.mark());
    this.subject?.addEventListener("input", () => this.changed());
    this.show(this.kind, focused);
    if (typed) this.type(typed);
  }

  type(typed) {
    this.editor.moveCursorToEnd();
    this.editor.insertPlainText(typed, false);
    this.changed();
  }

  show(kind, focus) {
    this.keeper.flush();
    this.shown = kind;
    this.draw(this.keeper.drafts[kind]);
    if (!focus) return;
    this.editor.focus();
    this.editor.moveCursorToEnd();
  }

  // A draft as the server has it.
  draw(draft) {
    this.editor.setHTML(draft.html || "");
    this.html = this.editor.getHTML();
    for (const [at, name] of (FIELDS[draft.kind] ?? USUAL).entries()) this.people[name]?.set(draft[USUAL[at]]);
    if (this.subject) this.subject.value = draft.subject;
    this.files.draw(draft.files);
    for (const row of this.more.rows) if (row.querySelector("input[type=hidden]").value) row.hidden = false;
    this.conflict.hidden = true;
    this.keeper.tell();
  }

  // What is in the composer now, as the server takes it.
  now() {
    const fields = { kind: this.shown, html: edit.text(this.editor), subject: this.subject?.value ?? "" };
    for (const name of FIELDS[this.shown] ?? USUAL) if (this.people[name] && this.shown !== "note") fields[name] = this.people[name].values.join(", ");
    return fields;
  }

  get isEmpty() {
    return !this.root.textContent.replaceAll("\u200b", "").trim() && !this.root.querySelector("img");
  }

  changed() {
    if (this.editor) this.keeper.changed();
  }

  // The editor speaks up for more than its text.
  edited() {
    const html = this.editor.getHTML();
    if (html === this.html) return;
    this.html = html;
    this.keeper.changed();
    this.complete();
  }

  // Saved replies by #, people by @ in notes.
  async complete() {
    const sign = this.shown === "note" && edit.wordAt(this.editor, "@") ? "@" : "#";
    const word = this.shown === "forward" ? null : edit.wordAt(this.editor, sign);
    this.choices.hide(); // what was offered for another word is not to be taken by a quick hand
    if (!word || sign === "@") this.none.hidden = true;
    if (!word || document.activeElement !== this.root) return;
    const answer = await ask(`${this.dataset.lists}/${sign === "@" ? "people" : "replies"}?q=${encodeURIComponent(word.text)}`);
    const again = edit.wordAt(this.editor, sign);
    if (again?.text !== word.text) return;
    const found = answer ?? [];
    if (sign === "#" && !word.text) this.none.hidden = answer?.length !== 0; // nothing at all there
    const draw = sign === "@" ? (each) => [portrait(each), words(each.name), words(`@${each.value}`, "quiet push")] : (each) => [words(each.name, "medium"), words(each.preview, "quiet cut")];
    this.choices.show(found, this.root, draw, (each) => (sign === "@" ? this.mention(each) : this.reply(each)));
  }

  take(sign) {
    const word = edit.wordAt(this.editor, sign);
    if (word) this.editor.setSelection(word.range);
  }

  mention(person) {
    this.take("@");
    this.editor.insertPlainText(`@${person.value} `, false);
  }

  async reply(saved) {
    const its = this.dataset.conversation ? `?conversation=${this.dataset.conversation}` : "";
    const found = await ask(`${this.dataset.lists}/replies/${saved.value}${its}`);
    if (!found) return;
    this.editor.focus();
    this.take("#");
    this.editor.insertHTML(found.html);
    this.changed();
  }

  tools() {
    const bar = this.querySelector(".composer-format");
    const toggle = this.querySelector("[data-toggle-format]");
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      bar.hidden = !bar.hidden;
      toggle.setAttribute("aria-expanded", String(!bar.hidden));
    });
    bar.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
    bar.addEventListener("click", (event) => {
      const act = event.target.closest("[data-format]")?.dataset.format;
      if (act === "link") this.link(bar);
      else if (act) edit.format(this.editor, act);
      if (act) this.mark();
    });
    for (const button of this.querySelectorAll("[data-insert]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        this.editor.focus();
        const { startContainer, startOffset } = this.editor.getSelection();
        const joins = startContainer.nodeType === Node.TEXT_NODE && /\S$/.test(startContainer.data.slice(0, startOffset));
        this.editor.insertPlainText((joins ? " " : "") + button.dataset.insert, false);
        this.changed();
      });
    }
  }

  link(bar) {
    if (edit.has(this.editor, "link")) return this.editor.removeLink();
    const range = this.editor.getSelection();
    const field = document.createElement("input");
    Object.assign(field, { className: "input", type: "url", placeholder: "https://" });
    field.setAttribute("aria-label", this.dataset.address);
    const box = words("", "composer-link");
    box.append(field);
    bar.append(box);
    field.focus();
    let over = false;
    const done = (goes) => {
      if (over) return;
      over = true; // taking it away is a blur, too
      box.remove();
      this.editor.focus();
      this.editor.setSelection(range);
      const address = field.value.trim();
      if (goes && address) this.editor.makeLink(/^(?:https?|mailto|tel):/i.test(address) ? address : `https://${address}`);
    };
    field.addEventListener("blur", () => done(false));
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      done(event.key === "Enter");
    });
  }

  mark() {
    for (const button of this.querySelectorAll("[data-format]")) button.setAttribute("aria-pressed", String(edit.has(this.editor, button.dataset.format)));
  }

  shortcut(event) {
    if (event.key === "Escape" && !event.defaultPrevented && this.contains(document.activeElement)) document.activeElement.blur();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    const closes = event.shiftKey && this.querySelector("button[name=status][value=closed]");
    const main = [...this.querySelectorAll("[data-main]")].find((each) => each.checkVisibility());
    this.form.requestSubmit(closes || main);
  }

  async submit(event) {
    if (!this.editor || this.goes) return;
    event.preventDefault();
    for (const each of Object.values(this.people)) each.take();
    if (this.isEmpty) {
      this.files.fail(this.dataset.empty);
      return this.editor.focus();
    }
    // Keys wait for what comes of it from here on.
    let over;
    document.dispatchEvent(new CustomEvent("page:asked", { detail: new Promise((done) => (over = done)) }));
    document.activeElement.blur();
    const stay = () => {
      this.goes = this.form.inert = false;
      over(false);
      if (this.isConnected) this.editor.focus();
    };
    if (!(await this.keeper.settled())) return stay();
    const hidden = (name, value) => {
      const field = this.form.querySelector(`input[type=hidden][name="${name}"]`) ?? this.form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
      field.value = value;
    };
    hidden("html", edit.text(this.editor));
    for (const draft of Object.values(this.keeper.drafts)) hidden(`version_${draft.kind}`, draft.version ?? "");
    this.goes = true;
    let inPlace = false;
    const asked = ({ detail: shown }) => {
      inPlace = this.form.inert = true;
      shown.then((is) => is || stay());
    };
    document.addEventListener("page:asked", asked);
    this.form.requestSubmit(event.submitter);
    document.removeEventListener("page:asked", asked);
    if (!inPlace) setTimeout(stay, 3000); // in case that the browser goes nowhere
  }

  putAway() {
    this.keeper?.flush();
    const open = this.form.querySelector("[name=kind]:checked");
    if (open) open.checked = false;
    this.querySelector("[data-put-away]").hidden = true;
    document.activeElement.blur();
  }

  // Another tab or device saved this draft meanwhile.
  meet(draft) {
    const gone = draft.version === null;
    this.conflict.querySelector("[data-theirs]").replaceChildren(edit.clean(draft.html));
    this.conflict.querySelector("[data-gone]").hidden = !gone;
    this.conflict.hidden = false;
    for (const button of this.conflict.querySelectorAll("[data-keep]")) {
      button.hidden = gone && button.dataset.keep !== "mine";
      button.onclick = () => this.decide(button.dataset.keep, draft);
    }
  }

  decide(kept, draft) {
    const mine = edit.text(this.editor);
    this.keeper.drafts[draft.kind] = { ...this.keeper.drafts[draft.kind], version: draft.version, files: draft.files };
    this.conflict.hidden = true;
    this.keeper.conflicts = false;
    if (kept === "theirs") return this.keeper.replace(draft);
    if (kept === "both") this.editor.setHTML(`${draft.html}<hr>${mine}`);
    this.keeper.changed();
  }
}

// What was done, for as long as it can be undone; what cannot be, for as long as it takes to read it.
const READ = 8;

class DeskToast extends HTMLElement {
  connectedCallback() {
    const seconds = Number(this.dataset.seconds) || (this.matches("main.desk > .toast-place > :not(.told-warn):not(:has(form))") ? READ : 0);
    if (!seconds || this.begun) return;
    this.begun = true;
    const until = Date.now() + seconds * 1000;
    const bar = this.querySelector("rect");
    const tick = () => {
      const left = Math.max(0, until - Date.now()) / 1000;
      bar?.setAttribute("width", String((left / seconds) * 100));
      if (left && this.isConnected) return setTimeout(tick, 250);
      if (this.matches("main.desk *")) this.parentElement.remove();
      else for (const form of this.querySelectorAll("form")) form.remove();
    };
    tick();
  }
}

customElements.define("desk-composer", DeskComposer);
customElements.define("desk-toast", DeskToast);
