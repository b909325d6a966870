"""The words of the functions of a business in French, Spanish, Italian and Portuguese.

Tiers as in `title_functions`. These languages share most stems, so they stand together.
"""

from bg_orchestration.domain.model import Function

ROMANCE: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            ingenieur commercial, ingenieure commerciale, ingenieur d affaires, charge d affaires,
            chargee d affaires, technico commercial*, responsable grands comptes, attache
            commercial, responsable de cuentas, gerente de cuentas, ejecutivo de cuentas, ejecutiva
            de cuentas, developpement commercial, agent commercial, desarrollo de negocio, ingeniero
            de ventas, ingeniero comercial, tecnico comercial, sviluppo commerciale, agente di
            commercio, executivo de contas, executiva de contas, gerente de contas, gerente de
            conta, desenvolvimento de negocios, administration des ventes, directeur des comptes,
            delegue* medical*, delegue* pharmaceut*, delegue* commercial*, visiteu* medical*,
            visitador* medic*, teleprospect*, dependient*, desarrollador* de negocio, commesso,
            commessa, commessi, agente immobiliar*, agente imobiliari*, mediador imobiliari*,
            corretor* de imoveis, corretor* imobiliari*, atendente de loja, balconista*,
            procacciator*, informator* scientific*, informator* medic*, agente de vendas, agente de
            seguros, agent d assurance*, agent general d assurance*, agente assicurativ*, agente di
            assicurazion*, mediador* de seguros, ingenieur* avant vente, grands comptes, cuentas
            clave, grandes cuentas, clienti direzionali, grandes contas
        """,
        3: """
            vente*, vendeu*, avant vente, venta, ventas, vendedor*, comercial, comerciales,
            preventa*, posventas, televenta*, vendita, vendite, venditore, venditrice, prevendita,
            venda, vendas, comercial*, pre vendas, promotor* de vendas, representant*,
            rappresentant*, agente inmobiliario, agent immobilier, negociador*, key account,
            teleoperador* de ventas, apporteur*, clientele grands comptes, commercial |,
            commerciale*, commerciali, commerciaux, | commercial |, directeur commercial,
            responsable commercial, direttore commerciale, televend*, demonstrat*, demostrador*,
            subastador*, leiloeir*, banditore*, encanteur*, commissaire priseur
        """,
        1: """
            negoci*, comercio, commerce, comptoir, mayorista, grossiste, tienda, magasin, negozio,
            imobiliari*, inmobiliari*, immobilier*, immobiliar*, loja, lojas
        """,
    },
    "marketing": {
        4: """
            etude* de marche, etudes de marche, charge de communication, chargee de communication,
            relations publiques, relations presse, attache de presse, attachee de presse,
            webmarketing, relaciones publicas, investigacion de mercado*, estudios de mercado,
            ricerche di mercato, ufficio stampa, pubbliche relazioni, relacoes publicas, assessor de
            imprensa, assessora de imprensa, pesquisa de mercado, redacteur publicitaire, concepteur
            redacteur, chef de marque, chef de publicite, redactor publicitario, redact* web,
            redact* de contenid*, redator* publicitari*, referencement, planificador* de medios,
            midias sociais, publicista*, redes sociais, relacion* publica*, relazioni pubbliche
        """,
        3: """
            mercadotecnia, mercadeo, mercatique, communication*, comunicacion*, comunicazion*,
            comunicacao, publicit*, pubblicit*, publicidad*, publicidade*, marque, marca, marcas,
            marchio, evenement*, eventos, eventi, evenementiel*, presse, prensa, stampa, imprensa,
            campagne*, campana*, promotion*, promocion*, relations exterieures, redes sociales,
            reseaux sociaux, *marketing*, porte parole, portavoz, creation de contenu, contenido*,
            contenu*, conteudo
        """,
    },
    "product": {
        4: """
            chef de produit, chef de produits, cheffe de produit, jefe de producto, jefa de
            producto, jefe de productos, gerente de producto, gerente de productos, gestor de
            producto, responsable produit, responsable de producto, responsabile di prodotto,
            gerente de produto, gerente de produtos, gestor de produto, responsable produits,
            proprietario do produto, responsabile prodotto, propietari* de producto, dono do produto
        """,
        1: "produit, produits, producto, productos, prodotto, prodotti, produto, produtos",
    },
    "finance": {
        4: """
            expert comptable, comptab*, contable*, contador*, contabil*, contabl*, controleu* de
            gestion, controle de gestion, control de gestion, controllo di gestione, controller*,
            auditeu* *, auditor*, tresor*, tesor*, fiscal*, commercialista, ragionier*, daf,
            commissaire aux comptes, revisore, inspector de hacienda, administratif et financier,
            responsable administratif et financier, financiacion, hipotec*, fiduciari*, fiduciair*,
            negociateur en actions, gestionnaire* de portefeuille*, gerant* de portefeuille*,
            gestor* de carteira*, gestor* de cartera*, facturi*, agente di cambio, agente de bolsa,
            contralor*, analista de riesgos, analista de risco*, analista de cobranca, tecnico de
            contas, tecnic* contable*, contas a pagar, contas a receber, administrativo y
            financiero, administrativo e financeiro, amministrazione e finanza, caissier* de banque,
            recuperator* crediti, administrati* et financi*, cajer* bancari*, cajer* de banco, caixa
            bancari*, cassier* di banca, controladoria, gerente de contas a *, contraloria
        """,
        3: """
            financ*, finanz*, compta, banque*, bancaire*, bancari*, banco, banca, bank*, credit,
            credits, credito, creditos, hypothe*, hipotec*, ipotec*, pret, prets, prestamo*,
            presupuest*, impuest*, impot*, imposte, impost*, patrimoin*, patrimoni*, inversion*,
            inversor*, investiss*, investiment*, bourse, bolsa, borsa, courtier*, corredor de bolsa,
            facturation*, facturacion*, fatturaz*, faturament*, recouvrement*, cobro*, cobranza*,
            recupero crediti, actuari*, actuair*, attuari*, agent de change, notation, rentas,
            cuentas por pagar, cuentas por cobrar, valores, fondos, cambist*, budget*, bilancio,
            audit, auditoria, tributari*, tesouraria, tesoureir*, atuari*, facturacion, cobranca*,
            conti, contas
        """,
        1: """
            assurance, assurances, seguros, assicuraz*, riesgos, risques, rischi, nomina*, paie,
            paghe
        """,
    },
    "hr": {
        5: """
            recrut*, reclut*, selezionator*, charge de recrutement, selecteur*, seleccion de
            personal, captacion de talento, adquisicion de talento, aquisicao de talentos, selezione
            del personale, formateur* entreprise, formador* de empresa
        """,
        4: """
            ressources humaines, recursos humanos, risorse umane, rh, rrhh, drh, hr*, gestion du
            personnel, developpement des competences, relations sociales, remuneration*, relaciones
            laborales, gestion de personas, gestao de pessoas, gestione del personale, developpement
            rh, desarrollo organizacional, tecnic* de seleccion, tecnic* de formacao, tecnic* de
            formacion, especialista en seleccion, consultor* de seleccion, responsable de seleccion,
            analista de seleccion, addett* selezione, responsabil* selezione, selezione, cargos e
            salarios, departamento pessoal, consulent* del lavoro, recrutamento, jefe de personal
        """,
        3: """
            personnel, personale, pessoal, talent*, talento*, remuneration*, remuneracion*,
            compensacion*, compensi, diversite, diversidad, diversita, diversidade, inclusion,
            formation professionnelle, emploi, empleo, remuneracao, beneficios, formazione,
            capacitacion, treinamento, de personal, del personal, du personnel
        """,
        2: "formation, formacion, formateu*, formador*, formator*, pessoas, personas",
    },
    "legal": {
        5: """
            clerc de notaire, charge* d affaires reglementaires, mediateur*, mediador*, mediator*,
            promotor de justica, oficial de justica, solicitador*, tabelia*, notaio, defensor
            public*, pubblico ministero, affari legali, registrador de la propiedad, ufficiale
            giudiziario, protezione dati, protecao de dados, protezione dei dati, proteccion de
            datos, | fiscal |
        """,
        4: """
            avocat*, abogad*, avvocat*, advogad*, jurist*, juridi*, juridic*, giurist*, letrad*,
            legale, notaire*, notari*, huissier*, procurador*, procureur*, magistrat*, juez, jueza,
            juge, giudice, juiz, fiscal de justicia, protection des donnees, proteccion de datos,
            protezione dei dati, protecao de dados, asesor juridico, conseiller juridique,
            consulente legale, privacy*, greffier*, secretario judicial, administracion de justicia
        """,
        3: """
            conformite*, cumplimiento*, conformita, conformidade, legal, legales, propriete
            intellectuelle, propiedad intelectual, proprieta intellettuale, affaires reglementaires,
            asuntos regulatorios, affari regolatori, assuntos regulatorios, brevet*, patentes,
            contentieux, litigios, droit, derecho, diritto, direito, reglementaire*, contratos
        """,
    },
    "procurement": {
        4: """
            acheteu*, achat, achats, comprador*, compras, compra, buyer, acquist*, acquisti,
            approvisionn*, aprovisionamient*, approvvigionament*, aprovisionament*, suprimentos,
            category manager, fournisseur*, proveedor*, fornitor*, fornecedor*, marches publics,
            abastecimiento*, licitacion*, licitac*, comprator*
        """,
    },
    "customer_success": {
        4: """
            experience client*, relation client*, relation clientele, relations client*,
            satisfaction client*, experiencia de cliente*, experiencia del cliente, experiencia de
            clientes, exito del cliente, exito de clientes, relacion con clientes, fidelisation*,
            fidelizacion*, fidelizz*, successo del cliente, esperienza cliente*, customer *, sucesso
            do cliente, experiencia do cliente, relacionamento com client*, reussite client*
        """,
        1: "client, clients, clientele, cliente, clientes, clienti",
    },
    "support": {
        4: """
            service client*, service clientele, centre d appel*, assistance technique, support
            technique, atencion al cliente, atencion a clientes, servicio al cliente, soporte
            tecnico, centro de llamadas, servizio clienti, assistenza clienti, assistenza tecnica,
            atendimento ao cliente, suporte tecnico, soporte*, suporte, teleconseill*, teleoperad*,
            teleatend*, teleoperat*, call center, conseiller* client*, atendimento, customer
            service, televendeur support, apoio ao cliente, sav, service apres vente, servicio
            posventa, hotliner*, asesor* telefonic*, gestor* telefonic*, sac, centralinist*, apoyo
            al cliente, apoio tecnico, assistente alla clientela, assistenza alla clientela
        """,
    },
    "admin": {
        5: """
            assistant* de direction, assistante de direction, attache* de direction, secretaire de
            direction, secretari* de direccion, asistente de direccion, saisie de donnees,
            assistent* di direzione, secretari* executiv*, data entry, introduccion de datos,
            entrada de datos, office manager, operateur de saisie, operat* de saisie, grabador* de
            datos, capturist* de datos, inserimento dati, introducao de dados, digitador*,
            secretari* medica*, secretari* clinica, secretaire* medical*, asistente personal,
            assistente pessoal, assistente personal*
        """,
        4: """
            adjoint* administrati*, assistant* administrati*, auxiliar administrativ*, asistente
            administrativ*, agent administrati*, oficinist*, mecanograf*, dattilograf*,
            escriturari*, segreteria, ayudante de direccion
        """,
        3: """
            secretair*, secretari*, secretar*, segretari*, receptioni*, recepcioni*, administrativ*,
            amministrativ*, administratif*, accueil, standardiste, reception, arquivist*,
            archivist*, archiver*, receptionn*, rececion*, recepcion, recepcao
        """,
        2: "ufficiale",
        0: """
            assistant*, asistent*, assistent*, auxiliar*, adjoint*, attache*, impiegat*, emplead*,
            employe, employe de, employee de
        """,
        1: """
            administracion, administracao, amministrazione, administration generale, bureau,
            oficina, ufficio, escritorio
        """,
    },
    "executive": {
        1: """
            directeur general, directrice generale, pdg, president directeur general, director
            general, directora general, gerente general, director gerente, consejero delegado,
            consejera delegada, amministratore delegato, amministratrice delegata, direttore
            generale, diretor geral, diretora geral, diretor presidente, administrateur delegue,
            director ejecutivo, amministratore unico, direction generale, direccion general,
            president du conseil d administration, presidente do conselho, diretor executivo,
            diretora executiva, vicedirettore generale, subdirector general, consigliere delegato,
            conselheiro delegado, amministratore |, gerente geral, entrepreneur, consejo de
            administracion, conselho de administracao, consiglio di amministrazione, consiglio d
            amministrazione, conseil d administration, junta directiva
        """,
    },
}
