/** What the page knows: who one is, where one is, what the sandbox last said, and what was filled in but not sent. */

import * as api from "./api.js";
import { announce } from "./dom.js";

/** `team` is null in the home workspace; `place`: `{kind: "start"|"home"|"channel", channel, thread}`; `state` is null until the first answer. */
export const store = {
  team: null, me: null, place: { kind: "start" }, state: null, messages: [], more: false, thread: [], calls: [], faults: null, newFrom: null, drafts: new Map(), held: new Map(), refresh: () => {},
};

let clockAt = { now: Date.now(), seen: performance.now(), frozen: false };

const kept = new Map();

/** Be in a workspace: what was typed and filled in elsewhere waits there, and so does the person one was. */
export function enter(team) {
  store.team = team;
  api.inWorkspace(team);
  if (!kept.has(team)) kept.set(team, { drafts: new Map(), held: new Map() });
  Object.assign(store, kept.get(team));
}

/** Remember for this tab who and where one is in the open workspace. */
export function rememberPlace() {
  if (store.state) sessionStorage.setItem(`sandbox/${store.state.team.id}`, location.hash);
}

/** Where one was in a workspace, or its first screen. */
export function addressIn(id) {
  if (id === store.state.team.id) return location.hash || "#/";
  return sessionStorage.getItem(`sandbox/${id}`) ?? (id === store.state.workspaces[0].id ? "#/" : `#/${id}`);
}

/** Who one is in the other workspaces, as `T1.U1`. */
export function elsewhere() {
  const others = (store.state?.workspaces ?? []).filter(({ id }) => id !== store.state.team.id);
  return others.map(({ id }) => [id, personIn(id)]).filter(([, who]) => who).map((pair) => pair.join("."));
}

function personIn(id) {
  const [first, second] = (sessionStorage.getItem(`sandbox/${id}`) ?? "").replace(/^#\/?/, "").split("/");
  return first === id ? second : first;
}

export function keepState(state) {
  store.state = state;
  keepClock(state.clock);
}

export function keepClock(clock) {
  clockAt = { now: Date.parse(clock.now), seen: performance.now(), frozen: Boolean(clock.frozen) };
}

/** The sandbox's time, running on between two answers. */
export function now() {
  return new Date(clockAt.now + (clockAt.frozen ? 0 : performance.now() - clockAt.seen));
}

export function me() {
  return store.state?.people.find(({ id }) => id === store.me) ?? null;
}

export function zone() {
  return me()?.tz || Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function bot() {
  return store.state?.bot ?? { user_id: "", name: "App" };
}

export function person(id) {
  if (id === bot().user_id) return { id, real_name: bot().name, name: bot().name, is_bot: true };
  return store.state?.people.find((one) => one.id === id) ?? null;
}

/** A file of this workspace, at the sandbox's own address. */
export function fileOf(id, name) {
  return `/files/${store.state.team.id}-${id}/${encodeURIComponent(name)}`;
}

export function channel(id) {
  return store.state?.channels.find((one) => one.id === id) ?? null;
}

/** The direct message with the app, or null before the first word was said. */
export function appChannel() {
  return store.state?.channels.find((one) => one.kind === "im" && (!one.with || one.with === bot().user_id)) ?? null;
}

export function channelName(one) {
  if (!one) return bot().name;
  if (one.kind === "im") return person(one.with ?? bot().user_id)?.real_name ?? one.name;
  return one.kind === "mpim" ? one.name : `#${one.name}`;
}

export function addressOf(where, thread = null) {
  return `#/${[store.team, store.me ?? "", where, thread].filter((part) => part !== null).join("/")}`;
}

/** Where a person of this channel finds it. */
export function addressOfChannel(id) {
  return addressOf(id === appChannel()?.id ? "app" : id);
}

/** City, cohorts and title in one line, for telling people apart. */
export function about(one) {
  const labels = Object.values(one.labels ?? {}).flat().filter(Boolean).map(String);
  return [one.title, ...labels].filter(Boolean).join(" · ");
}

/** What blocks need to know about the world; `scope` names the message or form whose inputs are held together. */
export function context(scope, act) {
  const held = () => store.held.get(scope) ?? store.held.set(scope, {}).get(scope);
  return {
    scope, now, zone: zone(), me: me(), people: { get: person }, channels: { get: channel }, linkTo: addressOfChannel,
    held: (blockId, actionId) => held()[blockId]?.[actionId] ?? null,
    hold: (blockId, actionId, value) => { held()[blockId] = { ...held()[blockId], [actionId]: value }; },
    values: held,
    act: (order) => guarded(() => act(order)),
    peopleOptions: () => store.state.people.filter((one) => !one.deleted).map((one) => ({ value: one.id, label: one.real_name, detail: about(one) })),
    channelOptions: () => store.state.channels.filter(({ kind }) => kind === "channel" || kind === "private").map((one) => ({ value: one.id, label: `#${one.name}` })),
    conversationOptions: (filter) => conversations(filter),
    upload: async (files) => (await guarded(() => api.uploads(store.me, files)))?.files ?? [],
  };
}

/** Run an act; a refusal is shown and spoken instead of thrown. Returns the answer, or null. */
export async function guarded(act) {
  try {
    const answer = await act();
    if (answer?.error) notify(answer.error);
    return answer ?? null;
  } catch (error) {
    if (!(error instanceof api.Refusal)) throw error;
    notify(error.message);
    return null;
  } finally {
    store.refresh();
  }
}

/** A sentence over the page, for a while. */
export function notify(text) {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.hidden = false;
  (document.querySelector("dialog[open]:last-of-type") ?? document.body).append(toast);
  clearTimeout(notify.timer);
  notify.timer = setTimeout(() => { toast.hidden = true; }, 12000);
  announce(text);
}

function conversations(filter) {
  const kinds = filter?.include ? filter.include.map((kind) => ({ public: "channel", private: "private" }[kind] ?? kind)) : ["channel", "private", "im", "mpim"];
  return store.state.channels.filter((one) => kinds.includes(one.kind)).map((one) => ({ value: one.id, label: channelName(one) }));
}
