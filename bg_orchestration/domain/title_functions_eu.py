"""The words of function in French, Spanish, Italian, Dutch and Portuguese.

Tiers as in `title_functions`. The Romance languages share most stems, so they stand together.
"""

from bg_orchestration.domain.model import Function

ROMANCE_AND_DUTCH: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            ingenieur commercial, ingenieure commerciale, ingenieur d affaires, charge d affaires,
            chargee d affaires, technico commercial*, responsable grands comptes,
            attache commercial, responsable de cuentas, gerente de cuentas, ejecutivo de cuentas,
            ejecutiva de cuentas, developpement commercial, agent commercial,
            desarrollo de negocio, ingeniero de ventas, ingeniero comercial, tecnico comercial,
            sviluppo commerciale, agente di commercio, executivo de contas, executiva de contas,
            gerente de contas, gerente de conta, desenvolvimento de negocios,
            administration des ventes, directeur des comptes
        """,
        3: """
            vente*, vendeu*, avant vente, venta, ventas, vendedor*, comercial, comerciales,
            preventa*, posventas, televenta*, vendita, vendite, venditore, venditrice, prevendita,
            venda, vendas, comercial*, pre vendas, promotor* de vendas, verkoop*, verkoper*,
            *verkoper, *verkoop, accountmanag*, relatiebeheer*, buitendienst*, binnendienst*,
            omzet*, vertegenwoordig*, representant*, rappresentant*, agente inmobiliario,
            agent immobilier, makelaar, negociador*, key account, teleoperador* de ventas,
            apporteur*, clientele grands comptes, commercial |, commerciale*, commerciali,
            commerciaux, | commercial |, directeur commercial, responsable commercial,
            direttore commerciale, televend*
        """,
        1: "negoci*, comercio, commerce, comptoir, mayorista, grossiste, tienda, magasin, negozio",
    },
    "marketing": {
        4: """
            etude* de marche, etudes de marche, charge de communication, chargee de communication,
            relations publiques, relations presse, attache de presse, attachee de presse,
            webmarketing, relaciones publicas, investigacion de mercado*, estudios de mercado,
            ricerche di mercato, ufficio stampa, pubbliche relazioni, relacoes publicas,
            assessor de imprensa, assessora de imprensa, pesquisa de mercado, marktonderzoek*,
            redacteur publicitaire, concepteur redacteur, chef de marque, chef de publicite,
            redactor publicitario
        """,
        3: """
            mercadotecnia, mercadeo, mercatique, communication*, comunicacion*, comunicazion*,
            comunicacao, communicatie*, publicit*, pubblicit*, publicidad*, publicidade*, marque,
            marca, marcas, marchio, merk, evenement*, eventos, eventi, evenementiel*, presse,
            prensa, stampa, imprensa, campagne*, campana*, promotion*, promocion*,
            relations exterieures, redes sociales, reseaux sociaux, *marketing*, voorlichting*,
            woordvoerd*, porte parole, portavoz, creation de contenu, contenido*, contenu*,
            conteudo
        """,
    },
    "engineering": {
        3: "ingenieur*, ingenier*, ingegner*, engenh*",
        4: """
            ingenieur* logiciel*, ingenieur* qualite, ingenieur* de production,
            ingenieur* procede*, ingeniero de calidad, ingeniero de produccion,
            ingeniero de software, ingegnere di processo, desarrollador*, developpeu*,
            sviluppator*, desenvolvedor*, recherche et developpement, investigacion y desarrollo,
            ricerca e sviluppo, pesquisa e desenvolvimento, i d, bureau d etude*,
            ingenieur* projet*, assistant d ingenieur, softwareontwikkel*, ingenieur* maintenance,
            ingeniero de mantenimiento, ingeniero de proyecto*, directeur technique,
            direttore tecnico, director tecnico, diretor tecnico, ingeniero de procesos
        """,
        2: """
            logiciel*, programador*, programmat*, programmeu*, programmator*, ontwikkel*,
            *ontwikkelaar, mecanique, mecanico industrial, electromecani*, electrotechni*,
            electroni*, elettron*, elettric*, meccanic*, genie, architecte*, arquitect*,
            architett*, aeronauti*, robotique, robotica, dessinateur*, delineante, proyectista,
            progettist*, projetista, werktuigbouw*, elektrotechni*, constructeur*, geometr*,
            topograf*, geometre, probador*, testeur*, collaudator*, beproev*, bouwkund*,
            civieltechn*, automatis*, technicien d essai*, obra, chantier
        """,
        1: """
            technicien*, tecnic*, technique, technisch*, technicus, monteur, tecnolog*, technolog*
        """,
    },
    "it": {
        4: """
            systeme* d information*, sistemas de informacion, sistemas de informacao,
            sistemi informativi, administrateur* systeme*, administrateur* reseau*,
            administrateur* base* de donnees, administrador* de sistemas,
            administrador* de bases de datos, administrador* de redes, amministratore di sistema,
            systeembeheer*, netwerkbeheer*, applicatiebeheer*, dsi, tecnologias de la informacion,
            tecnologia da informacao, technologies de l information, architecte reseau*,
            sistemista, ingenieur* systeme*, ingenieur* reseau*, functioneel beheer*,
            base de datos, bases de datos, base de donnees, bases de donnees, banco de dados,
            database*, administracion y sistemas, systemes informatiques, sistemas informaticos,
            responsable informatique, chef de projet informatique, tecnico informatico,
            technicien informatique, redes y sistemas
        """,
        3: """
            telecomunicaci*, telecomunicazion*, telecomunicac*, ti, tic, ict, reseau, reseaux,
            redes, reti, netwerk*, automatisering*, informatisering*, sistemas, telematic*,
            telematiq*, informatic*, informatiqu*
        """,
        1: """
            systeme, systemes, sistemi, sistema, infrastructure*, infraestructura*, infrastruttur*
        """,
    },
    "security": {
        5: """
            securite informatique, securite des systemes d information, cybersecurite, rssi,
            seguridad informatica, seguridad de la informacion, ciberseguridad, ciber*, cyber*,
            sicurezza informatica, sicurezza delle informazioni, sicurezza it,
            seguranca da informacao, seguranca informatica, informatiebeveilig*,
            seguridad de las tic, securite des tic, securite de l information, seguridad tic,
            itbeveilig*, it beveilig*, seguranca cibernetica, securite des donnees,
            securite reseau*, hacker etico
        """,
    },
    "product": {
        4: """
            chef de produit, chef de produits, cheffe de produit, jefe de producto,
            jefa de producto, jefe de productos, gerente de producto, gerente de productos,
            gestor de producto, responsable produit, responsable de producto,
            responsabile di prodotto, product*manag*, gerente de produto, gerente de produtos,
            gestor de produto, responsable produits, proprietario do produto, productmanag*,
            producteigenaar, responsabile prodotto
        """,
        1: "produit, produits, producto, productos, prodotto, prodotti, produto, produtos",
    },
    "finance": {
        4: """
            expert comptable, comptable*, contable*, contador*, contabil*, contabl*, boekhoud*,
            accountant*, controleu* de gestion, controle de gestion, control de gestion,
            controllo di gestione, controller*, auditeu* *, auditor*, tresor*, tesor*, fiscal*,
            commercialista, ragionier*, daf, commissaire aux comptes, revisore,
            inspector de hacienda, belastingadvis*, fiscalist, administratif et financier,
            responsable administratif et financier, financiacion, hipotec*, fiduciari*, fiduciair*,
            negociateur en actions
        """,
        3: """
            financ*, finanz*, financieel, compta, banque*, bancaire*, bancari*, banco, banca,
            bank*, credit, credits, credito, creditos, krediet*, hypothe*, hipotec*, ipotec*, pret,
            prets, prestamo*, presupuest*, impuest*, impot*, imposte, impost*, belasting*,
            patrimoin*, patrimoni*, inversion*, inversor*, investiss*, investiment*, belegg*,
            bourse, bolsa, borsa, courtier*, corredor de bolsa, facturation*, facturacion*,
            fatturaz*, faturament*, facturatie*, recouvrement*, cobro*, cobranza*,
            recupero crediti, actuari*, actuair*, attuari*, agent de change, notation, rentas,
            cuentas por pagar, cuentas por cobrar, valores, fondos, cambist*, budget*, bilancio,
            audit, auditoria
        """,
        1: """
            assurance, assurances, seguros, assicuraz*, verzekering*, riesgos, risques, rischi,
            nomina*, paie, paghe
        """,
    },
    "hr": {
        5: """
            recrut*, reclut*, selezionator*, charge de recrutement, selecteur*,
            seleccion de personal, captacion de talento, adquisicion de talento, werving*,
            aquisicao de talentos, selezione del personale, formateur* entreprise,
            formador* de empresa
        """,
        4: """
            ressources humaines, recursos humanos, risorse umane, rh, rrhh, drh, hr*, personeel*,
            gestion du personnel, developpement des competences, relations sociales, remuneration*,
            relaciones laborales, gestion de personas, gestao de pessoas, gestione del personale,
            personeelszaken, arbeidsvoorwaard*, developpement rh, desarrollo organizacional
        """,
        3: """
            personnel, personale, pessoal, talent*, talento*, remuneration*, remuneracion*,
            compensacion*, compensi, diversite, diversidad, diversita, diversidade, inclusion,
            formation professionnelle, emploi, empleo, remuneracao, beneficios, formazione,
            opleid*, capacitacion, treinamento, de personal, del personal, du personnel
        """,
        2: "formation, formacion, formateu*, formador*, formator*, pessoas, personas",
    },
    "legal": {
        4: """
            avocat*, abogad*, avvocat*, advogad*, jurist*, juridi*, juridic*, giurist*, letrad*,
            legale, notaire*, notari*, huissier*, procurador*, procureur*, magistrat*, juez, jueza,
            juge, giudice, juiz, fiscal de justicia, rechter, protection des donnees,
            proteccion de datos, protezione dei dati, protecao de dados, gegevensbescherming,
            asesor juridico, conseiller juridique, consulente legale, bedrijfsjurist, privacy*,
            greffier*, secretario judicial, administracion de justicia, advocaat*, advocaten*
        """,
        3: """
            conformite*, cumplimiento*, conformita, conformidade, legal, legales,
            propriete intellectuelle, propiedad intelectual, proprieta intellettuale,
            affaires reglementaires, asuntos regulatorios, affari regolatori,
            assuntos regulatorios, brevet*, patentes, contentieux, litigios, juridische, droit,
            derecho, diritto, direito, reglementaire*, contratos
        """,
    },
    "procurement": {
        4: """
            acheteu*, achat, achats, comprador*, compras, compra, buyer, acquist*, acquisti,
            inkoop*, inkoper*, *inkoper, approvisionn*, aprovisionamient*, approvvigionament*,
            aprovisionament*, suprimentos, category manager, fournisseur*, proveedor*, fornitor*,
            fornecedor*, leverancier*, marches publics, aanbested*, abastecimiento*, licitacion*,
            licitac*
        """,
    },
    "operations": {
        4: """
            logisti*, chaine logistique, supply chain, cadena de suministro,
            catena di approvvigionamento, cadeia de suprimentos, directeur d usine, jefe de planta,
            directeur des operations, operaciones, directeur de production, jefe de produccion,
            direttore di stabilimento, gerente de planta, magasinier*, almacen*, magazzin*,
            almoxarif*, armazem, magazijn*, entrepot*, bodega, cariste*, deposito,
            responsable de almacen, chef d atelier, carretillero, heftruck*, distribucion,
            distribution
        """,
        2: """
            operation*, operacoes, operazioni, operativ*, produccion, production, produzione,
            producao, productie*, fabrication*, fabricacion, fabrica, usine, planta, stabilimento,
            fabbrica, fabriek*, manufactur*, qualite, calidad, qualita, qualidade, kwaliteit*,
            maintenance, mantenimiento, manutenz*, manutencao, onderhoud*, entretien, transport*,
            trasport*, distribuz*, distribuicao, distributie*, vervoer*, montaje, montage,
            montagem, assembl*, ensambl*, conditionn*, expedition*, expedicion*, spedizion*,
            inventari*, stocks, suministro*, operaire*, operari*, operaio, operateur*, operador*,
            operator*, ouvrier*, planificador*, planificateur*, planner, instalaciones,
            services generaux, servicios generales, facilit*, wagenpark, flotte, import export
        """,
        1: """
            projet, projets, proyecto, proyectos, progetto, progetti, projeto, projetos, project*,
            processus, procesos, processi, processos, proces*, uitvoerder, planning, industriel*,
            industrial*, industriale, stock
        """,
    },
    "customer_success": {
        4: """
            experience client*, relation client*, relation clientele, relations client*,
            satisfaction client*, experiencia de cliente*, experiencia del cliente,
            experiencia de clientes, exito del cliente, exito de clientes, relacion con clientes,
            fidelisation*, fidelizacion*, fidelizz*, successo del cliente, esperienza cliente*,
            customer *, sucesso do cliente, experiencia do cliente, klantsucces*, klanttevreden*,
            klantbeleving*, relacionamento com client*, reussite client*
        """,
        1: "client, clients, clientele, cliente, clientes, clienti, klant*",
    },
    "data": {
        4: """
            scientifique des donnees, cientifico de datos, cientifica de datos, ciencia de datos,
            analyste de donnees, analyste donnees, analista de datos, analista dati,
            analista de dados, ingenieur* donnees, ingeniero de datos, cientista de dados,
            scienziato dei dati, data*, gegevensanal*, statistic*, statistiq*, statistici*,
            statistisch*, estadistic*, estatistic*, intelligence artificielle,
            inteligencia artificial, intelligenza artificiale, ingenieur* data,
            kunstmatige intelligentie, inteligencia de negocio*, architecte de donnees,
            aprendizaje automatico
        """,
        3: "donnees, datos, dati, dados, gegevens*, analitica, analytique*",
        1: "analyste*, analista*, analist*, analisi, analisis, analise",
    },
    "design": {
        4: """
            graphist*, grafist*, graphiqu*, grafic*, directeur artistique, directrice artistique,
            director de arte, director artistico, director creativo, directora creativa,
            direttore creativo, direttore artistico, diretor de arte, diretor criativo,
            directeur de creation, directeur creatif, disenador*, diseno, disenad*, designer*,
            progettista grafico, vormgev*, ontwerper, grafisch*, styliste*, stilist*, maquettiste*,
            illustrateu*, ilustrador*, illustrator*, modelist*
        """,
        3: "creatif*, creativ*, criativ*, interieurarchitect*, infograph*, ergonome, decorat*",
        2: "artist*, photograph*, fotograf*, design*",
    },
    "support": {
        4: """
            service client*, service clientele, centre d appel*, assistance technique,
            support technique, atencion al cliente, atencion a clientes, servicio al cliente,
            soporte tecnico, centro de llamadas, servizio clienti, assistenza clienti,
            assistenza tecnica, atendimento ao cliente, suporte tecnico, klantenservice*,
            klantendienst*, soporte*, suporte, teleconseill*, teleoperad*, teleatend*, teleoperat*,
            call center, conseiller* client*, atendimento, customer service, televendeur support,
            apoio ao cliente, sav, service apres vente, servicio posventa, hotliner*
        """,
    },
    "admin": {
        5: """
            assistant* de direction, assistante de direction, attache* de direction,
            secretaire de direction, secretari* de direccion, asistente de direccion,
            saisie de donnees, assistent* di direzione, directiesecret*, directieassist*,
            managementassist*, secretari* executiv*, data entry, introduccion de datos,
            entrada de datos, office manager, gegevensinvoer, operateur de saisie
        """,
        4: """
            adjoint* administrati*, assistant* administrati*, auxiliar administrativ*,
            asistente administrativ*, agent administrati*
        """,
        3: """
            secretair*, secretari*, secretar*, segretari*, receptioni*, recepcioni*,
            administratie*, administrativ*, amministrativ*, administratif*, accueil, standardiste,
            telefonist*, secretaresse
        """,
        2: "bureau, oficina, ufficio, escritorio, kantoor*, ufficiale",
        0: """
            assistant*, asistent*, assistent*, auxiliar*, adjoint*, attache*, impiegat*, emplead*,
            medewerker, employe, employe de, employee de
        """,
    },
    "executive": {
        1: """
            directeur general, directrice generale, pdg, president directeur general,
            director general, directora general, gerente general, director gerente,
            consejero delegado, consejera delegada, amministratore delegato,
            amministratrice delegata, direttore generale, algemeen directeur, bestuursvoorzitter,
            zaakvoerder, diretor geral, diretora geral, diretor presidente, administrateur delegue,
            director ejecutivo, amministratore unico, directievoorzitter, bestuurder,
            direction generale, direccion general
        """,
    },
    "education": {
        5: """
            professeur*, profesor*, professore*, professor*, enseignant*, maestr* de, maestro,
            maestra, docente*, docent, leraar, lerares, leerkracht*, insegnant*, educador*,
            educatric*, educateu*, formateur* en, instructeu*, instructor*, istruttor*, instrutor*,
            moniteur*, monitor de, maitre de conferences, pedagog*, ensenanza, pedagogista,
            maestro de, lecteur d universite, auxiliar docente, instituteur*, institutric*,
            monitora de
        """,
        4: """
            universit*, universidad*, universidade*, universiteit*, ecole*, escuela*, scuola*,
            scolastic*, escola*, school*, enseignement*, educacion, educativ*, education*,
            onderwijs*, ensino, istruzione, lycee, college, colegio, scolaire*, escolar*,
            estudiantil*, etudiant*, academi*, facultad*, faculte, creche*, guarderia*, rector,
            recteur, decano, doyen, vie scolaire, opvoed*, kinderopvang, bibliothecaire*,
            bibliotecari*
        """,
    },
    "healthcare": {
        5: """
            medecin*, medico, medica, infirmier*, enfermer*, infermier*, enfermeir*, verpleeg*,
            verpleg*, chirurgi*, cirujan*, cirurgi*, dentist*, odontolog*, tandarts*, pharmacien*,
            farmaceutic*, farmacist*, farmacia, apotheker*, kinesither*, fisioterap*, fysiotherap*,
            therapeut*, terapeut*, terapist*, sage femme, matron*, partera, ostetric*, verloskund*,
            aide soignant*, radiolog*, sanitari* hospital, veterinair*, veterinari*, dierenarts,
            orthophon*, logoped*, ergotherap*, dietist*, dieteti*, nutricion*, opticien*, optico*,
            ambulanc*, huisarts, arts, psychiatr*, psiquiatr*, psichiatr*, podolog*, osteopat*,
            medicos
        """,
        4: "",
        3: """
            hopital*, ospedal*, ziekenhuis*, clinique*, clinic*, sante, salud, sanita, saude,
            zorg*, *zorg, soins, sanitari*, patient*, paciente*, pazient*, medicin*, medisch*,
            gezondheid*, centros sanitarios, etablissement de sante, biomedic*, hospital,
            hospitalier*, hospitalari*
        """,
        2: "psycholog*, psicolog*, pharma*, medicale*, medicaux",
    },
    "other": {
        5: """
            journalist*, periodist*, giornalist*, jornalist*, policier*, polici*, polizia,
            poliziott*, politie*, pompier*, bombero*, bombeiro*, brandweer*, vigil*,
            agent de securite, guardia de seguridad, guardia giurata, beveiliger, vigilante*,
            chauffeur*, conductor*, conducteur de bus, conducteur de train, autista, motorista,
            fuerzas armadas, militaire*, militar*, militare, soldado*, ministre du culte,
            agente de inteligencia, salud psicologo, psicologo de la salud, traduct*, traduttor*,
            tradutor*, interprete*, vertaler, sacerdot*, douane*, douanier*, aduan*,
            formador de las fuerzas armadas
        """,
        3: """
            cuisinier*, cociner*, cuoc*, cozinheir*, kok, serveu*, camarer*, camerier*, garcom,
            garconete, barman, nettoy*, limpieza, limpeza, pulizie, schoonmak*, coiffeu*,
            peluquer*, parrucchier*, kapper, cabeleir*, jardinier*, jardiner*, giardinier*,
            tuinman, boulanger*, panader*, carpinter*, menuisier*, falegnam*, plombier*, fontaner*,
            idraulic*, electricien*, electricist*, elettricist*, mecanicien*, mecanic*, danse*,
            danza, musicien*, acteur*, actor*, attore, attrice, subtitulador*, musico, musica,
            musicist*, loteria, agriculteu*, agricultor*
        """,
        1: "consultant*, consultor*, consulent*, conseiller*, adviseur, asesor*, activista",
    },
}
