"""The words of function in English for fields of work. Tiers as in `title_functions`."""

from bg_orchestration.domain.model import Function

FIELDS: dict[Function, dict[int, str]] = {
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
            hardware designer*, ui * developer*, ux * developer*, ui * engineer*, ux * engineer*
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
        5: "it portfolio",
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
            mdm, it asset, enterprise applications
        """,
        3: "information technology, information systems, information system, cio, erp, sap",
        2: """
            it, ict, network, networks, networking, database, databases, infrastructure, telecom,
            telecommunication, telecommunications, windows, linux, unix, server administrator,
            cloud, informatics, desktop, computer, computers, computing, lan, wan, sysadmin,
            mainframe, system administration, systems administration, systems analyst*, system
            analyst*, voip, microsoft, vmware, citrix, sharepoint, servicenow, salesforce, workday,
            dynamics, business systems, middleware, storage, active directory, webmaster, itil, mis,
            information services, aws, azure, gcp, endpoint
        """,
        1: "systems, system, oracle, integration, crm",
    },
    "security": {
        5: """
            network security officer, information security officer, it security officer,
            cyber security officer, data security officer, chief security officer,
            application security officer, systems security officer
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
        3: """
            designer*, illustrator*, animator*, creative, creatives, graphic, graphics, typograph*
        """,
        2: "design, artist, artistic, photographer, art, stylist, layout",
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
            principal teacher*, librarian*
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
}
