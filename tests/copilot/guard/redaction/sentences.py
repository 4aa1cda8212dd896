"""Made-up sentences and short calls with marked secrets, and sentences whose numbers must stay: `{}` is the number."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.copilot.guard.redaction.saying import ENGLISH, SPANISH, hundreds, pair, said, spoken

ANNOUNCED = {
    "CARD": {
        "en": """the card number is {}; you can use my visa {}; put it on my mastercard ending, well, the whole thing
            is {}; I'd like to pay with {} please; card: {}; my debit card is {} and it's under Maria; go ahead
            and charge {}; here's the new one {}; the number on the front reads {}; it's an amex, {}; cc {}; let
            me read it, {}; i want to replace the card on file with {}; use {} for autopay; sure so that is {};
            long card number {} thanks; can you take payment on {} for the phone bill; card ending four two,
            full number {}; I'm paying by credit card {}""",
        "es": """el número de la tarjeta es {}; apunte, {}; pague con la visa {}; mi tarjeta de débito es {} gracias;
            quiero pagar con {}; es la mastercard {}; cargue todo a la {}; sí, es {}; aquí tiene el número {}""",
    },
    "CVV": {
        "en": """the security code is {}; cvv {}; and on the back it says {}; CVC is {}; the three digits on the back
            are {}; security code? {}; card verification code is {}; my cvv number is {}; the code on the back
            of the card, {}; cvv2 would be {}; it's {} on the back of the card; the cvv for that card is {} I
            think""",
        "es": """el código de seguridad es {}; el cvv es {}; al reverso dice {}; los tres números de atrás son {};
            cvv: {}; código de seguridad, {}""",
    },
    "SSN": {
        "en": """my social is {}; social security number {}; ssn: {}; the SSN on the account is {}; soc is {}; my
            full social security number would be {}; verify me with {} that's my social; last four of my social
            are {4}; my social ends in {4}; the last 4 of the ssn {4}; sure my tax id is {}; it's {}; my
            husband's social is {}""",
        "es": """mi seguro social es {}; el número de seguro social es {}; los últimos cuatro de mi social son {4};
            mi número de seguridad social: {}; ssn {}""",
    },
    "ROUTING": {
        "en": """routing number is {}; the routing is {}; my bank's routing number would be {}; ABA {}; aba number:
            {}; the routing number at the bottom of the check is {}; use routing {}; routing and transit number
            {}""",
        "es": "el número de ruta es {}; la ruta del banco es {}; número de ruta bancaria {}; routing {}",
    },
    "BANK_ACCOUNT": {
        "en": """my checking account number is {}; checking account {}; take it from my savings account {}; the bank
            account is {}; my bank account number, it's {}; pull it from checking, {}; direct deposit account
            {}; debit my checking account ending in {4}; ach from account {}; the account at the bank is {};
            account number at chase is {}""",
        "es": """mi cuenta bancaria es {}; la cuenta de cheques es {}; mi cuenta de ahorros {}; número de cuenta del
            banco {}; la cuenta corriente es {}; mi clabe es {}""",
    },
    "PIN": {
        "en": """my pin is {}; the PIN would be {}; pin number {}; account pin: {}; passcode is {}; I set the pin to
            {}; my four digit pin is {}; {} is the pin; it's asking for a pin and mine is {}; change my pin from
            {} please; the transfer pin is {}; I got a one time code, it's {}; the verification code you texted
            me is {}; the code I got is {}; the code says {}; one time passcode {}; my voicemail pin is {}""",
        "es": """mi pin es {}; el nip es {}; mi clave es {}; la clave de cuatro dígitos es {}; el código de
            verificación es {}; el código que me llegó es {}; pin: {}; {} es mi pin""",
    },
    "ACCOUNT_NUMBER": {
        "en": """my account number is {}; account {}; it's for account number {}; acct # {}; customer number {}; the
            account on my bill says {}; my member id is {}; account no. {} under my wife's name; my policy
            number is {}; I'm calling about account {}; loan number {}; client id: {}; subscriber number is {};
            my acct is {}""",
        "es": """mi número de cuenta es {}; la cuenta es {}; número de cliente {}; cuenta {} a nombre de mi esposa""",
    },
    "PHONE": {
        "en": """call me back at {}; my number is {}; my cell is {}; the best number to reach me is {}; text me at
            {}; phone: {}; you can reach my husband on {}; the line that's down is {}; my callback number's {};
            mobile {}; the phone number on the account is {}""",
        "es": """mi teléfono es {}; llámeme al {}; mi celular es {}; el número de teléfono es {}; el móvil es {}""",
    },
}
WORDS = {
    "PASSWORD": {
        "en": """my password is {}; the password is {}; password: {}; it's {} that's my password; pw {}; the password
            I use is {}; I changed my password to {}; try the password {}; my wifi password is {}; the secret
            word is {}; passphrase is {}; my user name is robert and my password is {}; password would be {};
            password = {}; login is jane, password {}""",
        "es": """mi contraseña es {}; la contraseña es {}; contraseña: {}; cambié la contraseña a {}; la palabra
            secreta es {}""",
    },
    "EMAIL": {
        "en": """my email is {}; send it to {}; email address: {}; it's {}; you can email me at {}; {} is my email;
            write {} please; the address on file is {}; e-mail {} and phone""",
        "es": "mi correo es {}; mándelo a {}; el correo electrónico es {}; escríbame a {}",
    },
}
STAYS = {
    "en": """my bill went up to {money}; you charged me {money} twice; I was quoted {money} a month; {money} is
            too much; I paid {money} on {date}; the late fee is {money}; can I get a credit of {money}; they
            took {money} from my card; I paid {money} with my visa; the payment of {money} on my card went
            through on {date}; your total today is {money}; the balance is {money} and it's due {date}; so
            that's {money} plus tax; the card was charged {money} on {date}; my contract ends {date}; I've been
            a customer since {year}; it was installed in {year}; appointment on {date} at {time}; between {time}
            and {time}; the tech comes at {time}; I have {count} lines; we have {count} phones and {count}
            tablets; I ordered {count} of them; {count} orders are missing; call dropped {count} times; wait
            {count} minutes; it takes {count} to {count} business days; I get {speed}; the {speed} plan; I only
            get {speed} out of {speed}; upgrade me to Fiber {plan}; the DP20 phone; my DP{digit}0 handset;
            {percent} off for {count} months; they promised {percent} discount; interest of {percent}; I live
            {count} miles away; we are {count} people in the house; unit {count}; press {digit} for sales; error
            {error}; channel {count}; my order of {count} items cost {money}; I was on hold for {count} minutes;
            he is {count} years old; I want to pay {money} now and {money} on {date}; pay {money} by card on
            {date}; can I pay {money} with my debit card; the check was for {money}; the reset takes {count}
            hours; out of {count} channels I watch {digit}; version {digit}.{digit}; I have two credit cards and
            {count} accounts; minimum payment {money}; {money} or {money}, which one; the plan with {data} of
            data; I used {data} last month; so {money} minus {money}; it's {time} now; I called on {date};
            refund of {money} to my card; I will pay the full {money} by credit card; we sent {count} emails;
            {count} out of {count}; payment arrangement of {money} on the {ordinal}; the {ordinal} of the month;
            about {count} weeks ago""",
    "es": """mi factura subió a {money}; me cobraron {money} dos veces; pago {money} al mes; son {money}; vence
            el {date}; pagué {money} con mi tarjeta el {date}; la cita es el {date} a las {time}; tengo {count}
            líneas; espere {count} minutos; el plan de {speed}; un descuento de {percent} por {count} meses; soy
            cliente desde {year}; vivo a {count} millas; somos {count} personas; el cargo de {money} en mi
            tarjeta; quiero pagar {money} hoy; el saldo es {money}; tarda de {count} a {count} días; uso {data}
            de datos; llamé hace {count} semanas""",
}


@dataclass(frozen=True)
class Case:
    """A text with the stretches that must go (`secret`) or must stay."""

    kind: str
    text: str
    secret: tuple[tuple[int, int], ...]
    carrier: str


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(";") if phrase.strip()]


def digits_of(rng: random.Random, kind: str) -> str:
    """A made-up value of the kind, digits only."""
    sizes = {
        "CVV": (3, 3, 3, 4),
        "SSN": (9,),
        "ROUTING": (9,),
        "BANK_ACCOUNT": (8, 9, 10, 11, 12),
        "PIN": (4, 4, 4, 6),
        "ACCOUNT_NUMBER": (7, 8, 9, 10, 12),
        "PHONE": (10, 10, 7),
    }
    if kind == "CARD":
        return card(rng)
    size = rng.choice(sizes[kind])
    first = (
        rng.choice("23456789")
        if kind == "PHONE"
        else rng.choice("0123456789" if kind in ("PIN", "CVV") else "123456789")
    )
    return first + "".join(rng.choice("0123456789") for _ in range(size - 1))


def card(rng: random.Random) -> str:
    """A card number that passes the check digit rule, but for one in ten, misheard somewhere."""
    start, size = rng.choice(
        (("4", 16), ("5" + rng.choice("12345"), 16), ("34", 15), ("37", 15), ("6011", 16), ("4", 13))
    )
    body = start + "".join(rng.choice("0123456789") for _ in range(size - len(start) - 1))
    total = 0
    for place, char in enumerate(reversed(body)):
        value = int(char) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    digits = body + str(-total % 10)
    if rng.random() < 0.1:
        place = rng.randrange(6, size)
        digits = digits[:place] + rng.choice("0123456789") + digits[place + 1 :]
    return digits


_NAMES = "suresh willand bluebird Tiger maria kitten Sunshine dragon soccer azulito Toronto hunter monkey".split()
_PEOPLE = "john maria lee ana robert wu patel garcia kim dana".split()
_HOSTS = "gmail.com yahoo.com outlook.com proton.me example.org comcast.net acme.co.uk mydomain.io telco.mx".split()


def word_value(rng: random.Random, kind: str, language: str) -> str:
    """A made-up password or e-mail address, typed or spoken."""
    if kind == "PASSWORD":
        name, number = rng.choice(_NAMES), str(rng.randrange(10, 9999))
        return rng.choice(
            (
                name,
                name + number,
                f"{name} {number}",
                name.capitalize() + number + "!",
                f"{number}{name}",
                f"{name[:3]} {number} {name[3:5]}",
                f"P@ss{number}",
                f"{name}_{number}#",
            )
        )
    name, host = rng.choice(_PEOPLE), rng.choice(_HOSTS)
    last, number = rng.choice(_PEOPLE), str(rng.randrange(1, 99))
    if rng.random() < 0.5:
        return rng.choice((f"{name}.{last}@{host}", f"{name}{number}@{host}", f"{name}_{last}+x@{host}"))
    dot, at = ("dot", "at") if language == "en" else ("punto", "arroba")
    told = host.replace(".", f" {dot} ")
    return rng.choice(
        (
            f"{name} {dot} {last} {at} {told}",
            f"{name}{last} {spoken(rng, number, language)} {at} {told}",
            f"{name[0]} {last} {at} {told}",
        )
    )


def secrets(seed: int, count: int) -> Iterator[Case]:
    """Sentences that announce a secret and hold it."""
    rng = random.Random(seed)
    kinds = [*ANNOUNCED, *WORDS]
    for number in range(count):
        kind = kinds[number % len(kinds)]
        language = "en" if rng.random() < 0.7 else "es"
        carrier = rng.choice(_phrases((ANNOUNCED.get(kind) or WORDS[kind])[language]))
        if kind in WORDS:
            value = word_value(rng, kind, language)
        else:
            digits = digits_of(rng, kind)
            if "{4}" in carrier:
                digits = digits[:4]
            value = said(rng, digits, language)
        before, _, after = carrier.replace("{4}", "{}").partition("{}")
        yield Case(kind, before + value + after, ((len(before), len(before) + len(value)),), carrier)


_MONTHS = {
    "en": "january march april june august november december".split(),
    "es": "enero marzo abril junio agosto".split(),
}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()


def stays(seed: int, count: int) -> Iterator[Case]:
    """Sentences with amounts, dates, times, counts and the like; nothing in them may be masked."""
    rng = random.Random(seed)
    for _ in range(count):
        language = "en" if rng.random() < 0.75 else "es"
        carrier = rng.choice(_phrases(STAYS[language]))
        text = carrier
        while "{" in text:
            before, _, rest = text.partition("{")
            name, _, after = rest.partition("}")
            text = before + _HARMLESS[name](rng, language) + after
        yield Case("STAYS", text, (), carrier)


def _cardinal(number: int, language: str) -> str:
    if number < 10:
        return (ENGLISH if language == "en" else SPANISH)[number]
    return pair(number, language) if number < 100 else hundreds(number, language)


def _pick(rng: random.Random, *texts: str) -> str:
    return rng.choice(texts)


def _money(rng: random.Random, language: str) -> str:
    whole, cents = rng.randrange(5, 900), rng.choice((0, 0, rng.randrange(1, 100)))
    unit, joint, small = ("dollars", "and", "cents") if language == "en" else ("dólares", "con", "centavos")
    tail = f" {joint} {_cardinal(cents, language)} {small}" if cents else ""
    spoken_sum = f"{_cardinal(whole, language)} {unit}{tail}"
    typed_sum = _pick(rng, f"${whole}.{cents:02}", f"${whole}", f"{whole}.{cents:02}", f"{whole} {unit}")
    return _pick(rng, spoken_sum, typed_sum)


def _date(rng: random.Random, language: str) -> str:
    month, day, number = rng.choice(_MONTHS[language]), rng.randrange(1, 29), rng.randrange(1, 9)
    if language == "es":
        return _pick(rng, f"{day} de {month}", f"{day}/0{number}/2025", f"{_cardinal(day, 'es')} de {month}")
    return _pick(
        rng,
        f"{month} {day}th",
        f"{month} {rng.choice(_ORDINALS)}",
        f"0{number}/{day:02}/2025",
        f"{number}/{day}",
        f"{month} {day} 2025",
        f"the {rng.choice(_ORDINALS)} of {month}",
        f"{month} twenty {rng.choice(_ORDINALS[:9])} twenty twenty five",
        f"2025-0{number}-{day:02}",
    )


def _year(rng: random.Random, language: str) -> str:
    year = rng.randrange(1985, 2026)
    if language == "es" or year % 100 < 10:
        return str(year)
    return _pick(rng, str(year), f"{pair(year // 100, 'en')} {pair(year % 100, 'en')}")


def _time(rng: random.Random, language: str) -> str:
    hour, minute = rng.randrange(1, 12), rng.choice((0, 15, 30, 45))
    word = _cardinal(hour, language)
    if language == "es":
        return _pick(rng, f"{hour}:{minute:02}", f"{word} de la tarde")
    return _pick(
        rng, f"{hour}:{minute:02}", f"{hour} pm", f"{word} thirty", f"{hour}:{minute:02} am", f"{word} o'clock"
    )


def _counted(rng: random.Random, language: str, below: int = 60) -> str:
    number = rng.randrange(2, below)
    return _pick(rng, _cardinal(number, language), str(number))


def _speed(rng: random.Random, language: str) -> str:
    number = rng.choice((50, 100, 200, 300, 500, 600, 940))
    unit = "megabits" if language == "en" else "megas"
    return _pick(rng, f"{_cardinal(number, language)} {unit}", f"{number} Mbps", f"{number} mbps", f"{number} {unit}")


def _percent(rng: random.Random, language: str) -> str:
    number = rng.randrange(2, 100)
    return _pick(rng, f"{number}%", f"{_cardinal(number, language)} {'percent' if language == 'en' else 'por ciento'}")


def _volume(rng: random.Random, language: str) -> str:
    number = rng.choice((5, 10, 15, 50, 100))
    return _pick(rng, f"{number} GB", f"{_cardinal(number, language)} {'gigs' if language == 'en' else 'gigas'}")


_HARMLESS: Mapping[str, Callable[[random.Random, str], str]] = {
    "money": _money,
    "date": _date,
    "year": _year,
    "time": _time,
    "count": _counted,
    "digit": lambda rng, language: _counted(rng, language, 10),
    "speed": _speed,
    "plan": lambda rng, _: _pick(rng, "600", "300", "six hundred"),
    "percent": _percent,
    "data": _volume,
    "error": lambda rng, _: _pick(rng, "404", "E-12", "651", "five oh three"),
    "ordinal": lambda rng, _: _pick(rng, "first", "fifth", "15th", "twenty second", "3rd"),
}
