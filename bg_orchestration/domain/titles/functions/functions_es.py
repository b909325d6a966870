"""The Spanish words of function. Tiers as in `functions`."""

from bg_orchestration.domain.model import Function

FUNCTIONS: dict[Function, dict[int, str]] = {
    "sales": {
        5: "operaciones de ventas, operaciones comerciales",
        4: """
            gerente de cuentas, ejecutivo de cuentas, ejecutiva de cuentas, desarrollo de negocio,
            ingeniero de ventas, ingeniero comercial, tecnico comercial, visitador* medic*,
            dependient*, desarrollador* de negocio, agente de seguros, agente assicurativ*,
            mediador* de seguros, cuentas clave, grandes cuentas, director comercial, directora
            comercial, jefe de ventas, jefa de ventas, jefe comercial, gerente de ventas, director
            de ventas, responsable de ventas, comercial de *, ejecutiv* comercial*, alianzas
            comerciales, alianzas estrategicas
        """,
        3: """
            ventas, vendedor*, comercial, comerciales, preventa*, posventas, televenta*, comercial*,
            representant*, agente inmobiliario, negociador*, key account, teleoperador* de ventas,
            apporteur*, demostrador*, subastador*, alianzas, canales, canal de distribucion, fuerza
            de ventas, cuentas corporativas, cuentas nacionales, televentas, negocio internacional,
            area manager, punto de venta, fuerza comercial
        """,
        1: """
            negoci*, comercio, commerce, mayorista, tienda, inmobiliari*, canal, franquicias,
            expansion
        """,
    },
    "marketing": {
        5: "operaciones de marketing",
        4: """
            relaciones publicas, investigacion de mercado*, estudios de mercado, pesquisa de
            mercado, redactor publicitario, redact* de contenid*, planificador* de medios,
            publicista*, relacion* publica*, inteligencia de mercado*, comunicacion interna, imagen
            corporativa, redaccion publicitaria, community manager, social media, asuntos publicos,
            captacion de fondos, * de crm, crm manager, responsable crm
        """,
        3: """
            mercadotecnia, mercadeo, comunicacion*, publicit*, publicidad*, marca, marcas, eventos,
            prensa, campana*, *marketing*, porte parole, portavoz, contenido*, contenu*, medios,
            patrocinio*, imagen, redes sociales, posicionamiento, protocolo y *, difusion,
            portavocia, gabinete de prensa, rrpp, mercado, audiovisual*, e commerce, ecommerce,
            comercio electronico, contenidos digitales
        """,
    },
    "engineering": {
        4: """
            ingeniero de calidad, ingeniero de produccion, ingeniero de software, desarrollador*,
            investigacion y desarrollo, i d, ingeniero de mantenimiento, ingeniero de proyecto*,
            director tecnico, ingeniero de procesos, urbanist*, aparejador*, oficina tecnica,
            investigacion y desarrollo e innovacion, i d i, diseno mecanico, diseno electrico,
            diseno industrial mecanico, ingenieria de producto, director tecnico de obra, direccion
            de obra, jefe de obra, jefa de obra
        """,
        3: """
            ingenier*, automatizacion, obras, robotica, mecatronica, desarrollo tecnologico, obra
            civil, edificacion, industrializacion, delineacion, urbanismo
        """,
        2: """
            programador*, electroni*, arquitect*, aeronauti*, delineante, proyectista, topograf*,
            probador*, obra, tecnologia industrial, construccion, instalaciones electricas, obras
            publicas
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
            tecnologias das informac*, tecnologias de informacion, soporte de sistemas, soporte
            informatico, soporte it, infraestructura tecnologica, infraestructuras tecnologicas,
            aplicaciones corporativas, administrador* de servidores, transformacion digital y
            sistemas, administrador* de red, servicios informaticos, centro de proceso de datos, cpd
        """,
        3: """
            telecomunicaci*, telecomunicazion*, telecomunicac*, ti, tic, ict, redes, sistemas,
            telematic*, telematiq*, informatic*, servidores, aplicaciones, microinformatica,
            infraestructura informatica, plataformas tecnologicas, mesa de ayuda, helpdesk, sistemas
            y *, cau
        """,
        1: "infraestructura*, infrastruttur*",
    },
    "security": {
        5: """
            seguridad informatica, seguridad de la informacion, ciberseguridad, ciber*, seguridad de
            las tic, seguridad tic, hacker etico, pentest*, seguridad it, seguridad digital,
            seguridad logica
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
            tecnic* contable*, administrativo y financiero, cajer* bancari*, cajer* de banco,
            cuentas a pagar, cuentas por pagar, cuentas por cobrar, cuentas a cobrar, precios de
            transferencia, gestion economica, gestion economico financiera, economico financier*,
            asuntos economicos, administrativo financiero, administrativa financiera, administracion
            financiera, relaciones con inversores, relacion con inversionistas, relaciones con
            inversionistas, gestion tributaria, gestion presupuestaria, recuperacion de creditos,
            riesgo de credito, control presupuestario, planeacion fiscal, planificacion financiera,
            ordenacion bancaria, responsable de cuentas a *, responsable de cuentas por *, director
            de cuentas a *, director de cuentas por *, directora de cuentas a *, directora de
            cuentas por *, gerente de cuentas a *, gerente de cuentas por *
        """,
        3: """
            financ*, finanz*, compta, bancari*, banco, banca, bank*, credito, creditos, hipotec*,
            presupuest*, impuest*, patrimoni*, inversion*, inversor*, bolsa, borsa, corredor de
            bolsa, facturation*, facturacion*, cobro*, cobranza*, actuari*, rentas, fondos,
            cambist*, budget*, facturacion, costos, costes, hacienda, intervencion, interventor*,
            recaudacion, tributari*, tributos, cobros, contabilidad general, presupuesto*,
            economico, economica, inversiones, ingresos, caja, gestoria, patrimonio, renta fija,
            financiacion, subvenciones, m a, fusiones y adquisiciones, contralor*, aseguramiento de
            ingresos, pagos, viaticos
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
            responsable de seleccion, analista de seleccion, jefe de personal, gestion humana,
            capital humano, bienestar laboral, clima laboral, aprendizaje y desarrollo, funcion
            publica, salud laboral y personas, desarrollo de personas, desarrollo de talento,
            recursos humanos y *, rr hh, seguridad social y nominas, relaciones industriales,
            planificacion de plantilla, marca empleadora, employer branding, personas y cultura,
            cultura y personas, gestion de personas, desarrollo directivo, igualdad y diversidad,
            cultura organizacional, cultura corporativa, gestion del cambio y cultura,
            remuneraciones
        """,
        3: """
            talent*, talento*, remuneracion*, compensacion*, compensi, diversidad, empleo,
            capacitacion, de personal, del personal, seleccion, reclutamiento, rrhh, rh, personas,
            bienestar, clima, contratacion de personal, contratacion laboral, igualdad, laboral,
            plantilla, talento
        """,
        2: "formacion, formador*",
    },
    "legal": {
        5: "mediador*, registrador de la propiedad, proteccion de datos, | fiscal |",
        4: """
            abogad*, juridi*, juridic*, letrad*, notari*, procurador*, juez, jueza, fiscal de
            justicia, proteccion de datos, asesor juridico, secretario judicial, administracion de
            justicia, cumplimiento normativo, cumplimiento aduanero, prevencion de blanqueo,
            secretaria juridica, asesoria legal
        """,
        3: """
            cumplimiento*, legal, legales, propiedad intelectual, asuntos regulatorios, litigios,
            droit, derecho, contencioso, regulatorio, regulacion, normativ*, juridica, juridico,
            contratos mercantiles, blanqueo de capitales, patentes
        """,
    },
    "procurement": {
        4: """
            comprador*, compras, compra, buyer, aprovisionamient*, proveedor*, fornecedor*,
            abastecimiento*, licitacion*, contratacion publica, contratacion administrativa, compras
            y contratacion, contratacion y compras, contratacion y patrimonio, contratacion y
            suministros, tecnic* de contratacion, servicio de contratacion, servicio de
            contrataciones, seccion de contratacion, mesa de contratacion, gestion de proveedores,
            desarrollo de proveedores, relacion con proveedores, licitaciones publicas
        """,
        3: """
            adquisiciones, contratacion, contrataciones, licitacion, licitaciones, suministros,
            proveeduria, abastecimiento*, concursos publicos, homologacion de proveedores
        """,
    },
    "operations": {
        4: """
            logisti*, cadena de suministro, jefe de planta, operaciones, jefe de produccion, gerente
            de planta, almacen*, deposito, responsable de almacen, carretillero, distribucion,
            preparador* de pedidos, jefe de turno, jefe de trafico, mecanic* de mantenimiento,
            oficial de mantenimiento, operador* de prensa*, analista de proyectos, prevencion de
            riesgos laborales, prevencion de riesgos, riesgos laborales, seguridad y salud,
            seguridad e higiene, seguridad industrial, salud y seguridad, mejora continua, comercio
            exterior, servicios generales, medio ambiente y calidad, calidad y medio ambiente,
            excelencia operacional, excelencia operativa, cumplimiento de pedidos, planificacion de
            la demanda, planeacion de la demanda, control de produccion, gestion de flotas, gestion
            de residuos, servicio tecnico de campo, jefe de taller, jefa de taller, mantenimiento
            industrial, responsable de taller, auditor* de calidad, auditor* de procesos, inspector*
            de calidad
        """,
        3: """
            torner*, fresador*, impresor*, encuadernad*, empaquetador*, envasador*, estibador*,
            despachador*, montador*, trafico, flota, flotas, procesos, prl, hse, ehs, qhse, comex,
            aduanas, aduaner*, manufactura, montaje, inventario*, existencias, planta, plantas,
            logistica, suministro, acondicionamiento, envasado, embalaje, expediciones, turno,
            turnos, instalaciones, edificios, infraestructuras fisicas, parque movil, conservacion,
            limpieza viaria, pisos, gobernante, alojamiento, housekeeping, recepcion de hotel,
            alimentos y bebidas, operaciones hoteleras
        """,
        2: """
            produccion, fabricacion, fabrica, planta, calidad, mantenimiento, transport*, trasport*,
            distribuz*, montaje, ensambl*, inventari*, stocks, suministro*, operaire*, operari*,
            operador*, planificador*, instalaciones, servicios generales, medio ambiente,
            medioambiente, explotacion, rutas, despacho, abasto, taller, talleres
        """,
        1: "proyecto, proyectos, industrial*, planificacion, planeacion, planification",
    },
    "customer_success": {
        4: """
            experiencia de cliente*, experiencia del cliente, exito del cliente, exito de clientes,
            relacion con clientes, fidelizacion*, successo del cliente, experiencia de usuario
            cliente, voz del cliente
        """,
        1: "cliente, clientes",
    },
    "data": {
        4: """
            cientifico de datos, cientifica de datos, ciencia de datos, analista de datos, ingeniero
            de datos, data*, estadistic*, inteligencia artificial, inteligencia de negocio*,
            ingenier* de datos, ingenier* de dados, desarrollador* bi, gobierno del dato, gobierno
            de datos, analitica, analitica avanzada, cuadro de mando
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
        3: "creativ*, decorador*, arte, diseno, creatividad, artes graficas, maquetacion",
    },
    "support": {
        5: "operaciones de soporte, operaciones de atencion al cliente",
        4: """
            atencion al cliente, atencion a clientes, servicio al cliente, soporte tecnico, centro
            de llamadas, soporte*, teleoperad*, teleatend*, call center, servicio posventa, asesor*
            telefonic*, gestor* telefonic*, apoyo al cliente, atencion al usuario, atencion a
            usuarios, atencion ciudadana, atencion a la ciudadania, atencion al ciudadano, servicio
            postventa, servicio de postventa, soporte de usuarios, servicio de atencion, asistencia
            tecnica
        """,
        3: "postventa, posventa, contact center, centro de contacto, reclamaciones, quejas",
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
        3: """
            secretari*, secretar*, recepcioni*, administrativ*, archiver*, recepcion, registro
            general, registro y archivo, servicios administrativos, oficialia de partes, secretaria
            general, gestion documental, tramitacion, administracion de oficina
        """,
        1: "administracion, oficina",
        0: "asistent*, auxiliar*, emplead*",
    },
    "executive": {
        3: """
            alcaldia, presidencia, direccion general, gerencia general, consejo delegado, secretario
            del ayuntamiento, secretaria del ayuntamiento
        """,
        1: """
            director general, directora general, gerente general, director gerente, consejero
            delegado, consejera delegada, director ejecutivo, direccion general, subdirector
            general, consejo de administracion, junta directiva, | gerente |
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
            instituto, instituto de ensenanza, instituto de secundaria, jefe de estudios, formacion
            profesional |, ordenacion academica, orientacion academica, secretaria academica,
            gestion academica
        """,
        3: """
            docencia, estudios, academic*, ensenanza*, escolar, pedagogic*, didactic*, alumnado,
            becas, instituto, universitari*, colegio, escuela
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
        4: """
            cuidad* personal*, cuidado de las personas, salud laboral, salud ocupacional, salud
            publica, laboratorio clinico, atencion primaria, atencion sanitaria, cuidados
            intensivos, atencion hospitalaria, admision hospitalaria, medicina interna, jefe de
            urgencias
        """,
        3: """
            clinic*, salud, sanitari*, patient*, paciente*, pazient*, medicin*, centros sanitarios,
            cirugia, urgencias, uci, quirofano, sanidad, enfermeria, farmacia hospitalaria,
            pediatria, oncologia, anestesia, hospital, clinica, hospitales, geriatria, dependencia
        """,
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
