// Deliver: have films made, play the ones that wait, let them leave; it goes on by itself.
import { again, api, key, live, look, say, seen, wrong } from "/static/room.js";
import { Player } from "/static/player.js";

const page = document.getElementById("deliver"), words = JSON.parse(page.dataset.words), films = JSON.parse(document.getElementById("films").textContent);
const at = (name) => document.getElementById(name), sentence = (says) => says.charAt(0).toUpperCase() + says.slice(1);

// ---- playing

let player = null, on = null;
const root = document.querySelector("#stage:not([hidden]) .player");
if (root) {
  player = new Player(root);
  player.keys();
  for (const one of document.querySelectorAll("[data-key]")) key(one.dataset.key, () => one.click()); // before the player's own
  let since = null;
  player.addEventListener("state", () => { // what was played is told to the room, which keeps it for this person alone
    if (player.playing) { since ??= player.shown; return; }
    if (since === null) return;
    const from = since, to = Math.min(player.shown + 1, on.clip.frames);
    since = null;
    if (to > from) api("/api/played", { what: on.thing, from_frame: from, to_frame: to, frames: on.clip.frames }).catch(() => {});
  });
  const show = (film) => {
    player.pause();
    on = film;
    for (const one of document.querySelectorAll(".play")) one.setAttribute("aria-pressed", String(films[Number(one.value)] === film));
    at("plays").textContent = `${film.file}. ${film.itself ? words.plays : words.plays_copy}`;
    return player.load({ clip: film.clip, from: 0, to: film.clip.frames });
  };
  for (const one of document.querySelectorAll(".play")) one.addEventListener("click", () => { show(films[Number(one.value)]); at("stage").scrollIntoView({ block: "nearest" }); });
  const first = films.find((one) => one.clip && one.stands) ?? films.find((one) => one.clip);
  if (first) show(first);
  page.player = player;
}
for (const one of document.querySelectorAll(".ready")) one.addEventListener("click", async () => {
  try { await api("/api/check/start", { film: one.value, spec: one.dataset.spec }); again(); } catch (error) { say(error.message); }
});

// ---- making and letting out

const form = at("make");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = new FormData(form), what = event.submitter?.value ?? "make";
  for (const one of form.querySelectorAll(".wrong")) one.hidden = true;
  try {
    await api(`/api/deliver/${what}`, { versions: said.getAll("version"), specs: said.getAll("spec") });
    again();
  } catch (error) { wrong(form, error); form.querySelector(".wrong").scrollIntoView({ block: "nearest" }); } // M and D are heard from anywhere on the page
});
at("stop")?.addEventListener("click", async () => { try { await api("/api/deliver/stop", {}); again(300); } catch (error) { wrong(form, error); } });

const copying = [...document.querySelectorAll(".copying")];
live("work", (now) => {
  const mine = now.films, works = Boolean(mine && mine.state !== "wrong");
  if (works !== Boolean(page.dataset.busy)) return again();
  for (const one of copying) {
    const job = now[one.dataset.job];
    if (!job || job.state === "wrong") return again();
    one.querySelector("b").textContent = `${Math.floor(job.done * 100)} %`;
  }
  const place = at("doing");
  if (!works || !place) return;
  const [label, share] = mine.state === "waits" ? [words.queued, ""] : [`${sentence(mine.what || words.working)} `, `${Math.floor(mine.done * 100)} %`];
  place.replaceChildren(label, Object.assign(document.createElement("b"), { textContent: share }));
  document.querySelector(".doing .progress i").style.width = `${mine.done * 100}%`;
});
if (document.querySelector(".reading-it")) { // a large file is read in the background
  const asks = setInterval(async () => {
    const now = await look("/api/deliver").catch(() => null);
    if (now && now.left.every((one) => one.same !== null || !one.href) && !player?.playing) { clearInterval(asks); again(); }
  }, 3000);
}
live("record", (now) => { if (now.n > seen && !player?.playing && !document.querySelector("dialog[open]") && !page.dataset.busy) again(); });
