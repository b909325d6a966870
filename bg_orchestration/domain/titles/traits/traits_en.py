"""The English words of traits; see `title_traits` for what each kind of word means."""

from bg_orchestration.domain.titles.title_traits import TraitWord

TRAITS: dict[TraitWord, str] = {
    "silent": """
        n a, na |, none, unknown, tbd, tba, not specified, open to work, opentowork, open to
        opportunities, open to new opportunities, seeking new opportunities, seeking opportunities,
        looking for opportunities, looking for new opportunities, looking for a new challenge, in
        between jobs, between jobs, between roles, unemployed, job seeker, jobseeker, available
        immediately, member of staff, member of the team, team member |, staff member, | staff |, |
        employee |, | member |, | worker |, | professional |, | individual |, self |, | various |,
        career break, homemaker, stay at home, | n | a |, | n a |, not available, not applicable,
        open for work, open to new roles, open for new opportunities, looking for work, looking for
        a job, actively looking, currently looking, currently unemployed, currently between jobs,
        seeking employment, | staff member |, | crew |, | team |, | human |, | other |, | retail |,
        | null |, | test |
    """,
    "gone": """
        on leave, on sabbatical, | sabbatical |, on maternity leave, on parental leave, maternity
        leave |, parental leave |, on garden leave, on gardening leave, on career break, | alumni |,
        | alumnus |, | alumna |, alumnus of, alumna of, deceased, until 20*, until 19*, left 20*,
        outgoing, stepped down, in retirement, semi retired, maternity leave, parental leave,
        paternity leave, sick leave, family leave, medical leave, leave of absence, on sabbatical
        leave, extended leave
    """,
    "outside": """
        investor, investors, angel investor*, business angel*, venture partner*, limited partner*,
        shareholder*, non executive*, nonexecutive*, ned, independent director*, outside director*,
        trustee, trustees, board member*, member of the board, board director*, board of directors,
        board of trustees, board of governors, school governor*, chair of governors, parent
        governor*, supervisory board*, advisory board*, board observer*, board advis*, board chair*,
        | chair |, | chairman |, | chairwoman |, | chairperson |, chairman of the board, chairwoman
        of the board, chairperson of the board, chair of the board, chair of trustees, vice chair,
        vice chairman, vice chairwoman, councillor*, councilor*, councilman, councilwoman, council
        member*, alderman, assemblyman, elected member*, lay member*, external auditor*, statutory
        auditor*, independent auditor*, board treasurer, honorary treasurer, honorary president,
        honorary chair*, patron, ambassador |, brand ambassador*, chair of *, | volunteer |,
        volunteer |, chair* of the supervisory board, chair* of supervisory board, head of the
        supervisory board, president of the supervisory board
    """,
    "outside_always": """
        freelance*, self employed, self employment, independent consultant*, external consultant*,
        independent advis*, external advis*, independent contractor*, contractor |, sub contractor*,
        subcontractor*, external service provider, management consultant*, strategy consultant*,
        insurance agent*, commission agent*, commercial agent*, sales agent*, independent agent*,
        estate agent*, letting agent*
    """,
    "adviser": "consultant*, advisor*, adviser*, consulting, mentor*, coach |",
    "learner": """
        intern, interns, internship, trainee, trainees, apprentice*, working student*, work student,
        student, students |, student assistant, student worker, phd student, doctoral student,
        doctoral candidate*, phd candidate*, co op student, graduate trainee, graduate assistant,
        graduate scheme, graduate program |, graduate programme |, undergraduate*, cadet, learner,
        articled clerk, probationer, work experience |, in training |, founder s associate, founders
        associate, founder associate, founder s assistant, founder s office, founders office, master
        thesis*, bachelor thesis*, thesis student*, summer analyst*, summer associate*, new grad*,
        pupil barrister, trainee solicitor*, fellow |
    """,
    "teaches": """
        intern* program*, intern* coordinat*, internship coordinat*, internship manager*, trainee
        program*, apprentice* program*, apprenticeship manager*, apprenticeships, trainees
        coordinat*, dean of students, student services, student affairs, student life, student
        success, student support, student experience, student recruitment, student engagement,
        student records, student finance, student accommodation, student union*, graduate recruit*,
        international students, students union
    """,
    "gatekeeper": """
        executive assistant*, personal assistant*, administrative assistant to, executive business
        partner*, private secretary, executive secretary, secretary, secretaries, secretar* to, pa
        to, ea to, pa |, ea |, | pa, | ea, receptionist*, reception |, front desk, switchboard*,
        telephonist*, telephone operator*, call screener*, office assistant*, assistant to
    """,
    "keeps_no_gate": """
        company secretary, corporate secretary, board secretary, secretary general, general
        secretary, secretary of state, secretary treasurer, under secretary, undersecretary,
        permanent secretary, cabinet secretary, secretary and *, medical secretary, medical
        secretaries, ward secretary, parliamentary secretary
    """,
    "deputy": "deputy, dep, vice, second in command, under",
    "no_deputy": """
        vice president*, vice chancellor, vice chair*, under secretary, under writer, vice squad,
        deputy sheriff*, vice pres
    """,
    "assistant_head": "assistant, asst, associate, assoc, ass t",
    "part": """
        regional, region, regions, area, district, districts, divisional, division, divisions, zone,
        zonal, territory, territories, country, local, branch, branches, subsidiary, business unit,
        business line, bu, segment, product line, product lines, sector, vertical, verticals,
        cluster, north, south, east, west, northern, southern, eastern, western, central, midwest,
        northeast, northwest, southeast, southwest, emea, apac, amer, americas, latam, dach,
        nordic*, benelux, cee, mena, gcc, anz, asean, apj, emeia, europe, european, asia, asia
        pacific, africa, middle east, north america, latin america, south america, uk, u k, uk i,
        uki, us, usa, u s, united states, united kingdom, canada, ireland, germany, france, spain,
        italy, netherlands, belgium, switzerland, austria, portugal, brazil, mexico, china, india,
        japan, australia, poland, sweden, norway, denmark, finland, turkey, singapore, korea,
        israel, london, new york, berlin, paris, madrid, site, plant, rvp, enterprise, smb, smbs,
        mid market, midmarket, commercial accounts, public sector, federal, key accounts, major
        accounts, strategic accounts, channel, consumer, b2b, b2c, wholesale, campus, hub, store,
        property, line of business, product group, brand |
    """,
    "whole": """
        | group, group |, global, worldwide, corporate, international, company wide, enterprise
        wide, group wide, enterprise risk, enterprise architect*, enterprise application*,
        enterprise system*, enterprise it, enterprise technology, enterprise data, enterprise
        content, enterprise resource, enterprise service*, area of, business area, on site, site
        reliability, power plant, local government, central bank, property management, hotel
        operations, hotel director, hotel general manager, hotel manager, plant manager, store
        operations, wholesale operations, channel marketing, brand director, campus recruiting
    """,
    "unit": "operations, ops, enablement, excellence, effectiveness",
    "process": """
        enablement, systems, system owner, administrator, administrators, admin |, informatics,
        process owner*, process manager*, process lead*, process excellence, process improvement,
        tooling, tools, automation, revops, devops, finops, mlops, dataops, sales ops, hris, hrms,
        hr systems, hr technology, hr tech, people systems, people analytics, crm, erp, sap,
        salesforce, workday, servicenow, netsuite, dynamics, hubspot, marketo, martech, marketing
        technology, marketing automation, legal ops, support ops, application owner, applications,
        application manager, platform owner, product owner internal, practice support, business
        systems, digital workplace, workflow*, transformation, continuous improvement, operational
        excellence, lean, six sigma, implementation, data steward*, knowledge management, business
        process*, master data, workforce management, wfm, planning and analysis systems
    """,
    "employee_representative": """
        works council*, work council*, european works council, employee representative*, employee
        council*, staff council*, staff representative*, shop steward*, union representative*, trade
        union*, union steward*, labor union*, labour union*, worker representative*, workers council
    """,
    "data_protection": """
        data protection, dpo, data privacy, privacy officer*, chief privacy officer, privacy
        counsel, privacy manager*, head of privacy, privacy, gdpr
    """,
    "public_buyer": """
        public procurement, government procurement, tender, tenders, tendering, tendering manager,
        contracting officer*, contract specialist federal, public purchasing, public tenders,
        procurement and tenders
    """,
    "runs": """
        general manager*, gm, group general manager, executive director, executive director of the,
        managing partner*, managing principal, founding principal, practice manager*, practice
        administrator*, clinic manager*, clinic administrator*, hospital administrator*, hospital
        director*, hospital manager, town manager*, city manager*, county manager*, county
        executive, village manager, township manager, town administrator*, city administrator*,
        county administrator*, chief administrative officer, town clerk, mayor, lord mayor,
        superintendent of schools, school superintendent, district superintendent, | superintendent
        |, headteacher, head teacher, headmaster, headmistress, school principal, head of school, |
        principal |, executive principal, executive headteacher, college principal, chancellor, vice
        chancellor, provost, rector, school director*, hotel manager*, hotel director*, resort
        manager*, museum director*, theatre director, zoo director, library director, artistic
        director and chief, camp director, nursery manager, care home manager, home manager,
        registered manager, senior partner |, | partner |, equity partner, proprietor, country
        manager*, director general, governor general, general director, chief executive*, managing
        director*, charity director, dealer principal, general secretary, secretary general,
        business owner*, owner operator, gen mgr, exec dir, md, ceo, mng director, managing
        director, chief executive officer, founder*, cofounder*, co founder*, owner, owners, |
        president |, president and *
    """,
    "chief_of_staff": """
        chief of staff, deputy chief of staff, head of ceo office, head of the ceo office, ceo
        office lead, head of executive office, chief of cabinet
    """,
    "prospecting": """
        sdr, sdrs, bdr, bdrs, mdr, sales development, business development*, business developer*,
        new business*, partnership*, partnerships, partner manager*, partner development, alliance*,
        lead generation, lead gen, outbound, appointment setter*, biz dev, bizdev, bdm, bd manager,
        client acquisition, customer acquisition sales, channel development, market development
        rep*, hunter, new logo, telemarket*, sales dev *
    """,
    "account_keeper": """
        account manager*, accounts manager*, account management, key account*, kam, named account*,
        global account*, strategic account*, major account*, national account*, enterprise account
        manager*, account director*, client director*, client partner*, client manager*,
        relationship manager*, customer success, client success, csm, csms, account coordinator*,
        renewals, renewal manager*, account lead*, account development, client relationship*
    """,
    "front_line": """
        account executive*, account manager*, account representative*, sales representative*, sales
        rep, sales reps, sales executive*, sales associate*, sales assistant*, sales consultant*,
        sales agent*, sales person*, salesperson*, salesman, salesmen, saleswoman, salespeople,
        sales specialist*, sales advis*, sales engineer*, sales development*, sdr, sdrs, bdr, bdrs,
        business development rep*, business development executive*, business development associate*,
        presales*, pre sales*, solution engineer*, solutions engineer*, solution consultant*,
        solutions consultant*, territory manager*, territory representative*, inside sales*,
        telesales*, telemarket*, medical representative*, pharmaceutical rep*, recruitment
        consultant*, nurse, nurses, nursing assistant*, registered nurse*, staff nurse*, midwife,
        midwives, physician*, doctor, surgeon*, dentist*, dental assistant*, hygienist*,
        pharmacist*, therapist*, physiotherapist*, psychologist*, paramedic*, caregiver*, carer,
        care assistant*, care worker*, healthcare assistant*, medical assistant*, radiographer*,
        resident physician, teacher*, lecturer*, tutor*, instructor*, teaching assistant*, nursery
        assistant*, paraprofessional*, professor*, teller*, cashier*, shop assistant*, store
        associate*, retail associate*, shelf stacker, waiter*, waitress*, bartender*, barista*,
        cook, cooks, chef de partie, line cook, kitchen porter, housekeeper*, room attendant*,
        cleaner*, janitor*, porter*, bellman, concierge*, guest service* agent*, front desk agent*,
        front office agent*, cabin crew, flight attendant*, pilot, pilots, first officer,
        conductor*, driver*, courier*, rider, warehouse worker*, warehouse operative*, picker,
        packer, forklift*, machine operator*, operator, operators, assembler*, machinist*, welder*,
        mechanic*, electrician*, plumber*, technician*, fitter*, laborer*, labourer*, operative*,
        guard*, doorman, security officer |, call center agent*, call centre agent*, customer
        service rep*, customer service agent*, customer service advis*, customer service associate*,
        customer support agent*, customer support rep*, support agent*, contact center agent*, help
        desk*, helpdesk*, service desk agent*, service desk analyst*, clerk*, data entry*, typist*,
        agent, agents, loan officer*, field service engineer*, farm worker*, gardener*, attendant*,
        gallery attendant*, usher*, police officer*, firefighter*, soldier, social worker*,
        paralegal*, winemaker assistant, zookeeper*, keeper, counter staff, crew member*, deckhand,
        seaman, sailor, | head waiter, sales dev rep*, enterprise account exec*, account exec*
    """,
    "desk": "compliance, governance",
    "interim": "interim, acting, fractional, ad interim",
}

SERVICE: dict[str, str] = {
    "assistant": "assistant*, *assistant, asst, aide, pa, ea, secretary, secretar*, associate",
    "personal": """
        executive assistant*, personal assistant*, executive business partner*, executive secretary
    """,
    "servant": """
        chief of staff, business partner, advisor, adviser, consultant, coach, office, liaison,
        corporate secretary, company secretary, board secretary, office manager, manager of the
        office
    """,
    "towards": "to, of, for, the, s",
    "past": """
        former, formerly, ex, past, previously, erstwhile, onetime, prev, retd
    """,
    "retired": """
        retired, ret, emeritus, emerita, retd
    """,
    "present": "now, currently, today, presently",
    "until": "until, till, through",
    "was": "was",
    "awaited": """
        to be, in waiting, elect, designate, designee, aspirant, hopeful, in the making, in making
    """,
    # What a rank describes that the person does not hold: a programme, a service, a meeting.
    "programme": """
        program, programme, academy, club, forum, council, circle, summit, conference, event,
        events, roundtable, community, coach, coaching, recruiter, recruitment, recruiting, search,
        succession, magazine, leadership program, leadership programme, leadership academy,
        development program, development programme, peer group, search practice, practice,
        consultant, consulting, consultancy, services, handbook, newsletter, podcast, office
        analyst, office associate, advisor, adviser, advisory, mentor, mentoring, trainer
    """,
    "wish": """
        aspiring, aspirant, incoming, future, wannabe, would be, looking for, looking for a,
        seeking, seeking a, open to, open for, searching for a, applying for, available as,
        recruiting a, recruiting an, hiring a, hiring an, working with, i help, helping, executive
        coach to, coach to, coach for, mentor for, mentor to, on behalf of, supporting, serving,
        want to be, wanna be, up and coming
    """,
    "search": """
        looking for, seeking, searching for, in search of, open to, open for, available for,
        available as, interviewing for, applying for, author of, hiring for, recruiting for, works
        with, reports to
    """,
}
