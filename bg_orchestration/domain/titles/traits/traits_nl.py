"""The Dutch words of traits; see `title_traits` for what each kind of word means."""

from bg_orchestration.domain.titles.title_traits import TraitWord

TRAITS: dict[TraitWord, str] = {
    "silent": """
        op zoek naar werk, op zoek naar een nieuwe uitdaging, op zoek naar nieuwe uitdaging,
        werkzoekend*, in between jobs, werkloos, onbekend, niet opgegeven, | medewerker |, |
        medewerkster |, | werknemer |, | bediende |, teamlid |, open voor nieuwe kansen
    """,
    "gone": """
        met pensioen, gepensioneerd*, in ruste, met verlof, zwangerschapsverlof, ouderschapsverlof,
        sabbatical, emeritus, tot 20*, buiten dienst, rustend, non actief
    """,
    "outside": """
        raad van commissarissen, raad van toezicht, lid rvc, lid rvt, commissaris |, president
        commissaris, toezichthouder, bestuurslid, lid raad van advies, raad van advies,
        investeerder*, aandeelhouder*, gemeenteraadslid, raadslid, wethouder*, schepen, schepenen,
        statenlid, gedeputeerde, provincieraadslid, kamerlid, externe accountant, bedrijfsrevisor,
        registeraccount extern, erevoorzitter, vrijwillig*, onafhankelijk bestuurder, ocmw
        voorzitter, lid van de gemeenteraad, penningmeester
    """,
    "outside_always": """
        zzp*, zelfstandig*, freelance*, extern adviseur, externe adviseur, extern consultant,
        onafhankelijk adviseur, interim consultant, organisatieadviseur, managementadviseur,
        handelsagent*, verzekeringsagent*, verzekeringstussenpersoon, makelaar, *makelaar,
        gedetacheerd*, externe consultant
    """,
    "adviser": """
        adviseur |, | adviseur, senior adviseur |, consultant*, raadgever*, coach |, mentor
    """,
    "learner": """
        stagiair*, | stage |, leerling*, trainee*, werkstudent*, student |, studente, student
        assistent, studentassistent, afstudeer*, bijbaan, bbl |, bol |, promovend*, aio |, in
        opleiding, aspirant, jobstudent*
    """,
    "teaches": """
        stagebegeleider*, stagecoordinator*, praktijkopleider*, leerlingbegeleider*,
        leerlingenzaken, studentenzaken, studentbegeleider*, studentendecaan, studieadviseur*,
        leerlingenvervoer, leerlingadministratie, leerlingenadministratie
    """,
    "gatekeeper": """
        secretaresse*, *secretaresse, directiesecretar*, directieassist*, managementassist*,
        management assist*, bestuursassist*, receptionist*, receptioniste, receptie |,
        receptiemedewerk*, telefonist*, baliemedewerk*, onthaalmedewerk*, onthaal |, portier,
        portiers, persoonlijk assist*, secretariaat*, secretariaatsmedewerk*, officemanager assist*,
        assistent van *, assistente van *, assistent directie, bode |
    """,
    "keeps_no_gate": """
        gemeentesecretaris, provinciesecretaris, bestuurssecretaris, bestuurssecretariaat,
        secretaris generaal, stadssecretaris, loco secretaris, adjunct secretaris, ambtelijk
        secretaris, secretaris directeur, staatssecretaris, medisch secretaresse, secretaris raad
        van bestuur, secretaris generaal *, doktersassistent*
    """,
    "deputy": """
        plaatsvervangend*, plv, adjunct, vice, loco, waarnemend plaatsvervangend, vervangend, onder
    """,
    "deputy_fused": """
        adjunct directeur, adjunctdirecteur, onderdirecteur, adjunct hoofd, vicedirecteur, loco
        secretaris, loco burgemeester, locoburgemeester, locosecretaris, conrector, prorector,
        subhoofd, adjunct algemeen directeur
    """,
    "no_deputy": """
        vice president, vice voorzitter, adjunct hoogleraar, onder architectuur, onder andere
    """,
    "part": """
        regio, regionaal, regionale, regiomanager*, regiodirecteur*, gebied*, rayon*, district*,
        vestiging*, filiaal*, locatie*, dochteronderneming, divisie*, business unit, bu,
        productlijn, productgroep, segment, sector, noord, zuid, oost, west, midden, noordoost,
        zuidwest, nederland, belgie, vlaanderen, wallonie, benelux, europa, export, amsterdam,
        rotterdam, utrecht, brussel, antwerpen, landelijk oost, winkel*, zakelijke markt,
        particulieren, grootzakelijk, overheid, afdelings*, wijk*, cluster*
    """,
    "whole": """
        groep, groeps*, concern*, centraal, centrale, corporate, landelijk, nationaal,
        internationaal, hoofdkantoor, sectorhoofd, *vestigingsmanager, afdelingshoofd,
        gebiedsontwikkel*, winkelier
    """,
    "unit": "operations, operationeel",
    "process": """
        applicatiebeheer*, functioneel beheer*, systeembeheer*, informatiebeheer*, informatiemanag*,
        procesmanag*, proceseigenaar, proces eigenaar, procesverantwoordelijk*, process owner, sales
        operations, sales support, hr systemen, personeelssystemen, e hrm, hris, erp, sap, crm,
        afas, exact, key user, keyuser, procesverbeter*, continu verbeteren, lean, automatiser*,
        digitaliser*, beheerder *systemen, *systemen, zorginformatica, informatieadviseur, cmio,
        cnio, kennismanag*, stamgegevens, proces*, planning en control systemen
    """,
    "employee_representative": """
        ondernemingsraad, or lid, lid or, voorzitter or, or voorzitter, ambtelijk secretaris or,
        ambtelijk secretaris ondernemingsraad, personeelsvertegenwoordig*, medezeggenschap*,
        vakbond*, vakbondsafgevaardigde, syndicaal, syndicale, cor, gor, lid ondernemingsraad,
        werknemersvertegenwoordig*, personeelsafgevaardigde, centrale ondernemingsraad
    """,
    "data_protection": """
        gegevensbescherming, functionaris gegevensbescherming, functionaris voor
        gegevensbescherming, fg |, | fg, privacy, privacy officer, dpo, avg
    """,
    "public_buyer": """
        aanbesteding*, aanbesteder*, europees aanbesteden, overheidsopdracht*, overheidsinkoop,
        tender*, inkoop en aanbesteding*, aanbestedingsjurist*
    """,
    "runs": """
        algemeen directeur, algemene directie, directeur bestuurder, directeur grootaandeelhouder,
        dga, | directeur |, | directrice |, bestuursvoorzitter, voorzitter raad van bestuur, lid
        raad van bestuur, raad van bestuur, bestuurder |, zaakvoerder, gedelegeerd bestuurder,
        directievoorzitter, voorzitter van de directie, eigenaar, *eigenaar, mede eigenaar,
        eigenares, *eigenares, oprichter, medeoprichter, ondernemer*, onderneemster, vennoot,
        firmant, maat |, burgemeester, gemeentesecretaris, stadssecretaris, provinciesecretaris,
        griffier |, secretaris directeur, secretaris generaal, schooldirecteur, schoolleider,
        rector, directeur school, directeur basisschool, hotelmanager, hoteldirecteur, directeur
        hotel, museumdirecteur, directeur museum, ziekenhuisdirecteur, directeur ziekenhuis,
        praktijkmanager, praktijkhouder, kantoordirecteur, directeur eigenaar, uitbater,
        hoofddirecteur, directeur stichting, dijkgraaf, hoofdingenieur directeur, locatiedirecteur
    """,
    "chief_of_staff": """
        kabinetschef, stafchef, chef de cabinet, hoofd bestuursbureau, hoofd bestuursstaf,
        kabinetsdirecteur
    """,
    "prospecting": """
        business development*, business developer*, bedrijfsontwikkel*, nieuwe klanten, acquisitie*,
        acquisiteur, partnership*, partnermanag*, leadgenerat*, telemarket*, new business, sdr, bdr,
        samenwerkingsverband*
    """,
    "account_keeper": """
        accountmanag*, *accountmanag*, account manager*, key account*, relatiebeheer*,
        relatiemanag*, klantmanager*, klantenbeheer*, customer success*, accountbeheer*
    """,
    "front_line": """
        accountmanager*, *accountmanager,
        verkoper*, *verkoper, verkoopster, *verkoopster, verkoopmedewerk*, winkelmedewerk*,
        vertegenwoordig*, commercieel medewerk*, binnendienst*, buitendienst*, verkoopadviseur*,
        verpleegkundig*, *verpleegkundige, verzorgende*, arts, *arts, dokter, chirurg*, tandarts*,
        apotheker*, fysiotherapeut*, psycholoog, verloskundig*, zorgmedewerk*, helpende, leraar,
        lerares, leerkracht*, docent*, onderwijzer*, onderwijsassist*, pedagogisch medewerk*,
        kassamedewerk*, caissiere, kassier*, loketmedewerk*, bankmedewerk*, ober, kok, serveerster,
        barman, schoonmak*, kamermeisje, chauffeur*, *chauffeur, bezorger*, koerier*,
        magazijnmedewerk*, orderpicker*, heftruck*, operator*, productiemedewerk*, lasser*,
        elektricien*, monteur*, *monteur, loodgieter*, timmerman, metselaar, technicus,
        onderhoudsmonteur*, bewaker*, beveiliger, *beveiliger, callcenter*, klantenservicemedewerk*,
        medewerker klantenservice, klantadviseur*, helpdesk*, servicedesk*, administratief
        medewerk*, medewerker administratie, agent, politieagent*, brandweerman, militair,
        maatschappelijk werk*, tuinman, hovenier*, matroos, dossierbeheerder*, typist*, data entry,
        ambtenaar burgerzaken
    """,
    "desk": "compliance, governance, naleving",
    "interim": "waarnemend, interim, ad interim, a i",
}

SERVICE: dict[str, str] = {
    "assistant": "assistent*, secretaress*, secretar*",
    "servant": "medewerker, ondersteuner, secretariaat",
    "towards": "van, de, aan, het, voor, la",
    "past": "voormalig, voormalige, oud, gewezen, ex",
    "retired": "gepensioneerd, gepensioneerde, emeritus",
    "present": "nu, thans, momenteel",
    "until": "tot",
    "was": "was",
    "programme": "programma, academie, kring",
    "wish": "toekomstig, toekomstige, aankomend",
    "search": """
        op zoek naar, zoek
    """,
}
