// The deck, page by page; bringing a template; having it made.
import { again, api, key, live, say, seen, wrong } from "/static/room.js";
import { bring } from "/static/bring.js";

const page = document.getElementById("deck"), words = JSON.parse(page.dataset.words), asked = JSON.parse(page.dataset.asked);

// ---- page by page: the address keeps which

const leaves = [...document.querySelectorAll(".leaf figure")], strip = document.querySelector(".strip");
let now = 0;
function open(n, { keep = true } = {}) {
  if (!leaves[n]) return;
  now = n;
  leaves.forEach((one, at) => { one.hidden = at !== n; });
  for (const one of document.querySelectorAll(".notes")) one.hidden = Number(one.dataset.of) !== n + 1;
  document.getElementById("number").textContent = n + 1;
  for (const one of strip.querySelectorAll("a")) {
    const here = Number(one.dataset.page) === n + 1;
    one.toggleAttribute("aria-current", here);
    if (here) { one.setAttribute("aria-current", "true"); strip.scrollLeft = one.offsetLeft - strip.offsetLeft - (strip.clientWidth - one.offsetWidth) / 2; }
  }
  for (const one of document.querySelectorAll("[data-go]")) one.disabled = !leaves[n + Number(one.dataset.go)];
  if (keep) history.replaceState(null, "", `#page-${n + 1}`);
}
const named = () => Number(/^#page-(\d+)$/.exec(location.hash)?.[1] ?? 1) - 1;
if (leaves.length) {
  for (const one of document.querySelectorAll("[data-go]")) one.addEventListener("click", () => open(now + Number(one.dataset.go)));
  strip.addEventListener("click", (event) => {
    const one = event.target.closest("[data-page]");
    if (!one) return;
    event.preventDefault();
    open(Number(one.dataset.page) - 1);
    document.querySelector(".viewer").scrollIntoView({ block: "nearest" });
  });
  key("Home", () => open(0));
  key("End", () => open(leaves.length - 1));
  addEventListener("hashchange", () => open(named()));
  open(leaves[named()] ? named() : 0, { keep: false });
}

// ---- what it is of, and having it made

bring("bring", "/api/deck/bring", ({ template }) => {
  const to = new URLSearchParams({ ...asked, template });
  location.assign(`/deck?${to}${location.hash}`);
});
const form = document.getElementById("make");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]"), kinds = [...form.querySelectorAll("[name=kind]:checked")].map((one) => one.value);
  form.querySelector(".wrong").hidden = true;
  button.disabled = true;
  try {
    if (!kinds.length) throw new Error(words.no_kind);
    await api("/api/deck/make", { kinds, ...asked });
    again();
  } catch (error) { button.disabled = false; wrong(form, error); }
});
form?.querySelector(".stop")?.addEventListener("click", async () => { try { await api("/api/deck/stop"); again(300); } catch (error) { say(error.message); } });
const hands = () => Boolean(document.querySelector(":focus:is(input:not([type=checkbox], [type=radio]), textarea, select)"));
live("work", (jobs) => {
  const mine = jobs.deck, works = Boolean(mine && mine.state !== "wrong");
  if (works !== Boolean(page.dataset.busy)) return hands() ? say(words.made_meanwhile) : again();
  if (!works) return;
  const doing = form?.querySelector(".doing"), bar = form?.querySelector(".progress i");
  if (doing) doing.textContent = mine.state === "waits" ? words.queued : mine.what ? words.working.replace("{what}", mine.what) : words.working_begins;
  if (bar) bar.style.width = `${mine.done * 100}%`;
});
live("record", (one) => { if (one.n > seen) hands() ? say(words.others) : again(); });
