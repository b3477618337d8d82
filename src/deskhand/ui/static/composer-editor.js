// The editor: Squire, with everything that comes into it cleaned by DOMPurify, whichever way it comes. Both are loaded when they
// are first needed. Only what survives mail programs is kept: no styles, no classes but ours, pictures of this draft alone.
const TAGS = ["a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "hr", "i", "img", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"];
const ATTRIBUTES = ["alt", "class", "colspan", "height", "href", "rowspan", "src", "start", "title", "width"];
const OURS = /^(?:\/conversation\/\d+|\/inboxes\/\d+)\/writing\/files\/\d+$/;
const CLASSES = /^variable(?: variable-open)?$/;
let loading;

export function load() {
  loading ??= Promise.all([import("/static/vendor/squire-rte/squire.mjs"), import("/static/vendor/dompurify/purify.min.js")]).then(([squire]) => {
    const purify = globalThis.DOMPurify;
    purify.addHook("afterSanitizeAttributes", (node) => {
      if (node.nodeName === "IMG" && !OURS.test(node.getAttribute("src") ?? "")) node.remove();
      if (node.hasAttribute?.("class") && !CLASSES.test(node.className)) node.removeAttribute("class");
    });
    return squire.default;
  });
  return loading;
}

export function clean(html) {
  // Styles go before anything is parsed: the policy of the page forbids them, and says so for each.
  const plain = html.replace(/<style\b[^>]*>[^]*?(?:<\/style\s*>|$)/gi, "").replace(/([\s"'/])style\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, "$1");
  const cleaned = globalThis.DOMPurify.sanitize(plain, { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ATTRIBUTES, ALLOW_DATA_ATTR: false, RETURN_DOM_FRAGMENT: true });
  return document.importNode(cleaned, true);
}

// `files` is told which files were pasted or dropped.
export function begin(Squire, root, files) {
  const editor = new Squire(root, { blockTag: "P", sanitizeToDOMFragment: clean });
  // What a browser would bring in by itself, it would bring in as it is.
  root.addEventListener("beforeinput", (event) => /^insertFrom(?:Drop|Paste|Yank)/.test(event.inputType) && event.preventDefault(), true);
  root.addEventListener("drop", (event) => {
    const types = event.dataTransfer?.types ?? [];
    if (!types.includes("text/html") && !types.includes("text/plain")) event.preventDefault();
  });
  editor.addEventListener("pasteImage", (event) => files([...event.detail.clipboardData.files]));
  root.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    if (!data?.files.length || data.types.includes("text/html") || data.types.includes("text/plain")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    files([...data.files]);
  }, true);
  return editor;
}

// The text as it is kept: without the marks that only the editor needs.
export function text(editor) {
  const box = document.createElement("template");
  box.innerHTML = editor.getHTML();
  for (const each of box.content.querySelectorAll("span.variable")) each.replaceWith(...each.childNodes);
  for (const each of box.content.querySelectorAll("p > br:last-child")) if (each.previousSibling) each.remove();
  return box.innerHTML;
}

const LISTS = { list: ["UL", "makeUnorderedList"], numbers: ["OL", "makeOrderedList"] };
const MARKS = { bold: ["B", "bold", "removeBold"], italic: ["I", "italic", "removeItalic"], underline: ["U", "underline", "removeUnderline"] };

export function has(editor, act) {
  const tag = { ...LISTS, ...MARKS, quote: ["BLOCKQUOTE"], link: ["A"] }[act]?.[0];
  if (act === "code") return editor.hasFormat("CODE") || editor.hasFormat("PRE");
  return Boolean(tag) && editor.hasFormat(tag);
}

export function format(editor, act) {
  const on = has(editor, act);
  if (MARKS[act]) editor[MARKS[act][on ? 2 : 1]]();
  else if (LISTS[act]) on ? editor.removeList() : editor[LISTS[act][1]]();
  else if (act === "quote") on ? editor.decreaseQuoteLevel() : editor.increaseQuoteLevel();
  else if (act === "code") editor.toggleCode();
  else if (act === "clear") editor.removeAllFormatting();
}

// What stands before the caret in its piece of text, and the range of a word there that begins with a sign.
export function wordAt(editor, sign) {
  const range = editor.getSelection();
  const node = range.startContainer;
  if (!range.collapsed || node.nodeType !== Node.TEXT_NODE) return null;
  const found = new RegExp(`(?:^|[\\s\\u200b(])${sign}([\\p{L}\\p{N} ._-]{0,40})$`, "u").exec(node.data.slice(0, range.startOffset));
  if (!found || / .* /.test(found[1])) return null;
  const whole = document.createRange();
  whole.setStart(node, range.startOffset - found[1].length - 1);
  whole.setEnd(node, range.startOffset);
  return { text: found[1], range: whole };
}
