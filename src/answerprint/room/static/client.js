// A client's page: play, step by frame, note on a frame, answer.
import { api, key, say, wrong } from "/static/room.js";
import { label } from "/static/timecode.js";

const root = document.getElementById("client"), video = document.getElementById("movie"), along = document.getElementById("along");
const rate = JSON.parse(root.dataset.rate), start = Number(root.dataset.start), drop = root.dataset.drop === "true";
const timecode = (frame) => label(start + frame, rate, drop);
const last = () => Math.max(0, Math.min(Number(root.dataset.frames), Math.round((video.duration * rate[0]) / rate[1])) - 1);
let shown = 0;

function came(frame) {
  shown = Math.min(frame, last());
  document.getElementById("timecode").textContent = timecode(shown);
  document.getElementById("note-at").textContent = timecode(shown);
  if (document.activeElement !== along || !video.paused) along.value = String((1000 * shown) / Math.max(1, last()));
}
function go(frame) {
  video.pause();
  const to = Math.min(Math.max(frame, 0), last());
  video.currentTime = ((to + 0.5) * rate[1]) / rate[0];
  came(to);
}
if (video) {
  const next = (now, about) => { came(Math.floor((about.mediaTime * rate[0]) / rate[1] + 0.01)); video.requestVideoFrameCallback(next); };
  video.requestVideoFrameCallback ? video.requestVideoFrameCallback(next) : video.addEventListener("timeupdate", () => came(Math.floor((video.currentTime * rate[0]) / rate[1])));
  video.readyState ? go(0) : video.addEventListener("loadedmetadata", () => go(0), { once: true });
  const does = { left: () => go(shown - 1), right: () => go(shown + 1), toggle: () => (video.paused ? video.play() : video.pause()) };
  for (const one of root.querySelectorAll("[data-do]")) one.addEventListener("click", does[one.dataset.do]);
  along.addEventListener("input", () => go(Math.round((Number(along.value) / 1000) * last())));
  key("j", () => go(shown - rate[0] / rate[1])); key("k", () => video.pause()); key("l", () => video.play());
} else setTimeout(() => { if (!document.querySelector("textarea:focus, input:focus")) location.reload(); }, 5000);

const list = document.getElementById("notes");
function listed(notes) {
  list.replaceChildren(...notes.map((one) => {
    const row = document.createElement("li");
    row.append(Object.assign(document.createElement("button"), { type: "button", className: "bare type", value: one.frame, textContent: timecode(one.frame) }), Object.assign(document.createElement("p"), { className: "person", textContent: one.text }));
    return row;
  }));
}
for (const one of list.querySelectorAll("button")) one.textContent = timecode(Number(one.value));
list.addEventListener("click", (event) => { const one = event.target.closest("button"); if (one && video) go(Number(one.value)); });
const note = document.getElementById("note");
note.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    listed(await api("/client/note", { frame: shown, text: note.elements.text.value }));
    note.elements.text.forget();
    note.querySelector(".wrong").hidden = true;
  } catch (error) { wrong(note, error); }
});

const answer = document.getElementById("answer"), changes = document.getElementById("changes");
answer.addEventListener("change", () => { changes.hidden = answer.elements.outcome.value !== "changes" && answer.elements.outcome.value !== "refused"; });
answer.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = answer.elements;
  try {
    const made = await api("/api/code/answer", { name: said.name.value, code: said.code.value, outcome: said.outcome.value, changes: said.changes.value.split("\n") });
    const place = document.getElementById("answered");
    place.textContent = made.says;
    place.hidden = false;
    answer.querySelector(".wrong").hidden = true;
    said.changes.forget();
    say(made.says);
  } catch (error) { wrong(answer, error); }
});
