"use strict";

// A slider says where it stands while it is moved, and asks once it is let go.
for (const slider of document.querySelectorAll(".slider input[type=range]")) {
  const shown = slider.form.querySelector("output");
  slider.addEventListener("input", () => {
    const first = slider.dataset.first;
    if (first === undefined) {
      shown.textContent = slider.value;
      return;
    }
    const day = new Date(first + "T00:00:00Z");
    day.setUTCDate(day.getUTCDate() + Number(slider.value));
    shown.textContent = day.toISOString().slice(0, 10);
  });
  slider.addEventListener("change", () => slider.form.requestSubmit());
}

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
if (document.querySelector("[data-refresh]") !== null) {
  setInterval(() => {
    const isIdle = document.visibilityState === "visible" && !(document.activeElement instanceof HTMLInputElement);
    if (isIdle && Array.from(document.querySelectorAll("main input[type=text]")).every((field) => field.value === "")) {
      location.reload();
    }
  }, 3000);
}
