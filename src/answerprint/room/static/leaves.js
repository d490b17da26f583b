// A sheet of many pages, of which only what is near is here; and a search that sees all of it.
import { key, look, say } from "/static/room.js";

/** The pages of the sheet, or the blocks of its column: fetched when they are nearly in sight, let go when they are far away. */
export class Leaves {
  #coming = new Map(); #near; #far;
  constructor(root) {
    this.root = root;
    this.#near = new IntersectionObserver((seen) => { for (const one of seen) if (one.isIntersecting) this.bring(one.target).catch(() => {}); }, { rootMargin: "150% 0px" });
    this.#far = new IntersectionObserver((seen) => { for (const one of seen) if (!one.isIntersecting && one.boundingClientRect.height) this.#let_go(one.target); }, { rootMargin: "1500% 0px" });
    for (const leaf of root.querySelectorAll(".leaf")) {
      leaf.later = leaf.querySelector(":scope > .later");
      if (leaf.later) this.#near.observe(leaf);
    }
  }
  /** A leaf as it stands in the sheet. */
  bring(leaf) {
    if (leaf.firstElementChild !== leaf.later) return Promise.resolve(leaf);
    if (!this.#coming.has(leaf)) this.#coming.set(leaf, this.#fetched(leaf).finally(() => this.#coming.delete(leaf)));
    return this.#coming.get(leaf);
  }
  async #fetched(leaf) {
    const answer = await fetch(`/script/leaf/${leaf.dataset.leaf}`, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(leaf.later.textContent);
    const held = leaf.contains(document.activeElement), made = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    leaf.replaceChildren(document.adoptNode(made));
    leaf.style.minHeight = "";
    if (held) leaf.querySelector("a, summary")?.focus({ preventScroll: true });
    this.#near.unobserve(leaf);
    this.#far.observe(leaf);
    return leaf;
  }
  #let_go(leaf) {
    if (!leaf.later || leaf.contains(document.activeElement) || leaf.querySelector("[open]")) return;
    leaf.style.minHeight = `${leaf.offsetHeight}px`;
    leaf.replaceChildren(leaf.later);
    this.#far.unobserve(leaf);
    this.#near.observe(leaf);
  }
  get #drawn() { return getComputedStyle(this.root.querySelector(".pages")).display !== "none"; }
  /** Whether the pages are shown, not the column. */
  get on_pages() { return this.#drawn; }
  /** Go to a page, or to a block where the column is shown. Gives the leaf, with what stands on it. */
  async go(number, block) {
    const which = this.#drawn ? number : block, leaf = which === null ? null : this.root.querySelector(`[data-leaf="${this.#drawn ? "pages" : "column"}/${which}"]`);
    if (!leaf) return null;
    leaf.scrollIntoView({ block: "start" });
    await this.bring(leaf);
    leaf.scrollIntoView({ block: this.#drawn ? "nearest" : "start" });
    return leaf;
  }
}

/** Look for words over all leaves, also those that are not here: the browser's own search sees only what is loaded. */
export function find(page, leaves, said) {
  const form = page.querySelector(".find"), field = form.querySelector("input"), told = form.querySelector("output");
  let words = "", hits = { pages: [], column: [] }, n = -1, mark = null;
  const told_of = (name, values) => said[name].replace(/\{(\w+)\}/g, (all, word) => values[word] ?? all);
  const list = () => (leaves.on_pages ? hits.pages : hits.column);
  async function go(by) {
    const wanted = field.value.trim();
    mark?.remove();
    mark = null;
    for (const one of page.querySelectorAll(".leaf.found")) one.classList.remove("found");
    if (!wanted) { words = told.textContent = ""; return; }
    if (wanted !== words) {
      hits = await look(`/api/script/find?words=${encodeURIComponent(wanted)}`);
      words = wanted;
      n = by > 0 ? -1 : 0;
    }
    if (!list().length) { told.textContent = said.found_none; return; }
    n = (n + by + list().length) % list().length;
    told.textContent = told_of(hits.more ? "found_more" : "found", { n: n + 1, count: list().length });
    const hit = list()[n], leaf = await leaves.go(hit.page ?? null, leaves.on_pages ? null : hit);
    if (!leaves.on_pages) { leaf.classList.add("found"); return; }
    mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ class: "found", x: hit.x - 2, y: hit.y, width: hit.width + 4, height: hit.height })) mark.setAttribute(name, value);
    leaf.querySelector("svg")?.append(mark);
    mark.scrollIntoView({ block: "center" });
  }
  const tried = (by) => go(by).catch((error) => say(error.message));
  form.addEventListener("submit", (event) => { event.preventDefault(); tried(1); });
  form.querySelector('[value="before"]').addEventListener("click", () => tried(-1));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); tried(-1); }
    if (event.key === "Escape") { field.value = ""; tried(1); field.blur(); }
  });
  key("/", () => { field.focus(); field.select(); });
}
