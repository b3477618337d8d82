// A field of tags completes the one that is being typed, with the tags there are.
document.addEventListener("input", async (event) => {
  const field = event.target;
  if (!field.matches?.("input[data-tags]")) return;
  const before = field.value.replace(/[^,]*$/, "");
  const word = field.value.slice(before.length).trim();
  if (!word) return;
  const found = await fetch(`/search/complete?q=${encodeURIComponent(`tag:${/\s/.test(word) ? `"${word}` : word}`)}`);
  if (!found.ok || found.redirected || !field.isConnected) return;
  const made = new DOMParser().parseFromString(await found.text(), "text/html");
  const list = document.getElementById(`${field.id}-there`) ?? field.insertAdjacentElement("afterend", Object.assign(document.createElement("datalist"), { id: `${field.id}-there` }));
  field.setAttribute("list", list.id);
  const names = [...made.querySelectorAll("[data-text]")].map((each) => each.dataset.text.trim().replace(/^"|"$/g, ""));
  list.replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: `${before}${before ? " " : ""}${name}` })));
});
