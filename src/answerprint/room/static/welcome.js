// The first minute: make a passkey, or show one.
import { api, create, get, sign, wrong } from "/static/room.js";

const make = document.getElementById("make"), stands = document.getElementById("waits");
/** Go on as soon as a producer has signed in whoever waits here. */
const mine = async () => { const found = await api("/api/passkey/mine", {}); if (found.person) location.href = found.next; };
function wait() { new EventSource("/api/live").addEventListener("record", () => mine().catch(() => {})); }
if (stands && !stands.hidden) { mine().catch(() => {}); wait(); }
make?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = make.querySelector("button");
  button.disabled = true;
  try {
    const name = make.elements.name.value.trim();
    const options = await api("/api/passkey/make", { name });
    const credential = await create(options);
    const offer = await api("/api/passkey/made", { name, credential });
    if (offer.waits) {
      make.hidden = true;
      stands.hidden = false;
      stands.querySelector(".type").textContent = offer.words;
      stands.focus();
      return wait();
    }
    await sign(offer, { at_once: true });
    if (offer.next) await sign(await api(offer.next, {}), { at_once: true });
    location.href = "/thought";
  } catch (error) { wrong(make, error); } finally { button.disabled = false; }
});

const show = document.getElementById("show");
show?.addEventListener("click", async () => {
  try {
    const assertion = await get(await api("/api/passkey/ask", {}));
    location.href = (await api("/api/passkey/shown", { assertion })).next;
  } catch (error) { wrong(show.closest("section"), error); }
});
