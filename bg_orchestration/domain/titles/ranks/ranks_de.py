"""The German words of rank; see `ranks` for the order and the look-alikes."""

from bg_orchestration.domain.model import Seniority

RANKS: dict[Seniority, str] = {
    "owner": """
        owner, inhaber*, mitinhaber*, eigentumer*, grunder, mitgrunder, firmengrunder,
        unternehmensgrunder, geschaftsinhaber*, gesellschafter, *gesellschafter, geschaftsfuhrender
        gesellschafter, teilhaber, unternehmer, mitbegrunder, begrunder, grundungspartner,
        mitbegrunder*, *inhaber, seniorpartner*, | partnerin |, *partneranwalt, kanzleipartner*,
        kanzleiinhaber*, praxisinhaber*
    """,
    "c_suite": """
        ceo, cfo, cto, coo, cio, ciso, geschaftsfuhrer*, *geschaftsfuhrer, geschaftsfuhrung,
        geschaftsfuhrend*, geschaftsleiter, geschaftsleitung, vorstand, vorstandin, vorstands*,
        *vorstand, vorsitzende*, aufsichtsratsvorsitz*, prasident, generaldirektor,
        hauptgeschaftsfuhrer, intendant, mitglied der geschaftsleitung, mitglied der
        geschaftsfuhrung, mitglied des vorstands, vorsitzender der geschaftsfuhrung, alleinvorstand,
        unternehmensleitung, betriebsleitung, gf, oberburgermeister*, burgermeister*, landrat,
        landratin, generalsekretar*, geschaftsleitungsmitglied*, vorstandsmitglied*,
        geschaftsfuhrungsmitglied*, geschaftsleitungs mitglied
    """,
    "vp": "vizeprasident",
    "director": """
        head of, direktor, *direktor, direktorin, leiter, *leiter, leitung, *leitung,
        bereichsvorstand, abteilungsleit*, bereichsleit*, hauptabteilungsleit*, ressortleit*,
        rektor, dekan, chefarzt, chefredakteur, ressortchef, abteilungschef, personalchef,
        finanzchef, vertriebschef, marketingchef, verkaufschef, konrektor*, *schulrektor,
        einkaufschef, produktionschef, entwicklungschef, logistikchef, kommunikationschef,
        technikchef, verwaltungschef, betriebschef, chef der, *schef, edv chef, netzwerkchef,
        pressechef, werbechef, eventchef, markenchef, lagerchef, *dienstchef, ltr, abteilungsltr,
        leit, fachbereichsleit*, ltg, kammerer, stadtkammer*, beigeordnet*, ersterbeigeordnet*,
        dezernent*
    """,
    "manager": """
        manager, *manager, comanager, teamleit*, *teamleit*, gruppenleit*, *gruppenleit*,
        filialleit*, *filialleit*, schichtleit*, marktleit*, ladenleit*, *storeleit*, shopleit*,
        stationsleit*, kuchenleit*, *schichtleit*, restaurantleit*, kitaleit*, niederlassungsleit*,
        standortleit*, referatsleit*, sachgebietsleit*, fachgruppenleit*, dezernatsleit*, hausleit*,
        bezirksleit*, gebietsleit*, bauleit*, einsatzleit*, *bauleit*, wohnbereichsleit*,
        pflegedienstleit*, abschnittsleit*, laborleit*, lagerleit*, *lagerleit*, produktionsleit*
        schicht, werkstattleit*, buroleit*, empfangsleit*, serviceleit*, vorarbeiter, polier,
        obermeister, industriemeister, werkmeister, schichtfuhrer, gruppenfuhrer, teamfuhrer,
        zugfuhrer, kuchenchef, stationsleitung, oberarzt, fuhrungskraft, hausdame,
        betriebsstattenleit*, aufseher, *aufseher, vorgesetzte*, disponentenleit*, werksmeister,
        produktionsmeister, fertigungsmeister, schichtmeister, *vorarbeiter, gebietsverkaufsleit*,
        bezirksverkaufsleit*, gebietsvertriebsleit*, regionalverkaufsleit*, regionalvertriebsleit*,
        montageleit*, werkstattmeister, lagermeister, betriebsmeister, montagemeister,
        instandhaltungsmeister, logistikmeister, chefbuchhalter, verkaufsstellenleit*,
        zweigstellenleit*, geschaftsstellenleit*, agenturleit*, depotleit*, centerleit*,
        revierleit*, kolonnenfuhr*, objektleit*, sgl, teamltr, grl
    """,
    "senior": """
        senior, leitende*, erfahren*, chefentwickler, chefarchitekt, chefingenieur,
        chefkonstrukteur, chefdesigner, hauptsachbearbeiter, seniorberater, seniorentwickl*,
        seniorconsultant*, senioranalyst*, seniorreferent*, senioringenieur*, seniorprojektleit*,
        hauptentwickl*, hauptingenieur*, hauptarchitekt*, hauptberater*, hauptanalyst*,
        hauptwissenschaft*, hauptdesigner*, hauptkonstrukteur*, hauptprogramm*, hauptspezialist*,
        hauptforscher*, hauptkundenbetreu*, fuhrender, fuhrende
    """,
    "individual": """
        produktverantwortlich*, produkteigner, key account, projektmanager, *projektmanager,
        produktmanager, *produktmanager, eventmanager, *eventmanager, keyaccountmanager,
        programmmanager, fallmanager, veranstaltungsmanager, projektleit*, *projektleit*,
        teilprojektleit*, produktleit*, bauprojektleit*, kundenmanager, studienleit*, ubungsleit*,
        kursleit*, spielleit*, reiseleit*, praxisanleit*, versuchsleit*, vorstandsassist*,
        vorstandssekret*, vorstandsreferent, vorstandsstab, *vorstandsassist*,
        geschaftsleitungsassist*, geschaftsfuhrungsassist*, direktionsassist*, direktionssekret*,
        leitungsassist*, direktionsmitarbeiter, vorstandsburo, anleitung, *anleitung,
        *weiterleitung, *rohrleitung*, leitungs*, *leitungsbau*, *leitungsmonteur, managementberat*,
        management consult*, *begleit*, programmleit*, gebietsmanager, kontomanager,
        territorialmanager, kontenmanager, kundenkontomanager, produktinhaber, lehrstuhlinhaber*,
        *begleitung, *halbleiter*, *wellenleiter*, *wellenleitertechnik, fahrdienstleit*, chorleit*,
        lehr* ... daf, dozent ... daf, daf lehr*, daf dozent, daf trainer, daf daz, fur daf,
        souschef, betriebsratsvorsitz*, personalratsvorsitz*, vorsitzende* des betriebsrats,
        vorsitzende* des personalrats, vorsitzende* der schwerbehindertenvertretung, vorsitzende*
        des elternbeirats, *prokurist
    """,
    "entry": """
        junior, praktikant*, *praktikant, praktikum, pflichtpraktikum, *praktikum, auszubildend*,
        azubi*, ausbildung zum, ausbildung zur, ausbildung als, lehrling, *lehrling, volontar*,
        *volontar, referendar, *referendar, werkstudent*, *werkstudent, werksstudent, studentisch*,
        *studentin, dualer student, duales studium, duale studentin, dual student, berufseinsteiger,
        absolvent, absolventin, junior*, umschuler, schulerpraktikant, hospitant, anwarter,
        *anwarter, bachelorand, masterand, diplomand, hiwi, promotionsstudent*, doktorand*,
        promovend*
    """,
}
