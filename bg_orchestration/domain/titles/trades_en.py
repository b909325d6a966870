"""The words of function in English for trades and manual work. Tiers as in `title_functions`."""

from bg_orchestration.domain.model import Function

TRADES: dict[Function, dict[int, str]] = {
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
            quality controller*, process controller*
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
            mixers, loader, loaders, stower*, stevedor*, longshore*
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
            threader*, laster*
        """,
        1: """
            operations, operation, operator, ops, project, projects, program, programme, programs,
            process, processes, processor, planner, planning, delivery, machine, implementation,
            safety, hse, ehs, products *er, products *or, packager*
        """,
    },
    "other": {
        2: """
            concrete, dredge, paving, derrick, shovel, asphalt, logging, heavy equipment, crane,
            farm, ranch, crop, excavator*, bulldozer*, backhoe, dragline, ferry
        """,
        4: """
            tree trimmer*, paving machine operator*, correctional, corrections officer*, tree
            planter*, tree cutter*, timber cutter*, elevator operator*, fortune teller*, tattoo*,
            sewer cleaner*, support worker*, community center*, community service*, community
            living, agricultural agent*, extension agent*, conservation agent*, special agent*,
            border patrol*, dolphin trainer*, racehorse trainer*, bus operator*, tram operator*,
            train operator*, streetcar operator*, animal feeder*
        """,
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
        1: """
            consultant, consulting, music, sports, hotel, restaurant, food, forest, worker, employee
            |, employees |, civil service, civil servant*
        """,
    },
}
