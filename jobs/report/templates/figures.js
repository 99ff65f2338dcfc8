"use strict";
(function () {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const config = { responsive: true, displayModeBar: false, scrollZoom: false, doubleClick: false };
  const plots = Object.keys(figures).map((id) => document.getElementById(id));
  const draw = (plot) => {
    const figure = figures[plot.id];
    if (!plot.drawn) Plotly.newPlot(plot, figure.data, figure.layout, config);
    plot.drawn = true;
  };
  const near = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      near.unobserve(entry.target);
      draw(entry.target);
    }),
    { rootMargin: "600px" },
  );
  plots.forEach((plot) => near.observe(plot));

  // Before printing, draw every chart at the width of the page: 182 mm are 688 pixels.
  window.addEventListener("beforeprint", () => {
    plots.forEach((plot) => {
      draw(plot);
      Plotly.relayout(plot, { width: plot.closest(".half") ? 334 : 684, autosize: false });
    });
  });
  window.addEventListener("afterprint", () => {
    plots.forEach((plot) => Plotly.relayout(plot, { width: null, autosize: true }));
  });
})();
