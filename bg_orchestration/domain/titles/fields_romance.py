"""The words of fields of work in French, Spanish, Italian and Portuguese.

Tiers as in `title_functions`.
"""

from bg_orchestration.domain.model import Function

ROMANCE_FIELDS: dict[Function, dict[int, str]] = {
    "engineering": {
        4: """
            ingenieur* logiciel*, ingenieur* qualite, ingenieur* de production, ingenieur* procede*,
            ingeniero de calidad, ingeniero de produccion, ingeniero de software, ingegnere di
            processo, desarrollador*, developpeu*, sviluppator*, desenvolvedor*, recherche et
            developpement, investigacion y desarrollo, ricerca e sviluppo, pesquisa e
            desenvolvimento, i d, bureau d etude*, ingenieur* projet*, assistant d ingenieur,
            ingenieur* maintenance, ingeniero de mantenimiento, ingeniero de proyecto*, directeur
            technique, direttore tecnico, director tecnico, diretor tecnico, ingeniero de procesos,
            automaticien*, projeteu*, metreu*, urbanist*, aparejador*, direttore lavori, direttore
            dei lavori, ufficio tecnico, capo cantiere, capocantiere, conducteu* de travaux, chef*
            de chantier, mestre de obras, analista de testes, ingenieur* d etudes, perito
            industriale, perito meccanico, perito elettr*
        """,
        3: "ingenieur*, ingenier*, ingegner*, engenh*",
        2: """
            logiciel*, programador*, programmat*, programmeu*, programmator*, mecanique, mecanico
            industrial, electromecani*, electrotechni*, electroni*, elettron*, elettric*, meccanic*,
            genie, architecte*, arquitect*, architett*, aeronauti*, robotique, robotica,
            dessinateur*, delineante, proyectista, progettist*, projetista, constructeur*, geometr*,
            topograf*, geometre, probador*, testeur*, collaudator*, technicien d essai*, obra,
            chantier, disegnator*, desenhist*, desenhador*, arquitet*, projeteur*, progettazione
        """,
        1: "technicien*, tecnic*, technique, tecnolog*, technolog*",
    },
    "it": {
        4: """
            systeme* d information*, sistemas de informacion, sistemas de informacao, sistemi
            informativi, administrateur* systeme*, administrateur* reseau*, administrateur* base* de
            donnees, administrador* de sistemas, administrador* de bases de datos, administrador* de
            redes, amministratore di sistema, dsi, tecnologias de la informacion, tecnologia da
            informacao, technologies de l information, architecte reseau*, sistemista, ingenieur*
            systeme*, ingenieur* reseau*, base de datos, bases de datos, base de donnees, bases de
            donnees, banco de dados, database*, administracion y sistemas, systemes informatiques,
            sistemas informaticos, responsable informatique, chef de projet informatique, tecnico
            informatico, technicien informatique, redes y sistemas, architecte si, ingenier* de
            redes, ingenier* de sistemas, ingenier* en redes, engenheir* de redes, engenheir* de
            sistemas, ingegner* di rete, amministrator* di rete, tecnic* di rete, tecnic* de redes,
            ced, analista di sistemi, analista de sistemas, analista de infraestrutura, especialista
            em infraestrutura, supporto informatico, tecnologia* de la informacion, tecnologia* da
            informacao, tecnologia* de informac*, tecnologie dell informazione, technologie* de l
            information, tecnologias das informac*, tecnologias de informacion
        """,
        3: """
            telecomunicaci*, telecomunicazion*, telecomunicac*, ti, tic, ict, reseau, reseaux,
            redes, reti, sistemas, telematic*, telematiq*, informatic*, informatiqu*
        """,
        1: "systeme, systemes, sistemi, sistema, infrastructure*, infraestructura*, infrastruttur*",
    },
    "security": {
        5: """
            securite informatique, securite des systemes d information, cybersecurite, rssi,
            seguridad informatica, seguridad de la informacion, ciberseguridad, ciber*, cyber*,
            sicurezza informatica, sicurezza delle informazioni, sicurezza it, seguranca da
            informacao, seguranca informatica, seguridad de las tic, securite des tic, securite de l
            information, seguridad tic, seguranca cibernetica, securite des donnees, securite
            reseau*, hacker etico, pentest*, analista de seguranca
        """,
    },
    "operations": {
        4: """
            logisti*, chaine logistique, supply chain, cadena de suministro, catena di
            approvvigionamento, cadeia de suprimentos, directeur d usine, jefe de planta, directeur
            des operations, operaciones, directeur de production, jefe de produccion, direttore di
            stabilimento, gerente de planta, magasinier*, almacen*, magazzin*, almoxarif*, armazem,
            entrepot*, bodega, cariste*, deposito, responsable de almacen, chef d atelier,
            carretillero, distribucion, distribution, preparateu* de commandes, conducteu* de
            ligne*, conducteu* de machine*, conducteu* de presse*, conducteu* d installation*,
            affreteu*, agent de transit, declarant* en douane, ordonnanceu*, manutentionnaire*,
            preparador* de pedidos, despachant* aduaneir*, capo turno, jefe de turno, jefe de
            trafico, capo reparto, carrellist*, mulettist*, conduttor* di impianti, facchin*,
            mecanic* de manutencao, mecanic* de mantenimiento, mecanicien* de maintenance, oficial
            de mantenimiento, analista de pcp, fiel de armazem, operador* de prensa*, agent* d
            exploitation, responsable* d exploitation, agent* de quai, analista de projetos,
            analista de proyectos, pcp
        """,
        3: """
            tourneu*, fraiseu*, usineu*, ajusteu*, torner*, tornitor*, torneir*, fresador*,
            fresator*, manutentor*, confezion*, attrezzist*, imballator*, imballaggi*, tipograf*,
            stampator*, impresor*, impressor*, imprimeu*, encuadernad*, encadernad*, relieur*,
            empaquetador*, envasador*, embalador*, embalaje*, estibador*, despachador*, expedidor*,
            expeditor*, separador*, conferent*, estoquist*, ferramenteir*, repositor*, prensist*,
            montador*, montator*, montatric*, macchinari*
        """,
        2: """
            operation*, operacoes, operazioni, operativ*, produccion, production, produzione,
            producao, fabrication*, fabricacion, fabrica, usine, planta, stabilimento, fabbrica,
            manufactur*, qualite, calidad, qualita, qualidade, maintenance, mantenimiento,
            manutenz*, manutencao, entretien, transport*, trasport*, distribuz*, distribuicao,
            montaje, montage, montagem, assembl*, ensambl*, conditionn*, expedition*, expedicion*,
            spedizion*, inventari*, stocks, suministro*, operaire*, operari*, operaio, operateur*,
            operador*, operator*, ouvrier*, planificador*, planificateur*, instalaciones, services
            generaux, servicios generales, facilit*, flotte, import export, operai*, addetto
            macchine, macchine, maquinas, machines, estoque*, expedicao
        """,
        1: """
            projet, projets, proyecto, proyectos, progetto, progetti, projeto, projetos, project*,
            processus, procesos, processi, processos, proces*, planning, industriel*, industrial*,
            industriale, stock, exploitation, planificacion, planeacion, planejamento,
            pianificazione, planification
        """,
    },
    "data": {
        4: """
            scientifique des donnees, cientifico de datos, cientifica de datos, ciencia de datos,
            analyste de donnees, analyste donnees, analista de datos, analista dati, analista de
            dados, ingenieur* donnees, ingeniero de datos, cientista de dados, scienziato dei dati,
            data*, statistic*, statistiq*, statistici*, estadistic*, estatistic*, intelligence
            artificielle, inteligencia artificial, intelligenza artificiale, ingenieur* data,
            inteligencia de negocio*, architecte de donnees, aprendizaje automatico, ingenier* de
            datos, ingenier* de dados, engenheir* de dados, ingegner* dei dati, ingegner* di dati,
            ingenieur* en intelligence artificielle, ingenieur* ia, desarrollador* bi,
            desenvolvedor* bi, sviluppator* bi, developpeu* bi, cientist* de dados
        """,
        3: "donnees, datos, dati, dados, analitica, analytique*",
        1: "analyste*, analista*, analist*, analisi, analisis, analise",
    },
    "design": {
        4: """
            graphist*, grafist*, graphiqu*, grafic*, directeur artistique, directrice artistique,
            director de arte, director artistico, director creativo, directora creativa, direttore
            creativo, direttore artistico, diretor de arte, diretor criativo, directeur de creation,
            directeur creatif, disenador*, diseno, disenad*, designer*, progettista grafico,
            styliste*, stilist*, maquettiste*, illustrateu*, ilustrador*, illustrator*, modelist*,
            architecte* d interieur*, arquitect* de interiores, scenograf*, scenograph*,
            escenograf*, cenograf*, costumier*, costumist*, figurinist*, createu* de mode, createu*
            de bijoux, createu* de costume*, concepteu* de decors, interiorist*, maquetador*,
            infograf*, escaparatist*, vitrinist*, vetrinist*, arredator*, arredatric*, animador* 3d,
            paginador*, arte final*, estilist*, modellist*
        """,
        3: "creatif*, creativ*, criativ*, infograph*, ergonome, decorat*, decorador*",
        2: "artist*, photograph*, fotograf*, design*",
    },
    "education": {
        5: """
            professeur*, profesor*, professore*, professor*, enseignant*, maestr* de, maestro,
            maestra, docente*, insegnant*, educador*, educatric*, educateu*, formateur* en,
            instructeu*, instructor*, istruttor*, instrutor*, moniteur*, monitor de, maitre de
            conferences, pedagog*, ensenanza, pedagogista, maestro de, lecteur d universite,
            auxiliar docente, instituteur*, institutric*, monitora de, proviseur*, catedratic*,
            puericultor*, bibliothecaire*, auxiliar de biblioteca, auxiliar de educacao, auxiliar de
            classe, assistente educa*, asistente de educa*, auxiliar de creche, orientador* educa*,
            jefe de estudios, jefa de estudios, coordenador* de curso, preside, monitor* educa*,
            assistant* d education, auxiliaire de creche
        """,
        4: """
            universit*, universidad*, universidade*, ecole*, escuela*, scuola*, scolastic*, escola*,
            enseignement*, educacion, educativ*, education*, ensino, istruzione, lycee, college,
            colegio, scolaire*, escolar*, estudiantil*, etudiant*, academi*, facultad*, faculte,
            creche*, guarderia*, rector, recteur, decano, doyen, vie scolaire, bibliothecaire*,
            bibliotecari*, rettore, reitor*, direzione scolastica, didattic*, didactic*, didatic*,
            scolarite, educacao, educazione, director* de instituto, instituto de ensenanza,
            instituto de secundaria
        """,
    },
    "healthcare": {
        5: """
            medecin*, medico, medica, infirmier*, enfermer*, infermier*, enfermeir*, chirurgi*,
            cirujan*, cirurgi*, dentist*, odontolog*, pharmacien*, farmaceutic*, farmacist*,
            farmacia, kinesither*, fisioterap*, therapeut*, terapeut*, terapist*, sage femme,
            matron*, partera, ostetric*, aide soignant*, radiolog*, sanitari* hospital, veterinair*,
            veterinari*, orthophon*, logoped*, ergotherap*, dietist*, dieteti*, nutricion*,
            opticien*, optico*, ambulanc*, psychiatr*, psiquiatr*, psichiatr*, podolog*, osteopat*,
            medicos, psychomotric*, pediatr*, protesist*, prothesist*, audioproth*, audioprotes*,
            assistant* dentaire*, brancardier*, anestes*, anesthes*, ginecolog*, gynecolog*,
            traumatolog*, oftalmolog*, ophtalmo*, oculist*, celador*, cuidador*, camiller*,
            maqueir*, gerocult*, quiropra*, masajist*, massaggiator*, massofisio*, massagist*,
            masseu*, odontoiatr*, odontotecn*, ottic*, otorrin*, ortoped*, ortodont*, caposala,
            coordinator* infermieristic*, assistente alla poltrona, soccorritor*, socorrist*,
            fonoaudiolog*, parteir*, protetic*, higienist*, igienist*, acupuntur*, nutrizion*,
            nutrition*, tecnic* de enfermagem, tecnic* em enfermagem, auxiliar de enfermagem,
            enfermagem, supervisor* de enfermagem, auxiliar de enfermeria, assistent* dentari*,
            auxiliar de saude, terapeut* da fala, urolog*, cardiolog*, dermatolog*, neurolog*,
            oncolog*, hematolog*, endocrinolog*, puericultrice*, auxiliar de geriatria, biologist*
            medical*, | oss |, | primario, assistant* de vie, auxiliaire* de vie, aide* a domicile,
            aide* medico
        """,
        3: """
            hopital*, ospedal*, clinique*, clinic*, sante, salud, sanita, saude, soins, sanitari*,
            patient*, paciente*, pazient*, medicin*, centros sanitarios, etablissement de sante,
            biomedic*, hospital, hospitalier*, hospitalari*
        """,
        2: "psycholog*, psicolog*, pharma*, medicale*, medicaux",
        4: """
            cuidad* personal*, soins a domicile, cuidado de las personas, cuidados a pessoas,
            cuidados a *
        """,
    },
    "other": {
        5: """
            journalist*, periodist*, giornalist*, jornalist*, policier*, polici*, polizia,
            poliziott*, politie*, pompier*, bombeiro*, vigil*, agent de securite, guardia de
            seguridad, guardia giurata, vigilante*, chauffeur*, conductor*, conducteur de bus,
            conducteur de train, autista, motorista, fuerzas armadas, militaire*, militar*,
            militare, soldado*, ministre du culte, agente de inteligencia, salud psicologo,
            psicologo de la salud, traduct*, traduttor*, tradutor*, interprete*, sacerdot*, douane*,
            douanier*, aduan*, formador de las fuerzas armadas, conducteu* routier*, guardia civil,
            assistente social, assistenti sociali, emplead* de hogar, empregad* domestic*, auxiliar
            de vuelo, operador* de caixa, operai* edil*, ouvrier* agricole*, ouvrier* du batiment,
            peon*, bracciant*, sapateir*, trabajador* social*, assistant* social*, assistant* de
            service social, vigil* del fuoco, vigil* urban*, carabinier*, gendarm*, meccanico auto*,
            mecanico de auto*, tecnico auto*, auxiliar de limpeza, auxiliar de limpieza, personal de
            limpieza, fonctionnaire penit*, surveillant* penit*, | meccanico |, carteiro*,
            assistent* sociale, asistente social, bomber*
        """,
        3: """
            cuisinier*, cociner*, cuoc*, cozinheir*, serveu*, camarer*, camerier*, garcom,
            garconete, barman, nettoy*, limpieza, limpeza, pulizie, coiffeu*, peluquer*,
            parrucchier*, cabeleir*, jardinier*, jardiner*, giardinier*, boulanger*, panader*,
            carpinter*, menuisier*, falegnam*, plombier*, fontaner*, idraulic*, electricien*,
            electricist*, elettricist*, mecanicien*, mecanic*, danse*, danza, musicien*, acteur*,
            actor*, attore, attrice, subtitulador*, musico, musica, musicist*, loteria, agriculteu*,
            agricultor*, patissier*, pasteler*, pasteleir*, pasticc*, pizzaiol*, macell*, carnicer*,
            talhant*, acougueir*, boucher*, macon, macons, albanil*, pedreir*, murator*,
            charpentier*, couvreur*, carreleu*, peintre*, pintor*, imbianchin*, livreu*,
            repartidor*, entregador*, estafeta*, fattorin*, corriere*, taxist*, tassist*, camioner*,
            camionist*, caminhoneir*, gardien*, agente de policia, ganader*, pescador*, pescator*,
            pecheur*, viticult*, vigneron*, chanteu*, cantante*, cantor*, ballerin*, bailarin*,
            baller*, femme de chambre, camareir*, gouvernante*, gobernant*, governant*, steward*,
            azafat*, comissari* de bordo, caissier*, cajer*, cassier*, facteur*, eboueur*,
            entraineur*, entrenador*, allenator*, treinador*, fleurist*, florist*, fiorist*,
            bijoutier*, joyer*, joalheir*, orafo, orafi, relojer*, relojoeir*, orolog*, horloger*,
            cordonnier*, zapater*, calzolai*, cerrajer*, serralheir*, fabbro, vidrier*, vidraceir*,
            vitrier*, yeser*, gesseir*, platrier*, ramoneu*, bucheron*, boscaiol*, miner*, minator*,
            mineur*, sociolog*, historiador*, storico, historien*, arqueolog*, archeolog*,
            archeologue*, marinher*, marinheir*, mariner*, marinai*, matelot*, padre, sacerdote*,
            pretre*, bagnino, salva vidas, faxineir*, domestic*, colf, lavapiatti, lavaplatos,
            plongeur*, netturbin*, basurer*, lixeir*, gari, coletor* de lixo, porteir*, portiere,
            conserje*, zelador*, motoboy, tratorist*, frentist*, apicultor*, apicolt*, carrossier*,
            carrozzier*, terrassier*, photojournal*, fotoperiod*, fotojornal*, locutor*,
            presentador*, apresentador*, padeir*, panettier*, confeiteir*, encanador*, canalizador*,
            eletricist*, cabeleireir*, manicur*, estetist*, esteticist*, estheticien*, empregad* de
            mesa, obrer*, botones, commis, croupier*, crupier*, detectiv*, guide, guia, guida,
            pilote, piloto, pilota, cuisine, cocina, cucina, cozinha, office de tourisme, oficina de
            turismo
        """,
        1: "consultant*, consultor*, consulent*, conseiller*, asesor*, activista",
        0: """
            brevet federal, agent de, agent d, agent des, agent du, agent en, agente de, agente di,
            agente en, agente dei
        """,
        4: "faux plafonds, convoyeu* de fonds, conservateu*, conservador*, conservator*",
    },
}
