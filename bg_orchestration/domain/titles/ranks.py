"""The words of rank in seven languages, and the look-alikes that state none.

A longer phrase hides the words in it, so `vice president` is no president and `product owner` no
owner. The order of ranks and the rules are those of the labelled titles that the tests ship.
"""

from bg_orchestration.domain.model import Seniority

LEADERS = ("owner", "c_suite", "vp", "director", "manager")

RANKS: dict[Seniority, str] = {
    "owner": """
        owner, owners, co owner, coowner, founder, founders, founder*, cofounder*, proprietor*,
        founding partner, managing partner, | partner |, general partner, equity partner, named
        partner, inhaber*, mitinhaber*, eigentumer*, grunder, mitgrunder, firmengrunder,
        unternehmensgrunder, geschaftsinhaber*, gesellschafter, *gesellschafter, geschaftsfuhrender
        gesellschafter, teilhaber, unternehmer, proprietaire*, associe fondateur, associe gerant,
        chef d entreprise, fundador*, cofundador*, dueno, duena, propietari*, socio fundador, socia
        fundadora, socio director, titolare, fondatore, fondatrice, socio fondatore, proprietari*,
        imprenditore, imprenditrice, eigenaar, eigenares, oprichter, medeoprichter, vennoot, dga,
        dono, dona, socio gerente, socio proprietario, empresario, empresaria, mitbegrunder,
        begrunder, grundungspartner, mitbegrunder*, *inhaber, *eigenaar, *eigenares, eigenaresse,
        mede eigenaar, ondernemer, onderneemster, directeur grootaandeelhouder, entrepreneur,
        entrepreneuse, autoentrepreneur*, | socio |, | socia |, socio administrador, fondateu*,
        fondatric*, cofondateu*, cofondatric*, directeur associe, directrice associee, socia
        directora, socia administradora
    """,
    "c_suite": """
        chief ... officer, chief executive, chief executives, ceo, cfo, cto, coo, cmo, cio, ciso,
        cso, cpo, cro, cdo, chro, cco, clo, cao, cxo, cbo, cno, cgo, cko, cqo, caio, cdao, cdio,
        chief people, chief human resources, president, co president, copresident, chairman,
        chairwoman, chairperson of the board, chairman of the board, chair of the board, vice
        chairman, board chair, executive chair, managing director, managing directors, joint
        managing director, member of the board, board member, board of directors, board director,
        member of the executive board, member of the management board, executive board member, group
        managing director, geschaftsfuhrer*, *geschaftsfuhrer, geschaftsfuhrung, geschaftsfuhrend*,
        geschaftsleiter, geschaftsleitung, vorstand, vorstandin, vorstands*, *vorstand,
        vorsitzende*, aufsichtsratsvorsitz*, prasident, generaldirektor, hauptgeschaftsfuhrer,
        intendant, mitglied der geschaftsleitung, mitglied der geschaftsfuhrung, mitglied des
        vorstands, vorsitzender der geschaftsfuhrung, alleinvorstand, unternehmensleitung,
        betriebsleitung, directeur general, directrice generale, directeur general adjoint, pdg, dg,
        president directeur general, presidente directrice generale, presidente, directeur executif,
        gerant, gerante, membre du directoire, administrateur delegue, administrateur general,
        director general, directora general, director gerente, directora gerente, gerente general,
        consejero delegado, consejera delegada, director ejecutivo, directora ejecutiva, presidenta,
        primer ejecutivo, administrador unico, amministratore delegato, amministratrice delegata,
        amministratore unico, direttore generale, direttrice generale, presidente del consiglio,
        direttore esecutivo, algemeen directeur, bestuursvoorzitter, voorzitter, bestuurder,
        zaakvoerder, gedelegeerd bestuurder, directievoorzitter, directeur bestuurder, lid raad van
        bestuur, diretor geral, diretora geral, diretor presidente, diretora presidente, diretor
        executivo, administrador delegado, administradora delegada, director financeiro executivo,
        adjunct algemeen directeur, consigliere delegato, conselheiro delegado, vicedirettore
        generale, subdirector general, diretora executiva, presidente executivo, amministratore |,
        vciso, chief exec, gf, administradora unica, amministratrice unica, consigliera delegata,
        conselheira delegada, subdirectora general, vicedirettrice generale
    """,
    "vp": """
        vp, vps, svp, evp, avp, rvp, gvp, vice president, vice presidents, vicepresident, vice
        presidente, vicepresidente, vicepresidenta, vice presidenta, vizeprasident, vice chancellor,
        vice provost, vice pres, exec vice president
    """,
    "director": """
        director, directors, dir, subdirector, subdirectora, codirector, directora, directress, head
        of, head for, head |, head marketing, head sales, head hr, head it, head finance, head
        operations, head engineering, head product, head legal, head design, head procurement, head
        logistics, head data, head quality, head production, group head, global head, deputy head,
        interim head, acting head, department head, co head, heads of, unit head, division head,
        regional head, country head, dean, associate dean, headteacher, head teacher, headmaster,
        headmistress, head master, provost, vice principal, rector, school principal, executive
        director, chief of department, direktor, *direktor, direktorin, leiter, *leiter, leitung,
        *leitung, bereichsvorstand, abteilungsleit*, bereichsleit*, hauptabteilungsleit*,
        ressortleit*, rektor, dekan, chefarzt, chefredakteur, ressortchef, abteilungschef,
        personalchef, finanzchef, vertriebschef, marketingchef, verkaufschef, directeur, directrice,
        directeurs, directeur adjoint, sous directeur, dsi, drh, daf, raf, codirecteur, directeur
        des, proviseur, doyen, chef de departement, directeur technique, decano, decana, director
        adjunto, directora adjunta, direttore, direttrice, vicedirettore, preside, dirigente, capo
        dipartimento, hoofd, *hoofd, adjunct directeur, decaan, afdelingshoofd, sectorhoofd,
        diretor, diretora, diretores, vice diretor, reitor, superintendente, konrektor*, general
        counsel, general manager, prokurist, *directeur, rettore, recteur, reitora, rectora,
        vicerector*, proviseure, *schulrektor, superintendent of school*, school superintendent*,
        superintendent of public instruction, einkaufschef, produktionschef, entwicklungschef,
        logistikchef, it chef, kommunikationschef, technikchef, verwaltungschef, betriebschef, chef
        der, head compliance, head risk, head treasury, head security, head communications, head
        analytics, head strategy, head projects, head audit, head purchasing, head sourcing, head
        supply, head customer, head talent, head people, head growth, head business, head digital,
        head research, head technology, head corporate, head investment, head credit, head tax, head
        accounts, head administration, head software, head information, head infrastructure, head
        recruitment, head training, head content, head brand, head pr, head ux, principal de
        college, principale de college, principal du college, *schef, edv chef, netzwerkchef,
        pressechef, werbechef, eventchef, markenchef, lagerchef, *dienstchef, vicedirettrice, vice
        diretora
    """,
    "manager": """
        manager, managers, mgr, *manager, comanager, senior manager, supervisor, supervisors, supv,
        *supervisor, lead |, team lead, team leader, team leaders, teamlead, teamleader, group lead,
        group leader, squad lead, chapter lead, shift lead, shift leader, crew leader, section head,
        crew lead, line leader, group product manager, foreman, foremen, forewoman, foreperson,
        superintendent, overseer, section chief, unit chief, branch chief, crew chief, fire chief,
        captain, head nurse, charge nurse, head chef, head coach, office manager, section leader,
        director of product managers, warden, postmaster, matron, lead manager, unit leader,
        teamleit*, *teamleit*, gruppenleit*, *gruppenleit*, filialleit*, *filialleit*, schichtleit*,
        marktleit*, ladenleit*, *storeleit*, shopleit*, stationsleit*, kuchenleit*, *schichtleit*,
        restaurantleit*, kitaleit*, niederlassungsleit*, standortleit*, referatsleit*,
        sachgebietsleit*, fachgruppenleit*, dezernatsleit*, hausleit*, bezirksleit*, gebietsleit*,
        bauleit*, einsatzleit*, *bauleit*, wohnbereichsleit*, pflegedienstleit*, abschnittsleit*,
        laborleit*, lagerleit*, *lagerleit*, produktionsleit* schicht, werkstattleit*, buroleit*,
        empfangsleit*, serviceleit*, vorarbeiter, polier, obermeister, industriemeister,
        werkmeister, schichtfuhrer, gruppenfuhrer, teamfuhrer, zugfuhrer, kuchenchef,
        stationsleitung, oberarzt, fuhrungskraft, hausdame, betriebsstattenleit*, aufseher,
        *aufseher, vorgesetzte*, disponentenleit*, responsable, responsables, chef d equipe, chef de
        service, chef de chantier, chef de rayon, chef d atelier, chef de cuisine, chef des ventes,
        gerant de magasin, cadre, encadrant, manageur, manageuse, contremaitre, superviseur,
        superviseuse, chef comptable, conducteur de travaux, chef de secteur, chef de bureau, chef
        de groupe, gerant de *, gerente, gerentes, jefe, jefa, encargad*, supervisora, capataz, jefe
        de equipo, lider de *, lider de equipo, mando intermedio, team manager, sub gerente,
        subgerente, maitre d hotel, responsabile, responsabili, capo, capo reparto, caporeparto,
        capoturno, capo turno, capo area, capo ufficio, caposquadra, coordinatore infermieristico,
        supervisore, gestore, teamleider, ploegleider, groepsleider, leidinggevende, bedrijfsleider,
        filiaalleider, vestigingsleider, filiaalmanager, teammanager, voorman, ploegbaas,
        bureauhoofd, chefe, encarregad*, lider de equipe, lider de time, supervisor*, mestre de
        obras, chefe de equipa, chefe de equipe, gestor de equipe, gestor de equipa, chef de, chef
        d, chef des, chef du, cheffe *, chef magasinier, chef mecanicien, chef electricien, chef
        adjoint, chef operateur, chefs de, chef section, werksmeister, produktionsmeister,
        fertigungsmeister, schichtmeister, hoofdverpleegkundige, caposala, responsavel,
        responsaveis, squad leader, magazijnchef, afdelingschef, *vorarbeiter, gebietsverkaufsleit*,
        bezirksverkaufsleit*, gebietsvertriebsleit*, regionalverkaufsleit*, regionalvertriebsleit*,
        montageleit*, werkstattmeister, lagermeister, betriebsmeister, montagemeister,
        instandhaltungsmeister, logistikmeister, *leider, chefbuchhalter, verkaufsstellenleit*,
        zweigstellenleit*, geschaftsstellenleit*, agenturleit*, depotleit*, centerleit*,
        revierleit*, kolonnenfuhr*, gerente de contas a *, objektleit*
    """,
    "senior": """
        senior, sr, snr, principal, principle, lead, leads, staff engineer, staff software, staff
        designer, staff developer, staff scientist, staff architect, staff data, staff machine,
        staff product, staff ux, staff site, staff security, staff devops, staff research, staff
        sre, staff * engineer, staff * designer, staff * developer, staff * scientist, staff *
        architect, senior staff, distinguished, tech lead |, technical lead |, tech lead, technical
        lead, technical leader, chief architect, chief engineer, chief scientist, chief of staff,
        chief designer, chief economist, technology lead, leitende*, erfahren*, chefentwickler,
        chefarchitekt, chefingenieur, chefkonstrukteur, chefdesigner, hauptsachbearbeiter,
        seniorberater, confirme, confirmee, experimente, experimentee, experimentad*, principale,
        hoofdarchitect, hoofdingenieur, assistant general counsel, associate general counsel,
        seniorentwickl*, seniorconsultant*, senioranalyst*, seniorreferent*, senioringenieur*,
        seniorprojektleit*, hauptentwickl*, hauptingenieur*, hauptarchitekt*, hauptberater*,
        hauptanalyst*, hauptwissenschaft*, hauptdesigner*, hauptkonstrukteur*, hauptprogramm*,
        hauptspezialist*, hauptforscher*, hauptkundenbetreu*, fuhrender, fuhrende
    """,
    "individual": """
        product owner, process owner, service owner, system owner, systems owner, data owner, risk
        owner, application owner, platform owner, solution owner, epic owner, control owner, asset
        owner, feature owner, business process owner, owner operator, tool owner,
        produktverantwortlich*, produkteigner, owner relations, home owner, homeowner*, owner s rep,
        account manager, accounts manager, account managers, project manager, project managers,
        program manager, programme manager, program managers, product manager, product managers,
        customer success manager, client success manager, success manager, community manager,
        partner manager, partnership manager, partnerships manager, partner success manager, partner
        account manager, alliance manager, alliances manager, channel manager, channel account
        manager, territory manager, event manager, events manager, relationship manager, business
        development manager, key account, case manager, csm, community managers, territory sales
        manager, channel partner manager, technical account manager, project management, program
        management, product management, release train engineer, projektmanager, *projektmanager,
        produktmanager, *produktmanager, accountmanager, eventmanager, *eventmanager,
        keyaccountmanager, programmmanager, *accountmanager, communitymanager, channelmanager,
        partnermanager, fallmanager, veranstaltungsmanager, projektleit*, *projektleit*,
        teilprojektleit*, produktleit*, bauprojektleit*, kundenmanager, studienleit*, ubungsleit*,
        kursleit*, spielleit*, reiseleit*, praxisanleit*, versuchsleit*, projectmanager,
        productmanager, projectleider, relatiemanager, casemanager, evenementenmanager, chef de
        projet, cheffe de projet, chef de projets, chefs de projet, chef de produit, chef de
        produits, cheffe de produit, chef de marque, chef de programme, chef de partie, chef de
        rang, chef de publicite, chef de cabine, chef cuisinier, chef monteur, pastry chef, sous
        chef, private chef, personal chef, jefe de proyecto, jefa de proyecto, sushi chef, jefe de
        proyectos, jefa de proyectos, jefe de producto, jefa de producto, jefe de productos, jefe de
        programa, gerente de proyecto, gerente de proyectos, gerente de producto, gestor de
        proyectos, gerente de cuentas, gerente de cuenta, gerente de contas, gerente de conta,
        gerente de projetos, gerente de projeto, gerente de produto, gerente de produtos, gerente de
        relacionamento, gestor de projetos, responsable de cuentas, responsable de compte,
        responsable de comptes, responsable grands comptes, capo progetto, capoprogetto,
        capocommessa, responsabile di progetto, responsabile di prodotto, gestore clienti, chefe de
        projeto, chefe de projetos, responsable de projet, responsable projet, responsable produit,
        responsable de proyecto, lead generation, lead gen, lead generator, leads generation, lead
        management, lead abatement, lead paint, staff, captain of industry, chief clerk, president
        elect, scrum master, executive assistant, head hunter, headhunter, head cashier, head end,
        directory assistance, presidential, manager de transition, aerobics director, funeral
        director, dealer principal, business owner relations, chairside, office of the president,
        office of the ceo, vorstandsassist*, vorstandssekret*, vorstandsreferent, vorstandsstab,
        *vorstandsassist*, geschaftsleitungsassist*, geschaftsfuhrungsassist*, direktionsassist*,
        direktionssekret*, management assist*, leitungsassist*, direktionsmitarbeiter,
        vorstandsburo, owner occupied, anleitung, *anleitung, *weiterleitung, *rohrleitung*,
        leitungs*, *leitungsbau*, *leitungsmonteur, managementassist*, managementberat*, management
        consult*, bestuurssecretaris, directiesecret*, directieassist*, directie, secretaire de
        direction, assistant de direction, assistante de direction, attache de direction, attachee
        de direction, secretaria de direccion, asistente de direccion, adjoint administratif,
        adjointe administrative, *begleit*, programmleit*, gebietsmanager, kontomanager,
        territorialmanager, kontenmanager, kundenkontomanager, produktinhaber, lehrstuhlinhaber*,
        producteigenaar, proces eigenaar, proceseigenaar, propietari* de producto, dono do produto,
        responsable de producto, responsabile prodotto, responsable de productos, amministratore di
        *, senior citizen*, senior living, senior care, senior services, senior center, junior high,
        junior senior, junior college, *begleitung, *halbleiter*, *wellenleiter*,
        *wellenleitertechnik, fahrdienstleit*, chorleit*, lehr* ... daf, dozent ... daf, daf lehr*,
        daf dozent, daf trainer, daf daz, fur daf, especialista* en formacion, expert* en formacion,
        consultor* en formacion, en formacion y, en formacion del, en formacion profesional, lead
        oxide, lead burner, lead caster, lead smelter, lead refiner, lead recovery, *projectleider,
        begeleider, *begeleider, reisleider, cursusleider, spelleider, opleider, conseiller
        principal d education, conseillere principale d education, programmamanager,
        lerarenopleider, praktijkopleider, bedrijfsopleider, souschef
    """,
    "entry": """
        intern, interns, internship, internships, trainee, trainees, traineeship, apprentice,
        apprentices, apprenticeship, junior, jr, jnr, entry level, student assistant, student
        worker, student nurse, student intern, phd student, working student, student engineer,
        student researcher, student developer, doctoral student, student trainee, student analyst,
        student employee, student ambassador, student consultant, student teacher, co op student,
        graduate assistant, graduate trainee, graduate engineer, graduate nurse, graduate analyst,
        graduate consultant, graduate developer, graduate |, undergraduate, new grad, grad intern,
        cadet, learner, novice, stipendiary, summer analyst, summer associate, management trainee,
        work experience, articled clerk, probationer, aspiring, praktikant*, *praktikant, praktikum,
        pflichtpraktikum, *praktikum, auszubildend*, azubi*, ausbildung zum, ausbildung zur,
        ausbildung als, lehrling, *lehrling, volontar*, *volontar, referendar, *referendar,
        werkstudent*, *werkstudent, werksstudent, studentisch*, student |, *studentin, dualer
        student, duales studium, duale studentin, dual student, berufseinsteiger, absolvent,
        absolventin, junior*, umschuler, trainee*, *trainee, schulerpraktikant, hospitant, anwarter,
        *anwarter, bachelorand, masterand, diplomand, stagiaire*, en stage, stage en, stage de, |
        stage |, alternant*, alternance, apprenti, apprentie, apprentis, etudiant*, contrat de
        professionnalisation, debutant*, service civique, becari*, practicas, pasante, pasantia,
        aprendiz, practicante, practicantes, estudiante, en formacion, recien graduado, auxiliar en
        practicas, ayudante en practicas, stagista, tirocinante, tirocinio, apprendista, praticante,
        neolaureato, studente, studentessa, stagiair*, leerling*, afstudeer*, bijbaan, werkstudente,
        starter, startende, estagiari*, estagio, jovem aprendiz, menor aprendiz, estudante,
        formando, in training |, hiwi, promotionsstudent*, doktorand*, promovend*, graduate software
        *, graduate * engineer, graduate * developer, graduate * analyst, graduate * consultant,
        graduate * trainee, graduate program, graduate programme, graduate scheme, graduate
        accountant, graduate auditor, graduate architect, graduate designer, graduate surveyor,
        graduate engineers, pupil barrister, phd candidate, doctoral candidate
    """,
}
