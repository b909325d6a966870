"""The plain text of a title: marks removed, abbreviations in full, before it is cut into words."""

import re

_GENDER_MARK = re.compile(
    r"\((?:[mwfdxhi]\s?[/|,]\s?)+[mwfdxhi]\)|[(/:*_](?:-?in|innen)\b\)?|\(e\)|·e\b"
)
# What an employer calls out beside the title, up to the end of its part.
_HIRING = re.compile(
    r"\b(?:(?:we\W?re|we are|i\W?m|now|currently|actively|always) hiring|wir (?:stellen ein|suchen)"
    r"|(?:on|nous) recrut(?:e|ons)|estamos contratando|contratamos|stiamo assumendo|assumiamo"
    r"|wij? zoeken|estamos a contratar)\b[^|()\[\]]*|^\W*hiring:.*",
    re.IGNORECASE,
)
_GENDER_AT = re.compile(r"(?<=\w{3})@(?=\s+d(?:e|el|a|o)\b)")  # Técnic@ de Compras
_DOTTED = re.compile(r"\b(?:\w\.)+\w\b|\b(?:\w\.){2,}")
# Retired, and a job whose last year is named: (2010-2019), until 12/2020.
_OUT_OF_OFFICE = re.compile(
    r"\b(?:a\.\s?D|i\.\s?R)\.|au(?:ß|ss)er Dienst|"
    r"\b(?:19|20)\d\d\s?[-–—]\s?(?:19|20)\d\d\b|"  # noqa: RUF001 - dashes
    r"\b(?:until|till|bis|jusqu\W?(?:en|à|au)|hasta|fino al?|tot|até)\s+(?:[^\W\d_]+\s+)?"
    r"(?:\d{1,2}[./-]){1,2}(?:19|20)\d\d\b", re.IGNORECASE
)  # fmt: skip
# Behind other words: the person looks for another job.
_SEEKING = re.compile(
    r"(?<=\w)\W+(?:#?open ?to ?(?:work|(?:new )?(?:opportunit\w+|roles?|offers?))|"
    r"(?:seeking|looking for|searching for|in search of|open for)(?: an?| my| the)?(?: new| next)*"
    r" (?:opportunit\w+|challenges?|roles?|jobs?|positions?|work|employment|assignments?)|"
    r"(?:in )?between (?:jobs|roles)|actively looking|job ?seek(?:er|ing)|available immediately|"
    r"offen für neue\w* \w+|auf (?:der )?(?:jobsuche|suche nach\b.*)|arbeitssuchend|"
    r"en recherche(?: d.emploi| de poste| active)?|à l.écoute du marché|disponible immédiatement|"
    r"en b[uú]squeda (?:activa|de empleo)|buscando empleo|"
    r"in cerca di (?:lavoro|occupazione|nuove\b.*)|"
    r"op zoek naar (?:werk|een nieuwe\b.*)|werkzoekend|"
    r"em busca de (?:emprego|recolocação|nov\w+\b.*)|"
    r"em transição(?: de carreira)?|in (?:career )?transition|en transition|en transición)\b",
    re.IGNORECASE,
)
_EMPLOYER = re.compile(r"\s(?:@|at|bei|chez|reporting to)\s.*|@.*", re.IGNORECASE)
_SEEKING_WORDS = (
    "seek", "open", "look", "search", "between", "available", "offen", "suche", "recherche",
    "écoute", "disponible", "squeda", "empleo", "cerca", "zoek", "busca", "transi",
)  # fmt: skip
# Abbreviated words, some only with their dot, in full.
_IN_FULL = {
    r"mn?g\.? ?dir|man\. ?dir": "managing director",
    r"(?<=joint )m\.?d|(?<=jt )m\.?d|(?<=jt\. )m\.?d|(?<=dep\. )m\.?d|(?<=deputy )m\.?d":
        "managing director",
    r"dir\.? (?:g[eé]n|gral|geral|g[eé]n[eé]rale?)|d(?:irec)?tor\.? gral|dtor\.? general":
        "director general",
    r"alg\. dir(?:ecteur)?": "algemeen directeur",
    r"ch\. exec": "chief executive", r"gen(?:l\.?|\.)(?= ?(?:manag|mgr))": "general",
    r"gral": "general",
    r"sls": "sales", r"acct\.?(?= m)": "account", r"acctg": "accounting", r"pur\.": "purchasing",
    r"oper\.": "operations", r"pers\.(?= m)": "personnel", r"dtor": "director",
    r"dtora": "directora", r"gte": "gerente", r"sup\. de": "supervisor de",
    r"amm\.(?= (?:del|un))": "amministratore", r"dir\. amm": "direttore amministrativo",
    r"s[oó]cio adm": "socio administrador", r"kfm|kaufm\.": "kaufmännischer",
    r"geschf|gesch[aä]ftsf\.": "geschäftsführer", r"hfd": "hoofd", r"ltr": "leiter",
    r"dircom": "directeur de la communication",
}  # fmt: skip
_ABBREVIATED = re.compile(
    "|".join(
        rf"(?P<a{at}>\b(?:{short})(?<=\.)|\b(?:{short})(?!\w)\.?)"
        for at, short in enumerate(_IN_FULL)
    ),
    re.IGNORECASE,
)
_FULL = {f"a{at}": full for at, full in enumerate(_IN_FULL.values())}
_SHORT = frozenset({
    "mg", "mng", "man", "md", "m", "dir", "gral", "dtor", "dtora", "alg", "ch", "gen", "genl",
    "sls", "acct", "acctg", "pur", "oper", "pers", "gte", "sup", "amm", "sócio", "socio", "kfm",
    "kaufm", "geschf", "geschäftsf", "geschaftsf", "hfd", "ltr", "dircom",
})  # fmt: skip
_FUSED = re.compile(r"(?<=\w{4})(?:ltr|ltg)\b\.?", re.IGNORECASE)


def plain_title(text: str) -> str:
    """Return a title without marks of gender, employer and hiring, with abbreviations in full.

    What says that the person has left, or looks for another job, becomes the word "retired".
    """
    plain = text.casefold()
    text = _OUT_OF_OFFICE.sub(" retired ", text)
    # Most titles have none of these words, and the patterns cost more than the look.
    if any(word in plain for word in _SEEKING_WORDS):
        text = _SEEKING.sub(" retired ", text)
    if not _SHORT.isdisjoint(plain.replace(".", " ").split()):
        text = _ABBREVIATED.sub(lambda short: _FULL[short.lastgroup or ""] + " ", text)
    if "lt" in plain:
        text = _FUSED.sub(lambda short: "leiter " if short[0][2] in "rR" else "leitung ", text)
    if not text.replace(" ", "").isalnum():
        text = _GENDER_MARK.sub(" ", _GENDER_AT.sub("o", text))
        text = _DOTTED.sub(lambda dotted: dotted[0].replace(".", "") + " ", text)
        text = text.replace("&", " and ").replace(" + ", " and ")
    return _HIRING.sub(" ", _EMPLOYER.sub("", text))
