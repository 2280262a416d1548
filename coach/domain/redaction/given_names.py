"""First names that are common somewhere, and their short forms: hints, not a register."""

from __future__ import annotations

_FORMS = """
dolores lola; guadalupe lupe; enrique kike quique; concepcion concha conchita; rosario charo; consuelo chelo;
jesus chuy; manuela manu; alejandro jandro; fernando nando; alberto beto; ernesto neto; mercedes merche;
sergio checho; gabriela gabi gaby; javier javi; vincenzo enzo; giuseppe beppe peppe; francesco checco franco;
luigi gigi; alessandro sandro; antonino nino; elisabetta betta; heinrich heinz; wilhelmina mina; katharina
kathi kati; margarethe grete gretel; sebastiano seba; matthias matze; andreas andi; aleksandr sasha shura;
dmitry dima mitya; evgeny zhenya; tatiana tanya; tatyana tanya; anastasia nastya; nataliya natasha; natalya
natasha; olga olya; elena lena; svetlana sveta; pavel pasha; konstantin kostya; galina galya; piotr piotrek;
krzysztof krzysiek; malgorzata gosia; katarzyna kasia; agnieszka aga; wojciech wojtek; jakub kuba; zbigniew
zbyszek; stanislaw staszek; oluwaseun seun; olufemi femi; chukwuemeka emeka; oluwatobi tobi; temitope tope;
babatunde tunde; folasade sade; adebayo bayo;
alexander alex sasha xander sandy lex; alexandra alex sasha sandra lexi; alexandre alex; andrew andy drew;
anthony tony ant; antonio toni tony; antonia toni; benjamin ben benji benny; barbara barb babs; beatrice
bea; bartholomew bart; catherine cathy kate katie cat; katherine kathy kate katie kat; kathryn kathy kate
katie kat; katarina kat; charles charlie chuck chas; charlotte charlie lottie; christopher chris kit;
christina chris tina chrissy; christine chris chrissy; christian chris; daniel dan danny; daniela dani;
danielle dani; david dave davey; deborah deb debbie; diana di; dimitri dima; dmitri dima; donald don
donnie; dorothy dot dottie; edward ed eddie ted ned; edwin ed; eleanor ellie nell; elizabeth liz lizzie
beth betty eliza libby; elisabeth liz lisa beth; emily em emmy; emma em; francis frank fran; francesca
fran cesca; francisco paco fran; frances fran; franklin frank; frederick fred freddie; frederic fred;
friedrich fritz; gabriel gabe; gabriella gabby; geoffrey geoff; george georgie; gerald gerry; geraldine
gerry; giovanni gianni; gregory greg; guillermo memo; harold harry hal; henry harry hank; ignacio nacho;
isabella bella izzy; isabel izzy bel; jacob jake; jacqueline jackie; james jim jimmy jamie; janet jan;
jeffrey jeff; jennifer jen jenny jenn; jessica jess jessie; jessie jess; johannes hannes joh; john johnny
jack; jonathan jon jonny; jose pepe; joseph joe joey; josephine jo josie; joshua josh; judith judy; julia
jules; julian jules; kenneth ken kenny; kimberly kim; kristina kris tina; lawrence larry; laurence larry;
leonard leo len lenny; leonardo leo; lucia luci; ludmila mila; madeleine maddie; madison maddie; magdalena
lena magda; manuel manu manolo; marcus marc; margaret maggie meg peggy marge; maria mia; matthew matt
matty; mateusz mati matt; mateo matt teo; matteo matt teo; mathieu matt; matias mati matt;
ryszard rysiek rysio; tadeusz tadek; kazimierz kazik; jerzy jurek; jozef jozek; grzegorz grzesiek; slawomir
slawek; jaroslaw jarek; miroslaw mirek; dariusz darek; waldemar waldek;
maximilian max; maxwell max; maxine max; megan meg; melanie mel; melissa mel; michael mike mick
mickey; michelle shelly; mikhail misha; mohammed mo; muhammad mo; mohamed mo; natalie nat; natalia nat
tasha; nathan nat nate; nathaniel nat nate; nicholas nick nicky; nicola nicky nic; nicole nicky; nikolai
kolya; nikolaus klaus; olivia liv livvy; oliver ollie oli; pamela pam; patricia pat trish patty tricia;
patrick pat paddy; penelope penny; peter pete; philip phil pip; phillip phil; rachel rach; rafael rafa;
raymond ray; rebecca becky bec becca; richard rich rick ricky dick richie; robert rob bob bobby robbie
bert; roberto beto; roberta bobbie; ronald ron ronnie; rosemary rose rosie; samantha sam sammy; samuel sam
sammy; santiago santi; sarah sal; sebastian seb basti; sergei seryozha; siobhan shiv; sophia sophie;
stephanie steph steff; stephen steve stevie; steven steve stevie; stefan stef; stuart stu; susan sue susie
suzy; susanna sue susie; suzanne sue suzy; teresa terry tess; theresa terry tess; terence terry; theodore
theo ted teddy; thomas tom tommy; timothy tim timmy; tobias tobi toby; valerie val; valentina vale;
veronica ronnie; victor vic; victoria vicky tori; vincent vince vinnie; virginia ginny; vladimir vova;
walter walt; wilhelm willi; william will bill billy liam willy; yekaterina katya; ekaterina katya; yevgeny
zhenya; zachary zach zack; abigail abby; albert al bert; alfred fred alf; amanda mandy; angela angie;
arthur art artie; augustus gus; bernard bernie; bradley brad; cassandra cass cassie; cecilia ceci;
chandrasekhar chandra; clifford cliff; cynthia cindy; dominic dom; douglas doug; eduardo edu lalo; ernest
ernie; eugene gene; evelyn evie; gareth gaz; graham; gwendolen gwen; herbert herb bert; hubert bert;
jeremy jez; jeremiah jerry; joanna jo joe; joanne jo; krishnamurthy krishna; lakshmi; leslie les; lillian
lily; louis lou; louise lou; luke; malcolm mal; martha; martin marty; mathias matt; matthias matt;
mitchell mitch; montgomery monty; norman norm; randall randy; reginald reg; rodney rod; roland rolly;
rudolf rudi; russell russ; salvatore sal; sandra sandy; solomon sol; spencer spence; stanley stan;
sylvester sly; tamara tammy; vivian viv; wendy; winston; zebedee; priyanka priya; abhishek abhi; siddharth
sid; venkatesh venky; vijayalakshmi viji; balasubramanian bala; subramanian subbu; adebayo bayo; oluwaseun
seun; oluwatobi tobi; chukwuemeka emeka; chidinma chi; ngozi; olufemi femi; babajide jide; temitope temi;
folasade sade; aleksandra ola sasha; aleksander olek; katarzyna kasia; malgorzata gosia; agnieszka aga;
joanna asia; magdalena magda; tomasz tomek; krzysztof krzys; piotr piotrek; zofia zosia; wojciech wojtek;
stanislaw staszek; jacek; ioannis yannis; georgios giorgos; konstantinos kostas; dimitrios dimitris
"""

# Common first names beyond those above, from many languages; no word of English among them.
_MORE = """
aafke aaliyah aarav aarne aaron abdul abdullah abdulrahman abebe abena abhinav achieng adaeze adele adeola
aditi aditya adriana advait adwoa afia agathe agnes agnete agus ahmed ahmet aidan aigerim ailsa aine aino
aisha ajay akash akiko akira akosua aksel akshay akua akwasi alain alan alana alasdair alba alberto
alejandra alejandro aleksandar alena alessandra alessandro alexandru alexis alfonso ali alice alicia alina
alison alistair aliya alla allison alma almaz alok alvaro alyona alzbeta ama amadou amaka amal amara
amarachi amari amarjeet amaury amelia amina aminata aminu amir amira amit amol amr amrita ana anahit anais
anand ananya anas anastasia anders anderson andre andrea andreas andreea andrei andrej andres andriy
andrzej aneta anette angelika angelina angus anh ani anil anita anja anjali ankit anna anne annegret
anneke anneliese annette annika anouk anselm ante antoine anton antti anuj anya aoi aoife apolline araceli
arash archana archie ariana ariel aris arjan arjun arman armando arnaud arne arnel arnold arseny artem
arthit arto arturo arun arvid arvind aryan asger asha ashleigh ashok ashwin asif astri astrid atieno
attila aude aurelie aurelien aurora awa axel ayaan ayaka ayanda ayesha aylin ayman ayo ayodele ayse aysel
ayu azadeh aziz babak bahar balazs balwinder baptiste baraka barbora barnaby bart bartholomew bashir
bassam bastien bayani bayu beata beatriz bekele bekzod belen bence benedict benedikt benoit bente bernd
bertie bertrand bharat bhaskar bhavna bheki bianca bich bilal biljana birgit birgitte birthe bisi bjorn
blanca bodil bogdan bohdan bohumil bojan bola bongani borge boris boubacar brage bram brandon brenda
brendan brian brigitte britta brittany bronagh bruna bruno bryan budi bukola burak bwalya caio caitlin
callum camila camille candice cansu caoimhe capucine carina carla carlo carlos carmen carolina caroline
carsten cassie catalin catalina catarina catriona cedric cees celeste celia celine cem cengiz cesar chanda
cheikh cherono chetan chiamaka chiara chiawei chidi chiedza chika chinedu chinonso chioma chipo chloe
chrysa chunhua cian ciara claire clara claudia claudio cleber clemens clement clive colette connor conor
constantin consuelo coralie corentin cormac cosmin courtney craig crispin cristian cristina cristobal
csaba cuthbert daan dagmar dagny daichi daisuke dalia dalisay damian damien damilola dana danica daniela
darcy daria darius dariush darnell darragh darren darshan darya davi davit dawid dawit dayo deandre debora
declan deepa deepak deirdre delphine demba demetrius denis denise deniz derek dermot derya desislava
desmond despina devendra devika devonte dewi dhruv diederik diego dieter dietmar dietrich dilek dilnoza
dima dimas dimitar dinara dinesh dirk divya djibril dmytro dolores dominic dominik dominika dominique
dongwook dora doreen dorota dragan duc dusan dustin eamon ebba ebele eberhard ebru ece edeltraud edgar
edgardo edith edmund edouard edson eduarda eelco eero eeva efe efrain efua eglantine eija eilidh einar
eirik eirini ekow ela elchin eleftheria elena eleni elfriede elias elif elin elisa elise eliza elke ella
ellen ellinor elodie elsa elvira emeka emeline emil emilia emiliano emilie emilio emmanuel emre engelbert
enrico enrique enzo eoin erhard eric erica erik erika erin erlend erlinda ernesto erzsebet esi esko esme
espen esperanza esra esteban estela estelle esther eszter ethan etienne eunji eva evan evangelia
evangeline ewald ewan eyvind fabian fabiana fabien fabio fabiola fabrice fadi faisal fajar fanny farah
farai farhad farhan farid farida farrukh fatima fatimah fatma fatou fatoumata federico felipe felix femi
femke ferdinand ferenc fergus fermin fernanda fernando finbar finlay finnur fiona fionnuala fitri flavia
florence florian florin floris francois frantisek franz franziska fraser freek freya frida friedhelm frode
fumiko funmi gabor gabriela gael gaetan galih galina gamze ganesh garba gaurav gautier gavin gbenga geert
geeta gemma genevieve georgi georgiana georgina gerard gerardo gerhard gerlinde german gerrit gertrud
gethin gevorg ghada ghassan gheorghe ghislaine giacomo giada gijs gilberto giles gilles gillian gina
giorgi giorgio giovanna girish gisela gisele giulia giulio giuseppe gloria golnaz gonzalo gopal goran
gordana gordon govind graciela graeme grainne gregoire gro guadalupe gudmundur gudrun guido guillaume
gulnara gunhild gunnar gunter gunther guowei gurpreet gustavo guus gwenaelle gwyneth haakon haile haiyan
hala halima halvor hamid hamish hamza hana hanan hanna hannah hanne hanneke hannelore hannes hannu hans
hansjorg hany haoran harald hari harish harmen harpreet harriet hartmut haruka haruki haruto hasan hassan
hatice hauwa hayk hector hedda hedwig heena heidemarie heidi heike heikki heiner heinz heitor helen helena
helene helga helge helmi helmut hema hemant hend hendrik henk henna henning henrietta hernan herta herve
hesham hideki hien hieu hilde hildegard hina hiroko hiroshi hjalmar holger horacio horst hossein hrvoje
huda hugh hugo humberto humphrey huong huseyin hussein huw hyejin hyun hyunjin iain ian ibrahim ibrahima
ida idris ieuan ifeanyi ifeoma ignacio igor ikenna ilaria ildiko ilkka ilmari ilona ilse iman imani imogen
imran imre indah ineke ines inga inge ingeborg inger ingmar ingrid ingvild inkeri inna ioana ionut irene
irfan irina irja irmgard iryna isa isaac isabelle ishaan isidro isla ismail isolde issa istvan ivan ivana
ivaylo iveta ivica ivo ivor iwona jaakko jaap jacco jacek jaewon jagdish jailton jaime jakub jalen jamal
jamshid jana jane janine janusz jaqueline jari jarle jarmila jarmo jaroslav jasper jaspreet jatin javier
jayden jayesh jean-luc jelena jelle jemima jens jeremy jeroen jerome jesper jesse jiahao jiahui jiajun
jianguo jiayi jiho jihoon jiri jisoo jitka jiwoo joachim joana joao joaquin jocelyne jochen joel johan
johanna jolanta jomar jonah jonas joost jordi jorg jorge jorien joris jorn jorunn jose josefina josiane
josip josue jouni jozef juan juana judit juha juho jukka juliana julie juliette julio juma jun junjie
jurgen jurriaan jussi justyna jutta jyoti kaan kaare kaarina kabir kagiso kai kaisa kaito kalina kalle
kalpana kamal kamala kamau kamila kanya kaori karan kareem karel karen kari karianne karim karin karl
karlheinz karlo karolina karsten kartik kasper katalin katariina katja katri kaveh kavita kavya kazuko
kazuo kees kehinde keiko keisha keisuke keith kelechi kelly kemal kenechukwu kenji kenta kerstin ketevan
ketut khadija khady khaled khalid khanh kieran kimberley kipchoge kiran kirill kirsi kirsten kirsti kirsty
kirti kishore kjell kjersti kjetil klara klaus knud knut koen kofi kojo konrad krasimir kristian kristin
krystyna ksenia kseniya kulwinder kumar kunle kveta kwabena kwame kwesi kyosti kyriakos kyung lachlan
ladislav laetitia lakisha lama larisa larissa lars lasse laszlo lata latoya laura laure lauren laurence
laurent lauri lavanya layla leah leandro leanne lebo leena lefteris leif leila lena lenka leon leonie
leonor leopold lerato lestari leticia levan levi leyla liam lidia lieke liesbeth liesel lieselotte ligaya
lihua liisa lina linda lindiwe linh linnea lionel lisa lisandro liv livia ljiljana ljubica lloyd loic
lokesh lorena lorenzo lorna lorraine lothar lotte lourdes luana luca lucas lucia luciana luciano lucie
lucien lucile lucy ludovic luigi luis luisa luise luka lukas lukasz lutz luuk luz lydia lynette lyubov
lyudmila maaike maarit maarten madhav madhuri madina mads maeve magali magdalena magnus mahesh mahmoud
mahsa mai-linh maija mairead maisie maite majid makoto malachy malcolm malee malik malin mamadou mamta
mandla manfred manisha manju manoj manon manpreet mansi manuela marat marc marcel marcela marcelle marcelo
marcia marcin marco marcos marek margarethe margarita margot marguerite mariam mariama mariana marianne
maricel marie marieke mariella marija marije marijke mariko marina mario marion marios marisol marit
marites marius marja marjatta marjorie markku marko markus marlene marloes marta marte martin martina
martine maryam matej mateo mateus mateusz mathieu mathilde matias matilda matteo matti mattias maureen
maurice mauricio mauro maxence maximo maya mayank mayara mechthild meenakshi meera megan mehdi mehmet
mehran mei meifang meihua meiling melis mensah merve meryem meseret mette michaela michal micheal michiko
mieke miguel mihaela mihai mika mikael mikkel mikko milan milena milica milind millicent minghao minh
minjun minna minoru minseo mio miodrag mireille mireya miriam mirja mirjam mirko miroslav mirte misaki
mladen mogens mohit moira mojca mona monica monika monique monserrat morag morgane moritz morten mostafa
moussa mpho mukesh murali murat muriel murilo musa mustafa mutale mwangi mykola nabil nadezhda nadia
nadine nadja naledi nana nanami nandini naoki naoko naomi narek naresh narges nasrin nasser natalia
nataliya natasha nathalie naveen neema neeraj neha nejc nele nelson nemanja nerys nessa neville ngoc ngozi
nguyen nhung niamh nicolas niels nienke nieves nigar nigel nigora nikhil nikita nikola nikolay nikos
nilesh niloufar nils nilton nilufer nina nino niraj niran nirmala nisha nitin njeri nkechi nnamdi nneka
noah noelia noelle noemi noemie noha nokuthula nomsa nomvula nora norbert noriko norma nour nuno nuria
nursultan nurul nyambura nyoman obi obinna octavia octavio oddvar odette odhiambo odile ofelia oisin
oksana olaf olamide ole oleg oleksandr olena olga olha olli olumide oluwaseun omar omid ondrej onur onyeka
opeyemi orhan orla orlando orsolya osama oscar oskar oskari osvaldo oswald otabek otieno ottilie ottmar
otto ousmane outi owain owen oyin oystein ozge pablo padma padmini padraic padraig paivi pallavi paloma
panagiotis pankaj paola paolo parisa parth parvati pascal pascale pascaline pascual pasi patrice patricia
patricio paul paula paulina pauline pavel pawel pedro pekka pentti percival perrine petar peter petra
petya philippa philippe phoebe phuc phuong pia pierre piers pieter pilar pim pinar pirjo pirkko piyush
plamen polina pooja poonam pradeep prakash pranav prashant pratibha praveen preeti priscila priscilla
priya priyanka przemek purnima putri putu quang quentin radek radha radka radoslav radu rafaela ragnar
ragnhild rahul raija raili raimo raisa raj rajan rajendra rajesh rajiv rakesh ralf raluca ramesh rami
ramiro ramon rana randi rania ranjit ranulph raoul raquel rasha rashad rashid rashmi rasmus ratana ratna
raul ravi ravindra razvan reem regina rehema reidar reijo reiner reinhard reinhold reinier reka rekha remi
ren renan renata renate renaud rene renske revathi reyansh reza rhiannon rhys ricardo richa rigoberto
riikka riitta rik rima rin rinat rinske rishi risto ritu ritva rizky roberta rocio rodel rodolfo rodrigo
roel rogelio rogerio rohan rohini rohit roisin rok rolando romain ronaldo ronan ronja ronke rosa rosalia
rosalie rosalind rosamund rosario roshni roswitha rowan rowena roxana ruairi ruben rudiger rudo ruoxi
rupali rupert ruslan ruth ruud ryan ryota saanvi sabine sabrina sachiko sachin sadia saeed sagar sajid
sakura salim salma salvador salwa sameer samer sami samir samira sandeep sander sandhya sandor sandra
sandrine sangeeta sangwoo sani sanjay sanjeev sanna santiago saoirse sara sarah sari saroj saskia satish
satoshi satu saud saul saurabh savvas seamus sean sebastian sebastien segolene segun seija selam selim
selin selina selma seoyeon sepideh seppo serena sergio serhiy serkan seung severine sevgi seydou shabnam
shahram shalini shanice shaniqua shankar shannon shanti sharon shashank shaun sheila sherif shilpa shinji
shirin sholto shota shreya shufen shweta shyam sibel sibusiso sidnei siegfried sieglinde sigrid sigurd
sihan silke silvana silvia simeon simon simona simone simphiwe sinead sini siobhan sioned sipho siri
sirkka sissel sita siti sivert siw sjaak sjoerd slobodan smita sneha snehal snezana sofia sofie sola
soledad solene solveig somchai somsak sonali sonia sonja sonke soobin soojin sora soren sota spyros
stanislav stavros stefan stefania stefano steffen steffi stella stephane stijn stine stoyan stuart subhash
sudha sudhir sujata sukhdeep sumit sumitra sunghoon sunil sunita sunniva supaporn surbhi surendra suresh
susana susanne sushil svein sven svenja sverre svetlana svitlana swantje swati sybren sylvain sylvia
sylvie synnove tabitha tadeu tadeusz taehyung tafadzwa taina taiwo takashi takumi tamar tamara tamas
tamika tamsin tania tanja tanvi tanya tapani tapio taras tarek tariq tarja tarun tatenda tatiana tatiane
tatjana teemu teija tendai terence teresa terje tero terrell tetsuya teun thabiso thabo thais thanasis
thandi thandiwe thanh thao thea themba theo thi thiago thibault thibaut thierry thijmen thijs thora
thorbjorn thorsten thuy tiago tibor tien tigist tigran tiina tijana tilda tim timo timur tina titilayo
tjeerd tjitske tobi tobias tochukwu toini tolga tolu tomas tomasz tomislav tommaso tomoko topi torgeir
torill torsten torunn trang traudel trayvon trevor trine trisha tristan trond trude trung trygve tshepo
tsvetelina tuan tuija tunde tuomas tuomo tural turid turki tushar tuula tyra tyreek tyrell tyrone uche
uchenna uday ugochi ulf ulises ulla ulrich ulrika ulrike umberto umesh unni urho urmila urska ursula usama
usha usman ute uwe vaclav vadim vaino valentin valeria valeriy valmir vandana vanessa vangelis varun
vasile vasiliki vasilis vasily vasudha vegard veikko veit vera verena verity veronica veronika vesa vesna
vibeke vicente vidya viggo vihaan vijay vikas vikram viktor viktoria vilde vilho ville vimal vinay
vincenzo vinh vinicius vinod violeta virpi vishal vitoria vivek viviane vivienne vojtech volkan volker
volodymyr vuk vusi wael wafa wagner wale walid wallace waltraud wambui wanjiku wanjiru wayan wei weijie
weiwei wenjie wenling werner wesley wessel wiebke wietske wiktor willem wim winfried winifred winston wole
wolfgang wolfram wouter wulan xaver xavier xiao xiaoli xiaoming ximena xinyi xiuying yael yamini yana yann
yannick yara yash yasmin yasmine yating yaw yejin yemi yetunde yiannis yifan yildiz ying yinka yogesh yoko
yolanda yonas yordanka youngmi yousef youssef yuchen yuhan yui yuki yulia yuliya yumi yumiko yuna yunus
yuri yusuf yusuke yuto yuxuan yves yvette yvonne zachariah zahra zaid zainab zaire zanele zara zarina
zdenek zehra zeljko zeynep zhanna zhihao zhiwei ziad ziga zihan zixuan zoe zofia zola zoltan zoran zsofia
zsolt zurab zuzana
"""


def _tables() -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    forms: dict[str, tuple[str, ...]] = {}
    for row in _FORMS.split(";"):
        first, *short = row.split()
        forms[first] = tuple({*forms.get(first, ()), *short})
    longs: dict[str, set[str]] = {}
    for name, others in forms.items():
        for one in others:
            longs.setdefault(one, set()).add(name)
    both = dict(forms)
    for one, firsts in longs.items():
        fonder = {other for first in firsts for other in forms[first] if _fonder(other, one)}
        # "Sam" in a roster may be either: then Samuel is not looked for
        full = firsts if len(firsts) == 1 else set()
        both[one] = tuple({*both.get(one, ()), *full, *fonder})
    names = {*forms, *longs, *(part for name in _MORE.split() for part in name.split("-"))}
    return both, frozenset(name for name in names if len(name) > 2)


def _fonder(other: str, short: str) -> bool:
    """Susie and Suzy for Sue: the same beginning with a fond ending."""
    return other != short and other[:2] == short[:2] and other.endswith(("ie", "y", "i"))


SHORT_FORMS, GIVEN_NAMES = _tables()
