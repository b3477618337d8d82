// The form that builds a workflow: its buttons and some of its choices draw it anew, here without leaving the page. Without
// scripts the same buttons load it whole.
let newest = 0;

async function redraw(form, button) {
  const turn = ++newest;
  const sent = new URLSearchParams(new FormData(form));
  sent.append("do", button ? button.value : "again");
  const answer = await fetch(form.dataset.draft, { method: "POST", body: sent }).catch(() => null);
  if (turn !== newest) return;
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const drawn = page && page.getElementById("builder");
  if (!drawn) {  // signed out, or gone: the page itself says so
    if (button) form.requestSubmit(button);
    return;
  }
  const focused = document.activeElement && document.activeElement.id;
  const before = new Set([...document.querySelectorAll("#builder select, #builder input")].map((each) => each.id));
  document.getElementById("builder").replaceWith(drawn);
  const added = [...drawn.querySelectorAll("select, input:not([type=hidden])")].find((each) => each.id && !before.has(each.id));
  const next = (focused && document.getElementById(focused)) || (button && added);
  const wrong = drawn.querySelector(".field-error");
  const tries = button && button.value === "try";
  const last = next || (button && drawn.querySelector(tries ? 'button[value="try"]' : 'button[value="row:"]'));
  if (last) last.focus({ preventScroll: true });
  if (wrong) wrong.scrollIntoView({ block: "center" });
  else if (tries) show(drawn.querySelector("#trial"));
}

// To what was found, unless it is well in sight already.
function show(heading) {
  const { top } = heading.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) heading.scrollIntoView({ block: "start" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("#builder button[formaction]");
  if (!button || event.defaultPrevented) return;
  event.preventDefault();
  redraw(button.form, button);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("#builder [data-again]")) redraw(event.target.form);
});
