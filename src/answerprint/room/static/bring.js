// Bring a file into the room: its bytes as they are, its name beside them.
import { say, wrong } from "/static/room.js";

/** A form with one file in it. `done` gets what the room answers. */
export function bring(id, path, done, more = () => ({})) {
  const form = document.getElementById(id), field = form?.querySelector('input[type="file"]');
  field?.addEventListener("change", async () => {
    const [file] = field.files;
    if (!file) return;
    const limit = Number(field.dataset.limit);
    try {
      if (file.size > limit * 2 ** 20) throw new Error(field.dataset.large.replace("{limit}", limit));
      const asked = new URLSearchParams({ name: file.name, ...more() });
      const answer = await fetch(`${path}?${asked}`, {
        method: "POST", credentials: "same-origin", body: file,
        headers: { "content-type": "application/octet-stream", "x-answerprint": document.querySelector('meta[name="form"]').content },
      });
      const said = await answer.json().catch(() => ({ says: "The room gave no answer that can be read." }));
      if (!answer.ok) throw new Error(said.says);
      done(said);
    } catch (error) { form.querySelector(".wrong") ? wrong(form, error) : say(error.message); } finally { field.value = ""; }
  });
}
