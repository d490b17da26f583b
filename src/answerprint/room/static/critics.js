// Critics: open what one has to say, play what it offers beside what is there, take an idea up in one's own words.
import { again, api, key, live, look, say, seen, sign, wrong } from "/static/room.js";
import { Player } from "/static/player.js";
import "/static/finishing.js";

const page = document.getElementById("critics"), words = JSON.parse(page.dataset.words), { version, job } = page.dataset;
const put = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

// ---- asking them

for (const form of page.querySelectorAll("form.ask")) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  form.querySelector(".wrong").hidden = true;
  try { await api("/api/critics/start", { version, assembly: Boolean(form.dataset.assembly) }); again(); } catch (error) { wrong(form, error); }
});
document.getElementById("stop")?.addEventListener("click", async () => { try { await api("/api/critics/stop", { version }); again(300); } catch (error) { say(error.message); } });
const told = page.querySelector(".doing");
live("work", (now) => {
  const mine = now[job], works = Boolean(mine && mine.state !== "wrong");
  if (works !== Boolean(page.dataset.busy)) return hands() ? say(words.others) : again();
  if (!works || !told) return;
  const waits = mine.state === "waits", does = mine.what || words.working;
  told.replaceChildren(waits ? words.queued : `${does.charAt(0).toUpperCase()}${does.slice(1)} `, Object.assign(document.createElement("b"), { textContent: waits ? "" : `${Math.floor(mine.done * 100)} %` }));
  page.querySelector(".progress i").style.width = `${mine.done * 100}%`;
});
live("record", (now) => { if (now.n > seen && !page.dataset.busy) say(words.others); }); // nothing is taken from under anybody's eyes

// ---- opening

for (const button of page.querySelectorAll(".open")) button.addEventListener("click", async () => {
  button.disabled = true;
  try { await api("/api/critics/open", { version, critic: button.value }); location.hash = `chair-${button.value}`; again(); } catch (error) { button.disabled = false; say(error.message); }
});
for (const image of page.querySelectorAll(".stills img")) { // a clip that is away has no still
  const gone = () => { image.closest("figure").hidden = true; };
  image.addEventListener("error", gone);
  if (image.complete && image.getAttribute("loading") !== "lazy" && !image.naturalWidth) gone();
}
for (const form of page.querySelectorAll(".second")) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  form.querySelector(".wrong").hidden = true;
  try {
    if (!(await sign(await api("/api/arguments/second", { n: Number(form.closest(".idea").dataset.n), text: form.elements.text.value })))) return;
    for (const one of form.querySelectorAll("[data-keep]")) one.forget();
    again();
  } catch (error) { wrong(form, error); }
});
for (const details of page.querySelectorAll(".away")) details.addEventListener("toggle", async () => {
  if (!details.open || details.dataset.told) return;
  details.dataset.told = "1";
  try {
    const found = await look(`/api/critics/offers/${details.closest(".idea").dataset.n}`);
    for (const item of details.querySelectorAll("[data-format]")) for (const loss of found[item.dataset.format] ?? []) item.append(Object.assign(document.createElement("small"), { className: "tiny", textContent: loss }));
  } catch (error) { say(error.message); }
});

// ---- playing

const viewer = page.querySelector(".viewer"), player = new Player(viewer.querySelector(".player")), frames = viewer.querySelector(".frames");
const finder = Object.assign(document.createElement("i"), { className: "finder", hidden: true });
frames.append(finder);
player.keys();
page.player = player;
const hands = () => player.playing || Boolean(document.querySelector("dialog[open], :focus:is(textarea)"));
let turn = 0, framing = null;

/** The frame that an idea offers: drawn on the picture as a viewfinder has it, or all that is seen. */
function framed() {
  const film = player.video, { clientWidth: wide, clientHeight: tall } = frames;
  finder.hidden = !framing || framing.framed;
  for (const one of frames.querySelectorAll("video")) one.style.transform = "";
  frames.style.clipPath = "";
  if (!framing || !film.videoWidth || !wide) return;
  const fit = Math.min(wide / film.videoWidth, tall / film.videoHeight), w = film.videoWidth * fit, h = film.videoHeight * fit, x = (wide - w) / 2, y = (tall - h) / 2;
  const [left, top, width, height] = framing.frame;
  if (framing.framed) {
    const by = 1 / width;
    for (const one of frames.querySelectorAll("video")) one.style.transform = `translate(${x - by * (x + left * w)}px, ${y - by * (y + top * h)}px) scale(${by})`;
    frames.style.clipPath = `inset(${y}px ${x}px)`;
  } else Object.assign(finder.style, { left: `${x + left * w}px`, top: `${y + top * h}px`, width: `${width * w}px`, height: `${height * h}px` });
}
addEventListener("resize", framed);
for (const one of frames.querySelectorAll("video")) one.addEventListener("loadedmetadata", framed);

const later = (ms) => new Promise((ready) => setTimeout(ready, ms));
async function show(button) {
  const mine = ++turn, idea = button.closest(".idea"), other = page.querySelector(".play[aria-current]");
  if (other) { other.removeAttribute("aria-current"); other.firstChild.textContent = other.dataset.name; }
  button.setAttribute("aria-current", "true");
  try {
    for (let found; mine === turn;) {
      found = await look(`/api/critics/play/${idea.dataset.n}/${button.value}`);
      if (mine !== turn) return;
      if (typeof found.making === "string") throw new Error(found.making);
      if (!found.stretch) { button.firstChild.textContent = put(words.making, { done: Math.round(found.making * 100) }); await later(600); continue; }
      button.firstChild.textContent = button.dataset.name;
      viewer.hidden = false;
      viewer.querySelector(".about .strong").textContent = `${idea.id}: ${button.dataset.name}`;
      viewer.querySelector(".about .machine").textContent = idea.querySelector(".said-so").textContent;
      viewer.querySelector(".player .where").textContent = idea.querySelector("header a").textContent;
      framing = found.frame ? found : null;
      framed();
      await player.load({ clip: found.stretch.clip, from: found.stretch.start, to: found.stretch.end, at: found.at }, { play: true });
      framed();
      page.dataset.shown = `${idea.dataset.n} ${button.value}`;
      return;
    }
  } catch (error) { button.removeAttribute("aria-current"); button.firstChild.textContent = button.dataset.name; say(error.message); }
}
page.addEventListener("click", (event) => { const button = event.target.closest(".play"); if (button) show(button); });
const step = (by) => { const all = [...page.querySelectorAll(".play")].filter((one) => one.offsetParent), place = all.findIndex((one) => one.hasAttribute("aria-current")); const next = all[place + by]; if (next) { next.scrollIntoView({ block: "nearest" }); show(next); } };
key("n", () => step(1));
key("p", () => step(-1));
