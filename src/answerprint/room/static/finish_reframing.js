// Reframing: the proposed frame moves over the picture, what it delivers beside it; each shot is answered by itself.
import { again, key, live, look } from "/static/room.js";
import { answering, going_on, working } from "/static/finishing.js";
import { Player } from "/static/player.js";

const page = document.getElementById("reframing"), words = JSON.parse(page.dataset.words), data = JSON.parse(document.getElementById("data").textContent);
const at = (name) => document.getElementById(name), rows = [...document.querySelectorAll("button.row")];
working(() => ({ version: data.version }));
going_on();

const marked = (piece) => {
  const shot = data.shots.find((one) => one.piece === piece), state = rows.find((one) => Number(one.value) === shot.number).querySelector(".state");
  state.hidden = !piece.refused;
  state.textContent = piece.refused ? words.left.replace("{name}", piece.refused.by) : "";
  draw();
};
const answer = answering(document.querySelector(".answer"), { on: marked });
let shape = Object.keys(data.shapes)[0], player = null, open = null, parts = null;

function box(shot, frame) {
  const boxes = shot?.boxes[shape];
  if (!boxes || shot.piece?.refused) return null;
  return boxes.length === 1 ? boxes[0] : boxes[Math.min(Math.max(frame - shot.first, 0), boxes.length - 1)];
}
function draw() {
  if (!player || !parts) return;
  const frame = player.now, shot = data.shots.find((one) => one.first <= frame && frame < one.end), now = box(shot, frame), { video } = player;
  if (!video.videoWidth) return;
  const [wide, high] = [video.videoWidth, video.videoHeight], [w, h] = shot?.size ?? [wide, high], scale = Math.min(wide / w, high / h);
  const [left, top] = [(wide - w * scale) / 2, (high - h * scale) / 2]; // where the clip lies in the movie
  const place = now && [left + now[0] * w * scale, top + now[1] * h * scale, now[2] * w * scale, now[3] * h * scale];
  parts.svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
  const path = parts.svg.firstChild, edge = parts.svg.lastChild;
  path.setAttribute("d", place ? `M0 0H${wide}V${high}H0ZM${place[0]} ${place[1]}v${place[3]}h${place[2]}v${-place[3]}Z` : "");
  for (const [name, value] of Object.entries({ x: place?.[0] ?? 0, y: place?.[1] ?? 0, width: place?.[2] ?? 0, height: place?.[3] ?? 0 })) edge.setAttribute(name, value);
  const ratio = data.shapes[shape], { out } = parts;
  [out.width, out.height] = ratio >= 1 ? [960, Math.round(960 / ratio)] : [Math.round(960 * ratio), 960];
  const pen = out.getContext("2d");
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, out.width, out.height);
  if (place) pen.drawImage(video, ...place, 0, 0, out.width, out.height);
  else { // shown whole, with black bars
    const fit = Math.min(out.width / wide, out.height / high);
    pen.drawImage(video, (out.width - wide * fit) / 2, (out.height - high * fit) / 2, wide * fit, high * fit);
  }
  page.dataset.box = place ? now.join(" ") : "";
  parts.says.textContent = !shot ? "" : place ? words.out.replace("{shape}", shape) : words.out_whole.replace("{shape}", shape);
  if (shot && shot.number !== open) pick(shot.number);
}
function pick(number) {
  open = number;
  const shot = data.shots.find((one) => one.number === number);
  for (const one of rows) one.toggleAttribute("aria-current", Number(one.value) === number);
  at("name").textContent = words.shot.replace("{number}", number).replace("{clip}", shot.clip);
  const lines = [...(shot.why[shape] ? [shot.why[shape]] : []), ...shot.says];
  at("says").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  at("says").hidden = !lines.length;
  at("to-framing").hidden = !shot.hero;
  if (shot.hero) at("to-framing").firstElementChild.href = `/framing/${shot.hero}?version=${encodeURIComponent(data.version)}`;
  answer(shot.piece);
}

const root = document.querySelector(".framed .player");
if (root) {
  player = new Player(root);
  const mat = root.querySelector(".mat"), figure = document.createElement("figure"), out = document.createElement("canvas"), says = document.createElement("figcaption");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const name of ["path", "rect"]) svg.append(document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("class", "guides");
  svg.setAttribute("preserveAspectRatio", "xMidYMid meet");
  svg.setAttribute("aria-hidden", "true");
  root.querySelector(".frames").append(svg);
  out.setAttribute("role", "img");
  out.setAttribute("aria-label", words.out_label);
  figure.className = "out";
  figure.append(out);
  says.className = "sr";
  figure.append(says);
  mat.classList.add("two");
  mat.append(figure);
  parts = { svg, out, says };
  player.addEventListener("frame", draw);
  for (const one of document.querySelectorAll("[data-shape]")) one.addEventListener("click", () => {
    shape = one.dataset.shape;
    for (const other of document.querySelectorAll("[data-shape]")) other.setAttribute("aria-pressed", String(other === one));
    if (open) pick(open);
    draw();
  });
  const go = (number) => { const shot = data.shots.find((one) => one.number === number); pick(number); player.pause(); player.seek(shot.first).then(draw); };
  for (const one of rows) one.addEventListener("click", () => go(Number(one.value)));
  const step = (way) => { const place = data.shots.findIndex((one) => one.number === open) + way; if (data.shots[place]) go(data.shots[place].number); };
  key("n", () => step(1));
  key("p", () => step(-1));
  key("ArrowDown", () => step(1));
  key("ArrowUp", () => step(-1));
  player.keys();
  player.load({ clip: data.screen.clip, from: 0, to: data.screen.frames }).then(() => { draw(); if (!open && data.shots.length) pick(data.shots[0].number); });
  page.player = player;
} else {
  for (const one of rows) one.addEventListener("click", () => pick(Number(one.value)));
  if (data.shots.length) pick(data.shots[0].number);
}
if (at("making")) {
  const asks = async () => { const found = await look(`/api/finish/reframing?version=${encodeURIComponent(data.version)}`).catch(() => null); if (found && !found.screen.making) again(); };
  live("cut", asks);
  setTimeout(asks, 1500);
}
