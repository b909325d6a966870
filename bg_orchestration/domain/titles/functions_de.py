"""The words of the functions of a business in German, mostly parts of compounds.

Tiers as in `title_functions`.
"""

from bg_orchestration.domain.model import Function

GERMAN: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            versicherungsvertret*, handelsvertret*, pharmavertret*, gebietsvertret*,
            pharmareferent*, aussendienst*, vertriebsingenieur*, verkaufsberat*,
            vertriebsmitarbeit*, *vertriebsleit*, geschaftsentwickl*, verkaufsingenieur*,
            vertriebsassist*, *aussendienst, verkaufsassist*, *aussenhandel*, einzelhandelskauf*,
            verkaufsleit*, *verkaufsleit*, medizinprodukteberat*, medizinisch* fachberat*,
            medizinisch* aussendienst, versicherungsagent*, versicherungsvermittl*,
            geschaftsfeldentwickl*, marktentwickl*, vertriebsentwickl*
        """,
        3: """
            vertrieb*, *vertrieb, *vertriebs*, verkauf*, *verkauf, *verkaufer, *verkaufs*,
            kundenberat*, kundenakquis*, neukunden*, grosskunden*, keyaccount*, umsatz*, absatz*,
            telefonverkauf*, kundenverantwort*, kundenmanager, *accountmanager, filialverkauf*,
            immobilienmakler*, vertrieblich*, firmenkundenberat*, vertragshandler*,
            handelsvertretung, gebietsleit*, bezirksleit*, autoverkauf*, anzeigenberat*,
            partnermanag*, verkaufsinnen*, innendienst*, gebietsmanag*, kontomanag*, kontenbetreu*,
            kundenkont*, auktionator*, vermietungs*, sales*, handelsreisend*, immobilienberat*,
            einzelhandel*, grosshandel*
        """,
        1: "*handler, handler, makler, *makler, handel, filial*, marktleit*",
    },
    "marketing": {
        4: """
            produktmarketing*, unternehmenskommunikation, offentlichkeitsarbeit*, pressesprech*,
            pressereferent*, werbetext*, marktforsch*, veranstaltungsmanag*, eventmanag*,
            mediaplan*, markenmanag*, werbefach*, werbekauf*, hochzeitsplan*, meinungsforsch*
        """,
        3: """
            *marketing*, werbe*, *werbung, kommunikation*, *kommunikation, presse*, marken*,
            kampagne*, medienstrateg*, medienplan*, offentlichkeits*, veranstaltung*, event*,
            texter, *texter, verkaufsforder*, publicrelations, inhalte, redaktionsleit*,
            mediengestaltung, socialmedia*, fundrais*, campaigner, messe, messen, messeb*, messek*,
            messel*, messem*, messeo*, messep*, messet*, marke
        """,
        5: "social media redakt*, content redakt*, marketingredakt*, pr redakt*",
    },
    "product": {
        4: """
            produktmanag*, *produktmanag*, produktverantwort*, produktleit*, produkteigner*,
            produktinhaber*
        """,
        2: "produktentwickl*, produktspezialist*, produktexpert*, produktstrateg*, produktplan*",
        1: "produkt*, *produkte",
    },
    "finance": {
        4: """
            *buchhalt*, bilanzbuchhalt*, *controller, *controlling, controlling*, steuerberat*,
            steuerfach*, wirtschaftsprufer*, wirtschaftsprufung*, rechnungswesen, finanzbuchhalt*,
            bankkauf*, steurprufer*, finanzleit*, finanzvorstand, kaufmannische leitung,
            kaufmannischer leiter, *finanzberat*, bankberat*, rechnungsprufer*, *revisor, *revision,
            *kreditanaly*, steuerpruf*, finanzanalyst*, prufungsassist*, *kammerer, mahn*,
            fakturist*, kassenpruf*, finanzdispon*, *finanzierer, immobilienfinanz*, bankfach*,
            finanzwirt*, finanzbeamt*, kaufmannisch* geschaftsfuhr*, anlageanaly*,
            haushaltssachbearbeit*, effekten*, revisions*, revision, borsendispon*, forderungsmanag*
        """,
        3: """
            finanz*, *finanz, *finanzen, *finanzierung*, steuer, steuern, *steuern, *kredit*,
            kredit*, hypothek*, *hypothek*, bank, banken, bank*, *bank, *banking, vermogen*,
            wertpapier*, aktien*, fonds*, *fonds, treasury, bilanz*, debitoren*, kreditoren*,
            mahnwesen, rechnung*, borsen*, anlageberat*, investment*, *investment, investor*,
            aktuar*, versicherungsmath*, inkasso*, kapital*, abrechnung*, *abrechnung, fakturier*,
            faktura*, zahlungsverkehr*, kostenrechn*, budget*, private banking, buchprufer*,
            sparkasse*, bauspar*, kassenleit*, wirtschaftlichkeit*, steuer*, darlehen*,
            schatzmeist*, kassenwart*, gehaltsbuch*, prufer, kostenanaly*, haushaltsanaly*,
            haushaltsplan*, *rechnungswesen*, innenprufer*, betriebsprufer*, sparkassen*,
            wirtschaftspruf*, portfolioman*, treuhand*, wirtschaftstreuhand*, *leiter haushalt,
            *leitung haushalt, referent haushalt, sachbearbeit* haushalt, haushalt und finanzen,
            haushaltsreferent*, haushaltswesen
        """,
        1: "lohn*, risiko*, versicherung*, kosten*, kalkulat*, schaden*, gehalt*",
    },
    "hr": {
        1: "personal, *personal",
        5: """
            *rekrut*, rekrut*, *recruit*, personalvermittl*, personalberat*, personalgewinn*,
            talentakquis*, arbeitsvermittl*, personalbeschaff*, personalmarketing*
        """,
        4: """
            personalreferent*, personalleit*, personalentwickl*, personalwesen, *personalmanag*,
            organisationsentwickl*, personalsachbearbeit*, personalabteilung, personaldirektor*,
            mitarbeiterentwickl*, ausbildungsleit*, personalcontroll*, personalbetreu*,
            personaldisp*, *leiter personal, *leitung personal, *referent personal, *vorstand
            personal, personal und recht, personal und organisation, personal und soziales
        """,
        3: """
            talent*, vergutung*, verguetung*, entgelt*, weiterbildung*, betriebsrat*, arbeitgeber*,
            diversitat*, vielfalt, gleichstellung*, betriebliche altersversorgung,
            mitarbeiterbeziehung*, *nachwuchs*, arbeitsmarkt*, berufsberat*, benefits, zeitarbeit*,
            humanressourc*, humankapital*, personala*, personalb*, personalc*, personald*,
            personale*, personalf*, personalk*, personalm*, personalp*, personalr*, personals*,
            personalt*, personalv*, personalw*, personalg*, personalh*, fuhrungskrafteentwickl*,
            kompetenzentwickl*, kulturentwickl*, personal |
        """,
        2: """
            schulung*, *schulung, ausbilder, *ausbilder, trainer, *training, training*, ausbildung,
            *mitarbeiterschulung, ausbildungs*, *trainer, arbeitskraft*
        """,
    },
    "legal": {
        5: """
            *anwalt*, rechtsanwalt*, patentanwalt*, *jurist*, syndikus*, datenschutz*, justiziar*,
            rechtsreferent*, rechtsberat*, rechtspfleg*, rechtsassist*, *staatsanwalt*,
            rechtsanwaltsfach*, *justiziar*, *justitiar*, gerichtsvollzieh*, notar, notare,
            notarfach*, notarassess*, *srichter, amtsrichter, strafverteidig*, verteidiger,
            *schlichter, *syndikus, *rechtspfleg*, geldwasche*
        """,
        4: """
            recht, rechts*, *recht, rechtsabteilung, compliance*, jurist*, justiz*, patent*,
            richter, gericht*, einhaltung*, arzneimittelzulass*, medikamentenzulass*, produktzulass*
        """,
        3: """
            zulassung*, regulatorisch*, *regulierung*, geistiges eigentum, vertragsmanag*, gesetz*,
            markenrecht
        """,
        1: "vertrage, vertrags*",
    },
    "procurement": {
        4: """
            einkauf*, *einkauf, *einkaufer, *einkaufs*, beschaffung*, *beschaffung,
            lieferantenmanag*, vergabe*, warengruppen*, einkaufsleit*, strategischer einkauf*,
            categorymanag*, beschaffer*
        """,
        3: "lieferant*, zulieferer*, ausschreibung*, kaufer",
    },
    "customer_success": {
        4: """
            kundenerfolg*, kundenerlebnis*, kundenerfahrung*, kundenzufriedenheit*, kundenbindung*,
            kundenbeziehung*, customer*
        """,
        1: "kunden*",
    },
    "support": {
        4: """
            kundendienst*, kundenservice*, kundensupport*, kundenbetreu*, *kundenbetreu*,
            callcenter*, technische unterstutzung, technischer support, hotline*, *hotline,
            servicecenter*, *kundenservice, call center*, kundencenter*, beschwerde*, reklamation*,
            telefonist*, support ingenieur*, kundenunterstutzung, supportingenieur*
        """,
        2: "*support, support*, *unterstutzung, benutzerbetreu*",
    },
    "admin": {
        5: """
            datenerfass*, dateneingabe*, vorstandssekret*, vorstandsassist*, direktionsassist*,
            datentyp*
        """,
        4: """
            *sekretar*, sekretar*, geschaftsfuhrungsassist*, geschaftsleitungsassist*,
            managementassist*, burokauf*, buroleit*, chefsekret*, direktionssekret*, buroassist*,
            buromanag*, verwaltungsfach*, burofach*, verwaltungsangestellt*, schreibkraft*,
            empfang*, rezeption*, verwaltungsassist*, burohilf*, buroangestellt*, vorzimmer*,
            kanzleikraft, postbearbeit*, poststelle*, burokommunikation*, phonotypist*,
            registrator*, fremdsprachenkorresp*, fremdsprachensekr*, schreibburo*, registratur*
        """,
        2: "verwaltung*, *verwaltung, buro*, *buro, administrativ*, telefonzentral*, archiv*",
        0: """
            assistent*, assistenz*, *assistent, *assistenz, sachbearbeit*, *sachbearbeit*,
            angestellt*, kaufmannisch*
        """,
        1: "backoffice, back office",
    },
    "executive": {
        1: """
            geschaftsfuhr*, geschaftsleit*, vorstand, vorstands*, unternehmensleit*, generaldirekt*,
            alleinvorstand, aufsichtsrat*, firmenleit*, hauptgeschaftsfuhr*, vorsitz*
        """,
        3: "unternehmensentwickl*",
    },
}
