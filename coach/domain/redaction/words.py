"""Small closed lists that tell a name from a word. Everything in lower case, without diacritics."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of a text, without doubles."""
    return frozenset(words.split())


PARTICLES = word_set(
    """
van der den de di da do dos das du del della la le el al bin ibn bint ben von zu zur ter ten af av y e o d
l st saint san abu ap mac mc ó ni nic na op
"""
)
SUFFIXES = word_set("jr sr ii iii iv phd md msc bsc mba esq")
TITLES = word_set(
    """
mr mrs ms miss mx dr doctor prof professor sir madam herr frau fru monsieur madame mme mlle senor senora
sra signor signora dame lord lady uncle aunt auntie grandma grandpa granny sister brother nurse judge
matron rev reverend fr capt captain sgt sergeant lt col
"""
)

MODALS = word_set("will may can might must shall would could should")
MONTHS = word_set(
    """
january february march april may june july august september october november december jan feb mar apr jun
jul aug sep sept oct nov dec
"""
)
WEEKDAYS = word_set(
    """
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays
saturdays sundays mon tue tues wed thu thur thurs fri sat sun
"""
)
SEASONS = word_set("summer autumn winter spring christmas easter noel")
# Nouns that stand without an article: "Hope is not a plan".
MASS = SEASONS | word_set(
    """
hope joy faith grace chance art charity patience prudence constance verity felicity mercy honor honour
harmony melody peace love trinity destiny liberty victory glory bliss justice cash gold silver rice ginger
sage basil amber jade ivory crystal pearl moss clay rain dawn dusk star sky skye strength gaye reason
merit virtue temperance clarity serenity truth luck fortune price power pride music beauty life
"""
)
# Words that describe: "frank feedback", "rich data".
DESCRIBING = word_set(
    """
frank rich young sunny sandy noble sharp strong small short long good best swift moody savage white black
green brown gray grey blue red scarlet violet gay merry earnest ernest christian stark smart bright wise
fair hardy major close sterling royal rusty slim curt blunt dear golden true early curly sweet
"""
)

DETERMINERS = word_set(
    """
the a an this these those every each no any some another our my your his her their its what which whose
more less much many few several all both either neither such good great little new old big last first next
two three four five one's own same other real
"""
)
OWNERS = word_set("my our your his her their")
# Before these a capital is no noun's: "what Faith expects", "neither Pat nor Drew".
BEFORE_ANYBODY = word_set("what which both either neither")
PRONOUNS = word_set(
    """
i you he she it we they me him us them this that these those there someone somebody anyone anybody
everyone everybody one nobody people
"""
)
ARTICLES = word_set(
    """
the a an my our your his her their its this that these those some any every each all both
"""
)

SAYING = word_set(
    """
said says asked asks replied replies answered answers told tells thinks thought wants wanted emailed
emails texted texts called calls phoned rang wrote writes complained complains mentioned mentions admitted
admits nodded nods shrugged shrugs smiled smiles laughed laughs cried cries sighed sighs apologised
apologized apologises apologizes resigned resigns joined joins insisted insists argued argues suggested
suggests agreed agrees disagreed disagrees refused refuses quit knows knew believes believed feels felt
hates hated likes liked loves loved seems seemed noticed notices explained explains snapped snaps shouted
shouts whispered whispers whisper offered offers promised promises decided decides came comes went goes
left leaves sent sends interrupted interrupts forgot forgets forgave walked walks sat sits stood stands
looked looks works worked manages managed leads led reports reported presented presents rolled raised
raises worries worried volunteered volunteers objected objects joked jokes stayed stays arrived arrives
spoke speaks talks talked needs needed keeps kept tries tried gets got did does didn't doesn't hadn't has
hasn't wasn't isn't handed hands took takes gave gives pointed messaged pinged reckons sounds sounded
appears appeared blames blamed avoids avoided ignores ignored prefers preferred confided swears swore
hesitated hesitates broke stopped started starts began begins runs ran hired covers covered missed misses
made makes finished finishes expects expected waited waits turned turns responded responds thanked thanks
invited invites
"""
)
PAST = word_set(
    """
rose paid took drew went came said told left wrote knew thought felt made gave brought kept ran sent saw
found lost met spoke stood sat held built bought caught chose drove ate fell flew forgot grew heard hid
led lent meant read rode sang slept sold spent swore taught threw understood woke won wore broke began
blew bit became got had was did quit let put hurt cut shut stuck struck sank shook shot dug fought fed
froze laid lay lied rang
"""
)
# What is said of things as well: "Hope left", "Faith works".
IMPERSONAL = word_set(
    """
seems seemed comes came went goes gives gave gets got needs feels felt works worked left does did kept
keeps makes made starts started stopped began looks looked runs ran takes took stood stands has broke
appeared appears returned sounds turned turns means misses
"""
)
# Verbs that every noun can take, so that they prove a person only after a word that is no mass noun.
BEING = word_set("is was has had does did isn't wasn't hasn't hadn't doesn't didn't")
ASKING_MODALS = word_set(
    """
will would can could should might must shall may won't wouldn't can't cannot couldn't shouldn't
"""
)
ADVERBS = word_set(
    """
never always also just still even simply really now then only already finally often usually sometimes
rarely recently quietly openly suddenly probably clearly actually kindly gently nearly almost barely
hardly once later soon again
"""
)
TELLING = word_set(
    """
told tell telling asked ask asking texted emailed email messaged message thanked thank phoned invited
invite hired promoted interviewed coached mentored pinged trust trusted blame blamed replaced joined
married ring ringing rang met meet meeting praised helped help let made make believe believed reminded
warned interrupted criticised criticized convinced persuaded paired mentor coach fired saw cc cced
onboarded miss missed like liked love loved avoid avoided ignored owe gave give showed show sent send
called named
"""
)
# Of these, the ones that nobody does to a thing.
ADDRESSING = word_set(
    "told tell telling tells asked ask asking texted emailed messaged thanked phoned invited hired promoted"
)
# A verb follows these: "to mark", "you may".
BEFORE_VERB = word_set("to i you we they he she it not please")
NO_VERB = word_set("as always perhaps sometimes towards besides things")
# What hope, joy or summer may be, while a person called so is anything else.
ABSTRACT_PREDICATES = word_set(
    """
a an the all what rare dead lost gone over fading fragile contagious hard easy low high short long hot
cold coming near ending necessary important enough possible something nothing everything one part never
always still not no only everywhere nowhere free cheap expensive good bad better best worse more less
needed required why how when where slow quick small big great infinite finite limited left there here back
too once around between in at like
"""
)
# "afraid of May": a person, although months follow "of".
OF_PERSON = word_set(
    """
afraid proud jealous tired sure fond scared ashamed think thought thinking speak spoke hear heard instead
ahead because front behalf opinion suspicious worried dreamt dreamed aware critical unfair kind fault
"""
)
# Of these, what is said of people just as often: "Grace is the only one", "Faith is still here".
ALSO_OF_PEOPLE = word_set("the a an one never always still not here there back like")
# How a month or a season is, not a person called so.
OF_SEASONS = word_set(
    """
chaos chaotic busy tough rough calm wet dry warm mild dark light quiet thin peak slow intense madness hectic
stressful full packed awful terrible usually typically traditionally when our my worse better hell record
"""
)
# What only people will or can do.
DEEDS = word_set(
    """
run take lead write call ask tell join leave cover present speak talk handle send bring stay read answer
apply resign sit chair attend report finish organise organize prepare explain decide argue apologise
apologize drive travel cook sing retire return reply hire interview train mentor coach sign draft book
meet visit listen say think know feel want agree disagree
"""
)
WITH = word_set(
    """
with from about than for by behind between and or to like against without beside via
"""
)
JOINERS = word_set(
    """
and but because when that if while since so then today yesterday after before as where whether think
thinks thought know knew said says guess hope sure afraid feel felt although though until unless once or
whenever maybe perhaps now how why what who whom which wonder believe apparently meanwhile however
"""
)
CLOSED = word_set(
    """
that to if whether about why how what when not and for yesterday today tomorrow directly again because but
or on in at with from as who so the a an my our his her their this last next before after until while
since yet too either is was has had will would can could then now first once by of i we he she they it
"""
)
# After these predicates of a mass noun there must be a person: "Hope is upset".
PERSON_PREDICATES = word_set(
    """
on ready keen upset angry crying sick leaving happy sad tired furious nervous worried stressed ill
pregnant retiring struggling annoyed hurt disappointed ashamed scared afraid overwhelmed exhausted
convinced pushing asking coming working my our senior junior younger older away promoted hired unhappy
jealous asked told invited hoping quiet late off lovely brilliant taking applying doing getting
"""
)
BEFORE_MONTH = word_set(
    """
in since until till by last next this early late mid of during from through throughout for before after
around every and or to between end beginning mid- st nd rd th
"""
)
AFTER_MONTH_OWN = word_set(
    """
numbers figures results payroll invoice forecast targets target budget deadline board meeting report sales
rota schedule review launch release intake cycle end retro workshop offsite session holiday holidays
"""
)
BEFORE_SEASON = word_set(
    """
in last next this during early late over since until by mid of for all every before after
"""
)
BEFORE_THING = word_set(
    """
project operation programme program initiative team saint st hotel lake mount port cape hms codename
version street avenue room building hall floor gate terminal platform ward
"""
)
# Second word of fixed expressions that are written with capitals in some texts.
COLLOCATIONS = {
    "art": word_set("director department gallery team school direction of"),
    "grace": word_set("period"),
    "summer": word_set(
        """
school party fridays holiday break camp internship intern interns schedule hours time
"""
    ),
    "winter": word_set("party holiday break schedule"),
    "rose": word_set("garden to from by again"),
    "angel": word_set("investor investors funding round"),
    "dean": word_set("of"),
    "bill": word_set("of for"),
    "may": word_set("day"),
    "chance": word_set("to of that"),
    "hope": word_set("to that for you this it all we"),
    "joy": word_set("of to"),
    "faith": word_set("in"),
    "mark": word_set("of ii iii down my"),
    "cook": word_set("book"),
    "page": word_set("one two"),
    "frank": word_set("and"),
    "cliff": word_set("edge"),
    "cash": word_set("flow"),
    "price": word_set("list"),
    "grant": word_set("application applications committee money funding of"),
    "black": word_set("friday"),
    "green": word_set("deal paper"),
    "white": word_set("paper"),
}

# Words that may be first names or surnames in a list, and are ordinary words all the same.
NAME_WORDS = (
    MODALS
    | MASS
    | DESCRIBING
    | word_set(
        """
mark may april june august rose bill pat drew dean angel chase grant hunter gene guy jack jay rob bob nick
sue ray skip spike stew tab trip wade ward buddy chuck chip colt dash duke earl josh lance max miles norm
pierce rod rock stone tanner teddy victor van penny peg dolly dot kitty bunny candy honey robin martin
drake lark wren lily daisy iris heather holly ivy rosemary poppy fern hazel ruby olive cherry berry heath
marsh brook brooke river rivers lake wood woods field fields forest hill cliff dale glen baker cook king
bishop carter parker taylor walker turner mason fisher shepherd page wells banks bond cross fox wolf swan
bird ford park bell ball church pope abbot archer porter potter miller smith weaver butler cooper gardener
singer carpenter painter driver wall walls hall street bridge bridges reed day knight bush waters summers
winters powers love lord judge lamb little barber chandler sawyer cooke byrd fry frost snow storm winter
hawk crane finch peacock nightingale sparrow partridge hart buck deer bull cage case cane cope dial ernest
eve faye finn gale gaze genie gill gilt ham hands hank harp head hick hobby holder holiday homer horn hyde
jersey jewel jimmy job joker juniper keen key kidd kit lacy lane law leaf lee link list locke loch low
lott maria marina marshall mercer merchant mike mild milo minor misty mitt mole monk moody nash neil nelly
newman pacey pack paddy paige patsy peel penn perry pickle pike piper pitt pond poole post proctor quill
randy reader reef rex rick ridge rider ring rover rowan rudder rush rusty salt sands sadler saint sale
sally saul say sears self sellers senior sexton shade sharp shaw sherry shine shore sill singh skye slater
sol sommer speed spencer stacy stan stanley steel steele stern steward stewart stocks stoker stokes story
stout tailor tate temple terry thorn tiger tim tony tucker tyler usher vale valentine vance vicar wage
wager ware warner warren washer watts way weeks west wilder wise wolfe worth wynn yard york young zen
abbey ace ally ash aspen austin bay beau blaze blossom booker brandy bridget bud carol chastity christian
clove coral cricket cruz dell denim denver destiny dixie ebony echo eden elder ember fable fawn fleur
flint flora gage gem genesis gray harbor harper haven heaven indigo jasmine jet journey kale kat laurel
legend lexus lotus magnolia maple marigold marine marvel meadow memory mina miracle myrtle nova ocean opal
paisley paris pax peaches petal phoenix pilot presley primrose princess promise quest raven rebel remedy
revel rhyme rocky roman royal saffron sailor savannah scout season september shadow sierra silver sincere
sonnet sparkle spirit stormy sunshine tawny thyme topaz treasure true tulip unity vesper willow winner
woody zephyr zion jean dick ed al bo jo an my so in no on to do he pa ma us hong long min sun moon song
gong han son chin chan wing ping ming hung fat wang dong tang fan fang man yong ha mai lan hoa lien thu
tan lam kim bao hai le thanh than din dung pan pang tong wan bin tu ho hu yi ai yang yin tai chi kai sea
ren ken ben mani mala divine blessing precious favour favor gift goodness godwin innocent lucky sunday
friday monday moses rabbi iman dua nur noor amen mira sara asha bali sari puja raja rana bala data bad
dame sir major general colonel private corporal marshal baron count prince queen lawyer nurse clark clerk
spring summer autumn fall carry carrie marry mary sean shaun don ron ned tad todd tod troy tray dre wes
les des lou gus russ ross reg roger ralph rolf jenny jill jock jerry harry hector larry barry chad colin
cody curt curtis dexter dirk doug duncan dustin eddy floyd foster fraser garnet hugo irk jam jan jason
jude kay kerry kevin kirk lester logan mac marlin mat matt maud mel merle mick mitch mo mona nat nell
pansy pearl philip pip polly quinn ram reese rhea ria rip rita roan robbie rory roy rue russell sam sandy
sasha scot scott shelly sid sonny tara ted tess tilly tina toby tom una val vera vic viola wanda wilt win
"""
    )
)
# Ordinary in this long list, yet hardly ever a word in a reflection: found in any case.
SURE_NAMES = word_set(
    """
neil jimmy nelly paddy paige patsy penn perry spencer stacy stanley tim tony tucker tyler warren harper
jasmine paisley savannah willow carol bridget austin christian tom ted toby ralph roger russell ross roy
rory philip polly kevin kerry larry logan jason jenny jill jerry harry hector barry colin cody duncan doug
dexter dustin curtis foster fraser lester mitch mona nell quinn robbie rita sam sasha scott shelly tara
tess tilly tina vera wanda steve sally maria marina nash randy rick rowan sid stan eddy gus hugo jude
stewart sean shaun sara mira mary carrie asha ben finn homer kirk martin mike milo moses myrtle nick ron
ned rolf russ saul shaw singh teddy terry todd josh bob rob tate vance lance wynn kim ken kai jan lou ria
chad floyd garnet irk jock maud mick merle val vic wes hank penny smith taylor victor gill noor nur mel
"""
) - word_set(
    """
foster kerry garnet irk martin penny lance rob nick max jerry rowan jan carol christian victor willow
jasmine savannah paisley myrtle gill jock maud merle homer penn perry finn hank chad
"""
)
