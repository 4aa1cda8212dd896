"""The words that say what the next number is, English and Spanish, as a table; and the search for them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from copilot.guard.redaction.kinds import Kind

# What a cue announces. PLACE, AMOUNT, COUNT, NAMED and OTHER are numbers that stay; CODE is one sent for one use,
# unless it is said what else it is for; BANK only says that an account is one at a bank.
Topic = Literal[Kind, "LAST_FOUR", "CODE", "BANK", "PLACE", "AMOUNT", "COUNT", "NAMED", "OTHER"]
_NEXT_WORDS = 6  # "the last four of your checking account"

_PHRASES: Final[Mapping[Topic, str]] = {
    "CARD": """card; cards; card number; card numbers; credit card; debit card; visa; mastercard; master card; amex;
        american express; discover card; long number; number on the front; on the front; sixteen digit; sixteen
        digits; fifteen digit; cc number; cc; tarjeta; numero de tarjeta; tarjeta de credito; tarjeta de debito""",
    "CVV": """code off the back; off the back; three digit code; three digit security code; the three digits; los tres
        digitos; cvv; cvc; cvv2; cvc2; cv2; csc; security code; card code; security number; card security;
        verification value; card verification; card verification code; on the back; back of the card; back of your
        card; back of my card; on the back of the card; on the back of your card; on the back of my card; signature
        strip; three digits on the back; codigo de seguridad; al reverso; de atras; numeros de atras; digitos de
        atras; parte de atras; detras de la tarjeta; parte trasera; c v v; c v c; sec code; security digits; reverse
        side; the reverse; flip it over; turn it over; turn the card over; other side of the card; behind the card;
        behind your card; behind my card; signature panel; from the back; from back of the card; back of card; near
        the signature; next to the signature; cvv code; cvv number; digitos de seguridad; numeros de seguridad; numero
        de seguridad; del reverso; en el reverso; detras de su tarjeta""",
    "EXPIRY": """expires; expiry; expiration; expire; expiring; exp; expiration date; expiry date; valid thru; valid
        through; valid until; good thru; good through; caduca; caducidad; vence; vencimiento; fecha de vencimiento;
        fecha de caducidad; expiration's; exp date; runs out; good until; good till; month and year; mes y ano;
        expira; expiracion; fecha de expiracion""",
    "SSN": """social security; social security number; ssn; social; social number; ss; soc; itin; tax id; taxpayer id;
        tin; seguro social; numero de seguro social; seguridad social; s s n; soc sec; tax id number; taxpayer
        identification number; ein; e i n; employer id; employer identification number; numero de seguro; su social;
        mi social; el social; ssn number""",
    # of a card, an account or a social security number: what it is of is said next to it, or not at all
    "LAST_FOUR": """last four; last four digits; last 4; last 4 digits; last 4 digit; last digits; last4; ultimos
        cuatro; ultimos cuatro digitos; ultimos digitos; ultimos 4; ultimos 4 digitos; cuatro ultimos""",
    "ROUTING": """routing; routing number; aba; aba number; sort code; transit number; numero de ruta; la ruta; ruta
        del banco; ruta bancaria; numero de transito; rtn; transit; a b a; bottom left of your check; bottom left of
        the check""",
    "BANK_ACCOUNT": """bank account; bank account number; checking account; checking account number; my checking;
        account at the bank; account number at; account at my bank; account with my bank; bank's account; direct
        deposit account; from checking; from savings; to checking; my checking account; savings account; savings
        account number; iban; ach; direct deposit; cuenta bancaria; cuenta corriente; cuenta de ahorros; cuenta de
        cheques; clabe; cuenta del banco; numero de cuenta del banco; cuenta en el banco; deposito directo; checking
        acct; savings acct; checking number; savings number; my savings; account to draft from; account to debit;
        draft from account; cuenta de banco; cuenta de ahorro; cuenta de cheque""",
    "PIN": """pin; pins; pin number; pin code; passcode; pass code; nip; clave; transfer pin; port out pin; access
        code; account pen; my pen; your pen; pen number; four digit code; passcodes; codigo de acceso; p i n; personal
        identification number; numero de identificacion personal""",
    "PASSWORD": """password; passwords; pass word; pwd; passwd; pasword; passwrd; passowrd; wifi key; wi fi key;
        network key; wifi pass; wi fi pass; credentials; login details; contrasenia; passphrase; contrasena; otp; one
        time code; one time password; one time passcode; verification code; authentication code; codigo de
        verificacion; secret word; pw; code we sent; code we texted; code i sent; code i texted; code you received;
        palabra secreta; code i got; code i received; code you sent; code you texted; code you got; code says; the
        code is; code was; code they sent; code they texted; security word; codigo que me llego; codigo que recibi;
        codigo que le llego; codigo que le enviamos; codigo que me enviaron; codigo que me mandaron; codigo que
        recibio; el codigo es; codigo dice; codigo por mensaje; codigo de un solo uso; palabra clave; passcode we
        sent; answer to your security question; answer to the security question; pregunta de seguridad;
        sent you a code; texted you a code; sent a code; texted a code; sending you a code; texting you a code; six
        digit code; 6 digit code; envie un codigo; mande un codigo; enviamos un codigo; mandamos un codigo; codigo de
        seis digitos; codigo de 6 digitos""",
    # what a text message or an app shows; what is said to be another code has its own words below
    "CODE": """code; codes; codigo; codigos; passkey; the text says; text it says; the text it says; message says;
        message it says; mensaje dice; just texted; just texted me; texted me; texted you; six digit number; six
        digits; seis digitos; four digits; cuatro digitos; authenticator; authenticator app; to sign in; to log in; to
        verify; para iniciar sesion; para verificar""",
    "BANK": """bank; banks; chase; wells fargo; citibank; bank of america; credit union; first national; pnc; us bank;
        td bank; autopay; checking; savings; draft from; banco; banamex; bbva; santander; ahorros""",
    "ACCOUNT_NUMBER": """account; accounts; account number; account no; account id; acct; acct number; acc; acc no;
        ac; ac no; ac number; customer number; customer id; client number; client id; member number; member id;
        membership number; i'm customer; membership; loan number; cuenta; numero de cuenta; numero de cliente; user
        id; subscriber number""",
    "PHONE": """phone; phone number; telephone; telephone number; cell; cell number; cellphone; mobile; mobile number;
        call me; call back; call me back; call me back at; callback number; contact number; reach me; text me; fax;
        desk; landline; registered number; my number; mi numero es; numero de mi casa; numero de casa; numero de
        telefono; telefono; celular; movil; messages to; answering at; llameme; llamame; llamarme; llamenme; marqueme;
        reach my; reach him; reach her; reach us; reached at; reach you; whatsapp; tel; ph; work number; home number;
        best contact; shoot me a text; calling from; get me on; get me at; which line; which number; what number;
        number i'm calling about""",
    "EMAIL": "email; e mail; email address; correo; correo electronico",
    "DATE_OF_BIRTH": """date of birth; dob; born; birthday; birthdate; birth date; birth; d o b; birthday's; fecha de
        nacimiento; nacimiento; naci; cumpleanos""",
    "REFERENCE_NUMBER": """numero de caso; caso es; ticket; case; reference; ref; confirmation; confirmation number;
        order; orders; tracking; invoice; serial; imei; iccid; sim; sim card; mac; booking; claim; policy; check
        number; transaction; transaction id; work order; incident; folio; pedido; referencia; confirmacion;
        reservation; pnr; device id; meid; vin; reclamo; poliza; reserva; order number; ticket number; confirmation
        code; id; promo code; coupon code; discount code; referral code; product code; tracking code; codigo
        promocional; codigo de confirmacion; codigo de reserva; codigo de reservacion; booking code; booking
        reference; booking ref; reservation code; reservation number; numero de reserva; claim number; policy number;
        case number; claim code; unit code; item code; bar code; barcode; qr code; agent code; store code; invitation
        code; gift code; coupon codes; promo codes; voucher code; redemption code; numero de poliza; numero de
        reservacion; conf number; conf code; cancellation code""",
    "PLACE": """zip; zip code; zipcode; postal; postal code; postcode; address; street; avenue; live at; live on;
        lives at; located; located at; apartment; apt; suite; codigo postal; direccion; calle; po box; p o box; box;
        house; building; block; avenida; piso; vivo en; vivimos en; domicilio; codigo de area""",
    "AMOUNT": """paga; pagan; pagamos; quedamos; debe; cuesta; cobra; cobran; cobraron; owes; owed; pays; amount;
        balance; bill; bills; total; owe; price; cost; costs; fee; fees; paid; pay; paying; payment; charge; charged;
        charges; credit of; refund; withdrawal; withdrawals; deposit; deposits; retiro; discount; saldo; monto;
        factura; pago; pagar; precio; cargo; withdraw; withdrew; withdrawn; worth; save; saved; saving; limit; spent;
        spend; stole; took; taken; dial; dialing""",
    "COUNT": """how much; how many; what amount; how often; cuanto; cuantos; cuantas; cuanta; what year; which year;
        what speed; how fast; how old; how long; que ano; what time; a que hora; which model; what model; que modelo;
        which extension; what extension; que extension; the firmware; firmware version; which version; what version;
        what error; which error; que error""",
    "OTHER": """sim card; sd card; memory card; id card; business card; gift card balance; on the back of the modem;
        on the back of the router; on the back of the box; on the back of the device; on the back of the phone; back
        of the modem; back of the router; on the back order; social media; social network; social networks; social
        worker; social services; pin drop; pass word of mouth; phone card; graphics card; network card; line card;
        bank holiday; in order to; in case; on behalf; blood bank; power bank; by the code; error code; error codes;
        status code; reason code; response code; country code; codigo de error; codigo de pais; source code; dress
        code; area code; model; version; modelo; modelos""",
    # the number right next to these is a part of their name
    "NAMED": """fiber; fibra; plan; firmware; iphone; ipad; galaxy; pixel; windows; android; ios; netgear; motorola;
        polycom; poly; yealink; cisco; grandstream; arris; linksys; samsung; dell; ubiquiti; zyxel; vvx; xbox;
        playstation; intel; ryzen; channel; channels; canal; form; page; pagina; section; chapter; error; seat; seats;
        gate; room; flight; vuelo; habitacion; asiento; snr; port; exit; route; highway; interstate; district; level;
        extension; ext; premium; essentials; unlimited; business; voice; connect; internet; bundle; paquete; handset;
        router; modem; http; https; hdmi; tier; mile marker; carretera; lote; salida; figure; figura; chrome; firefox;
        safari; edge; rfc; ports; puerto; puertos; apartamento; step; paso; option; opcion; menu; quickbooks; office;
        series; grade; row; fila; table; mesa; bay; season; episode; build; release; patch; fiscal; floor; pole; bus;
        train; tren; autobus; mp; usb; wifi; lte; kb""",
}


_OWNED: Final[frozenset[Topic]] = frozenset({"SSN", "PIN", "PASSWORD", "CODE", "CVV"})
_OF: Final = frozenset("on for of to in with the my this that your our her his de del la el en mi su para".split())


class Word(NamedTuple):
    """A word of the turn, lower case and without accents; a tuple, for a long turn has 200,000 of them."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that announce a number: word places [first, last] in the turn's words."""

    topic: Topic
    first: int
    last: int


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|(?<![0-9])4(?![0-9])")  # the 4 of "last 4"
_PLAIN_LETTERS = str.maketrans("áéíóúüñ’", "aeiouun'")


def read_words(plain: str) -> list[Word]:
    """The words of a folded text, digits left out."""
    found = _WORD.finditer(plain)
    if plain.isascii():
        return [Word(*match.span(), match.group().lower()) for match in found]
    return [Word(*match.span(), match.group().lower().translate(_PLAIN_LETTERS)) for match in found]


def _by_first_word() -> dict[str, list[tuple[list[str], Topic]]]:
    table: dict[str, list[tuple[list[str], Topic]]] = {}
    for topic, phrases in _PHRASES.items():
        for phrase in phrases.split(";"):
            words = phrase.split()
            table.setdefault(words[0], []).append((words, topic))
    for entries in table.values():
        # of equal phrases the later topic wins: what is said to be no card is none
        entries.reverse()
        entries.sort(key=lambda entry: -len(entry[0]))
    return table


_TABLE: Final = _by_first_word()


def find_cues(words: Sequence[Word]) -> list[Cue]:
    """The cues of a turn, the longest phrase first, without overlap."""
    texts = [word.text for word in words]
    cues: list[Cue] = []
    place = 0
    while place < len(texts):
        found = _phrase_at(texts, place)
        if found is None:
            place += 1
            continue
        phrase, topic = found
        cues.append(Cue(topic, place, place + len(phrase) - 1))
        place += len(phrase)
    cues = _without_complements(cues, texts)
    return [
        _told(cue, before, after) for before, cue, after in zip([None, *cues], cues, [*cues[1:], None], strict=False)
    ]


def _without_complements(cues: Sequence[Cue], texts: Sequence[str]) -> list[Cue]:
    """The cues without the "account" of "the PIN on my account is": it says whose, not what comes."""
    kept: list[Cue] = []
    for cue in cues:
        before = kept[-1] if kept else None
        is_complement = (
            before is not None
            and before.topic in _OWNED
            and cue.topic in ("ACCOUNT_NUMBER", "PHONE", "BANK_ACCOUNT", "CARD", "NAMED", "BANK", "CODE")
            and 0 < cue.first - before.last - 1 <= 3
            and all(text in _OF for text in texts[before.last + 1 : cue.first])
        )
        if not is_complement:
            kept.append(cue)
    return kept


def _told(cue: Cue, before: Cue | None, after: Cue | None) -> Cue:
    """A "last four" with the topic of the cue after or before it; a social security number's without any."""
    if cue.topic != "LAST_FOUR":
        return cue
    if after is not None and after.first - cue.last <= _NEXT_WORDS and after.topic != "LAST_FOUR":
        return Cue(after.topic, cue.first, cue.last)
    is_told_before = before is not None and before.topic not in ("LAST_FOUR", "OTHER", "AMOUNT")
    return Cue(before.topic if before is not None and is_told_before else "SSN", cue.first, cue.last)


def _phrase_at(texts: Sequence[str], place: int) -> tuple[Sequence[str], Topic] | None:
    first = texts[place]
    for phrase, topic in _TABLE.get(first, ()) or (_TABLE.get(first[:-2], ()) if first.endswith("'s") else ()):
        rest = texts[place + 1 : place + len(phrase)]
        if len(phrase) == 1 or (rest and [*rest[:-1], rest[-1].removesuffix("'s")] == phrase[1:]):
            return phrase, topic
    return None
