"""The Portuguese words of traits; see `title_traits` for what each kind of word means."""

from bg_orchestration.domain.titles.title_traits import TraitWord

TRAITS: dict[TraitWord, str] = {
    "silent": """
        em busca de recolocacao, em recolocacao, em transicao de carreira, em busca de
        oportunidade*, buscando recolocacao, disponivel para o mercado, disponivel, desempregad*, a
        procura de emprego, nao informado, | funcionario |, | funcionaria |, | colaborador |, |
        colaboradora |, | empregado |, | empregada |, membro da equipe, membro da equipa
    """,
    "gone": """
        aposentad*, reformad*, em licenca, licenca maternidade, de licenca, emerito, emerita, ate
        20*, desligad*, licenca de maternidade, licenca parental
    """,
    "outside": """
        investidor*, acionista*, conselheiro |, conselheira |, conselheiro independente, conselheira
        independente, conselheiro de administracao, conselheira de administracao, membro do
        conselho, membro independente, conselho fiscal, conselho consultivo, conselho de
        administracao, presidente do conselho, conselheiro fiscal, vogal |, vereador*, deputad*,
        senador*, auditor externo, auditora externa, revisor oficial de contas, roc |, voluntari*,
        presidente honorario, curador*, administrador nao executivo, administradora nao executiva
    """,
    "outside_always": """
        autonomo, autonoma, freelance*, consultor externo, consultora externa, consultor
        independente, consultora independente, trabalhador independente, profissional liberal,
        representante comercial autonomo, agente de seguros, mediador* de seguros, corretor*,
        prestador de servicos, mei |, consultor associado, agente imobiliari*
    """,
    "adviser": "consultor, consultora, consultores, assessor, assessora, coach |, mentor, mentora",
    "learner": """
        estagiari*, estagio |, estagio em *, | estagio, jovem aprendiz, menor aprendiz, aprendiz,
        aprendizes, trainee*, estudante*, formando, formanda, doutorand*, mestrand*, bolsista*,
        residente |, recem formad*, praticante*
    """,
    "teaches": """
        programa de estagio, programas de estagio, programa de aprendizagem, assuntos estudantis,
        assistencia estudantil, apoio ao estudante
    """,
    "gatekeeper": """
        secretaria, secretario, secretarias, secretaria executiva, secretario executivo, assistente
        executiv*, assistente de diretoria, assistente de direcao, assistente da presidencia,
        assistente pessoal, assistente da diretoria, assistente do *, recepcionista*, rececionista*,
        recepcao |, rececao |, telefonista*, porteiro*, porteira*, auxiliar de recepcao
    """,
    "keeps_no_gate": """
        secretario geral, secretaria geral, secretario municipal, secretaria municipal, secretario
        municipal *, secretario de estado, secretaria de estado, secretario estadual, subsecretari*,
        secretario adjunto, secretario do conselho, secretario de saude, secretario de educacao,
        secretario da *, secretario de *, secretario academico, secretaria escolar
    """,
    "deputy": "vice, sub, adjunto do, adjunta do",
    "deputy_behind": "adjunto, adjunta, adjuntos, substituto, substituta, suplente",
    "deputy_fused": """
        subdiretor*, subgerente*, subchefe*, vicediretor*, vice diretor*, vice reitor*, pro reitor*,
        subsecretari*, subcoordenador*, subprefeit*, vice prefeit*, viceprefeit*
    """,
    "no_deputy": "vice presidente, vice presidenta, professor adjunto, professora adjunta",
    "part": """
        regiao, regioes, regional, regionais, zona, territorial, distrital, filial, filiais,
        agencia, sucursal, unidade, unidade de negocio*, divisao, divisional, linha de produto*,
        segmento, setor, planta, fabrica, loja, lojas, norte, sul, leste, oeste, nordeste, noroeste,
        sudeste, centro oeste, sao paulo, rio de janeiro, minas gerais, parana, brasil, portugal,
        lisboa, porto, europa, latam, america latina, cone sul, exportacao, distrito, local, grandes
        contas, contas chave, setor publico, canal, canais, internacional, pais, obra, campus, polo
    """,
    "whole": """
        grupo, corporativ*, central, geral, nacional, global, gerente de planta, diretor de planta,
        gerente industrial, gerente de unidade, gerente de loja, diretor de unidade, comercio
        exterior, comercio internacional, unidade de saude
    """,
    "unit": "operacoes, excelencia",
    "process": """
        administrador de sistema*, administradora de sistema*, administrador de redes, administrador
        de banco de dados, sistemas de rh, erp, sap, crm, totvs, processos, dono do processo,
        responsavel de processos, melhoria continua, excelencia operacional, excelencia comercial,
        inteligencia comercial, operacoes comerciais, operacoes de vendas, ferramentas, automacao,
        digitalizacao, transformacao, usuario chave, key user, informatica medica, informatica em
        saude, o e m, organizacao e metodos, metodos, hris, people analytics, dados mestres,
        backoffice comercial, gestao do conhecimento
    """,
    "employee_representative": """
        comissao de trabalhadores, delegad* sindical, dirigente sindical, representante dos
        trabalhadores, representante sindical, representante dos empregados, sindicalista,
        sindicato, membro da cipa, presidente da cipa, cipeiro*, presidente do sindicato
    """,
    "data_protection": """
        encarregad* de dados, encarregad* de protecao de dados, encarregad* da protecao de dados,
        encarregad* pelo tratamento de dados, protecao de dados, dpo, privacidade, lgpd, rgpd, epd,
        dados pessoais
    """,
    "public_buyer": """
        licitacao, licitacoes, pregoeir*, contratacao publica, contratacoes publicas, compras
        publicas, comissao de licitacao, aprovisionamento publico, agente de contratacao, concursos
        publicos, contratos e licitacoes
    """,
    "runs": """
        diretor geral, diretora geral, diretor presidente, diretora presidente, diretor executivo,
        diretora executiva, presidente executivo, presidente executiva, administrador delegado,
        administradora delegada, administrador executivo, conselheiro delegado, superintendente
        geral, socio gerente, socia gerente, socio administrador, socia administradora, socio
        diretor, socia diretora, socio proprietario, socia proprietaria, socio fundador, socia
        fundadora, | socio |, | socia |, proprietari*, fundador*, cofundador*, empresari*, gerente
        geral, gerencia geral, diretor de unidade, prefeito, prefeita, presidente da camara, reitor,
        reitora, diretor escolar, diretora escolar, diretor de escola, diretora de escola, diretor
        da escola, diretora da escola, diretor de instituicao educacional *, gerente de hotel,
        diretor de hotel, diretora de hotel, diretor do hotel, diretor de museu, diretor do museu,
        diretor do hospital, diretor hospitalar, administrador hospitalar, administradora
        hospitalar, secretario geral, secretaria geral, provedor, provedora, | diretor |, | diretora
        |, | administrador |, | administradora |, | superintendente |, | dono |, | dona |, |
        presidente |, | presidenta |, presidente e *
    """,
    "chief_of_staff": """
        chefe de gabinete, diretor de gabinete, diretora de gabinete, chefe do gabinete
    """,
    "prospecting": """
        desenvolvimento de negocios, novos negocios, novos clientes, prospeccao, parcerias,
        parceiros, aliancas, hunter, pre vendas, sdr, bdr, business development*, inside sales,
        captacao de clientes, expansao
    """,
    "account_keeper": """
        executiv* de contas, executiv* de conta, gerente de contas, gerente de conta, gestor* de
        contas, gestor* de conta, key account*, kam, grandes contas, contas chave, gerente de
        relacionamento, gestor de clientes, farmer, sucesso do cliente, customer success*, account
        manager*, carteira de clientes
    """,
    "front_line": """
        vendedor*, balconista*, atendente*, promotor*, representante comercial, representante de
        vendas, consultor de vendas, consultora de vendas, consultor comercial, consultora
        comercial, executiv* de vendas, assistente de vendas, tecnico comercial, propagandista*,
        enfermeir*, tecnic* de enfermagem, auxiliar de enfermagem, medico, medica, doutor, doutora,
        cirurgi*, dentista*, farmaceutic*, fisioterapeuta*, psicolog*, professor*, docente*,
        educador*, monitor*, instrutor*, caixa, operador* de caixa, bancari*, garcom, garconete,
        cozinheir*, empregado de mesa, faxineir*, auxiliar de limpeza, servente, motorista*,
        entregador*, estafeta, almoxarife*, conferente*, operador*, operadora*, operari*, soldador*,
        eletricista*, mecanic*, encanador*, pedreir*, montador*, tecnico |, vigilante*, vigia*,
        seguranca |, operador de telemarketing, teleoperador*, operador call center, sac |,
        auxiliar*, escriturari*, administrativo |, agente, agentes, policial*, bombeir*, assistente
        social, cuidador*, comissari* de bordo, digitador*, marinheir*
    """,
    "desk": "conformidade, compliance, governanca",
    "interim": "interino, interina, em exercicio",
}

SERVICE: dict[str, str] = {
    "assistant": "assistente*, secretari*",
    "servant": "assessor*, adjunto, adjunta, auxiliar, secretariado, chefe de gabinete",
    "towards": "de, do, da, dos, das, a, ao",
    "past": "antigo, antiga, ex, anterior",
    "retired": "aposentado, aposentada, reformado, reformada, emerito, emerita",
    "present": "agora, atualmente, hoje",
    "until": "ate",
    "was": "foi",
    "awaited": "eleito, eleita, indigitado, indigitada",
    "programme": "programa, academia, forum, circulo",
    "wish": "futuro, futura, aspirante a",
    "search": """
        a procura de, em busca de, procuro, buscando, procurando
    """,
}
