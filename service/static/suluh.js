/* What a page can do better with a script; every page works without one. */
"use strict";

/** Show the buttons that only a script can serve. */
function showScripted() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/** A form is sent once: its button says that it is being done. */
function sendOnce(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
}

/** Ask how far a job is, and load the page again when it has ended. */
async function poll(place) {
  const answer = await fetch(place.dataset.poll, { headers: { Accept: "application/json" } });
  if (answer.ok) {
    const job = await answer.json();
    if (job.state !== "waiting" && job.state !== "running") {
      window.location.reload();
      return;
    }
    place.querySelector("[data-share]").value = job.share ?? 0;
    if (job.doing) place.querySelector("[data-doing]").textContent = job.doing;
  }
  window.setTimeout(() => poll(place), 1500);
}

/** Ask for this page again until it holds what is being worked out, and put that in its place. */
async function lookAgain() {
  const answer = await fetch(window.location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.querySelector("[data-again]")) {
    window.setTimeout(lookAgain, 800);
    return;
  }
  document.querySelector("main").replaceWith(page.querySelector("main"));
  showScripted();
}

if (document.querySelector("[data-again]")) window.setTimeout(lookAgain, 500);
for (const place of document.querySelectorAll("[data-poll]")) window.setTimeout(() => poll(place), 1000);
document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
showScripted();
