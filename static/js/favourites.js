/**
 * Favourites without registering: codes of sessions, kept in this browser under the name of the conference.
 * The programme gets a star for each session and a switch; "My sessions" offers to make wishes of them, once.
 */
const KEY = `plenary-favourites:${document.body.dataset.conference}`;
const MOST = 200;
const CODE = /\/sessions\/([\w-]+)\/$/;
let only = false;

/** The codes that are kept, the first marked first; null where this browser keeps nothing for anybody. */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((code) => typeof code === "string" && /^[\w-]+$/.test(code)) : [];
  } catch (error) {
    // Not ours, or storage is switched off (SecurityError): as if there were none, and none are offered.
    if (error instanceof SyntaxError) return [];
    if (error instanceof DOMException) return null;
    throw error;
  }
}

function keep(codes) {
  try {
    if (codes.length) localStorage.setItem(KEY, JSON.stringify(codes.slice(0, MOST)));
    else localStorage.removeItem(KEY);
  } catch (error) {
    // Full, or switched off meanwhile: the star stays as it was.
    if (!(error instanceof DOMException)) throw error;
  }
}

function star(title, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "star";
  button.setAttribute("aria-label", `${words}: ${title.trim()}`);
  const SVG = document.getElementById("icon-star").namespaceURI;
  const icon = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#icon-star");
  icon.append(use);
  button.append(icon);
  return button;
}

/** Every session that is shown with its element and code. Breaks are nobody's favourites. */
function* shown() {
  for (const entry of document.querySelectorAll(".entry:not([data-break])")) {
    const link = entry.querySelector(".entry-title a");
    const code = CODE.exec(new URL(link.href).pathname)?.[1];
    if (code) yield [entry, code, link.textContent];
  }
  const head = document.querySelector("[data-favourite-code]");
  if (head) yield [head, head.dataset.favouriteCode, document.querySelector("h1").textContent];
}

function show() {
  const codes = kept();
  const bar = document.querySelector("[data-favourites]");
  if (!bar || codes === null) return;
  for (const [element, code, title] of shown()) {
    let button = element.querySelector(".star");
    if (!button) {
      button = star(title, bar.dataset.mark);
      button.addEventListener("click", () => {
        const now = kept() ?? [];
        keep(now.includes(code) ? now.filter((one) => one !== code) : [...now, code]);
        show();
      });
      element.append(button);
      // There is room for words where there is but one.
      if (element === bar) button.append(bar.dataset.mark);
    }
    button.setAttribute("aria-pressed", String(codes.includes(code)));
    element.toggleAttribute("data-favourite", codes.includes(code));
  }
  bar.hidden = false;
  for (const count of bar.querySelectorAll("[data-count]")) count.textContent = codes.length;
  bar.querySelector("[data-only]")?.setAttribute("aria-pressed", String(only));
  for (const timetable of document.querySelectorAll(".timetable")) {
    // A grid with holes would be mostly empty.
    if (timetable.hasAttribute("data-grid")) timetable.dataset.hadGrid = "";
    timetable.toggleAttribute("data-only", only);
    timetable.toggleAttribute("data-grid", !only && "hadGrid" in timetable.dataset);
  }
}

function offer() {
  const form = document.querySelector("[data-take-favourites]");
  if (!form) return;
  const address = new URL(location.href);
  if (address.searchParams.get("favourites") === "taken") {
    const left = (address.searchParams.get("left") ?? "").split(",");
    keep((kept() ?? []).filter((code) => left.includes(code)));
    address.searchParams.delete("favourites");
    address.searchParams.delete("left");
    history.replaceState(history.state, "", address);
  }
  const codes = kept() ?? [];
  form.hidden = codes.length === 0;
  form.elements.codes.value = codes.join(",");
  form.querySelector("[data-count]").textContent = codes.length;
  form.querySelector("[data-forget]").addEventListener("click", () => {
    keep([]);
    form.hidden = true;
  });
}

function tick() {
  const offered = document.querySelector("[data-tick-favourites]");
  const codes = kept() ?? [];
  if (!offered || codes.length === 0) return;
  offered.hidden = false;
  offered.querySelector("button").addEventListener("click", () => {
    for (const box of offered.parentElement.querySelectorAll('input[type="checkbox"]')) {
      if (codes.includes(box.value) && !box.checked) box.click();
    }
  });
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element && event.target.closest("[data-favourites] [data-only]"))) return;
  only = !only;
  show();
});
document.addEventListener("htmx:load", show);
window.addEventListener("storage", (event) => {
  if (event.key === KEY) show();
});
show();
offer();
tick();
