// A bed that was heard for as long as the film is, or to its end, counts as played: told to the room once, which keeps it for this person alone.
import { api } from "/static/room.js";

const SLACK_S = 0.3; // a sound's last block is not always told

/** Count what an Audio plays; `audio.dataset.bed` names its file, "" while it is no bed. */
export function counting(audio, film_s) {
  const told = new Set();
  audio.addEventListener("timeupdate", () => {
    const file = audio.dataset.bed;
    if (!file || told.has(file) || !Number.isFinite(audio.duration)) return;
    let heard = 0;
    for (let n = 0; n < audio.played.length; n += 1) heard += audio.played.end(n) - audio.played.start(n);
    if (heard < Math.min(film_s, audio.duration) - SLACK_S) return;
    told.add(file);
    api("/api/report/heard", { file }).catch(() => told.delete(file));
  });
}
