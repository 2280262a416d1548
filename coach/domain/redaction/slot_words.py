"""Words around a place in a sentence that tell whether a name stands there; all in lower case."""

from __future__ import annotations

from coach.domain.redaction import words as w
from coach.domain.redaction.words import word_set

# Without an article as well, but hardly ever in a reflection about work: rather somebody's name.
RARE = word_set(
    """
rose pearl sage jade ivory crystal moss clay ginger basil gaye star dusk skye trinity destiny verity
felicity constance prudence temperance serenity charity melody honey candy ivy holly heather coral flint
jet kale sherry brandy saffron thyme marble blessing miracle ruby
"""
)
# Materials, plurals and the like: they stand without an article, as names do.
UNCOUNTED = (
    w.MASS
    | w.MONTHS
    | word_set(
        """
wood stone steel salt lace coral denim flint jet kale ham marble honey candy sherry brandy jam saffron
thyme holly ivy heather speed shade sand frost snow storm law time work school church home bay fall
water rivers woods fields wells banks walls waters sands summers winters powers hands sears stocks weeks
bridges miles parks brooks hills days flowers books rain fog day night week room place life world war
play
"""
    )
) - RARE
# Adjectives beside those of words.DESCRIBING: without an article they are no names.
DESCRIBING = w.DESCRIBING | word_set(
    """
mild low moody woody stout wild keen divine precious innocent lucky misty rocky stormy tawny senior
minor mean prime loyal calm worthy olive true dear free new old big late able ready busy happy sweet
gentle
"""
)
# Verbs as well, so that "to mark", "we chase" and "please skip" are no names.
VERBS = word_set(
    """
rob sue mark bill drew chase grant skip rose pierce bob cook foster wade stew trip spike nick pat park
page field bank carry marry hunt dash pike carter ring rush rip shine shore spell store win wilt want
warp pick peel pack pitch pole post price seal sail sell say guy carol jack buck chuck dot jay josh
lance roll rock will hope trust reed love swan judge barker butler ward watch walk wolf fox duck crane
hawk buddy grace stem
"""
)
NO_NAME = (
    (w.PRONOUNS | w.ARTICLES | w.CLOSED | w.WITH | w.BEING | w.ASKING_MODALS)
    - w.MODALS
    - word_set("art will may")
) | word_set("than thanh don so no is it be do go us he she then them too well just")

GIVING = word_set(
    """
give gives gave given giving offer offers offered offering show shows showed showing send sends sent
sending lend lends lent lending owe owes owed hand handed handing promise promised promising teach
teaches taught teaching tell tells told telling ask asked asking cost costs assign assigned pass passed
passing wish wished bring brought buy bought write wrote pay paid deny denied feed fed read allow
allowed
"""
)
GIFTS = w.ARTICLES | word_set(
    """
more less another nothing something everything anything time credit notice feedback extra work space
room one two three bad good new too enough help advice
"""
)
EVERYBODY = word_set("everyone everybody nobody anyone anybody all none one they them us we")
CALENDAR = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
# Plain verbs that people do to people; a thing after them has its article.
TAKING = word_set(
    """
want wants need needs see sees know knows move moves hit hits keep keeps put get gets leave fire fires
hire hires back backs support supports defend defends warn warns join joins lose loses replace replaces
prefer prefers choose chooses pick picks rate rates judge judges protect protects forgive forgives
understand understands remind reminds beat beats push pushes pull pulls praise praises admire admires
envy envies fear fears hate hates resent resents respect respects value values watch watches follow
follows lead leads manage manages exclude include visit interrupt interrupts question questions promote
punish reward rescue remember forget forgets notice notices upset upsets hurt scare scares bother
bothers surprise overrule treat treats catch catches cc copy leaves stand stands bear got taken seen
known chosen given beaten
"""
)
HANDING = word_set(
    """
give gives gave given giving hand hands handed handing send sends sent sending pass passes passed
passing offer offered promise promised assign assigned show showed delegate delegated delegating explain
explained
"""
)
# What a person has and a month, a hope or a summer has not.
BELONGINGS = word_set(
    """
kitchen desk chair mother father mum mom dad husband wife partner son daughter kids children child
family brother sister parents team idea ideas mistake mistakes fault face voice job contract review
appraisal probation promotion message messages email emails mail reply feedback question questions
slides report notes draft laptop leave calendar tone behaviour behavior manager boss side turn role
birthday house home phone office inbox performance attitude resignation application salary pay bonus
opinion view words work car absence shift shifts rota proposal presentation complaint client clients
customer customers account accounts hours honesty courage kindness humour humor temper silence style
calm plan plans target targets door back shoulder hand hands eyes name place reaction answer anger tears
illness workload concerns
"""
)
OF_A_MONTH = word_set(
    """
weather heat rain first last end start beginning issue edition newsletter cost costs sum total average
bonus all invoices bill bills payment payments election elections event events conference storm storms
crisis layoffs
"""
)
# After "and" these say that the sentence goes on with a verb: "told Pat and hope that", "and drew a line".
GOES_ON = w.PRONOUNS | w.ARTICLES | word_set("that to for")
OF_TIME = word_set(
    "month months time season year quarter deadline date week weeks end start peak summer winter"
)
# Verbs with their particle, which stands before the person: "copied in bill".
PHRASAL = {
    "in": word_set("copied copy cc looped loop brought bring"),
    "out": word_set("left leave leaving called call helped help singled"),
    "up": word_set("ring rang paired show showed built stood"),
    "down": word_set("shut let turned"),
    "off": word_set("wrote write cut lay laid told tell telling"),
    "back": word_set("rang called call ring"),
    "over": word_set("won talked"),
    "on": word_set("took take"),
}
SPELLS = word_set("a an all another days weeks months years hours minutes long ages")
SEEING = word_set(
    """
saw see seen heard hear caught catch found find watched noticed left keep kept had remember imagine
"""
)
THINGS_DID = word_set(
    """
rose fell brought grew broke began blew bit held lay shook cost ran hit took meant
"""
)
LETTING = word_set("let lets letting")
HELPING = word_set(
    """
help helped helping helps make made making makes saw see heard hear watched watch
"""
)
# Verbs in their plain form, beside words.DEEDS.
PLAIN = w.DEEDS | word_set(
    """
go do know have be get keep win use choose come leave run down off in cry laugh look feel mean worry
stay fail learn grow try close open fix own drive pick pass set start stop move pay push pull rest wait
walk hear hold drop carry deal begin eat sleep change check join build decide handle shine speak
struggle
"""
)
# What wants a person after it, with the preposition.
COMPANY = word_set(
    """
work working worked works talk talked talking talks spoke speak speaking speaks meet met meeting
meetings chat chatted chatting argue argued arguing lunch coffee dinner breakfast drink drinks call
calls called conversation conversations fight fought quarrel quarrelled quarreled out row session
sessions sit sat sitting down alone angry cross furious friends strict honest gentle one walk problem
issue agree agreed disagree disagreed clash clashed sympathise sympathize struggle struggling shared
share check checked checking appraisal review interview handover partner team pair paired pairing lie
lied flirt joke joked joking laugh laughed catchup
"""
)
TOWARDS = word_set(
    """
spoke speak speaking talk talked talking say said says listen listened listening wrote write writing
gave give given lied lie fair unfair close closer next sorry apologise apologised apologize apologized
apology nice kind rude mean cruel cold harsh handed hand passed pass sent send promised unkind report
reports reported reporting explained explain introduced loyal grateful thanks reply replied answer
answered delegate delegated rather happened mattered matters compared compare
"""
)
AFTER_AT = word_set(
    """
snapped shouted yelled laughed looked look looking mad angry smiled swore annoyed barked nodded glared
shout snap
"""
)
AFTER_FOR = word_set(
    """
feedback message mail email gift present praise replacement report question questions sorry covered
cover covering stood speak spoke feel felt asked vouch vouched stand hard
"""
)
FROM = word_set(
    "hear heard message email mail call text learned learnt know borrowed stole question note word"
)
INTO = word_set("bumped bump bumping ran run running bumps walked")
GREETING = word_set("dear hi hello hey thanks bye sorry morning congratulations welcome")
# What people do and no hope, summer or art does, in its plain form.
HUMAN = word_set(
    """
eat sleep drink smoke speak talk write listen drive laugh smile nod shout ask answer apologise apologize
complain agree argue phone email joke whisper resign volunteer travel hate dislike tease interrupt avoid
ignore blame cook sing dance drum hum type yell snap shrug sigh reply insist refuse admit wonder think
disagree text ring mail promise confess forget quit swear nag quarrel gossip read sit stand study retire
"""
)
AFTER_ABOUT = word_set(
    """
worried worry worrying joked gossip gossiped complained complain feedback concerned
"""
)
# After these prepositions a thing that can be counted has its article.
PERSONAL = word_set(
    """
with from about than behind without against for of to except toward towards between besides beside via
like unlike onto near including excluding
"""
)
LINKING = word_set(
    """
is was be were are been being am become became get got getting seem seemed seems look looked looks feel
felt feels sound sounded stay stayed stays remain remained turned grow grew grown keep kept too very so
quite rather more most less really as
"""
)
QUESTION = word_set(
    """
do does did should would could can is was has had have are didn't doesn't isn't wasn't hasn't won't
wouldn't couldn't shouldn't can't will might must
"""
)
WH = word_set(
    """
what how why when where whether whom if because since that although though while until once unless
"""
)
BEFORE_SUBJECT = w.JOINERS | WH | word_set("is was only even so also still yet or nor suddenly finally")
# Before "that" they begin a clause: "noticed that mercy never", not "that mercy of yours".
REPORTING = (
    w.SAYING
    | w.JOINERS
    | word_set(
        """
noticed learned learnt found heard see saw so told realise realised realized worry
"""
    )
) - w.BEING
NOT_PERSON = word_set("it this that these those there")
SHE_OR_HE = word_set("her his she he him herself himself")
PERSON_OBJECT = SHE_OR_HE | word_set("me us my our myself")
# What hope, faith or summer can do as well.
IMPERSONAL_BASE = word_set(
    """
be help fade wait cost grow last come go mean make take change turn fall matter remain return save get
begin start end happen work win die wear hurt feel look seem bring keep give have need run hold play pay
count
"""
)
# Fixed pairs in which the noun has no article: "took place", "lost heart".
FIXED = frozenset(
    {
        ("take", "place"),
        ("takes", "place"),
        ("took", "place"),
        ("taken", "place"),
        ("make", "way"),
        ("made", "way"),
        ("making", "way"),
        ("take", "heart"),
        ("took", "heart"),
        ("lost", "heart"),
        ("lose", "heart"),
        ("made", "page"),
        ("full", "page"),
        ("to", "page"),
        ("for", "good"),
        ("at", "hand"),
        ("to", "hand"),
        ("from", "page"),
        ("for", "miles"),
        ("walked", "miles"),
        ("of", "heart"),
        ("from", "hand"),
        ("for", "love"),
        ("with", "page"),
        ("made", "king"),
        ("played", "guy"),
        ("set", "sail"),
        ("won", "gold"),
        ("hit", "rock"),
        ("hits", "rock"),
        ("from", "school"),
    }
)
PARTICLES_AFTER = word_set(
    """
too into off out away home down up over aside back harder hard more most less better alone early late
instead anyway either any again twice through together further under onto
"""
)

NUMBERS = word_set(
    """
one two three four five six seven eight nine ten twenty hundred thousand zero
"""
)
# What is said of nobody but people.
NO_THING_DOES = word_set("being used hates loves owes wants thinks asks used")
PLACES = word_set("from in at on over down up across next opposite upstairs downstairs")
# What follows "Hope", "Peace" or "Power" at the head of a sentence when they are no people.
AFTER_A_THING = (
    w.ARTICLES
    | w.PRONOUNS
    | w.BEING
    | w.ASKING_MODALS
    | word_set(
        """
of to that for and or comes came than itself not matters takes costs needs works helps makes means grows
fades dies lies begins starts ends does has wise flow cuts school time work day plan plans prices list
flows outage talks management levels rates saving economy class service life matter goes gives flies
hurts wins heals remains
"""
    )
)
LEANING = word_set(
    """
money bet rely relied relying count counted counting depend depended hard easy lean leaned tough soft
call called check checked checking walked pick picked cheated spied focus focused gave given crush
dumped harsh waiting wait
"""
)
# To people and to no hope, art or peace.
DONE_TO_PEOPLE = word_set(
    """
promote promoted promoting hire hired hiring fire fired firing interview interviewed coach coached
mentor mentored phone phoned ring rang text texted email emailed message messaged invite invited warn
warned thank thanked forgot forgotten interrupt interrupted overrule overruled criticise criticised
criticize criticized praise praised cc cced pay paid marry married introduce introduced train trained
onboard onboarded brief briefed call mail copy copied sack sacked dismiss dismissed suspend suspended
ask asked tell told nominate nominated
"""
)

# "Faith in the board", "pride in the work".
IN_SOMETHING = word_set("faith hope trust pride joy honour honor peace art merit truth strength")
# What people do to hope, joy or art just as often as to somebody called so.
DONE_TO_THINGS = word_set(
    """
lose lost losing find found finding feel felt feeling have has had having need needs needed bring brings
brought show shows showed see saw seen give gives gave given take takes took make makes made get gets
got keep keeps kept create creates created want wants wanted spread spreads restore restored build built
building call called love loved like liked enjoy enjoyed buy bought sell sold play played offer offered
lend lent put puts set come came go went going using use used is was be been are were being stay stayed
kill killed making taking getting deserve deserved earn earned value valued respect respected hold held
save saved lack lacked lacking promise promised seek sought mean meant pay paid
"""
)
# Where somebody is, and no hope, dawn or summer: "was at the door before me".
SPOTS = word_set(
    """
door desk office phone computer laptop table counter counters reception meeting call kitchen canteen hospital
doctor dentist station till bar depot warehouse plant site airport gym car lift front back train bus roof
"""
)
