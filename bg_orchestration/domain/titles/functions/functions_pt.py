"""The Portuguese words of function. Tiers as in `functions`."""

from bg_orchestration.domain.model import Function

FUNCTIONS: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            executivo de contas, executiva de contas, gerente de contas, gerente de conta,
            desenvolvimento de negocios, agente imobiliari*, mediador imobiliari*, corretor* de
            imoveis, corretor* imobiliari*, atendente de loja, balconista*, agente de vendas,
            grandes contas
        """,
        3: """
            vendedor*, comercial, comerciales, vendas, comercial*, pre vendas, promotor* de vendas,
            representant*, negociador*, leiloeir*
        """,
        1: "imobiliari*, loja, lojas",
    },
    "marketing": {
        4: """
            relacoes publicas, assessor de imprensa, assessora de imprensa, redator* publicitari*,
            midias sociais, redes sociais
        """,
        3: """
            comunicacao, publicit*, publicidade*, eventos, imprensa, campagne*, redes sociales,
            *marketing*, porte parole, portavoz, conteudo
        """,
    },
    "engineering": {
        4: """
            desenvolvedor*, pesquisa e desenvolvimento, diretor tecnico, mestre de obras, analista
            de testes
        """,
        3: "engenh*",
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
            especialista em infraestrutura, tecnologia* da informacao
        """,
        3: "ti, redes, informatic*",
    },
    "security": {
        5: """
            ciber*, seguranca da informacao, seguranca informatica, seguranca cibernetica, analista
            de seguranca
        """,
    },
    "product": {
        4: """
            gerente de produto, gerente de produtos, gestor de produto, proprietario do produto,
            dono do produto
        """,
        1: "produto, produtos",
    },
    "finance": {
        4: """
            contabil*, auditor*, fiscal*, analista de risco*, analista de cobranca, tecnico de
            contas, contas a pagar, contas a receber, administrativo e financeiro, caixa bancari*,
            controladoria, gerente de contas a *, contraloria
        """,
        3: """
            financ*, bancari*, banco, credito, investiment*, bourse, faturament*, cuentas por pagar,
            cuentas por cobrar, valores, tributari*, tesouraria, tesoureir*, atuari*, cobranca*,
            contas
        """,
        1: "assurance",
    },
    "hr": {
        5: "recrut*, aquisicao de talentos",
        4: """
            recursos humanos, rh, gestao de pessoas, tecnic* de formacao, cargos e salarios,
            departamento pessoal, recrutamento
        """,
        3: "pessoal, diversidade, remuneracao, beneficios, treinamento",
        2: "pessoas, personas",
    },
    "legal": {
        5: """
            mediador*, promotor de justica, oficial de justica, solicitador*, tabelia*, defensor
            public*, protecao de dados
        """,
        4: "advogad*, jurist*, juridi*, juridic*, notari*, juiz, protecao de dados",
        3: "conformidade, assuntos regulatorios, brevet*, patentes, direito",
    },
    "procurement": {
        4: "comprador*, compras, compra, buyer, suprimentos, proveedor*, fornecedor*, licitac*",
    },
    "operations": {
        4: """
            logisti*, cadeia de suprimentos, almoxarif*, armazem, despachant* aduaneir*, mecanic* de
            manutencao, analista de pcp, fiel de armazem, analista de projetos, pcp
        """,
        3: """
            torneir*, impressor*, encadernad*, embalador*, embalaje*, expedidor*, separador*,
            conferent*, estoquist*, ferramenteir*, repositor*, prensist*
        """,
        2: """
            operacoes, producao, fabrica, qualidade, manutencao, transport*, trasport*, distribuz*,
            distribuicao, montagem, operari*, operador*, maquinas, estoque*, expedicao
        """,
        1: "projetos, industrial*, planejamento",
    },
    "customer_success": {
        4: """
            experiencia de clientes, customer *, sucesso do cliente, experiencia do cliente,
            relacionamento com client*
        """,
        1: "cliente, clientes",
    },
    "data": {
        4: """
            analista de dados, cientista de dados, estatistic*, inteligencia artificial, engenheir*
            de dados, desenvolvedor* bi, cientist* de dados
        """,
        3: "dados, analitica, analytique*",
        1: "analista*, analist*, analisi, analisis",
    },
    "design": {
        4: """
            grafic*, diretor de arte, diretor criativo, designer*, cenograf*, figurinist*,
            vitrinist*, paginador*, arte final*, estilist*
        """,
        3: "criativ*",
        2: "design*",
    },
    "support": {
        4: """
            atendimento ao cliente, suporte tecnico, suporte, call center, atendimento, apoio ao
            cliente, sac, apoio tecnico
        """,
    },
    "admin": {
        5: """
            secretari* executiv*, introducao de dados, digitador*, secretari* clinica, assistente
            pessoal
        """,
        4: "escriturari*",
        3: "secretari*, secretar*, administrativ*, arquivist*, rececion*, recepcao",
        1: "administracao, escritorio",
        0: "assistent*, auxiliar*",
    },
    "executive": {
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
            rector, bibliotecari*, reitor*, educacao
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
        4: "cuidad* personal*, cuidados a pessoas",
        3: "clinic*, saude, biomedic*, hospital, hospitalier*, hospitalari*",
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
