// The words of the insight page; those of figures, columns and codes come from the server.

import { SHELL } from "./console_words.js";

export const WORDS = {
  en: {
    ...SHELL.en,
    title: "Retention Copilot – insight", page: "insight", figures: "Figures", saves: "Saves", causes: "Causes", work: "Work at risk",
    outreach: "Outreach", coaching: "Coaching", window: "Time", from: "From", to: "To, this day included", span: "Or the last",
    days: "{n} days", choose: "choose", show: "Show", xlsx: "Workbook (.xlsx)", ics: "Deadlines (.ics)", csv: "CSV", docx: "Word (.docx)", print: "Print",
    told: "{n} contacts, {from} to {to}.", cut: "There are more contacts than are read at once; the newest are counted.",
    evidence: "cases: {n}", evidenceOf: "Behind: {what}", noEvidence: "none", leftOut: "left out: {what}", nothing: "Nothing to tell for this time.",
    none: "–", trend: "Week by week", table: "As a table", cumulative: "cumulative %", count: "contacts", revenue: "monthly revenue at risk",
    pareto: "{name}: bars by {unit}, line cumulative percent", line: "{name} by week", accepted: "accepted", saved30: "saved at 30 days",
    saved60: "saved at 60 days", saved90: "saved at 90 days", savesHelp: "Accepted is not saved: a save is a customer still active and paying at day 30, 60 or 90. Contacts younger than that are left out; choose a longer time to see them.",
    ofKnown: "{value} % ({n} of {of}; {out} left out)", ofAll: "{value} % ({n} of {of})", complete: "complete", incomplete: "{n} open", proof: "{total} due = {contacted} contacted + {reasoned} with a reason + {open} open",
    strays: "{n} contacts name nobody on a list", turns: "Turns", note: "Note", call: "Call", back: "Back to the list", loadingCall: "Loading the call …",
    noCall: "This is not a call that is kept here.", yes: "yes", no: "no", agent: "Agent", chooseAgent: "Choose an agent", before: "before", now: "now",
    strengths: "Strengths", moments: "Three moments", metrics: "Figures", concerns: "Open concerns", policies: "Policy changes", said: "What was said",
    strength: "went well", practise: "to practise", begins: "begins", ends: "ends", nobody: "Nobody is known in this time.",
    say: "Say something", sayKind: "As", sayText: "Text", send: "Send", saidIt: "It stands on the page.", concern: "concern", answer: "answer",
    reply: "reply", agreed: "agreed", contested: "contested score", reTo: "On", nothingRe: "the page", times: "{n}×", coachingHelp: "Coaching, not discipline: answer whatever is not right.",
    keyViews: "the views, in their order", keyTime: "another time",
  },
  es: {
    ...SHELL.es,
    title: "Retention Copilot – análisis", page: "análisis", figures: "Indicadores", saves: "Retención", causes: "Causas", work: "Trabajo en riesgo",
    outreach: "Contactos", coaching: "Acompañamiento", window: "Tiempo", from: "Desde", to: "Hasta, ese día incluido", span: "O los últimos",
    days: "{n} días", choose: "elija", show: "Mostrar", xlsx: "Libro (.xlsx)", ics: "Plazos (.ics)", csv: "CSV", docx: "Word (.docx)", print: "Imprimir",
    told: "{n} contactos, del {from} al {to}.", cut: "Hay más contactos de los que se leen a la vez; se cuentan los más recientes.",
    evidence: "casos: {n}", evidenceOf: "Detrás de: {what}", noEvidence: "ninguno", leftOut: "excluido: {what}", nothing: "Nada que contar en este tiempo.",
    none: "–", trend: "Semana a semana", table: "Como tabla", cumulative: "% acumulado", count: "contactos", revenue: "ingreso mensual en riesgo",
    pareto: "{name}: barras por {unit}, línea con porcentaje acumulado", line: "{name} por semana", accepted: "aceptadas", saved30: "retenidos a 30 días",
    saved60: "retenidos a 60 días", saved90: "retenidos a 90 días", savesHelp: "Aceptar no es retener: se retiene a quien sigue activo y pagando el día 30, 60 o 90. Los contactos más recientes quedan fuera; elija un tiempo más largo para verlos.",
    ofKnown: "{value} % ({n} de {of}; {out} fuera)", ofAll: "{value} % ({n} de {of})", complete: "completa", incomplete: "{n} abiertos", proof: "{total} pendientes = {contacted} contactados + {reasoned} con motivo + {open} abiertos",
    strays: "{n} contactos no nombran a nadie de una lista", turns: "Turnos", note: "Nota", call: "Llamada", back: "Volver a la lista", loadingCall: "Cargando la llamada …",
    noCall: "No es una llamada guardada aquí.", yes: "sí", no: "no", agent: "Agente", chooseAgent: "Elija un agente", before: "antes", now: "ahora",
    strengths: "Fortalezas", moments: "Tres momentos", metrics: "Indicadores", concerns: "Asuntos abiertos", policies: "Cambios de políticas", said: "Lo que se dijo",
    strength: "salió bien", practise: "para practicar", begins: "empieza", ends: "termina", nobody: "No se conoce a nadie en este tiempo.",
    say: "Decir algo", sayKind: "Como", sayText: "Texto", send: "Enviar", saidIt: "Ya está en la página.", concern: "inquietud", answer: "respuesta",
    reply: "contestación", agreed: "acordado", contested: "nota impugnada", reTo: "Sobre", nothingRe: "la página", times: "{n}×", coachingHelp: "Acompañar, no sancionar: responda lo que no sea correcto.",
    keyViews: "las vistas, en su orden", keyTime: "otro tiempo",
  },
};
