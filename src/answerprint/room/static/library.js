// The library: colours as wells, a picture dropped, frames along a shot under the pointer, one shot large, folders taken in.
import { again, api, key, live, say, wrong } from "/static/room.js";

const page = document.getElementById("library"), words = JSON.parse(page.dataset.words), count = Number(page.dataset.count);
const shots = new Map(JSON.parse(document.getElementById("shots").textContent).map((one) => [one.id, one]));
const make = (tag, more = {}) => Object.assign(document.createElement(tag), more);
const put = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const ask = document.getElementById("ask");

// ---- the question: nothing that is empty stands in the address

ask?.addEventListener("submit", () => { for (const one of ask.elements) if (one.name && one.type !== "checkbox" && !one.value.trim()) one.disabled = true; });
addEventListener("pageshow", () => { for (const one of ask?.elements ?? []) one.disabled = false; });
key("/", () => ask?.elements.words.focus());
document.getElementById("like-off")?.addEventListener("click", () => { ask.elements.like.remove(); ask.requestSubmit(); });

// ---- colours

const palette = ask?.elements.palette, wells = document.querySelector(".wells"), more = document.getElementById("add-colour");
if (palette) {
  palette.hidden = true;
  wells.hidden = more.hidden = false;
  const told = () => { palette.value = [...wells.querySelectorAll("input")].map((one) => one.value).join(","); more.hidden = wells.children.length >= 5; };
  const named = () => [...wells.children].forEach((one, n) => { one.firstChild.ariaLabel = put(words.colour, { number: n + 1 }); one.lastChild.ariaLabel = put(words.drop_colour, { number: n + 1 }); });
  const well = (value) => {
    const line = make("li"), colour = make("input", { type: "color", value }), off = make("button", { type: "button", textContent: "×" });
    colour.addEventListener("input", told);
    off.addEventListener("click", () => { line.remove(); named(); told(); more.focus(); });
    line.append(colour, off);
    wells.append(line);
    named();
    return colour;
  };
  for (const one of palette.value.split(/[\s,]+/).filter(Boolean)) well(/^#?[0-9a-f]{6}$/i.test(one) ? `#${one.replace("#", "")}` : "#808080");
  more.addEventListener("click", () => { const colour = well("#808080"); told(); colour.focus(); colour.click(); });
  if (palette.value) told();
}

// ---- a picture that others are to be like: picked, or dropped anywhere

const like = document.querySelector(".like");
async function bring(file) {
  const doing = like.querySelector(".doing"), limit = Number(page.dataset.limit);
  like.querySelector(".wrong").hidden = true;
  doing.textContent = put(words.like_doing, { name: file.name });
  try {
    if (file.size > limit * 2 ** 20) throw new Error(`${file.name}: ${put(words.too_large, { limit })}`);
    const answer = await fetch("/api/library/like", {
      method: "POST", credentials: "same-origin", body: file,
      headers: { "content-type": "application/octet-stream", "x-answerprint": document.querySelector('meta[name="form"]').content },
    });
    const said = await answer.json().catch(() => ({ says: "The room gave no answer that can be read." }));
    if (!answer.ok) throw new Error(said.says);
    ask.elements.like?.remove();
    ask.append(make("input", { type: "hidden", name: "like", value: said.like }));
    ask.requestSubmit();
  } catch (error) { wrong(like, error); } finally { doing.textContent = ""; }
}
if (like) {
  document.getElementById("like-file")?.addEventListener("change", (event) => { if (event.target.files[0]) bring(event.target.files[0]); event.target.value = ""; });
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); document.body.classList.add("dropping"); } });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
  addEventListener("drop", (event) => { if (carries(event)) { event.preventDefault(); document.body.classList.remove("dropping"); if (event.dataTransfer.files[0]) bring(event.dataTransfer.files[0]); } });
}

// ---- frames along a shot: one picture, of which one frame at a time is seen

class Strip {
  constructor(frame, address) { this.frame = frame; this.address = address; this.now = -1; }
  async ready() {
    this.image ??= make("img", { className: "strip", alt: "", src: this.address });
    this.loaded ??= this.image.decode().then(() => { this.frame.append(this.image, this.hand = make("i", { className: "hand" })); return true; }, () => false);
    return this.loaded;
  }
  async show(n) {
    this.now = Math.min(Math.max(n, 0), count - 1);
    if (!await this.ready() || this.now < 0) return;
    this.image.hidden = this.hand.hidden = false;
    this.image.style.width = `${count * 100}%`;
    this.image.style.left = `${-this.now * 100}%`;
    this.hand.style.left = `${(this.now + .5) / count * 100}%`;
  }
  at(event) { const box = this.frame.getBoundingClientRect(); return this.show(Math.floor((event.clientX - box.left) / box.width * count)); }
  rest() { this.now = -1; if (this.image) this.image.hidden = true; if (this.hand) this.hand.hidden = true; }
}
const order = [...document.querySelectorAll(".shot .open")];
for (const button of order) {
  if (!button.dataset.strip) continue;
  const strip = new Strip(button.querySelector(".frame"), button.dataset.strip);
  let after = 0, over = false;
  button.addEventListener("pointerenter", (event) => { if (event.pointerType !== "touch") { over = true; after = setTimeout(() => strip.at(event), 120); } }); // not for a pointer on its way elsewhere
  button.addEventListener("pointermove", (event) => { if (over && (strip.image || !after)) strip.at(event); });
  button.addEventListener("pointerleave", () => { over = false; clearTimeout(after); strip.rest(); });
  button.addEventListener("focus", () => { if (button.matches(":focus-visible") && !over) strip.show(Math.floor(count / 2)); });
  button.addEventListener("blur", () => strip.rest());
  button.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    strip.show(Math.max(strip.now, 0) + by);
  });
}

// ---- one shot, large

const large = document.getElementById("large"), held = large.querySelector(".held"), frame = large.querySelector(".frame"), picture = frame.querySelector("img");
let now = -1, strip = null, running = 0;
const shot = (n) => shots.get(order[n].closest("[data-id]").dataset.id);
const moment = (one, n) => (Number(one.in_s) + (Number(one.out_s) - Number(one.in_s)) * (2 * n + 1) / (2 * count)).toFixed(2);
function halt() { clearInterval(running); running = 0; large.querySelector("[data-do=run]").firstChild.textContent = `${words.run} `; }
async function show(n) {
  const one = shot(now), mine = strip;
  if (!mine) return;
  const to = Math.min(Math.max(n, 0), count - 1);
  held.ariaValueNow = to + 1;
  held.ariaValueText = large.querySelector(".at").textContent = put(words.frame_of, { number: to + 1, count, at: moment(one, to) });
  await mine.show(to);
}
function run() {
  if (!strip) return;
  if (running) return halt();
  if (still.matches) return show((strip.now + 1) % count);
  large.querySelector("[data-do=run]").firstChild.textContent = `${words.halt} `;
  running = setInterval(() => show((strip.now + 1) % count), 250);
}
const facts = (rows) => rows.filter(([, told]) => told.length).map(([name, told]) => { const line = make("div"); line.append(make("dt", { textContent: name }), ...told.map((text) => make("dd", { textContent: text }))); return line; });
function open(n) {
  halt();
  now = n;
  const one = shot(n), stretch = one.still ? words.still : put(words.stretch, { first: one.in_s, last: one.out_s });
  large.querySelector("h2").textContent = `${one.name}, ${stretch}`;
  large.querySelector(".where").textContent = put(words.of, { number: n + 1, count: order.length });
  const label = large.querySelector(".made-by");
  label.hidden = !one.generated;
  label.textContent = put(words.generated, { how: one.generated });
  large.querySelector(".away").hidden = one.connected;
  frame.replaceChildren(picture);
  picture.src = one.strip ? one.picture : one.large;
  picture.alt = one.facts.join(", ");
  strip = one.strip ? new Strip(frame, one.large) : null;
  large.querySelector(".along").hidden = !strip;
  held.classList.toggle("alone", !strip);
  held.tabIndex = strip ? 0 : -1;
  held.role = strip ? "slider" : "img";
  large.querySelector("dl").replaceChildren(...facts([
    [words.disk, [`${one.place}/${one.name}`]], [words.file, one.file.length ? [one.file.join(", ")] : []], [words.facts, one.facts.length ? [one.facts.join(", ")] : []],
    [words.taken_for, one.taken_for.map(([name, share]) => `${name} ${share.toFixed(2)}`)], [words.lettering, one.lettering ? [one.lettering] : []], [words.said, one.said ? [one.said] : []],
    [words.rights, [one.rights + (one.held_back ? `, ${words.held}` : ""), ...one.rows.map(([what, holder, media, where, from, until, paper]) => [put(words.row, { what, holder }).trim(), media, where, from && put(words.row_from, { day: from }), until && put(words.row_until, { day: until }), paper].filter(Boolean).join(", "))]],
  ]));
  large.querySelector("[data-do=like]").href = `/library?${new URLSearchParams({ like: one.id })}`;
  large.querySelector("[data-do=before]").disabled = !order[n - 1];
  large.querySelector("[data-do=after]").disabled = !order[n + 1];
  if (!large.open) large.showModal();
  held.focus({ preventScroll: true });
  if (strip) show(Math.floor(count / 2));
}
function fit() { // as large as the stage lets it be, and never larger than the frames along it are
  const { naturalWidth: wide, naturalHeight: high } = picture, stage = large.querySelector(".stage"), air = getComputedStyle(stage);
  if (!wide) return;
  const across = stage.clientWidth - parseFloat(air.paddingLeft) * 2, down = Math.min(stage.clientHeight - parseFloat(air.paddingTop) * 2, innerHeight * (innerWidth > 900 ? 1 : .5));
  picture.style.width = `${Math.floor(wide * Math.min(960 / Math.max(wide, high), across / wide, down / high))}px`;
}
picture.addEventListener("load", fit);
addEventListener("resize", fit);
const step = (by) => { if (order[now + by]) open(now + by); };
order.forEach((button, n) => button.addEventListener("click", () => open(n)));
large.addEventListener("close", () => { halt(); order[now]?.focus(); });
large.addEventListener("click", (event) => ({ before: () => step(-1), after: () => step(1), close: () => large.close(), run })[event.target.closest("[data-do]")?.dataset.do]?.());
large.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest("button, a")) return;
  const does = {
    ArrowLeft: () => { halt(); show((strip?.now ?? 0) - 1); }, ArrowRight: () => { halt(); show((strip?.now ?? 0) + 1); }, Home: () => show(0), End: () => show(count - 1),
    "[": () => step(-1), "]": () => step(1), l: () => large.querySelector("[data-do=like]").click(), " ": run,
  }[event.key];
  if (does) { event.preventDefault(); event.stopPropagation(); does(); }
});
const scrub = (event) => { if (!strip) return; halt(); const box = frame.getBoundingClientRect(); show(Math.floor((event.clientX - box.left) / box.width * count)); };
held.addEventListener("pointermove", scrub);
held.addEventListener("pointerdown", scrub);

// ---- folders

const adding = document.querySelector(".adding");
const begin = async (button, body) => { button.disabled = true; try { await api("/api/library/add", body); again(); } catch (error) { button.disabled = false; adding?.querySelector(".wrong[hidden]") ? wrong(adding, error) : say(error.message); } };
document.getElementById("add")?.addEventListener("submit", (event) => { event.preventDefault(); begin(event.target.querySelector("[type=submit]"), { folder: event.target.elements.folder.value }); });
for (const one of document.querySelectorAll(".look-again")) one.addEventListener("click", () => begin(one, { again: one.dataset.again }));
adding?.querySelector(".stop")?.addEventListener("click", async () => { try { await api("/api/library/stop"); again(300); } catch (error) { say(error.message); } });
const hands = () => large.open || Boolean(document.querySelector(":focus:is(input, select)"));
live("work", (jobs) => {
  const mine = jobs.library, works = Boolean(mine && mine.state !== "wrong");
  if (works !== Boolean(page.dataset.busy)) return hands() ? say(words.meanwhile) : again();
  if (!works) return;
  adding.querySelector(".doing").textContent = mine.state === "waits" ? words.queued : mine.what || words.working;
  adding.querySelector(".progress i").style.width = `${mine.done * 100}%`;
});
