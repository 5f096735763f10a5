// Puts what the server tells of <div data-live="/address"> into it, until it is settled.
for (const place of document.querySelectorAll("[data-live]")) {
  const source = new EventSource(place.dataset.live);
  const put = (event) => {
    place.innerHTML = event.data;
  };
  source.addEventListener("message", put);
  source.addEventListener("settled", (event) => {
    source.close();
    put(event);
  });
}
