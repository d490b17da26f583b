// The first thought: the leader counts and forces nothing; Escape leaves a question out; what is brought waits in the room's memory.
import { api, sign, wrong } from "/static/room.js";

const form = document.getElementById("thought");
const token = document.querySelector('meta[name="form"]').content;
const fields = form ? [...form.querySelectorAll("textarea")] : [];

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

// what is brought along
const held = document.getElementById("held");
function list(files) {
  held.replaceChildren(...files.map((file, number) => {
    const row = document.createElement("li");
    row.append(file.name, " ", Object.assign(document.createElement("small"), { textContent: `${file.size_kb} kB` }),
      Object.assign(document.createElement("button"), { type: "button", className: "bare", value: number, textContent: "Take away" }));
    return row;
  }));
}
async function bring(name, blob) {
  const answer = await fetch(`/api/thought/bring?name=${encodeURIComponent(name)}`, { method: "POST", body: blob, headers: { "content-type": "application/octet-stream", "x-answerprint": token } });
  if (answer.status === 413) throw new Error(`${name} is over 1 MB. Bring a smaller one.`);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.says);
  list(said);
}
held?.addEventListener("click", async (event) => {
  const which = event.target.closest("button");
  if (which) try { list(await api("/api/thought/leave", { number: Number(which.value) })); } catch (error) { wrong(form, error); }
});
document.getElementById("file")?.addEventListener("change", async (event) => {
  for (const file of event.target.files) try { await bring(file.name, file); } catch (error) { wrong(form, error); }
  event.target.value = "";
});

// spoken: kept as a voice, written down by nobody
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
  give("/api/thought/seal", { words: Object.fromEntries(fields.map((field) => [field.name, field.value])) });
});
document.getElementById("skip")?.addEventListener("click", () => give("/api/thought/skip", {}));
