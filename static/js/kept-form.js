/**
 * What stands in a step of the registration when its page is left in any other way than by a button (the browser's Back,
 * a link, another address, a closed tab) is sent to be kept, as a button would: the step shows it again. Pages about one
 * person are stored by no browser, so it could not give back what was typed by itself.
 */
const form = document.getElementById("step");
if (form instanceof HTMLFormElement) {
  const typed = () => new URLSearchParams(new FormData(form));
  const before = typed().toString();
  let sent = false;
  form.addEventListener("submit", () => {
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false;
  });
  addEventListener("pagehide", () => {
    const now = typed();
    if (sent || now.toString() === before) return;
    now.set("keep", "");
    fetch(location.pathname, { method: "POST", body: now, keepalive: true });
  });
}
