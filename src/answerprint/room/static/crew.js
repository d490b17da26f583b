// The crew: every change is an offer that a producer signs; an invitation's link is shown once.
import { again, api, live, say, sign, wrong } from "/static/room.js";

const send = async (where, path, body) => {
  try { if (await sign(await api(path, body))) again(); } catch (error) { wrong(where, error); }
};
for (const one of document.querySelectorAll(".sign-in")) one.addEventListener("click", () => send(null, "/api/crew/sign-in", { invitation: one.value }));
for (const one of document.querySelectorAll(".looser")) one.addEventListener("click", () => send(null, "/api/charter", { not_stricter: [one.value] }));
for (const form of document.querySelectorAll(".give")) {
  form.elements.who.addEventListener("change", () => { form.querySelector(".why").hidden = form.elements.who.value !== "machine"; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const judgment = form.closest("[data-judgment]").dataset.judgment, who = form.elements.who.value;
    if (!who) return wrong(form, new Error("Say who."));
    send(form, "/api/charter", who === "machine" ? { machine: { [judgment]: form.elements.because.value } } : { holders: { [judgment]: who } });
  });
}
document.getElementById("stricter")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const what = event.target.elements.execution.value;
  if (what) send(event.target, "/api/charter", { stricter: [what] });
});
document.getElementById("general")?.addEventListener("click", () => send(null, "/api/charter", { general: "nothing" }));
for (const form of document.querySelectorAll(".revoke")) form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { key, because, from_entry } = form.elements;
  send(form, "/api/crew/revoke", { key: key.value, because: because.value, from_entry: from_entry.value ? Number(from_entry.value) : null });
});
const services = document.getElementById("services");
const replaces = services.dataset.charter ? Number(services.dataset.charter) : null;
for (const one of services.querySelectorAll("[data-name]")) {
  const { name, kind, at } = one.dataset, form = one.querySelector(".let");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const what = [...form.querySelectorAll("[name=what]:checked")].map((tick) => tick.value);
    send(form, "/api/crew/let", { name, kind, at, what, unpriced: form.elements.unpriced.checked, replaces });
  });
  one.querySelector(".unlet")?.addEventListener("click", () => send(null, "/api/crew/let-no-more", { name, kind, replaces }));
}
document.getElementById("spend")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const { amount, currency } = event.target.elements;
  send(event.target, "/api/crew/spend", { amount: amount.value, currency: currency.value, replaces });
});
const invite = document.getElementById("invite");
invite?.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const made = await api("/api/crew/invite", { name: invite.elements.name.value, roles: [...invite.querySelectorAll("[name=roles]:checked")].map((one) => one.value) });
    const place = document.getElementById("link");
    place.querySelector(".small").textContent = made.says;
    place.querySelector(".once").textContent = made.link;
    place.hidden = false;
    invite.elements.name.forget();
    invite.querySelector(".wrong").hidden = true;
  } catch (error) { wrong(invite, error); }
});
document.getElementById("copy")?.addEventListener("click", async () => {
  await navigator.clipboard.writeText(document.querySelector(".once").textContent);
  say("Copied. It opens once.");
});
const typing = () => [...document.querySelectorAll("#spend input")].some((one) => one.value);
live("record", () => { if (!typing() && !document.querySelector("dialog[open], details[open], #link:not([hidden])")) again(); });
