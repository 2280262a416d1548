"""Word lists, each for one purpose. Plain data: add a word here, and a pair to the gold set."""

from __future__ import annotations


def word_list(text: str) -> frozenset[str]:
    """The words of a list written with spaces and line breaks between them."""
    return frozenset(text.split())


FUNCTION_WORDS = word_list("""
a an the this that these those there here it its it's itself one ones i me my mine myself we us our ours
ourselves you your yours yourself yourselves he him his himself she her hers herself they them their
theirs themselves i'm i'd i'll i've you're you'd you'll you've he's he'd he'll she's she'd she'll they're
they'd they'll they've we're we'd we'll we've that's there's here's what's who's how's where's it'd it'll
let's who whom whose what which when where why how whatever whoever whenever wherever however be am is are
was were been being do does did doing done have has had having can could will would shall should may might
must ought cannot of to in on at by for with from into onto about as than over under between among through
during within without against toward towards upon up down out off after before since until till while per
via and or but nor so yet if then because though although whether not no nor never too also only just even
very quite more most much many less least some any each every all both either neither other another such
same own else again ever now once still already really perhaps maybe rather almost well yes oh um uh er
hmm mm ok okay like
""")
"""Words that say nothing about one member's situation."""

ASKING_WORDS = word_list("""
say says said tell tells told write writes wrote written describe describes described mention mentions
mentioned call calls called name names named put puts word words speak speaks spoke talk sentence notice
noticed hear heard go goes going get gets got getting make makes made come comes came thing things
something anything nothing everything someone anyone everyone way ways part bit lot time times happen
happens happened question ask asks asked asking want wants wanted mean means meant seem seems matter
matters today sound sounds
""")
"""Words that questions and mirrors are made of; using one is not yet using the member's words."""

REPORTING_WORDS = word_list("""
say says said saying tell tells told telling write writes wrote written writing describe describes
described mention mentions mentioned call calls called name names named put puts word words speak speaks
spoke sentence end begin start note notes noted reads add adds added ask asks asked return returns come
comes twice time times first next same hand other side thing things something someone somebody hear hears
heard
""")
"""What a mirror may add to the member's words in order to report them."""

STRONG_FEELINGS = word_list("""
afraid fear fears fearful scared frightened terrified dread anger angry furious rage enraged mad resent
resentful resentment bitter bitterness anxious anxiety panic panicked nervous ashamed shame guilt guilty
embarrassed embarrassment humiliated hurt hurting wounded betrayed betrayal sad sadness grief grieving
depressed depression lonely loneliness abandoned jealous jealousy envious envy disgusted disgust hopeless
helpless powerless worthless desperate despair overwhelmed exhausted miserable devastated heartbroken
frustrated frustration frustrating frustrates irritated irritation annoyed disappointed disappointment
insecure inadequate threatened unhappy upset hate hates hated offended proud pride happy happiness joy
joyful delighted excited excitement thrilled relieved relief grateful love loves loved fearless confident
stressed stress worn torn insulted attacked rejected intimidated defensive frightens scares angers upsets
hurts terrifies worried worry worries worrying uneasy discomfort uncomfortable tense tension distress
distressed pain painful suffer suffering heavy stuck trapped
""")
"""Feelings that a mirror may name only when the member has."""

SAME_FEELINGS = tuple(
    word_list(family)
    for family in (
        "afraid fear fears fearful scared frightened terrified scares frightens",
        "anger angry furious rage enraged mad angers",
        "ashamed shame embarrassed embarrassment",
        "guilt guilty",
        "hurt hurts hurting wounded",
        "sad sadness",
        "lonely loneliness",
        "jealous jealousy envious envy",
        "proud pride",
        "happy happiness",
        "disappointed disappointment",
        "frustrated frustration frustrating frustrates",
        "anxious anxiety",
        "desperate despair",
        "humiliated humiliation",
    )
)
"""One feeling in other forms: who writes "afraid" has named a fear."""

ASKABLE_FEELINGS = word_list("""
worried worry worries worrying uneasy uncomfortable discomfort tense tension heavy stuck excited excites
proud love loves happy confident grateful relief relieved pain painful tension stress upset upsets
""")
"""Feelings mild enough, or welcome enough, that a question may ask after them without their being named."""

BARE_WORDS = word_list("""
say says said tell tells told go goes going get gets got make makes made come comes came thing things
something anything nothing everything someone anyone everyone way ways part bit lot time times happen
happens happened want wants wanted mean means meant seem seems matter matters today sound sounds feel
feels think thinks know knows
""")
"""Words so common that sharing one of them is not yet listening."""

PRAISE = word_list("""
great wonderful amazing excellent impressive brilliant fantastic admirable courageous brave bravely
courage resilient resilience strong strength inspiring remarkable awesome outstanding insightful wise
wisely thoughtful caring talented commendable exceptional incredible beautiful beautifully well-done
congratulations bravo capable dedicated mature
""")

DIAGNOSIS = word_list("""
perfectionist perfectionism imposter impostor burnout burned-out burnt-out trauma traumatic traumatised
traumatized narcissist narcissistic codependent co-dependent micromanager micromanaging micromanagement
avoidant people-pleaser people-pleasing passive-aggressive toxic gaslighting neurotic anxious-attachment
workaholic introvert extrovert control-freak controlling insecure conflict-averse conflict-avoidant
procrastinator procrastinating overthinker overthinking projecting projection denial sabotage
self-sabotage self-sabotaging pattern syndrome disorder clearly obviously
""")

LOADED = word_list("""
terrible awful horrible dreadful toxic lazy incompetent stupid ridiculous unfair rude selfish disgraceful
pathetic useless outrageous absurd disastrous appalling shameful unacceptable irresponsible careless
foolish idiotic unprofessional cruel nasty wonderful amazing fantastic brilliant excellent superb great
perfect fabulous marvellous marvelous incredible outstanding arrogant hopeless mean-spirited bullying
abusive manipulative disrespectful ungrateful
""")
"""Adjectives that carry the asker's opinion into a question."""

IDEALS = word_list("perfect great wonderful excellent fantastic amazing brilliant")
"""Of these, the ones that may describe what a member wishes for: "what would a perfect day be"."""

PEOPLE = word_list("""
boss bosses manager managers director directors supervisor colleague colleagues coworker coworkers
co-worker co-workers team teams report reports employee employees staff client clients customer customers
wife husband partner spouse girlfriend boyfriend mother mom mum father dad parents parent son daughter
child children kids brother sister friend friends neighbour neighbor neighbours neighbors teacher teachers
student students pupil pupils doctor nurse nurses patient patients people others everyone everybody
somebody someone anybody anyone nobody ceo cfo cto board committee mentor coach landlord roommate flatmate
family hr management leadership company department assistant intern predecessor successor peer peers man
woman guy lady person lead leader leaders chair head owner founder owners founders investor investors
supplier suppliers contractor trainer professor lecturer
""")
"""Nouns that name an absent third person or group."""

DEGREES_FREE = word_list("""
do does did is are was were am have has had can could will would should might may must shall 's 're else
then exactly specifically precisely come about so in differently otherwise ever on you your the this that
it he she they we i these those things people to now today otherwise best together don't doesn't didn't
isn't aren't wasn't weren't can't couldn't won't wouldn't going doing's honestly
""")
"""What may follow "how" without turning it into a question of degree."""

VERBS = word_list("""
accept achieve act add address adjust admit agree allow answer apply argue arrange avoid balance become
begin believe bring build call care carry change check choose clarify close communicate compare complain
complete confront consider continue control convince cope create cut deal decide define delegate deliver
describe design develop discuss do encourage end enjoy ensure establish evaluate exercise expect explain
express face feel find finish fix focus follow forgive fulfil fulfill gain get give go grow guide handle
happen hear help hire hold identify implement improve include inform inspire introduce invite involve keep
know lead learn leave let like listen live look lose maintain make manage meet motivate move need notice
offer organise organize overcome own participate pay plan practise practice prepare present prevent
prioritise prioritize promote protect prove provide push put raise reach react read recognise recognize
recommend recover reduce reflect relate remember remove repair report resolve respect respond review say
see sell send set share show sleep solve speak spend start stay stop study succeed support take talk teach
tell think train treat trust try understand use value visit volunteer wait want work worry write
""")
"""Base forms that show that a new predicate begins after "and"."""

ACTS = word_list("""
address announce apologise apologize appoint arrange ask assign automate block book break bring buy call
cancel change check clarify close coach collect communicate compliment confront contact cut deactivate
decline delegate delete demote discuss drop email escalate establish exercise explain fire follow forgive
forward give hand hire implement inform install introduce invite involve join journal keep lay leave limit
list listen lower make map meditate meet mention move negotiate offer open organise organize outsource
pair pause pay phone plan post postpone practise practice praise prepare prioritise prioritize promote
propose provide push put quit raise reassign record reduce refer refuse reject relax remind remove rename
rent reorganise reorganize repeat replace report request resign restructure reward rotate run save
schedule say seek sell send separate set share shift shorten show shut sign sleep speak spend split start
submit suggest swap switch take talk teach tell test thank track train transfer try use visit volunteer
warn write leverage enlist recruit
""")
"""Verbs for steps that one person can recommend to another; "feel" or "notice" are not among them."""

MATTERLESS = word_list("""
help helps helped need needs needed try tries tried trying start starts started begin step steps next
first last option options possible change changes changed different differently difference easier easy
easiest hard harder hardest difficult know knows knew think thinks thought feel feels felt feeling
feelings see sees saw look looks hope hopes wish wishes learn learned learnt important good bad better
best worse worst right wrong new true real left current situation problem challenge issue story moment day
days week weeks month months year years past future ago side place point idea ideas life self inside
person people worry worries bother bothers concern concerns care cares hold holds keep keeps stay stays
back little find finds found decide decision choose choice answer sense reason experience stand stands sit
sits take takes give gives let lets support small big whole longer long deep deeper much permission afraid
fear enough miss surprise surprised mind heart head body voice add further hand hands progress success
goal goals value values exactly anything specific
""")
"""Words of which an open question can consist altogether; made of these alone, it proposes nothing."""
