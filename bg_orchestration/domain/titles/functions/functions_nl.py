"""The Dutch words of function. Tiers as in `functions`."""

from bg_orchestration.domain.model import Function

FUNCTIONS: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            commercieel medewerk*, commercieel directeur, commercieel manager, vastgoedmakelaar*,
            commerciele binnendienst, hoofd verkoop, verkoopleider, salesmanager*, verkoopmanager,
            regiomanager verkoop, sales manager
        """,
        3: """
            verkoop*, verkoper*, *verkoper, *verkoop, accountmanag*, relatiebeheer*, buitendienst*,
            binnendienst*, omzet*, vertegenwoordig*, makelaar, winkelmedewerk*, *makelaar,
            veilingmeester*, commercieel, commerciele, *verkoopster, commercie, salesafdeling,
            accountbeheer, klantacquisitie, acquisitie, partners, partnership*, verkoopbinnendienst
        """,
    },
    "marketing": {
        4: """
            marktonderzoek*, brandmanag*, marketing en communicatie, fondsenwerving en communicatie,
            public relations, media relaties, interne communicatie, e commerce, fondsenwerv*, crm
            manager, crm specialist, hoofd crm, crm medewerk*
        """,
        3: """
            communicatie*, merk, voorlichting*, woordvoerd*, *voorlichter, tekstschrijv*,
            *marketeer, reclame*, *communicatie, marketing*, *marketing, evenementen*, pr |, | pr,
            woordvoer*, merk*, branding, promotie, redactie, webredact*, voorlicht*, campagne*,
            social media, pers, persvoorlicht*, persdienst
        """,
    },
    "engineering": {
        4: """
            softwareontwikkel*, onderzoek en ontwikkeling, civiele techniek, werkvoorberei*,
            productontwikkel*, constructeur*, *constructeur, engineering*, technisch tekenaar,
            projectingenieur*, bouwkundig*, testautomatiser*, software*
        """,
        3: """
            tekenkamer, ingenieur*, *ingenieur, r and d, ontwerp techniek, openbare werken,
            stedenbouw*
        """,
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
            informatieanalist*, informatievoorziening, i and a, ict coordinator, ict beheer*,
            systeem en netwerkbeheer, werkplekbeheer, technisch applicatiebeheer*, ict, it
            infrastructuur, infrastructuurbeheer*
        """,
        3: """
            netwerk*, automatisering*, informatisering*, ict *, *automatisering, informatisering,
            systemen, infrastructuur it, hosting, datacenter*, telecom*
        """,
    },
    "security": {
        5: """
            informatiebeveilig*, itbeveilig*, it beveilig*, ethisch hacker, informatiebeveiliging*,
            cyberveiligheid, cybersecurity, it beveiliging, ict beveiliging, beveiliging van
            informatie, informatieveiligheid*
        """,
    },
    "product": {
        4: "productmanag*, producteigenaar",
        3: "productmanage*, productowner, assortiment*, productbeheer*",
    },
    "finance": {
        4: """
            boekhoud*, accountant*, belastingadvis*, fiscalist, planning en control, planning and
            control, concerncontrol*, heffing en invordering, financien en control, financiele
            zaken, financiele administratie, fiscale zaken, interne controle, interne audit,
            verbijzonderde interne controle, debiteurenbeheer*, crediteurenadministratie, financieel
            directeur, financieel administratief, begroting en *, kredietbeheer*, incasso*,
            belasting*, bedrijfseconom*
        """,
        3: """
            financieel, krediet*, belasting*, belegg*, facturatie*, crediteuren*, debiteuren*,
            penningmeester*, hypotheek*, fiscaal*, accountancy, | administrateur |, begroting*,
            investering*, invordering, belastingen, control |, controller*, *controller, boekhoud*,
            administrateur, facturatie, facturering, treasury, fiscal*, kas, subsidie*, financ*,
            accountan*, vermogensbeheer*, hypothe*, beleggings*
        """,
        1: "verzekering*, schadebehandel*",
    },
    "hr": {
        5: "werving*",
        4: """
            personeel*, personeelszaken, arbeidsvoorwaard*, p and o, p o, loopbaan*, intercedent*,
            mens en organisatie, mens en cultuur, mens en werk, leren en ontwikkelen,
            organisatieontwikkel*, personeel en organisatie, werving en selectie, arbeidszaken,
            arbeidsvoorwaarden, vitaliteit en verzuim, p en o, hr adviseur, personeelsadvis*,
            talentontwikkel*, arbo en verzuim, werkgeverszaken, salarisadministratie en hr,
            personeelsdienst, personeelsbeheer, human capital
        """,
        3: """
            opleid*, p o, hrm, hr, personeels*, personeel, verzuim*, vitaliteit, opleiding*,
            opleidingsfunctionaris, recruitment, werving*, arbeidsmarkt*, medewerkersontwikkeling,
            leerontwikkel*, mens
        """,
    },
    "legal": {
        5: "officier van justitie, *deurwaarder*, griffier*, notarieel, | advocate |",
        4: """
            rechter, gegevensbescherming, bedrijfsjurist, advocaat*, advocaten*, juridische zaken,
            intellectueel eigendom, wet en regelgeving, bestuurs en juridische zaken, functionaris
            gegevensbescherming, functionaris voor gegevensbescherming, privacy officer, regelgeving
        """,
        3: """
            juridische, jurid*, jurist*, *jurist, privacy*, compliance*, recht, rechts*, notari*,
            bezwaar en beroep, vergunningen juridisch
        """,
    },
    "procurement": {
        4: """
            inkoop*, inkoper*, *inkoper, leverancier*, aanbested*, overheidsopdrachten,
            contractmanage*, contractbeheer*, inkoop en aanbesteding*, leveranciersmanage*,
            aankoopverantwoordelijk*, aankoopdirect*, inkoopadvis*, strategisch inkoper, contract en
            leveranciers*
        """,
        3: """
            aankoop*, aankop*, inkoop*, inkop*, *inkoper, aanbested*, leveranciers*, verwerving,
            sourcing
        """,
    },
    "operations": {
        4: """
            magazijn*, heftruck*, declarant, technische dienst, kwaliteitszorg, veiligheid
            gezondheid en milieu, kwaliteit arbo en milieu, arbo en milieu, arbo*, continu
            verbeteren, kwaliteit en veiligheid, facilitaire dienst, facilitaire zaken,
            gebouwenbeheer*, vastgoed en facilitair, vlootbeheer*, planning en logistiek,
            voorraadbeheer*, bedrijfsleider productie, hoofd huishouding, front office hotel,
            ploegbaas*, preventieadvis*, kwaliteitsauditor*, kwaliteitsinspecteur*
        """,
        3: """
            *frezer, *draaier, douanedeclarant, drukker*, kam, bedrijfsbureau, operatie, operations,
            huisvesting, gebouwen, vloot*, wagenpark*, productie*, logistiek*, magazijn*,
            onderhoud*, kwaliteit*, facilitair*, expeditie, transport*, vervoer*, planning,
            planner*, *planner, supply*, distributie*, montage*, werkplaats*, milieu*,
            veiligheidskundig*, housekeeping, huishouding*, technisch beheer, wegen, groendienst,
            douane*, bedrijfsvoering en logistiek, procesoptimal*, lean
        """,
        2: """
            productie*, fabriek*, kwaliteit*, onderhoud*, distributie*, vervoer*, planner,
            wagenpark, orderpick*, expediteur*, inpakker*, voorraad*, *arbeider, lijnoperator*,
            machinebedien*, ploegleider, expeditie*, projecten, veiligheid, beheer openbare ruimte,
            operationeel, operationele
        """,
        1: "uitvoerder",
    },
    "customer_success": {
        4: """
            klantsucces*, klanttevreden*, klantbeleving*, klantrelatie*, klantbelev*,
            klantervaring*, klanttevredenheid
        """,
        1: "klant*",
    },
    "data": {
        4: """
            gegevensanal*, statistisch*, kunstmatige intelligentie, statistiek*, datamanage*,
            informatieanalyse, bedrijfsinformatie, dataanal*, datakwaliteit*, datagedreven,
            dataspecialist*, data en *
        """,
        3: "gegevens*",
    },
    "design": {
        4: """
            vormgev*, ontwerper, grafisch*, *ontwerper, *architect interieur, binnenhuisarchitect*,
            etaleur*, creatief directeur
        """,
        3: """
            interieurarchitect*, ontwerp, ontwerper*, *ontwerper, vormgev*, creatie, creatief,
            grafisch*, illustrat*
        """,
    },
    "support": {
        4: """
            klantenservice*, klantendienst*, helpdesk*, klantcontact*, callcenter*,
            klantondersteun*, servicedesk klanten, klantcontactcentrum, kcc, technische support,
            publieksservice
        """,
        3: "klantenservice, helpdesk*, servicedesk*, contactcenter",
    },
    "admin": {
        5: "directiesecret*, directieassist*, managementassist*, gegevensinvoer*",
        3: """
            administratie*, secretaresse, *secretaresse, *secretaris, telefoniste*, balie*,
            notulist*, postkamer*, officemanag*, receptie*, secretariaat, bestuurssecretariaat,
            *secretariaat, archivaris*, documentaire informatievoorziening, postkamer,
            officemanage*, bestuurszaken, archief, archiefmedewerk*
        """,
        2: "kantoor*",
        0: "medewerker, medewerkster, *medewerker, *medewerkster",
    },
    "executive": {
        3: """
            gemeentesecretaris, stadssecretaris, provinciesecretaris, algemene directie,
            burgemeester, bestuursvoorzitter
        """,
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
        4: """
            universiteit*, onderwijs*, opvoed*, kinderopvang*, *onderwijs, didactiek, leraar*,
            onderwijszaken, leerlingenzaken, basisschool, schoolleider, studentenzaken, teamleider
            onderwijs, opleiding basisschool, onderwijs en *
        """,
        3: """
            school*, decaan, *school, onderwijs*, docent*, lector*, pedagog*, studentenzaken,
            studentbegeleid*, leerlingenzorg, leerlingbegeleid*
        """,
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
        4: """
            spoedeisende hulp, ggz, zorgcoordinator*, thuiszorg, ouderenzorg, verpleegafdeling,
            operatiekamer*, intensive care, tandarts*, orthodontie*, leerling verpleeg*, medisch
            manager, zorgmanager
        """,
        3: """
            ziekenhuis*, zorg*, *zorg, medisch*, gezondheid*, radioloog, patholoog, cardioloog,
            neuroloog, uroloog, apotheek*, verpleeg*, klinisch*, patient*, revalidatie*, radiolog*,
            *therapeut, jeugdgezondheid*
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
