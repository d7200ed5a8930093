
// A route is tried by what its form says; whatever comes back is shown as text.
const SHOWN_MAX = 262144;

function requestOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const headers = new Headers();
  for (const field of form.querySelectorAll("[data-place]")) {
    if (field.value === "") {
      continue;
    }
    if (field.dataset.place === "path") {
      path = path.replace(`{${field.dataset.name}}`, field.value.split("/").map(encodeURIComponent).join("/"));
    } else if (field.dataset.place === "query") {
      query.append(field.dataset.name, field.value);
    } else {
      headers.set(field.dataset.name, field.value);
    }
  }
  const bearer = document.getElementById("bearer")?.value.trim() ?? "";
  if (bearer !== "") {
    headers.set("Authorization", `Bearer ${bearer}`);
  }
  const request = { method: form.dataset.method, headers, cache: "no-store" };
  request.credentials = bearer === "" ? "same-origin" : "omit";
  const body = form.querySelector("[data-media]");
  if (body !== null) {
    headers.set("Content-Type", body.dataset.media);
    request.body = body.value;
  }
  const token = document.querySelector("input[name=form-token]");
  if (request.method !== "GET" && token !== null) {
    headers.set("Form-Token", token.value);
  }
  const asked = query.toString();
  return new Request(asked === "" ? path : `${path}?${asked}`, request);
}

function show(place, title, text) {
  const said = document.createElement("p");
  said.textContent = title;
  const shown = document.createElement("pre");
  shown.tabIndex = 0;
  shown.textContent = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
  place.replaceChildren(said, shown);
}

async function attempt(form) {
  const place = form.parentElement.querySelector(".answer");
  try {
    const response = await fetch(requestOf(form));
    const media = response.headers.get("content-type") ?? "";
    const text = await response.text();
    const isJson = media.startsWith("application/json") || media.startsWith("application/problem+json");
    show(place, `${response.status} ${response.statusText}`, isJson ? JSON.stringify(JSON.parse(text), null, 2) : text);
  } catch (error) {
    show(place, "No answer", String(error));
  }
}

for (const form of document.querySelectorAll(".route form")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(form);
  });
}
