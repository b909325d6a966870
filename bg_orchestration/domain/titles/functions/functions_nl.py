"""The Dutch words of function. Tiers as in `functions`."""

from bg_orchestration.domain.model import Function

FUNCTIONS: dict[Function, dict[int, str]] = {
    "sales": {
        4: "commercieel medewerk*, commercieel directeur, commercieel manager, vastgoedmakelaar*",
        3: """
            verkoop*, verkoper*, *verkoper, *verkoop, accountmanag*, relatiebeheer*, buitendienst*,
            binnendienst*, omzet*, vertegenwoordig*, makelaar, winkelmedewerk*, *makelaar,
            veilingmeester*, commercieel, commerciele, *verkoopster
        """,
    },
    "marketing": {
        4: "marktonderzoek*, brandmanag*",
        3: """
            communicatie*, merk, voorlichting*, woordvoerd*, *voorlichter, tekstschrijv*,
            *marketeer, reclame*, *communicatie
        """,
    },
    "engineering": {
        4: "softwareontwikkel*",
        2: """
            ontwikkel*, *ontwikkelaar, werktuigbouw*, elektrotechni*, beproev*, bouwkund*,
            civieltechn*, automatis*, *tekenaar, landmeter*, *technoloog, mechatronicus,
            elektronicus, stedenbouw*, bouw, *bouw, testanalist*
        """,
        1: "technisch*, technicus, monteur",
    },
    "it": {
        4: """
            systeembeheer*, netwerkbeheer*, applicatiebeheer*, functioneel beheer*,
            informatiemanag*, systeemanal*, netwerkingenieur*, netwerkspecial*, ict *,
            informatieanalist*
        """,
        3: "netwerk*, automatisering*, informatisering*",
    },
    "security": {
        5: "informatiebeveilig*, itbeveilig*, it beveilig*, ethisch hacker",
    },
    "product": {
        4: "productmanag*, producteigenaar",
    },
    "finance": {
        4: "boekhoud*, accountant*, belastingadvis*, fiscalist",
        3: """
            financieel, krediet*, belasting*, belegg*, facturatie*, crediteuren*, debiteuren*,
            penningmeester*, hypotheek*, fiscaal*, accountancy, | administrateur |
        """,
        1: "verzekering*, schadebehandel*",
    },
    "hr": {
        5: "werving*",
        4: "personeel*, personeelszaken, arbeidsvoorwaard*, p and o, p o, loopbaan*, intercedent*",
        3: "opleid*",
    },
    "legal": {
        5: "officier van justitie, *deurwaarder*, griffier*, notarieel, | advocate |",
        4: "rechter, gegevensbescherming, bedrijfsjurist, advocaat*, advocaten*",
        3: "juridische",
    },
    "procurement": {
        4: "inkoop*, inkoper*, *inkoper, leverancier*, aanbested*",
    },
    "operations": {
        4: "magazijn*, heftruck*, declarant",
        3: "*frezer, *draaier, douanedeclarant, drukker*",
        2: """
            productie*, fabriek*, kwaliteit*, onderhoud*, distributie*, vervoer*, planner,
            wagenpark, orderpick*, expediteur*, inpakker*, voorraad*, *arbeider, lijnoperator*,
            machinebedien*, ploegleider, expeditie*
        """,
        1: "uitvoerder",
    },
    "customer_success": {
        4: "klantsucces*, klanttevreden*, klantbeleving*, klantrelatie*",
        1: "klant*",
    },
    "data": {
        4: "gegevensanal*, statistisch*, kunstmatige intelligentie, statistiek*",
        3: "gegevens*",
    },
    "design": {
        4: """
            vormgev*, ontwerper, grafisch*, *ontwerper, *architect interieur, binnenhuisarchitect*,
            etaleur*, creatief directeur
        """,
        3: "interieurarchitect*",
    },
    "support": {
        4: "klantenservice*, klantendienst*, helpdesk*, klantcontact*, callcenter*",
    },
    "admin": {
        5: "directiesecret*, directieassist*, managementassist*, gegevensinvoer*",
        3: """
            administratie*, secretaresse, *secretaresse, *secretaris, telefoniste*, balie*,
            notulist*, postkamer*, officemanag*, receptie*, secretariaat
        """,
        2: "kantoor*",
        0: "medewerker, medewerkster, *medewerker, *medewerkster",
    },
    "executive": {
        1: """
            algemeen directeur, bestuursvoorzitter, zaakvoerder, directievoorzitter, bestuurder,
            adjunct algemeen directeur, directeur grootaandeelhouder, statutair directeur
        """,
    },
    "education": {
        5: """
            docent, leraar, lerares, leerkracht*, hoogleraar*, *leraar, *docent, *instructeur,
            *pedagoog, kleuterleid*, *onderwijz*, lerarenopleid*, *leerkracht, bibliothecaris*,
            intern begeleid*
        """,
        4: "universiteit*, onderwijs*, opvoed*, kinderopvang*, *onderwijs",
        3: "school*, decaan, *school",
    },
    "healthcare": {
        5: """
            verpleeg*, verpleg*, tandarts*, apotheker*, fysiotherap*, verloskund*, dierenarts,
            huisarts, verzorgende*, *verzorgende, doktersassist*, tandtechn*, tandartsassist*,
            *verpleegkundig*, mondhyg*, thuiszorg*, kraam*, *assistent operatie, operatieassist*,
            audicien*, masseur*, *geneeskund*, oefentherap*, dierenartsassist*, apothekersassist*,
            psycholoog, | arts |, huisarts*, bedrijfsarts*, verzekeringsarts*, *kinderarts,
            basisarts, zaalarts, oogarts, jeugdarts, tropenarts, schoolarts, arts assistent*,
            assistent arts, *apotheek
        """,
        3: """
            ziekenhuis*, zorg*, *zorg, medisch*, gezondheid*, radioloog, patholoog, cardioloog,
            neuroloog, uroloog, apotheek*
        """,
    },
    "other": {
        5: "brandweer*, beveiliger, vertaler, maatschappelijk werk*, socioloog, archeoloog",
        3: """
            kok, schoonmak*, kapper, tuinman, slager*, bakker*, kassamedewerk*, kelner*,
            serveerster*, kapster*, loodgieter*, timmer*, metsel*, schilder*, stukadoor*, tegelzet*,
            hovenier*, koerier*, bezorg*
        """,
        1: "adviseur",
        0: "adjunct directeur, adjunct hoofd",
    },
}
