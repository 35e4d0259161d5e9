/*
 * Beside a day and an hour in the editor's zone: the same moment in UTC, while it is typed. An hour
 * that clocks leap over, or show twice, is said to be so; the server asks which one is meant.
 */

const DAY = 24 * 3600 * 1000;

const utc = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});

/** What clocks in a zone show at a moment, as if it were UTC: milliseconds. */
function shownAt(moment, zone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  });
  const part = Object.fromEntries(format.formatToParts(moment).map((each) => [each.type, each.value]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
}

/** The moments at which clocks in a zone show `local`, which is written as if it were UTC. */
export function momentsAt(local, zone) {
  const offsets = [-DAY, DAY].map((away) => shownAt(local + away, zone) - (local + away));
  const moments = [...new Set(offsets.map((offset) => local - offset))];
  return moments.filter((moment) => shownAt(moment, zone) === local);
}

function say({ dataset }, local) {
  const found = momentsAt(local, dataset.zone);
  if (found.length === 1) return `= ${utc.format(found[0])} UTC`;
  return found.length ? dataset.twice : dataset.gap;
}

function show(moment) {
  const [day, hour] = moment.querySelectorAll("input");
  const local = Date.parse(`${day.value}T${hour.value}Z`);
  moment.querySelector("output").textContent = Number.isNaN(local) ? "" : say(moment, local);
}

document.addEventListener("input", ({ target }) => {
  const moment = target.closest(".moment");
  if (moment) show(moment);
});
