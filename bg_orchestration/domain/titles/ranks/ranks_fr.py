"""The French words of rank; see `ranks` for the order and the look-alikes."""

from bg_orchestration.domain.model import Seniority

RANKS: dict[Seniority, str] = {
    "owner": """
        proprietaire*, associe fondateur, associe gerant, chef d entreprise, entrepreneur,
        entrepreneuse, autoentrepreneur*, fondateu*, fondatric*, cofondateu*, cofondatric*,
        directeur associe, directrice associee, avocat associe, avocate associee, avocats associes,
        notaire associe, notaire associee, expert comptable associe, expert comptable associee, |
        associe |, | associee |, associe senior, exploitant agricole
    """,
    "c_suite": """
        ceo, cto, president, directeur general, directrice generale, directeur general adjoint, pdg,
        dg, president directeur general, presidente directrice generale, presidente, directeur
        executif, gerant, gerante, membre du directoire, administrateur delegue, administrateur
        general, subdirectora general, secretaire general*, directeur general des services,
        directrice generale des services, dgs, dga, dgsa, maire, mairesse, prefet, prefete, delegue
        general, deleguee generale
    """,
    "vp": "vice presidente",
    "director": """
        directeur, directrice, directeurs, directeur adjoint, sous directeur, dsi, drh, daf, raf,
        rssi,
        codirecteur, directeur des, proviseur, doyen, chef de departement, directeur technique,
        *directeur, recteur, proviseure, principal de college, principale de college, principal du
        college, principal adjoint, principale adjointe, proviseur adjoint, proviseure adjointe
    """,
    "manager": """
        responsable, responsables, chef d equipe, chef de service, chef de chantier, chef de rayon,
        chef d atelier, chef de cuisine, chef des ventes, gerant de magasin, cadre, encadrant,
        manageur, manageuse, contremaitre, superviseur, superviseuse, chef comptable, conducteur de
        travaux, chef de secteur, chef de bureau, chef de groupe, gerant de *, maitre d hotel, chef
        de, chef d, chef des, chef du, cheffe *, chef magasinier, chef mecanicien, chef electricien,
        chef adjoint, chef operateur, chefs de, chef section, resp, chef service *, chef bureau,
        chef departement, chef division, chef section *, cheffe service *, gouvernante generale
    """,
    "senior": "principal, confirme, confirmee, experimente, experimentee",
    "individual": """
        chef de projet, cheffe de projet, chef de projets, chefs de projet, chef de produit, chef de
        produits, cheffe de produit, chef de marque, chef de programme, chef de partie, chef de
        rang, chef de publicite, chef de cabine, chef cuisinier, chef monteur, responsable de
        cuentas, responsable de compte, responsable de comptes, responsable grands comptes,
        responsable de projet, responsable projet, responsable produit, manager de transition,
        secretaire de direction, assistant de direction, assistante de direction, attache de
        direction, attachee de direction, adjoint administratif, adjointe administrative, conseiller
        principal d education, conseillere principale d education, adjoint administratif principal*,
        adjointe administrative principale*, adjoint technique principal*, redacteur principal*,
        redactrice principale*, attache principal*, attachee principale*, technicien principal*,
        agent principal*, adjoint d animation principal*, elu cse, elue cse, secretaire du cse,
        secretaire medical*, president d honneur
    """,
    "entry": """
        junior, junior*, stagiaire*, en stage, stage en, stage de, | stage |, alternant*,
        alternance, apprenti, apprentie, apprentis, etudiant*, contrat de professionnalisation,
        debutant*, service civique
    """,
}

# The rank of these counts otherwise in a purchase.
COUNTS: dict[Seniority, str] = {
    "director": """
        rssi, responsable de la securite des systemes d information, responsable securite des
        systemes d information, daf, drh, dsi, rssi
    """,
}
