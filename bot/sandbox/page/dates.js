/** Moments in a person's own time zone: message times, day lines, Slack's date markup, local date inputs. */

const cache = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options }));
  return cache.get(key);
}

export function ofTs(ts) {
  return new Date(Number(ts) * 1000);
}

export function time(date, zone) {
  return format(zone, { hour: "numeric", minute: "2-digit" }).format(date);
}

export function day(date, zone) {
  return format(zone, { weekday: "long", month: "long", day: "numeric", year: "numeric" }).format(date);
}

/** For the face of the clock. */
export function face(date, zone) {
  return format(zone, { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" }).format(date);
}

export function full(date, zone) {
  return format(zone, { weekday: "short", month: "short", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" }).format(date);
}

export function short(date, zone) {
  return format(zone, { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" }).format(date);
}

/** "today", "yesterday", "tomorrow" or null, as seen from `now`. */
export function relativeDay(date, now, zone) {
  const days = Math.round((Date.parse(isoDay(date, zone)) - Date.parse(isoDay(now, zone))) / 86400000);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? null;
}

export function isoDay(date, zone) {
  const parts = numbers(date, zone);
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/** The value of a datetime-local input for this moment. */
export function toLocalInput(date, zone) {
  const parts = numbers(date, zone);
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** The moment that a datetime-local value means in `zone`; a skipped hour gives the first moment after it. */
export function fromLocalInput(text, zone) {
  const wall = Date.parse(`${text}:00Z`);
  let guess = wall;
  for (let round = 0; round < 3; round += 1) guess = wall - offset(new Date(guess), zone);
  return new Date(guess);
}

/** Slack's `<!date^…>`: the tokens of `pattern` filled in for the reader. */
export function fromMarkup(seconds, pattern, zone, now) {
  const date = new Date(Number(seconds) * 1000);
  return pattern.replace(/\{([a-z_]+)\}/g, (whole, token) => markupToken(token, date, zone, now) ?? whole);
}

function markupToken(token, date, zone, now) {
  const pretty = token.endsWith("_pretty") ? relativeDay(date, now, zone) : null;
  const base = token.replace(/_pretty$/, "");
  const options = {
    date_num: null,
    date: { month: "long", day: "numeric", year: "numeric" },
    date_short: { month: "short", day: "numeric", year: "numeric" },
    date_long: { weekday: "long", month: "long", day: "numeric", year: "numeric" },
    day_divider: { weekday: "long", month: "long", day: "numeric" },
    time: { hour: "numeric", minute: "2-digit" },
    time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
  }[base];
  if (base === "date_num") return isoDay(date, zone);
  if (base === "ago") return ago(date, now);
  return options ? pretty ?? format(zone, options).format(date) : null;
}

function ago(date, now) {
  const minutes = Math.round((date - now) / 60000);
  const relative = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  if (Math.abs(minutes) < 48 * 60) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 1440), "day");
}

function offset(date, zone) {
  const parts = numbers(date, zone);
  const wall = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute);
  return wall - Math.floor(date.getTime() / 60000) * 60000;
}

function numbers(date, zone) {
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return Object.fromEntries(format(zone, options).formatToParts(date).map(({ type, value }) => [type, value]));
}
