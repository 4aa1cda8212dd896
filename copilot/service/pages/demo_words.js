// The page's own words in the languages of the calls.

const EN = {
  agent: "Agent", customer: "Customer", system: "System", unknown: "Speaker unknown",
  conversation: "Conversation", sidebar: "Beside the call", newTurns: "↓ New turns below", corrected: "corrected",
  partial: "still speaking", masked: "masked before it was stored", fillIn: "to be filled in",
  noCards: "Nothing to show yet. Cards come when the call needs them.",
  alert: "Alert", script: "Read aloud", passage: "From the documents", next_step: "Next step", offer: "Offer",
  answer: "Answer", critical: "Critical", high: "High", medium: "Medium", low: "Low",
  why: "Why", match: "close to what was said (score {0})", source: "Source", sentTo: "goes to", valid: "valid",
  from: "from", until: "until", turn: "turn", turns: "turns", showTurn: "show in the conversation",
  verification: "Verification", level_none: "Not verified", level_identified: "Identified", level_authenticated:
  "Verified", level_password: "Verified by password", result_failed: "failed",
  result_passed: "passed", result_reported: "reported by another system", result_asked: "asked", result_not_done: "not done",
  consent: "Consent", given: "given", notGiven: "not given", paused: "Capture paused: what is said now is not stored",
  degraded: "The language model does not answer; everything else goes on without it",
  note: "Account note", copy: "Copy note", copied: "Copied", copyFailed: "The browser refused; the note is selected, copy it by hand",
  edited: "edited by a person", rests: "What it rests on", reason: "Reason", caller: "Caller", outcome: "Outcome",
  facts: "Facts", told: "Told", actions: "Done", offers: "Offers", follow_ups: "Follow-ups", open_questions:
  "Open questions", red_flags: "Red flags", disclosures_read: "Read out", fields: "Details", ticket_ids: "Tickets",
  field: "Detail", value: "Value", due: "due", accepted: "accepted", refused: "refused", open: "no answer",
  support: "{0} % supported", withoutTurn: "no turn named",
};

const ES = {
  agent: "Agente", customer: "Cliente", system: "Sistema", unknown: "Hablante desconocido",
  conversation: "Conversación", sidebar: "Junto a la llamada", newTurns: "↓ Hay más abajo", corrected: "corregido",
  partial: "sigue hablando", masked: "oculto antes de guardarse", fillIn: "por completar",
  noCards: "Todavía nada. Las tarjetas salen cuando la llamada las necesita.",
  alert: "Alerta", script: "Leer en voz alta", passage: "De los documentos", next_step: "Siguiente paso", offer: "Oferta",
  answer: "Respuesta", critical: "Crítica", high: "Alta", medium: "Media", low: "Baja",
  why: "Por qué", match: "cercano a lo dicho (puntaje {0})", source: "Fuente", sentTo: "pasa a", valid: "vigente",
  from: "desde", until: "hasta", turn: "turno", turns: "turnos", showTurn: "ver en la conversación",
  verification: "Verificación", level_none: "Sin verificar", level_identified: "Identificado", level_authenticated:
  "Verificado", level_password: "Verificado con contraseña", result_failed: "fallida",
  result_passed: "aprobada", result_reported: "informada por otro sistema", result_asked: "pedida", result_not_done: "no hecha",
  consent: "Consentimiento", given: "dado", notGiven: "no dado", paused: "Captura en pausa: lo que se dice ahora no se guarda",
  degraded: "El modelo de lenguaje no responde; todo lo demás sigue sin él",
  note: "Nota de la cuenta", copy: "Copiar nota", copied: "Copiada", copyFailed: "El navegador no lo permite; la nota está seleccionada, cópiela a mano",
  edited: "editada por una persona", rests: "En qué se apoya", reason: "Motivo", caller: "Cliente", outcome: "Resultado",
  facts: "Hechos", told: "Informado", actions: "Hecho", offers: "Ofertas", follow_ups: "Seguimiento", open_questions:
  "Preguntas abiertas", red_flags: "Alertas", disclosures_read: "Leído", fields: "Datos", ticket_ids: "Tickets",
  field: "Dato", value: "Valor", due: "para", accepted: "aceptada", refused: "rechazada", open: "sin respuesta",
  support: "apoyado al {0} %", withoutTurn: "sin turno",
};

/** The words of a language, English where it has none. */
export function wordsOf(language) {
  return String(language ?? "").startsWith("es") ? ES : EN;
}

/** A word by its key; a key nobody knows is shown as it is, without its underscores. */
export function say(words, key, ...values) {
  const word = Object.hasOwn(words, key) ? words[key] : String(key).replaceAll("_", " ");
  return values.reduce((text, value, place) => text.replace(`{${place}}`, value), word);
}
