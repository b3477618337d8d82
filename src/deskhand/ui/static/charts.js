// Draws the tables of a report: what is drawn is what stands in them, in the colours of the theme.
const probe = document.body.appendChild(Object.assign(document.createElement("span"), { hidden: true }));
const colour = (name) => {
  probe.className = `chart-${name}`;
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  canvas.fillStyle = getComputedStyle(probe).color;
  canvas.fillRect(0, 0, 1, 1);
  return `rgb(${[...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).join(" ")})`;
};
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

function draw(box) {
  const details = box.parentElement.querySelector("details[data-drawn]");
  const table = details.querySelector("table");
  const rows = [...table.tBodies[0].rows];
  const labels = rows.map((row) => row.cells[0].textContent.trim());
  const heads = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
  const shares = box.dataset.drawing === "shares";
  const names = shares ? heads.filter((_, at) => at !== 1) : heads; // a count says the same as its share
  const measured = (cell) => (cell.dataset.value ? Number(cell.dataset.value) : null); // what was not measured is a gap
  const column = (name) => rows.map((row) => measured(row.cells[heads.indexOf(name) + 1]));
  const shown = (name, at) => rows[at].cells[heads.indexOf(name) + 1].textContent.trim();
  const colours = box.dataset.drawing === "bars" ? ["one", "two", "three"] : ["one", "before"];
  const grid = colour("grid");
  const ink = colour("ink");
  const most = Math.max(...names.flatMap(column), 1);
  const step = Math.ceil(most / 3600 / 5) * 3600;
  const hours = (seconds) => box.dataset.hours.replace("{0}", Math.round(seconds / 3600));
  box.hidden = false;
  details.open = false;
  if (shares) box.classList.add("chart-shares", `chart-rows-${Math.min(12, labels.length)}`);
  new Chart(box.querySelector("canvas"), {
    type: box.dataset.drawing === "line" ? "line" : "bar",
    data: {
      labels,
      datasets: names.map((name, at) => ({
        label: name,
        data: column(name),
        borderColor: colour(colours[at % colours.length]),
        backgroundColor: colour(colours[at % colours.length]),
        borderDash: colours[at] === "before" && !shares ? [4, 4] : [],
        borderWidth: shares || box.dataset.drawing === "bars" ? 0 : 2,
        borderRadius: 3,
        pointRadius: labels.length > 45 && !column(name).includes(null) ? 0 : 2,
        tension: 0.25,
      })),
    },
    options: {
      animation: still ? false : { duration: 120 },
      maintainAspectRatio: false,
      indexAxis: shares ? "y" : "x",
      interaction: { mode: "index", intersect: false, axis: shares ? "y" : "x" },
      plugins: {
        legend: { display: names.length > 1, align: "end", labels: { color: ink, boxWidth: 12, boxHeight: 12 } },
        tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${shown(item.dataset.label, item.dataIndex)}` } },
      },
      scales: {
        x: { stacked: box.dataset.drawing === "bars", grid: { display: shares, color: grid }, ticks: { color: ink, maxRotation: 0, autoSkipPadding: 16 }, beginAtZero: true },
        y: { stacked: box.dataset.drawing === "bars", grid: { display: !shares, color: grid }, ticks: { color: ink, precision: 0, ...(box.dataset.unit === "seconds" && { callback: hours, stepSize: step }) }, beginAtZero: true },
      },
    },
  });
}

function drawAll() {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const box of document.querySelectorAll(".chart[data-drawing]")) draw(box);
}

drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const box of document.querySelectorAll(".chart canvas")) Chart.getChart(box)?.destroy();
  drawAll();
});
