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
  verification: "Verification", level_none: "Not verified", level_identified: "Identified", level_authenticated: "Verified",
  level_password: "Verified by password", verificationFailed: "Verification failed", result_failed: "failed",
  result_passed: "passed", result_given: "given", result_reported: "reported by another system", result_asked: "asked",
  result_not_done: "not done", failedTries: "{0} failed", needs: "needs: {0}", opened: "opened by verification",
  consent: "Consent", agreed: "agreed", notAgreed: "not agreed", dispatch: "Field visit",
  noticeNotYet: "No recording notice yet", noticeGiven: "Recording notice given", recordingRefused: "Recording refused",
  capturing: "Capture on", paused: "Capture paused: what is said now is not stored", recording_refused: "recording refused",
  saveAttempts: "Save attempts", left: "{0} left", mayOffer: "an offer may be named", attempt: "attempt",
  customer_said_no: "the customer said no", forbidden_until_cancellation_complete: "no offer before the cancellation is done",
  no_attempts_left: "none left", say_disclosure_first: "say the disclosure first", ask_permission_first: "ask permission first",
  permission_unclear: "permission unclear", saidNo: "the customer said no", wantsToHear: "the customer wants to hear it",
  stopped: "stopped by the customer", withdrawn: "misheard: no longer said",
  stepOf: "step {0} of {1}", scriptThrough: "all steps done", now: "now", optional: "if it applies",
  linesSaid: "{0} of {1} said", lineSaid: "said", lineNear: "said, {0} % to the letter", lineSkipped: "left out",
  lineWaiting: "to be said", lineNotSaid: "not said", alsoOpen: "Earlier scripts: {0} not said yet",
  summary: "The call so far", wordedBy: "worded by {0}", lacks: "The note still lacks {0} parts",
  lacksOne: "The note still lacks one part",
  derivation: "How it was decided", holds: "holds", fails: "does not hold", yes: "yes", no: "no",
  degraded: "The language model does not answer; everything else goes on without it",
  note: "Account note", copy: "Copy note", copied: "Copied", copyFailed: "The browser refused; the note is selected, copy it by hand",
  edited: "edited by {0}", signed: "signed by {0}", editedSentence: "written by a person", version: "version {0}",
  missing: "Not said in this call", disclosures: "Disclosures", tickets: "Tickets", amount: "amount",
  at: "{0}", atLatest: "{0} at the latest", byEndOf: "by the end of {0}", channel_call: "by phone", channel_email: "by e-mail",
  channel_text: "by text", channel_mail: "by mail", because: "because", rests: "What it rests on", reason: "Reason", caller: "Caller", outcome: "Outcome",
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
  verification: "Verificación", level_none: "Sin verificar", level_identified: "Identificado", level_authenticated: "Verificado",
  level_password: "Verificado con contraseña", verificationFailed: "Verificación fallida", result_failed: "fallida",
  result_passed: "aprobada", result_given: "dada", result_reported: "informada por otro sistema", result_asked: "pedida",
  result_not_done: "no hecha", failedTries: "{0} fallidos", needs: "requiere: {0}", opened: "abierta por la verificación",
  consent: "Consentimiento", agreed: "aceptado", notAgreed: "no aceptado", dispatch: "Visita técnica",
  noticeNotYet: "Falta el aviso de grabación", noticeGiven: "Aviso de grabación dado", recordingRefused: "Grabación rechazada",
  capturing: "Captura activa", paused: "Captura en pausa: lo que se dice ahora no se guarda",
  recording_refused: "grabación rechazada",
  saveAttempts: "Intentos de retención", left: "quedan {0}", mayOffer: "puede nombrar una oferta", attempt: "intento",
  customer_said_no: "el cliente dijo que no", forbidden_until_cancellation_complete: "sin ofertas antes de terminar la cancelación",
  no_attempts_left: "no queda ninguno", say_disclosure_first: "diga antes el aviso", ask_permission_first: "pida permiso antes",
  permission_unclear: "permiso poco claro", saidNo: "el cliente dijo que no", wantsToHear: "el cliente quiere oírla",
  stopped: "detenido por el cliente", withdrawn: "mal oído: ya no consta",
  stepOf: "paso {0} de {1}", scriptThrough: "todos los pasos hechos", now: "ahora", optional: "si corresponde",
  linesSaid: "{0} de {1} dichas", lineSaid: "dicho", lineNear: "dicho, {0} % al pie de la letra", lineSkipped: "omitido",
  lineWaiting: "por decir", lineNotSaid: "no dicho", alsoOpen: "Guiones anteriores: {0} sin decir",
  summary: "La llamada hasta ahora", wordedBy: "redactado por {0}", lacks: "A la nota le faltan {0} partes",
  lacksOne: "A la nota le falta una parte",
  derivation: "Cómo se decidió", holds: "se cumple", fails: "no se cumple", yes: "sí", no: "no",
  degraded: "El modelo de lenguaje no responde; todo lo demás sigue sin él",
  note: "Nota de la cuenta", copy: "Copiar nota", copied: "Copiada", copyFailed: "El navegador no lo permite; la nota está seleccionada, cópiela a mano",
  edited: "editada por {0}", signed: "firmada por {0}", editedSentence: "escrito por una persona", version: "versión {0}",
  missing: "No se dijo en esta llamada", disclosures: "Avisos", tickets: "Tickets", amount: "monto",
  at: "{0}", atLatest: "{0} a más tardar", byEndOf: "antes de terminar el {0}", channel_call: "por teléfono",
  channel_email: "por correo electrónico", channel_text: "por mensaje", channel_mail: "por correo", because: "porque", rests: "En qué se apoya", reason: "Motivo", caller: "Cliente", outcome: "Resultado",
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
