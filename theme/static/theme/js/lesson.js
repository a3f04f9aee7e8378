/* Keeps how far a lesson went: every 10 seconds while it plays, when it pauses, when it ends, and when the page is left.
   Without this file the button below the lesson says that it is done. */

const EVERY = 10; // seconds of playing
const NEAR_END = 0.97; // the credits need not be watched

const form = document.querySelector("form[data-progress]");
const video = document.querySelector("video[data-player]");

if (form && video) {
  const said = document.querySelector("[data-progress-said]");
  let furthest = Number(form.dataset.fraction || 0);
  let sentAt = -EVERY;
  let finished = furthest >= 1;
  let sending = false;

  const measure = (ended) => {
    if (Number.isFinite(video.duration) && video.duration > 0) {
      const share = video.currentTime / video.duration;
      furthest = ended || share >= NEAR_END ? 1 : Math.max(furthest, Math.min(share, 1));
    }
    const data = new FormData(form);
    data.set("fraction", furthest.toFixed(4));
    data.set("position", Math.max(0, video.currentTime).toFixed(1));
    return data;
  };

  // What was not kept is said once, and taken back as soon as it is kept.
  const live = document.getElementById("live");
  let told = "";
  const say = (sentence) => {
    if (!live || sentence === told) return;
    live.querySelector("p").textContent = sentence;
    live.hidden = !sentence;
    told = sentence;
  };

  const show = (answer) => {
    if (!answer.completed || finished) return;
    finished = true;
    if (said) said.hidden = false;
  };

  const keep = async (ended = false) => {
    if (sending && !ended) return;
    sending = true;
    sentAt = video.currentTime;
    try {
      const answer = await fetch(form.dataset.progress, { method: "POST", body: measure(ended), credentials: "same-origin" });
      if (answer.ok) {
        show(await answer.json());
        say("");
      } else {
        say((await answer.json().catch(() => ({}))).error || live?.dataset.failed);
      }
    } catch {
      sentAt = -EVERY; // tried again with the next step
      say(live?.dataset.offline);
    } finally {
      sending = false;
    }
  };

  video.addEventListener("timeupdate", () => {
    if (Math.abs(video.currentTime - sentAt) >= EVERY && !video.paused) keep();
  });
  video.addEventListener("pause", () => {
    if (!video.ended) keep();
  });
  video.addEventListener("ended", () => keep(true));
  window.addEventListener("pagehide", () => {
    if (video.currentTime > 0) navigator.sendBeacon(form.dataset.progress, measure(false));
  });
}
