"""The German words of function. Tiers as in `functions`."""

from bg_orchestration.domain.model import Function

FUNCTIONS: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            versicherungsvertret*, handelsvertret*, pharmavertret*, gebietsvertret*,
            pharmareferent*, aussendienst*, vertriebsingenieur*, verkaufsberat*,
            vertriebsmitarbeit*, *vertriebsleit*, geschaftsentwickl*, verkaufsingenieur*,
            vertriebsassist*, *aussendienst, verkaufsassist*, *aussenhandel*, einzelhandelskauf*,
            verkaufsleit*, *verkaufsleit*, medizinprodukteberat*, medizinisch* fachberat*,
            medizinisch* aussendienst, versicherungsagent*, versicherungsvermittl*,
            geschaftsfeldentwickl*, marktentwickl*, vertriebsentwickl*, *vertriebsmitarbeit*,
            vertriebssteuer*, geschaftskundenvertrieb*, neukundengewinn*, vertriebsbeauftragt*,
            vertriebsmanag*, sales manager*, gebietsverkauf*, exportleit*, partnervertrieb
        """,
        3: """
            vertrieb*, *vertrieb, *vertriebs*, verkauf*, *verkauf, *verkaufer, *verkaufs*,
            kundenberat*, kundenakquis*, neukunden*, grosskunden*, keyaccount*, umsatz*, absatz*,
            telefonverkauf*, kundenverantwort*, kundenmanager, *accountmanager, filialverkauf*,
            immobilienmakler*, vertrieblich*, firmenkundenberat*, vertragshandler*,
            handelsvertretung, gebietsleit*, bezirksleit*, autoverkauf*, anzeigenberat*,
            partnermanag*, verkaufsinnen*, innendienst*, gebietsmanag*, kontomanag*, kontenbetreu*,
            kundenkont*, auktionator*, vermietungs*, sales*, handelsreisend*, immobilienberat*,
            einzelhandel*, grosshandel*, vertriebs*, vermarktung
        """,
        1: "*handler, handler, makler, *makler, handel, filial*, marktleit*",
    },
    "marketing": {
        5: "social media redakt*, content redakt*, marketingredakt*, pr redakt*",
        4: """
            produktmarketing*, unternehmenskommunikation, offentlichkeitsarbeit*, pressesprech*,
            pressereferent*, werbetext*, marktforsch*, veranstaltungsmanag*, eventmanag*,
            mediaplan*, markenmanag*, werbefach*, werbekauf*, hochzeitsplan*, meinungsforsch*,
            presse und offentlichkeitsarbeit, spendenwerbung, unternehmenskommunikation*, social
            media*, e commerce*, burgerkommunikation, crm manager*, leiter crm, leitung crm,
            referent crm
        """,
        3: """
            *marketing*, werbe*, *werbung, kommunikation*, *kommunikation, presse*, marken*,
            kampagne*, medienstrateg*, medienplan*, offentlichkeits*, veranstaltung*, event*,
            texter, *texter, verkaufsforder*, publicrelations, inhalte, redaktionsleit*,
            mediengestaltung, socialmedia*, fundrais*, campaigner, messe, messen, messeb*, messek*,
            messel*, messem*, messeo*, messep*, messet*, marke, redaktion*, sponsoring, kampagnen*,
            fundraising*, spenden*
        """,
    },
    "engineering": {
        4: """
            softwareentwickl*, *softwareentwickl*, anwendungsentwickl*, webentwickl*,
            *softwareingenieur*, produktionsingenieur*, qualitatsingenieur*, prozessingenieur*,
            fertigungsingenieur*, projektingenieur*, entwicklungsingenieur*, verfahrenstechnik*,
            elektroingenieur*, *bauingenieur*, maschinenbauingenieur*, verfahrensingenieur*,
            konstruktionsleit*, entwicklungsleit*, testingenieur*, qualitatssicherung software,
            datenbankentwickl*, systemingenieur*, f und e, forschung und entwicklung, technischer
            leiter, technische leitung, aussendienstingenieur*, zivilingenieur*, fachinformatik*
            anwendungsentwicklung, fachinformatik* fur anwendungsentwicklung, tragwerk*, stadtplan*,
            bauleitplan*, geomat*, inbetriebnahm*, inbetriebnehm*, technisch* geschaftsfuhr*,
            softwaredesign*, hardwaredesign*, chipdesign*, chip designer, ic designer,
            schaltungsdesign*, ui entwickl*, ux entwickl*, f and e, versuch, technische entwicklung,
            testautomatisier*, *versuch, bauwesen, technisches buro, technische planung, hochbauamt,
            tiefbauamt
        """,
        3: """
            konstrukteur*, *konstrukteur, konstruktion*, *konstruktion, elektrokonstrukt*,
            *ingenieur*, vermesser, elektromechan*, hochbau*, tiefbau*, stadtentwickl*, bauamt,
            bautechnik, gebaudetechnik
        """,
        2: """
            entwickl*, *entwickler, *entwicklung*, *programmier*, software*, elektrotechnik*,
            *elektronik*, maschinenbau*, mechatronik*, nachrichtentechnik*, tester, *tester,
            testmanag*, forschung*, versuchs*, *architekt, architekt*, architekten, informatiker,
            automatisierung*, robotik*, eingebettet*, bautechnik*, bauplan*, hochbau, tiefbau,
            *statiker, fahrzeugtechnik*, luftfahrt*, werkstofftechnik*, metallurg*, chemietechnik*,
            vermessung*, technische zeichner, technischer zeichner, *zeichner, prototyp*,
            *simulation*, *prufingenieur*, frontend*, backend*, fullstack*, hardware*, firmware*,
            energietechnik*, anlagenbau*, steuerung*, testautomat*
        """,
        1: """
            technik, technisch*, *techniker, techniker, *technik, bauleit*, baustellen*, labor*,
            aussendiensttechnik*, halbleiter*
        """,
    },
    "it": {
        5: "technischer leiter it, technische leitung it",
        4: """
            fachinformatik*, systemadministrat*, netzwerkadministrat*, datenbankadministrat*,
            datenbank*, rechenzentr*, wirtschaftsinformatik*, personal computer*, it projektleit*,
            it leit*, it administrat*, it system*, anwendungsbetreu*, *systemadministrat*, it
            support*, sap*, netzwerktechnik*, netzwerkingenieur*, it *beratung*, it berat*, it
            consultant, it koordinat*, systemintegrat*, informationstechnik*, systemtechniker, it
            spezialist, it infrastruktur*, informationstechn*, applikationsbetreu*, dv organisat*,
            cloud ingenieur*, webadmin*, kommunikationstechn*, kommunikationselektr*,
            kommunikationssystem*, it chef, systembetrieb, it service*, it betrieb,
            *anwendungsbetreu*, rechenzentrum*, systemtechnik, edv*, it infrastruktur, sap basis, it
            produktion*
        """,
        3: """
            edv*, *netzwerk*, telekommunikation*, informationssystem*, it abteilung, ikt,
            informationssysteme, digitale dienste, helpdesk it
        """,
        2: """
            informatik*, *informatik, computer*, systemanaly*, *cloud*, infrastruktur*,
            systembetreu*, serveradmin*, serverinfra*
        """,
        1: "*systeme, *system, system*, anwendungen",
    },
    "security": {
        5: """
            informationssicherheit*, it sicherheit*, cyber*, *datensicherheit*, netzwerksicherheit*,
            anwendungssicherheit*, computersicherheit*, systemsicherheit*, it security*,
            itsicherheit*, sicherheitsarchitekt*, sicherheitsanalyst*, informationssicherheits*,
            penetrationstest*, it forensik*, kryptolog*, kryptograf*, kryptograph*, ethischer
            hacker, ethische hacker*, it security, cybersicherheit*, cybersecurity, cyber security,
            datensicherheit*, ikt sicherheit*, ict sicherheit*, ict security
        """,
        3: """
            sicherheitsdirekt*, sicherheitsmanag*, sicherheitsspezial*, sicherheitsberat*,
            sicherheitsexpert*, sicherheitsadmin*, sicherheitsanaly*, sicherheitsleit*
        """,
        1: "sicherheitsingenieur*, sicherheit",
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
            haushaltssachbearbeit*, effekten*, revisions*, revision, borsendispon*,
            forderungsmanag*, kammerei*, stadtkammer*, kammerer, stadtkasse, kreiskasse, haushalt,
            haushalts*, beteiligungsmanag*, finanz und rechnungswesen, lohnbuchhalt*,
            spendenbuchhalt*, kreditabteil*, zahlungsverkehr*, mahnwesen, anlagenbuchhalt*, kosten
            und leistungsrechnung, drittmittel*, konzernrechnungswesen, beitreibung, vollstreckung*,
            prufungsleit*, wirtschaftspruf*
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
            haushaltsreferent*, haushaltswesen, kasse, beteiligungen, finanzen, buchhalt*,
            rechnungswes*, revision, vermogens*, zuwendung*, gebuhren*
        """,
        1: "lohn*, risiko*, versicherung*, kosten*, kalkulat*, schaden*, gehalt*",
    },
    "hr": {
        5: """
            *rekrut*, rekrut*, *recruit*, personalvermittl*, personalberat*, personalgewinn*,
            talentakquis*, arbeitsvermittl*, personalbeschaff*, personalmarketing*
        """,
        4: """
            personalreferent*, personalleit*, personalentwickl*, personalwesen, *personalmanag*,
            organisationsentwickl*, personalsachbearbeit*, personalabteilung, personaldirektor*,
            mitarbeiterentwickl*, personalcontroll*, personalbetreu*, personaldisp*, *leiter
            personal, *leitung personal, *referent personal, *vorstand personal, personal und recht,
            personal und organisation, personal und soziales, betriebliches gesundheitsmanagement,
            arbeitsrecht und personal, *personalentwickl*, personalamt, people and culture,
            recruit*, organisations und personalentwicklung, betriebsrat*, personalrat*,
            schwerbehindertenvertret*, aus und weiterbildung, bewerbermanag*, feelgood*,
            personalamt*, personalabteil*, personalwes*, ausbildungsleit*
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
        1: "personal, *personal",
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
            richter, gericht*, einhaltung*, arzneimittelzulass*, medikamentenzulass*,
            produktzulass*, geldwasche*, justiziariat, justiziar*, rechtsabteil*, rechtsamt,
            datenschutz*, *datenschutz*, vertragsrecht, zulassung und regulatory*
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
            categorymanag*, beschaffer*, *vergabestelle, zentrale vergabestelle, auftragsvergabe*,
            ausschreibung*, zentraler einkauf, materialwirtschaft und einkauf, *einkauf*,
            submission*, warenwirtschaft und einkauf
        """,
        3: "lieferant*, zulieferer*, ausschreibung*, kaufer",
    },
    "operations": {
        5: "*staplerfahrer, gabelstapler*",
        4: """
            *logistik*, lieferkette*, *supply*, werkleit*, werksleit*, *betriebsleit*,
            produktionsleit*, fertigungsleit*, lagerleit*, disponent*, *disponent, produktionsplan*,
            fertigungsplan*, spediteur*, industriemechan*, zerspan*, werkzeugmech*, verfahrensmech*,
            instandhalt*, qs mitarbeit*, haustechnik*, *industriemeister*, werkmeister*,
            werksmeister*, produktionsmeister*, fertigungsmeister*, chemikant*, drucker*,
            medientechnolog*, buchbind*, *schleifer, *fraser, dreher*, *dreher, galvanis*, fachkraft
            fur metalltechnik, hafenarbeit*, warenannahm*, warenannehm*, wareneingang*,
            warenausgang*, huttenwerk*, stahlwerk*, metallarbeit*, fabrikarbeit*, fliessband*,
            bandarbeit*, *montierer, textilarbeit*, naher, weber, fertigungsmechan*,
            feinwerkmechan*, konstruktionsmechan*, metallbau*, *giesser, holzbearbeit*,
            metallbearbeit*, *veredler, *polierer, farber, *stanzer, schmelzer*, harter, technischer
            betrieb, arbeitsschutz*, werkstatt*, bauhof*, liegenschaft*, qualitatsmanag*, zoll und
            aussenhandel, fuhrpark*, gebaudemanag*, arbeitssicherheit*, arbeitsvorbereit*, facility
            manag*, hausdame*, housekeeping*, umweltschutz*, abfallwirtschaft*, stadtreinigung*,
            entsorgung*, braumeister*, bankett*, serviceleit*, front office manag*, front office
            leit*, leit* front office
        """,
        3: """
            logistik*, lager*, *lager, *lagerist, lagerist*, fachlager*, spedition*, versand*,
            kommissionier*, zoll*, disposition*, fertigung*, montage*, produktion*,
            materialwirtschaft, einsatzplan*, betriebsablauf*, bewirtschaftung*
        """,
        2: """
            produktion*, *produktion, fertigung*, *fertigung, montage*, *montage, qualitat*,
            *qualitat*, instandhalt*, *instandhaltung, wartung*, *wartung, transport*, *transport,
            disposition, material*, facility*, gebaude*, *gebaudetechnik, hausmeister*,
            *hausmeister, fuhrpark*, anlagenfuhr*, *anlagenfuhrer, maschinenfuhr*, *maschinenfuhrer,
            maschinenbedien*, arbeitsvorbereit*, industriemechan*, zerspan*, prozessmanag*,
            geschaftsprozess*, verpack*, zoll*, bestands*, lieferung*, auslieferung*, *monteur,
            werk, betriebstechnik*, vorarbeiter, maschinist*, maschineneinricht*, hausverwalt*,
            objektleit*, immobilienverwalt*, betriebsmittel*, *steuerung, auftragsabwickl*, export*,
            import*, fluglotse, produktionshelf*, werkstoffpruf*, werkzeug*, flotten*, inventur*,
            anlagenmanag*, betriebsassist*, werker, giesserei*, kunststoff*, werkstattmeister,
            lagermeister, montagemeister, fahrdienstleit*, frachtabfertig*, brandschutz*,
            hauswirtschaftsleit*
        """,
        1: """
            betrieb, betriebs*, *betrieb, prozess*, *planer, *plan*, projekt*, *projektleit*,
            *projektmanag*, einsatz*, programm*, arbeitssicherheit*, bediener, *bediener, operator*,
            *operator, sicherheitsfachkraft*, *koordination
        """,
    },
    "customer_success": {
        4: """
            kundenerfolg*, kundenerlebnis*, kundenerfahrung*, kundenzufriedenheit*, kundenbindung*,
            kundenbeziehung*, customer*
        """,
        1: "kunden*",
    },
    "data": {
        4: """
            datenanaly*, datenwissenschaft*, dateningenieur*, datenarchitekt*, datenmanag*,
            statistik*, kunstliche intelligenz, maschinelles lernen, datenqualitat*, datenmodell*,
            statistiker*, datenmodellierer*, stammdaten*, biostatist*, data*, geschaftsanalytik
        """,
        3: "*daten, daten*, *analytik, ki, *statistik",
        1: "*analyst, analyst*, *analyse, auswertung*, analytiker*, *analytiker",
    },
    "design": {
        4: """
            grafikdesign*, mediengestalt*, produktdesign*, industriedesign*, modedesign*,
            *kreativdirekt*, webdesign*, innenarchitekt*, kommunikationsdesign*, *artdirekt*,
            grafik*, *grafik, grafisch*, *grafiker, spieledesign*, buhnenbild*, kostumbild*,
            reinzeichn*, trickfilm*, animations*, kommunikationsgestalt*
        """,
        3: """
            *designer, gestalt*, *gestalter, *gestaltung, kreativ*, illustrat*, layout*,
            innenausstatt*, kunstdirekt*, kreation*
        """,
        2: "kunstler*, fotograf*, *fotograf, kunst*, stylist*, design*, *design",
        1: "multimedia*",
    },
    "support": {
        4: """
            kundendienst*, kundenservice*, kundensupport*, kundenbetreu*, *kundenbetreu*,
            callcenter*, technische unterstutzung, technischer support, hotline*, *hotline,
            servicecenter*, *kundenservice, call center*, kundencenter*, beschwerde*, reklamation*,
            telefonist*, support ingenieur*, kundenunterstutzung, supportingenieur*, burgerservice*,
            burgerburo, kundencenter, servicehotline*, beschwerdemanag*
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
            registrator*, fremdsprachenkorresp*, fremdsprachensekr*, schreibburo*, registratur*,
            hauptamtsleit*
        """,
        3: """
            zentrale dienste, zentrale services, hauptamt, allgemeine verwaltung, registratur*,
            poststelle, posteingang, ratsburo, gremien*
        """,
        2: "verwaltung*, *verwaltung, buro*, *buro, administrativ*, telefonzentral*, archiv*",
        1: "backoffice, back office",
        0: """
            assistent*, assistenz*, *assistent, *assistenz, sachbearbeit*, *sachbearbeit*,
            angestellt*, kaufmannisch*
        """,
    },
    "executive": {
        3: "unternehmensentwickl*",
        1: """
            geschaftsfuhr*, geschaftsleit*, vorstand, vorstands*, unternehmensleit*, generaldirekt*,
            alleinvorstand, aufsichtsrat*, firmenleit*, hauptgeschaftsfuhr*, vorsitz*
        """,
    },
    "education": {
        5: """
            *lehrer, *lehrer*, lehrer*, lehrkraft*, *lehrkraft, *professor, professor*, dozent*,
            *dozent, erzieher*, *erzieher, *padagog*, tutor*, schulleit*, *schulleit*,
            lehrbeauftrag*, hochschullehr*, *schullehr*, studienrat*, studiendirekt*, fahrlehr*,
            kitaleit*, sprachlehr*, nachhilfe*, konrektor*, kindergartner*, oberstudien*,
            seminarleit*, kursleit*, *studienrat, hortleit*, horterzieh*
        """,
        4: """
            volkshochschul*, schulamt*, schulverwalt*, fachschul*, weiterbildung volkshochschule,
            kindergarten*, kita*, schulsozial*, studiengang*, fachbereichsleit* schule
        """,
        3: """
            schul*, *schule, hochschul*, universitat*, *universitat, kita*, kindergarten*, akademi*,
            dekan*, rektor*, lehre, unterricht*, lehr*, studien*, studenten*, kinderbetreu*,
            studierend*, *schul, schulrektor*, grundschulrektor*, schulentwickl*,
            unterrichtsentwickl*, kindertagesst*
        """,
        2: """
            bildung*, *bildung, erziehung*, bibliothek*, wissenschaftlich* mitarbeiter, stipendi*,
            promotionsstud*, doktorand*
        """,
        1: "referendar*",
        0: "student*, dual* student*, duales studium",
    },
    "healthcare": {
        5: """
            *arzt, *arzt*, arzt*, *arztin, krankenschwest*, *schwester, krankenpfleg*, *pfleger,
            altenpfleg*, *pflegefach*, *therapeut*, apothek*, *apothek*, hebamme*, chirurg*,
            *chirurg, zahnarzt*, zahnmed*, *psychiat*, sanitat*, *sanitat*, radiolog*, *radiolog*,
            optiker*, *optiker, medizinische fachangestellte*, medizinischer fachangestellte*,
            pflegedienst*, pflegekraft*, pflegehelf*, pflegehilf*, dentalhygien*, physiother*,
            ergother*, logopad*, tierarzt*, mfa, pta, mta, mtra, mtla, ota, heilprakt*, horakust*,
            horgerate*, betreuungskraft*, operationstechn*, diatassist*, masseur*, hygienefach*,
            *mediziner, wundexpert*, zahntechnik*, orthopadietech*, rontgen*, *masseur, notarzt*,
            *orthopad*, diatolog*, *endokrinolog*, sprachpatholog*, chiroprakt*, akupunkt*,
            geburtshelf*, hospiz*, *allergolog*, toxikolog*, immunolog*, dermatolog*, *urolog,
            rheumatolog*, hamatolog*, nephrolog*, gastroenterolog*, pneumolog*, virolog*,
            anasthesist*, orthopt*, augenoptik*, diabetesberat*, diabetolog*, operationsassist*,
            operationsgehilf*, ordinations*, stationsassist*, gipsassist*, obduktions*, laktations*,
            okotropholog*, famulant*, physician assist*, *klinikarzt, sterilisationsassist*,
            rettungsassist*
        """,
        4: """
            therapie*, gesundheitsamt, pflegedienst*, pflegedirekt*, arztlich*, *pflege,
            stationsleit*, rettungsdienst*, notaufnahme, praxismanag*, klinik*, reha*
        """,
        3: """
            pflege*, *pflege, klinik*, *klinik, klinisch*, krankenhaus*, hospital*, patient*,
            rettung*, gesundheit*, zahn*, dental*, onkolog*, kardiolog*, padiatr*, gynakolog*,
            neurolog*, patholog*, psycholog*, *psycholog*, seniorenheim*, altenheim*, altersheim*,
            pflegeheim*, seniorenresidenz*, seniorenzentr*, seniorenwohn*, heimleit*,
            wohnbereichsleit*, *heilkund*, hygienik*, notaufnahme*, notfallmed*, notfallpfleg*
        """,
        2: """
            medizin*, *medizin, *medizinisch*, pharma*, *pharmaz*, ernahrung*, praxis, praxis*,
            reha*, biomed*, stationsleit*
        """,
    },
    "other": {
        5: """
            polizei*, *polizist*, feuerwehr*, *journalist*, *redakteur, redakteur*,
            sicherheitsdienst*, sicherheitskraft*, sicherheitsmitarb*, wachmann*, wachdienst*,
            personal trainer, *fahrer, sicherheitsbeamt*, objektschutz*, werkschutz*, wachter*,
            soldat*, bundeswehr, *offizier militar, fitnesstrainer*, sicherheitswach*, pfortner*,
            landschaftspfleg*, tierpfleg*, lokfuhr*, pilot*, zollbeamt*, *begleiter, sporttrainer*,
            *fussballtrainer*, hundetrainer*, athletiktrainer*, raumpfleg*, gebaudereinig*,
            landschaftsbau*, garten und landschaft*, steuermann*, kabinenpersonal*, schiedsrichter*,
            gefangnis*, wachpersonal*, tiertrainer*, baumpfleg*, pferdepfleg*, schonheitspfleg*,
            denkmalpfleg*, grabpfleg*, wagenpfleg*, fahrzeugpfleg*, autopfleg*, gartenpfleg*,
            grunpfleg*, kriminal*, schuldner*, schulsozial*, messerschmied*
        """,
        3: """
            koch, *koch, kochin, kellner*, reinigung*, *reinigung, schauspiel*, musiker*,
            schlosser*, *schlosser, tischler*, schreiner*, maler*, elektriker*, friseur*, gartner*,
            restaurant*, hotel*, kassierer*, *mechaniker, schweisser*, dachdecker*, maurer*,
            installateur*, klempner*, metzger*, backer, *backer, floristi*, winzer*, ubersetz*,
            dolmetsch*, sportler*, bauarbeit*, landwirt*, gastronom*, housekeep*, zimmermadchen,
            kosmetik*, bestatt*, florist*, schneider*, kunsthistor*, kunsthandl*, kunstkrit*,
            kunstberat*, kunstvermittl*, kunstauktion*, kunsttischl*, kunstschmied*, *balltrainer,
            *sporttrainer, tennistrain*, mentaltrain*, pilatestrain*, yogatrain*, gymnastiktrain*,
            aerobictrain*, entspannungstrain*, wellnesstrain*, reittrain*, schwimmtrain*,
            jugendtrain*, cheftrain*, skitrain*, konditionstrain*, torwarttrain*, vitaltrain*,
            outdoortrain*, bankett*, entwicklungshelf*, entwicklungspolit*, entwicklungszusammen*,
            systemgastronom*, schulbegleit*, stadtentwickl*, regionalentwickl*, landesentwickl*,
            immobilienentwickl*, dorfentwickl*, personaltrainer*
        """,
        1: "*berater, *beratung, helfer, *helfer, arbeiter",
        0: "berater*",
    },
}
