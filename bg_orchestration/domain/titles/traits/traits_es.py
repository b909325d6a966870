"""The Spanish words of traits; see `title_traits` for what each kind of word means."""

from bg_orchestration.domain.titles.title_traits import TraitWord

TRAITS: dict[TraitWord, str] = {
    "silent": """
        en busqueda, en busqueda activa, en busca de empleo, en busca de nuevas oportunidades,
        buscando empleo, buscando oportunidades, desempleado, desempleada, en paro, sin empleo, no
        disponible, abierto a oportunidades, abierta a oportunidades, | empleado |, | empleada |, |
        trabajador |, | trabajadora |, | personal |, miembro del equipo
    """,
    "gone": """
        jubilado, jubilada, en excedencia, excedencia, de baja, prejubilado, prejubilada, emerito,
        emerita, hasta 20*, en licencia, de baja maternal, baja por maternidad, permiso de
        maternidad
    """,
    "outside": """
        inversor*, inversionista*, accionista*, consejero independiente, consejera independiente,
        consejero dominical, consejera dominical, consejero externo, consejero |, consejera |,
        miembro del consejo, miembro de consejo, miembros de consejo, miembro del consejo de
        administracion, consejo de administracion, consejo asesor, consejo consultivo, vocal del
        consejo, vocal |, patrono, patrona, concejal*, regidor, regidora, diputad*, senador*,
        auditor externo, auditora externa, auditor de cuentas, comisario, sindico, presidente de
        honor, presidenta de honor, presidente del consejo, presidenta del consejo, voluntari*,
        consejero escolar
    """,
    "outside_always": """
        autonomo, autonoma, freelance*, consultor externo, consultora externa, consultor
        independiente, consultora independiente, por cuenta propia, agente comercial independiente,
        agente de seguros, agente inmobiliario, agente inmobiliaria, corredor de seguros, mediador
        de seguros, asesor externo, asesora externa, contratista*, profesional independiente
    """,
    "adviser": "consultor, consultora, consultores, asesor, asesora, coach |, mentor, mentora",
    "learner": """
        becari*, en practicas, practicas |, | practicas, practicante*, pasante*, pasantia, aprendiz,
        aprendices, estudiante*, en formacion |, auxiliar en practicas, trainee*, residente |, mir
        |, doctorando, doctoranda, alumno en practicas, alumna en practicas, beca |
    """,
    "teaches": """
        servicios estudiantiles, asuntos estudiantiles, tutor de practicas, coordinador de
        practicas, responsable de practicas, director* de practicas, gestor* de practicas,
        jefe de practicas, jefa de practicas, coordinadora de practicas, programa de becas,
        becas estudiantiles, atencion al estudiante
    """,
    "gatekeeper": """
        secretaria, secretario, secretarias, asistente de direccion, asistente de gerencia,
        asistente ejecutiv*, asistente personal, asistente del *, asistente de la direccion,
        asistente de presidencia, secretaria de direccion, recepcionista*, recepcion |,
        telefonista*, centralita, operadora de centralita, auxiliar de recepcion, conserje*,
        ordenanza*
    """,
    "keeps_no_gate": """
        secretario general*, secretaria general*, secretario de estado, secretaria de estado,
        secretario municipal, secretaria municipal, secretario interventor, secretaria interventora,
        secretario del ayuntamiento, secretaria tecnica, secretario tecnico, secretario de
        ayuntamiento, secretario del consejo, subsecretari*, secretaria medica, secretario judicial,
        secretario de hacienda, secretario de *, secretario academico, secretaria academica
    """,
    "deputy": "vice, sub, adjunt* a, adjunto al director, adjunta al director",
    "deputy_behind": "adjunto, adjunta, adjuntos, suplente, segundo",
    "deputy_fused": """
        subdirector*, subgerente*, subjefe, subjefa, vicedirector*, vicerrector*, vicedecan*,
        adjunto a la direccion, adjunta a la direccion, adjunto a direccion, adjunta a direccion,
        adjunto al director, adjunta al director, adjunto al *, subdelegad*, viceconsejer*, segundo
        jefe, segunda jefa, subintendente, teniente de alcalde, viceintendente
    """,
    "no_deputy": "vice presidente, vice presidenta, profesor adjunto, profesora adjunta",
    "part": """
        region, regiones, regional, regionales, zona, zonas, area |, delegacion, delegado
        territorial, territorial, provincial, sucursal, sucursales, oficina, filial, division,
        divisional, unidad de negocio, linea de negocio, linea de producto, segmento, planta,
        fabrica, sede, centro, tienda, norte, sur, este, oeste, centro norte, noroeste, noreste,
        nordeste, levante, cataluna, andalucia, madrid, barcelona, valencia, galicia, pais vasco,
        espana, portugal, iberia, mexico, argentina, chile, colombia, peru, europa, latam,
        latinoamerica, cono sur, exportacion, distrito, local, cuentas clave, grandes cuentas,
        sector publico, canal, internacional, nacional ventas, pais, obra
    """,
    "whole": """
        grupo, corporativ*, central, general, nacional, global, centros comerciales, centro de
        datos, gerente de planta, director de planta, jefe de planta, gerente de tienda, director de
        centro, comercio exterior, area comercial, area de *
    """,
    "unit": "operaciones, excelencia",
    "process": """
        administrador*, sistemas de rrhh, sistemas de recursos humanos, sistemas de informacion,
        erp, sap, crm, dueno de proceso, responsable de procesos, procesos, mejora continua,
        excelencia comercial, excelencia operacional, operaciones comerciales, operaciones de
        ventas, operaciones de marketing, operaciones de soporte,
        herramientas, automatizacion, digitalizacion,
        transformacion, usuario clave, key user, informatica medica, informatica clinica, metodos,
        hris, people analytics, organizacion y metodos, datos maestros, gestion del conocimiento,
        soporte a ventas
    """,
    "employee_representative": """
        comite de empresa, delegad* sindical, delegad* de personal, representante de los
        trabajadores, representante sindical, junta de personal, enlace sindical, sindicato,
        sindicalista, liberado sindical, liberada sindical, delegad* de prevencion, secretario
        general del sindicato, comite intercentros
    """,
    "data_protection": """
        proteccion de datos, delegad* de proteccion de datos, dpd, dpo, privacidad, rgpd, lopd,
        datos personales
    """,
    "public_buyer": """
        contratacion publica, contratacion administrativa, contratacion |, contratacion y *,
        servicio de contratacion, seccion de contratacion, jefe de contratacion, jefa de
        contratacion, tecnico de contratacion, tecnica de contratacion, licitacion, licitaciones,
        contratacion del estado, contrataciones, compras publicas, contratacion y compras, compras y
        contratacion, adquisiciones publicas, concursos publicos
    """,
    "runs": """
        consejero delegado, consejera delegada, director general, directora general, director
        gerente, directora gerente, gerente general, | gerente |, gerencia general, | gerencia |,
        director ejecutivo, directora ejecutiva, primer ejecutivo, administrador unico,
        administradora unica, administrador general, presidente ejecutivo, presidenta ejecutiva,
        dueno, duena, propietari*, socio director, socia directora, socio fundador, socia fundadora,
        socio gerente, | socio |, | socia |, fundador*, cofundador*, empresari*, alcalde, alcaldesa,
        intendente, intendenta, gerente municipal, director de hotel, directora de hotel, director
        del hotel, directora del hotel, gerente de hotel, director de colegio, director del colegio,
        directora del colegio, director de centro educativo, director de escuela, director de
        instituto, rector, rectora, director gerente del hospital, director de hospital, gerente de
        hospital, gerente del hospital, gerente de la fundacion, director de la fundacion, director
        del museo, directora del museo, secretario general, secretaria general, | director |, |
        directora |, | administrador |, | administradora |, | presidente |, | presidenta |,
        presidente y *
    """,
    "chief_of_staff": """
        jefe de gabinete, jefa de gabinete, director de gabinete, directora de gabinete
    """,
    "prospecting": """
        desarrollo de negocio*, desarrollo comercial, captacion, nuevos negocios, nuevos clientes,
        prospeccion, alianzas, partnerships, teleoperador* de ventas, sdr, bdr, business
        development*, generacion de leads, desarrollador* de negocio*
    """,
    "account_keeper": """
        ejecutiv* de cuentas, ejecutiv* de cuenta, gerente de cuentas, gerente de cuenta, gestor de
        cuentas, gestora de cuentas, responsable de cuentas, director de cuentas, directora de
        cuentas, cuentas clave, grandes cuentas, key account*, kam, account manager*, gestor de
        clientes, gestora de clientes, gestor comercial, exito del cliente, customer success*
    """,
    "front_line": """
        vendedor*, dependient*, comercial |, | comercial, comerciales, ejecutiv* de ventas,
        ejecutiv* comercial*, asesor* comercial*, asesor* de ventas, agente comercial, agente de
        ventas, representante de ventas, representante comercial, promotor*, preventa |, tecnico
        comercial, tecnica comercial, delegad* comercial, visitador* medic*, enfermer*, auxiliar de
        enfermeria, medico, medica, doctor, doctora, cirujan*, odontolog*, dentista*, farmaceutic*,
        fisioterapeut*, psicolog*, matron*, celador*, profesor*, maestr*, docente*, educador*,
        monitor*, cajer*, camarer*, cociner*, limpiador*, personal de limpieza, conductor*, chofer*,
        transportista, repartidor*, mozo*, almacener*, carretiller*, operari*, operador*, obrer*,
        soldador*, electricista*, mecanic*, fontaner*, albanil*, instalador*, montador*, vigilante*,
        guardia*, portero*, teleoperador*, agente de atencion, agente call center, atencion al
        cliente |, auxiliar*, administrativ* |, gestor* administrativo, agente, agentes, policia*,
        bombero*, trabajador* social*, cuidador*, azafata*, marinero*, jardiner*, peon*, grabador*
        de datos
    """,
    "desk": "cumplimiento, compliance, gobernanza",
    "interim": "interino, interina, en funciones, accidental",
}

SERVICE: dict[str, str] = {
    "assistant": "asistente*, secretar*",
    "servant": """
        asesor*, adjunto, adjunta, auxiliar, jefe de gabinete, jefa de gabinete, director de
        gabinete
    """,
    "towards": "de, del, la, el, al, a, los, las",
    "past": "antiguo, antigua, ex, anterior",
    "retired": "jubilado, jubilada, emerito, emerita",
    "present": "ahora, actualmente, hoy",
    "until": "hasta",
    "was": "fue",
    "awaited": "electo, electa",
    "programme": "programa, academia, foro, circulo",
    "wish": "futuro, futura, aspirante a, buscando",
    "search": """
        en busca de, busco, buscando, busca
    """,
}
