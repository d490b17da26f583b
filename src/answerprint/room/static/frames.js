// Reference frames: bring, look in the library, lay a grid out in words, choose, mark who looks where, and look at one large.
import { again, api, key, live, say, seen, wrong } from "/static/room.js";

const page = document.getElementById("frames"), words = JSON.parse(page.dataset.words);
const item = page.dataset.item ? Number(page.dataset.item) : null;
const stills = new Map(JSON.parse(document.getElementById("stills").textContent).map((one) => [one.id, one]));
const make = (tag, more = {}) => Object.assign(document.createElement(tag), more);
const put = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const on = (id, does) => document.getElementById(id)?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget, button = form.querySelector("[type=submit]"), says = form.querySelector(".wrong");
  if (says) says.hidden = true;
  button.disabled = true;
  try { await does(form); } catch (error) { wrong(form, error); } finally { button.disabled = false; }
});

// ---- from one item to the next

const links = [...document.querySelectorAll(".items a")], here = links.findIndex((one) => one.hasAttribute("aria-current"));
key("[", () => links[here - 1]?.click());
key("]", () => links[here + 1]?.click());
const list = document.querySelector(".items ol");
if (list && here >= 0) {
  if (list.scrollWidth > list.clientWidth) list.scrollLeft = links[here].offsetLeft - list.offsetLeft - 16;
  else list.scrollTop = links[here].offsetTop - list.offsetTop - list.clientHeight / 2;
}

// ---- bringing: picked, or dropped anywhere

const bringing = document.getElementById("bring"), field = document.getElementById("still-file");
async function bring(files) {
  const limit = Number(field.dataset.limit), doing = bringing.querySelector(".doing");
  bringing.querySelector(".wrong").hidden = true;
  let came = 0;
  try {
    for (const file of files) {
      if (file.size > limit * 2 ** 20) throw new Error(`${file.name}: ${put(words.too_large, { limit })}`);
      doing.textContent = put(words.own_doing, { name: file.name });
      const asked = new URLSearchParams({ name: file.name, ...(item === null ? {} : { item }) });
      const answer = await fetch(`/api/frames/bring?${asked}`, {
        method: "POST", credentials: "same-origin", body: file,
        headers: { "content-type": "application/octet-stream", "x-answerprint": document.querySelector('meta[name="form"]').content },
      });
      const said = await answer.json().catch(() => ({ says: "The room gave no answer that can be read." }));
      if (!answer.ok) throw new Error(said.says);
      came += 1;
    }
    again();
  } catch (error) { wrong(bringing, error); if (came) again(4000); } finally { doing.textContent = ""; field.value = ""; }
}
if (field) {
  field.addEventListener("change", () => bring([...field.files]));
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); document.body.classList.add("dropping"); } });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
  addEventListener("drop", (event) => { if (carries(event)) { event.preventDefault(); document.body.classList.remove("dropping"); bring([...event.dataTransfer.files]); } });
}

// ---- the library

let searched = "";
on("library", async (form) => {
  searched = form.elements.words.value;
  const { shots } = await api("/api/frames/library", { item, words: searched });
  const place = document.getElementById("shots");
  place.querySelector("ul").replaceChildren(...shots.map((one) => {
    const line = make("li"), label = make("label"), tick = make("span", { className: "tick small" });
    tick.append(make("input", { type: "checkbox", name: "take", value: one.key }), make("span", { textContent: `${one.name}, ${one.at_s} s` }));
    label.append(make("img", { src: one.picture, alt: one.facts.join(", ") }));
    if (one.generated) label.append(make("span", { className: "made-by", textContent: put(words.library_made, { how: one.generated }) }));
    label.append(tick, make("span", { className: "tiny", textContent: one.rights }));
    line.append(label);
    return line;
  }));
  place.hidden = shots.length === 0;
  if (shots.length === 0) throw new Error(words.library_none);
  place.querySelector("input").focus();
});
on("shots", async (form) => {
  await api("/api/frames/library/take", { item, words: searched, take: [...form.querySelectorAll("input:checked")].map((one) => one.value) });
  again();
});

// ---- a grid, in words: what is shown is what would be asked

const grid = document.getElementById("grid"), cells = document.getElementById("cells"), ask = document.querySelector(".asking form.ask");
const laid = () => {
  const axes = [...grid.querySelectorAll("[data-axis]")].map((one) => [one.dataset.axis, [...one.querySelectorAll(":checked")].map((tick) => tick.value)]).filter(([, terms]) => terms.length);
  const lamp = grid.elements.practical.value.trim(), side = grid.elements.side.value;
  return { axes: axes.map(([axis, terms]) => `${axis}=${terms.join(",")}`).join("; "), practical: lamp && side ? `${lamp}, ${side}` : lamp, words: grid.elements.words.value.trim() };
};
function tell() { // the question below is about the very same cells
  if (!ask) return;
  const now = laid();
  ask.elements.grid.value = now.axes;
  ask.elements.practical.value = now.practical;
  ask.elements.words.value = now.words;
  ask.dispatchEvent(new Event("input"));
}
grid?.addEventListener("input", () => { cells.hidden = true; tell(); });
if (grid) setTimeout(tell);
on("grid", async () => {
  const now = await api("/api/frames/grid", { item, ...laid() });
  const table = make("table"), head = make("tr"), named = now.rows[0].name !== "";
  if (named) head.append(make("td"));
  if (now.across) head.append(...now.columns.map((term) => make("th", { scope: "col", textContent: `${now.across} ${term}` })));
  const top = make("thead"), body = make("tbody");
  top.append(head);
  body.append(...now.rows.map((row) => {
    const line = make("tr");
    if (named) line.append(make("th", { scope: "row", textContent: row.name }));
    line.append(...row.cells.map((text) => make("td", { textContent: text })));
    return line;
  }));
  table.append(make("caption", { className: "small", textContent: put(words.grid_count, now) }), top, body);
  cells.replaceChildren(table);
  cells.hidden = false;
  cells.focus();
});

// ---- choosing, taking back

let mine = 0; // entries that this page wrote
const frame = (one) => one.closest("[data-id]").dataset.id;
for (const form of document.querySelectorAll("form.choose")) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]"), why = form.elements.because;
  button.disabled = true;
  try { await api("/api/frames/choose", { frame: frame(form), item, because: why.value }); mine += 1; why.forget?.(); again(); } catch (error) { button.disabled = false; wrong(form, error); }
});
for (const button of document.querySelectorAll(".take-back")) button.addEventListener("click", async () => {
  button.disabled = true;
  try { await api("/api/frames/take-back", { frame: frame(button), item }); mine += 1; again(); } catch (error) { button.disabled = false; say(error.message); }
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest(".unmark");
  if (!button) return;
  button.disabled = true;
  try { await api("/api/frames/unmark", { frame: button.dataset.frame, item: Number(button.dataset.item), who: button.dataset.who }); mine += 1; again(); } catch (error) { button.disabled = false; say(error.message); }
});
const hands = () => Boolean(document.querySelector("dialog[open], details[open].choosing, :focus:is(input, textarea, select), .asking .told:not([hidden]), #shots:not([hidden]), #cells:not([hidden])"));
live("record", (now) => { if (now.n > seen + mine) hands() ? say(words.others_wrote) : again(); });

// ---- one frame, large; and the marks on it

const place = (mark, more = "") => {
  const one = make("span", { className: `look-of to-${mark.side} ${more}`, textContent: mark.who });
  one.style.left = `${mark.place[0] / 10}%`;
  one.style.top = `${mark.place[1] / 10}%`;
  return one;
};
for (const one of document.querySelectorAll(".look-of[data-x]")) { one.style.left = `${one.dataset.x / 10}%`; one.style.top = `${one.dataset.y / 10}%`; }

const large = document.getElementById("large"), picture = large.querySelector("img"), marks = large.querySelector(".marks");
const marking = large.querySelector(".marking"), form = large.querySelector("form.mark");
const order = [...document.querySelectorAll(".still[data-id] .open")];
let now = -1, at = null, then = null; // then: where the hands are after it is closed
function open(n) {
  const one = stills.get(frame(order[n]));
  now = n;
  at = null;
  picture.src = one.large;
  picture.alt = `${one.origin}. ${one.says || one.asked || one.name}`;
  picture.width = one.width;
  picture.height = one.height;
  large.querySelector("h2").textContent = `${one.name}, ${put(words.of, { number: n + 1, count: order.length })}`;
  const label = large.querySelector(".made-by"), origin = large.querySelector(".origin"), asked = large.querySelector(".asked");
  label.hidden = !one.generated;
  origin.hidden = one.generated;
  (one.generated ? label : origin).textContent = one.origin;
  asked.hidden = !one.asked;
  asked.textContent = one.asked;
  const choosing = large.querySelector("[data-do=choose]");
  if (choosing) choosing.hidden = !order[n].closest(".still").querySelector(".choosing");
  marks.replaceChildren(...one.marks.filter((mark) => mark.place).map((mark) => place(mark)));
  large.querySelector(".looks-list").replaceChildren(...one.marks.map((mark) => make("li", { className: "small", textContent: `${put(words.sides[mark.side], mark)} (${put(words.marked_by, { name: mark.by })})` })));
  if (!large.open) large.showModal();
}
function choose() { // on the wall, where its reason is asked for
  const place = order[now].closest(".still").querySelector(".choosing");
  if (!place) return;
  place.open = true;
  then = place.querySelector("textarea");
  large.close();
}
const step = (by) => { if (order[now + by]) open(now + by); };
order.forEach((button, n) => button.addEventListener("click", () => open(n)));
large.addEventListener("close", () => { (then ?? order[now])?.focus(); then = null; });
large.addEventListener("click", (event) => ({ before: () => step(-1), after: () => step(1), close: () => large.close(), choose })[event.target.closest("[data-do]")?.dataset.do]?.());
large.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const does = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), c: choose, m: () => marking && (marking.open = !marking.open) }[event.key];
  if (does) { event.preventDefault(); does(); }
});
marking?.addEventListener("toggle", () => { large.classList.toggle("marks-now", marking.open); if (marking.open) form.elements.who.focus(); });
let begun = null;
const thousandths = (event) => {
  const box = picture.getBoundingClientRect();
  return [Math.round(Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * 1000), Math.round(Math.min(Math.max((event.clientY - box.top) / box.height, 0), 1) * 1000)];
};
picture.addEventListener("pointerdown", (event) => {
  if (!marking?.open) return;
  event.preventDefault();
  picture.setPointerCapture(event.pointerId);
  begun = at = thousandths(event);
});
picture.addEventListener("pointerup", (event) => {
  if (!begun) return;
  const along = thousandths(event)[0] - begun[0];
  begun = null;
  if (Math.abs(along) >= 20) form.elements.side.value = along < 0 ? "left" : "right"; // a fiftieth of the picture: less is a press
  drawn();
  form.elements.who.focus();
});
function drawn() {
  marks.querySelector(".new")?.remove();
  if (at) marks.append(place({ who: form.elements.who.value || "…", side: form.elements.side.value, place: at }, "new"));
}
form?.addEventListener("input", drawn);
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    await api("/api/frames/look", { frame: frame(order[now]), item, who: form.elements.who.value, at: form.elements.at.value, side: form.elements.side.value, place: at });
    mine += 1;
    large.close();
    again();
  } catch (error) { button.disabled = false; wrong(form, error); }
});
