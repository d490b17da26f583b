// The brief: brought from a file or pasted, written from the questions, corrected where a question stands.
import { api, say, wrong } from "/static/room.js";

const page = document.getElementById("brief"), was = page.dataset.was, words = JSON.parse(page.dataset.words);
const put = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const forget = (form) => { for (const one of form.querySelectorAll("[data-keep]")) one.forget(); };
const shown = () => { history.replaceState(null, "", "/brief"); location.reload(); };

/** Do what a form asks for, once; what went wrong is said in it. */
function sends(form, run) {
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    form.querySelector(".wrong").hidden = true;
    try { await run(); } catch (error) { wrong(form, error); }
    button.disabled = false;
  });
}

// ---- bring one

const bringing = document.getElementById("bringing"), brought = bringing.elements.text, replace = document.getElementById("replace"), would = bringing.querySelector(".would");
let name = "";

function differs(list, { new: came, gone }) {
  const row = (mark, tag, text) => {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("span"), { className: "tiny", textContent: mark }), Object.assign(document.createElement(tag), { textContent: text }));
    return item;
  };
  list.replaceChildren(...came.map((one) => row(words.new, "ins", one)), ...gone.map((one) => row(words.gone, "del", one)));
  if (!list.children.length) list.append(row("", "span", words.same));
}

async function take() {
  await api("/api/brief/take", { text: brought.value, was, name });
  forget(bringing);
  shown();
}

sends(bringing, async () => {
  if (!was) return take();
  const found = await api("/api/brief/look", { text: brought.value, name });
  would.querySelector("h3").textContent = put(words.reads, found);
  differs(would.querySelector("ul"), found);
  would.hidden = replace.hidden = false;
});
replace.addEventListener("click", async () => {
  replace.disabled = true;
  try { await take(); } catch (error) { wrong(bringing, error); replace.disabled = false; }
});
brought.addEventListener("input", () => { would.hidden = replace.hidden = true; });

async function reads(file) {
  if (!file) return;
  try {
    if (file.size > 800_000) throw new Error(put(words.large, { name: file.name }));
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer().catch(() => { throw new Error(put(words.no_text, { name: file.name })); }));
    if (text.includes("\0")) throw new TypeError();
    name = file.name;
    brought.value = text;
    brought.dispatchEvent(new Event("input"));
    bringing.requestSubmit();
  } catch (error) { wrong(bringing, error instanceof TypeError ? new Error(put(words.no_text, { name: file.name })) : error); }
}
const field = document.getElementById("file"), drop = bringing.querySelector(".drop");
field.addEventListener("change", () => { reads(field.files[0]); field.value = ""; });
for (const kind of ["dragover", "dragleave", "drop"]) drop.addEventListener(kind, (event) => {
  event.preventDefault();
  drop.classList.toggle("over", kind === "dragover");
  if (kind === "drop") reads(event.dataTransfer.files[0]);
});

// ---- write one from the questions

const asked = document.getElementById("writing-one");
sends(asked, async () => {
  const { title, ...answers } = Object.fromEntries([...asked.elements].filter((one) => one.name).map((one) => [one.name, one.value]));
  await api("/api/brief/write", { title, answers, was });
  forget(asked);
  shown();
});

// ---- correct it

const correcting = document.getElementById("correcting"), text = correcting?.elements.text;
let kept = text?.value;
sends(correcting, async () => {
  await api("/api/brief/save", { text: text.value, was });
  kept = text.value;
  shown();
});
addEventListener("beforeunload", (event) => { if (text && text.value !== kept) event.preventDefault(); });

/** Open the text where a question stands, or at its end under a heading for the answer. */
function write_in({ line, head }) {
  document.getElementById("correct").open = true;
  let at;
  if (line) at = text.value.split("\n").slice(0, Number(line)).join("\n").length;
  else {
    if (!text.value.trimEnd().endsWith(`\n## ${head}`)) text.value = `${text.value.trimEnd()}\n\n## ${head}\n`;
    at = text.value.length;
  }
  text.focus();
  text.setSelectionRange(at, at);
  text.scrollIntoView({ block: "center" });
  text.scrollTop = text.scrollHeight * (at / Math.max(1, text.value.length)) - text.clientHeight / 2;
}
for (const one of page.querySelectorAll(".write-in")) one.addEventListener("click", () => write_in(one.dataset));
