// Words of the training page.

import { SHELL } from "./console_words.js";

export const WORDS = {
  en: {
    ...SHELL.en,
    title: "Retention Copilot – training", page: "training", changes: "What has changed", quiz: "Quiz", results: "Results",
    noChanges: "Nothing has changed in the last 60 days, and nothing changes in the next 14.",
    what: { new: "New", replaces: "Replaces “{older}”", starts: "Starts soon", ended: "Has ended", ends: "Ends soon" },
    was: "Was", now: "Now", know: "I know this", known: "You said that you know this on {on}.",
    about: "About", basics: "everything in force", changed: "what has changed", begin: "New quiz", send: "Send the answers",
    quizHelp: "Five sentences from the documents, each with a figure left out. You see the answers with their sources once you have sent yours.",
    noQuiz: "The documents give no question about this. Choose the other one.",
    score: "{right} of {of} right", right: "Right", wrong: "It is {right}", open: "No answer; it is {right}",
    blank: "blank", person: "Person", acknowledged: "Changes known", quizzes: "Quizzes", weak: "Missed most",
    noResults: "Nobody has acknowledged a change or taken a quiz yet.", of: "{n} of {of}",
  },
  es: {
    ...SHELL.es,
    title: "Retention Copilot – formación", page: "formación", changes: "Qué ha cambiado", quiz: "Cuestionario", results: "Resultados",
    noChanges: "Nada ha cambiado en los últimos 60 días ni cambia en los próximos 14.",
    what: { new: "Nuevo", replaces: "Sustituye a «{older}»", starts: "Empieza pronto", ended: "Terminó", ends: "Termina pronto" },
    was: "Antes", now: "Ahora", know: "Lo conozco", known: "Dijo que lo conoce el {on}.",
    about: "Sobre", basics: "todo lo vigente", changed: "lo que ha cambiado", begin: "Otro cuestionario", send: "Enviar las respuestas",
    quizHelp: "Cinco frases de los documentos, cada una sin una cifra. Verá las respuestas con sus fuentes después de enviar las suyas.",
    noQuiz: "Los documentos no dan preguntas sobre esto. Elija lo otro.",
    score: "{right} de {of} correctas", right: "Correcto", wrong: "Es {right}", open: "Sin respuesta; es {right}",
    blank: "espacio en blanco", person: "Persona", acknowledged: "Cambios conocidos", quizzes: "Cuestionarios", weak: "Lo más fallado",
    noResults: "Nadie ha reconocido un cambio ni hecho un cuestionario.", of: "{n} de {of}",
  },
};
