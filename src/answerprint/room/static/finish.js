// Finish: a wipe between two pictures of one frame with their scopes; mix and bed heard under the cut; what was chosen, and on what.
import { again, api, live, look, say, wrong } from "/static/room.js";
import { bring } from "/static/bring.js";
import { Player } from "/static/player.js";
import { counting } from "/static/heard.js";

const page = JSON.parse(document.getElementById("finish").textContent);
const at = (name) => document.getElementById(name);
bring("bring", "/api/finish/bring", () => again());
for (const one of document.querySelectorAll("select.goes")) one.addEventListener("change", () => { location.href = one.value; });

// ---- the wipe

const plate = at("plate"), words = plate && JSON.parse(document.querySelector(".wipe").dataset.words);
const sides = { a: null, b: null };
const pictures = new Map();
function picture(address) {
  if (!pictures.has(address)) pictures.set(address, new Promise((ready, failed) => { const made = new Image(); made.onload = () => ready(made); made.onerror = () => failed(new Error(words.unseen)); made.src = address; }));
  return pictures.get(address);
}
function address(side) {
  const still = page.stills[Number(at("still").value)], [kind, ...rest] = at(`side-${side}`).value.split(" "), name = rest.join(" ");
  return kind === "look" ? still.graded[name] : kind === "seen" ? name : still.plain;
}
async function load() {
  if (!page.stills.length) return;
  for (const side of ["a", "b"]) {
    try { sides[side] = await picture(address(side)); } catch (error) { sides[side] = null; say(error.message); }
    measure(side);
  }
  paint();
}
function paint() {
  const pen = plate.getContext("2d"), { width, height } = plate, edge = (Number(at("edge").value) / 100) * width;
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, width, height);
  for (const [side, from, to] of [["a", 0, edge], ["b", edge, width]]) {
    const one = sides[side];
    if (!one || to <= from) continue;
    pen.save();
    pen.beginPath(); pen.rect(from, 0, to - from, height); pen.clip();
    const scale = Math.min(width / one.naturalWidth, height / one.naturalHeight), [w, h] = [one.naturalWidth * scale, one.naturalHeight * scale];
    pen.drawImage(one, (width - w) / 2, (height - h) / 2, w, h);
    pen.restore();
  }
  pen.fillStyle = "#fff";
  pen.fillRect(Math.round(edge) - 1, 0, 2, height);
  const name = (side) => at(`side-${side}`).selectedOptions[0].textContent;
  at("plate-says").textContent = words.halves.replace("{a}", name("a")).replace("{b}", name("b"));
}

// ---- scopes: Rec. 709 luma and colour difference (ITU-R BT.709-6), from the frame that is shown

const KR = 0.2126, KB = 0.0722, KG = 1 - KR - KB, COLUMNS = 320, ROWS = 180;
const luma = (r, g, b) => KR * r + KG * g + KB * b;
const chroma = (r, g, b) => { const y = luma(r, g, b); return [(b - y) / (2 * (1 - KB)), (r - y) / (2 * (1 - KR))]; };
const BARS = { R: [0.75, 0, 0], Mg: [0.75, 0, 0.75], B: [0, 0, 0.75], Cy: [0, 0.75, 0.75], G: [0, 0.75, 0], Yl: [0.75, 0.75, 0] };
function measure(side) {
  const one = sides[side], wave = at(`waveform-${side}`), vector = at(`vector-${side}`);
  const waves = wave.getContext("2d"), vectors = vector.getContext("2d");
  for (const [pen, canvas] of [[waves, wave], [vectors, vector]]) { pen.fillStyle = "#0b0b0b"; pen.fillRect(0, 0, canvas.width, canvas.height); }
  const left = 40, top = 10, tall = wave.height - 2 * top, wide = wave.width - left, r = vector.width / 2 - 14, middle = vector.width / 2;
  if (one) {
    const small = Object.assign(document.createElement("canvas"), { width: COLUMNS, height: ROWS }), pen = small.getContext("2d", { willReadFrequently: true });
    pen.drawImage(one, 0, 0, COLUMNS, ROWS);
    const { data } = pen.getImageData(0, 0, COLUMNS, ROWS);
    waves.fillStyle = vectors.fillStyle = "#ffffff24";
    for (let n = 0; n < data.length; n += 4) {
      const [red, green, blue] = [data[n] / 255, data[n + 1] / 255, data[n + 2] / 255], x = (n / 4) % COLUMNS, [cb, cr] = chroma(red, green, blue);
      waves.fillRect(left + (x / COLUMNS) * wide, top + (1 - luma(red, green, blue)) * tall, 1.5, 1.5);
      vectors.fillRect(middle + cb * 2 * r, middle - cr * 2 * r, 1.5, 1.5);
    }
  }
  waves.font = vectors.font = "12px sans-serif";
  for (const percent of [0, 25, 50, 75, 100]) {
    const y = top + (1 - percent / 100) * tall;
    waves.fillStyle = "#ffffff30"; waves.fillRect(left, y, wide, 1);
    waves.fillStyle = "#b6b6b6"; waves.fillText(`${percent} %`, 2, y + 4);
  }
  vectors.strokeStyle = "#ffffff50";
  vectors.beginPath(); vectors.arc(middle, middle, r, 0, 2 * Math.PI); vectors.moveTo(middle - r, middle); vectors.lineTo(middle + r, middle); vectors.moveTo(middle, middle - r); vectors.lineTo(middle, middle + r); vectors.stroke();
  vectors.fillStyle = "#b6b6b6";
  for (const [name, colour] of Object.entries(BARS)) { const [cb, cr] = chroma(...colour), [x, y] = [middle + cb * 2 * r, middle - cr * 2 * r]; vectors.strokeRect(x - 5, y - 5, 10, 10); vectors.fillText(name, x + 8, y + 4); }
}
if (plate) {
  for (const name of ["still", "side-a", "side-b"]) at(name).addEventListener("change", load);
  at("edge").addEventListener("input", paint);
  const drag = (event) => { const box = plate.getBoundingClientRect(); at("edge").value = String((100 * (event.clientX - box.left)) / box.width); paint(); };
  plate.addEventListener("pointerdown", (event) => { plate.setPointerCapture(event.pointerId); drag(event); });
  plate.addEventListener("pointermove", (event) => { if (plate.hasPointerCapture(event.pointerId)) drag(event); });
  load();
}

// ---- mix and bed under the cut

const root = document.querySelector(".sound .player");
if (root && page.clip) {
  const player = new Player(root), other = new Audio();
  other.preload = "auto";
  counting(other, page.clip.frames * page.clip.rate[1] / page.clip.rate[0]);
  let hears = "cut";
  const marks = () => {
    const frame = (name) => { const typed = at(name).value.trim(); return typed ? player.clock.frame(typed, player.now) : null; };
    return hears === "bed" ? [frame("bed-in") ?? 0, frame("bed-out") ?? page.frames] : [0, page.frames];
  };
  function follow() { // the second sound keeps to the picture's clock
    const [first, end] = marks(), now = player.now, wanted = player.seconds(now - first);
    const runs = hears !== "cut" && other.src && player.playing && player.speed > 0 && first <= now && now < end;
    if (!runs) return void other.pause();
    other.playbackRate = player.speed;
    if (Math.abs(other.currentTime - wanted) > 0.06) other.currentTime = wanted; // a frame and a half: less is not heard as late
    if (other.paused) other.play().catch(() => {});
  }
  function hear(what) {
    if (what === "mix" && at("mix-file").value === "as cut") return hear("cut"); // the mix is the cut's own sound
    const picked = what === "cut" ? null : at(`${what}-file`).selectedOptions[0];
    if (picked && !picked.dataset.heard) { say(words.pick_first); return; }
    hears = what;
    other.dataset.bed = what === "bed" ? picked.value : "";
    if (picked && other.dataset.now !== picked.dataset.heard) { other.dataset.now = picked.dataset.heard; other.src = picked.dataset.heard; }
    for (const video of root.querySelectorAll("video")) video.muted = what === "mix"; // a mix stands in for the cut's own sound; a bed lies under it
    for (const one of document.querySelectorAll("[data-hear]")) one.setAttribute("aria-pressed", String(one.dataset.hear === what));
    follow();
  }
  for (const one of document.querySelectorAll("[data-hear]")) one.addEventListener("click", () => hear(one.dataset.hear));
  for (const one of ["mix", "bed"]) at(`${one}-file`).addEventListener("change", () => { if (hears === one) hear(at(`${one}-file`).selectedOptions[0].dataset.heard ? one : "cut"); });
  player.addEventListener("frame", follow);
  player.addEventListener("state", follow);
  player.addEventListener("marks", ({ detail }) => {
    if (detail.in !== null) at("bed-in").value = player.clock.at(detail.in);
    if (detail.out !== null) at("bed-out").value = player.clock.at(detail.out);
  });
  player.keys();
  player.load({ clip: page.clip, from: 0, to: page.frames });
} else if (at("making")) {
  const asks = async () => { const found = await look(`/api/finish?version=${encodeURIComponent(page.version)}`).catch(() => null); if (found && !found.making) again(); };
  live("cut", asks);
  setTimeout(asks, 1500);
}

// ---- choosing

for (const form of document.querySelectorAll("form.decide")) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { what } = form.dataset, pick = (name) => at(`${what}-${name}`)?.value ?? "";
  form.querySelector(".wrong").hidden = true;
  try {
    const done = await api(`/api/finish/${what}`, {
      version: page.version, file: pick("file"), master: pick("master"), because: pick("because"), judged_on: form.elements.judged_on.value, start: pick("in"), end: pick("out"),
    });
    at(`${what}-because`).forget?.();
    say(done.says[0]);
    again(900);
  } catch (error) { wrong(form, error); }
});
live("drafts", () => { if (!document.querySelector("form.decide :focus") && !document.querySelector("dialog[open]")) say(words?.others ?? ""); });
