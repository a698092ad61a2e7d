/** The drawer where faults are ordered and taken back, and rate limits are switched on. */

import * as api from "./api.js";
import { announce, el, icon, keyed } from "./dom.js";
import { orderForm } from "./ordering.js";
import { guarded, store } from "./store.js";

/** How the fields of an order are told in its line, after the name of the call or event. */
const TOLD = { retry_after: (value) => `Retry-After ${value} s`, status: (value) => `status ${value}`, error: (value) => value, seconds: (value) => `${value} s` };
const parts = {};

export async function load(drawer) {
  if (!drawer.hidden) store.faults = await api.faults();
}

export function build(drawer, onclose) {
  parts.form = el("div");
  parts.waiting = el("ul", { class: "faults-list", "aria-labelledby": "faults-waiting-title" });
  parts.spent = el("ul", { class: "faults-list", "aria-labelledby": "faults-spent-title" });
  parts.none = el("p", { class: "hint" }, "Nothing is ordered. Slack behaves as it should.");
  parts.all = el("button", { type: "button", class: "button small", onclick: () => takeBack(null) }, "Take all back");
  parts.limits = el("input", { type: "checkbox", role: "switch", id: "faults-limits", "aria-describedby": "faults-limits-hint", onchange: limit });
  parts.happened = section("faults-spent-title", "Happened", null, el("p", { class: "hint" }, "Used up, the newest first."), parts.spent);
  drawer.append(
    el("header", { class: "side-head" }, el("h2", { id: "faults-title", tabindex: "-1" }, "Faults"),
      el("button", { type: "button", class: "icon-button", "aria-label": "Close faults", onclick: onclose }, icon("close"))),
    el("div", { class: "faults-body" },
      section("faults-order-title", "Order a fault", null, parts.form),
      section("faults-waiting-title", "Waiting", parts.all, parts.none, parts.waiting),
      parts.happened,
      section("faults-limits-title", "Rate limits", null,
        el("label", { class: "choice" }, parts.limits, el("span", {}, "Count calls as Slack does")),
        el("p", { class: "hint", id: "faults-limits-hint" }, "Too many calls a minute, or messages a second in one channel, are refused with 429 and Retry-After."))));
}

export function draw(drawer) {
  if (drawer.hidden || !store.faults) return;
  const { orders, spent, limits } = store.faults;
  if (!parts.form.firstChild) parts.form.append(orderForm(store.faults));
  parts.none.hidden = orders.length > 0;
  parts.all.hidden = orders.length < 2;
  parts.happened.hidden = !spent.length;
  parts.limits.checked = limits;
  const key = (order) => String(order.id);
  keyed(parts.waiting, orders, { key, draw: (order) => row(order, el("button", {
    type: "button", class: "button small", "aria-label": `Take back: ${titleOf(order)}, ${nameOf(order)}`, onclick: () => takeBack(order.id),
  }, "Take back")) });
  keyed(parts.spent, spent, { key, draw: (order) => row(order, null) });
}

function section(id, title, tool, ...content) {
  return el("section", { class: "faults-part", "aria-labelledby": id },
    el("div", { class: "faults-part-head" }, el("h3", { id, tabindex: "-1" }, title), tool), content);
}

function row(order, tool) {
  const told = Object.entries(TOLD).filter(([name]) => name in kindOf(order).fields).map(([name, tell]) => tell(order[name]));
  return el("li", {}, el("div", { class: "fault-words" },
    el("div", { class: "fault-title" }, titleOf(order)),
    el("div", { class: "fault-detail" }, [nameOf(order), ...told].join(" · ")),
    el("div", { class: "fault-detail" }, [order.times > 0 && `${order.times} left`, howOften(order)].filter(Boolean).join(" · "))), tool);
}

function howOften({ happened, last, method }) {
  if (!happened) return "has not happened yet";
  const often = happened === 1 ? "happened once" : `happened ${happened} times`;
  return method === "*" ? `${often}, ${happened === 1 ? "with" : "last with"} ${last}` : often;
}

function nameOf({ method, kind }) {
  return method === "*" ? { call: "any call", event: "any event", payload: "any event or interaction" }[kindOf({ kind }).about] : method;
}

function titleOf(order) {
  return kindOf(order).title;
}

function kindOf(order) {
  return store.faults.kinds.find(({ kind }) => kind === order.kind);
}

/** The button goes with its line, so focus goes to the heading of the list. */
async function takeBack(id) {
  document.getElementById("faults-waiting-title").focus();
  if (await guarded(() => api.takeBack(id))) announce(id === null ? "All faults are taken back." : "The fault is taken back.");
}

async function limit() {
  const on = parts.limits.checked;
  const answer = await guarded(() => api.limit(on));
  parts.limits.checked = answer ? answer.limits : !on;
}
