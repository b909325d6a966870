"""The words of the functions of a business in English.

Tiers say which of several phrases names the function (see `titles.read_title`): 5 and 4 are
occupations that decide alone (a recruiter of engineers is `hr`), 3 the functions of a business,
2 fields of work that also qualify another function (medical sales are `sales`), 1 general words,
0 an assistant or clerk, who works for any function that is named.
"""

from bg_orchestration.domain.model import Function

BUSINESS: dict[Function, dict[int, str]] = {
    "sales": {
        4: """
            account executive*, account manager*, key account, key accounts, sales engineer*, sales
            enablement, sales operations, presales, pre sales, solutions engineer, solution
            engineer, solutions consultant, sales representative, medical sales, real estate agent,
            insurance agent, insurance sales, software sales, product sales, sales development,
            business development, technical sales, it sales, sales agent*, sales rep, sales reps,
            sales consultant*, sales associate*, sales executive*, sales advisor*, sales
            specialist*, sales person, sales persons, sales assistant*, sales clerk, engineering
            sales, canvasser, route sales, advertising sales, ad sales, media sales, retail sales,
            retail specialist, retail associate*, sales support, pharmaceutical rep, pharmaceutical
            representative*, deal desk, appointment setter*, manufacturer* representative*,
            manufacturer* s representative*, live chat sales, revops, bid manager*, route sales*,
            sales ops, partner development, real estate consultant*
        """,
        3: """
            sales, sale, salesperson*, salesman, salesmen, saleswoman, salespeople, seller, selling,
            revenue, cro, cco, partnership*, partner manager, partner managers, alliances, alliance,
            account management, account development, account coordinator, account representative,
            account specialist, account associate, major accounts, national accounts, new business,
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
        1: "account, territory, retail, franchise, leasing, agent",
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
            planner*, webinar*, abm, account based marketing, marketing ops, search engine
        """,
        3: """
            marketing, marketer, brand, brands, branding, communication, communications, comms, cmo,
            pr, publicity, publicist, promotion, promotions, promotional, advertising,
            advertisement, campaign, campaigns, growth, demand generation, demand gen, lead
            generation, seo, sem, ppc, events, event, content, media relations, media strategist,
            media director, media, corporate affairs, public affairs, external affairs,
            spokesperson, evangelist, community, developer relations, devrel, market analyst,
            audience, loyalty, affiliate, sponsorship, influencer, newsletter, promoter*, outreach,
            ambassador*, exhibition*, trade show*, press officer*, press office, press relations,
            press secretary, press agent*, press manager*, press director, press assistant*, press
            coordinator*, press specialist*, press contact, press team, press and, of press, press
            photographer*
        """,
    },
    "product": {
        4: """
            product manager*, product management, product owner*, product lead, product strategy,
            product operations, product director, product officer, product portfolio,
            technical product, group product, product strategist, product managent,
            product developer*
        """,
        2: """
            product development, product planning, product specialist, product consultant, cpo,
            product |, products manager*, product planner*, product and
        """,
        1: "product, products",
        3: "of product and, head of product, vp of product, director of product",
    },
    "finance": {
        4: """
            school business manager, bursar*, accountant*, controller, controllers, comptroller,
            bookkeeper*, auditor*, actuary, actuaries, treasurer, cfo, cpa, tax, underwriter, loan
            officer, financial advisor*, financial adviser*, financial analyst*, bank teller,
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
            collector supervisor*
        """,
        1: "payroll, insurance, claims, claim, risk, cost, underwriting, asset, equity",
    },
    "hr": {
        5: """
            recruiter*, recruiting, recruitment, talent acquisition, headhunter*, talent sourcer,
            talent sourcing, technical sourcer, hr business partner, people partner, hrbp, sourcer,
            sourcers
        """,
        4: """
            human resources, human resource, hr, compensation, employee relations, labor relations,
            employee benefits, people operations, people ops, people and culture, people officer,
            chief people, learning and development, learning officer, talent management,
            organizational development, organisational development, organization development,
            employee experience, workforce planning, head of people, vp people, hris, staffing, l
            and d, global mobility, people analytics, succession planning, people experience
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
            civil law, articled clerk
        """,
        3: """
            legal, compliance, regulatory, patent, patents, intellectual property, trademark,
            conveyancer, ip counsel, court, judicial, aml, anti money laundering
        """,
        2: "law, contracts, contract, ethics, governance, policy",
    },
    "procurement": {
        4: """
            buyer*, procurement, purchasing, purchaser, strategic sourcing, sourcing manager,
            purchasing agent, purchasing manager, vendor management, vendor manager,
            supplier management, supplier manager, category manager, category management,
            supplier relationship, supplier development, supplier diversity, chief procurement
        """,
        3: """
            sourcing, purchase, purchases, buying, vendor, vendors, supplier, suppliers, tender,
            tenders, tendering, commodity manager, procure to pay
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
            data entry, data typist, executive assistant*, personal assistant*,
            executive secretary, personal secretary, administrative assistant*, word processor,
            switchboard*, medical secretary, medical receptionist, transcriptionist
        """,
        4: """
            executive business partner, receptionist*, office manager, office administrator, office
            machine*, copy machine operator*, keypunch*, copying machine*, duplicating machine*,
            mailroom, mail room, mail processor, records clerk*, records specialist*, stenotyp*,
            transcriber*, document control*, telephone operator*
        """,
        3: """
            administrative, typist, stenographer, office clerk, front desk, mail clerk, file clerk
        """,
        2: "secretary, secretaries, secretarial, office, clerical, administration, records",
        0: "assistant, assistants, asst, clerk, clerks, administrator, admin",
    },
    "executive": {
        1: """
            ceo, chief executive officer, managing director, general manager, chairman, chairwoman,
            chief of staff, board of directors, board member, chief strategy officer, executive
            board, executive director, general management, equity partner
        """,
    },
}
