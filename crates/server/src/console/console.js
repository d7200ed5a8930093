"use strict";

// What a browser keeps, where it keeps anything: one may refuse to.
function kept(name) {
  try {
    return globalThis[name];
  } catch {
    return undefined;
  }
}

// What a slider says where it stands: a day, or a number of entries.
function standing(slider) {
  const { first, of } = slider.dataset;
  if (first === undefined) {
    return of.replace("#", slider.value);
  }
  const day = new Date(first + "T00:00:00Z");
  day.setUTCDate(day.getUTCDate() + Number(slider.value));
  return day.toISOString().slice(0, 10);
}

// A slider says where it stands while it is moved, and asks once it rests: a key moves it by one step, and several may
// follow each other. Whoever moved it by keys finds it in focus again on the page that comes.
const REST = 400;
const MOVED = "moved";
for (const slider of document.querySelectorAll(".slider input[type=range]")) {
  const shown = slider.form.querySelector("output");
  let resting;
  slider.addEventListener("input", () => {
    shown.textContent = standing(slider);
    slider.setAttribute("aria-valuetext", standing(slider));
    clearTimeout(resting);
  });
  slider.addEventListener("change", () => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      kept("sessionStorage")?.setItem(MOVED, slider.id);
      slider.form.requestSubmit();
    }, REST);
  });
}
const moved = document.getElementById(kept("sessionStorage")?.getItem(MOVED) ?? "");
kept("sessionStorage")?.removeItem(MOVED);
moved?.focus({ preventScroll: true });

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytesOf = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

async function hashOf(prefix, ...parts) {
  const all = [prefix, ...parts.flatMap((part) => Array.from(part))];
  return new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(all)));
}

// The root that a leaf and its path lead to (RFC 9162, section 2.1.3.2); nothing where the path does not fit.
async function rootOf(leaf, position, size, path) {
  let at = position;
  let last = size - 1;
  let hash = leaf;
  for (const beside of path) {
    if (last === 0) {
      return undefined;
    }
    if (at % 2 === 1 || at === last) {
      hash = await hashOf(1, beside, hash);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = await hashOf(1, hash, beside);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}

async function holds(proof) {
  const { position, size, leaf, root } = proof.dataset;
  const exact = document.getElementById("exact");
  if (exact !== null) {
    const own = await hashOf(0, new TextEncoder().encode(exact.textContent));
    if (hex(own) !== leaf) {
      return false;
    }
  }
  const path = Array.from(proof.querySelectorAll(".path code"), (item) => bytesOf(item.textContent));
  const reached = await rootOf(bytesOf(leaf), Number(position), Number(size), path);
  return reached !== undefined && hex(reached) === root;
}

async function check(proof) {
  const can = globalThis.crypto?.subtle !== undefined;
  const outcome = can ? ((await holds(proof)) ? "holds" : "fails") : "without";
  for (const said of proof.querySelectorAll("[data-outcome]")) {
    said.hidden = said.dataset.outcome !== outcome;
  }
}

document.querySelectorAll("[data-proof]").forEach(check);

// A page with jobs that go on is asked for again, unless somebody is filling in one of its forms.
// Whoever wants nothing to move asks by the link there.
const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
if (!isStill && document.querySelector("[data-refresh]") !== null) {
  setInterval(() => {
    const isIdle = document.visibilityState === "visible" && !(document.activeElement instanceof HTMLInputElement);
    if (isIdle && Array.from(document.querySelectorAll("main input[type=text]")).every((field) => field.value === "")) {
      location.reload();
    }
  }, 3000);
}

// On paper nothing can be unfolded any more.
let folded = [];
addEventListener("beforeprint", () => {
  folded = Array.from(document.querySelectorAll("main details:not([open])"));
  folded.forEach((one) => (one.open = true));
});
addEventListener("afterprint", () => folded.forEach((one) => (one.open = false)));
