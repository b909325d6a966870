"""The Italian words of function. Tiers as in `functions`."""

from bg_orchestration.domain.model import Function

FUNCTIONS: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            sviluppo commerciale, agente di commercio, commesso, commessa, commessi, agente
            immobiliar*, procacciator*, informator* scientific*, informator* medic*, agente di
            assicurazion*, clienti direzionali
        """,
        3: """
            vendita, vendite, venditore, venditrice, prevendita, venda, rappresentant*,
            commerciale*, commerciali, direttore commerciale, banditore*
        """,
        1: "immobiliar*",
    },
    "marketing": {
        4: "ricerche di mercato, ufficio stampa, pubbliche relazioni, relazioni pubbliche",
        3: """
            comunicazion*, pubblicit*, marchio, eventi, stampa, *marketing*, porte parole, portavoz
        """,
    },
    "engineering": {
        4: """
            ingegnere di processo, sviluppator*, ricerca e sviluppo, direttore tecnico, direttore
            lavori, direttore dei lavori, ufficio tecnico, capo cantiere, capocantiere, perito
            industriale, perito meccanico, perito elettr*
        """,
        3: "ingegner*",
        2: """
            programmat*, programmator*, elettron*, elettric*, meccanic*, architett*, progettist*,
            geometr*, topograf*, collaudator*, disegnator*, progettazione
        """,
        1: "tecnic*",
    },
    "it": {
        4: """
            sistemi informativi, amministratore di sistema, sistemista, database*, tecnico
            informatico, ingegner* di rete, amministrator* di rete, tecnic* di rete, ced, analista
            di sistemi, supporto informatico, tecnologie dell informazione
        """,
        3: "reti, informatic*",
        1: "sistemi, sistema",
    },
    "security": {
        5: "cyber*, sicurezza informatica, sicurezza delle informazioni, sicurezza it",
    },
    "product": {
        4: "responsabile di prodotto, responsabile prodotto",
        1: "prodotto, prodotti",
    },
    "finance": {
        4: """
            contabil*, controllo di gestione, tesor*, fiscal*, commercialista, ragionier*, revisore,
            agente di cambio, amministrazione e finanza, recuperator* crediti, cassier* di banca
        """,
        3: """
            finanz*, compta, bancari*, banco, banca, bank*, credito, imposte, impost*, fatturaz*,
            recupero crediti, attuari*, bilancio, audit, auditoria, conti
        """,
        1: "rischi, paghe",
    },
    "hr": {
        5: "selezionator*, selezione del personale",
        4: """
            risorse umane, hr*, gestione del personale, addett* selezione, responsabil* selezione,
            selezione, consulent* del lavoro
        """,
        3: "personale, diversita, formazione",
        2: "formator*",
    },
    "legal": {
        5: """
            mediator*, notaio, pubblico ministero, affari legali, ufficiale giudiziario, protezione
            dati, protezione dei dati
        """,
        4: """
            avvocat*, giurist*, legale, magistrat*, giudice, protezione dei dati, consulente legale,
            privacy*
        """,
        3: "conformita, proprieta intellettuale, affari regolatori, diritto",
    },
    "procurement": {
        4: "acquist*, acquisti, approvvigionament*, aprovisionament*, fornitor*, comprator*",
    },
    "operations": {
        4: """
            logisti*, catena di approvvigionamento, direttore di stabilimento, magazzin*, capo
            turno, capo reparto, carrellist*, mulettist*, conduttor* di impianti, facchin*
        """,
        3: """
            tornitor*, fresator*, manutentor*, confezion*, attrezzist*, imballator*, imballaggi*,
            tipograf*, stampator*, expeditor*, montator*, montatric*, macchinari*
        """,
        2: """
            operazioni, operativ*, produzione, stabilimento, fabbrica, manufactur*, qualita,
            manutenz*, assembl*, spedizion*, operaio, operateur*, operator*, facilit*, operai*,
            addetto macchine, macchine
        """,
        1: """
            progetto, progetti, projeto, project*, processus, procesos, processi, processos,
            proces*, planning, industrial*, industriale, pianificazione
        """,
    },
    "customer_success": {
        4: "fidelizz*, esperienza cliente*, customer *",
        1: "clienti",
    },
    "data": {
        4: """
            analista dati, scienziato dei dati, data*, statistic*, intelligenza artificiale,
            ingegner* dei dati, ingegner* di dati, sviluppator* bi
        """,
        3: "dati",
        1: "analista*, analist*, analisi, analisis",
    },
    "design": {
        4: """
            grafic*, direttore creativo, direttore artistico, designer*, progettista grafico,
            stilist*, illustrator*, modelist*, scenograf*, costumist*, vetrinist*, arredator*,
            arredatric*, modellist*
        """,
        3: "creatif*, creativ*",
        2: "design*",
    },
    "support": {
        4: """
            servizio clienti, assistenza clienti, assistenza tecnica, call center, customer service,
            centralinist*, assistente alla clientela, assistenza alla clientela
        """,
    },
    "admin": {
        5: "assistent* di direzione, data entry, inserimento dati, assistente personal*",
        4: "dattilograf*, segreteria",
        3: "segretari*, receptioni*, amministrativ*, reception, archivist*",
        2: "ufficiale",
        1: "amministrazione, ufficio",
        0: "assistent*, impiegat*",
    },
    "executive": {
        1: """
            amministratore delegato, amministratrice delegata, direttore generale, amministratore
            unico, vicedirettore generale, consigliere delegato, amministratore |, consiglio di
            amministrazione, consiglio d amministrazione
        """,
    },
    "education": {
        5: """
            professore*, professor*, maestro, maestra, docente*, insegnant*, educatric*, educateu*,
            istruttor*, pedagog*, pedagogista, assistente educa*, preside
        """,
        4: """
            universit*, universidad*, universidade*, scuola*, scolastic*, educativ*, istruzione,
            rettore, direzione scolastica, didattic*, didactic*, didatic*, scolarite, educazione
        """,
    },
    "healthcare": {
        5: """
            medico, infermier*, farmacist*, fisioterap*, terapist*, ostetric*, radiolog*, sanitari*
            hospital, logoped*, dietist*, psichiatr*, podolog*, osteopat*, medicos, ginecolog*,
            gynecolog*, oculist*, massaggiator*, massofisio*, massagist*, odontoiatr*, odontotecn*,
            ottic*, otorrin*, caposala, coordinator* infermieristic*, assistente alla poltrona,
            soccorritor*, igienist*, nutrizion*, nutrition*, cardiolog*, | oss |, | primario
        """,
        4: "cuidad* personal*",
        3: """
            sanita, sanitari*, patient*, paciente*, pazient*, medicin*, biomedic*, hospital,
            hospitalier*, hospitalari*
        """,
        2: "psycholog*, psicolog*",
    },
    "other": {
        5: """
            giornalist*, polizia, poliziott*, politie*, vigil*, guardia giurata, autista, militar*,
            militare, traduttor*, interprete*, assistenti sociali, operai* edil*, bracciant*, vigil*
            del fuoco, vigil* urban*, carabinier*, meccanico auto*, | meccanico |, assistent*
            sociale
        """,
        4: "conservator*",
        3: """
            cuoc*, camerier*, pulizie, parrucchier*, giardinier*, falegnam*, idraulic*,
            elettricist*, actor*, attore, attrice, musico, musica, musicist*, pasticc*, pizzaiol*,
            macell*, murator*, imbianchin*, fattorin*, corriere*, tassist*, camionist*, pescator*,
            ballerin*, baller*, governant*, cassier*, allenator*, fiorist*, orafo, orafi, orolog*,
            horloger*, calzolai*, fabbro, boscaiol*, minator*, sociolog*, storico, archeolog*,
            marinai*, bagnino, colf, lavapiatti, netturbin*, portiere, conserje*, carrozzier*,
            panettier*, estetist*, detectiv*, guida, piloto, pilota
        """,
        1: "consulent*",
        0: "agente di, agente dei",
    },
}
