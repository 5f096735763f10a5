// Replaces each part of the page by its newer state, as the sandbox sends it.
const connection = document.getElementById("connection");
const pause = document.getElementById("pause");
const parts = new Map([...document.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
let address = document.querySelector("[data-live]").dataset.live;
let source = null;

function put(part, html) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  part.innerHTML = html;
  if (focused) {
    // The same button, or what it was in: the keyboard must not start again at the top.
    const again = focused.id && document.getElementById(focused.id);
    (again || part.closest("[tabindex]") || document.getElementById("main")).focus({ preventScroll: true });
  }
}

function follow() {
  source = new EventSource(address);
  source.addEventListener("open", () => (connection.textContent = "Live"));
  source.addEventListener("error", () => {
    const ended = source.readyState === EventSource.CLOSED;
    connection.textContent = ended ? "Not connected: load the page again" : "Not connected: trying again";
  });
  for (const [name, part] of parts) {
    source.addEventListener(name, (event) => {
      put(part, event.data);
      if (event.lastEventId) address = `${address.split("?")[0]}?have=${event.lastEventId}`;
    });
  }
}

pause.hidden = false;
pause.addEventListener("click", () => {
  if (source) {
    source.close();
    source = null;
    connection.textContent = "Paused";
  } else {
    follow();
  }
  pause.textContent = source ? "Pause" : "Go on";
});
// The stream of a page that is left would keep its connection.
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && location.reload());
follow();
