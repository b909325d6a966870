"""The French words of function. Tiers as in `functions`."""

from bg_orchestration.domain.model import Function

FUNCTIONS: dict[Function, dict[int, str]] = {
    "sales": {
        5: "operations commerciales, operations de vente, operations des ventes",
        4: """
            ingenieur commercial, ingenieure commerciale, ingenieur d affaires, charge d affaires,
            chargee d affaires, technico commercial*, responsable grands comptes, attache
            commercial, responsable de cuentas, developpement commercial, agent commercial,
            administration des ventes, directeur des comptes, delegue* medical*, delegue*
            pharmaceut*, delegue* commercial*, visiteu* medical*, teleprospect*, agent d assurance*,
            agent general d assurance*, ingenieur* avant vente, grands comptes, developpement des
            affaires, reseau de vente, force de vente, forces de vente, responsable commercial*,
            directeur commercial, directrice commerciale, directeur des ventes, responsable des
            ventes, chef des ventes, chef de secteur commercial, partenariats commerciaux,
            ingenieur* commercial*, animateur* des ventes, direction commerciale, commercial* grands
            comptes
        """,
        3: """
            vente*, vendeu*, avant vente, venta, representant*, agent immobilier, clientele grands
            comptes, commercial |, commerciale*, commerciali, commerciaux, | commercial |, directeur
            commercial, responsable commercial, televend*, demonstrat*, encanteur*, commissaire
            priseur, partenariats, partenariat, reseau commercial, grands comptes,
            commercialisation, ventes, vente, reseaux de distribution, franchise
        """,
        1: "negoci*, comercio, commerce, comptoir, grossiste, magasin, negozio, immobilier*",
    },
    "marketing": {
        5: "operations marketing",
        4: """
            etude* de marche, etudes de marche, charge de communication, chargee de communication,
            relations publiques, relations presse, attache de presse, attachee de presse,
            webmarketing, redacteur publicitaire, concepteur redacteur, chef de marque, chef de
            publicite, redact* web, referencement, communication interne, relations medias,
            communication digitale, e commerce, mecenat et communication, affaires publiques et
            communication, collecte de fonds, levee de fonds solidaire, responsable crm, charge* de
            crm, chef* de projet crm, gestionnaire crm, directeur crm, directrice crm
        """,
        3: """
            mercatique, communication*, publicit*, marque, evenement*, evenementiel*, presse,
            promotion*, promocion*, relations exterieures, reseaux sociaux, *marketing*, porte
            parole, portavoz, creation de contenu, medias, mecenat, sponsoring, partenariats
            marques, redaction, contenus, image, notoriete, influence, editorial*, publicite
        """,
    },
    "engineering": {
        4: """
            ingenieur* logiciel*, ingenieur* qualite, ingenieur* de production, ingenieur* procede*,
            developpeu*, recherche et developpement, bureau d etude*, ingenieur* projet*, assistant
            d ingenieur, ingenieur* maintenance, directeur technique, automaticien*, projeteu*,
            metreu*, urbanist*, conducteu* de travaux, chef* de chantier, ingenieur* d etudes,
            bureau des methodes, bureau d etudes, essais et *, industrialisation, recherche et
            innovation, developpement produit, recherche developpement, direction technique,
            ingenierie produit, chef de projet r and d, genie civil
        """,
        3: """
            ingenieur*, travaux, essais, ingenierie, robotique, automatismes, conception mecanique,
            batiment, urbanisme, voirie, etudes techniques
        """,
        2: """
            logiciel*, programmat*, programmeu*, mecanique, electroni*, genie, architecte*,
            aeronauti*, robotique, robotica, dessinateur*, geometr*, geometre, testeur*, technicien
            d essai*, chantier, projeteur*
        """,
        1: "technicien*, technique",
    },
    "it": {
        4: """
            systeme* d information*, administrateur* systeme*, administrateur* reseau*,
            administrateur* crm, administrateur* salesforce, administrateur* erp,
            administrateur* sap, administrateur* base* de donnees, dsi, technologies de
            l information, architecte reseau*, ingenieur* systeme*, ingenieur* reseau*,
            base de donnees, bases de donnees, systemes informatiques, responsable
            informatique, chef de projet informatique, technicien informatique,
            architecte si, technologie* de l information, systeme d information,
            systemes d information, si |, | si, infrastructures et reseaux, systemes et
            reseaux, support informatique, parc informatique, exploitation informatique,
            applications metiers, etudes informatiques, numerique et systemes,
            infrastructure informatique, services informatiques, support applicatif
        """,
        3: """
            tic, ict, reseau, reseaux, informatiqu*, telecoms, telecommunications, infrastructures,
            systemes, progiciels, erp, sap, informatique, numerique et *, centre de donnees,
            telephonie
        """,
        1: "systeme, systemes, infrastructure*, applications",
    },
    "security": {
        5: """
            securite informatique, securite des systemes d information, cybersecurite, rssi, cyber*,
            securite des tic, securite de l information, securite des donnees, securite reseau*,
            pentest*, ssi, securite du si, securite numerique, cyberdefense, securite operationnelle
        """,
    },
    "product": {
        4: """
            chef de produit, chef de produits, cheffe de produit, responsable produit, responsable
            produits
        """,
        1: "produit, produits",
    },
    "finance": {
        4: """
            expert comptable, comptab*, controleu* de gestion, controle de gestion, control de
            gestion, auditeu* *, tresor*, fiscal*, daf, raf, commissaire aux comptes,
            administratif et financier, responsable administratif et financier,
            negociateur en actions, gestionnaire*
            de portefeuille*, gerant* de portefeuille*, facturi*, caissier* de banque, administrati*
            et financi*, relations investisseurs, affaires financieres, administrative et
            financiere, finances et budget, credit management, comptabilite fournisseurs,
            comptabilite clients, controle financier, controle interne comptable, tresorerie et
            financement, fusions et acquisitions, gestion comptable, consolidation |, paie et
            comptabilite, marches financiers
        """,
        3: """
            financ*, banque*, bancaire*, credit, credits, hypothe*, ipotec*, pret, prets, prestamo*,
            impot*, patrimoin*, investiss*, courtier*, recouvrement*, actuair*, agent de change,
            notation, consolidation, recouvrement, facturation, budget*, budgetaire, tresorerie,
            fiscal, fiscale, fiscalite, finances, financement*, comptable*, audit, investissements,
            recettes, depenses, regie, patrimoine financier, subventions, cout*, recette
        """,
        1: "assurances, risques, paie",
    },
    "hr": {
        5: "recrut*, charge de recrutement, selecteur*, formateur* entreprise",
        4: """
            ressources humaines, rh, drh, gestion du personnel, developpement des competences,
            relations sociales, remuneration*, gestion de personas, developpement rh, sirh, gpec,
            gepp, gpeec, qvt, qvct, qualite de vie au travail, marque employeur, capital humain,
            relations humaines, mobilite interne, administration du personnel, emploi et carrieres,
            emplois et competences, paie et administration, affaires sociales et rh, ressources
            humaines et *, dialogue social, remuneration et avantages, ingenierie de formation, paie
            et *, controleur de gestion sociale, culture d entreprise
        """,
        3: """
            personnel, talent*, remuneration*, diversite, inclusion, formation professionnelle,
            emploi, du personnel, recrutement, formation, talents, carrieres, competences,
            remunerations, rh, drh, rrh, apprentissage, mobilite
        """,
        2: "formation, formateu*, formator*",
    },
    "legal": {
        5: "clerc de notaire, charge* d affaires reglementaires, mediateur*",
        4: """
            avocat*, jurist*, juridi*, notaire*, huissier*, procureur*, magistrat*, juge, protection
            des donnees, conseiller juridique, greffier*, affaires juridiques, propriete
            intellectuelle, affaires reglementaires, droit social, droit des affaires, donnees
            personnelles, secretariat juridique, lutte anti blanchiment, affaires juridiques et *
        """,
        3: """
            conformite*, propriete intellectuelle, affaires reglementaires, contentieux,
            reglementaire*, contratos, contrats, juridique, conformite, reglementaire, droit,
            deontologie, compliance, vie privee, brevets
        """,
    },
    "procurement": {
        4: """
            acheteu*, achat, achats, approvisionn*, category manager, fournisseur*, marches publics,
            commande publique, achats publics, achat public, acheteur public, acheteuse publique,
            marches et achats, achats et marches, gestionnaire de marches, commande publique et *,
            achats et approvisionnements, qualite fournisseurs achats
        """,
        3: "achats, achat, acheteu*, approvisionnement*, sourcing, fournisseurs, marches, prcp",
    },
    "operations": {
        4: """
            logisti*, chaine logistique, supply chain, directeur d usine, directeur des operations,
            directeur de production, magasinier*, entrepot*, bodega, cariste*, chef d atelier,
            distribution, preparateu* de commandes, conducteu* de ligne*, conducteu* de machine*,
            conducteu* de presse*, conducteu* d installation*, affreteu*, agent de transit,
            declarant* en douane, ordonnanceu*, manutentionnaire*, mecanicien* de maintenance,
            agent* d exploitation, responsable* d exploitation, agent* de quai, amelioration
            continue, moyens generaux, services generaux, patrimoine bati, immobilier et moyens
            generaux, travaux et maintenance, excellence operationnelle, hygiene et securite,
            hygiene securite environnement, securite au travail, sante et securite, prevention des
            risques, qualite hygiene securite, qhse, qse, hse, gestion de production, gestion des
            stocks, commerce, gouvernante generale, reception d hotel, chef de reception,
            hebergement, restauration collective, parc automobile, ordonnancement et *, affretement,
            relation fournisseurs logistique, gouvernante general*, auditeu* qualite, inspecteu*
            qualite, controleu* qualite
        """,
        3: """
            tourneu*, fraiseu*, usineu*, ajusteu*, imprimeu*, relieur*, ordonnancement, flotte,
            batiments, exploitation, logistique, entrepot*, magasin central, production,
            fabrication, qualite, maintenance, planification, expeditions, transport*, distribution,
            stocks, prevention, environnement, etages, housekeeping, conditionnement, montage,
            patrimoine immobilier, espaces verts, proprete, dechets, operations, usine, lean
        """,
        2: """
            operation*, production, fabrication*, usine, qualite, maintenance, entretien,
            transport*, trasport*, distribuz*, montage, conditionn*, expedition*, expedicion*,
            operateur*, ouvrier*, planificateur*, services generaux, flotte, import export,
            machines, site industriel, projets, immobilier et *
        """,
        1: "projet, projets, industriel*, stock, exploitation, atelier, ateliers, methodes",
    },
    "customer_success": {
        4: """
            experience client*, relation client*, relation clientele, relations client*,
            satisfaction client*, fidelisation*, reussite client*, experience client, parcours
            client, fidelisation, satisfaction client
        """,
        1: "client, clients, clientele",
    },
    "data": {
        4: """
            scientifique des donnees, analyste de donnees, analyste donnees, ingenieur* donnees,
            data*, statistic*, statistiq*, statistici*, intelligence artificielle, ingenieur* data,
            architecte de donnees, aprendizaje automatico, ingenieur* en intelligence artificielle,
            ingenieur* ia, developpeu* bi, decisionnel*, informatique decisionnelle, gouvernance des
            donnees, analyse de donnees, data *, statistiques
        """,
        3: "donnees",
        1: "analyste*, analise",
    },
    "design": {
        4: """
            graphist*, grafist*, graphiqu*, directeur artistique, directrice artistique, directeur
            de creation, directeur creatif, designer*, styliste*, maquettiste*, illustrateu*,
            illustrator*, modelist*, architecte* d interieur*, scenograph*, costumier*, createu* de
            mode, createu* de bijoux, createu* de costume*, concepteu* de decors
        """,
        3: """
            infograph*, ergonome, decorat*, graphisme, creation, creations, artistique, design,
            infographie, maquettiste*, direction artistique
        """,
        2: "artist*, photograph*, fotograf*, design*",
    },
    "support": {
        5: "operations de support, operations support",
        4: """
            service client*, service clientele, centre d appel*, assistance technique, support
            technique, teleconseill*, teleoperat*, conseiller* client*, televendeur support, sav,
            service apres vente, hotliner*, support client*, centre d appels, centre de relation
            client, assistance clientele, hotline, accueil des usagers, relation usagers
        """,
        3: "apres vente, support, reclamations",
    },
    "admin": {
        5: """
            assistant* de direction, assistante de direction, attache* de direction, secretaire de
            direction, saisie de donnees, office manager, operateur de saisie, operat* de saisie,
            secretaire* medical*
        """,
        4: "adjoint* administrati*, assistant* administrati*, agent administrati*",
        3: """
            secretair*, administrativ*, administratif*, accueil, standardiste, reception,
            receptionn*, courrier, administration generale, affaires generales, archives,
            secretariat, etat civil, vie
        """,
        1: "administration generale, bureau",
        0: "assistant*, adjoint*, attache*, employe, employe de, employee de",
    },
    "executive": {
        3: """
            secretaire general, secretaire generale, directeur general des services, directrice
            generale des services, dgs, direction generale, maire
        """,
        1: """
            directeur general, directrice generale, pdg, president directeur general, administrateur
            delegue, direction generale, president du conseil d administration, entrepreneur,
            conseil d administration
        """,
    },
    "education": {
        5: """
            professeur*, enseignant*, educatric*, educateu*, formateur* en, instructeu*, moniteur*,
            maitre de conferences, pedagog*, lecteur d universite, instituteur*, institutric*,
            proviseur*, bibliothecaire*, assistant* d education, auxiliaire de creche
        """,
        4: """
            universit*, universidad*, universidade*, ecole*, enseignement*, education*, lycee,
            college, etudiant*, faculte, creche*, guarderia*, recteur, doyen, vie scolaire,
            bibliothecaire*, direction des etudes, directeur des etudes, directrice des etudes,
            affaires scolaires, formation initiale, scolarite, vie etudiante, inspecteur* de l
            education
        """,
        3: """
            pedagogique, pedagogie, scolaire, enseignement, scolaires, petite, creche,
            universitaire, education, ecole*, college, lycee
        """,
        2: "etudes",
    },
    "healthcare": {
        5: """
            medecin*, medico, infirmier*, chirurgi*, dentist*, pharmacien*, kinesither*, therapeut*,
            sage femme, aide soignant*, radiolog*, veterinair*, orthophon*, ergotherap*, dieteti*,
            opticien*, ambulanc*, psychiatr*, podolog*, osteopat*, medicos, psychomotric*, pediatr*,
            protesist*, prothesist*, audioproth*, assistant* dentaire*, brancardier*, anesthes*,
            masseu*, cardiolog*, biologist* medical*, assistant* de vie, auxiliaire* de vie, aide* a
            domicile, aide* medico
        """,
        4: """
            soins a domicile, cuidados a *, soins infirmiers, direction des soins, soins, urgences,
            sante au travail, sante publique, cadre de sante, medecine du travail, bloc operatoire,
            filiere gerontologique, personnes agees
        """,
        3: """
            hopital*, ospedal*, clinique*, sante, soins, etablissement de sante, biomedic*,
            hospital, hospitalier*, hospitalari*, hospitali*, hopital, infirmier*, medical,
            medicale, pharmacie, clinique, pediatrie, radiologie, chirurgie, psychiatrie,
            reanimation, patients, ehpad, medico
        """,
        2: "psycholog*, pharma*, medicale*, medicaux",
    },
    "other": {
        5: """
            journalist*, policier*, polici*, pompier*, agent de securite, chauffeur*, conducteur de
            bus, conducteur de train, militaire*, ministre du culte, traduct*, interprete*, douane*,
            douanier*, conducteu* routier*, ouvrier* agricole*, ouvrier* du batiment, assistant*
            social*, assistant* de service social, gendarm*, fonctionnaire penit*, surveillant*
            penit*
        """,
        4: "faux plafonds, convoyeu* de fonds, conservateu*",
        3: """
            cuisinier*, serveu*, barman, nettoy*, coiffeu*, jardinier*, boulanger*, menuisier*,
            plombier*, electricien*, mecanicien*, mecanic*, danse*, danza, musicien*, acteur*,
            agriculteu*, patissier*, boucher*, macon, macons, charpentier*, couvreur*, carreleu*,
            peintre*, livreu*, gardien*, pecheur*, viticult*, vigneron*, chanteu*, femme de chambre,
            gouvernante*, steward*, caissier*, facteur*, eboueur*, entraineur*, fleurist*,
            bijoutier*, cordonnier*, vitrier*, platrier*, ramoneu*, bucheron*, miner*, mineur*,
            sociolog*, historien*, archeolog*, archeologue*, matelot*, pretre*, plongeur*, portiere,
            conserje*, carrossier*, terrassier*, photojournal*, estheticien*, commis, croupier*,
            detectiv*, guide, pilote, cuisine, office de tourisme
        """,
        1: "consultant*, conseiller*",
        0: "brevet federal, agent de, agent d, agent des, agent du, agent en",
    },
}
