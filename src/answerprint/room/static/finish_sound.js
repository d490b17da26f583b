// Sound: as it was recorded, cleaned, and what was removed, in step; one is heard, keys 1 2 3.
import { key, say } from "/static/room.js";
import { answering, going_on, working } from "/static/finishing.js";
import { Clock } from "/static/timecode.js";

const page = document.getElementById("sound"), words = JSON.parse(page.dataset.words), sounds = JSON.parse(document.getElementById("data").textContent);
const at = (name) => document.getElementById(name), rows = [...document.querySelectorAll("button.row")];
working((form) => ({ version: form.get("version") ?? "" }));
going_on();

if (rows.length) {
  const APART_S = 0.02; // two sounds a fiftieth of a second apart are heard as one that jumps when one is changed for the other
  const players = Object.fromEntries(["original", "cleaned", "removed"].map((which) => [which, Object.assign(new Audio(), { preload: "auto" })]));
  let now = null, which = "original", clock = null, runs = false;
  const lead = () => players[which];
  const marked = (piece) => { const state = rows.find((one) => one.value === piece.about).querySelector(".state"); state.hidden = !piece.refused; state.textContent = piece.refused ? words.left.replace("{name}", piece.refused.by) : ""; };
  const answer = answering(document.querySelector(".answer"), { on: marked });
  function draw() {
    const t = lead().currentTime, share = now ? Math.min(1, t / now.seconds) : 0;
    for (const head of document.querySelectorAll(".strip .head")) head.style.left = `${100 * share}%`;
    at("place").value = String(t);
    at("clock").textContent = clock ? clock.at(Math.floor((t * now.clip.rate[0]) / now.clip.rate[1])) : "";
    page.dataset.at = t.toFixed(3);
  }
  function follow() { // the two that are not heard keep to the one that is
    for (const [name, one] of Object.entries(players)) if (name !== which && one.src && Math.abs(one.currentTime - lead().currentTime) > APART_S) one.currentTime = lead().currentTime;
    draw();
    if (runs) requestAnimationFrame(follow);
  }
  function hear(name) {
    if (!now || !now.ways.find((way) => way.which === name).heard) return say(words.unheard);
    const t = lead().currentTime;
    which = name;
    lead().currentTime = t;
    for (const [other, one] of Object.entries(players)) one.muted = other !== name;
    for (const one of document.querySelectorAll(".way")) one.setAttribute("aria-pressed", String(one.dataset.which === name));
    at("hears").textContent = words.hears.replace("{which}", words[name]);
    page.dataset.hears = name;
  }
  async function toggle(on = !runs) {
    if (!now?.there) return;
    if (lead().currentTime >= now.seconds - 0.05) seek(0);
    runs = on;
    page.toggleAttribute("data-runs", on);
    at("play-says").textContent = on ? words.pause : words.play;
    for (const one of Object.values(players)) if (one.src) on ? one.play().catch(() => {}) : one.pause();
    if (on) requestAnimationFrame(follow); else draw();
  }
  function seek(t) { for (const one of Object.values(players)) if (one.src) one.currentTime = Math.min(Math.max(t, 0), now.seconds); draw(); }
  function open(file) {
    toggle(false);
    now = sounds[file];
    clock = new Clock(now.clip, 0);
    for (const other of rows) other.toggleAttribute("aria-current", other.value === file);
    at("name").textContent = file.split("/").at(-1);
    at("found").replaceChildren(...[...now.found, ...now.says, ...now.over].map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    at("away").hidden = now.there;
    at("place").max = String(now.seconds);
    for (const way of now.ways) {
      const one = players[way.which];
      if (way.heard) one.src = way.heard; else one.removeAttribute("src");
      const strip = document.querySelector(`.strip[data-which="${way.which}"] img`);
      strip.hidden = !now.there;
      if (now.there) strip.src = way.strip;
    }
    answer(now.piece);
    if (now.there) hear(now.ways.find((way) => way.which === which).heard ? which : "cleaned");
    draw();
    page.dataset.shown = file;
  }
  for (const one of Object.values(players)) one.addEventListener("ended", () => toggle(false));
  for (const one of document.querySelectorAll(".way")) one.addEventListener("click", () => hear(one.dataset.which));
  for (const strip of document.querySelectorAll(".strip")) {
    const go = (event) => { const box = strip.getBoundingClientRect(); seek(((event.clientX - box.left) / box.width) * now.seconds); };
    strip.addEventListener("pointerdown", (event) => { strip.setPointerCapture(event.pointerId); go(event); });
    strip.addEventListener("pointermove", (event) => { if (strip.hasPointerCapture(event.pointerId)) go(event); });
  }
  at("play").addEventListener("click", () => toggle());
  at("place").addEventListener("input", () => seek(Number(at("place").value)));
  for (const one of ["1", "2", "3"]) key(one, () => document.querySelector(`.way[data-key="${one}"]`).click());
  key(" ", () => toggle());
  key("ArrowLeft", (event) => seek(lead().currentTime - (event.shiftKey ? 5 : 1)));
  key("ArrowRight", (event) => seek(lead().currentTime + (event.shiftKey ? 5 : 1)));
  key("Home", () => seek(0));
  const next = (way) => { const place = rows.findIndex((one) => one.value === now.file) + way; if (rows[place]) { rows[place].focus({ preventScroll: true }); open(rows[place].value); } };
  key("n", () => next(1));
  key("p", () => next(-1));
  for (const one of rows) one.addEventListener("click", () => open(one.value));
  const wanted = decodeURIComponent(location.hash.slice(1));
  open(sounds[wanted] ? wanted : rows[0].value);
  Object.assign(page, { players });
}
