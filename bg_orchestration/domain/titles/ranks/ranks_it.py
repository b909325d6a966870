"""The Italian words of rank; see `ranks` for the order and the look-alikes."""

from bg_orchestration.domain.model import Seniority

RANKS: dict[Seniority, str] = {
    "owner": """
        titolare, fondatore, fondatrice, socio fondatore, proprietari*, imprenditore, imprenditrice,
        avvocato partner, socio avvocato, avvocato titolare, socio fondatrice
    """,
    "c_suite": """
        ceo, presidente, amministratore delegato, amministratrice delegata, amministratore unico,
        direttore generale, direttrice generale, presidente del consiglio, direttore esecutivo,
        consigliere delegato, vicedirettore generale, amministratore |, amministratrice unica,
        consigliera delegata, vicedirettrice generale, segretario generale, segretaria generale,
        segretario comunale, segretaria comunale, sindaco, sindaca, commissario straordinario
    """,
    "director": """
        direttore, direttrice, vicedirettore, preside, dirigente, capo dipartimento, rettore,
        vicedirettrice, dir generale, dir commerciale, vicepreside, vice preside
    """,
    "manager": """
        manager, *manager, responsabile, responsabili, capo, capo reparto, caporeparto, capoturno,
        capo turno, capo area, capo ufficio, caposquadra, coordinatore infermieristico, supervisore,
        gestore, caposala, resp, resp le, respons
    """,
    "senior": "principale",
    "individual": """
        capo progetto, capoprogetto, capocommessa, responsabile di progetto, responsabile di
        prodotto, gestore clienti, responsabile prodotto, amministratore di *, sindaco effettivo,
        sindaco supplente, presidente del collegio sindacale, presidente onorario, consigliere
        indipendente
    """,
    "entry": """
        stagista, tirocinante, tirocinio, apprendista, praticante, neolaureato, studente,
        studentessa
    """,
}

# The rank of these counts otherwise in a purchase.
COUNTS: dict[Seniority, str] = {
    "manager": "coordinatore*, coordinatric*",
}
