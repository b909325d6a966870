"""The French words of traits; see `title_traits` for what each kind of word means."""

from bg_orchestration.domain.titles.title_traits import TraitWord

TRAITS: dict[TraitWord, str] = {
    "silent": """
        en recherche, en recherche d emploi, en recherche active, en recherche d opportunites, a l
        ecoute du marche, a l ecoute d opportunites, en poste, sans emploi, demandeur d emploi,
        demandeuse d emploi, en reconversion, non renseigne, | salarie |, | salariee |, | employe |,
        | employee |, | collaborateur |, | collaboratrice |, membre de l equipe
    """,
    "gone": """
        en retraite, a la retraite, retraite |, retraitee |, en conge, conge parental, conge
        maternite, conge sabbatique, en disponibilite, honoraire |, jusqu en 20*, decede, conge de
        maternite, arret maladie
    """,
    "outside": """
        investisseu*, actionnaire*, conseil de surveillance, conseil d administration,
        administrateur independant, administratrice independante, | administrateur |, |
        administratrice |, censeur, commissaire aux comptes, auditeur externe, membre du conseil,
        comite consultatif, elu, elue, elus, conseiller municipal, conseillere municipale,
        conseiller departemental, conseiller regional, conseiller communautaire, adjoint au maire,
        adjointe au maire, depute, deputee, senateur, benevole*, president d honneur, tresorier de l
        association, president du conseil, presidente du conseil, membre du bureau
    """,
    "outside_always": """
        independant |, independante |, freelance*, auto entrepreneu*, autoentrepreneu*, consultant
        independant, consultante independante, prestataire*, consultant externe, agent commercial,
        agente commerciale, agent general d assurance*, courtier*, apporteu* d affaires, travailleur
        independant, mandataire immobilier, agent immobilier, conseil independant, auditeur legal
    """,
    "adviser": "consultant*, conseil |, conseiller |, conseillere |, coach |, mentor",
    "learner": """
        stagiaire*, en stage, stage en, stage de, | stage |, alternant*, alternance, en alternance,
        apprenti, apprentie, apprentis, etudiant*, contrat de professionnalisation, contrat d
        apprentissage, service civique, doctorant*, interne en medecine, eleve avocat, eleve
    """,
    "teaches": """
        maitre de stage, responsable des stages, responsable alternance, responsable des alternants,
        charge de l apprentissage, tuteur, service des etudiants, vie etudiante, relations etudiants
    """,
    "gatekeeper": """
        secretaire, secretaires, secretariat, assistant de direction, assistante de direction,
        assistant direction, assistante direction, assistant du *, assistante du *, assistante de la
        direction, assistante de la presidence, assistant de la direction, assistante pdg,
        assistante dg, standardiste*, agent d accueil, agente d accueil, hote d accueil, hotesse d
        accueil, hotesse, charge d accueil, chargee d accueil, accueil |, receptionniste*,
        telephoniste*, attache de direction, attachee de direction, assistant personnel, assistante
        personnelle, office manager assistante, assistante executive
    """,
    "keeps_no_gate": """
        secretaire general*, secretaires generaux, secretaire medical*, secretaire d etat,
        secretaire de mairie, secretaire du cse, secretaire du comite, secretaire federal*,
        secretaire perpetuel, secretariat general
    """,
    "deputy": "vice, sous, co |",
    "deputy_behind": "adjoint, adjointe, adjoints, delegue adjoint, suppleant, suppleante",
    "deputy_fused": """
        sous directeur*, sous directrice*, sous chef de *, adjoint au directeur, adjointe au
        directeur, adjoint du directeur, adjointe du directeur, adjoint a la directrice, adjointe a
        la directrice, adjoint au chef, adjointe au chef, adjoint au responsable, adjointe au
        responsable, adjoint de direction, adjointe de direction, vice doyen*, vice recteur, adjoint
        a la direction
    """,
    "no_deputy": """
        vice president*, adjoint administratif, adjointe administrative, adjoint technique
    """,
    "part": """
        region, regions, regional, regionale, secteur, zone, zones, territorial, territoriale,
        departemental, departementale, agence, agences, succursale, filiale, site, usine, branche,
        division, business unit, ligne de produits, gamme, nord, sud, est, ouest, sud est, sud
        ouest, ile de france, idf, grand est, paca, france, europe, export, dom tom, afrique,
        maghreb, benelux, suisse, belgique, paris, lyon, marseille, lille, bordeaux, magasin,
        boutique, etablissement, pole, antenne, quartier, district, grands comptes, secteur public,
        b2b, b2c, local, locale, chantier
    """,
    "whole": """
        groupe, siege, national, nationale, central, centrale, international, internationale, monde,
        site web, sites web, conseil regional, conseil departemental, commerce exterieur, directeur
        d usine, directeur de site, directeur d agence, directeur d etablissement, gestion de site
    """,
    "unit": "operations, operationnel*, excellence",
    "process": """
        administrateur*, administratrice*, sirh, systemes rh, systemes d information rh,
        sirh *, erp, sap, crm, processus, proprietaire de processus, pilote de processus,
        responsable outils, outils, administration des ventes, adv, methodes,
        automatisation, efficacite commerciale, amelioration continue, excellence
        operationnelle, referent *, referente *, key user, operations commerciales,
        operations de vente, operations des ventes, operations marketing, operations
        support, operations de support, informatique medicale, chef de projet sirh, moa,
        maitrise d ouvrage, amoa, transformation, digitalisation, support applicatif,
        workflow*, data steward*
    """,
    "employee_representative": """
        cse, comite social et economique, comite d entreprise, comite social, delegue syndical,
        deleguee syndicale, delegue du personnel, deleguee du personnel, delegues du personnel,
        representant du personnel, representante du personnel, representant syndical, representant
        des salaries, secretaire du cse, elu cse, elue cse, elu du personnel, chsct, cssct,
        syndicaliste, permanent syndical, administrateur salarie
    """,
    "data_protection": """
        dpo, protection des donnees, delegue a la protection des donnees, rgpd, donnees
        personnelles, vie privee
    """,
    "public_buyer": """
        commande publique, marches publics, achats publics, acheteur public, acheteuse publique,
        appels d offres public*, marches et contrats, prcp, achat public
    """,
    "runs": """
        pdg, president directeur general, presidente directrice generale, directeur general*,
        directrice general*, dg, dga, dgs, directeur general des services, directrice generale des
        services, gerant, gerante, gerants, co gerant*, cogerant*, | directeur |, | directrice |,
        chef d entreprise, dirigeant*, fondateu*, fondatric*, maire, mairesse, secretaire general*,
        secretaire de mairie, proviseur*, principal de college, principale de college, directeur d
        ecole, directrice d ecole, directeur d etablissement, directrice d etablissement, directeur
        d hopital, directeur d hotel, directrice d hotel, directeur de l hotel, directeur du musee,
        directeur de musee, directeur du theatre, avocat associe gerant, associe gerant, notaire
        associe, membre du directoire, president du directoire, directeur executif, directrice
        executive, directeur de cabinet d avocats, administrateur general, administratrice generale,
        bourgmestre, directeur d association, directeur du ccas, directrice du ccas, exploitant*,
        proprietaire*, directeur de l ehpad, directeur d ehpad, recteur, rectrice, prefet, prefete,
        | president |, | presidente |, president et *, president de la societe, presidente de la
        societe, delegue general, deleguee generale, directeur de federation
    """,
    "chief_of_staff": """
        directeur de cabinet, directrice de cabinet, chef de cabinet, cheffe de cabinet, chief of
        staff, directeur du cabinet
    """,
    "prospecting": """
        developpement commercial, developpement des affaires, business development*, business
        developer*, business developpeu*, prospect*, teleprospect*, partenariat*, alliances,
        nouveaux clients, nouvelles affaires, conquete, chasseur, developpeu* commercial*
    """,
    "account_keeper": """
        grands comptes, grand compte, responsable de compte*, charge de compte*, chargee de compte*,
        directeur de compte*, directrice de compte*, charge de clientele, chargee de clientele,
        gestionnaire de clientele, conseiller clientele, conseillere clientele, key account*,
        account manager*, suivi client*, fidelisation, customer success*
    """,
    "front_line": """
        vendeu*, commercial |, commerciale |, | commercial, | commerciale, technico commercial*,
        attache commercial, attachee commerciale, delegue* commercial*, delegue* medical*, visiteu*
        medical*, conseiller de vente, conseillere de vente, conseiller commercial, charge d
        affaires, chargee d affaires, ingenieur commercial, ingenieur* d affaires, avant vente,
        infirmier*, infirmiere*, aide soignant*, medecin*, docteur, chirurgien*, dentiste*,
        pharmacien*, sage femme*, kinesitherapeute*, psychologue*, ambulancier*, enseignant*,
        professeu*, instituteur, institutrice, educateur*, educatrice*, animateur*, animatrice*,
        formateur, guichetier*, caissier*, caissiere*, hote de caisse, hotesse de caisse, conseiller
        bancaire, conseillere bancaire, serveu*, cuisinier*, barman, femme de chambre, agent d
        entretien, agent de menage, chauffeur*, conducteu*, livreu*, magasinier*, cariste*,
        manutentionnaire*, operateur*, operatrice*, ouvrier*, ouvriere*, soudeu*, electricien*,
        mecanicien*, plombier*, technicien*, monteur*, agent de securite, gardien*, vigile,
        teleconseiller*, teleconseillere*, conseiller client*, charge de clientele, hotline,
        assistance telephonique, agent administratif, agent, agents, policier*, pompier*, militaire,
        travailleur social, travailleuse sociale, assistant social, assistante sociale, assistant de
        service social, aide a domicile, aide menagere, saisie, employe de *, employee de *, commis,
        matelot*, hotesse de l air
    """,
    "desk": "conformite, compliance, gouvernance",
    "interim": "par interim, interimaire, interim",
}

SERVICE: dict[str, str] = {
    "assistant": "assistant*, secretair*",
    "servant": """
        conseiller*, adjoint*, attache*, secretariat, directeur de cabinet, directrice de cabinet,
        chef de cabinet
    """,
    "towards": "de, du, des, a, au, aux, la, le, l, d",
    "past": "ancien, ancienne, ex, anciennement",
    "retired": "retraite, retraitee",
    "present": "actuellement, maintenant, aujourd",
    "until": "jusqu",
    "was": "etait",
    "programme": "academie, cercle, coach, recruteur, recruteuse",
    "wish": "futur, future, aspirant, aspirante, en recherche de, recherche poste de",
    "search": """
        a la recherche d, a la recherche de, en recherche d, en recherche de, recherche, cherche
    """,
}
