
// Instants in another time zone, where one was chosen; the server writes them in UTC.
const ZONE = "zone";

// What an instant is called in a zone: its digits behind the seconds are those that the server wrote.
function zoned(time, zone) {
  const utc = time.dataset.utc;
  const at = new Date(time.dateTime);
  if (zone === "UTC" || Number.isNaN(at.getTime())) {
    return utc;
  }
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", timeZoneName: "longOffset",
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const clock = utc.split(" ")[1] ?? "";
  const rest = clock.length > "00:00".length ? `:${part.second}${clock.slice("00:00:00".length)}` : "";
  const offset = part.timeZoneName.replace("GMT", "") || "+00:00";
  return `${part.year.padStart(4, "0")}-${part.month}-${part.day} ${part.hour}:${part.minute}${rest} ${offset}`;
}

function showZone(zone) {
  for (const time of document.querySelectorAll("time[datetime]")) {
    time.dataset.utc ??= time.textContent;
    time.textContent = zoned(time, zone);
    time.title = zone === "UTC" ? "" : time.dataset.utc;
  }
  for (const said of document.querySelectorAll("[data-zone]")) {
    said.textContent = zone;
  }
}

const zones = document.getElementById("zone");
if (zones !== null) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const all = new Set(["UTC", own, ...(Intl.supportedValuesOf?.("timeZone") ?? [])]);
  const before = kept("localStorage")?.getItem(ZONE);
  const chosen = all.has(before) ? before : "UTC";
  zones.replaceChildren(...Array.from(all, (zone) => new Option(zone.replaceAll("_", " "), zone, false, zone === chosen)));
  zones.closest("[hidden]").hidden = false;
  zones.addEventListener("change", () => {
    kept("localStorage")?.setItem(ZONE, zones.value);
    showZone(zones.value);
  });
  showZone(chosen);
}
