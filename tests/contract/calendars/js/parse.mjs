// Reads one JSON object a line, {"parser": ..., "text": ...}, and answers each with what that parser sees, as one line.
import { createInterface } from "node:readline";
import ICAL from "ical.js";
import nodeIcal from "node-ical";
import PostalMime from "postal-mime";
import { convertIcsCalendar } from "ts-ics";

const words = (value) => (value && typeof value === "object" && "val" in value ? value.val : value) ?? "";

function icalJs(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  // Only the VTIMEZONE of the file itself may explain its times.
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const value = (name) => component.getFirstPropertyValue(name);
    const instant = (name) => new Date(value(name).toUnixTime() * 1000).toISOString();
    return {
      uid: value("uid"),
      sequence: value("sequence"),
      status: value("status"),
      summary: value("summary"),
      description: value("description") ?? "",
      location: value("location") ?? "",
      url: value("url") ?? "",
      categories: component.getFirstProperty("categories")?.getValues() ?? [],
      start: instant("dtstart"),
      end: instant("dtend"),
      names: component.getAllProperties().map((property) => property.name.toUpperCase()),
    };
  });
  const zones = calendar.getAllSubcomponents("vtimezone").length;
  return {
    method: calendar.getFirstPropertyValue("method"),
    names: calendar.getAllProperties().map((property) => property.name.toUpperCase()),
    components: calendar.getAllSubcomponents().length - zones,
    events,
  };
}

function nodeIcalSync(text) {
  const parsed = Object.values(nodeIcal.sync.parseICS(text)).filter((part) => typeof part?.type === "string");
  const events = parsed.filter((part) => part.type === "VEVENT").map((event) => ({
    uid: event.uid,
    sequence: Number(event.sequence),
    status: event.status,
    summary: words(event.summary),
    description: words(event.description),
    location: words(event.location),
    url: words(event.url),
    categories: event.categories ?? [],
    start: event.start.toISOString(),
    end: event.end.toISOString(),
    names: Object.keys(event),
  }));
  const others = parsed.filter((part) => !["VEVENT", "VTIMEZONE", "VCALENDAR"].includes(part.type)).length;
  return { method: events.length ? parsed.find((part) => part.type === "VEVENT").method ?? null : null,
           names: [], components: events.length + others, events };
}

function tsIcs(text) {
  const calendar = convertIcsCalendar(undefined, text);
  const events = (calendar.events ?? []).map((event) => ({
    uid: event.uid,
    // It drops a sequence of 0, which is also the default (RFC 5545 3.8.7.4).
    sequence: event.sequence ?? 0,
    status: event.status,
    summary: event.summary,
    description: event.description ?? "",
    location: event.location ?? "",
    url: event.url ?? "",
    categories: event.categories ?? [],
    start: event.start.date.toISOString(),
    end: event.end.date.toISOString(),
    names: Object.keys(event),
  }));
  return { method: calendar.method ?? null, names: Object.keys(calendar), components: events.length, events };
}

async function postalMime(text) {
  const { subject, from, to, headers } = await PostalMime.parse(text);
  return { subject, from, to: to[0], headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])) };
}

const parsers = { "ical.js": icalJs, "node-ical": nodeIcalSync, "ts-ics": tsIcs, "postal-mime": postalMime };

for await (const line of createInterface({ input: process.stdin })) {
  const { parser, text } = JSON.parse(line);
  let answer;
  try {
    answer = { seen: await parsers[parser](text) };
  } catch (error) {
    answer = { error: `${error.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
