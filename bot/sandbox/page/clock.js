/** The sandbox's clock: what time it is, what is due next, and the buttons that turn it forward. */

import * as api from "./api.js";
import * as dates from "./dates.js";
import { el, fill } from "./dom.js";
import { dialog } from "./popup.js";
import { keepClock, notify, now, store, zone } from "./store.js";

const LOOK = 250;
let turning = false;

/** Build the panel once; `tick` redraws the time, `draw` everything. */
export function build(panel) {
  const act = (label, order) => el("button", { type: "button", class: "button small", onclick: () => turn(order()) }, label);
  const as = () => ({ as: store.me ?? undefined });
  const due = el("button", { type: "button", class: "button small", id: "clock-due", onclick: () => turn({ to: store.state.clock.next_due }) });
  panel.append(
    act("+1 hour", () => ({ move: "hour", ...as() })), act("Next morning", () => ({ move: "next_morning", ...as() })),
    act("Next Monday 9:00", () => ({ move: "next_monday", ...as() })), due,
    el("button", { type: "button", class: "button small", onclick: askTime }, "Other time…"));
}

export function draw() {
  const { next_due: next } = store.state.clock;
  const due = document.getElementById("clock-due");
  const words = next ? `Next due: ${near(new Date(next))}` : "Nothing is due";
  if (due.textContent !== words) due.textContent = words;
  due.title = next ? "Turn the clock to what is due next" : "No check-in, nudge or message is waiting for its time";
  if (next) due.removeAttribute("aria-disabled");
  else due.setAttribute("aria-disabled", "true");
  tick();
}

export function tick() {
  if (!store.state) return;
  const text = dates.face(now(), zone());
  const node = document.getElementById("clock-now");
  if (node.textContent !== text) node.textContent = text;
  node.dateTime = now().toISOString();
  node.title = dates.full(now(), zone());
}

/** `order`: `{to}` or `{move, as}`. Shows how far it is while the app does what falls due on the way. */
async function turn(order) {
  if (turning || (!order.to && !order.move)) return;
  turning = true;
  const from = now();
  const status = document.getElementById("clock-status");
  const bar = el("progress", { "aria-label": "Turning the clock" });
  const where = el("span", {}, "Turning the clock…");
  fill(status, bar, where);
  status.hidden = false;
  document.body.dataset.turning = "yes";
  const timer = setInterval(() => look(bar, where, from, order), LOOK);
  const answer = await api.turn(order).catch((error) => refused(error));
  clearInterval(timer);
  if (answer) arrived(answer, status);
  else status.hidden = true;
  delete document.body.dataset.turning;
  turning = false;
  store.refresh();
}

async function look(bar, where, from, order) {
  const clock = await api.clock().catch(() => null);
  if (!clock || !turning) return;
  keepClock(clock);
  tick();
  where.textContent = `Turning the clock, now ${dates.short(now(), zone())}`;
  if (!order.to) return;
  bar.max = 1;
  bar.value = Math.min(1, Math.max(0, (now() - from) / (Date.parse(order.to) - from)));
}

function arrived(answer, status) {
  keepClock(answer);
  tick();
  const visited = answer.visited?.length ?? 0;
  const passed = { 0: "Nothing was due on the way.", 1: "One due moment passed." }[visited] ?? `${visited} due moments passed.`;
  fill(status, el("span", {}, `It is ${dates.full(now(), zone())}. ${passed}`),
    el("button", { type: "button", class: "link-button", onclick: () => { status.hidden = true; } }, "Dismiss"));
}

function refused(error) {
  if (!(error instanceof api.Refusal)) throw error;
  notify(error.message);
  return null;
}

function near(date) {
  const day = dates.relativeDay(date, now(), zone());
  return day ? `${day} ${dates.time(date, zone())}` : dates.short(date, zone());
}

function askTime() {
  const handle = dialog({ title: "Turn the clock", kind: "small" });
  const input = el("input", { type: "datetime-local", class: "field", id: "clock-to", value: dates.toLocalInput(now(), zone()) });
  const form = el("form", { id: "clock-form", onsubmit: (event) => {
    event.preventDefault();
    if (!input.value) return;
    handle.close();
    turn({ to: dates.fromLocalInput(input.value, zone()).toISOString() });
  } }, el("label", { class: "label", for: "clock-to" }, `Date and time (${zone()})`), input,
  el("p", { class: "hint" }, "The clock goes forward only. Everything that falls due on the way happens, one after the other."));
  handle.body.append(form);
  handle.footer.append(el("button", { type: "button", class: "button", onclick: handle.close }, "Cancel"),
    el("button", { type: "submit", form: "clock-form", class: "button primary" }, "Turn"));
  input.focus();
}
