/** The form that orders one fault: which, of what, how often; its fields are those the sandbox names for the kind. */

import * as api from "./api.js";
import { showErrors } from "./blocks.js";
import { combobox } from "./combobox.js";
import { announce, el, fill, uid } from "./dom.js";
import { store } from "./store.js";

const GROUPS = { call: "When the app calls Slack", event: "When Slack sends an event", payload: "When the app acknowledges", socket: "Connection, at once" };
const ANY = { call: "Any call", event: "Any event", payload: "Any event or interaction" };
const LABELS = { retry_after: "Retry-After, seconds", status: "Status", error: "Error", seconds: "Seconds", times: "How many times", reason: "Reason" };
const WHAT = { call: "Method", event: "Event", payload: "Event or interaction" };
const NUMBERS = ["retry_after", "status", "seconds", "times"];

/** `there`: what `GET faults` says can be ordered. */
export function orderForm(there) {
  const order = { there, kind: there.kinds[0], values: {} };
  const options = (about) => there.kinds.filter((one) => one.about === about).map(({ kind, title }) => el("option", { value: kind }, title));
  const kinds = el("select", { class: "field", id: "fault-kind", "aria-describedby": "fault-hint", onchange: () => choose(order, kinds.value) },
    Object.entries(GROUPS).map(([about, label]) => el("optgroup", { label }, options(about))));
  order.hint = el("p", { class: "hint", id: "fault-hint" });
  order.fields = el("div", { class: "fault-form wide" });
  order.send = el("button", { type: "submit", class: "button primary" });
  order.said = el("p", { class: "hint", role: "status" });
  order.form = el("form", { class: "fault-form", novalidate: true, "aria-labelledby": "faults-order-title", onsubmit: (event) => {
    event.preventDefault();
    submit(order);
  } }, el("div", { class: "input-block wide", "data-block-id": "kind" }, el("label", { class: "label", for: "fault-kind" }, "What goes wrong"), kinds, order.hint, slot("fault-kind")),
  order.fields, el("div", { class: "fault-send wide" }, order.send, order.said));
  choose(order, order.kind.kind);
  return order.form;
}

/** Show the fields of this kind; what was entered for the same sort of fault stays. */
function choose(order, name) {
  const before = order.kind;
  order.kind = order.there.kinds.find(({ kind }) => kind === name);
  const kept = before.about === order.kind.about ? order.values : {};
  const fields = order.kind.fields;
  order.values = Object.fromEntries(Object.entries(fields).map(([field, usual]) => [field, field in kept && isShared(field) ? kept[field] : usual]));
  order.hint.textContent = order.kind.hint;
  fill(order.fields, Object.keys(fields).map((field) => block(order, field)));
  order.fields.hidden = !Object.keys(fields).length;
  order.send.textContent = order.kind.about === "socket" ? "Do it now" : "Order it";
  order.said.textContent = "";
}

function isShared(field) {
  return field === "method" || field === "times";
}

function block(order, field) {
  const id = uid("fault");
  const label = field === "method" ? WHAT[order.kind.about] : LABELS[field] ?? field;
  return el("div", { class: NUMBERS.includes(field) ? "input-block" : "input-block wide", "data-block-id": field },
    el("label", { class: "label", for: id }, label), control(order, field, id), slot(id));
}

function control(order, field, id) {
  const described = { "aria-describedby": `${id}-error` };
  const keep = (value) => { order.values[field] = value; };
  if (field === "method") {
    return combobox({ id, options: names(order), chosen: [order.values.method], attributes: described, onchange: ([one]) => keep(one.value) }).node;
  }
  if (field === "reason") {
    const select = el("select", { class: "field", id, ...described, onchange: () => keep(select.value) },
      order.there.reasons.map((reason) => el("option", { value: reason, selected: reason === order.values.reason }, reason)));
    return select;
  }
  const number = NUMBERS.includes(field);
  const input = el("input", { class: "field", id, type: "text", inputmode: number ? "decimal" : null, autocomplete: "off", spellcheck: "false", value: order.values[field], ...described,
    oninput: () => keep(number ? numberIn(input.value) : input.value.trim()) });
  return input;
}

/** What is no number stays a text: the sandbox says what is wrong with it. */
function numberIn(text) {
  return text.trim() && Number.isFinite(Number(text)) ? Number(text) : text;
}

function names({ there, kind }) {
  const known = { call: there.methods, event: there.events, payload: [...there.events, ...there.interactions] }[kind.about];
  return [{ value: "*", label: ANY[kind.about] }, ...known.map((name) => ({ value: name, label: name }))];
}

function slot(id) {
  return el("div", { class: "field-error", id: `${id}-error`, hidden: true });
}

async function submit(order) {
  if (order.form.getAttribute("aria-busy") === "true") return;
  order.form.setAttribute("aria-busy", "true");
  try {
    const answer = await api.orderFault({ kind: order.kind.kind, ...order.values });
    showErrors(order.form, {});
    order.said.textContent = done(order, answer);
  } catch (error) {
    if (!(error instanceof api.Refusal)) throw error;
    refused(order, error);
  } finally {
    order.form.removeAttribute("aria-busy");
    store.refresh();
  }
}

function refused(order, error) {
  const first = showErrors(order.form, error.errors);
  order.said.textContent = first ? "" : error.message;
  if (!first) return;
  first.focus();
  const count = Object.keys(error.errors).length;
  announce(count === 1 ? "One field needs a look." : `${count} fields need a look.`);
}

function done({ kind, values }, { sockets }) {
  if (kind.kind === "connect") return "Socket Mode is on.";
  if (kind.about === "socket") return sockets ? `Done, with ${sockets === 1 ? "one socket" : `${sockets} sockets`}.` : "No socket is open, so nothing happened.";
  const thing = { call: "call", event: "event", payload: "event or interaction" }[kind.about];
  const name = values.method === "*" ? "" : ` of ${values.method}`;
  return values.times === 1 ? `Ordered for the next ${thing}${name}.` : `Ordered for the next ${values.times} ${thing}s${name}.`;
}
