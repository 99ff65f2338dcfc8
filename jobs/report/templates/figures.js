"use strict";
(function () {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const config = { responsive: true, displayModeBar: false, scrollZoom: false, doubleClick: false };
  const places = Object.keys(figures).map((id) => document.getElementById(id));
  const draw = (place) => {
    const figure = figures[place.id];
    if (!place.drawn) Plotly.newPlot(place, figure.data, figure.layout, config);
    place.drawn = true;
  };
  const near = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      near.unobserve(entry.target);
      draw(entry.target);
    }),
    { rootMargin: "600px" },
  );
  places.forEach((place) => near.observe(place));

  // On paper everything is drawn, at the width of the page: 182 mm are 688 pixels.
  window.addEventListener("beforeprint", () => {
    places.forEach((place) => {
      draw(place);
      Plotly.relayout(place, { width: place.closest(".half") ? 334 : 684, autosize: false });
    });
  });
  window.addEventListener("afterprint", () => {
    places.forEach((place) => Plotly.relayout(place, { width: null, autosize: true }));
  });
})();
