/**
 * Says the viewer's own time after every <time data-local> whose wall clock differs from the conference's.
 * Reads <html lang> and <body data-zone data-your-time>; writes text only.
 */
const { zone, yourTime } = document.body.dataset;

function clock(moment, timeZone) {
  const options = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, options).format(moment);
}

function annotate(root) {
  for (const time of root.querySelectorAll("time[data-local][datetime]")) {
    const moment = new Date(time.dateTime);
    if (time.dataset.localDone !== undefined || Number.isNaN(moment.getTime())) continue;
    time.dataset.localDone = "";
    const own = clock(moment, undefined);
    if (own === clock(moment, zone)) continue;
    const note = document.createElement("span");
    note.className = "your-time";
    note.textContent = ` (${yourTime} ${own})`;
    time.after(note);
  }
}

if (zone && yourTime) {
  annotate(document);
  document.addEventListener("htmx:load", (event) => annotate(event.target));
}
