// The first thought: the leader counts and forces nothing; Escape leaves a question out; what is brought waits in the room's memory.
import { api, look, sign, wrong } from "/static/room.js";

const form = document.getElementById("thought");
const token = document.querySelector('meta[name="form"]').content;
const fields = form ? [...form.querySelectorAll("textarea[name]")] : [];

const leader = document.querySelector(".leader");
let left = Number(leader?.dataset.seconds ?? 0), ticking = null;
function tick() {
  left -= 1;
  leader.querySelector("text").textContent = Math.max(left, 0);
  leader.querySelector(".hand").setAttribute("transform", `rotate(${(-left % 10) * 36} 50 50)`);
  if (left <= 0) { clearInterval(ticking); leader.classList.add("over"); }
}
form?.addEventListener("input", () => { if (leader && !ticking) ticking = setInterval(tick, 1000); });

function leaveOut(field) {
  field.forget?.();
  field.value = "";
  field.closest(".ask").classList.add("out");
  (fields[fields.indexOf(field) + 1] ?? form.querySelector("[type=submit]")).focus();
}
for (const field of fields) {
  field.addEventListener("input", () => field.closest(".ask").classList.remove("out"));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); leaveOut(field); }
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
  });
}
for (const one of document.querySelectorAll(".leave-out")) one.addEventListener("click", () => leaveOut(document.getElementById(one.dataset.for)));

// what is brought along; of a sound also its words, which the machine writes down and its author corrects
const held = document.getElementById("held"), spoken = JSON.parse(held?.dataset.said ?? "{}");
const rows = new Map(), later = (ms) => new Promise((then) => setTimeout(then, ms));
let looking = false, warned = false;
function row(file) {
  const made = { file, item: document.createElement("li"), says: Object.assign(document.createElement("p"), { className: "machine" }), words: null };
  const head = document.createElement("p"), away = Object.assign(document.createElement("button"), { type: "button", className: "bare", textContent: "Take away" });
  away.addEventListener("click", async () => { try { list(await api("/api/thought/leave", { number: [...rows.keys()].indexOf(file.id) })); } catch (error) { wrong(form, error); } });
  head.append(file.name, " ", Object.assign(document.createElement("small"), { textContent: `${file.size_kb} kB` }), " ", away);
  made.item.append(head);
  if (!file.kind.startsWith("audio/")) return made;
  made.words = Object.assign(document.createElement("textarea"), { rows: 3, maxLength: 4000, ariaLabel: spoken.label.replace("{name}", file.name) });
  made.words.addEventListener("input", () => { made.typed = true; });
  made.words.addEventListener("change", () => api("/api/thought/said", { id: file.id, words: made.words.value }).catch((error) => wrong(form, error)));
  made.says.setAttribute("role", "status");
  made.item.append(Object.assign(document.createElement("audio"), { controls: true, preload: "none", src: `/media/thought/held/${file.id}`, ariaLabel: file.name }), made.says, made.words);
  return made;
}
function list(files) {
  for (const id of [...rows.keys()]) if (!files.some((file) => file.id === id)) { rows.get(id).item.remove(); rows.delete(id); }
  for (const file of files) {
    if (!rows.has(file.id)) { rows.set(file.id, row(file)); held.append(rows.get(file.id).item); }
    const one = rows.get(file.id);
    one.file = file;
    if (!one.words) continue;
    if (!one.typed && document.activeElement !== one.words) one.words.value = file.words;
    one.says.textContent = file.state === "unheard" ? spoken.unheard.replace("{why}", file.says) : file.state === "heard" && !file.words ? spoken.silent : spoken[file.state];
  }
  if (!looking && waits()) look_again();
}
const waits = () => [...rows.values()].some((one) => one.file.state === "hearing");
async function look_again() {
  looking = true;
  while (waits()) { await later(1000); await look("/api/thought/held").then(list, () => {}); }
  looking = false;
}
if (held) list(JSON.parse(held.dataset.held));
async function bring(name, blob) {
  const answer = await fetch(`/api/thought/bring?name=${encodeURIComponent(name)}`, { method: "POST", body: blob, headers: { "content-type": "application/octet-stream", "x-answerprint": token } });
  if (answer.status === 413) throw new Error(`${name} is over 1 MB. Bring a smaller one.`);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.says);
  list(said);
}
document.getElementById("file")?.addEventListener("change", async (event) => {
  for (const file of event.target.files) try { await bring(file.name, file); } catch (error) { wrong(form, error); }
  event.target.value = "";
});

// spoken: kept as a voice, and written down on the computer that runs the room
const speak = document.getElementById("speak");
let recorder = null;
if (speak && !window.MediaRecorder) speak.hidden = true;
speak?.addEventListener("click", async () => {
  if (recorder) return recorder.stop();
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const parts = [], words = speak.firstChild.textContent;
    recorder = new MediaRecorder(stream, { audioBitsPerSecond: 48000 });
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = async () => {
      for (const track of stream.getTracks()) track.stop();
      const kind = recorder.mimeType;
      recorder = null;
      speak.setAttribute("aria-pressed", "false");
      speak.firstChild.textContent = words;
      try { await bring(`spoken.${kind.includes("mp4") ? "m4a" : kind.includes("ogg") ? "ogg" : "webm"}`, new Blob(parts, { type: kind })); } catch (error) { wrong(form, error); }
    };
    recorder.start();
    speak.setAttribute("aria-pressed", "true");
    speak.firstChild.textContent = `${speak.dataset.stop} `;
    setTimeout(() => recorder?.state === "recording" && recorder.stop(), 120000);
    if (leader && !ticking) ticking = setInterval(tick, 1000);
  } catch (error) { wrong(form, new Error("No microphone answers. Type it instead.")); }
});

async function give(path, body) {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    if (await sign(await api(path, body))) {
      for (const field of fields) field.forget?.();
      location.href = "/";
    }
  } catch (error) { wrong(form, error); } finally { button.disabled = false; }
}
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (waits() && !warned) { warned = true; wrong(form, new Error(spoken.wait)); return; }
  const said = Object.fromEntries([...rows].filter(([, one]) => one.words?.value.trim()).map(([id, one]) => [id, one.words.value]));
  give("/api/thought/seal", { words: Object.fromEntries(fields.map((field) => [field.name, field.value])), said });
});
document.getElementById("skip")?.addEventListener("click", () => give("/api/thought/skip", {}));
