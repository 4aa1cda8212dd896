// The insight page: figures with what was counted and left out, charts with tables, evidence one click away.

import { button, element, fill, find, locale, outside, table } from "./console_dom.js";
import { Shell } from "./console_shell.js";
import { NARROW, groups, line, pareto } from "./insight_charts.js";
import { Coaching } from "./insight_coaching.js";
import { OutreachLists } from "./insight_outreach.js";
import { Tables } from "./insight_tables.js";
import { WORDS } from "./insight_words.js";

const VIEWS = ["figures", "saves", "causes", "work", "outreach", "coaching"];
const SPANS = [7, 30, 90, 180, 365];
const DAY_MS = 86_400_000;

let report = null;
let named = { kpis: {}, excluded: {}, sections: {}, columns: {}, codes: {} };
let tables = null;
let shownEvidence = null; // what the dialog goes back to

const shell = new Shell(WORDS, { onSignedIn: begin, onLanguage: rewrite, views: VIEWS });
const lists = new OutreachLists({ shell, tables: () => tables, onChange: load });
const coaching = new Coaching({ shell, tables: () => tables, asked: () => question(), known: () => report?.agents ?? [] });

async function begin(me) {
  named = await shell.api.get("/v1/insight/words");
  const isManager = ["supervisor", "admin"].includes(me.role);
  for (const view of VIEWS) find(`tab-${view}`).hidden = !isManager && view !== "coaching";
  for (const id of ["save-xlsx", "save-ics"]) find(id).hidden = !isManager;
  find("window").hidden = false;
  setDays(30);
  fillSpans();
  if (!isManager) shell.view = "coaching";
  await load();
}

function rewrite() {
  fillSpans();
  showAll();
  void coaching.load();
}

function fillSpans() {
  const { words } = shell;
  const options = [["", words.choose], ...SPANS.map((days) => [String(days), fill(words.days, { n: days })])];
  find("span").replaceChildren(...options.map(([value, text]) => element("option", { value, text })));
}

// --- the time ----------------------------------------------------------------------------------------------------------

const dayOf = (at) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

function setDays(days) {
  const now = new Date();
  find("to").value = dayOf(now);
  find("from").value = dayOf(new Date(now.getTime() - (days - 1) * DAY_MS));
}

/** The days of the form, in the reader's own zone; the last day counts whole. */
function question() {
  const begin = new Date(`${find("from").value}T00:00:00`);
  const end = new Date(`${find("to").value}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return new URLSearchParams({ from: begin.toISOString(), to: end.toISOString() });
}

async function load() {
  shell.tell(shell.words.loading);
  const isManager = ["supervisor", "admin"].includes(shell.me.role);
  if (isManager) report = await shell.api.get(`/v1/insight?${question()}`);
  showAll();
  await coaching.load();
  shell.tell("");
}

function again() {
  load().catch((error) => shell.failed(error));
}

// --- the views ---------------------------------------------------------------------------------------------------------

function showAll() {
  const { words, language } = shell;
  tables = new Tables({ words, language, named, onEvidence: showEvidence });
  if (!report) return;
  const day = (iso) => new Intl.DateTimeFormat(locale(language), { dateStyle: "medium" }).format(new Date(iso));
  const lastDay = new Date(new Date(report.to).getTime() - 1).toISOString();
  const told = fill(words.told, { n: report.contacts, from: day(report.from), to: day(lastDay) });
  find("told").textContent = report.is_cut ? `${told} ${words.cut}` : told;
  const { sections } = report;
  find("figures-view").replaceChildren(figures(sections.kpis), trends(sections.trends), plain("cards"), plain("gaps"));
  find("saves-view").replaceChildren(saves("saves_by_reason"), saves("saves_by_offer"));
  find("causes-view").replaceChildren(
    bars("churn_reasons", "contacts", "cumulative_contacts", words.count),
    bars("churn_revenue", "revenue_at_risk", "cumulative_revenue", words.revenue),
    bars("contact_reasons", "contacts", "cumulative_contacts", words.count),
    plain("problems"),
  );
  find("work-view").replaceChildren(plain("deadlines"), plain("missed"));
  find("outreach-view").replaceChildren(
    card("outreach", lists.proofs(sections.outreach)), card("outreach_lines", [lists.lines(sections.outreach_lines)]),
  );
}

function card(name, parts) {
  return element("section", { className: "card", id: `section-${name}`, "aria-labelledby": `head-${name}` }, [
    element("div", { className: "head" }, [
      element("h2", { id: `head-${name}`, text: tables.word("sections", name) }),
      button(shell.words.csv, () => void save(name), { className: "link no-print", "aria-label": `${shell.words.csv}: ${tables.word("sections", name)}` }),
    ]),
    ...parts,
  ]);
}

const plain = (name) => card(name, [tables.of(name, report.sections[name])]);

function figures(section) {
  const { words } = shell;
  if (!section.rows.length) return card("kpis", [element("p", { className: "soft", text: words.nothing })]);
  const cards = section.rows.map((row) => {
    const told = tables.figure(row);
    const counted = `${row.numerator} ${told.numerator} / ${row.denominator} ${told.denominator}`;
    return element("div", { className: "figure card", id: `kpi-${row.kpi_id}` }, [
      element("h3", { text: told.title }),
      element("p", { className: "value" }, [told.value, " ", element("small", { text: told.unit })]),
      element("p", { text: counted }),
      told.excluded ? element("p", { className: "soft", text: fill(words.leftOut, { what: told.excluded }) }) : null,
      told.note ? element("p", { className: "soft", text: told.note }) : null,
      row.evidence.length ? element("p", {}, [tables.evidence(told.title, row.evidence)]) : null,
    ]);
  });
  return card("kpis", [element("div", { className: "figures" }, cards), folded(tables.of("kpis", section, { without: ["figures"] }))]);
}

function folded(made) {
  return element("details", { className: "no-print" }, [element("summary", { text: shell.words.table }), made]);
}

function trends(section) {
  const weeks = [...new Set(section.rows.map((row) => row.week))].sort();
  const ids = [...new Set(section.rows.map((row) => row.kpi_id))];
  const charts = ids.map((id) => {
    const rows = new Map(section.rows.filter((row) => row.kpi_id === id).map((row) => [row.week, row]));
    const points = weeks.map((week) => ({ week, value: rows.get(week)?.value == null ? null : Number(rows.get(week).value) }));
    const [first] = rows.values();
    const unit = tables.word("codes", first.unit);
    const name = tables.word("kpis", id);
    const behind = [...rows.values()].filter((row) => row.evidence.length).map((row) => button(row.week.slice(5), () => showEvidence(`${name}, ${row.week}`, row.evidence), { className: "link", "aria-label": `${name}, ${row.week}` }));
    const chart = line(fill(shell.words.line, { name }), points, unit);
    return element("div", {}, [
      element("h3", { text: unit ? `${name} (${unit})` : name }), chart, element("p", { className: "buttons soft" }, behind),
    ].filter(Boolean));
  });
  return card("trends", [element("div", { className: "charts" }, charts), folded(tables.of("trends", section))]);
}

function saves(name) {
  const { words } = shell;
  const section = report.sections[name];
  const number = (value) => (value === null ? null : Number(value));
  const rows = section.rows.map((row) => ({
    name: row.name.replaceAll("_", " "), values: [row.acceptance, row.save_rate_30, row.save_rate_60, row.save_rate_90].map(number),
  }));
  const names = [words.accepted, words.saved30, words.saved60, words.saved90];
  const chart = rows.length ? groups(tables.word("sections", name), rows, names) : null;
  return card(name, [element("p", { className: "soft", text: words.savesHelp }), chart, savesTable(name, section)].filter(Boolean));
}

/** The table behind the chart: each share with what it was counted from, who was left out, and who was lost. */
function savesTable(name, { rows }) {
  const { words } = shell;
  if (!rows.length) return element("p", { className: "soft", text: words.nothing });
  const share = (value, text, values) => (value === null ? words.none : fill(text, { value, ...values }));
  const lines = rows.map((row) => [
    row.name.replaceAll("_", " "), row.contacts, share(row.acceptance, words.ofAll, { n: row.accepted, of: row.presented }),
    ...[30, 60, 90].flatMap((days) => [
      share(row[`save_rate_${days}`], words.ofKnown, { n: row[`saved_${days}`], of: row[`told_${days}`], out: row[`left_out_${days}`] }),
      tables.evidence(`${row.name}, ${tables.word("columns", `lost_${days}`)}`, row[`lost_${days}`]),
    ]),
  ]);
  const heads = ["name", "contacts", "acceptance", "save_rate_30", "lost_30", "save_rate_60", "lost_60", "save_rate_90", "lost_90"];
  return table(tables.word("sections", name), heads.map((each) => tables.word("columns", each).replace(/ %$/, "")), lines, { numeric: [1] });
}

function bars(name, of, cumulative, unit) {
  const section = report.sections[name];
  const rows = section.rows.map((row) => ({ name: row.cause_code.replaceAll("_", " "), value: Number(row[of]), told: String(row[of]), cumulative: row[cumulative] }));
  const title = fill(shell.words.pareto, { name: tables.word("sections", name), unit });
  return card(name, [rows.length ? pareto(title, rows) : null, tables.of(name, section)].filter(Boolean));
}

// --- evidence and files ------------------------------------------------------------------------------------------------

function showEvidence(what, ids) {
  shownEvidence = { what, ids };
  find("evidence-title").textContent = fill(shell.words.evidenceOf, { what });
  const lines = ids.map((id) => element("li", {}, [button(id, () => void showCall(id), { className: "link" })]));
  find("evidence-body").replaceChildren(lines.length ? element("ul", {}, lines) : element("p", { text: shell.words.noEvidence }));
  if (!find("evidence").open) find("evidence").showModal();
}

async function showCall(id) {
  const { words } = shell;
  const body = find("evidence-body");
  const back = button(words.back, () => showEvidence(shownEvidence.what, shownEvidence.ids), { className: "link" });
  body.replaceChildren(back, element("p", { text: words.loadingCall }));
  try {
    const call = await shell.api.get(`/v1/insight/calls/${encodeURIComponent(id)}`);
    const turns = call.turns.map((turn) => element("li", {}, [
      element("span", { className: "soft", text: `${turn.turn_id} · ${turn.speaker}` }), outside("span", turn.text),
    ]));
    body.replaceChildren(
      back,
      outside("p", `${call.call_id} · ${call.channel} · ${call.disposition_code ?? ""}`, { className: "strong" }),
      element("h3", { text: words.note }), outside("p", call.note, { className: "words" }),
      element("h3", { text: words.turns }), element("ol", { className: "turns plain" }, turns),
    );
  } catch (error) {
    if (error.status === 404) body.replaceChildren(back, outside("p", id), element("p", { text: words.noCall }));
    else {
      find("evidence").close();
      shell.failed(error);
    }
  }
}

async function save(name) {
  const asked = question();
  asked.set("language", shell.language);
  const files = { xlsx: [`/v1/insight/report.xlsx?${asked}`, "insight.xlsx"], ics: ["/v1/insight/deadlines.ics", "deadlines.ics"] };
  try {
    await shell.api.save(...(files[name] ?? [`/v1/insight/sections/${name}.csv?${asked}`, `${name}.csv`]));
  } catch (error) {
    shell.failed(error);
  }
}

NARROW.addEventListener("change", () => { if (shell.me) showAll(); });
find("window").addEventListener("submit", (event) => {
  event.preventDefault();
  again();
});
find("span").addEventListener("change", () => {
  if (!find("span").value) return;
  setDays(Number(find("span").value));
  again();
});
find("save-xlsx").addEventListener("click", () => void save("xlsx"));
find("save-ics").addEventListener("click", () => void save("ics"));
find("close-evidence").addEventListener("click", () => find("evidence").close());
shell.keys({
  ...Object.fromEntries(VIEWS.map((view, place) => [String(place + 1), () => { if (!find(`tab-${view}`).hidden) shell.open(view); }])),
  t: () => find("from").focus(),
});
void shell.start();
