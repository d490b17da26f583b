// What every page needs: talk to the room, sign, say, keys, and hear what others do.

const form = document.querySelector('meta[name="form"]')?.content ?? "";
export const seen = Number(document.querySelector('meta[name="seen"]')?.content ?? 0);

const silent = "The room does not answer. Is it still open? Nothing was lost on this page.";
let leaving = false, busy = 0;
addEventListener("beforeunload", () => { leaving = true; setTimeout(() => { leaving = false; }, 5000); });

/** While this runs, the page is not shown anew under somebody's hands. */
async function held(run) {
  busy += 1;
  try { return await run(); } finally { busy -= 1; }
}

/** Show the page anew, in some milliseconds. Whoever is on the way to another page goes there; whoever is asking or signing is let finish first. */
export function again(after = 0) {
  setTimeout(() => {
    if (leaving) return;
    if (busy) again(300); else location.reload();
  }, after);
}

/** Ask the room to do something. Throws an Error with the room's own sentence. */
export const api = (path, body, method = "POST") => held(() => asked(path, body, method));

async function asked(path, body, method) {
  const answer = await fetch(path, {
    method, credentials: "same-origin",
    headers: { "content-type": "application/json", "x-answerprint": form },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => { throw new Error(silent); });
  if (answer.status === 204) return {};
  const said = await answer.json().catch(() => ({ says: "The room gave no answer that can be read." }));
  away = answer.status === 401;
  if (!answer.ok) {
    const missing = (said.missing ?? []).filter((one) => !said.says.includes(one));
    throw Object.assign(new Error([said.says, ...missing].join(" ")), { status: answer.status });
  }
  return said;
}

let away = false; // the room was opened anew, or the session is over: what is said has a way back in beside it, which leads to this page again
function way_in(place) {
  if (!away) return;
  const to = encodeURIComponent(location.pathname + location.search + location.hash);
  place.append(" ", Object.assign(document.createElement("a"), { href: `/door?to=${to}`, textContent: "Come back in" }));
}

/** Look something up. */
export const look = (path) => api(path, undefined, "GET");

const raw = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "=")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function refused(error) {
  if (error?.name === "NotAllowedError" || error?.name === "AbortError") return new Error("The key was not used. Nothing was signed.");
  if (error?.name === "InvalidStateError") return new Error("This device already holds a key for you here.");
  if (error?.name === "SecurityError") return new Error("Passkeys work on the room's own name only. Open the address that the terminal shows.");
  return error;
}

/** Make a passkey. */
export async function create(options) {
  try {
    const made = await navigator.credentials.create({ publicKey: {
      ...options, challenge: raw(options.challenge), user: { ...options.user, id: raw(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map((one) => ({ ...one, id: raw(one.id) })),
    } });
    return { id: made.id, rawId: text(made.rawId), type: made.type,
      response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) } };
  } catch (error) { throw refused(error); }
}

/** Use a passkey. */
export async function get(options) {
  try {
    const used = await navigator.credentials.get({ publicKey: { ...options, challenge: raw(options.challenge), allowCredentials: [] } });
    return { id: used.id, rawId: text(used.rawId), type: used.type,
      response: { clientDataJSON: text(used.response.clientDataJSON), authenticatorData: text(used.response.authenticatorData), signature: text(used.response.signature) } };
  } catch (error) { throw refused(error); }
}

/** Show what would be signed, and sign it if the person says so. Gives the entry, or null where they went back. */
export const sign = (offer, { at_once = false } = {}) => held(() => signed(offer, at_once));

async function signed(offer, at_once) {
  const give = async () => api("/api/sign", { token: offer.token, assertion: await get(offer.options) });
  if (at_once) return give();
  const dialog = document.getElementById("signing");
  const list = dialog.querySelector(".binds");
  list.replaceChildren(...offer.lists.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  const says = dialog.querySelector(".wrong");
  says.hidden = true;
  dialog.showModal();
  return new Promise((resolve) => {
    let done = null;
    const closed = () => { dialog.onclick = null; resolve(done); };
    dialog.addEventListener("close", closed, { once: true });
    dialog.onclick = async (event) => {
      const which = event.target.closest("button")?.value;
      if (which === "back") dialog.close();
      if (which !== "sign") return;
      try { done = await give(); dialog.close(); } catch (error) { says.textContent = error.message; says.hidden = false; }
    };
  });
}

/** Say something at the foot of the page, and to a screen reader. */
export function say(words) {
  const place = document.getElementById("said");
  place.textContent = words;
  way_in(place);
  place.classList.add("shown");
  clearTimeout(say.timer);
  if (!away) say.timer = setTimeout(() => place.classList.remove("shown"), 6000);
}

/** Say what went wrong where it went wrong. */
export function wrong(where, error) {
  const place = where?.querySelector?.(".wrong");
  if (!place) return say(error.message);
  place.textContent = error.message;
  way_in(place);
  place.hidden = false;
}

const bound = new Map();
/** Bind a key, by its name or letter, unless somebody is typing. */
export const key = (name, run) => bound.set(name, run);
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const tick = event.target.closest("input[type=checkbox], input[type=radio]");
  if (event.target.closest("textarea, select, [contenteditable], dialog") || (event.target.closest("input") && !tick)) return;
  if (tick && (event.key === " " || event.key.startsWith("Arrow"))) return; // a tick keeps its own keys; letters work beside it
  const run = bound.get(event.key) ?? bound.get(event.key.toLowerCase());
  if (!run) return;
  if (event.key === " " && event.target.closest("button, a, summary")) return;
  event.preventDefault();
  run(event);
});
for (const one of document.querySelectorAll("[data-key]")) key(one.dataset.key, () => one.click());

/** A half-typed text, and what it is about, survive a reload: they stay in this browser until they are sent. `data-place`: where it belongs, for a page with two addresses. */
for (const one of document.querySelectorAll("[data-keep]")) {
  const name = `kept ${one.dataset.place ?? location.pathname} ${one.dataset.keep}`;
  const kept = localStorage.getItem(name), list = one.tagName === "SELECT";
  if (!list) one.value ||= kept ?? "";
  else if (!one.querySelector("option[selected]") && [...one.options].some((option) => option.value === kept)) one.value = kept; // what an address asks for goes first
  one.addEventListener("input", () => localStorage.setItem(name, one.value));
  one.forget = () => { localStorage.removeItem(name); if (list) one.selectedIndex = 0; else one.value = ""; };
}

/** What others do, as it happens. */
export function live(event, run) {
  live.source ??= listening();
  live.source.addEventListener(event, (message) => run(JSON.parse(message.data)));
}
/** A page that hears nothing any more says so, and is shown anew once it hears again: what happened meanwhile is not told twice. */
function listening() {
  const source = new EventSource("/api/live");
  let lost = null;
  source.addEventListener("error", () => {
    if (leaving) return;
    if (source.readyState === EventSource.CLOSED) { // it was refused: the answer to a question says why
      clearTimeout(lost);
      look("/api/board").catch((error) => say(error.message));
    } else lost ??= setTimeout(() => say(silent), 4000);
  });
  source.addEventListener("open", () => {
    if (lost === null) return;
    clearTimeout(lost);
    lost = null;
    const hands = document.querySelector("dialog[open], :focus:is(input, textarea, select)") || [...document.querySelectorAll("video")].some((one) => !one.paused);
    if (!hands) again();
  });
  return source;
}

// Positions that come from data: set here, because no page carries styles of its own.
for (const one of document.querySelectorAll("[data-left]")) one.style.left = `${one.dataset.left}%`;
for (const one of document.querySelectorAll("[data-width]")) one.style.width = `${one.dataset.width}%`;

// A bar that is longer than its window shows the page that is open.
const bar = document.querySelector(".bar nav"), here = bar?.querySelector("[aria-current]");
const showHere = () => { if (here && bar.scrollWidth > bar.clientWidth) bar.scrollLeft = here.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2; };
addEventListener("resize", showHere);
showHere();
