/** Sends a filter form when a choice changes. Typing in the search field is left to htmx or to the button. */
document.addEventListener("change", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form[data-auto-submit]") : null;
  if (form instanceof HTMLFormElement && !(event.target instanceof HTMLInputElement && event.target.type === "search")) {
    form.requestSubmit();
  }
});

/**
 * The language switch takes along what stands in the search of the page, sent or not, and where htmx has led since the
 * page came. Without scripts its buttons send the search itself.
 */
const switches = [...document.querySelectorAll(".site-header .language-switch button[formaction]")];
const searched = switches.map((button) => button.form).find((form) => form?.method === "get")?.id;
for (const button of searched ? switches : []) {
  for (const name of ["form", "formaction", "formmethod", "formenctype", "formnovalidate"]) button.removeAttribute(name);
  button.name = "language";
  button.value = button.lang;
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches(".site-header .language-switch")) return;
  const asked = new URLSearchParams(location.search);
  // htmx may have put another in its place.
  const search = searched && document.getElementById(searched);
  const said = search instanceof HTMLFormElement ? [...new FormData(search)] : [];
  const now = new URLSearchParams(said.filter(([, value]) => value).map(([name, value]) => [name, String(value)]));
  // As website.site does: where nothing else is asked for, the page is the one it was. Nobody types what to come back to.
  const isAsked = ([name]) => name === "back" || now.getAll(name).join("\n") === asked.getAll(name).join("\n");
  form.elements.next.value = `${location.pathname}?${said.every(isAsked) ? asked : now}`.replace(/\?$/, "");
});
