// Words: captions over the picture, changed where they stand. A change is written into the file at once, and a later run keeps it.
import { again, api, live, look, wrong } from "/static/room.js";
import { answering, going_on, working } from "/static/finishing.js";
import { Player } from "/static/player.js";

const page = document.getElementById("words"), words = JSON.parse(page.dataset.words), data = JSON.parse(document.getElementById("data").textContent);
const at = (name) => document.getElementById(name), { version, language } = data;
working((form) => ({ version, language: form.get("language"), rules: form.get("rules") ?? "", words: form.get("words") ?? "" }));

let captions = data.captions, player = null, open = null, changing = false;
going_on(() => changing);
const list = at("cues"), may = data.may;
answering(document.querySelector(".answer"))(captions?.piece ?? null);
const element = (name, values = {}, ...inside) => { const made = Object.assign(document.createElement(name), values); made.append(...inside); return made; };

function cue(one) {
  const times = element("button", { type: "button", className: "times", title: words.go }, `${one.start} – ${one.stop}`);
  times.addEventListener("click", () => { pick(one.number); player?.seek(one.first); });
  const said = element("textarea", { value: one.text, rows: Math.max(2, one.text.split("\n").length), maxLength: 2000, readOnly: !may, lang: language, className: one.by_hand ? "by-hand" : "" });
  said.setAttribute("aria-label", words.caption.replace("{number}", one.number));
  said.addEventListener("focus", () => pick(one.number));
  said.addEventListener("input", () => { changing = true; over(); });
  said.addEventListener("change", () => { if (said.value !== one.text) save({ number: one.number, text: said.value }); else changing = false; });
  said.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) said.blur(); if (event.key === "Escape") { said.value = one.text; said.blur(); } });
  const item = element("li", { className: "cue" }, times, said);
  item.dataset.number = one.number;
  if (one.by_hand) item.append(element("p", { className: "tiny hand" }, one.machine ? words.was.replace("{text}", one.machine.replaceAll("\n", " / ")) : words.by_hand));
  for (const fault of one.faults) item.append(element("p", { className: "fault" }, fault));
  return item;
}
function draw() {
  list.replaceChildren(...captions.lines.map(cue));
  mark();
  page.dataset.seal = captions.seal;
}
function mark() { for (const one of list.children) one.classList.toggle("open", Number(one.dataset.number) === open); }
function pick(number) { open = number; mark(); }
async function save(change) {
  const place = document.querySelector(".cues");
  place.querySelector(".wrong").hidden = true;
  const last = Number(document.activeElement?.closest?.(".cue")?.dataset.number ?? 0); // where the hands went on to
  try {
    captions = await api("/api/finish/words/save", { version, language, seal: captions.seal, ...change });
    const kept = list.scrollTop;
    changing = false;
    draw();
    list.scrollTop = kept;
    over();
    if (last) list.querySelector(`[data-number="${last}"] textarea`)?.focus({ preventScroll: true });
    return true;
  } catch (error) { wrong(place, error); place.querySelector(".wrong").scrollIntoView({ block: "nearest" }); return false; }
}

// ---- over the picture

let shown = null;
function over() {
  if (!player || !shown) return;
  const now = captions.lines.find((one) => one.first <= player.now && player.now < one.end);
  const typed = now && list.querySelector(`[data-number="${now.number}"] textarea`);
  shown.textContent = now ? typed?.value ?? now.text : "";
  shown.hidden = !now;
  for (const one of list.children) one.classList.toggle("now", Number(one.dataset.number) === now?.number);
}
function follow() {
  over();
  const now = player.playing && list.querySelector(".now");
  if (now && !list.contains(document.activeElement) && list.scrollHeight > list.clientHeight) list.scrollTop = now.offsetTop - list.clientHeight / 3;
}

if (captions) {
  draw();
  const root = document.querySelector(".captioning .player");
  if (root) {
    player = new Player(root);
    shown = element("p", { className: "over", lang: language, dir: "auto", hidden: true });
    shown.setAttribute("aria-hidden", "true");
    root.querySelector(".frames").append(shown);
    player.addEventListener("frame", follow);
    player.keys();
    player.load({ clip: data.screen.clip, from: 0, to: data.screen.frames }).then(over);
    page.player = player;
  }
  const here = () => captions.lines.find((one) => one.number === open);
  at("begins")?.addEventListener("click", () => { const one = here(); if (one && player) save({ number: one.number, first: player.now }); });
  at("ends")?.addEventListener("click", () => { const one = here(); if (one && player) save({ number: one.number, end: player.now + 1 }); });
  at("adds")?.addEventListener("click", () => {
    if (!player) return;
    player.pause();
    const [frames, seconds] = data.screen.clip.rate, first = player.now, after = captions.lines.find((one) => one.first > first);
    const end = Math.min(first + Math.round((2 * frames) / seconds), after?.first ?? data.screen.frames, data.screen.frames); // two seconds, or to the next
    const said = element("textarea", { rows: 2, maxLength: 2000, lang: language });
    said.setAttribute("aria-label", words.added);
    const item = element("li", { className: "cue open" }, element("span", { className: "times" }, words.added), said);
    list.insertBefore(item, list.children[captions.lines.findIndex((one) => one.first > first)] ?? null);
    changing = true;
    said.addEventListener("blur", () => { if (said.value.trim()) save({ number: 0, text: said.value, first, end }); else { changing = false; item.remove(); } });
    said.focus();
  });
}
if (at("making")) {
  const asks = async () => { const found = await look(`/api/finish/words?version=${encodeURIComponent(version)}`).catch(() => null); if (found && !found.screen.making && !changing) again(); };
  live("cut", asks);
  setTimeout(asks, 1500);
}
