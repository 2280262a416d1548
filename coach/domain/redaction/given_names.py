"""First names that are common somewhere, and their short forms: hints, not a register."""

from __future__ import annotations

_FORMS = """
alexander alex sasha xander sandy lex; alexandra alex sasha sandra lexi; alexandre alex; andrew andy drew; anthony tony ant;
antonio toni tony; antonia toni; benjamin ben benji benny; barbara barb babs; beatrice bea; bartholomew bart; catherine cathy
kate katie cat; katherine kathy kate katie kat; kathryn kathy kate katie kat; katarina kat; charles charlie chuck chas;
charlotte charlie lottie; christopher chris kit; christina chris tina chrissy; christine chris chrissy; christian chris;
daniel dan danny; daniela dani; danielle dani; david dave davey; deborah deb debbie; diana di; dimitri dima; dmitri dima;
donald don donnie; dorothy dot dottie; edward ed eddie ted ned; edwin ed; eleanor ellie nell; elizabeth liz lizzie beth betty
eliza libby; elisabeth liz lisa beth; emily em emmy; emma em; francis frank fran; francesca fran cesca; francisco paco fran;
frances fran; franklin frank; frederick fred freddie; frederic fred; friedrich fritz; gabriel gabe; gabriella gabby;
geoffrey geoff; george georgie; gerald gerry; geraldine gerry; giovanni gianni; gregory greg; guillermo memo; harold harry hal;
henry harry hank; ignacio nacho; isabella bella izzy; isabel izzy bel; jacob jake; jacqueline jackie; james jim jimmy jamie;
janet jan; jeffrey jeff; jennifer jen jenny jenn; jessica jess jessie; jessie jess; johannes hannes joh; john johnny jack;
jonathan jon jonny; jose pepe; joseph joe joey; josephine jo josie; joshua josh; judith judy; julia jules; julian jules;
kenneth ken kenny; kimberly kim; kristina kris tina; lawrence larry; laurence larry; leonard leo len lenny; leonardo leo;
lucia luci; ludmila mila; madeleine maddie; madison maddie; magdalena lena magda; manuel manu manolo; marcus marc;
margaret maggie meg peggy marge; maria mia; matthew matt matty; maximilian max; maxwell max; maxine max; megan meg; melanie
mel; melissa mel; michael mike mick mickey; michelle shelly; mikhail misha; mohammed mo; muhammad mo; mohamed mo; natalie nat;
natalia nat tasha; nathan nat nate; nathaniel nat nate; nicholas nick nicky; nicola nicky nic; nicole nicky; nikolai kolya;
nikolaus klaus; olivia liv livvy; oliver ollie oli; pamela pam; patricia pat trish patty tricia; patrick pat paddy;
penelope penny; peter pete; philip phil pip; phillip phil; rachel rach; rafael rafa; raymond ray; rebecca becky bec becca;
richard rich rick ricky dick richie; robert rob bob bobby robbie bert; roberto beto; roberta bobbie; ronald ron ronnie;
rosemary rose rosie; samantha sam sammy; samuel sam sammy; santiago santi; sarah sal; sebastian seb basti; sergei seryozha;
siobhan shiv; sophia sophie; stephanie steph steff; stephen steve stevie; steven steve stevie; stefan stef; stuart stu;
susan sue susie suzy; susanna sue susie; suzanne sue suzy; teresa terry tess; theresa terry tess; terence terry; theodore
theo ted teddy; thomas tom tommy; timothy tim timmy; tobias tobi toby; valerie val; valentina vale; veronica ronnie; victor vic;
victoria vicky tori; vincent vince vinnie; virginia ginny; vladimir vova; walter walt; wilhelm willi; william will bill billy
liam willy; yekaterina katya; ekaterina katya; yevgeny zhenya; zachary zach zack; abigail abby; albert al bert; alfred fred alf;
amanda mandy; angela angie; arthur art artie; augustus gus; bernard bernie; bradley brad; cassandra cass cassie; cecilia ceci;
chandrasekhar chandra; clifford cliff; cynthia cindy; dominic dom; douglas doug; eduardo edu lalo; ernest ernie; eugene gene;
evelyn evie; gareth gaz; graham; gwendolen gwen; herbert herb bert; hubert bert; jeremy jez; jeremiah jerry; joanna jo joe;
joanne jo; krishnamurthy krishna; lakshmi; leslie les; lillian lily; louis lou; louise lou; luke; malcolm mal; martha;
martin marty; mathias matt; matthias matt; mitchell mitch; montgomery monty; norman norm; randall randy; reginald reg;
rodney rod; roland rolly; rudolf rudi; russell russ; salvatore sal; sandra sandy; solomon sol; spencer spence; stanley stan;
sylvester sly; tamara tammy; vivian viv; wendy; winston; zebedee; priyanka priya; abhishek abhi; siddharth sid; venkatesh venky;
vijayalakshmi viji; balasubramanian bala; subramanian subbu; adebayo bayo; oluwaseun seun; oluwatobi tobi; chukwuemeka emeka;
chidinma chi; ngozi; olufemi femi; babajide jide; temitope temi; folasade sade; aleksandra ola sasha; aleksander olek;
katarzyna kasia; malgorzata gosia; agnieszka aga; joanna asia; magdalena magda; tomasz tomek; krzysztof krzys; piotr piotrek;
zofia zosia; wojciech wojtek; stanislaw staszek; jacek; ioannis yannis; georgios giorgos; konstantinos kostas; dimitrios dimitris
"""

# Common first names beyond those above, from many languages; no word of English among them.
_MORE = """
aaron aditi aditya agnes ahmed aisha ailsa aidan akiko akira aksel alain alan alana alba alberto alejandra alejandro alessandra
alessandro alfonso alice alicia alina alison allison alma alok alvaro amara amelia amina amir amira amit amrita ana anand ananya
anastasia anders andre andrea andreas andrei andres andrzej aneta angelika angelina angus anil anita anja anjali ankit anna anne
annette annika anouk anselm anton antoine anya archie ariana ariel arjun arjan armando arne arnold arturo arun asif astrid
aurelie axel ayaan ayesha aylin ayse azadeh bahar barbora beata beatriz belen benedikt bernd bertrand bianca bilal birgit bjorn
bogdan boris brandon brenda brendan brian brigitte britta bruno bryan burak camila camille candice carina carla carlo carlos
carmen carolina caroline carsten cassie catalina catarina celia celine cem chiara chidi chinedu chioma chiara chloe claire clara
claudia claudio clemens colette connor constantin craig cristian cristina dagmar daisuke damian damien dana daria darius
darren dawid deepa deepak deirdre delphine demba denis denise derek desmond devika dhruv diego dieter dilek dinesh divya dominik
dominika dominique dora doreen dorota edith edgar efua ela eleni elena elias elif elin elisa elise eliza ella ellen elodie elsa
emeka emil emilia emilie emiliano emilio emmanuel emre enrico enrique eric erica erik erika erin esme esra esteban esther etienne
eva evan fabian fabio fabrice farah farid farhan fatima fatma fatou federico felipe felix ferdinand fernanda fernando fiona
flavia florian francois franz franziska freya fumiko gabriela gavin gemma genevieve gerard gerhard giacomo giada gilles gina giorgio
giovanna giulia giulio giuseppe gloria goran gonzalo gudrun guido guillaume gunnar gunther gustavo hamid hamza hana hanna
hannah hannes hans harish haruki hassan hasan heike heinz helen helena helene helga helmut hiroshi hussein ian ibrahim ida ignacio
igor ilaria ilse imani imran ines inga inge ingrid ioana irene irina irfan isabelle ismail ivan ivana ivo iwona jaap jacek jakub jamal
jana jane janine janusz jasper javier jayden jean-luc jelena jeroen jerome jiho joachim joana joao joaquin jochen joel johan johanna
jolanta jonas jonah jordi jorge jorg jose juan juana juho juliana julie juliette julio jun jurgen justyna kaito kamal kamila
kareem karel karen karim karin karl karolina karsten kasper kavita kavya keiko keith kelly kemal kenji khadija khalid kiran kirsten kirsty
klara klaus kofi kojo konrad kristian kristin krystyna kumar kwame lars laszlo laura lauren leah leila lena leon leonie leticia
levi lidia liesbeth lieke lina linda linnea lionel lisa livia ljubica lorena lorenzo lotte luca lucas lucie lucien lucy luigi luis luisa
lukas lukasz lydia maarten mads magnus mahmoud maite malik malin mandla manfred mansi manuela marc marcel marcela marcelo marcin
marco marek margarita margot mariam mariana marianne marie mariella marije marijke marina mario marion marisol marit marius
marjorie marko markus marlene marta marte martina martine mateo mateusz matias matilda matteo mattias maureen mauricio maurice mauro
maya mehmet mei meera mehdi merve michal michaela micheal miguel mikael mikko milan milena milica miriam mirjam mirko misaki mohit
moira monica monika moritz muriel mustafa nadia nadine nadja naledi naoki naomi natasha neha nelson nessa niamh nicolas niels
nikhil nikita nikola nils nina nisha noah noemi nora norbert nuno odile olaf oleg olena olga oluwaseun omar oscar oskar otto
owen pablo padraig paloma paola paolo parvati pascal patricio paul paula paulina pauline pavel pawel pedro per petra pia pierre
pilar piyush pooja prakash pranav prashant preeti priscilla priya priyanka przemek radek rahul raj rajesh rakesh ralf ramon rania
rashid raul ravi reinhard rekha renata renate rene reza ricardo rishi ritu roberta rocio rodrigo rohan rohit roisin romain
ronan rosa rosalind rosario roxana ruben rupert ruth ryan saanvi sabine sadia saeed said sajid sakura salim salma samir samira
sandeep sander sanjay santiago sanna saoirse sara sarah satoshi saskia sean seamus selim selma serena sergio seung shabnam shanice
sharon shaun sheila shirin shreya shweta sibel sigrid silke silvia simon simona simone sinead siobhan siri snehal sofia sofie solveig
sonia sonja soren sota stefania stefano steffen stella stephane stine sunita suresh susanne svenja svetlana swati sven sylvia sylvie
tadeusz takashi tamas tania tanja tanya tariq tatiana tatjana tendai teresa thabo thandi thandiwe theo thierry thijs thorsten tiago tilda
tomas tomasz tommaso torsten tristan trevor tuomas tuan uwe ulf ulla ulrich ulrike umberto ursula usman valentin valeria vanessa
vasilis vera verena vikram vimal vincenzo viktor viktoria violeta viviane vivek wael walid wanjiru wei werner wiktor wim winfried xavier
xiao yael yannick yara yasmin yasmine yiannis ying yolanda yousef youssef yuki yuri yusuf yvonne zainab zara zeynep zofia zoe zoltan
zsofia zuzana adele agathe aine aoife bronagh caoimhe ciara cian conor cormac darragh declan eamon eilidh eoin fergus finbar fionnuala
grainne hamish iain isla kieran lachlan liam maeve malachy mairead morag oisin orla padraic rhys ruairi callum catriona ewan gethin
gwyneth huw ieuan megan nerys owain sioned abena akosua ama ayo bola chiamaka dayo efe ifeoma kehinde kelechi kwabena nkechi nneka
obinna olumide onyeka segun simphiwe sipho taiwo tunde uche wale yaw yetunde zanele zola bongani lerato nomsa mpho hyun minjun
jiwoo seoyeon minseo soojin yuna haruto hina kenta mariko naoko ryota sachiko shinji takumi tomoko yoko yumi linh minh nguyen phuong quang
thanh thuy trang anh huong mai-linh xinyi jiayi haoran weiwei yifan zihan meiling siti nurul putri dewi budi agus aditi
""".split()


def _tables() -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    forms: dict[str, tuple[str, ...]] = {}
    for row in _FORMS.split(";"):
        first, *short = row.split()
        forms[first] = tuple({*forms.get(first, ()), *short})
    longs: dict[str, set[str]] = {}
    for first, short in forms.items():
        for one in short:
            longs.setdefault(one, set()).add(first)
    both = dict(forms)
    for one, names in longs.items():
        if len(names) == 1:  # "Sam" in a roster may be either: then only Sam is looked for
            both[one] = tuple({*both.get(one, ()), *names})
    names = {*forms, *longs, *(part for name in _MORE for part in name.split("-"))}
    return both, frozenset(name for name in names if len(name) > 2)


SHORT_FORMS, GIVEN_NAMES = _tables()
