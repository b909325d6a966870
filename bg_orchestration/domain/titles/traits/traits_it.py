"""The Italian words of traits; see `title_traits` for what each kind of word means."""

from bg_orchestration.domain.titles.title_traits import TraitWord

TRAITS: dict[TraitWord, str] = {
    "silent": """
        in cerca di occupazione, in cerca di lavoro, in cerca di nuove opportunita, alla ricerca di
        nuove opportunita, disoccupat*, inoccupat*, non specificato, | impiegato |, | impiegata |, |
        dipendente |, | collaboratore |, | collaboratrice |, membro del team
    """,
    "gone": """
        in pensione, pensionat*, in congedo, in aspettativa, in maternita, emerito, emerita, fino al
        20*, cessato
    """,
    "outside": """
        investitor*, azionist*, consigliere indipendente, consigliera indipendente,
        amministratore indipendente, amministratrice indipendente, amministratore non
        esecutivo, amministratrice non esecutiva, consigliere di amministrazione,
        consigliera di amministrazione, consigliere non esecutivo, membro del consiglio,
        membro del cda, consiglio di amministrazione, consigliere di sorveglianza, consiglio
        di sorveglianza, presidente del consiglio, presidente del cda, collegio sindacale,
        sindaco effettivo, sindaco supplente, sindaco unico, sindaco revisore, presidente
        del collegio sindacale, revisore legale, revisore dei conti, revisore unico,
        revisore esterno, organismo di vigilanza, membro odv, consigliere comunale,
        consigliera comunale, consigliere regionale, assessore, assessora, onorevole,
        senatore, senatrice, volontari*, presidente onorario, socio di capitale, comitato
        consultivo
    """,
    "outside_always": """
        libero professionista, libera professionista, partita iva, freelance*, consulente esterno,
        consulente esterna, consulente indipendente, agente di commercio, agente monomandatario,
        agente plurimandatario, agente assicurativ*, agente immobiliar*, promotore finanziario,
        consulente del lavoro, collaboratore esterno, procacciatore*, intermediario*, mandatari*
    """,
    "adviser": "consulente, consulenti, consulting, mentor*, coach |",
    "learner": """
        stagista, stagisti, in stage, | stage |, tirocinant*, tirocinio, apprendista, apprendisti,
        apprendistato, praticante, praticanti, studente, studentessa, dottorand*, specializzand*,
        neolaureat*, laureand*, trainee*, borsista, servizio civile
    """,
    "teaches": """
        segreteria studenti, servizi agli studenti, tutor tirocini, ufficio tirocini, diritto allo
        studio
    """,
    "gatekeeper": """
        segretaria, segretario, segretarie, segreteria, assistente di direzione, assistente alla
        direzione, assistente del *, assistente esecutiv*, assistente personale, assistente
        amministratore delegato, assistente ad, centralinist*, receptionist*, reception |, addett*
        alla reception, addett* reception, portineria, portiere, portinaio, usciere, accoglienza |,
        addett* accoglienza
    """,
    "keeps_no_gate": """
        segretario generale, segretaria generale, segretario comunale, segretaria comunale,
        segretario provinciale, segretario regionale, segretario nazionale, segretario di stato,
        sottosegretari*, segretario del consiglio, segretario del cda, segretario direttore,
        segretaria medica, segretario organizzativo
    """,
    "deputy": "vice, sotto, vicario, sostituto",
    "deputy_behind": "aggiunto, aggiunta, vicario, vicaria, supplente, vice",
    "deputy_fused": """
        vicedirettor*, vicedirettric*, vicecapo*, vicepreside, vice preside, vicesindac*,
        vicesegretario*, viceresponsabile, vicecaporeparto, prorettor*, vicesindaca, condirettore,
        condirettrice, sottodirettor*
    """,
    "no_deputy": "vice presidente, vice presidentessa",
    "part": """
        regione, regioni, regional*, zona, zone, area |, area nord, area sud, area centro,
        territoriale, provinciale, filiale, filiali, sede, succursale, agenzia, stabilimento,
        impianto, divisione, business unit, linea di prodotto, linea di business, segmento, settore,
        ramo, nord, sud, est, ovest, centro, nord est, nord ovest, centro sud, italia, europa,
        estero, milano, roma, torino, lombardia, veneto, piemonte, lazio, emilia, toscana, campania,
        sicilia, punto vendita, negozio, distretto, locale, grandi clienti, pubblica
        amministrazione, canale, cantiere, paese, reparto
    """,
    "whole": """
        gruppo, di gruppo, corporate, centrale, generale, nazionale, globale, direttore di
        stabilimento, direttore stabilimento, responsabile stabilimento, direttore di filiale,
        commercio estero, settore pubblico, centro di costo, area commerciale, area *
    """,
    "unit": "operations, operativ*, eccellenza",
    "process": """
        sistemi hr, sistemi informativi hr, amministratore di sistema, amministratrice di sistema,
        erp, sap, crm, processi, responsabile di processo, process owner, responsabile processi,
        miglioramento continuo, lean, sales operations, efficienza commerciale, strumenti,
        automazione, digitalizzazione, trasformazione, key user, informatica medica, informatica
        sanitaria, tempi e metodi, metodi, back office commerciale, data governance, anagrafiche,
        organizzazione e sistemi, hris, workflow*
    """,
    "employee_representative": """
        rsu, rsa |, rappresentante sindacale, rappresentante dei lavoratori, rappresentanza
        sindacale, delegat* sindacale, delegato rsu, rls, sindacalista, sindacato, segretario
        sindacale, componente rsu
    """,
    "data_protection": """
        protezione dati, protezione dei dati, dpo, privacy, gdpr, dati personali, trattamento dei
        dati
    """,
    "public_buyer": """
        gare, gare e appalti, appalti, appalti e contratti, contratti pubblici, ufficio gare, rup,
        responsabile unico del procedimento, responsabile unico del progetto, stazione appaltante,
        centrale di committenza, provveditorat*, provveditor*, economato, economo
    """,
    "runs": """
        amministratore delegato, amministratrice delegata, amministratore unico, amministratrice
        unica, amministratore generale, direttore generale, direttrice generale, direttore
        esecutivo, consigliere delegato, consigliera delegata, titolare, titolari, imprenditor*,
        imprenditric*, fondator*, fondatric*, cofondator*, proprietari*, socio fondatore, socia
        fondatrice, socio amministratore, socia amministratrice, socio accomandatario, | socio |, |
        socia |, sindaco, sindaca, dirigente scolastic*, preside, rettore, rettrice, direttore d
        albergo, direttore di albergo, direttore hotel, direttore dell hotel, direttore albergo,
        direttore del museo, direttore di museo, direttore sanitario di struttura, direttore di
        struttura, direttore della fondazione, direttore fondazione, segretario generale, segretaria
        generale, segretario comunale, segretaria comunale, titolare di studio, commissario
        straordinario, procuratore generale, | ad, | direttore |, | direttrice |, | amministratore
        |, | amministratrice |, | gestore |, | ad |, | presidente |, presidente e *
    """,
    "chief_of_staff": """
        capo di gabinetto, capogabinetto, capo gabinetto, capo staff, capo della segreteria
    """,
    "prospecting": """
        sviluppo commerciale, sviluppo business, business development*, business developer*, nuovi
        clienti, acquisizione clienti, partnership*, alleanze, telemarketing, sdr, bdr, lead
        generation, sviluppo nuovi mercati
    """,
    "account_keeper": """
        account manager*, key account*, kam, gestore clienti, gestione clienti, gestore account,
        responsabile clienti, grandi clienti, clienti direzionali, customer success*, portafoglio
        clienti
    """,
    "front_line": """
        venditor*, venditric*, commesso, commessa, commessi, addett* vendit*, addett* alle vendite,
        agente di vendita, agente commerciale, rappresentante*, commerciale |, tecnico commerciale,
        informator*, promoter*, consulente commerciale, consulente di vendita, infermier*, oss,
        operatore socio sanitario, medico, medici, dottore, dottoressa, chirurg*, dentista*,
        farmacist*, fisioterapist*, psicolog*, ostetric*, insegnant*, docent*, maestr*, professor*,
        educator*, educatric*, istruttor*, cassier*, sportellist*, addett* allo sportello,
        camerier*, cuoc*, barista, addett* alle pulizie, autist*, corrier*, magazzinier*,
        carrellist*, operai*, operator*, operatric*, saldator*, elettricist*, meccanic*, idraulic*,
        montator*, manutentor*, tecnico |, capo macchina, guardia*, vigilant*, addett* call center,
        operatore call center, addett* clienti, addett* assistenza, impiegat*, addetto
        amministrativo, addetta amministrativa, assistente sociale, vigile, vigili, agente, agenti,
        hostess, marinaio
    """,
    "desk": "compliance, conformita, governance",
    "interim": "ad interim, facente funzione, f f, ff",
}

SERVICE: dict[str, str] = {
    "assistant": "assistent*, segretari*",
    "servant": "consigliere, segreteria, assessor*",
    "towards": "di, del, della, delle, dei, dell, al, alla, all, d",
    "past": "ex, gia, precedentemente",
    "retired": "pensionato, pensionata, emerito, emerita",
    "present": "ora, attualmente, oggi",
    "until": "fino",
    "awaited": "in pectore, eletto, eletta",
    "programme": "programma, accademia, circolo",
    "wish": "futuro, futura, aspirante",
    "search": """
        in cerca di, cerco, alla ricerca di
    """,
}
