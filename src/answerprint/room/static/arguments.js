// Arguments: raise, take up, answer, withdraw; a picture plays where it stands.
import { again, api, live, sign, wrong } from "/static/room.js";

async function send(form, path, body) {
  try {
    if (!(await sign(await api(path, body)))) return;
    for (const one of form.querySelectorAll("[data-keep]")) one.forget();
    again();
  } catch (error) { wrong(form, error); }
}
const argued = (form) => form.closest(".argument").dataset;
const on = (form, run) => form?.addEventListener("submit", (event) => { event.preventDefault(); run(event); });

const object = document.getElementById("object");
on(object, () => send(object, "/api/arguments/object", { text: object.elements.text.value, on: object.elements.on.value, timecode: object.elements.timecode?.value ?? "" }));
const stand = document.getElementById("stand");
on(stand, () => send(stand, "/api/arguments/stand", { part: stand.elements.part.value, text: stand.elements.text.value }));
for (const form of document.querySelectorAll(".second")) on(form, () => send(form, "/api/arguments/second", { n: Number(argued(form).n), text: form.elements.text.value }));
for (const form of document.querySelectorAll(".answers")) on(form, (event) => send(form, "/api/arguments/answer", { number: argued(form).number, said: event.submitter.value, because: form.elements.because.value }));

// a picture with its sound: it plays its stretch, then is a picture again
for (const button of document.querySelectorAll(".play")) button.addEventListener("click", () => {
  const playing = button.querySelector("video, audio"), still = button.querySelector("img:not(.sketch), .sound");
  if (playing) { playing.remove(); still.hidden = false; return; }
  const { movie, from, to } = button.dataset;
  if (!movie) return;
  const sound = still.classList.contains("sound");
  const player = Object.assign(document.createElement(sound ? "audio" : "video"), { src: movie, playsInline: true });
  const stop = () => { player.remove(); still.hidden = false; };
  player.addEventListener("loadedmetadata", () => { player.currentTime = Number(from); });
  player.addEventListener("seeked", () => { if (!sound) still.hidden = true; player.play(); }, { once: true });
  player.addEventListener("timeupdate", () => { if (player.currentTime >= Number(to)) stop(); });
  player.addEventListener("ended", stop);
  button.prepend(player);
});
live("record", () => { if (!document.querySelector("dialog[open], details[open], video") && !object?.contains(document.activeElement) && !object?.elements.text.value) again(); });
