"""Makes `/widget.js` of the modules in `src/`: one classic script, for one script tag in any page.

The sources stay readable; what is served has no comments, no indentation and no imports, and short names in the place
of the long ones listed here.
"""

import json
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

SOURCES = Path(__file__).parent / "src"
ENTRY = "widget"
# Names of our own that no page, no browser and no answer of the service knows; everywhere they mean the same.
LONG_NAMES = tuple(
    """
    FIRST_PAUSE_MS DROPS_UNTIL_GONE LONGEST_PAUSE_MS NOT_FIGURES OF_THE_HOUSE QUIET_MS SEVERITIES SILENCE_MS
    TIMEOUT_MS answerContent areOn asAmounts asText askWhileStale askWhy askedToCancel bodyContent caseItem citation
    detailOf draftPanel element followUp foldOlder foldSecond goBy goTo hiddenContent isAsked isAsking isChoice
    isCurrent isDegraded isDenied isDue isEditing isFixed isKnown isObject isOf isOpen isOther isOver isPaused
    isScript isStale lineChanged lineItem listenForKeys loadStyle loadWork loadWords made markNewest missingItem
    momentInWords moneyForm moneyPanel newsItems nextOnEnter numberOf offerContent onEach onLife onOpen openSoon
    outsideText packetForm pauseMs pressOn quotesContent raiseFlag replaceIfNew ruleItem scroller searchPanel
    showGrowing showKeys showNews showSave showScript showSteps showVerdict showWaiting showNote sourceLine stepItem
    stepText tellOf textOf toggleDerivation tokenChanged turnId turnIds valuesOf withdraw words workPanel docId
    wasClosing quoting onState onEvent signForm following leaving connection takers sidebar turns parts place item
    card
    """.split()
)
_IMPORT = re.compile(r'^import\s[^;]*?from "\./([a-z_]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)
_TOKEN = re.compile(
    r"""
      (?P<comment> //[^\n]* | /\*.*?\*/ )
    | (?P<text> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*` )
    | (?P<pattern> (?<=[(,=:\[!&|?{};]) \s* /(?![*/]) (?: \\. | \[(?:\\.|[^\]\\\n])*\] | [^/\\\n\[] )+ /[a-z]* )
    | (?P<space> \s+ )
    | (?P<word> [\w$]+ )
    | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_SHORT = {name: f"${index:x}" for index, name in enumerate(LONG_NAMES)}
_IN_TEMPLATE = re.compile(r"\$\{[^}]*\}")
_NAME = re.compile(r"""(?<![\w$"'])[A-Za-z_]\w*(?![\w"'])""")
_NO_BREAK_AFTER = frozenset("{([,;:?&|=<>+-*.")
_NO_BREAK_BEFORE = frozenset("})],;.?:&|")


@cache
def widget_script() -> str:
    """The whole widget as JavaScript; made once in the life of a process."""
    code = "\n".join(_own_code(name) for name in _in_order())
    return f'(()=>{{"use strict";{{{compact_script(code)}}}}})();\n'


@cache
def widget_style() -> str:
    """Its style sheet."""
    return compact_style((SOURCES / "widget.css").read_text("utf-8")) + "\n"


@cache
def widget_words() -> str:
    """Its words in every language, as JSON."""
    return json.dumps(
        json.loads((SOURCES / "words.json").read_text("utf-8")), ensure_ascii=False, separators=(",", ":")
    )


def compact_script(code: str) -> str:
    """JavaScript without comments and needless space; line ends stay where a statement may end with them."""
    made: list[str] = []
    for token in _TOKEN.finditer(code):
        kind, text = token.lastgroup, token.group()
        if kind == "comment":
            continue
        if kind == "space":
            made.append("\n" if "\n" in text else " ")
        elif kind == "pattern":
            made.append(text.strip())
        elif kind == "word":
            made.append(_SHORT.get(text, text))
        elif text.startswith("`"):
            made.append(_IN_TEMPLATE.sub(lambda part: _NAME.sub(_shorter, part.group()), text))
        else:
            made.append(text)
    return _joined(made)


def compact_style(style: str) -> str:
    """CSS without comments and needless space."""
    bare = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL))
    return re.sub(r" ?([{};,]) ?", r"\1", re.sub(r": ", ":", bare)).replace(";}", "}").strip()


def _joined(tokens: list[str]) -> str:
    made: list[str] = []
    gap = ""
    for token in tokens:
        if token.isspace():
            gap = "\n" if "\n" in gap + token else " "
            continue
        made += [_needed(gap, made[-1][-1] if made else "{", token[0]), token]
        gap = ""
    return "".join(made)


def _needed(gap: str, last: str, following: str) -> str:
    """What must stay of the space between two characters."""
    if gap == "\n" and last not in _NO_BREAK_AFTER and following not in _NO_BREAK_BEFORE:
        return gap
    is_apart = (_is_word(last) and _is_word(following)) or last + following in ("++", "--", "+-", "-+")
    return " " if gap and is_apart else ""


def _shorter(name: re.Match[str]) -> str:
    return _SHORT.get(name.group(), name.group())


def _is_word(character: str) -> bool:
    return character.isalnum() or character in "_$\"'`#" or ord(character) > 127


def _in_order() -> list[str]:
    """The modules that the widget is made of, each behind those it imports."""
    graph: dict[str, list[str]] = {}
    waiting = [ENTRY]
    while waiting:
        name = waiting.pop()
        if name not in graph:
            graph[name] = _IMPORT.findall(_source(name))
            waiting += graph[name]
    return list(TopologicalSorter(graph).static_order())


def _own_code(name: str) -> str:
    return _EXPORT.sub("", _IMPORT.sub("", _source(name)))


def _source(name: str) -> str:
    return (SOURCES / f"{name}.js").read_text("utf-8")
