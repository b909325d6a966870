"""The Dutch words of rank; see `ranks` for the order and the look-alikes."""

from bg_orchestration.domain.model import Seniority

RANKS: dict[Seniority, str] = {
    "owner": """
        eigenaar, eigenares, oprichter, medeoprichter, vennoot, dga, *eigenaar, *eigenares,
        eigenaresse, mede eigenaar, ondernemer, onderneemster, directeur grootaandeelhouder
    """,
    "c_suite": """
        ceo, algemeen directeur, bestuursvoorzitter, voorzitter, bestuurder, zaakvoerder,
        gedelegeerd bestuurder, directievoorzitter, directeur bestuurder, lid raad van bestuur,
        adjunct algemeen directeur, gemeentesecretaris, stadssecretaris, provinciesecretaris,
        burgemeester, secretaris generaal, secretaris directeur, raad van bestuur
    """,
    "director": """
        rector, directeur, hoofd, *hoofd, adjunct directeur, decaan, afdelingshoofd, sectorhoofd,
        *directeur, vicerector*, it chef, diensthoofd*, hfd
    """,
    "manager": """
        manager, *manager, teamleider, ploegleider, groepsleider, leidinggevende, bedrijfsleider,
        filiaalleider, vestigingsleider, filiaalmanager, teammanager, voorman, ploegbaas,
        bureauhoofd, hoofdverpleegkundige, magazijnchef, afdelingschef, *leider
    """,
    "senior": "senior, hoofdarchitect, hoofdingenieur",
    "individual": """
        accountmanager, *accountmanager, communitymanager, channelmanager, partnermanager,
        projectmanager, productmanager, projectleider, relatiemanager, casemanager,
        evenementenmanager, management assist*, managementassist*, bestuurssecretaris,
        directiesecret*, directieassist*, directie, producteigenaar, proces eigenaar,
        proceseigenaar, *projectleider, begeleider, *begeleider, reisleider, cursusleider,
        spelleider, opleider, programmamanager, lerarenopleider, praktijkopleider, bedrijfsopleider,
        voorzitter ondernemingsraad, voorzitter or, or voorzitter, voorzitter raad van
        commissarissen, voorzitter raad van toezicht, ocmw voorzitter, loco secretaris
    """,
    "entry": """
        junior, junior*, stagiair*, leerling*, afstudeer*, bijbaan, werkstudente, starter, startende
    """,
}
