"""The Portuguese words of rank; see `ranks` for the order and the look-alikes."""

from bg_orchestration.domain.model import Seniority

RANKS: dict[Seniority, str] = {
    "owner": """
        fundador*, cofundador*, socio fundador, proprietari*, dono, dona, socio gerente, socio
        proprietario, empresario, empresaria, | socio |, | socia |, socio administrador, socia
        administradora, advogado socio, advogada socia, socio advogado, socia advogada
    """,
    "c_suite": """
        ceo, presidente, diretor geral, diretora geral, diretor presidente, diretora presidente,
        diretor executivo, administrador delegado, administradora delegada, director financeiro
        executivo, conselheiro delegado, diretora executiva, presidente executivo, administradora
        unica, conselheira delegada, secretario geral, secretaria geral, prefeito, prefeita,
        presidente da camara
    """,
    "vp": "vice presidente",
    "director": """
        rector, diretor, diretora, diretores, vice diretor, reitor, reitora, vice diretora,
        secretario municipal de *, secretaria municipal de *, secretario estadual de *, secretaria
        estadual de *
    """,
    "manager": """
        supervisor, *supervisor, gerente, supervisora, lider de *, chefe, encarregad*, lider de
        equipe, lider de time, supervisor*, mestre de obras, chefe de equipa, chefe de equipe,
        gestor de equipe, gestor de equipa, responsavel, responsaveis, gerente de contas a *, resp,
        ger, ger de *, enc de *, governanta executiva, governanta geral
    """,
    "senior": "sr",
    "individual": """
        gerente de contas, gerente de conta, gerente de projetos, gerente de projeto, gerente de
        produto, gerente de produtos, gerente de relacionamento, gestor de projetos, chefe de
        projeto, chefe de projetos, dono do produto, presidente do conselho fiscal, presidente do
        sindicato, presidente da cipa
    """,
    "entry": "aprendiz, estagiari*, estagio, jovem aprendiz, menor aprendiz, estudante, formando",
}

# The rank of these counts otherwise in a purchase.
COUNTS: dict[Seniority, str] = {
    "manager": "coordenador*",
}
