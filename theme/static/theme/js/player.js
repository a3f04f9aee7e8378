/* Puts video.js over the plain <video controls> of the player component. If anything fails the plain element stays.
   The frame keeps its room in CSS, so nothing moves. video.js must not write <style> (the page's CSP forbids it). */

const MORE_WORDS = {
  "Skip backward {1} seconds": "后退 {1} 秒",
  "Skip forward {1} seconds": "前进 {1} 秒",
  "Seek to live, currently behind live": "回到直播",
  "Seek to live, currently playing live": "正在直播",
  "Playing in Picture-in-Picture": "正在画中画中播放",
};
const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const STEP = 10; // seconds

const fetched = new Map();

function fetchOnce(address, make) {
  if (!fetched.has(address)) {
    fetched.set(
      address,
      new Promise((resolve, reject) => {
        const element = make();
        element.addEventListener("load", resolve, { once: true });
        element.addEventListener("error", reject, { once: true });
        document.head.append(element);
      }),
    );
  }
  return fetched.get(address);
}

const script = (src) => fetchOnce(src, () => Object.assign(document.createElement("script"), { src }));
const style = (href) => fetchOnce(href, () => Object.assign(document.createElement("link"), { rel: "stylesheet", href }));

function resumeAt(video, seconds) {
  if (!seconds) return;
  const go = () => {
    if (seconds < video.duration - 3) video.currentTime = seconds;
  };
  if (video.readyState >= 1) go();
  else video.addEventListener("loadedmetadata", go, { once: true });
}

async function enhance(video) {
  if (video.dataset.enhanced) return;
  video.dataset.enhanced = "1";
  resumeAt(video, Number(video.dataset.start || 0));
  window.VIDEOJS_NO_DYNAMIC_STYLE = true;
  await Promise.all([style(video.dataset.style), script(video.dataset.script)]);
  await script(video.dataset.words);
  const { videojs } = window;
  videojs.addLanguage("zh-CN", MORE_WORDS);
  const chinese = document.documentElement.lang.startsWith("zh");
  video.classList.add("video-js", "vjs-svg-icons-enabled");
  videojs(video, {
    language: chinese ? "zh-CN" : "en",
    fill: true,
    playbackRates: SPEEDS,
    experimentalSvgIcons: true,
    textTrackSettings: false,
    userActions: { hotkeys: true },
    controlBar: {
      skipButtons: { backward: STEP, forward: STEP },
      pictureInPictureToggle: false,
      remainingTimeDisplay: false,
      currentTimeDisplay: true,
      timeDivider: true,
      durationDisplay: true,
    },
  });
}

function enhanceAll(root) {
  for (const video of root.querySelectorAll("video[data-player]")) {
    enhance(video).catch(() => video.classList.remove("video-js"));
  }
}

enhanceAll(document);
document.body.addEventListener("htmx:afterSettle", (event) => enhanceAll(event.target));
