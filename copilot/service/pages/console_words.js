// Words of the shell of both consoles.

export const SHELL = {
  en: {
    views: "Views", toInsight: "Insight →", toReview: "Review →", toTraining: "Training →", language: "Language", keys: "Keys (?)", keysTitle: "Keys", keysOn: "single keys are on", close: "Close",
    logIn: "Log in with your name", signIn: "Sign in", signOut: "Sign out", token: "Bearer token", cancel: "Cancel",
    tokenHelp: "It stays in this tab and is gone when you close it. An administrator makes one with copilot token create.",
    loading: "Loading …", badToken: "This token is not known, or no longer good. Ask for another one.",
    noServer: "The server does not answer. What you wrote is still here; try again.",
    keyKeys: "this list",
  },
  es: {
    views: "Vistas", toInsight: "Análisis →", toReview: "Revisión →", toTraining: "Formación →", language: "Idioma", keys: "Teclas (?)", keysTitle: "Teclas", keysOn: "las teclas sueltas están activas",
    close: "Cerrar", logIn: "Entrar con su nombre", signIn: "Entrar", signOut: "Salir", token: "Token de acceso", cancel: "Cancelar",
    tokenHelp: "Queda en esta pestaña y desaparece al cerrarla. Un administrador crea uno con copilot token create.",
    loading: "Cargando …", badToken: "El token no se conoce o ya no es válido. Pida otro.",
    noServer: "El servidor no responde. Lo que escribió sigue aquí; inténtelo de nuevo.",
    keyKeys: "esta lista",
  },
};
