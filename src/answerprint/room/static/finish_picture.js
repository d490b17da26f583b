// Picture: a wipe between a frame as it was shot and with its correction, the reference beside it, and a person's answer to it.
import { again, api, key, say } from "/static/room.js";
import { answering, going_on, working } from "/static/finishing.js";

const page = document.getElementById("picture"), words = JSON.parse(page.dataset.words), clips = JSON.parse(document.getElementById("data").textContent);
const at = (name) => document.getElementById(name), rows = [...document.querySelectorAll("button.row")];
working((form) => ({ reference: form.get("reference") ?? "", chart: form.get("chart") ?? "" }));
going_on();
for (const one of document.querySelectorAll(".camera")) one.addEventListener("click", async () => {
  try { say((await api("/api/finish/picture/changed", { clip: one.value })).says[0]); again(2500); } catch (error) { say(error.message); }
});

const plate = at("plate");
if (plate) {
  const loaded = new Map();
  const picture = (address) => {
    if (!loaded.has(address)) loaded.set(address, new Promise((ready, failed) => { const made = new Image(); made.onload = () => ready(made); made.onerror = () => failed(new Error(words.unseen)); made.src = address; }));
    return loaded.get(address);
  };
  let now = null, sides = [null, null];
  const answer = answering(document.querySelector(".answer"), { on: (piece) => marked(piece) });
  const row = (clip) => rows.find((one) => one.value === clip);
  function marked(piece) {
    const state = row(piece.about).querySelector(".state");
    state.hidden = !piece.refused;
    state.textContent = piece.refused ? words.left.replace("{name}", piece.refused.by) : "";
    plate.classList.toggle("refused", Boolean(piece.refused));
  }
  function paint() {
    const pen = plate.getContext("2d"), first = sides.find(Boolean);
    if (first && (plate.width !== first.naturalWidth || plate.height !== first.naturalHeight)) [plate.width, plate.height] = [first.naturalWidth, first.naturalHeight];
    const { width, height } = plate, edge = (Number(at("edge").value) / 100) * width;
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, width, height);
    for (const [one, from, to] of [[sides[0], 0, edge], [sides[1], edge, width]]) {
      if (!one || to <= from) continue;
      pen.save();
      pen.beginPath(); pen.rect(from, 0, to - from, height); pen.clip();
      pen.drawImage(one, 0, 0, width, height);
      pen.restore();
    }
    pen.fillStyle = "#fff";
    pen.fillRect(Math.round(edge) - 1, 0, 2, height);
  }
  async function open(clip) {
    const one = now = clips[clip];
    for (const other of rows) other.toggleAttribute("aria-current", other.value === clip);
    at("name").textContent = one.name;
    for (const part of ["slope", "offset", "power", "saturation"]) {
      const cells = document.querySelectorAll(`[data-part="${part}"] td`), numbers = [one.numbers[part]].flat();
      cells.forEach((cell, n) => { cell.textContent = numbers[n] ?? ""; });
    }
    at("says").replaceChildren(...[...one.says, ...one.over].map((says) => Object.assign(document.createElement("li"), { textContent: says })));
    at("apart").textContent = one.by_chart ? words.no_reference.replace("{name}", one.by_chart) : one.apart ? words.apart.replace("{before}", one.apart[0]).replace("{after}", one.apart[1]) : "";
    at("settings").textContent = one.settings.length ? words.settings.replace("{settings}", one.settings.map((pair) => pair.join(" ")).join(", ")) : words.settings_unknown;
    const named = one.beside ? words.beside.replace("{name}", one.reference) : "";
    at("beside-name").textContent = at("beside-says").textContent = named;
    at("beside").hidden = !one.beside;
    at("beside").alt = named;
    if (one.beside) at("beside").src = one.beside;
    answer(one.piece);
    marked(one.piece);
    const both = await Promise.all([one.before, one.after].map((place) => picture(place).catch((error) => { say(error.message); return null; })));
    if (now !== one) return;
    sides = both;
    paint();
    page.dataset.shown = clip;
  }
  at("edge").addEventListener("input", paint);
  const move = (by) => { at("edge").value = String(Number(at("edge").value) + by); paint(); };
  const drag = (event) => { const box = plate.getBoundingClientRect(); at("edge").value = String((100 * (event.clientX - box.left)) / box.width); paint(); };
  plate.addEventListener("pointerdown", (event) => { plate.setPointerCapture(event.pointerId); drag(event); });
  plate.addEventListener("pointermove", (event) => { if (plate.hasPointerCapture(event.pointerId)) drag(event); });
  const next = (way) => { const place = rows.findIndex((one) => one.value === now?.clip) + way; if (rows[place]) { rows[place].focus({ preventScroll: true }); open(rows[place].value); } };
  key("ArrowLeft", (event) => move(event.shiftKey ? -10 : -2));
  key("ArrowRight", (event) => move(event.shiftKey ? 10 : 2));
  key("n", () => next(1));
  key("p", () => next(-1));
  for (const one of rows) one.addEventListener("click", () => open(one.value));
  const wanted = decodeURIComponent(location.hash.slice(1));
  open(clips[wanted] ? wanted : rows[0].value);
}
