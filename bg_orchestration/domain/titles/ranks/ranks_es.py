"""The Spanish words of rank; see `ranks` for the order and the look-alikes."""

from bg_orchestration.domain.model import Seniority

RANKS: dict[Seniority, str] = {
    "owner": """
        fundador*, cofundador*, dueno, duena, propietari*, socia fundadora, socio director,
        proprietari*, empresario, socia directora, abogado socio, abogada socia, socio abogado
    """,
    "c_suite": """
        ceo, cfo, presidente, director general, directora general, director gerente, directora
        gerente, gerente general, consejero delegado, consejera delegada, director ejecutivo,
        directora ejecutiva, presidenta, primer ejecutivo, administrador unico, subdirector general,
        subdirectora general, secretario general*, secretaria general*, alcalde, alcaldesa,
        consejero director general, secretario del ayuntamiento, secretaria del ayuntamiento,
        secretario interventor, secretaria interventora
    """,
    "vp": "vicepresidente, vicepresidenta, vice presidenta",
    "director": """
        director, subdirector, subdirectora, codirector, directora, rector, decano, decana, director
        adjunto, directora adjunta, superintendente, rectora, vicerector*
    """,
    "manager": """
        supervisor, *supervisor, responsable, gerente, gerentes, jefe, jefa, encargad*, supervisora,
        capataz, jefe de equipo, lider de *, lider de equipo, mando intermedio, sub gerente,
        subgerente, supervisor*, resp, jef de *, enc de *
    """,
    "senior": "senior, experimentad*",
    "individual": """
        key account, jefe de proyecto, jefa de proyecto, jefe de proyectos, jefa de proyectos, jefe
        de producto, jefa de producto, jefe de productos, jefe de programa, gerente de proyecto,
        gerente de proyectos, gerente de producto, gestor de proyectos, gerente de cuentas, gerente
        de cuenta, responsable de proyecto, secretaria de direccion, asistente de direccion,
        propietari* de producto, responsable de producto, responsable de productos, especialista* en
        formacion, expert* en formacion, consultor* en formacion, en formacion y, en formacion del,
        en formacion profesional, secretario general del sindicato, presidente del comite de
        empresa, presidenta del comite de empresa, consejero independiente, consejera independiente
    """,
    "entry": """
        becari*, practicas, pasante, pasantia, practicante, practicantes, estudiante, en formacion,
        recien graduado, auxiliar en practicas, ayudante en practicas
    """,
}

# The rank of these counts otherwise in a purchase.
COUNTS: dict[Seniority, str] = {
    "c_suite": "| gerente |",
    "director": """
        jefe de servicio, jefa de servicio, jefe del servicio, jefa del servicio, jefe de area, jefa
        de area, jefe de departamento, jefa de departamento, jefe del departamento, jefa del
        departamento, jefe de los servicios
    """,
    "manager": "coordinador*",
}
