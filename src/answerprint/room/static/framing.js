// Hero framing: a path of frames for each shape. Whoever frames sets every one of them; nothing is set before.
import { again, api, key, say, wrong } from "/static/room.js";
import { Player } from "/static/player.js";

const shot_as = document.getElementById("as-shot");
async function chosen(place, run) {
  try { const done = await run(); say(done.says[0]); again(900); } catch (error) { wrong(place, error); }
}
shot_as?.addEventListener("click", () => chosen(shot_as.closest("section"), () =>
  api(`/api/framing/${shot_as.dataset.item}/as-shot`, { version: shot_as.dataset.version, because: document.getElementById("because")?.value ?? "" })));

const held = document.getElementById("framing");
if (held) begin(JSON.parse(held.textContent), document.getElementById("player"));

function begin(page, root) {
  const at = (name) => document.getElementById(name), { shot } = page, texts = JSON.parse(root.dataset.words);
  const name = `framing ${page.hero.item} ${page.version} ${shot.file} ${shot.start}`;
  const [wide, high] = shot.size, picture = wide / high, EASES = ["straight", "soft", "hold"], CLOSEST = 8;
  const inside = (keys) => (keys ?? []).filter((one) => shot.start <= one.frame && one.frame < shot.end);
  let paths = JSON.parse(localStorage.getItem(name) ?? "null") ?? Object.fromEntries(Object.keys(page.shapes).map((shape) => [shape, inside(page.paths[shape])]));
  let shape = Object.keys(page.shapes)[0];
  const player = new Player(root), guides = root.querySelector(".guides"), box = at("box"), frames = root.querySelector(".frames"), out = at("out");
  guides.setAttribute("viewBox", `0 0 ${wide} ${high}`);

  // ---- the path: the same rule as timeline/framing.py

  function between(path, frame) {
    if (!path.length) return null;
    if (frame <= path[0].frame) return path[0];
    for (let n = 0; n + 1 < path.length; n++) {
      const [one, next] = [path[n], path[n + 1]];
      if (frame >= next.frame) continue;
      const straight = (frame - one.frame) / (next.frame - one.frame), t = { straight, soft: straight * straight * (3 - 2 * straight), hold: 0 }[one.ease];
      return { x: one.x + (next.x - one.x) * t, y: one.y + (next.y - one.y) * t, scale: one.scale + (next.scale - one.scale) * t };
    }
    return path.at(-1);
  }
  function size(of, scale) { const ratio = page.shapes[of]; const [w, h] = ratio < picture ? [ratio / picture, 1] : [1, picture / ratio]; return [w / scale, h / scale]; }
  function crop(of, frame) {
    const here = between(paths[of], frame);
    if (!here) return null;
    const [w, h] = size(of, here.scale);
    return [Math.min(Math.max(here.x - w / 2, 0), 1 - w), Math.min(Math.max(here.y - h / 2, 0), 1 - h), w, h];
  }
  const here = () => paths[shape].find((one) => one.frame === player.now);
  function put(change) { // a change at this frame is a key on this frame
    player.pause();
    const frame = player.now, now = between(paths[shape], frame) ?? { x: 0.5, y: 0.5, scale: 1 }, was = here();
    const made = { frame, x: now.x, y: now.y, scale: now.scale, ease: was?.ease ?? "straight", ...change };
    made.scale = Math.min(CLOSEST, Math.max(1, made.scale));
    const [w, h] = size(shape, made.scale);
    made.x = Math.min(Math.max(made.x, w / 2), 1 - w / 2); made.y = Math.min(Math.max(made.y, h / 2), 1 - h / 2);
    for (const what of ["x", "y", "scale"]) made[what] = Math.round(made[what] * 1e5) / 1e5;
    paths[shape] = [...paths[shape].filter((one) => one.frame !== frame), made].sort((a, b) => a.frame - b.frame);
    changed();
  }
  function changed() { localStorage.setItem(name, JSON.stringify(paths)); draw(); }

  // ---- what is seen

  const svg = (what, about) => { const made = document.createElementNS("http://www.w3.org/2000/svg", what); for (const [key, value] of Object.entries(about)) made.setAttribute(key, value); return made; };
  const on = (guide) => root.querySelector(`[data-guide="${guide}"]`).checked;
  const rect = ([x, y, w, h], kind) => svg("rect", { x: x * wide, y: y * high, width: w * wide, height: h * high, class: kind });
  const shrunk = ([x, y, w, h], by) => [x + (w * (1 - by)) / 2, y + (h * (1 - by)) / 2, w * by, h * by];
  function draw() {
    const frame = player.now, now = crop(shape, frame), parts = [];
    if (now) {
      const [x, y, w, h] = [now[0] * wide, now[1] * high, now[2] * wide, now[3] * high];
      parts.push(svg("path", { class: "shade", "fill-rule": "evenodd", d: `M0 0H${wide}V${high}H0ZM${x} ${y}V${y + h}H${x + w}V${y}Z` }), rect(now, "crop"));
      if (on("thirds")) parts.push(svg("path", { class: "third", d: [1, 2].map((n) => `M${x + (w * n) / 3} ${y}V${y + h}M${x} ${y + (h * n) / 3}H${x + w}`).join("") }));
      if (on("safe")) parts.push(rect(shrunk(now, 0.93), "safe"), rect(shrunk(now, 0.9), "safe")); // SMPTE ST 2046-1: action and title
      if (paths[shape].length > 1) {
        const way = []; for (let n = paths[shape][0].frame; n <= paths[shape].at(-1).frame; n += Math.max(1, Math.floor((shot.end - shot.start) / 120))) { const [a, b, c, d] = crop(shape, n); way.push(`${(a + c / 2) * wide} ${(b + d / 2) * high}`); }
        parts.push(svg("path", { class: "way", d: `M${way.join("L")}` }), ...paths[shape].map((one) => svg("circle", { class: "dot", cx: one.x * wide, cy: one.y * high, r: high / 150 })));
      }
    }
    if (on("others")) for (const other of Object.keys(page.shapes)) { const its = other !== shape && crop(other, frame); if (its) parts.push(rect(its, "other")); }
    guides.replaceChildren(...parts);
    const place = fit();
    box.hidden = !now;
    frames.classList.toggle("empty", !now);
    if (now) Object.assign(box.style, { left: `${place.left + now[0] * place.width}px`, top: `${place.top + now[1] * place.height}px`, width: `${now[2] * place.width}px`, height: `${now[3] * place.height}px` });
    for (const one of root.querySelectorAll("[data-shape]")) { one.setAttribute("aria-pressed", String(one.dataset.shape === shape)); const count = paths[one.dataset.shape].length; one.querySelector("small").textContent = count ? String(count) : ""; }
    at("marks").replaceChildren(...paths[shape].map((one) => { const mark = document.createElement("li"); mark.className = `${one.ease}${one.frame === frame ? " now" : ""}`; mark.style.left = `${(100 * (one.frame - shot.start)) / Math.max(1, shot.end - shot.start)}%`; return mark; }));
    const mine = here();
    at("ease").querySelector("b").textContent = mine ? texts[mine.ease] : "";
    at("ease").disabled = at("drop").disabled = !mine;
    at("where").textContent = paths[shape].length ? texts.count.replace("{count}", paths[shape].length).replace("{shape}", shape) + (now ? `, ${Math.round((between(paths[shape], frame).scale) * 100)} %` : "") : texts.empty.replace("{shape}", shape);
    show(now);
  }
  /** Where the picture lies in its box, in pixels. */
  function fit() {
    const [w, h] = [frames.clientWidth, frames.clientHeight], scale = Math.min(w / wide, h / high);
    return { left: (w - wide * scale) / 2, top: (h - high * scale) / 2, width: wide * scale, height: high * scale };
  }
  function show(now) { // what is delivered
    const ratio = page.shapes[shape], tall = 540, across = Math.round(tall * Math.min(ratio, 16 / 9));
    [out.width, out.height] = ratio > 1 ? [960, Math.round(960 / ratio)] : [across, tall];
    const paint = out.getContext("2d"), { video } = player;
    if (!now || !video.videoWidth) { paint.fillStyle = "#6a6a6a"; paint.fillRect(0, 0, out.width, out.height); return; }
    const [w, h] = [video.videoWidth, video.videoHeight], scale = Math.min(w / wide, h / high), left = (w - wide * scale) / 2, top = (h - high * scale) / 2;
    paint.drawImage(video, left + now[0] * wide * scale, top + now[1] * high * scale, now[2] * wide * scale, now[3] * high * scale, 0, 0, out.width, out.height);
  }

  // ---- hands

  const spot = (event) => { const edge = frames.getBoundingClientRect(), place = fit(); return [(event.clientX - edge.left - place.left) / place.width, (event.clientY - edge.top - place.top) / place.height]; };
  let drag = null;
  box.addEventListener("pointerdown", (event) => { box.setPointerCapture(event.pointerId); box.focus(); const [x, y] = spot(event), now = crop(shape, player.now); drag = [x - (now[0] + now[2] / 2), y - (now[1] + now[3] / 2)]; player.pause(); });
  box.addEventListener("pointermove", (event) => { if (!drag) return; const [x, y] = spot(event); put({ x: x - drag[0], y: y - drag[1] }); });
  for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => { drag = null; });
  box.addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY < 0 ? 1.02 : 1 / 1.02); }, { passive: false });
  box.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault(); event.stopPropagation();
    const step = event.shiftKey ? 0.02 : 0.002, now = between(paths[shape], player.now);
    put({ x: now.x + way[0] * step, y: now.y + way[1] * step * picture });
  });
  frames.addEventListener("click", (event) => { // where nothing is framed, the first click says where
    if (paths[shape].length || event.target.closest(".box")) return;
    event.stopPropagation();
    const [x, y] = spot(event);
    put({ x, y });
    box.focus();
  }, true);
  const zoom = (by) => { const now = between(paths[shape], player.now); if (now) put({ scale: now.scale * by }); };
  at("closer").addEventListener("click", () => zoom(1.02)); at("wider").addEventListener("click", () => zoom(1 / 1.02)); key("=", () => zoom(1.02));
  at("set").addEventListener("click", () => { put({}); box.focus(); });
  at("ease").addEventListener("click", () => { const mine = here(); if (mine) put({ ease: EASES[(EASES.indexOf(mine.ease) + 1) % EASES.length] }); });
  at("drop").addEventListener("click", () => { paths[shape] = paths[shape].filter((one) => one.frame !== player.now); changed(); }); key("Delete", () => at("drop").click());
  for (const one of root.querySelectorAll("[data-shape]")) one.addEventListener("click", () => { shape = one.dataset.shape; draw(); });
  for (const one of root.querySelectorAll("[data-guide]")) one.addEventListener("change", draw);
  key("ArrowUp", () => jump(-1)); key("ArrowDown", () => jump(1));
  function jump(way) { const found = way > 0 ? paths[shape].find((one) => one.frame > player.now) : paths[shape].findLast((one) => one.frame < player.now); if (found) { player.pause(); player.seek(found.frame); } }
  at("keep").addEventListener("click", () => chosen(root.querySelector(".decide"), async () => {
    const done = await api(`/api/framing/${page.hero.item}`, { version: page.version, paths, because: at("because").value });
    localStorage.removeItem(name);
    return done;
  }));
  player.addEventListener("frame", draw);
  new ResizeObserver(draw).observe(frames);
  player.keys();
  player.load({ clip: shot.clip, from: shot.start, to: shot.end }).then(draw);
}
