// What is typed is kept on the server: one saving at a time, each going on from the version of the last.
import { ask } from "/static/composer-choices.js";

const REST = 700; // milliseconds without a key
const AGAIN = 5000;

export class Keeper {
  constructor(composer, drafts) {
    this.composer = composer;
    this.drafts = Object.fromEntries(drafts.map((each) => [each.kind, each]));
    for (const each of drafts) each.at = each.version === null ? null : Date.now() - each.ago * 1000;
    this.running = Promise.resolve();
    this.dirty = this.conflicts = this.fails = false;
    this.look = () => document.visibilityState === "visible" && this.refresh();
    document.addEventListener("visibilitychange", this.look);
    window.addEventListener("focus", this.look);
    this.leave = () => this.dirty && this.flush();
    window.addEventListener("pagehide", this.leave);
    this.clock = setInterval(() => this.tell(), 1000);
  }

  end() {
    this.flush();
    clearInterval(this.clock);
    document.removeEventListener("visibilitychange", this.look);
    window.removeEventListener("focus", this.look);
    window.removeEventListener("pagehide", this.leave);
  }

  get draft() {
    return this.drafts[this.composer.shown];
  }

  changed() {
    this.dirty = true;
    clearTimeout(this.waits);
    this.waits = setTimeout(() => this.flush(), REST);
  }

  // Save what is in the composer now, behind what is being saved.
  flush() {
    clearTimeout(this.waits);
    if (!this.dirty || !this.draft) return this.running;
    this.dirty = false;
    const { draft, composer } = this;
    if (draft.version === null && composer.isEmpty) return this.running;
    const fields = composer.now();
    // What is empty again is no draft any more.
    const gone = composer.isEmpty && !fields.subject && !draft.files.length;
    Object.assign(draft, { html: fields.html, subject: fields.subject, ...people(fields, draft.kind) });
    this.running = this.running.then(() => this.save(draft, fields, gone ? "/drop" : ""));
    return this.running;
  }

  async save(draft, fields, act = "") {
    if (this.conflicts) return void (this.dirty = true);
    this.say(this.composer.dataset.saving);
    try {
      const body = new URLSearchParams({ ...fields, version: this.drafts[draft.kind].version ?? "" });
      const answer = await fetch(this.composer.dataset.base + act, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: body.toString().length < 60000 });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const { current, version } = await answer.json();
      if (current) return this.meet(current);
      Object.assign(this.drafts[draft.kind], { version, at: version === null ? null : Date.now() });
      this.fails = false;
    } catch {
      this.dirty = this.fails = true;
      this.waits = setTimeout(() => this.flush(), AGAIN);
    }
    this.tell();
  }

  // A draft of which files are part has to be there first.
  async begun() {
    if (this.draft.version === null) {
      const fields = this.composer.now();
      this.running = this.running.then(() => this.draft.version === null && this.save(this.draft, fields));
    }
    await this.flush();
    return this.draft.version !== null && !this.conflicts;
  }

  // Whether all that was typed is kept, so that it can be sent.
  async settled() {
    this.dirty = true;
    await this.flush();
    await this.running;
    return !this.conflicts;
  }

  meet(current) {
    if (current.kind === this.composer.shown && same(current, this.composer.now())) {
      Object.assign(this.drafts[current.kind], { version: current.version, files: current.files, at: Date.now() });
      return this.tell();
    }
    this.conflicts = true;
    this.dirty = true;
    this.composer.meet(current);
  }

  // The same on another device: what that left is shown here, unless something is typed here that it does not know.
  async refresh() {
    if (this.dirty || this.conflicts || !this.draft) return;
    const drafts = (await ask(this.composer.dataset.base)) ?? [];
    for (const each of drafts) {
      if (each.version === this.drafts[each.kind].version || this.dirty) continue;
      this.replace(each);
    }
  }

  replace(draft) {
    draft.at = draft.version === null ? null : Date.now() - draft.ago * 1000;
    this.drafts[draft.kind] = draft;
    this.dirty = false;
    if (draft.kind === this.composer.shown) this.composer.draw(draft);
  }

  tell() {
    const { dataset } = this.composer;
    if (this.fails) return this.say(dataset.failed);
    if (!this.draft?.at) return this.say("");
    const seconds = Math.round((Date.now() - this.draft.at) / 1000);
    if (seconds < 2) this.say(dataset.saved);
    else if (seconds < 90) this.say(dataset.ago.replace("{0}", seconds));
    else this.say(dataset.minutes.replace("{0}", Math.round(seconds / 60)));
  }

  say(text) {
    if (this.composer.saved.textContent !== text) this.composer.saved.textContent = text;
  }
}

function people(fields, kind) {
  const prefix = kind === "forward" ? "forward_" : "";
  const list = (name) => (fields[name] ?? "").split(", ").filter(Boolean);
  return { to: list(`${prefix}to`), cc: list(`${prefix}cc`), bcc: list("bcc") };
}

const plain = (html) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
const same = (current, fields) => plain(current.html) === plain(fields.html) && current.subject === fields.subject && JSON.stringify(people(fields, current.kind)) === JSON.stringify({ to: current.to, cc: current.cc, bcc: current.bcc });
