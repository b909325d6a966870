"""The Spanish words of function. Tiers as in `functions`."""

from bg_orchestration.domain.model import Function

FUNCTIONS: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            gerente de cuentas, ejecutivo de cuentas, ejecutiva de cuentas, desarrollo de negocio,
            ingeniero de ventas, ingeniero comercial, tecnico comercial, visitador* medic*,
            dependient*, desarrollador* de negocio, agente de seguros, agente assicurativ*,
            mediador* de seguros, cuentas clave, grandes cuentas
        """,
        3: """
            ventas, vendedor*, comercial, comerciales, preventa*, posventas, televenta*, comercial*,
            representant*, agente inmobiliario, negociador*, key account, teleoperador* de ventas,
            apporteur*, demostrador*, subastador*
        """,
        1: "negoci*, comercio, commerce, mayorista, tienda, inmobiliari*",
    },
    "marketing": {
        4: """
            relaciones publicas, investigacion de mercado*, estudios de mercado, pesquisa de
            mercado, redactor publicitario, redact* de contenid*, planificador* de medios,
            publicista*, relacion* publica*
        """,
        3: """
            mercadotecnia, mercadeo, comunicacion*, publicit*, publicidad*, marca, marcas, eventos,
            prensa, campana*, *marketing*, porte parole, portavoz, contenido*, contenu*
        """,
    },
    "engineering": {
        4: """
            ingeniero de calidad, ingeniero de produccion, ingeniero de software, desarrollador*,
            investigacion y desarrollo, i d, ingeniero de mantenimiento, ingeniero de proyecto*,
            director tecnico, ingeniero de procesos, urbanist*, aparejador*
        """,
        3: "ingenier*",
        2: """
            programador*, electroni*, arquitect*, aeronauti*, delineante, proyectista, topograf*,
            probador*, obra
        """,
        1: "tecnic*, tecnolog*, technolog*",
    },
    "it": {
        4: """
            sistemas de informacion, administrador* de sistemas, administrador* de bases de datos,
            administrador* de redes, tecnologias de la informacion, base de datos, bases de datos,
            administracion y sistemas, sistemas informaticos, tecnico informatico, redes y sistemas,
            ingenier* de redes, ingenier* de sistemas, ingenier* en redes, tecnic* de redes,
            analista de sistemas, tecnologia* de la informacion, tecnologia* de informac*,
            tecnologias das informac*, tecnologias de informacion
        """,
        3: """
            telecomunicaci*, telecomunicazion*, telecomunicac*, ti, tic, ict, redes, sistemas,
            telematic*, telematiq*, informatic*
        """,
        1: "infraestructura*, infrastruttur*",
    },
    "security": {
        5: """
            seguridad informatica, seguridad de la informacion, ciberseguridad, ciber*, seguridad de
            las tic, seguridad tic, hacker etico, pentest*
        """,
    },
    "product": {
        4: """
            jefe de producto, jefa de producto, jefe de productos, gerente de producto, gerente de
            productos, gestor de producto, responsable de producto, propietari* de producto
        """,
        1: "producto, productos",
    },
    "finance": {
        4: """
            contable*, contador*, contabil*, contabl*, controller*, auditor*, tesor*, fiscal*,
            inspector de hacienda, financiacion, hipotec*, fiduciari*, fiduciair*, gestor* de
            carteira*, gestor* de cartera*, agente de bolsa, contralor*, analista de riesgos,
            tecnic* contable*, administrativo y financiero, cajer* bancari*, cajer* de banco
        """,
        3: """
            financ*, finanz*, compta, bancari*, banco, banca, bank*, credito, creditos, hipotec*,
            presupuest*, impuest*, patrimoni*, inversion*, inversor*, bolsa, borsa, corredor de
            bolsa, facturation*, facturacion*, cobro*, cobranza*, actuari*, rentas, fondos,
            cambist*, budget*, facturacion
        """,
        1: "seguros, assicuraz*, riesgos, nomina*",
    },
    "hr": {
        5: """
            reclut*, seleccion de personal, captacion de talento, adquisicion de talento, formador*
            de empresa
        """,
        4: """
            recursos humanos, rrhh, relaciones laborales, desarrollo organizacional, tecnic* de
            seleccion, tecnic* de formacion, especialista en seleccion, consultor* de seleccion,
            responsable de seleccion, analista de seleccion, jefe de personal
        """,
        3: """
            talent*, talento*, remuneracion*, compensacion*, compensi, diversidad, empleo,
            capacitacion, de personal, del personal
        """,
        2: "formacion, formador*",
    },
    "legal": {
        5: "mediador*, registrador de la propiedad, proteccion de datos, | fiscal |",
        4: """
            abogad*, juridi*, juridic*, letrad*, notari*, procurador*, juez, jueza, fiscal de
            justicia, proteccion de datos, asesor juridico, secretario judicial, administracion de
            justicia
        """,
        3: """
            cumplimiento*, legal, legales, propiedad intelectual, asuntos regulatorios, litigios,
            droit, derecho
        """,
    },
    "procurement": {
        4: """
            comprador*, compras, compra, buyer, aprovisionamient*, proveedor*, fornecedor*,
            abastecimiento*, licitacion*
        """,
    },
    "operations": {
        4: """
            logisti*, cadena de suministro, jefe de planta, operaciones, jefe de produccion, gerente
            de planta, almacen*, deposito, responsable de almacen, carretillero, distribucion,
            preparador* de pedidos, jefe de turno, jefe de trafico, mecanic* de mantenimiento,
            oficial de mantenimiento, operador* de prensa*, analista de proyectos
        """,
        3: """
            torner*, fresador*, impresor*, encuadernad*, empaquetador*, envasador*, estibador*,
            despachador*, montador*
        """,
        2: """
            produccion, fabricacion, fabrica, planta, calidad, mantenimiento, transport*, trasport*,
            distribuz*, montaje, ensambl*, inventari*, stocks, suministro*, operaire*, operari*,
            operador*, planificador*, instalaciones, servicios generales
        """,
        1: "proyecto, proyectos, industrial*, planificacion, planeacion, planification",
    },
    "customer_success": {
        4: """
            experiencia de cliente*, experiencia del cliente, exito del cliente, exito de clientes,
            relacion con clientes, fidelizacion*, successo del cliente
        """,
        1: "cliente, clientes",
    },
    "data": {
        4: """
            cientifico de datos, cientifica de datos, ciencia de datos, analista de datos, ingeniero
            de datos, data*, estadistic*, inteligencia artificial, inteligencia de negocio*,
            ingenier* de datos, ingenier* de dados, desarrollador* bi
        """,
        3: "datos, analitica, analytique*",
        1: "analista*, analist*, analisi, analisis",
    },
    "design": {
        4: """
            grafic*, director de arte, director artistico, director creativo, directora creativa,
            disenador*, diseno, disenad*, ilustrador*, arquitect* de interiores, escenograf*,
            figurinist*, interiorist*, maquetador*, infograf*, escaparatist*, animador* 3d
        """,
        3: "creativ*, decorador*",
    },
    "support": {
        4: """
            atencion al cliente, atencion a clientes, servicio al cliente, soporte tecnico, centro
            de llamadas, soporte*, teleoperad*, teleatend*, call center, servicio posventa, asesor*
            telefonic*, gestor* telefonic*, apoyo al cliente
        """,
    },
    "admin": {
        5: """
            secretari* de direccion, asistente de direccion, introduccion de datos, entrada de
            datos, grabador* de datos, capturist* de datos, secretari* medica*, asistente personal
        """,
        4: """
            auxiliar administrativ*, asistente administrativ*, oficinist*, mecanograf*, ayudante de
            direccion
        """,
        3: "secretari*, secretar*, recepcioni*, administrativ*, archiver*, recepcion",
        1: "administracion, oficina",
        0: "asistent*, auxiliar*, emplead*",
    },
    "executive": {
        1: """
            director general, directora general, gerente general, director gerente, consejero
            delegado, consejera delegada, director ejecutivo, direccion general, subdirector
            general, consejo de administracion, junta directiva
        """,
    },
    "education": {
        5: """
            profesor*, maestr* de, maestro, maestra, docente*, educador*, instructor*, pedagog*,
            ensenanza, maestro de, auxiliar docente, monitora de, catedratic*, puericultor*,
            auxiliar de biblioteca, asistente de educa*, jefe de estudios, jefa de estudios
        """,
        4: """
            universit*, universidad*, universidade*, escuela*, educacion, colegio, scolaire*,
            estudiantil*, academi*, facultad*, rector, decano, bibliotecari*, director* de
            instituto, instituto de ensenanza, instituto de secundaria
        """,
    },
    "healthcare": {
        5: """
            medico, medica, enfermer*, cirujan*, dentist*, odontolog*, farmaceutic*, farmacia,
            fisioterap*, terapeut*, matron*, partera, radiolog*, veterinari*, logoped*, dietist*,
            nutricion*, optico*, psiquiatr*, podolog*, pediatr*, protesist*, audioprotes*, anestes*,
            ginecolog*, gynecolog*, traumatolog*, oftalmolog*, ophtalmo*, celador*, cuidador*,
            camiller*, gerocult*, quiropra*, masajist*, socorrist*, higienist*, auxiliar de
            enfermeria, cardiolog*, dermatolog*, neurolog*, oncolog*, hematolog*, endocrinolog*,
            puericultrice*, auxiliar de geriatria
        """,
        4: "cuidad* personal*, cuidado de las personas",
        3: "clinic*, salud, sanitari*, patient*, paciente*, pazient*, medicin*, centros sanitarios",
        2: "psicolog*",
    },
    "other": {
        5: """
            periodist*, polici*, vigil*, guardia de seguridad, vigilante*, conductor*, fuerzas
            armadas, militar*, soldado*, agente de inteligencia, salud psicologo, psicologo de la
            salud, traduct*, interprete*, sacerdot*, formador de las fuerzas armadas, guardia civil,
            emplead* de hogar, auxiliar de vuelo, peon*, trabajador* social*, mecanico de auto*,
            tecnico auto*, auxiliar de limpieza, personal de limpieza, asistente social, bomber*
        """,
        4: "conservador*",
        3: """
            cociner*, camarer*, limpieza, peluquer*, jardiner*, panader*, carpinter*, fontaner*,
            electricist*, mecanic*, subtitulador*, musico, musica, loteria, agricultor*, pasteler*,
            carnicer*, albanil*, pintor*, repartidor*, taxist*, camioner*, agente de policia,
            ganader*, pescador*, cantante*, bailarin*, gobernant*, azafat*, cajer*, entrenador*,
            florist*, joyer*, relojer*, zapater*, cerrajer*, vidrier*, yeser*, miner*, sociolog*,
            historiador*, arqueolog*, mariner*, sacerdote*, lavaplatos, basurer*, fotoperiod*,
            locutor*, presentador*, apresentador*, esteticist*, obrer*, botones, crupier*, guia,
            piloto, cocina, cucina, oficina de turismo
        """,
        1: "consultor*, asesor*, activista",
        0: "agente de, agente en",
    },
}
