"""The words grounding looks for, English and Spanish, folded: no accents, no apostrophes."""

from typing import Final

from knowledge.words import stem


def word_set(spelled: str) -> frozenset[str]:
    """The words of a table written as running text."""
    return frozenset(spelled.split())


# What carries no claim of its own, and the narrator's words of a note.
EMPTY_WORDS: Final = word_set(
    "is a an the and or but if so as at by for from in into of off on onto out over per than that this these those to"
    " too up with about after again all also am any are aren be because been before being both can could did do does"
    " doing done each few had has have having he her here hers him his how i im ive ill id it its itself just let lets"
    " like may me might more most must my now off once one only other our ours own really s same shall she should some"
    " still such t then there theres thats their theirs them they theyre theyll theyd through under until us very was"
    " we were weve well what when where which while who whose why will would wont yes you your yours youre youve youll"
    " yeah ok okay sure uh um oh please thank thanks within between during via already yet get go going gonna went"
    " customer customers caller cust cx agent agents rep representative member client we company states stated says"
    " said say tell told asked asks ask advised advise informed inform explained explain confirmed confirm noted"
    " reported reports report requested requests request wants want wanted needs need needed called calls call calling"
    " mentioned mentions agreed agrees agree regarding account accepted accepts accept"
    " declined declines decline refused callback number numero"
    " un una unos unas el la los las lo le les y o u pero si no en de del al a con por para sin sobre que se su sus"
    " es son era fue fueron ser estar esta estan estaba este esto esa ese eso como cuando donde quien cual yo tu usted"
    " ustedes ella ellos nosotros mi mis me nos te ti muy mas ya hay ha han he hemos habia tiene tienen tengo todo toda"
    " cliente agente asesor asesora dijo dice indico indica informo informa explico explica pregunto pregunta pidio"
    " pide solicito solicita quiere quiero confirmo confirma menciono llama llamo cuenta gracias bueno pues claro"
    " despues antes hasta desde entre tambien porque favor hace hacer ser va voy vamos puede puedo"
    " since still yet anything anyone anybody something someone somebody any algo alguien algun alguna todavia aun"
    " dollar dollars bucks cent cents percent dolar dolares centavos ciento am pm oclock"
)

# One trade concept in other words, so that a retold sentence still meets what was said.
_SAME: Final = (
    "bill bills billing billed invoice statement factura facturas recibo",
    "charge charged charges fee fees cargo cargos cobro cobros cobraron cobro cobrado cobrar cuota comision",
    "internet broadband wifi",
    "cancel cancels cancelled cancellation disconnect disconnected terminate cancelar cancelacion cancelado cancelo",
    "technician technicians tech techs tecnico",
    "discount discounts promo promotion descuento promocion",
    "credit credits credited credito acreditar acreditado acredito abono",
    "refund refunded refunds reimburse reimbursed reembolso reembolsar reembolsado devolucion",
    "receive received receives got get gotten recibir recibio recibi recibido llego llegado",
    "pay paid pays paying payment payments pagar pago pague pagado pagos",
    "price prices cost costs costing precio costo cuesta cost",
    "expensive costly pricey high caro cara alto alta",
    "phone telephone cell mobile telefono celular movil",
    "line lines linea lineas",
    "email emails mail e-mail correo",
    "text sms message messages mensaje mensajes",
    "send sends sent sending enviar envio envie enviado mandar mando mande",
    "schedule scheduled book booked appointment visit programar programo programada agendar agendo agende cita visita",
    "slow slowly lento lenta",
    "speed speeds velocidad",
    "down outage outages offline dead service-out caido caida corte interrupcion",
    "work works working function funciona funcionar funcionando sirve",
    "move moving moved relocate relocating mudar muda mudanza mudo",
    "card cards tarjeta",
    "lose lost losing misplaced perdio perdi perder perdido perdida",
    "steal stolen stole theft robo robaron robada robado",
    "new nuevo nueva",
    "replace replaced replacement reemplazo reemplazar",
    "return returned returns devolver devolvio",
    "transfer transferred transferir transferencia",
    "waive waived waiving remove removed removing removal quitar quito quite eliminar elimino retirar retiro",
    "promise promised promises guarantee guaranteed prometio prometer promesa",
    "plan plans package packages paquete",
    "upgrade upgraded mejorar",
    "lower lowered reduce reduced reduction drop dropped bajar bajo reducir",
    "increase increased raise raised went-up rise subio subir aumento aumentar",
    "month months monthly mes meses mensual mensualmente",
    "year years yearly annual annually ano anos anual",
    "contract agreement contrato",
    "decline declined refuse refused reject rejected turned rechazo rechazar",
    "accept accepted aceptar acepto",
    "offer offered offers oferta ofertas ofrecio ofrecer",
    "competitor competition rival competencia competidor",
    "switch switching switched change changed changing cambiar cambio cambie",
    "apply applied applies applying put aplicar aplico aplique aplicado",
    "issue issues problem problems trouble problema problemas",
    "fix fixed repair repaired resolve resolved solve solved arreglar arreglo reparar resolver",
    "ticket case caso reporte",
    "bank banco",
    "overdraft sobregiro",
    "balance saldo",
    "twice double duplicate doble duplicado",
    "address direccion",
    "fraud fraudulent unauthorized fraude",
    "dispute disputed disputa disputar",
    "block blocked freeze frozen lock locked bloquear bloqueo bloquee bloqueada congelar",
    "store shop tienda",
    "rent rental rents rented renting alquiler alquilar",
    "change changes switch cambio cambiar",
    "router modem equipment device equipo",
    "supervisor manager gerente",
    "complaint complain complained complains queja quejo",
    "late overdue tarde atrasado retraso mora",
    "autopay automatic automatico",
    "end ends ending terminar termina vence expire expires expired expiration",
    "start starts started begin begins began empezar empieza inicia",
    "back callback",
    "make made makes making",
    "show showed shown shows",
    "take took taken taking",
    "give gave given gives",
    "buy bought buying",
    "find found",
    "keep kept keeping",
    "break broke broken",
    "leave left leaving",
    "come came coming",
    "bring brought",
    "speak spoke speaking talk talked talking",
    "see saw seen",
    "hear heard",
    "sell sold",
    "hold held",
    "write wrote written",
    "know knew known knows saber sabe sepa sabia conoce conocer conozca",
    "reconocer reconozco reconoce reconocio",
    "venir vino viene vengo",
    "dar dio dieron doy",
    "salir salgo sale",
    "poner puso pongo",
)
_CONCEPTS: Final = {
    form: group.split()[0]
    for group in reversed(_SAME)
    for word in reversed(group.split())
    for form in (stem(word, "es"), stem(word, "en"), word)
}

_AGAIN: Final = ("start", "send", "sent", "book", "open", "sched", "activ", "connect", "boot", "issue", "ship", "envi")


def concept(word: str, language: str) -> str:
    """What two words of one meaning have in common: the trade concept, else the stem."""
    known = _CONCEPTS.get(word)
    if known is not None:
        return known
    if word.startswith("re") and word[2:].startswith(_AGAIN):  # "restart": start over
        word = word[2:]
        if word in _CONCEPTS:
            return _CONCEPTS[word]
    stemmed = stem(word, language)
    return _CONCEPTS.get(stemmed, stemmed)


# The sentence has one, the evidence only the other: contradicted.
_OPPOSITE_WORDS: Final = (
    ("add", "remove"),
    ("agregar", "quitar"),
    ("increase", "lower"),
    ("start", "end"),
    ("open", "close"),
    ("cheap", "expensive"),
    ("slow", "fast"),
    ("lock", "unlock"),
)
OPPOSITES: Final = frozenset(
    pair
    for one, other in _OPPOSITE_WORDS
    for first, second in [(concept(one, "en"), concept(other, "en"))]
    for pair in ((first, second), (second, first))
) | {(concept("work", "en"), concept(word, "en")) for word in ("down", "dead", "broken")}
WEEKDAYS: Final = {
    name: day
    for day, names in enumerate(
        (
            "monday mon lunes",
            "tuesday tue tues martes",
            "wednesday wed miercoles miércoles",
            "thursday thu thurs jueves",
            "friday fri viernes",
            "saturday sabado sábado",
            "sunday domingo",
        )
    )
    for name in names.split()
}
WEEKDAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

NEGATIONS: Final = word_set(
    "not no never none nothing nobody neither nor without cannot cant dont doesnt didnt isnt arent wasnt werent wont"
    " wouldnt couldnt shouldnt hasnt havent hadnt aint unable nunca jamas nada nadie ningun ninguna ninguno tampoco sin"
)
# Say no without "no"; in evidence they bear out a "not", in a sentence they are one.
REFUSALS: Final = word_set(
    "refuse refused refuses decline declined declines reject rejected rejects deny denied denies failed fails lacks"
    " lack lacking rechazo rechaza rechazar nego niega"
)
# What a note may retell with "not": the line is dead, the payment is missing.
ABSENCES: Final = word_set(
    "down out dead broken stop stopped stops lost missing expired nope nah free instead"
    " offline caido caida murio perdido perdi perdio gratis dejo fallo falla nope stay keep rather"
)
# Bear out a "not" told in other words: only for new customers, too late, a lie.
SHORT_OF: Final = word_set(
    "only except unless until too instead rather but hardly barely miss missed forgot forgotten wrong lie mistake"
    " expired over gone stop cut solo solamente salvo excepto apenas falta faltan olvide olvido olvidaron mentira"
    " equivocado equivocada error demasiado lejos perdi ended closed loose"
)
ASKING: Final = word_set(
    "ask asks asked asking want wants wanted request requests requested wondered whether pregunta pregunto pide pidio"
    " quiere queria solicita solicito worried worries afraid concerned feared fears preocupa preocupado preocupada teme"
)
CLAUSE_WORDS: Final = word_set("but pero however although aunque because porque instead sino")
LIGHT_VERBS: Final = word_set(
    "want need have get like think know see go say tell quer ten hac pod ir dec sab want qued"
)

ASSENT: Final = word_set(
    "yes yeah yep yup sure ok okay fine agree agreed deal accept accepted absolutely definitely alright correct exactly"
    " perfect good works please lets si claro acepto acuerdo vale bueno dale bien perfecto listo"
    " sale exacto"
)
