/**
 * What stands in the forms of a page that is left without sending them stands there again when it is shown in another
 * language, and when the reader comes back to it. Pages about people are stored by no browser, so it cannot give back
 * what was typed by itself. Kept in this tab alone, and no longer than until then; secrets and files are not.
 *
 * Without scripts the language switch sends the form along (website/left_forms); with them it takes along all forms of
 * the page, and the browser's history has no page that was sent. The steps of a registration keep theirs on the server
 * (kept-form.js).
 */
const KEY = `typed ${location.pathname}${location.search}`;
const SWITCHED = "typed: another language";
const UNTYPED = new Set(["password", "file", "submit", "button", "reset", "image"]);
const TOKEN = "csrfmiddlewaretoken";
const forms = [...document.querySelectorAll("#main form[method=post]:not(#step)")];
const fields = forms
  .flatMap((form) => [...form.elements])
  .filter((one) => "value" in one && one.name && one.name !== TOKEN && !UNTYPED.has(one.type));
const controls = fields.filter((one) => one.type !== "hidden");
// What a form was written from is in these: what another tab saved meanwhile is still seen when it is sent.
const hidden = fields.filter((one) => one.type === "hidden");
const isTick = (one) => one.type === "checkbox" || one.type === "radio";
const states = () =>
  controls.map((one) => {
    if (isTick(one)) return one.checked;
    return one.multiple ? [...one.selectedOptions].map((option) => option.value) : one.value;
  });
const named = fields.map((one) => one.name).join();

function put(one, state) {
  if (isTick(one)) one.checked = state;
  else if (Array.isArray(state)) for (const option of one.options ?? []) option.selected = state.includes(option.value);
  else one.value = state;
}

for (const button of document.querySelectorAll(".site-header .language-switch button[formaction]")) {
  for (const name of ["form", "formaction", "formmethod", "formenctype", "formnovalidate"]) button.removeAttribute(name);
  button.name = "language";
  button.value = button.lang;
}

const before = JSON.stringify(states());
let sent = false;

const kept = sessionStorage.getItem(KEY);
const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
if (kept && (isBack || sessionStorage.getItem(SWITCHED) === KEY)) {
  const typed = JSON.parse(kept);
  if (typed.named === named) {
    controls.forEach((one, place) => put(one, typed.states[place]));
    hidden.forEach((one, place) => put(one, typed.written[place]));
  }
}
sessionStorage.removeItem(SWITCHED);
sessionStorage.removeItem(KEY);

addEventListener("submit", (event) => {
  sent = forms.includes(event.target) && !event.defaultPrevented;
  const path = new URL(event.target.action, location.href).pathname;
  if (event.target.matches(".language-switch")) sessionStorage.setItem(SWITCHED, KEY);
  // Whoever signs out or has themselves erased leaves nothing in the tab either.
  if (/\/(sign-out|logout|erase)\/$/.test(path)) sessionStorage.clear();
});
addEventListener("pagehide", () => {
  const now = states();
  if (sent || JSON.stringify(now) === before) return;
  sessionStorage.setItem(KEY, JSON.stringify({ named, states: now, written: hidden.map((one) => one.value) }));
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  sent = false;
  sessionStorage.removeItem(KEY);
});
