// The record: filter, check, take away.
import { again, api, live, seen, sign, wrong } from "/static/room.js";

const filter = document.querySelector(".filter");
filter?.addEventListener("change", () => filter.submit());

const form = document.getElementById("verify"), place = document.getElementById("checked");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const found = await api("/api/record/verify", { producer: form.elements.producer.value, held: form.elements.held.value });
    const line = (words, name = "") => Object.assign(document.createElement("p"), { textContent: words, className: name });
    const verdict = found.wrong.length ? found.wrong.map((one) => line(one, "found")) : [line("Nothing wrong found.")];
    place.replaceChildren(...verdict, ...found.says.map((one) => line(one)), line(found.vouched), line(found.head, "type tiny"));
    place.hidden = false;
    form.querySelector(".wrong").hidden = true;
  } catch (error) { wrong(form, error); } finally { button.disabled = false; }
});
document.getElementById("checkpoint")?.addEventListener("click", async () => {
  try { if (await sign(await api("/api/record/checkpoint", {}))) again(); } catch (error) { wrong(null, error); }
});
live("record", (now) => { if (now.n > seen && place?.hidden && !document.querySelector("dialog[open], details[open]")) again(); });
