"""The Italian words of function. Tiers as in `functions`."""

from bg_orchestration.domain.model import Function

FUNCTIONS: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            sviluppo commerciale, agente di commercio, commesso, commessa, commessi, agente
            immobiliar*, procacciator*, informator* scientific*, informator* medic*, agente di
            assicurazion*, clienti direzionali, responsabile commerciale, direttore commerciale,
            direttrice commerciale, responsabile vendite, direttore vendite, direzione commerciale,
            responsabile export, export manager, area manager, grandi clienti, key client, capo area
            vendite, sviluppo nuovi mercati
        """,
        3: """
            vendita, vendite, venditore, venditrice, prevendita, venda, rappresentant*,
            commerciale*, commerciali, direttore commerciale, banditore*, rete vendita, commerciale,
            canale, canali, ufficio commerciale, forza vendita, punti vendita, gdo, horeca,
            franchising
        """,
        1: "immobiliar*",
    },
    "marketing": {
        4: """
            ricerche di mercato, ufficio stampa, pubbliche relazioni, relazioni pubbliche, relazioni
            esterne, comunicazione interna, comunicazione esterna, raccolta fondi, e commerce,
            relazioni istituzionali e comunicazione, responsabile crm, specialista crm, addett* crm,
            crm manager
        """,
        3: """
            comunicazion*, pubblicit*, marchio, eventi, stampa, *marketing*, porte parole, portavoz,
            immagine, relazioni pubbliche, pubblicitari*, media, redazione, sponsorizzazioni, marchi
        """,
    },
    "engineering": {
        4: """
            ingegnere di processo, sviluppator*, ricerca e sviluppo, direttore tecnico, direttore
            lavori, direttore dei lavori, ufficio tecnico, capo cantiere, capocantiere, perito
            industriale, perito meccanico, perito elettr*, r and s, ingegneria di prodotto, ricerca
            sviluppo, ricerca e innovazione, direzione lavori, progettazione meccanica,
            progettazione elettrica, responsabile di cantiere, responsabile cantiere, lavori
            pubblici, opere pubbliche
        """,
        3: """
            ingegner*, collaudo, collaudi, cantiere, cantieri, prove, automazione, robotica, disegno
            tecnico, industrializzazione, sperimentazione, edilizia, urbanistica
        """,
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
            di sistemi, supporto informatico, tecnologie dell informazione, sistemi informatici,
            infrastrutture informatiche, servizi informatici, sistemi di rete, responsabile edp,
            transizione digitale, assistenza informatica, help desk informatico, supporto
            applicativo
        """,
        3: """
            reti, informatic*, edp, informatico, informatica, software gestionale, applicativi,
            sistemi, ced, data center, telecomunicazioni, infrastrutture
        """,
        1: "sistemi, sistema",
    },
    "security": {
        5: """
            cyber*, sicurezza informatica, sicurezza delle informazioni, sicurezza it, sicurezza
            dati, sicurezza cibernetica, cybersicurezza, cybersecurity
        """,
    },
    "product": {
        4: "responsabile di prodotto, responsabile prodotto",
        1: "prodotto, prodotti",
    },
    "finance": {
        4: """
            contabil*, controllo di gestione, tesor*, fiscal*, commercialista, ragionier*, revisore,
            agente di cambio, amministrazione e finanza, recuperator* crediti, cassier* di banca,
            amministrazione finanza e controllo, afc, pianificazione e controllo, contabilita
            generale, contabilita clienti, contabilita fornitori, recupero crediti, relazioni con
            gli investitori, servizi finanziari, economico finanziari*, amministrativo e
            finanziario, amministrativa e finanziaria, amministrativo finanziari*, gestione crediti,
            controllo gestione, revisione interna, bilancio e *, programmazione e controllo
        """,
        3: """
            finanz*, compta, bancari*, banco, banca, bank*, credito, imposte, impost*, fatturaz*,
            recupero crediti, attuari*, bilancio, audit, auditoria, conti, ragioneria, tributi,
            tribut*, crediti, cassa, tesoreria, fiscale, fiscalita, finanza, controllo, patrimonio,
            economico, pagamenti, entrate, contabile, contabil*, revisore*, mutui, investimenti
        """,
        1: "rischi, paghe",
    },
    "hr": {
        5: "selezionator*, selezione del personale",
        4: """
            risorse umane, hr*, gestione del personale, addett* selezione, responsabil* selezione,
            selezione, consulent* del lavoro, relazioni industriali, relazioni sindacali, welfare
            aziendale, persone e cultura, ufficio personale, amministrazione personale,
            amministrazione del personale, risorse umane e *, gestione risorse, sviluppo
            organizzativo, organizzazione e sviluppo, organizzazione e personale, formazione e
            sviluppo, formazione del personale, ricerca e selezione, selezione e formazione, people
            and culture, benessere organizzativo, capitale umano
        """,
        3: """
            personale, diversita, formazione, selezione, persone, talenti, recruiting, reclutamento
        """,
        2: "formator*",
        1: "organizzazione",
    },
    "legal": {
        5: """
            mediator*, notaio, pubblico ministero, affari legali, ufficiale giudiziario, protezione
            dati, protezione dei dati
        """,
        4: """
            avvocat*, giurist*, legale, magistrat*, giudice, protezione dei dati, consulente legale,
            privacy*, anticorruzione, trasparenza e anticorruzione, affari societari, affari
            regolatori, affari legislativi, protezione dati, proprieta intellettuale, segreteria
            societaria, antiriciclaggio
        """,
        3: """
            conformita, proprieta intellettuale, affari regolatori, diritto, contenzioso, legale,
            legali, compliance, privacy, societario, brevetti, normativa, avvocatura, giuridic*
        """,
    },
    "procurement": {
        4: """
            acquist*, acquisti, approvvigionament*, aprovisionament*, fornitor*, comprator*, gare e
            appalti, gare e contratti, appalti e contratti, contratti pubblici, ufficio gare,
            ufficio acquisti, economato e provveditorato, gestione fornitori, responsabile unico del
            procedimento, centrale acquisti, acquisti e *, albo fornitori
        """,
        3: """
            gare, appalti, provveditorato, economato, forniture, fornitori, approvvigionament*,
            acquisti, acquisto, rup
        """,
    },
    "operations": {
        4: """
            logisti*, catena di approvvigionamento, direttore di stabilimento, magazzin*, capo
            turno, capo reparto, carrellist*, mulettist*, conduttor* di impianti, facchin*,
            miglioramento continuo, servizi generali, sicurezza e ambiente, ambiente e sicurezza,
            salute e sicurezza, sicurezza sul lavoro, prevenzione e protezione, rspp, aspp, qualita
            ambiente e sicurezza, patrimonio e manutenzioni, pianificazione della produzione,
            programmazione produzione, controllo qualita, assicurazione qualita, gestione qualita,
            tempi e metodi, commercio estero logistica, gestione ordini, food and beverage,
            ricevimento hotel, capo ricevimento, governante d albergo, auditor qualita, ispettor*
            qualita, auditor di qualita
        """,
        3: """
            tornitor*, fresator*, manutentor*, confezion*, attrezzist*, imballator*, imballaggi*,
            tipograf*, stampator*, expeditor*, montator*, montatric*, macchinari*, montaggio,
            officina, flotta, spedizioni, logistica, trasporti, magazzino, stabilimento, produzione,
            qualita, manutenzione, manutenzioni, reparto, turno, confezionamento, terzisti,
            lavorazioni, facility, immobili e *, hse, ehs, qhse, lean, dogane, doganal*, ambiente e
            *, ricevimento, piani, housekeeping, alloggi
        """,
        2: """
            operazioni, operativ*, produzione, stabilimento, fabbrica, manufactur*, qualita,
            manutenz*, assembl*, spedizion*, operaio, operateur*, operator*, facilit*, operai*,
            addetto macchine, macchine, ambiente, ambientale, impianti, impianto, edifici, sicurezza
            lavoro
        """,
        1: """
            progetto, progetti, projeto, project*, processus, procesos, processi, processos,
            proces*, planning, industrial*, industriale, pianificazione
        """,
    },
    "customer_success": {
        4: """
            fidelizz*, esperienza cliente*, customer *, esperienza cliente, customer journey,
            fidelizzazione
        """,
        1: "clienti",
    },
    "data": {
        4: """
            analista dati, scienziato dei dati, data*, statistic*, intelligenza artificiale,
            ingegner* dei dati, ingegner* di dati, sviluppator* bi, analisi dati, gestione dati,
            governo dei dati, scienza dei dati
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
        3: "creatif*, creativ*, stile, grafica, grafico, creativo, creativa, design",
        2: "design*",
    },
    "support": {
        4: """
            servizio clienti, assistenza clienti, assistenza tecnica, call center, customer service,
            centralinist*, assistente alla clientela, assistenza alla clientela, post vendita,
            servizi al cliente, supporto clienti, urp, relazioni con il pubblico, servizi al
            cittadino
        """,
        3: "customer care, call center, contact center, reclami, assistenza",
    },
    "admin": {
        5: "assistent* di direzione, data entry, inserimento dati, assistente personal*",
        4: "dattilograf*, segreteria",
        3: """
            segretari*, receptioni*, amministrativ*, reception, archivist*, protocollo, affari
            generali, segreteria, archivio, servizi amministrativi, front office comunale
        """,
        2: "ufficiale",
        1: "amministrazione, ufficio",
        0: "assistent*, impiegat*",
    },
    "executive": {
        3: """
            segretario generale, segretaria generale, segretario comunale, segretaria comunale,
            direzione generale
        """,
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
            rettore, direzione scolastica, didattic*, didactic*, didatic*, scolarite, educazione,
            servizi educativi, dirigente scolastic*, direttore dei servizi generali e
            amministrativi, dsga, offerta formativa, servizi scolastici, vicepreside, vice preside
        """,
        3: "didattica, scuola, scolastic*, istruzione, educativ*, asilo, universita, docenza",
    },
    "healthcare": {
        5: """
            medico, infermier*, farmacist*, fisioterap*, terapist*, ostetric*, radiolog*, sanitari*
            hospital, logoped*, dietist*, psichiatr*, podolog*, osteopat*, medicos, ginecolog*,
            gynecolog*, oculist*, massaggiator*, massofisio*, massagist*, odontoiatr*, odontotecn*,
            ottic*, otorrin*, caposala, coordinator* infermieristic*, assistente alla poltrona,
            soccorritor*, igienist*, nutrizion*, nutrition*, cardiolog*, | oss |, | primario
        """,
        4: """
            cuidad* personal*, pronto soccorso, servizio infermieristico, direzione sanitaria,
            medicina del lavoro, professioni sanitarie, sala operatoria, rianimazione
        """,
        3: """
            sanita, sanitari*, patient*, paciente*, pazient*, medicin*, biomedic*, hospital,
            hospitalier*, hospitalari*, infermieristic*, chirurgia, farmacia, medicina, ospedal*,
            radiologia, pediatria, cliniche, clinico, clinica, assistenza sanitaria, riabilitazione,
            rsa
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
