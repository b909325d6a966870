"""The German words of traits; see `title_traits` for what each kind of word means."""

from bg_orchestration.domain.titles.title_traits import TraitWord

TRAITS: dict[TraitWord, str] = {
    "silent": """
        arbeitssuchend, arbeitssuchende, auf jobsuche, auf der suche, offen fur neues, offen fur
        neue herausforderungen, keine angabe, k a, unbekannt, | mitarbeiter |, | mitarbeitende |, |
        angestellte |, | angestellter |, | beschaftigter |, teammitglied |, privatier, hausfrau,
        hausmann
    """,
    "gone": """
        in elternzeit, elternzeit, mutterschutz, freigestellt, beurlaubt, sabbatjahr, im ruhestand,
        ruhestand, rentner, pensionar, in altersteilzeit, verstorben, bis 20*, ausgeschieden
    """,
    "outside": """
        aufsichtsrat*, *aufsichtsrat, beirat*, *beirat, verwaltungsrat*, *verwaltungsrat,
        kuratorium*, stiftungsrat*, hochschulrat*, investor, investoren, anteilseigner,
        kommanditist, stadtrat, stadtverordnet*, gemeinderat*, kreisrat, kreistag*, stadtratin,
        ratsmitglied, bezirksrat, landtagsabgeordnet*, ehrenamt*, vereinsvorstand, ehrenprasident,
        wirtschaftsprufer*, abschlussprufer*, externer prufer, mitglied des aufsichtsrats, schoffe,
        genossenschaftsrat
    """,
    "outside_always": """
        freiberuf*, freelancer, selbststandig*, selbstandig*, freier mitarbeiter, freie mitarbeiter,
        freier agent, freier berater, freie berater, externer *, externe *, handelsvertret*,
        versicherungsvertret*, unternehmensberat*, managementberat*, handelsagent*,
        versicherungsmakler*, immobilienmakler*, subunternehmer*
    """,
    "adviser": "berater, beraterin, *berater, consultant*, coach |",
    "learner": """
        praktikant*, *praktikant, praktikum, *praktikum, auszubildend*, azubi*, lehrling, *lehrling,
        werkstudent*, *werkstudent, werksstudent*, studentisch*, student |, studentin, studenten |,
        dual* student, duales studium, volontar*, *volontar, referendar, *referendar, trainee*,
        umschuler, hospitant, anwarter, *anwarter, bachelorand, masterand, diplomand, hiwi,
        doktorand*, promovend*, promotionsstudent*, ausbildung zum, ausbildung zur, ausbildung als,
        schuler |, bundesfreiwillig*, bufdi, fsj
    """,
    "teaches": """
        ausbildungsleit*, ausbilder, praktikantenbetreu*, traineeprogramm*, ausbildungsbeauftragt*,
        studierendenservice, studentenwerk, studierendenwerk, studierendensekretariat
    """,
    "gatekeeper": """
        sekretar*, *sekretar, sekretariat*, *sekretariat, chefsekretar*, vorstandsassist*,
        *vorstandsassist*, geschaftsfuhrungsassist*, geschaftsleitungsassist*, direktionsassist*,
        direktionssekret*, vorstandssekret*, managementassist*, teamassist*, buroassist*, assisten*
        der geschaftsfuhrung, assisten* der geschaftsleitung, assisten* des vorstands, assisten*
        geschaftsfuhrung, assisten* geschaftsleitung, assistenz der *, gf assistenz, empfang*,
        *empfang, rezeption*, telefonzentrale, telefonist*, vorzimmer*, pforte, pfortner,
        leitungsassist*, chefassist*
    """,
    "keeps_no_gate": """
        generalsekretar*, staatssekretar*, arztsekretar*, medizinisch* sekretar*, stadtsekretar,
        gewerkschaftssekretar*, parlamentarisch* staatssekretar*, justizsekretar*,
        verwaltungssekretar*, leitung sekretariat
    """,
    "deputy": "stellvertret*, stellv, stv, vize, vertretung, co leiter",
    "deputy_fused": """
        *stellvertret*, vizedirektor*, vizeprasident der *, konrektor*, prorektor*, prodekan*,
        subdirektor*
    """,
    "no_deputy": "vize prasident, ohne stellvertretung",
    "part": """
        region, regional*, *region, gebiet*, bezirk*, landes*, niederlassung*, standort*, filial*,
        *filiale, zweigstelle*, zweigniederlassung*, geschaftsstelle*, werk, *werk, werks*,
        werkleit*, betriebsstatte*, sparte*, spartenleit*, geschaftsbereich*, geschaftsfeld*,
        produktbereich*, produktlinie*, segment*, nord, sud, ost, west, mitte, nordost, nordwest,
        sudost, sudwest, norddeutschland, suddeutschland, ostdeutschland, westdeutschland,
        deutschland, osterreich, schweiz, dach, d a ch, europa, osteuropa, westeuropa, international
        ost, emea, apac, bayern, sachsen, hessen, nordrhein westfalen, nrw, baden wurttemberg,
        niedersachsen, hamburg, berlin, munchen, frankfurt, koln, stuttgart, wien, zurich,
        landesgesellschaft, tochtergesellschaft, grosskunden*, geschaftskunden, privatkunden,
        firmenkunden, teilbereich*, teilsachgebiet*, bauabschnitt*, marktleit*
    """,
    "whole": """
        konzern*, *konzern, gruppen*, zentral*, gesamt*, unternehmens*, bezirksamt, landesamt,
        landesregierung, landeshauptstadt, landesverband, bauwerk*, netzwerk*, handwerk*, fachwerk*,
        kraftwerk*, werkstatt*, werkstoff*, werkstudent*, werkzeug*, regionalverband, regionalbahn,
        standortsicherheit, werksarzt, gebietskorperschaft, stadtwerk*
    """,
    "unit": "operations, operativ*, steuerung, excellence",
    "process": """
        systemadmin*, administrator*, *administrator, prozessmanag*, prozessverantwortlich*,
        prozesseigner, prozessowner, process owner, prozessleit*, vertriebssteuerung,
        vertriebsinnensteuerung, sales operations, hr it, hr systeme, hris, personalsysteme,
        anwendungsbetreu*, fachadministrat*, applikationsmanag*, applikationsverantwortlich*, erp*,
        sap, sap *, crm, key user, *systeme, systemverantwortlich*, prozessoptimier*,
        verfahrensbetreu*, organisationsentwickl*, digitalisierung*, automatisierung prozesse,
        medizininformatik*, pflegeinformatik*, verwaltungsdigitalisierung, wissensmanagement,
        stammdaten*, prozess*
    """,
    "employee_representative": """
        betriebsrat*, *betriebsrat, personalrat*, *personalrat, betriebsobmann, betriebsobfrau, br
        vorsitzende*, mitarbeitervertret*, arbeitnehmervertret*, schwerbehindertenvertret*,
        vertrauensperson der schwerbehinderten, vertrauensmann, vertrauensfrau, gewerkschaft*, jav,
        jugend und auszubildendenvertret*, sprecherausschuss*, gesamtbetriebsrat*,
        konzernbetriebsrat*
    """,
    "data_protection": "datenschutz*, *datenschutz, dsb, dsgvo",
    "public_buyer": """
        vergabe*, *vergabestelle, ausschreibung*, auftragsvergabe*, beschaffungsamt, vergaberecht*,
        submission*
    """,
    "runs": """
        geschaftsfuhr*, *geschaftsfuhrer, geschaftsleit*, vorstand, vorstandsvorsitz*,
        vorstandssprecher*, vorstandsmitglied*, sprecher des vorstands, vorsitzender der
        geschaftsfuhrung, hauptgeschaftsfuhr*, alleinvorstand, intendant*, inhaber*, *inhaber,
        gesellschafter, *gesellschafter, unternehmer*, burgermeister*, oberburgermeister*, landrat,
        landratin, stadtdirektor*, stadtkammerer und *, gemeindedirektor*, verwaltungsdirektor*,
        schulleit*, schuldirektor*, rektor, rektorin, heimleit*, einrichtungsleit*, klinikdirektor*,
        krankenhausdirektor*, klinikleit*, hoteldirektor*, hotelleit*, museumsdirektor*,
        museumsleit*, theaterdirektor*, zoodirektor*, werkleiter eigenbetrieb, kanzleileit*,
        praxisinhaber*, kanzleiinhaber*, generaldirektor*, prasident, prasidentin,
        universitatsprasident*, kanzler, kanzlerin, amtsdirektor*, leiter der einrichtung,
        praxismanag*, kanzleimanag*, abteilungsubergreifende leitung, unternehmensleit*,
        bezirksburgermeister*, hauptamtlicher burgermeister, generalsekretar*, vorsitzender der
        geschaftsleitung, grunder, grunderin, mitgrunder, geschaftsleitungsmitglied*, | direktor |
    """,
    "chief_of_staff": """
        stabschef*, leiter vorstandsburo, leitung vorstandsburo, leiter buro des vorstands, leiter
        stabsstelle, leitung ceo office, referent der geschaftsfuhrung, vorstandsreferent*, burochef
        des vorstands, leiter des buros des oberburgermeisters, persoenlicher referent
    """,
    "prospecting": """
        neukunden*, geschaftsentwickl*, geschaftsfeldentwickl*, partnermanag*, kooperation*,
        kundenakquis*, akquis*, leadgenerierung, telefonakquise, kaltakquise, partnervertrieb, sales
        development, business development*, business developer*
    """,
    "account_keeper": """
        kundenberat*, kundenbetreu*, bestandskunden*, keyaccount*, key account*, grosskundenbetreu*,
        accountmanag*, *accountmanag*, kundenmanager, vertragskunden*, firmenkundenbetreu*,
        firmenkundenberat*, customer success*
    """,
    "front_line": """
        accountmanager*, *accountmanager,
        verkaufer*, *verkaufer, *verkauferin, vertriebsmitarbeit*, aussendienst*, *aussendienst,
        verkaufsberat*, vertriebler, vertriebsingenieur*, pharmareferent*, medizinprodukteberat*,
        kassierer*, krankenpfleger*, krankenschwester*, *pfleger, *pflegerin, pflegefach*,
        pflegekraft*, pflegehelf*, altenpfleg*, hebamme*, arzt, arztin, *arzt, *arztin, zahnarzt*,
        apotheker*, therapeut*, *therapeut, *therapeutin, psycholog*, sanitater*, *sanitater,
        lehrer*, *lehrer, *lehrerin, dozent*, erzieher*, lehrkraft, *lehrkraft, bankkauf*,
        bankangestellt*, bankberat*, kellner*, koch, kochin, servicekraft, zimmermadchen,
        reinigungskraft, fahrer*, *fahrer, *fahrerin, lagerist*, lagermitarbeit*, staplerfahrer*,
        maschinenfuhr*, anlagenfuhr*, maschinenbedien*, *monteur, *monteurin, monteur*, schlosser*,
        *schlosser, schweisser*, elektriker*, mechaniker*, *mechaniker, *mechanikerin, handwerker*,
        techniker, *techniker, bauarbeiter*, arbeiter, *arbeiter, hilfskraft, *helfer, wachmann,
        wachschutz, sicherheitsmitarbeit*, objektschutz, callcenter*, kundendienst*,
        kundenservicemitarbeit*, telefonist*, hotline*, helpdesk*, service desk agent, matrose,
        zugbegleit*, flugbegleit*, polizist*, polizeibeamt*, feuerwehrmann, soldat*, sozialarbeit*,
        sozialpadagog*, gartner*, rechtsanwaltsfachangestellt*, notarfachangestellt*, sachbearbeit*,
        schreibkraft, datentypist*, mitarbeiter produktion, produktionsmitarbeit*, produktionshelf*,
        tierpfleg*, hausmeister*, medizinisch* fachangestellt*, arzthelfer*, schaffner*
    """,
    "desk": "compliance, governance",
    "interim": "kommissarisch*, interim*, interims*",
}

SERVICE: dict[str, str] = {
    "assistant": "assistent*, *assistent, *assistenz, sekretar*, *sekretar",
    "servant": """
        buroleit*, referent, *referent, mitarbeiter, berater, buro, stab, stabsstelle, sekretariat,
        *sekretariat
    """,
    "towards": "des, der, dem, den, vom, von, fur, zum, zur, im",
    "past": """
        ehemals, ehemalig, ehemalige, ehemaliger, ehem, pensionierter, pensionierte, fruherer,
        fruhere, vormals, bisheriger, bisherige
    """,
    "retired": "pensioniert, ruhestand",
    "present": "jetzt, heute, aktuell, derzeit, nun",
    "until": "bis",
    "was": "war",
    "awaited": "in spe, designatus, designata",
    "programme": "akademie, programm, klub, netzwerk, stammtisch, berater, beraterin",
    "wish": """
        angehender, angehende, zukunftiger, zukunftige, designierter, designierte, auf der suche
        nach, kunftiger, kunftige, werdender, werdende, baldiger, baldige
    """,
    "search": """
        auf der suche nach, suche, sucht, suchend
    """,
}
