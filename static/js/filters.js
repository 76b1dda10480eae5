/** Sends a filter form when a choice changes. Typing in the search field is left to htmx or to the button. */
document.addEventListener("change", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form[data-auto-submit]") : null;
  if (form instanceof HTMLFormElement && !(event.target instanceof HTMLInputElement && event.target.type === "search")) {
    form.requestSubmit();
  }
});
