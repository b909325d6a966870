"""The Portuguese words of function. Tiers as in `functions`."""

from bg_orchestration.domain.model import Function

FUNCTIONS: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            executivo de contas, executiva de contas, gerente de contas, gerente de conta,
            desenvolvimento de negocios, agente imobiliari*, mediador imobiliari*, corretor* de
            imoveis, corretor* imobiliari*, atendente de loja, balconista*, agente de vendas,
            grandes contas, gerente de vendas, diretor comercial, diretora comercial, gerente
            comercial, coordenador comercial, analista comercial, supervisor de vendas, inteligencia
            comercial
        """,
        3: """
            vendedor*, comercial, comerciales, vendas, comercial*, pre vendas, promotor* de vendas,
            representant*, negociador*, leiloeir*, parcerias, canais, alianças, aliancas, novos
            negocios, forca de vendas, clientes corporativos, grandes contas, expansao comercial,
            vendas e *, relacionamento comercial, ponto de venda
        """,
        1: "imobiliari*, loja, lojas",
    },
    "marketing": {
        4: """
            relacoes publicas, assessor de imprensa, assessora de imprensa, redator* publicitari*,
            midias sociais, redes sociais, inteligencia de mercado, pesquisa de mercado, comunicacao
            interna, endomarketing, comercio eletronico, e commerce, captacao de recursos, captador*
            de recursos, * de crm, crm manager
        """,
        3: """
            comunicacao, publicit*, publicidade*, eventos, imprensa, campagne*, redes sociales,
            *marketing*, porte parole, portavoz, conteudo, midia, imagem, patrocinio*, divulgacao,
            relacoes publicas, branding, audiovisual, redes sociais, propaganda, assessoria de
            imprensa, cerimonial
        """,
    },
    "engineering": {
        4: """
            desenvolvedor*, pesquisa e desenvolvimento, diretor tecnico, mestre de obras, analista
            de testes, automacao industrial, qualidade de software, pesquisa desenvolvimento e
            inovacao, p and d, pesquisa e inovacao, projetos de engenharia, engenharia de produto,
            obras civis
        """,
        3: """
            engenh*, obras, testes, automacao, mecatronica, construcao civil, edificacoes,
            urbanismo, robotica, fiscal de obras
        """,
        2: """
            programador*, mecanico industrial, electromecani*, electrotechni*, projetista,
            constructeur*, probador*, desenhist*, desenhador*, arquitet*
        """,
        1: "tecnic*",
    },
    "it": {
        4: """
            sistemas de informacao, administrador* de redes, tecnologia da informacao, banco de
            dados, engenheir* de redes, engenheir* de sistemas, analista de infraestrutura,
            especialista em infraestrutura, tecnologia* da informacao, suporte de ti, suporte a ti,
            infraestrutura de ti, desenvolvimento de sistemas, gerente de rede, gerente de redes,
            gerente de informatica, analista de redes, administrador* de rede*, analista de
            sistema*, sustentacao de sistemas, aplicacoes corporativas, suporte tecnico de
            tecnologia da informacao, suporte tecnico de ti, tecnico de infraestrutura
        """,
        3: """
            ti, redes, informatic*, rede, aplicacoes, servidores, infraestrutura, telecomunicacoes,
            telecom, helpdesk, sistemas de gestao
        """,
    },
    "security": {
        5: """
            ciber*, seguranca da informacao, seguranca informatica, seguranca cibernetica, analista
            de seguranca, seguranca de ti, seguranca de tecnologia da informacao, ciberseguranca,
            seguranca digital, seguranca logica
        """,
    },
    "product": {
        4: """
            gerente de produto, gerente de produtos, gestor de produto, proprietario do produto,
            dono do produto
        """,
        3: "produto, produtos, produtos digitais",
        1: "produto, produtos",
    },
    "finance": {
        4: """
            contabil*, auditor*, fiscal*, analista de risco*, analista de cobranca, tecnico de
            contas, contas a pagar, contas a receber, administrativo e financeiro, caixa bancari*,
            controladoria, gerente de contas a *, contraloria, controlo de gestao, relacoes com
            investidores, relacao com investidores, administrativo financeir*, administrativa
            financeira, administrativa e financeira, planejamento financeiro, planeamento
            financeiro, planejamento tributario, prestacao de contas, recuperacao de credito*,
            mercado de capitais, risco de credito, caixa e bancos, operador* de leasing
        """,
        3: """
            financ*, bancari*, banco, credito, investiment*, bourse, faturament*, cuentas por pagar,
            cuentas por cobrar, valores, tributari*, tesouraria, tesoureir*, atuari*, cobranca*,
            contas, faturacao, faturamento, orcamento*, orcamentari*, custos, arrecadacao, tributos,
            fisco, fiscal, cobranca, controladoria, controller, investimentos, patrimonio,
            pagamentos, receitas, fundos, cambio, emprestimos, economic*, fazenda, riscos
            financeiros
        """,
        1: "assurance",
    },
    "hr": {
        5: "recrut*, aquisicao de talentos",
        4: """
            recursos humanos, rh, gestao de pessoas, tecnic* de formacao, cargos e salarios,
            departamento pessoal, recrutamento, gente e gestao, gente e cultura, gente e
            performance, gente gestao e *, gestao de gente, gente e *, desenvolvimento humano,
            desenvolvimento humano e organizacional, desenvolvimento organizacional, relacoes
            trabalhistas, relacoes de trabalho, relacoes laborais, capital humano, clima
            organizacional, formacao profissional interna, seguranca social e salarios, saude
            ocupacional e pessoas, pessoas e cultura, cultura e pessoas, administracao de pessoal,
            beneficios, marca empregadora, atracao de talentos, qualidade de vida no trabalho,
            business partner de rh, cultura organizacional, cultura corporativa
        """,
        3: """
            pessoal, diversidade, remuneracao, beneficios, treinamento, gente, pessoas, talento,
            talentos, formacao, capacitacao, treinamento*, trabalhista, cargos e salarios, selecao,
            dp |, rh, dho, t and d, carreira*
        """,
        2: "pessoas, personas",
    },
    "legal": {
        5: """
            mediador*, promotor de justica, oficial de justica, solicitador*, tabelia*, defensor
            public*, protecao de dados
        """,
        4: """
            advogad*, jurist*, juridi*, juridic*, notari*, juiz, protecao de dados, encarregad* de
            dados, encarregad* de protecao de dados, encarregad* pelo tratamento de dados, assuntos
            juridicos, propriedade intelectual, prevencao a lavagem, relacoes regulatorias
        """,
        3: """
            conformidade, assuntos regulatorios, brevet*, patentes, direito, privacidade,
            contencioso, lgpd, regulatorio*, regulatorios, contratos e juridico, consultivo,
            integridade
        """,
    },
    "procurement": {
        4: """
            comprador*, compras, compra, buyer, suprimentos, proveedor*, fornecedor*, licitac*,
            compras publicas, contratacao publica, contratacoes publicas, pregoeir*, licitacoes e
            contratos, contratos e licitacoes, gestao de fornecedores, desenvolvimento de
            fornecedores, suprimentos e *, agente de contratacao, comissao de licitacao,
            relacionamento com fornecedores
        """,
        3: """
            aquisicoes, contratacoes, contratacao, licitacao, licitacoes, suprimentos,
            aprovisionamento*, fornecedores, fornecimento*, compras
        """,
    },
    "operations": {
        4: """
            logisti*, cadeia de suprimentos, almoxarif*, armazem, despachant* aduaneir*, mecanic* de
            manutencao, analista de pcp, fiel de armazem, analista de projetos, pcp, seguranca do
            trabalho, saude e seguranca, higiene e seguranca, seguranca e saude no trabalho,
            melhoria continua, comercio exterior, servicos gerais, planejamento de demanda,
            planejamento e controle da producao, controle de producao, controle de qualidade,
            garantia da qualidade, gestao da qualidade, gestao de frota*, excelencia operacional,
            meio ambiente e *, sesmt, comercio internacional, auditor* de qualidade, auditor* de
            processos, inspetor* de qualidade, governanta executiva, governanta geral
        """,
        3: """
            torneir*, impressor*, encadernad*, embalador*, embalaje*, expedidor*, separador*,
            conferent*, estoquist*, ferramenteir*, repositor*, prensist*, processos, frota,
            instalacoes, expedicao, comex, aduan*, manufatura, estoques, materiais, insumos,
            facilities, zeladoria, turno, armazenagem, armazenamento, transporte*, distribuicao,
            predial, governanca hoteleira, hospedagem, hotelaria, recepcao de hotel, alimentos e
            bebidas, producao, fabrica, planeamento, planejamento, montagem, cais, porto, oficina
            mecanica
        """,
        2: """
            operacoes, producao, fabrica, qualidade, manutencao, transport*, trasport*, distribuz*,
            distribuicao, montagem, operari*, operador*, maquinas, estoque*, expedicao, meio
            ambiente, ambiental, obra, rotas, abastecimento, seguranca alimentar
        """,
        1: "projetos, industrial*, planejamento",
    },
    "customer_success": {
        4: """
            experiencia de clientes, customer *, sucesso do cliente, experiencia do cliente,
            relacionamento com client*, jornada do cliente, fidelizacao
        """,
        1: "cliente, clientes",
    },
    "data": {
        4: """
            analista de dados, cientista de dados, estatistic*, inteligencia artificial, engenheir*
            de dados, desenvolvedor* bi, cientist* de dados, governanca de dados, analise de dados,
            inteligencia de negocio*, ciencia de dados
        """,
        3: "dados, analitica, analytique*",
        1: "analista*, analist*, analisi, analisis",
    },
    "design": {
        4: """
            grafic*, diretor de arte, diretor criativo, designer*, cenograf*, figurinist*,
            vitrinist*, paginador*, arte final*, estilist*
        """,
        3: "criativ*, criacao, arte, design, ilustracao",
        2: "design*",
    },
    "support": {
        4: """
            atendimento ao cliente, suporte tecnico, suporte, call center, atendimento, apoio ao
            cliente, sac, apoio tecnico, suporte ao cliente, atendimento ao cidadao, central de
            atendimento, atendimento ao publico, assistencia tecnica
        """,
        3: """
            pos venda, pos vendas, atendimento, ouvidoria, relacionamento com o cliente, reclamacoes
        """,
    },
    "admin": {
        5: """
            secretari* executiv*, introducao de dados, digitador*, secretari* clinica, assistente
            pessoal
        """,
        4: "escriturari*",
        3: """
            secretari*, secretar*, administrativ*, arquivist*, rececion*, recepcao, administracao |,
            expediente, servicos administrativos, secretariado, protocolo, arquivo, gestao
            documental
        """,
        1: "administracao, escritorio",
        0: """
            assistent*, auxiliar*, secretario municipal, secretaria municipal, secretario estadual,
            secretaria estadual
        """,
    },
    "executive": {
        3: "presidencia, diretoria executiva, direcao geral",
        1: """
            diretor geral, diretora geral, diretor presidente, presidente do conselho, diretor
            executivo, diretora executiva, conselheiro delegado, gerente geral, conselho de
            administracao, junta directiva
        """,
    },
    "education": {
        5: """
            professor*, educador*, instrutor*, monitor de, pedagog*, monitora de, auxiliar de
            educacao, auxiliar de classe, assistente educa*, auxiliar de creche, orientador* educa*,
            coordenador* de curso, monitor* educa*
        """,
        4: """
            universit*, universidad*, universidade*, escola*, ensino, escolar*, creche*, guarderia*,
            rector, bibliotecari*, reitor*, educacao, instituicao educacional*, instituicao de
            ensino, coordenador* pedagogic*, orientador* educacional, secretaria escolar, gestao
            escolar, servicos educacionais
        """,
        3: """
            ensino, educacional*, educacao, escola, escolar, curso, cursos, pedagogic*, academic*,
            aluno*, universidade, faculdade, creche
        """,
    },
    "healthcare": {
        5: """
            medico, medica, enfermeir*, cirurgi*, dentist*, farmaceutic*, farmacia, terapeut*,
            radiolog*, veterinari*, podolog*, ginecolog*, gynecolog*, oftalmolog*, ophtalmo*,
            cuidador*, maqueir*, quiropra*, ortoped*, ortodont*, fonoaudiolog*, parteir*, protetic*,
            higienist*, acupuntur*, tecnic* de enfermagem, tecnic* em enfermagem, auxiliar de
            enfermagem, enfermagem, supervisor* de enfermagem, assistent* dentari*, auxiliar de
            saude, terapeut* da fala, urolog*, cardiolog*, dermatolog*, neurolog*, oncolog*,
            hematolog*, endocrinolog*, puericultrice*
        """,
        4: """
            cuidad* personal*, cuidados a pessoas, pronto socorro, gestao hospitalar, servicos de
            saude, saude ocupacional, saude publica, unidade de saude, diretor* clinic*, diretor*
            tecnic* medic*, centro cirurgico, uti
        """,
        3: """
            clinic*, saude, biomedic*, hospital, hospitalier*, hospitalari*, enfermagem, hospitalar,
            clinica, cirurgia, farmacia, paciente*, pediatria, urgencia, odontolog*, ambulatorio,
            fisioterapia, laboratorio clinico
        """,
        2: "psycholog*, psicolog*",
    },
    "other": {
        5: """
            jornalist*, polici*, bombeiro*, vigil*, vigilante*, motorista, tradutor*, aduan*,
            assistente social, empregad* domestic*, operador* de caixa, sapateir*, mecanico de
            auto*, auxiliar de limpeza, carteiro*
        """,
        4: "conservador*",
        3: """
            cozinheir*, garcom, garconete, limpeza, cabeleir*, mecanic*, pasteleir*, talhant*,
            acougueir*, pedreir*, entregador*, estafeta*, caminhoneir*, cantor*, bailarin*,
            camareir*, governant*, comissari* de bordo, treinador*, joalheir*, relojoeir*,
            serralheir*, vidraceir*, gesseir*, marinher*, marinheir*, padre, salva vidas, faxineir*,
            domestic*, lixeir*, gari, coletor* de lixo, porteir*, zelador*, motoboy, tratorist*,
            frentist*, apicultor*, apicolt*, fotojornal*, padeir*, confeiteir*, encanador*,
            canalizador*, eletricist*, cabeleireir*, manicur*, empregad* de mesa, guia, cozinha
        """,
        1: "consultor*",
        0: "agente de",
    },
}
