// Rounds: send, give links, end them, sign what came back.
import { again, api, live, seen, sign, wrong } from "/static/room.js";

async function send(where, path, body, form) {
  try {
    if (!(await sign(await api(path, body)))) return;
    for (const one of form?.querySelectorAll("[data-keep]") ?? []) one.forget();
    again();
  } catch (error) { wrong(where, error); }
}
const round = (one) => Number(one.closest(".round").dataset.n);
const on = (form, run) => form?.addEventListener("submit", (event) => { event.preventDefault(); run(form.elements); });

const out = document.getElementById("send");
on(out, (said) => send(out, "/api/rounds/send", { versions: [...out.querySelectorAll("[name=versions]:checked")].map((one) => one.value), to: said.to.value, since: seen }, out));
for (const one of document.querySelectorAll(".told")) one.addEventListener("click", () => send(one.parentElement, "/api/rounds/told", { round: round(one), answer: one.value }));
for (const one of document.querySelectorAll(".end")) one.addEventListener("click", async () => {
  try { await api("/api/rounds/revoke", { link: one.value }); again(); } catch (error) { wrong(null, error); }
});
for (const form of document.querySelectorAll(".word")) on(form, (said) => {
  const outcome = form.querySelector("[name=outcome]:checked")?.value ?? null;
  send(form, "/api/rounds/told", { round: round(form), contact: said.contact.value, outcome, changes: said.changes.value.split("\n") }, form);
});
for (const form of document.querySelectorAll(".give")) on(form, async (said) => {
  try {
    if (!said.version.value) throw new Error("Say which version.");
    const made = await api("/api/rounds/link", { round: round(form), version: said.version.value, contact: said.contact.value, days: Number(said.days.value) });
    const place = form.querySelector(".made"), [link, code] = place.querySelectorAll(".once");
    place.querySelector(".small").textContent = made.says;
    link.textContent = made.link;
    code.textContent = made.code;
    place.hidden = false;
    said.contact.forget();
  } catch (error) { wrong(form, error); }
});
live("record", (now) => { if (now.n > seen && !document.querySelector("dialog[open], details[open]") && !out?.elements.to.value) again(); });
