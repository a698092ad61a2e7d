/** The drawer with every call and payload between the app and Slack, and Slack's verdict on it. */

import * as api from "./api.js";
import * as dates from "./dates.js";
import { el, icon, keyed } from "./dom.js";
import { store, zone } from "./store.js";

const KEPT = 1000;
const SHOWN = 200;
const filter = { words: "", kind: "all" };
const KINDS = { all: "All", failed: "Failures", app: "App to Slack", slack: "Slack to app" };

/** Fetch what is new, and again what was still waiting for its verdict. */
export async function fetchNew() {
  const waiting = store.calls.find((call) => call.verdict === "waiting" && call.n > (store.calls.at(-1)?.n ?? 0) - SHOWN);
  const after = waiting ? waiting.n - 1 : store.calls.at(-1)?.n ?? 0;
  const answer = await api.calls(after);
  const restarted = answer.next !== undefined && answer.next < (store.calls.at(-1)?.n ?? 0);
  store.calls = [...(restarted ? [] : store.calls.filter((call) => call.n <= after)), ...answer.calls].slice(-KEPT);
}

export function failed(call) {
  if (call.verdict && call.verdict !== "waiting") return !/^(ok|acknowledged|delivered|conforms|answered$)/i.test(call.verdict);
  return call.status >= 400 || call.response?.ok === false;
}

export function build(drawer, onclose) {
  const words = el("input", { type: "search", id: "calls-filter", class: "field", placeholder: "For example: views.open", autocomplete: "off",
    oninput: () => { filter.words = words.value; draw(drawer); } });
  const kind = el("select", { id: "calls-kind", class: "field", onchange: () => { filter.kind = kind.value; draw(drawer); } },
    Object.entries(KINDS).map(([value, label]) => el("option", { value }, label)));
  drawer.append(
    el("header", { class: "side-head" }, el("h2", { id: "calls-title", tabindex: "-1" }, "Calls and payloads"),
      el("button", { type: "button", class: "icon-button", "aria-label": "Close calls", onclick: onclose }, icon("close"))),
    el("div", { class: "calls-filter" },
      el("div", {}, el("label", { class: "label", for: "calls-filter" }, "Filter"), words),
      el("div", {}, el("label", { class: "label", for: "calls-kind" }, "Show"), kind)),
    el("p", { class: "hint", id: "calls-count", role: "status" }), el("div", { class: "calls-list", role: "list", "aria-label": "Calls" }));
}

export function draw(drawer) {
  if (drawer.hidden) return;
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (call) => words.every((word) => `${call.method} ${call.verdict} ${JSON.stringify(call.args)} ${JSON.stringify(call.response)}`.toLowerCase().includes(word));
  const found = store.calls.filter((call) => ofKind(call) && fits(call)).reverse();
  const bad = found.filter(failed).length;
  const more = found.length > SHOWN ? ` The newest ${SHOWN} are shown.` : "";
  drawer.querySelector("#calls-count").textContent = `${found.length} ${found.length === 1 ? "call" : "calls"}, ${bad} failed.${more}`;
  keyed(drawer.querySelector(".calls-list"), found.slice(0, SHOWN), { key: (call) => String(call.n), sign: (call) => `${call.n} ${call.verdict} ${call.status} ${zone()} ${store.state.workspaces.length}`, draw: row });
}

function ofKind(call) {
  const fromApp = call.direction.startsWith("bot");
  return { all: true, failed: failed(call), app: fromApp, slack: !fromApp }[filter.kind];
}

function row(call) {
  const bad = failed(call);
  const at = new Date(call.at);
  const verdict = call.verdict || (bad ? call.response?.error ?? `status ${call.status}` : "ok");
  const details = el("details", { class: bad ? "call failed" : "call" },
    el("summary", {},
      el("code", { class: "call-method" }, call.method),
      el("time", { datetime: call.at, title: dates.full(at, zone()) }, dates.time(at, zone())),
      el("span", { class: "call-way" }, call.direction.startsWith("bot") ? "app → Slack" : "Slack → app", teamOf(call)),
      el("span", { class: "call-verdict" }, bad ? `failed: ${verdict}` : verdict)));
  details.addEventListener("toggle", () => unfold(details, call), { once: true });
  return el("div", { role: "listitem" }, details);
}

/** Where there are several workspaces, which one it was about. */
function teamOf(call) {
  const { workspaces } = store.state;
  const one = workspaces.length > 1 && workspaces.find(({ id }) => id === call.team);
  return one ? ` · ${one.name}` : null;
}

/** The JSON is drawn when somebody looks. */
function unfold(details, call) {
  const part = (title, value) => (value === null || value === undefined ? null
    : el("div", {}, el("h3", { class: "call-part" }, title), el("pre", { class: "code-block", tabindex: "0" }, JSON.stringify(value, null, 2))));
  const fromApp = call.direction.startsWith("bot");
  details.append(...[part(fromApp ? "Arguments" : "Payload", call.args), part(fromApp ? `Slack's answer (status ${call.status})` : "The app's answer", call.response)].filter(Boolean));
}
