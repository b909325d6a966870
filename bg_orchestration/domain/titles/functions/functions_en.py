"""The English words of function. Tiers as in `functions`."""

from bg_orchestration.domain.model import Function

FUNCTIONS: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            account executive*, account manager*, key account, key accounts, sales engineer*, sales
            enablement, sales operations, presales, pre sales, solutions engineer, solution
            engineer, solutions consultant, sales representative, medical sales, real estate agent,
            insurance agent, insurance sales, software sales, product sales, sales development,
            business development, technical sales, it sales, sales agent*, sales rep, sales reps,
            sales consultant*, sales associate*, sales executive*, sales advisor*, sales person,
            sales persons, sales assistant*, sales clerk, engineering sales, canvasser, route sales,
            advertising sales, ad sales, media sales, retail sales, retail specialist, retail
            associate*, sales support, pharmaceutical rep, pharmaceutical representative*, deal
            desk, appointment setter*, manufacturer* representative*, manufacturer* s
            representative*, live chat sales, revops, bid manager*, route sales*, sales ops, partner
            development, real estate consultant*, sales manager*, sales director*, director of
            sales, head of sales, vp sales, vp of sales, sales lead*, sales head, sales leader*,
            sales vp, sales supervisor*, sales coordinator*, sales strategy, account director*,
            client director*, sales specialist*
        """,
        3: """
            sales, sale, salesperson*, salesman, salesmen, saleswoman, salespeople, seller, selling,
            revenue, partnership*, partner manager, partner managers, alliances, alliance, account
            management, account development, account coordinator, account representative, account
            specialist, account associate, major accounts, national accounts, new business,
            commercial officer, commercial director, director commercial, commercial manager,
            commercial executive, vp commercial, head of commercial, chief commercial, sdr, bdr,
            business developer, telemarketer, telemarketing, telesales, realtor, territory manager,
            territory representative, channel manager, channel account, channel partner, channel
            partners, inside sales, go to market, gtm, dealer relations, real estate broker, partner
            success, strategic accounts, enterprise accounts, auctioneer*, client partner*, account
            based sales
        """,
        2: """
            channel, channels, commercial, wholesale, wholesaler, merchant, insurance broker,
            accounts
        """,
        1: "account, territory, retail, franchise, leasing, agent, cro, cco",
    },
    "marketing": {
        4: """
            head of crm, director of crm, crm manager, crm director, crm lead, crm specialist,
            product marketing, field marketing, channel marketing, partner marketing, media buyer,
            time buyer, media planner, marketing communications, marketing operations, copywriter*,
            public relations, content marketing, customer marketing, marketing analytics, marketing
            analyst, social media, employer brand, community manager, event manager, email
            marketing, digital marketing, technical marketing, brand manager, brand designer,
            recruitment marketing, marketing research*, market research*, community management,
            developer advocate*, community advocate*, meeting planner*, conference planner*, event
            planner*, public information officer, paid social, paid search, paid media, wedding
            planner*, webinar*, abm, account based marketing, marketing ops, search engine,
            marketer*, marketing manager*, marketing director*, marketing specialist*, marketing
            executive*, marketing coordinator*, marketing associate*, marketing assistant*,
            marketing lead*, director of marketing, head of marketing, vp marketing, vp of
            marketing, marketing technology, marketing automation, visitor marketing, product
            marketer*, crm executive*, crm manager*, email marketer*, major gifts*, donor
            relations*, annual giving*, individual giving, corporate giving, planned giving, legacy
            giving, fund development, donor engagement, major donors, crm specialist*, crm lead*,
            crm director*, crm coordinator*
        """,
        3: """
            marketing, marketer, brand, brands, branding, communication, communications, comms, pr,
            publicity, publicist, promotion, promotions, promotional, advertising, advertisement,
            campaign, campaigns, growth, demand generation, demand gen, lead generation, seo, sem,
            ppc, events, event, content, media relations, media strategist, media director, media,
            corporate affairs, public affairs, external affairs, spokesperson, evangelist,
            community, developer relations, devrel, market analyst, audience, loyalty, affiliate,
            sponsorship, influencer, newsletter, promoter*, outreach, ambassador*, exhibition*,
            trade show*, press officer*, press office, press relations, press secretary, press
            agent*, press manager*, press director, press assistant*, press coordinator*, press
            specialist*, press contact, press team, press and, of press, press photographer*,
            fundraising, fundraiser*, philanthropy, donor*, mktg, mkt, mktng, prod mkt*, pct mktg
        """,
        1: "cmo",
    },
    "engineering": {
        4: """
            software engineer*, software develop*, qa engineer*, test engineer*, qa tester, project
            engineer*, process engineer*, manufacturing engineer*, production engineer*, industrial
            engineer*, quality engineer*, maintenance engineer*, materials engineer*, design
            engineer*, product engineer*, developer education, transportation engineer*,
            environmental engineer*, engineering manager*, web developer*, application developer*,
            software quality, product development engineer*, facilities engineer*, r and d,
            manufacturing engineering, biomedical engineer*, medical device engineer*, field
            engineer*, sound engineer, research engineer*, site reliability, traffic engineer*,
            aircraft engineer*, chief technology officer, chief technical officer, marine engineer*,
            systems engineer*, platform engineer*, engineering product, software designer*, software
            * designer*, computer engineer*, computer programmer*, computer scientist*, computer
            hardware, power distribution, hardware engineer*, programmer analyst*, mechanical
            designer*, electrical designer*, cad designer*, civil designer*, structural designer*,
            piping designer*, electronics designer*, circuit designer*, tool designer*, ui
            developer*, ux developer*, ui engineer*, zivil designer, sdet, smart contract*,
            ergonomist*, photogrammetrist*, flight test, process control engineer*, engineering
            technician*, engineering tech*, communications engineer*, communication engineer*,
            communications technician*, chip designer*, ic designer*, asic designer*, pcb designer*,
            hardware designer*, ui * developer*, ux * developer*, ui * engineer*, ux * engineer*,
            asic *, radio * designer, system designer*, rf designer*, antenna *
        """,
        3: """
            cto, research and development, qa, tester, devops, sre, engineer, engineers,
            engineering, eng, swe, sde
        """,
        2: """
            developer, developers, programmer, programmers, programming, testing, test, hardware,
            firmware, embedded, frontend, backend, front end, back end, full stack, fullstack,
            mobile, ios, android, java, javascript, python, net, php, ruby, mechanical, electrical,
            electronics, electronic, mechatronics, robotics, automation, aerospace, civil,
            structural, chemical, hydraulic, metallurg*, geotechnical, petroleum, nuclear,
            architect, architecture, architects, drafter, draftsman, drafting, cad, surveyor,
            surveying, technical director, technical lead, tech lead, technical manager, coder,
            asic, fpga, vlsi, blockchain, scrum master, web, application, applications, api,
            software
        """,
        1: "technical, technician, technologist, technology, tech, release, agile",
    },
    "it": {
        5: """
            it portfolio, medical information officer*, chief medical informatics officer, medical
            informatics officer*, nursing information officer*, nursing informatics officer*, cmio,
            cnio
        """,
        4: """
            system administrator*, systems administrator*, network engineer*, network
            administrator*, database administrator*, dba, salesforce administrator, it project
            manager, data center, data centre, data centers, infrastructure engineer*, cloud
            engineer*, network architect, it business partner, it engineer, enterprise architect*,
            solutions architect, sap consultant, it manager, it director, information systems
            security officer, chief information officer, systems programmer, network systems, it
            operations, it service, network operations, network support, database engineer*, windows
            engineer*, server engineer*, unix engineer*, linux engineer*, desktop engineer*, web
            administrator*, webmaster, computer operator*, computer support, storage engineer*,
            systems support, system support, web master, noc, itsm, aws administrator*, azure
            administrator*, exchange administrator*, endpoint administrator*, cloud administrator*,
            mdm, it asset, enterprise applications, clinical informatics, health informatics,
            nursing informatics, medical informatics, informatics, digital workplace, information
            officer*, pharmacy informatics, learning technology, workplace technology, hospital
            information system*
        """,
        3: "information technology, information systems, information system, erp, sap",
        2: """
            it, ict, network, networks, networking, database, databases, infrastructure, telecom,
            telecommunication, telecommunications, windows, linux, unix, server administrator,
            cloud, informatics, desktop, computer, computers, computing, lan, wan, sysadmin,
            mainframe, system administration, systems administration, systems analyst*, system
            analyst*, voip, microsoft, vmware, citrix, sharepoint, servicenow, salesforce, workday,
            dynamics, business systems, middleware, storage, active directory, webmaster, itil, mis,
            information services, aws, azure, gcp, endpoint
        """,
        1: "systems, system, oracle, integration, crm, cio",
    },
    "security": {
        5: """
            network security officer, information security officer, it security officer, cyber
            security officer, data security officer, chief security officer, application security
            officer, systems security officer, detection and response, threat detection, incident
            response, security operations cent*, red team*, blue team*, security compliance,
            security awareness
        """,
        4: """
            information security, cyber security, cybersecurity, application security, infosec,
            applications security, appsec, cloud security, network security, data security, it
            security, computer security, product security, information systems security, security
            engineer*, security analyst*, security architect*, security operations, security
            consultant, systems security, ciso, chief security, incident response, incident
            responder, penetration tester, pentester, penetration testing, ethical hacker, red team,
            blue team, threat intelligence, vulnerability, soc analyst, security researcher,
            security assurance, security compliance, security risk, devsecops, identity and access,
            iam, cryptograph*, malware, security awareness, security developer, security software,
            red teamer*, information assurance, grc, identity engineer*, identity management,
            incident handler*, zero trust, bug bounty, pki, cissp, detection engineer*, cyberops,
            cyber operations, soc manager*, soc lead, soc engineer*, soc operator*, soc specialist*,
            analyste soc, analista soc, soc team, info sec
        """,
        3: "security, cyber, threat, forensics",
    },
    "product": {
        4: """
            product manager*, product management, product owner*, product lead, product strategy,
            product operations, product director, product officer, product portfolio, technical
            product, group product, product strategist, product managent, product developer*
        """,
        3: "of product and, head of product, vp of product, director of product",
        2: """
            product development, product planning, product specialist, product consultant, product
            |, products manager*, product planner*, product and
        """,
        1: "product, products, cpo",
    },
    "finance": {
        4: """
            school business manager, bursar*, accountant*, controller, controllers, comptroller,
            bookkeeper*, auditor*, actuary, actuaries, treasurer, cfo, fd, cpa, tax, underwriter,
            loan officer, financial advisor*, financial adviser*, financial analyst*, bank teller,
            accounts payable, bookkeeping, accounts receivable, financial controller, portfolio
            manager, investor relations, internal audit, fp and a, m and a, financial planning,
            finance officer, chief financial, revenue accountant, revenue accounting, financial
            systems, financial services, credit analyst, credit manager, credit officer, investment
            manager, quantitative, income tax, cash management, financial reporting, finops, revenue
            agent*, internal revenue, ap clerk, ar clerk, ap specialist*, ar specialist*, ap ar,
            accounts officer, accounts assistant*, accounts clerk*, portfolio analyst*, credit
            union, cost account*, pricing analyst*, tax examiner*, payables, receivables, payable,
            receivable, accounts administrator*, revenue cycle, commercial banking
        """,
        3: """
            finance, finances, financial, accounting, accounts clerk, account clerk, audit,
            auditing, treasury, fiscal, budget, budgets, budgeting, budgetary, billing, invoicing,
            mortgage, mortgages, loan, loans, lending, lender, credit, debt, investment,
            investments, investing, investor, bank, banker, banking, wealth, trust, asset
            management, fund, funds, hedge, equity research, private equity, venture, trader,
            trading, broker, brokerage, securities, derivatives, equities, cost analyst, cost
            estimator, pricing, mergers, acquisitions, teller, actuarial, cost accounting, fixed
            income, capital markets, collection, collections, reconciliation, escrow, foreclosure,
            appraiser, valuation, ledger, bursar, disbursement*, annuit*, pension*, stockbroker*,
            stock broker*, estate planner, fiduciar*, trustee, commodities, surety, cash, irs,
            invoice, invoices, personal lines, personal property, | collector |, bill collector*,
            debt collector*, credit collector*, loan collector*, account collector*, accounts
            collector*, insurance collector*, payment collector*, rent collector*, tax collector*,
            medical collector*, senior collector*, collector of revenue, collector representative*,
            collector supervisor*, fin dir, fin mgr, fin director, treas, chief risk, fin
        """,
        1: "payroll, insurance, claims, claim, risk, cost, underwriting, asset, equity",
    },
    "hr": {
        5: """
            recruiter*, recruiting, recruitment, talent acquisition, headhunter*, talent sourcer,
            talent sourcing, technical sourcer, hr business partner, people partner, hrbp, sourcer,
            sourcers, works council*
        """,
        4: """
            human resources, human resource, hr, compensation, employee relations, labor relations,
            employee benefits, people operations, people ops, people and culture, people officer,
            chief people, learning and development, learning officer, talent management,
            organizational development, organisational development, organization development,
            employee experience, workforce planning, head of people, vp people, hris, staffing, l
            and d, global mobility, people analytics, succession planning, people experience,
            employer brand*, volunteer recruit*, volunteer coordinat*, volunteer manager*, people
            systems, employee represent*, staff council*, learning systems, people partner*, human
            capital, dei manager*, head of dei, dei and belonging, d e and i
        """,
        3: """
            talent, benefits, diversity, inclusion, dei, personnel, chro, employment, labor, labour,
            employee, employees, workforce, industrial relations, rewards, hcm, training and
            development, leadership development, corporate training, training manager, training
            director, training specialist, training coordinator, job analyst, culture, equal
            opportunity, affirmative action, eeo, wage, salary, placement, outplacement, manpower,
            hiring, interviewer, happiness, job evaluation
        """,
        2: "people, training, learning, trainer, teammate, onboarding",
    },
    "legal": {
        5: """
            paralegal*, law clerk, legal counsel, general counsel, patent attorney, attorney*,
            lawyer*, chief data protection
        """,
        4: """
            counsel, solicitor*, barrister*, jurist, judge, magistrate, notary, litigation,
            litigator, data protection, data privacy, privacy officer, privacy, dpo, gdpr, corporate
            counsel, legal affairs, compliance officer, chief compliance, chief legal, legal
            operations, regulatory affairs, arbitrator, prosecutor*, public defender, mediator*,
            adjudicator*, ombuds*, hearing officer, court reporter, title examiner, bailiff,
            deposition, docket, title search*, ediscovery, kyc, know your customer, smart contract
            audit, anti money laundering, law office, law firm, clo, personal injury, civil rights,
            civil law, articled clerk, data protection officer*, data privacy*, privacy*
        """,
        3: """
            legal, compliance, regulatory, patent, patents, intellectual property, trademark,
            conveyancer, ip counsel, court, judicial, aml, anti money laundering
        """,
        2: "law, contracts, contract, ethics, governance, policy",
        1: "clo",
    },
    "procurement": {
        4: """
            buyer*, procurement, purchasing, purchaser, strategic sourcing, sourcing manager,
            purchasing agent, purchasing manager, vendor management, vendor manager, supplier
            management, supplier manager, category manager, category management, supplier
            relationship, supplier development, supplier diversity, chief procurement, vendor risk,
            public procurement, tender*, contracts and procurement, procurement and contracts,
            contract and procurement, category buyer*, commodity manager*
        """,
        3: """
            sourcing, purchase, purchases, buying, vendor, vendors, supplier, suppliers, tender,
            tenders, tendering, commodity manager, procure to pay, purch, purch dir, purch mgr
        """,
    },
    "operations": {
        4: """
            supply chain, supply planner, demand planner, demand planning, production planner, plant
            manager, lean manager, distribution center, operating officer, coo, machine operator*,
            warehouse manager, facilities manager, tool crib, loading dock, parts clerk*, quality
            auditor*, bizops, s and op, machine tender*, heat treat*, cabinet maker*, die cutter*,
            die maker*, mold maker*, chemical plant operator*, food batchmaker*, product assembler*,
            machine setter*, press brake*, drill press*, press feeder*, press tender*, press hand*,
            pressman, pressmen, printing press*, press helper*, tire builder*, meat grinder*, crate
            builder*, sugar boiler*, dock worker*, dock hand*, stock controller*, inventory
            controller*, production controller*, material controller*, materials controller*,
            quality controller*, process controller*, health and safety, health safety and
            environment, front office manager*, front office supervisor*, front office director,
            director of front office, front desk manager*, front desk supervisor*, rooms division,
            director of rooms, rooms manager, executive housekeeper*, guest service manager*,
            director of guest services, food and beverage, f and b, banquet*, catering manager*,
            head brewer*, brewer*, brewmaster*, hotel operations, estates, estates manager, night
            manager, night audit*, guest relations*, reservations manager*, hotel front office,
            bottling*, cellar master, facilities and estates, housekeeping manager*, housekeeping
            supervisor*, housekeeping director, director of housekeeping, head of housekeeping, head
            housekeeper*, housekeeping operations, guest services manager*, guest services director,
            head of guest services, guest services operations, guest service supervisor*, brewing,
            rooms manager*, head of rooms, director rooms
        """,
        3: """
            logistics, logistician, logistic, warehouse, warehousing, fulfillment, fulfilment,
            assembler, fabricator, machinist, glazer, grader, order filler, order picker, stocker,
            stock clerk, shipping clerk, cabinetmaker*, solderer*, patternmaker*, electroplat*,
            plater, anodizer*, winder, winders, sorter, sorters, weigher, extruder*, spinner,
            weaver*, knitter*, doffer*, bleacher*, tool grinder*, coremaker*, moldmaker*,
            batchmaker*, batch mixer, tender |, cutter, trimmer, stitcher, seamer, presser,
            laminator, lithograph*, bindery, bookbinder*, printer, press operator*, boiler
            operator*, pumper, crusher, bottler, canner*, sander, sawyer, shaper, buffer, polisher,
            deburrer, metal worker*, steel worker*, metalworker*, steelworker*, blower*, mixer,
            mixers, loader, loaders, stower*, stevedor*, longshore*, hotel operations, guest
            experience, innkeeper, kitchen operations, mfg
        """,
        2: """
            production, manufacturing, manufacture, factory, plant, quality, facilities, facility,
            maintenance, transport, transportation, distribution, distributor, inventory, shipping,
            freight, fleet, dispatcher, dispatch, materials, material, scheduler, scheduling,
            assembly, fabrication, machining, packaging, packer, pmo, lean, six sigma, continuous
            improvement, process improvement, business operations, expeditor, expediter, forklift,
            receiving, storekeeper, stockroom, mill, tooling, inspector, checker, viewer, maker,
            finisher, press operator, molder, import, export, customs broker, supply, building
            manager, property maintenance, cnc, airport operations, business continuity, project
            management, workplace, operational, foundry, sawmill, extruding, extrusion, lathe,
            molding, moulding, milling, coil, kiln, furnace, refinery, cannery, grinding, blending,
            slicing, mixing machine, laminating, bottling, batch, sewing, textile machine*, weaving,
            knitting, spinning, welding machine*, punch press, cargo, garment, textile, apparel,
            spooler*, reeler*, sealer*, splicer*, curer*, pourer*, hardener*, lacer*, gluer*,
            bander*, riveter*, burnisher*, paster*, hemmer*, compounder*, offbearer*, off bearer*,
            baler*, slitter*, skiver*, stapler*, stamper*, twister*, carder*, dyer*, galvanizer*,
            enameler*, lacquerer*, embosser*, coiler*, hobber*, reamer*, honer*, lapper*, dipper*,
            tufter*, crimper*, brazer*, temperer*, annealer*, coater*, capper*, labeler*, wrapper*,
            palletizer*, stacker*, feeder*, filler*, boner*, roaster*, blender*, melter*, tinner*,
            threader*, laster*, housekeeping
        """,
        1: """
            operations, operation, operator, ops, project, projects, program, programme, programs,
            process, processes, processor, planner, planning, delivery, machine, implementation,
            safety, hse, ehs, products *er, products *or, packager*, strategy and operations,
            strategy and ops
        """,
    },
    "customer_success": {
        4: """
            customer success, client success, customer experience, client experience, cx, csm,
            customer onboarding, customer engagement, client engagement, customer retention,
            customer engineer*, customer engineering, patient experience, success manager, client
            onboarding, guest experience, member success, client engagement manager, chief
            experience
        """,
        3: """
            renewals, renewal, customer relations, client relations, customer satisfaction,
            retention
        """,
        1: "customer, customers, client, clients",
    },
    "data": {
        4: """
            data scientist*, data science, data engineer*, data analyst*, data analytics, data
            architect*, data warehouse, data warehousing, data modeler, data modeller, big data,
            machine learning, artificial intelligence, deep learning, business intelligence, data
            management, data governance, data quality, data steward, data strategy, data operations,
            data platform, data developer, chief data, ml engineer*, ai engineer*, bi developer, bi
            analyst, bi engineer, analytics engineer*, data mining, data integrity, data
            visualization, computer vision, natural language, data engineering, reporting developer,
            report developer, report writer, reporting analyst, mlops, ml ops, prompt engineer*,
            decision scien*, llm, generative ai, genai, data labeling
        """,
        3: """
            statistician*, biostatistician*, analytics, bi, ai, ml, nlp, statistical, statistics,
            cdo, econometric*
        """,
        2: """
            data, etl, tableau, hadoop, predictive, modeler, insights, data acquisition, cognos,
            data product
        """,
        1: "analysis, analyst, analysts, reporting",
    },
    "design": {
        4: """
            graphic designer*, graphic design, product designer*, product design, ux designer*, ux,
            ui, user experience, user interface, interaction design, industrial design*, art
            director, creative director, interior design*, fashion design*, web designer*, creative
            services, design director, experience design, motion design*, visual design*, game
            designer*, creative officer, chief creative, chief design, ux research*, ui designer,
            service designer, set designer, decorator, lighting designer, window dresser*, window
            trimmer*, visual merchandis*, brand design
        """,
        3: "designer*, illustrator*, animator*, creative, creatives, graphic, graphics, typograph*",
        2: "design, artist, artistic, photographer, art, stylist, layout",
    },
    "support": {
        4: """
            customer service, customer support, help desk, helpdesk, call center, call centre,
            contact center, contact centre, technical support, tech support, customer care, client
            support, application support, applications support, support engineer*, support
            specialist, support representative, support agent, support analyst, support manager,
            support director, customer support engineer*, user support, answering service, customer
            representative*, customer assistant*, customer contact, escalation engineer*, live chat,
            chat agent*, customer assistance, member service*, call taker*, customer support ops,
            phone agent*
        """,
        3: "service desk, guest services, call handler, complaints, complaint",
        2: "support",
    },
    "admin": {
        5: """
            data entry, data typist, executive assistant*, personal assistant*, executive secretary,
            personal secretary, administrative assistant*, word processor, switchboard*, medical
            secretary, medical receptionist, transcriptionist
        """,
        4: """
            executive business partner, receptionist*, office manager, office administrator, office
            machine*, copy machine operator*, keypunch*, copying machine*, duplicating machine*,
            mailroom, mail room, mail processor, records clerk*, records specialist*, stenotyp*,
            transcriber*, document control*, telephone operator*
        """,
        3: """
            administrative, typist, stenographer, office clerk, front desk, mail clerk, file clerk,
            founder s associate, founders associate, founder associate, founder s assistant
        """,
        2: "secretary, secretaries, secretarial, office, clerical, administration, records",
        0: "assistant, assistants, asst, clerk, clerks, administrator, admin",
    },
    "executive": {
        5: "non executive chair*",
        4: """
            board chair*, chair of the board*, executive chair*, chair of trustees, chair of
            governors
        """,
        1: """
            ceo, chief executive officer, managing director, general manager, chairman, chairwoman,
            chief of staff, board of directors, board member, chief strategy officer, executive
            board, executive director, general management, equity partner
        """,
    },
    "education": {
        5: """
            professor, professors, teacher*, lecturer*, instructor*, tutor, tutors, educator*,
            department chair, department chairperson, program chair, academic chair, headteacher,
            schoolteacher, teaching assistant, professorship, faculty, psychology chair, * chair |,
            student teaching, adjunct, governess, paraprofessional*, reading specialist*, literacy
            coach*, classroom aide*, teacher aide*, teacher s aide*
        """,
        4: """
            dean, deans, provost, vice principal*, assistant principal*, school principal*,
            principal teacher*, librarian*, sixth form, pastoral*, head of year*, head of
            curriculum, director of curriculum, curriculum, academic dean, admissions*, registrar*,
            school counselor*, school improvement
        """,
        3: """
            academic, academics, education, educational, curriculum, student, students, teaching,
            kindergarten, campus, child development, learning support, admissions, registrar,
            librarian, preschool principal, daycare, instruction, headmaster, enrollment, enrolment,
            literacy, esl, special education, montessori, guidance counselor, school counselor,
            alumni, residence hall, school, schools, university, college, childcare, preschool,
            child care, day care, classroom
        """,
        2: "instructional, library, scholarship, study",
    },
    "healthcare": {
        4: """
            nurse, nurses, physician*, surgeon*, dentist*, dental, doctor, therapist*, pharmacist*,
            midwife*, optometrist*, optician*, paramedic*, radiolog*, radiograph*, clinician*,
            psychiatr*, pediatric*, paediatric*, cardiolog*, oncolog*, dermatolog*, anesthe*,
            anaesthe*, veterinar*, chiropract*, podiatr*, orthopedic*, orthodontist*, hygienist,
            nursing officer, informatics nurse, phlebotom*, orderly, caregiver, home health,
            dietit*, dietic*, nutritionist*, psychotherap*, audiolog*, patholog*, neurolog*, nursing
            director, medical coder, medical assistant*, medical director, hospital coder, assisted
            living, nursing home, nursing assistant*, sonograph*, ultrasound, mri, x ray, dialysis,
            respiratory, perfusion*, acupunctur*, epidemiolog*, speech language, prosthet*, orthot*,
            rn, lpn, cna, immunolog*, endocrin*, nephrolog*, hematolog*, internist*, hospitalist*,
            geriatr*, neonat*, obstetric*, ophthalm*, mental health, home care, medical laboratory,
            medical technolog*, medical record*, medical transcription*, doula*, med tech*,
            cytotech*, histotech*, histolog*, cytolog*, allergist*, family practi*, general practi*,
            gp, school nurse*, genetic counsel*, physiologist*, dentur*, endodont*, periodont*,
            prosthodont*, hearing aid*, vet tech*, naturopath*, homeopath*, herbalist*, physio*,
            electrocardio*, ekg, ecg, cardiovascular tech*, anesthesiolog*, nuclear medicine,
            bacteriolog*, embryolog*, virolog*, parasitolog*, proctolog*, toxicolog*, medic,
            corpsman, hospital corpsman, blood bank, dosimetrist*, optometr*, medical student*, ward
            manager, ward nurse, ward sister, ward clerk, nursing student*, kinesiolog*, optical
            technician*, optical lab*, roentgen*, geneticist*, specimen collector*, personal care,
            neurosurgeon*, *pathologist, *surgeon, *therapist, haematolog*, chiropod*, cytogenetic*
        """,
        3: """
            nursing, pharmacy, clinical, clinic, hospital, patient, patients, therapy, hospice,
            psycholog*, emt, rehabilitation, rehab, ambulance, medical officer, health officer,
            gynecolog*, urolog*, rheumatolog*, osteopath*, health information, sonograph*,
            inpatient, inpatients, community health, surgery, surgeries
        """,
        2: """
            medical, medicine, health, healthcare, care, biomedical, pharma, pharmaceutical,
            wellness, surgical, vet
        """,
    },
    "other": {
        5: """
            security guard*, security officer*, security officers, police, law enforcement,
            military, security patrol*, court security, journalist*, athletic trainer, personal
            trainer, fitness trainer, animal trainer, dog trainer, horse trainer, fire fighter*,
            firefighter*, driver, drivers, real estate developer, house cleaner, flight attendant,
            garbage collector*, refuse collector*, waste collector*, trash collector*, nail tech*,
            automotive tech*, auto tech*, bike messenger*, messenger, commercial diver*, social
            worker*, tree surgeon*, fire inspector*, fire investigator*, fire marshal*, fire chief*,
            fire captain*, fire prevention, community worker*, youth worker*, case worker*,
            caseworker*, salad maker*, air traffic control*, traffic controller*, pest controller*,
            rubbish collector*, recycling collector*, toll collector*, ticket collector*, fare
            collector*, sound mixer*, audio mixer*, merchant navy, merchant marine, merchant seaman,
            camera operator*, community development worker*, community support worker*, community
            organizer*, community arts, plant breeder*, plant scientist*, plant biolog*, plant
            patholog*, fitness instructor*, aerobics instructor*, gym instructor*, yoga instructor*,
            pilates instructor*
        """,
        4: """
            tree trimmer*, paving machine operator*, correctional, corrections officer*, tree
            planter*, tree cutter*, timber cutter*, elevator operator*, fortune teller*, tattoo*,
            sewer cleaner*, support worker*, community center*, community service*, community
            living, agricultural agent*, extension agent*, conservation agent*, special agent*,
            border patrol*, dolphin trainer*, racehorse trainer*, bus operator*, tram operator*,
            train operator*, streetcar operator*, animal feeder*
        """,
        3: """
            cook, waiter, waitress, bartender, barista, cleaner, cleaning, janitor*, custodian,
            guard, housekeep*, maid, hairdresser, barber, gardener, farmer, carpenter, plumber,
            electrician, mechanic, welder, painter, roofer, mason, rigger, installer, insulator,
            musician, actor, actress, dancer, athlete, player, soldier, sailor, pilot, priest,
            pastor, clergy, fisher*, logger, miner, laborer, labourer, setter, cashier, butcher,
            baker, chef |, sous chef, pastry chef, | chef |, paver*, blaster*, driller*, pile
            driver, diver, divers, glazier*, plasterer*, scaffold*, bricklayer*, stonemason*,
            ironworker*, iron worker*, drywall*, pipe fitter*, pipefitter*, steamfitter*,
            pipelayer*, groundskeep*, landscaper*, lifeguard*, bellhop*, concierge, valet, usher*,
            attendant*, hostess, dishwasher*, busser, caddie*, croupier*, embalm*, mortician*,
            cosmetolog*, manicur*, hairstylist*, esthetician*, hunter, trapper*, rancher*, harvest*,
            seaman, deckhand*, steward, stewardess, detective*, sheriff*, deputy sheriff, constable,
            patrol*, referee*, umpire*, singer*, choreograph*, composer*, comedian*, clown,
            magician*, translator*, interpreter*, reporter*, editor, sociolog*, historian*,
            anthropolog*, archaeolog*, archeolog*, courier*, postman, food server, banquet server,
            pest control, fitter, fitters, projectionist*, cremator*, funeral*, | server |, tray
            server, restaurant server, cocktail server, | host |, livestock, cattle, cow, hog,
            poultry, herder*
        """,
        2: """
            concrete, dredge, paving, derrick, shovel, asphalt, logging, heavy equipment, crane,
            farm, ranch, crop, excavator*, bulldozer*, backhoe, dragline, ferry
        """,
        1: """
            consultant, consulting, music, sports, hotel, restaurant, food, forest, worker, employee
            |, employees |, civil service, civil servant*, food bank*, blood bank*
        """,
    },
}
