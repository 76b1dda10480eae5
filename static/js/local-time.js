/**
 * Says the viewer's own time where a <time data-local> stands, if the wall clock differs from the conference's.
 * Reads <html lang> and <body data-zone data-your-time>; writes text only.
 */
const { zone, yourTime } = document.body.dataset;

function format(moment, timeZone, options) {
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, { ...options, timeZone }).format(moment);
}

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY_AND_CLOCK = { weekday: "short", ...CLOCK };

function annotate(root) {
  for (const time of root.querySelectorAll("time[data-local][datetime]")) {
    const moment = new Date(time.dateTime);
    if (time.dataset.localDone !== undefined || Number.isNaN(moment.getTime())) continue;
    time.dataset.localDone = "";
    if (format(moment, undefined, DAY_AND_CLOCK) === format(moment, zone, DAY_AND_CLOCK)) continue;
    const sameDay = format(moment, undefined, { weekday: "short" }) === format(moment, zone, { weekday: "short" });
    const note = document.createElement("span");
    note.className = "your-time";
    note.textContent = ` (${yourTime} ${format(moment, undefined, sameDay ? CLOCK : DAY_AND_CLOCK)})`;
    time.parentElement.append(note);
  }
}

/** The switch shows where any time is said in the viewer's zone as well: perhaps only once a further day is loaded. */
function offer() {
  const button = document.querySelector("[data-local-switch]");
  if (!button || !document.querySelector(".your-time")) return;
  if (button.parentElement.hidden) show(button, wanted());
  button.parentElement.hidden = false;
}

function show(button, isOn) {
  button.setAttribute("aria-pressed", String(isOn));
  document.body.toggleAttribute("data-conference-time-only", !isOn);
}

const KEPT = "plenary-your-time";

function wanted() {
  try {
    return localStorage.getItem(KEPT) !== "false";
  } catch (error) {
    if (error instanceof DOMException) return true;
    throw error;
  }
}

function press(button) {
  show(button, button.getAttribute("aria-pressed") !== "true");
  try {
    localStorage.setItem(KEPT, button.getAttribute("aria-pressed"));
  } catch (error) {
    // Storage is switched off: the choice holds for this page.
    if (!(error instanceof DOMException)) throw error;
  }
}

if (zone && yourTime) {
  annotate(document);
  offer();
  document.querySelector("[data-local-switch]")?.addEventListener("click", (event) => press(event.currentTarget));
  document.addEventListener("htmx:load", (event) => {
    annotate(event.target);
    offer();
  });
}
