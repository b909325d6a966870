"""The English words of rank; see `ranks` for the order and the look-alikes."""

from bg_orchestration.domain.model import Seniority

RANKS: dict[Seniority, str] = {
    "owner": """
        owner, owners, co owner, coowner, founder, founders, founder*, cofounder*, proprietor*,
        founding partner, managing partner, | partner |, general partner, equity partner, named
        partner, entrepreneur, senior partner, seniorpartner, founding principal, named principal,
        owner manager, franchise owner, franchisee
    """,
    "c_suite": """
        chief ... officer, chief executive, chief executives, ceo, cfo, cto, coo, cmo, cio, ciso,
        cso, cpo, cro, cdo, chro, cco, clo, cao, cxo, cbo, cno, cgo, cko, cqo, caio, cdao, cdio,
        chief people, chief human resources, president, co president, copresident, chairman,
        chairwoman, chairperson of the board, chairman of the board, chair of the board, vice
        chairman, board chair, executive chair, managing director, managing directors, joint
        managing director, member of the executive board, member of the management board, executive
        board member, group managing director, vciso, chief exec, pres, cob, mng director, mng dir,
        mg director, managing dir, man director, p | s | t, chair and ceo, mayor, lord mayor,
        secretary general, general secretary, chief of department, md, | chair |, sec | treas
    """,
    "vp": """
        vp, vps, svp, evp, avp, rvp, gvp, vice president, vice presidents, vicepresident, vice
        chancellor, vice provost, vice pres, exec vice president
    """,
    "director": """
        fd, director, directors, dir, directress, head of, head for, head |, head marketing,
        head sales,
        head hr, head it, head finance, head operations, head engineering, head product, head legal,
        head design, head procurement, head logistics, head data, head quality, head production,
        group head, global head, deputy head, interim head, acting head, department head, co head,
        heads of, unit head, division head, regional head, country head, dean, associate dean,
        headteacher, head teacher, headmaster, headmistress, head master, provost, vice principal,
        school principal, executive director, chief of department, general counsel, general manager,
        superintendent of school*, school superintendent*, superintendent of public instruction,
        head compliance, head risk, head treasury, head security, head communications, head
        analytics, head strategy, head projects, head audit, head purchasing, head sourcing, head
        supply, head customer, head talent, head people, head growth, head business, head digital,
        head research, head technology, head corporate, head investment, head credit, head tax, head
        accounts, head administration, head software, head information, head infrastructure, head
        recruitment, head training, head content, head brand, head pr, head ux, general mgr, gm,
        exec dir, exec director, exdir, head public *, head corporate *, head global *, head
        regional *, head group *, head internal *, head external *, head commercial, head retail,
        head private *, head asset *, head market*, head platform, head cloud, head cyber, head
        technical, head creative, head student *, head medical, head clinical, head * and *, head *
        affairs, | gen mgr, | gen manager, | head teacher |, | head master |, assistant principal*,
        deputy principal*
    """,
    "manager": """
        manager, managers, mgr, *manager, senior manager, supervisor, supervisors, supv,
        *supervisor, lead |, team lead, team leader, team leaders, teamlead, teamleader, group lead,
        group leader, squad lead, chapter lead, shift lead, shift leader, crew leader, section head,
        crew lead, line leader, group product manager, foreman, foremen, forewoman, foreperson,
        superintendent, overseer, section chief, unit chief, branch chief, crew chief, fire chief,
        captain, head nurse, charge nurse, head chef, head coach, office manager, section leader,
        director of product managers, warden, postmaster, matron, lead manager, unit leader, team
        manager, supervisor*, squad leader, | head *er |, | head *ist |, | head *ian |, | head *man
        |, | head cook |, | head nurse |, head housekeeper*, head brewer*, head baker*, head
        bartender*, head gardener*, head librarian*, head pharmacist*, head barista*, head
        concierge*, head technician*, deputy manager, executive housekeeper*
    """,
    "senior": """
        senior, sr, snr, principal, principle, lead, leads, staff engineer, staff software, staff
        designer, staff developer, staff scientist, staff architect, staff data, staff machine,
        staff product, staff ux, staff site, staff security, staff devops, staff research, staff
        sre, staff * engineer, staff * designer, staff * developer, staff * scientist, staff *
        architect, senior staff, distinguished, tech lead |, technical lead |, tech lead, technical
        lead, technical leader, chief architect, chief engineer, chief scientist, chief of staff,
        chief designer, chief economist, technology lead, assistant general counsel, associate
        general counsel
    """,
    "individual": """
        product owner, process owner, service owner, system owner, systems owner, data owner, risk
        owner, application owner, platform owner, solution owner, epic owner, control owner, asset
        owner, feature owner, business process owner, owner operator, tool owner, owner relations,
        home owner, homeowner*, owner s rep, account manager, accounts manager, account managers,
        project manager, project managers, program manager, programme manager, program managers,
        product manager, product managers, customer success manager, client success manager, success
        manager, community manager, partner manager, partnership manager, partnerships manager,
        partner success manager, partner account manager, alliance manager, alliances manager,
        channel manager, channel account manager, territory manager, event manager, events manager,
        relationship manager, business development manager, key account, case manager, csm,
        community managers, territory sales manager, channel partner manager, technical account
        manager, project management, program management, product management, release train engineer,
        pastry chef, sous chef, private chef, personal chef, sushi chef, lead generation, lead gen,
        lead generator, leads generation, lead management, lead abatement, lead paint, staff,
        captain of industry, chief clerk, president elect, scrum master, executive assistant, head
        hunter, headhunter, head cashier, head end, directory assistance, presidential, aerobics
        director, funeral director, dealer principal, business owner relations, chairside, office of
        the president, office of the ceo, owner occupied, senior citizen*, senior living, senior
        care, senior services, senior center, junior high, junior senior, junior college, lead
        oxide, lead burner, lead caster, lead smelter, lead refiner, lead recovery, board member*,
        member of the board of directors, member of the board of trustees, member of the board,
        advisory board*, board of directors, board director, board of trustees, non executive*,
        nonexecutive*, independent director*, independent non executive*, board observer*, board
        advis*, founders office, founder s office, founder s associate, founders associate, founder
        associate, founder s assistant, associate to the founder*, head insulation*, head loft*,
        head start, head office, head count, data protection officer, shareholder relations, non
        executive director*, nonexecutive director*, independent non executive director*, non
        executive chair*, president s award, md phd, | head hunter |, | head cashier |
    """,
    "entry": """
        intern, interns, internship, internships, trainee, trainees, traineeship, apprentice,
        apprentices, apprenticeship, junior, jr, jnr, entry level, student assistant, student
        worker, student nurse, student intern, phd student, working student, student engineer,
        student researcher, student developer, doctoral student, student trainee, student analyst,
        student employee, student ambassador, student consultant, student teacher, co op student,
        graduate assistant, graduate trainee, graduate engineer, graduate nurse, graduate analyst,
        graduate consultant, graduate developer, graduate |, undergraduate, new grad, grad intern,
        cadet, learner, novice, stipendiary, summer analyst, summer associate, management trainee,
        work experience, articled clerk, probationer, aspiring, student |, junior*, trainee*,
        *trainee, in training |, graduate software *, graduate * engineer, graduate * developer,
        graduate * analyst, graduate * consultant, graduate * trainee, graduate program, graduate
        programme, graduate scheme, graduate accountant, graduate auditor, graduate architect,
        graduate designer, graduate surveyor, graduate engineers, pupil barrister, phd candidate,
        doctoral candidate
    """,
}
