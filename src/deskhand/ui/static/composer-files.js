// Files that go along: sent at once when they are chosen, pasted or dropped, with how far they are.

const PICTURES = /^image\/(?:png|jpeg|gif|webp)$/;

export class Files {
  constructor(composer, insert) {
    Object.assign(this, { composer, insert });
    this.list = composer.querySelector(".composer-files");
    this.template = composer.querySelector("template[data-file]");
    this.problem = composer.querySelector(".composer-problem");
    const field = composer.querySelector("[name=files]");
    field.addEventListener("change", () => {
      const files = [...field.files];
      field.value = "";
      this.add(files, false);
    });
    const { form } = composer;
    const brings = (event) => event.dataTransfer?.types.includes("Files");
    form.addEventListener("dragover", (event) => {
      if (!brings(event)) return;
      event.preventDefault();
      form.classList.add("is-over");
    });
    form.addEventListener("dragleave", (event) => form.contains(event.relatedTarget) || form.classList.remove("is-over"));
    form.addEventListener("drop", (event) => {
      form.classList.remove("is-over");
      if (!brings(event) || !event.dataTransfer.files.length) return;
      event.preventDefault();
      event.stopPropagation();
      this.add([...event.dataTransfer.files], true);
    }, true);
  }

  draw(files) {
    this.list.replaceChildren(...files.map((each) => this.item(each)));
  }

  item(file) {
    const item = this.template.content.cloneNode(true).firstElementChild;
    item.querySelector("[data-name]").textContent = file.name;
    item.querySelector("[data-size]").textContent = file.size ?? "";
    if (file.is_image) item.querySelector(".file-kind").append(Object.assign(new Image(), { src: file.href, alt: "" }));
    const button = item.querySelector("button");
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace("{0}", file.name));
    button.addEventListener("click", () => this.remove(file, item));
    return item;
  }

  // One after another; a picture that was pasted or dropped stands in the text.
  async add(files, inText) {
    this.problem.hidden = true;
    const most = Number(this.composer.dataset.most);
    for (const file of files) {
      if (file.size > most) this.fail(this.composer.dataset.large.replace("{0}", file.name));
      else await this.send(file, inText && PICTURES.test(file.type));
    }
  }

  async send(file, inText) {
    const { keeper, shown, dataset } = this.composer;
    if (!(await keeper.begun())) return;
    const item = this.item({ name: file.name });
    const progress = document.createElement("progress");
    progress.max = 1;
    progress.setAttribute("aria-label", file.name);
    item.querySelector("[data-size]").append(progress);
    this.list.append(item);
    const body = new FormData();
    body.append("kind", shown);
    body.append("file", file, file.name || "picture.png");
    const request = new XMLHttpRequest();
    item.querySelector("button").addEventListener("click", () => request.abort());
    const kept = await new Promise((done) => {
      request.upload.onprogress = (event) => (progress.value = event.loaded / event.total);
      request.onload = () => done(request);
      request.onerror = request.onabort = () => done(null);
      request.open("POST", `${dataset.base}/files`);
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.send(body);
    });
    item.remove();
    if (!kept) return;
    if (kept.status !== 200) return this.fail(`${file.name}: ${kept.response?.message ?? kept.status}`);
    const [sent] = kept.response;
    keeper.drafts[shown].files.push(sent);
    if (shown !== this.composer.shown) return;
    this.list.append(this.item(sent));
    if (inText && sent.is_image) this.insert(`<img src="${sent.href}" alt="">`);
  }

  async remove(file, item) {
    if (!file.id) return;
    const { keeper, shown, dataset, root } = this.composer;
    item.remove();
    const { drafts } = keeper;
    drafts[shown].files = drafts[shown].files.filter((each) => each.id !== file.id);
    for (const each of root.querySelectorAll(`img[src="${file.href}"]`)) each.remove();
    await fetch(`${dataset.base}/detach`, { method: "POST", body: new URLSearchParams({ kind: shown, file: file.id }), headers: { Accept: "application/json" } }).catch(() => {});
  }

  fail(text) {
    this.problem.textContent = text;
    this.problem.hidden = false;
  }
}
