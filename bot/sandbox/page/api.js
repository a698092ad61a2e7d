/** The JSON interface of the sandbox (`/sandbox/…`): the one place that knows its paths and shapes. */

/** A refusal of the sandbox, as a sentence for people; `errors` has one for each field that is wrong; 0 when it was not reached. */
export class Refusal extends Error {
  constructor(text, errors = {}, status = 0) {
    super(text);
    Object.assign(this, { errors, status });
  }
}

let team = null;

/** All that follows is about this workspace; null is the home one. */
export function inWorkspace(id) {
  team = id;
}

/** `also` are people of other workspaces (`T1.U1`), whose unread messages are counted; `known` is the `people_as_of` whose people need not come again. */
export const state = (me, also = [], known = "") => get("state", [["known", known], ...(me ? [["as", me]] : []), ...also.map((one) => ["also", one])]);

export const messages = (me, channel, { thread = null, read = false } = {}) =>
  get("messages", { as: me, channel, ...(thread ? { thread } : {}), ...(read ? { read: 1 } : {}) });

export const calls = (after) => get("calls", { after });

export const clock = () => get("clock");

export const turn = (order) => post("clock", order);

export const types = (me, body) => post(`people/${me}/types`, body);

/** `target` is `{channel, ts}` or `{view_id}`; `values` what the other inputs there hold; `chosen` as Slack names it (`selected_option`, `value`, …). */
export const clicks = (me, target, blockId, actionId, chosen, values) =>
  post(`people/${me}/clicks`, { ...target, block_id: blockId, action_id: actionId, ...chosen, values });

export const submits = (me, viewId, values) => post(`people/${me}/submits`, { view_id: viewId, values });

export const closes = (me, viewId, all = false) => post(`people/${me}/closes`, { view_id: viewId, ...(all ? { all: true } : {}) });

export const opens = (me, shortcut, message = {}) => post(`people/${me}/opens`, { shortcut, ...message });

export const home = (me) => post(`people/${me}/home`, {});

export const joins = (me, channel) => post(`people/${me}/joins`, { channel });

export const reacts = (me, channel, ts, name) => post(`people/${me}/reacts`, { channel, ts, name });

/** What waits, what is used up, and what can be ordered. */
export const faults = () => get("faults");

export const orderFault = (order) => post("faults", order);

/** Take back one order, or all. */
export const takeBack = (id = null) => post(id === null ? "faults" : `faults/${id}`, {}, "DELETE");

export const limit = (on) => post("limits", { on });

/** `{name, owner, email}`; answers with the `id` of the workspace and of its `owner`. */
export const addWorkspace = (workspace) => post("workspaces", workspace);

export const uninstall = (id) => post(`workspaces/${id}/uninstall`, {});

export const addPerson = (person) => post("people", person);

export async function uploads(me, files) {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  return answer(await reach(`people/${me}/uploads`, {}, { method: "POST", body: form }));
}

/** Call `onchange(change)` for each thing that happens, `onlink(connected)` when the connection comes and goes. */
export function changes(onchange, onlink) {
  const source = new EventSource("/sandbox/changes");
  source.onopen = () => onlink(true);
  source.onerror = () => onlink(false);
  source.onmessage = (event) => onchange(JSON.parse(event.data));
  return source;
}

async function get(path, query = {}) {
  return answer(await reach(path, query, {}));
}

async function post(path, body, method = "POST") {
  return answer(await reach(path, {}, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }));
}

async function reach(path, query, options) {
  const words = new URLSearchParams(query);
  if (team) words.set("team", team);
  try {
    return await fetch(`/sandbox/${path}?${words}`, options);
  } catch {
    throw new Refusal("The sandbox cannot be reached. Is it still running?");
  }
}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(body.error || `The sandbox answered ${response.status}.`, body.errors, response.status);
  return body;
}
