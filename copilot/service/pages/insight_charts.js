// Charts in plain SVG: bars with a cumulative line, lines over weeks, grouped bars. Behind each stands a table.

const SVG = "http://www.w3.org/2000/svg";
const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [260, 46, 20, 14, 26];
/** On a narrow screen charts are drawn narrow, so that their letters keep their size. */
export const NARROW = window.matchMedia("(width < 40rem)");
const WIDE_SIZES = { width: 640, bars: [190, 520], name: 24, groups: [190, 560], weeks: 6 };
const NARROW_SIZES = { width: 300, bars: [112, 186], name: 15, groups: [118, 240], weeks: 3 };
const sizes = () => (NARROW.matches ? NARROW_SIZES : WIDE_SIZES);
const MOST_BARS = 10;
const FEW_POINTS = 9;

function part(name, attributes = {}, children = []) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function label(x, y, text, anchor = "middle", className = "label") {
  const made = part("text", { x, y, "text-anchor": anchor, class: className });
  made.textContent = text;
  return made;
}

/** The next round number at or above, so that an axis ends where people expect it. */
export function roundUp(value) {
  if (value <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map((step) => step * size).find((step) => step >= value - 1e-9);
}

function frame(title, children, { height = HEIGHT } = {}) {
  const { width } = sizes();
  const made = part("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title, class: "chart" });
  made.append(...children);
  return made;
}

function axis(most, format) {
  const found = [];
  const { width } = sizes();
  for (let step = 0; step <= 4; step += 1) {
    const y = HEIGHT - BOTTOM - (step / 4) * (HEIGHT - TOP - BOTTOM);
    found.push(part("line", { x1: LEFT, x2: width - RIGHT, y1: y, y2: y, class: "grid" }));
    found.push(label(LEFT - 6, y + 4, format((most * step) / 4), "end"));
  }
  return found;
}

const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const tidy = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 1 : 0));

/** Bars, the largest first, each with its name and value, and the cumulative percent behind it. */
export function pareto(title, rows) {
  const shown = rows.slice(0, MOST_BARS);
  const line = 34;
  const height = TOP + shown.length * line + 8;
  const most = Math.max(...shown.map((row) => row.value), 0) || 1;
  const { width: whole, bars: [start, end], name } = sizes();
  const parts = shown.flatMap((row, place) => {
    const y = TOP + place * line;
    const width = (row.value / most) * (end - start);
    return [
      label(start - 8, y + 17, short(row.name, name), "end"),
      part("rect", { x: start, y: y + 3, width: Math.max(width, 1), height: 20, rx: 3, class: "bar" }),
      label(start + width + 6, y + 17, row.told, "start"),
      label(whole - 2, y + 17, `${row.cumulative} %`, "end", "label soft"),
    ];
  });
  return frame(title, parts, { height });
}

/** One figure over weeks; a week without a value is a gap, not a zero. */
export function line(title, points, unit) {
  const values = points.map((point) => point.value).filter((value) => value !== null);
  if (!values.length) return null;
  const lowest = Math.min(0, ...values);
  const most = unit === "%" && lowest === 0 ? 100 : roundUp(Math.max(...values, 0));
  const { width, weeks: mostWeeks } = sizes();
  const span = most - lowest || 1;
  const x = (place) => LEFT + (points.length === 1 ? 0.5 : place / (points.length - 1)) * (width - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - ((value - lowest) / span) * (HEIGHT - TOP - BOTTOM);
  let path = "";
  points.forEach((point, place) => {
    if (point.value === null) return;
    path += `${place > 0 && points[place - 1].value !== null ? "L" : "M"}${x(place).toFixed(1)} ${y(point.value).toFixed(1)} `;
  });
  const last = points.findLastIndex((point) => point.value !== null);
  const isTold = (place) => points.length <= FEW_POINTS || place === last; // more numbers than that hide each other
  const dots = points.flatMap((point, place) => (point.value === null ? [] : [
    part("circle", { cx: x(place), cy: y(point.value), r: 4, class: "dot" }),
    isTold(place) ? label(x(place), y(point.value) - 9, tidy(point.value), "middle", "label value") : null,
  ])).filter(Boolean);
  const every = Math.ceil(points.length / mostWeeks);
  const weeks = points.map((point, place) => (place % every ? null : label(x(place), HEIGHT - 8, point.week.slice(5))));
  const ticks = axis(most, (value) => tidy(lowest + (value * span) / most));
  return frame(title, [...ticks, part("path", { d: path, class: "line" }), ...dots, ...weeks.filter(Boolean)]);
}

/** Groups of bars in percent, as acceptance beside saves; a share nobody can tell has no bar but a dash. */
export function groups(title, rows, names) {
  const shown = rows.slice(0, 6);
  const line = 20;
  const group = (names.length + 1) * line + 12; // a line more for the name of the group
  const height = TOP + shown.length * group + 4;
  const [start, end] = sizes().groups;
  const parts = shown.flatMap((row, place) => {
    const top = TOP + place * group + line;
    const bars = row.values.flatMap((value, number) => {
      const y = top + number * line;
      if (value === null) return [label(start + 4, y + 13, "–", "start", "label soft")];
      const width = (value / 100) * (end - start);
      return [
        part("rect", { x: start, y: y + 2, width: Math.max(width, 1), height: 14, rx: 3, class: `bar ${number ? `shade-${number}` : "two"}` }),
        label(start + width + 6, y + 13, `${tidy(value)} %`, "start"),
      ];
    });
    const told = names.map((name, number) => label(start - 8, top + number * line + 13, name, "end", "label soft"));
    return [label(4, top - 6, short(row.name, 40), "start", "label value"), ...told, ...bars];
  });
  return frame(title, parts, { height });
}
