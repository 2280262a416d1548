# ruff: noqa: E501 a pattern that is broken over lines cannot be read
"""The patterns behind `tension.detect`, one line of evidence each.

A pattern runs over one sentence in which quotations are hidden. Named groups say what becomes of the words:

    (?P<quote>...)   these words, exactly, stand between quotation marks in a question
    (?P<noquote>)    nothing of this match is fit to be quoted; it marks the clause all the same
    (?P<own>, others) whose doing it is: a frame may need one of them
    (?P<from_x>)     an empty group: slot x begins here and runs on to the next place where a phrase ends
    (?P<word>...)    one word of the member, exactly
    (?P<x>...)       slot x, turned to the second person

Without a quote group the quote is what the pattern matched, when that is short enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FLAGS = re.IGNORECASE
_BY = r"(?:(?:really|just|simply|also|always|still|often|usually|probably|never|actually|only|then|now)\s+)?"
_DO = r"(?:be|do|say|tell|ask|talk|give|make|take|let|go|get|stop|start|have|know|see|help|keep|sign|choose|write|lead)"


@dataclass(frozen=True, slots=True)
class Detector:
    kind: str
    pattern: re.Pattern[str]
    confidence: float  # 0..1, how sure the words alone make us


def _d(kind: str, confidence: float, pattern: str) -> Detector:
    return Detector(kind, re.compile(pattern, _FLAGS), confidence)


_ROLE_CLAIM = (
    r"(?:a|an|the)\s+(?:\w+\s+){0,2}(?:one|person|man|woman|manager|leader|boss|colleague|guy|teacher|nurse)"
)
_PORTRAIT = (  # how the writer would like to be seen, up to the end of the phrase
    r"(?P<portrait>(?:the|a|an|good|one) [\w'’]+(?: (?!so\b|but\b|and\b|because\b|when\b)[\w'’]+){0,5}?)"
    r"(?= (?:so|but|and|because|when)\b|[,.;:!?]|$)"
)
_STRONG = (
    r"betrayed|betrayal|humiliat\w+|disaster|ridiculous|unacceptable|hate|furious|pointless|useless|toxic|nightmare|"
    r"disgust\w*|traitor|weak|coward\w*|liar|fraud|imposter|impostor|pathetic|chaos|poison\w*|(?<=at )war|shame|"
    r"ashamed|childish|arrogant|enemy|revenge|punish\w*|defeat\w*|broken|abandon\w*|invisible|replaceable|"
    r"selfish|cruel|ruined|failure|hopeless|unbearable|explode|brutal|hypocrit\w+|cheat\w*|lonely|loneliest|lonelier"
)
_FEELINGS = (
    r"angry|sad|guilty|ashamed|afraid|scared|anxious|nervous|worried|proud|relieved|lonely|alone|hurt|jealous|envious|"
    r"tired|exhausted|frustrated|helpless|stuck|lost|small|stupid|sick|disappointed|embarrassed|confused|torn|"
    r"overwhelmed|irritated|annoyed|furious|bitter|empty|numb|uneasy|uncomfortable|insecure|trapped|left out|"
    r"responsible|grateful|happy|sorry|invisible|excluded|resentful|cold|nothing|a fraud|a liar|caught|betrayed|"
    r"burnt out|burned out|ungrateful|unfair|weak|old|useless|powerless|restless|touched|offended|humiliated"
)
_IMAGES = (
    r"bad guy|bad cop|good cop|mother hen|hamster wheel|treadmill|minefield|battlefield|elephant in the room|"
    r"time bomb|black hole|garbage bin|dustbin|dragon|tightrope|bottleneck|pressure cooker|punching bag|doormat|"
    r"tug of war|rollercoaster|roller coaster|fire brigade|knot in my \w+|hole in the \w+|stone in (?:the|my) shoe|"
    r"glass ceiling|lightning rod|poisoned chalice|house of cards|scapegoat|black sheep|snake pit|swamp|lifeboat"
)
_ROLES_PLAYED = (  # an image only where the writer says "I am" one
    r"policeman|babysitter|referee|firefighter|therapist|postman|messenger|glue|shield|umbrella|bridge|clown|villain|"
    r"puppet|wall|ghost|shadow|robot|machine|buffer|sandwich|captain|anchor|lid|furniture|mother|father|parent|"
    r"translator|judge|fool|intruder|stranger|guest|spectator|bad one|nice one|strong one|calm one"
)

_DENIED = (  # "I never said this": words put into one's mouth, and nothing kept back
    r"(?:said|told (?:him|her|them|anyone|anybody)) (?:(?:this|that|so|it like (?:this|that)|any of (?:this|that|it)|th[eo]se (?:words|things)|"
    r"anything (?:like (?:this|that|it)|of the (?:kind|sort)))(?=\W*$|\s*[,.;:!?]|\s+(?:and|but|or|because)\b)|such\b)"
)
_PERSONAE = (  # somebody the writer was like: one can ask what that one wanted
    r"spy|thief|burglar|conductor|estate agent|salesman|salesgirl|waiter|waitress|policeman|policewoman|customs officer|judge|"
    r"referee|priest|nun|vicar|bishop|missionary|king|queen|prince|princess|emperor|general|soldier|sentry|guard|prisoner|beggar|"
    r"clown|actor|actress|puppet|ghost|tourist|visitor|guest|stranger|intruder|schoolboy|schoolgirl|schoolteacher|teacher|pupil|"
    r"headmistress|headmaster|child|boy|girl|kid|teenager|apprentice|orphan|mother|father|aunt|uncle|grandmother|grandfather|"
    r"stepmother|nurse|surgeon|doctor|vet|undertaker|butler|maid|lodger|postman|messenger|clerk|cashier|accountant|auctioneer|"
    r"host|hostess|shepherd|sheepdog|watchdog|dog|hen|owl|lion|donkey|mule|parrot|hamster|detective|inspector|traitor|liar|"
    r"coward|hero|saint|martyr|magician|gambler|beginner|lawyer|hypnotist|weatherman|newsreader|tour guide|flight attendant"
)

# one detector a line reads as a table
# fmt: off
DETECTORS: tuple[Detector, ...] = (
    # how the writer sees themselves, or wants to be seen
    _d("self_image", 0.9, r"\bI (?:have always |always |’d |'d )?(?:like|liked|want|wanted) to (?:think|believe|see)\b(?: that)?"
       r"(?: of)?(?: myself)?(?: as)?(?: I(?: am|['’]m| was))? (?P<from_image>)"),
    _d("self_image", 0.85, r"\bI (?:see|consider|think of|regard|saw|considered) myself (?:as )?(?P<from_image>)"),
    _d("self_image", 0.7, r"\bI(?:['’]m| am| was| have been|['’]ve been| have always been|['’]ve always been)"
       r"(?: also| usually| always)? (?:supposed|meant|known|expected) (?:to be|for being|as) (?P<from_image>)"),
    _d("self_image", 0.75, rf"\bI (?:have always been|['’]ve always been|was always) (?P<image>{_ROLE_CLAIM})\b(?! (?:who|that|which|of|in|with)\b)"),
    _d("self_image", 0.85, rf"\b(?P<noquote>I (?:have always been|['’]ve always been|was always|am (?:still )?(?=the (?:one|person) who)|was (?=the (?:one|person) who))) ?{_PORTRAIT}"),
    _d("self_image", 0.85, rf"\b(?P<noquote>I (?:(?:have )?always (?:thought|saw|prided)|used to (?:think|see)|thought) (?:of )?(?:me|myself)\b)(?: as {_PORTRAIT})?"),
    _d("who_i_am", 0.85, r"\b(?P<noquote>(?:who|what) I(?:['’]d be| would be| have become|['’]ve become| am now)\b|what am I\b|I(?: am|['’]m) (?:just |only )?(?:a|the) (?:fraud|person who forgot|one who comes)\b)"),
    _d("skill", 0.8, r"\b(?P<noquote>I(?:['’]m| am) (?:quite |very |rather )?(?:good|bad|brilliant|terrible) at \w+ing)\b"),
    _d("self_image", 0.7, r"\bthat I(?:['’]m| am) (?P<image>the (?!one\b)(?:\w+ ){1,2}(?:one|person|boss|manager))\b"),
    _d("self_image", 0.6, r"\b(?P<quote>I (?:don['’]t|dont|do not) (?:like|recogni[sz]e|know) (?:who I (?:was|am|became)|myself))\b"),
    _d("self_image", 0.7, r"\b(?P<quote>I(?:['’]m| am) (?:usually |always |very )?proud of how) "),
    _d("self_image", 0.75, r"\b(?P<quote>I became somebody who|(?:a )?version of me|what kind of (?:manager|person|boss) I am)\b"),
    # repetition
    _d("repetition", 0.9, r"\b(?P<quote>I (?:just |still )?(?P<keep>keep|kept) (?P<from_ing>)(?!up\b|him\b|her\b|it\b)[\w-]+ing)\b"),
    _d("repetition", 0.7, r"\b(?P<noquote>(?:every|each) (?:single )?time (?:I|he|she|they|we) \w+(?: (?:him|her|it|them|the \w+))?)\b"),
    _d("repetition", 0.75, r"\b(?P<quote>(?:the thing )?I always (?:do|say|end up|need)(?: [\w-]+ing| three more weeks| it)?)\b"),
    _d("repetition", 0.6, r"\b(?P<quote>(?:it['’]s |it is |it )?(?:not|isn['’]?t|wasn['’]?t) the first time)\b"),
    _d("repetition", 0.6, r"\b(?P<quote>(?:third|fourth|fifth|sixth|second) (?:\w+ )in a row|over and over(?: again)?|again and again)\b"),
    _d("repetition", 0.5, r"\b(?P<quote>as (?:usual|I always do)|(?:it['’]s )?always (?:something|after something|my \w+|me))\b"),
    _d("repetition", 0.6, r"\b(?P<noquote>(?:(?!(?:in|at|some|former|old|all|of|hard)\b)\w+|maybe \w+|\w+ hundred) (?P<often>times)(?! (?:of|as)\b))\b"),
    # what has not been said or done
    _d(
        "avoidance",
        0.9,
        r"\b(?P<quote>I (?:have not|haven['’]?t|havent|had not|hadn['’]?t|['’]ve not|have never|['’]ve never|never|still have not) "
        rf"(?P<from_undone>)(?!{_DENIED})(?:(?P<unsaid>told|said|asked|spoken|talked|raised|mentioned|brought|explained|thanked)|replied|answered|written|decided|opened|called|done|"
        r"checked|signed|sent|shown|looked|apologised|apologized|given|made)\b(?: (?:him|her|them|anyone|anybody|it))?)",
    ),
    _d("avoidance", 0.85, r"\b(?P<quote>I(?:['’]ve| have)? (?:keep (?:moving|putting off|postponing|avoiding)|put (?:it|this|that) off|avoid(?:ed)?|"
       r"postponed?|hide|dodged?|changed the subject|looked (?:away|at my \w+)|talked around it|said nothing))\b"),
    _d("avoidance", 0.6, r"\b(?P<quote>(?:I moved it again|(?:I )?moved it(?: again)?|not yet))\b"),
    _d("avoidance", 0.75, r"\b(?P<quote>(?:I )?(?:did not|didn['’]?t) (?:have the (?:courage|guts|heart)|dare)(?: to \w+)?)\b"),
    _d("avoidance", 0.65, r"\b(?P<quote>I(?:['’]ll| will) (?:fix|do|say|tell|talk|deal)\b(?: it| with it| to (?:him|her))? later)\b"),
    _d("avoidance", 0.45, r"\b(?P<noquote>Instead,? I (?:have )?\w+)\b(?= )"),
    # a should or a have to
    _d("should", 0.85, rf"\bI (?P<modal>should|ought to) (?:really |just |probably |have to )?(?!have\b|be\b|\w+['’])(?P<from_verb_phrase>){_DO}?"),
    _d("should", 0.8, r"\bI (?P<modal>should|ought to) (?P<from_verb_phrase>)be\b"),
    _d("should", 0.5, rf"\bI {_BY}(?P<modal>have to|need to|must(?: to)?|['’]ve got to) (?!have\b|be honest|say\b|admit)(?P<from_verb_phrase>)\w"),
    _d("should", 0.75, r"\bI(?:['’]m| am| was) (?P<modal>supposed to|expected to|meant to) (?!be (?:a|the)\b)(?P<from_verb_phrase>)\w"),
    _d("should", 0.8, r"\b(?P<quote>I (?:should|ought to)(?:['’]ve| have) \w+)\b"),
    _d("should", 0.7, r"\b(?:says?|said|tells me|told me|thinks) (?:that )?I (?P<modal>must|have to|should|need to) (?P<from_verb_phrase>)\w"),
    # what is still to come, and when
    _d("ahead", 0.75, r"\b(?P<noquote>(?:tomorrow|tonight|(?:on|next|this|by) (?:monday|tuesday|wednesday|thursday|friday|week|the \w+th)|soon)\b[^.;?!]{0,40}?\b(?:I (?:have to|must|will|am to|go|take|shall|(?P<public>stand|hand|present|sit|meet|tell|see))|I['’](?:ll|m to|m going to)))\b"),
    _d("ahead", 0.75, r"\b(?P<noquote>I (?:have to|must|will|am to|shall|stand|hand over|have been asked to) (?:(?P<public>give|stand|hand|present|sit|meet|tell|see|explain|speak|talk)\b)?[^.;?!]{0,50}\b(?:tomorrow|on (?:monday|tuesday|wednesday|thursday|friday)|on the (?:\w+th|first|second|third|\d+\w*)|next week|next time|the next time))\b"),
    # never, always, everyone
    _d("absolute", 0.6, r"\b(?<!that )(?<!which )(?<!function )(?P<quote>(?:everyone|everybody|all (?:the )?people|nobody|no one|noone) (?:else |on the \w+ |in the \w+ )?(?:is|has|have|was ever|wants|sees|knows|would|will|can|could|does|likes|cares|listens|speaks|thinks|expects|\w+s|laugh|see)\b(?: (?:it|me|him|her|that|this|anything|noticed|like that))?)\b"),
    _d("absolute", 0.6, r"\b(?P<quote>(?:(?:he|she|it) (?:always|never) (?!was|has|is|does)\w+s|they (?:always|never) (?!said|told|\w+ed\b)\w+)(?: (?:it|me|him|her|them))?)\b"),
    _d("absolute", 0.55, r"\b(?P<quote>I (?:always|never) (?!told|said|asked|spoke|checked|called|did|do\b|thought|think|knew|had|have|was|went|\w+ed\b)\w+(?: (?:it|him|her|them|yes|no))?)\b"),
    _d("absolute", 0.5, r"\b(?P<noquote>everyone else|everybody|everyone|nobody|no one|always|never)\b"),
    # before and now
    _d("before_now", 0.85, r"\b(?P<quote>(?P<own>I) used to (?P<from_verb_phrase>)(?!after\b|before\b|in\b|when\b|it\b|this\b|that\b|having\b|\w+ing\b)(?:be|\w+))\b"),
    _d("before_now", 0.7, r"\b(?P<quote>(?P<others>he|she|they|we|people) used to \w+(?: (?:a lot|me|us|together))?)\b"),
    _d("before_now", 0.65, r"\b(?P<quote>(?P<own>I) (?:don['’]t|do not|am not|['’]m not|no longer) [\w' ’]{3,30} any ?more)\b"),
    _d("before_now", 0.6, r"\b(?P<noquote>(?:since|before) I (?:was promoted|got promoted|became|took over|started|am the boss))\b"),
    # two ways
    _d("two_ways", 0.85, r"\b(?P<quote>(?:on the one hand|torn between|part of me|a part of me))\b"),
    _d("two_ways", 0.8, r"\b(?P<quote>I (?:don['’]?t|do not|dont) know (?:if|whether)) [^,.;]{3,60}\bor\b"),
    _d("two_ways", 0.75, r"\b(?P<quote>I want (?:to )?[\w' ’]{2,30}?) and (?:also )?I (?:also )?want\b"),
    _d("two_ways", 0.65, r"\b(?P<noquote>if I (?:do not|don['’]?t|dont) (?!know)\w+)\b"),
    _d("two_ways", 0.85, r"\b(?P<noquote>if [^.;?!]{6,80}? and if )"),
    _d("two_ways", 0.8, r"\b(?P<noquote>(?:I want|I would like|I['’]d like)\b[^.;?!]{3,60}?\bI also want\b)"),
    # an image in the writer's own words
    _d("metaphor", 0.8, rf"\b(?P<metaphor>(?:a|an|the|my|this|their) (?:\w+ )?(?P<noun>{_IMAGES})(?: (?:at|of|on|with) (?:the|my|this|a) \w+)?)\b"),
    _d("metaphor", 0.8, rf"\b(?:I am|I['’]m|be|become|being|as|I was) (?:not )?(?P<metaphor>(?:a|an|the|their) (?:\w+ )?(?P<noun>{_ROLES_PLAYED})(?: (?:at|of|on|with|between) (?:the|my|this|a) \w+)?)\b"),
    _d("metaphor", 0.85, r"\b(?:feels?|felt|am|was|is|it['’]s|looks?) like (?P<metaphor>(?:a|an|the) (?!person|liar|fraud|failure|child\b|manager|colleague|man\b|woman|joke|lot|bit)\w+)"),
    _d("metaphor", 0.75, r"\b(?P<metaphor>(?:drowning|juggling|firefighting|walking on (?:eggshells|thin ice)|putting out fires|treading water|carrying (?:it|them|the) (?:all|whole \w+)|"
       r"sit(?:ting)? between all chairs|stuck in the middle|swallow(?:ed|ing) (?:it|my \w+)|running on empty|holding (?:it|everything) together))\b"),
    _d("metaphor", 0.8, r"\b(?:feels?|felt) (?:to me )?like (?P<metaphor>(?!I\b|he\b|she\b|it\b|they\b)\w+ing (?:a|an|the|on|in|against|through|with) \w+)"),
    _d("metaphor", 0.7, r"\b(?:is|it['’]s) like (?P<metaphor>(?P<noun>glass|ice|war|chess|theatre|poker|school|poison|fog|quicksand))\b"),
    _d("persona", 0.9, rf"(?<!\w)(?P<noquote>I(?:['’]\w+)?\b(?! (?:look|looked)\b)(?:(?! (?:he|she|they|it|who|you)\b)[^.;:?!]){{1,60}}?\b(?<!not )(?<!didn't )like an? (?:[a-z]+ )??)(?P<persona>{_PERSONAE})\b(?!['’-])"),
    # somebody's view is told who was not asked
    _d("unasked_person", 0.75, r"\b(?<!that )(?<!if )(?<!hope )(?<!said )(?P<quote>(?P<person>he|she|they) (?:probably|surely|obviously|certainly|must|clearly|seems? to|might) (?:have )?\w+(?: (?:me|it|that|know))?)\b"),
    _d("unasked_person", 0.65, r"\b(?<!that )(?<!if )(?<!hope )(?<!one )(?<!what )(?<!before )(?<!when )(?<!thing )(?<!people )(?P<quote>(?P<person>he|she|they) (?:thinks?|believes?|wants?|expects?|resents?|hates?|respects?|trusts?|doesn['’]?t (?:respect|trust|like|care)|don['’]?t (?:respect|trust|like|care))\b(?: (?:me|it|him|her))?)(?! (?:said|told))"),
    _d("unasked_person", 0.6, r"\b(?P<quote>(?:others|people|everyone|everybody) (?:think|thinks|believe|expects?|expect|looks?) (?:that )?(?:I|me)(?: (?:am|to))?)\b"),
    # a wish said in passing
    _d("wish", 0.85, r"\b(?P<quote>I (?:just )?wish) (?P<from_wish>)"),
    _d("wish", 0.75, r"\b(?P<quote>I (?:just |only |really |also )?(?:want|would (?:like|love)|['’]d (?:like|love)) to (?!be honest|say\b|add\b|know\b)(?P<from_verb_phrase>)\w+)"),
    _d("wish", 0.6, r"\b(?P<quote>I(?:['’]d| would) rather (?!not\b|have\b)\w+)\b"),
    _d("wish", 0.7, r"\b(?P<quote>(?:I (?:really )?miss(?! (?:the point|out))\b(?: \w+ing| \w+)?|I hoped? (?:that )?(?:he|she|they|it)))\b"),
    _d("wish", 0.7, r"\b(?P<quote>I want that (?:they|he|she) \w+(?: me)?)\b"),
    # a fear named
    _d("fear", 0.9, r"\b(?P<quote>I(?:['’]m| am| was) (?:just |really |so |also |a bit |too )?(?P<word>afraid|scared|worried|terrified|frightened|anxious|nervous)(?: (?:of|that|to|about)\b)?)(?: (?P<from_fear_of>)(?<=of |ut )[\w-]+ing\b)?"),
    _d("fear", 0.75, r"\b(?P<noquote>(?:what |it )?(?P<word>scares|worries|frightens|terrifies) me(?: a bit| more| most)?)\b"),
    _d("fear", 0.7, r"\b(?P<quote>what if) "),
    _d("fear", 0.7, r"\b(?P<quote>(?:my|I) (?:biggest |worst )?(?P<word>fear|dread|worry))\b"),
    # a rule taken for granted
    _d("rule", 0.8, r"\b(?P<quote>(?:a|the) (?:good|real|true|proper|strong) (?P<role>manager|leader|boss|nurse|sister|doctor|colleague|teacher|chief|mother|father)) (?:never|always|should|does|doesn['’]?t|must|knows|is|has)"),
    _d("rule", 0.75, r"\b(?P<quote>(?:rules are rules|that['’]s (?:how|what) (?:it is|we do|it works)(?: here)?|that is (?:how it is|what we do)(?: here)?|(?:is |are )?not allowed(?: to \w+)?|the (?:family|customer|client|boss) is always right))\b"),
    _d("rule", 0.7, r"\b(?<!that )(?<!what )(?<!thing )(?P<quote>(?:one does not|you don['’]t|you can['’]?t|we don['’]t|we do not) \w+(?: (?:for )?\w+)?)\b(?=[.,;]|$)"),
    _d("rule", 0.65, r"\b(?P<quote>the (?:rule|procedure|policy) (?:is|says)(?: \w+)?)\b"),
    # a strong word
    _d("strong_word", 0.6, rf"\b(?P<word>{_STRONG})\b"),
    # an exception that is dropped
    _d("exception", 0.7, r"\b(?P<quote>(?:the only time|one time|just once|for once))\b"),
    _d("exception", 0.65, r"\b(?P<quote>(?:when I(?:['’]m| am) (?:with|offshore|alone|away|out)(?: the \w+)?|there are days|some days|sometimes it works))\b"),
    # what was done last time
    _d("last_time", 0.75, r"\b(?P<quote>(?:the )?last (?:two |three |few )?times?)\b"),
    _d("last_time", 0.5, r"\b(?P<noquote>(?:the (?:year|quarter|month|time) before|in my (?:old|last|previous|former) \w+))\b"),
    _d("last_time", 0.6, r"\b(?P<noquote>(?:same as |like )?last (?:year|quarter|autumn|spring|summer|winter))\b"),
    # what it costs
    _d("cost", 0.55, r"\b(?P<noquote>(?:at night|my (?:weekends?|evenings?|sundays?|saturdays?|holidays?|free time|family|marriage|health)|at (?:\d|two|three|four|five) ?(?:am\b|in the morning)|until midnight|at midnight|on (?:sundays|saturdays|christmas day)(?: too)?))\b"),
    _d("cost", 0.75, r"\b(?P<quote>I (?:can['’]?t|cannot|can not|can['’]t) (?:keep (?:this|it) up|go on|do (?:this|it) any ?more))\b"),
    # a big word
    _d("big_word", 0.75, r"\b(?:it (?:is|was|would be|['’]s) |(?:was|is|be|being|not) |(?:a|an|my|the|our|more|less|very|of|for|about) )(?P<word>fair(?! enough| question| point| amount| number)|unfair|kind(?! of| man| woman| person| regards)|professional|respect|trust|loyal|loyalty|honest|kindness|fairness|transparent|open(?=[.,;]| mind| with| door| manager| leader)|ownership|(?<=one )family|(?<=like a )family|flat(?= group| hierarchy| structure| organi\w+| team))\b(?= |[.,;:!]|$)"),
    _d("big_word", 0.7, r"\b(?P<word>loyalty|fairness|kindness|dignity|integrity|professionalism|ownership|trust|respect|honesty|transparency|disloyal|indispensable)\b"),
    # a feeling the writer names
    _d("feeling", 0.9, rf"\b(?P<quote>I (?:just |also |really |still )?(?:feel|felt|feeling) (?:so |very |a bit |a little |really |like |completely |quite |rather |somehow )?(?P<word>{_FEELINGS}))\b"),
    _d("feeling", 0.85, rf"\b(?P<quote>I(?:['’]m| am| was|m) (?:so |very |also |a bit |a little |really |just |still |also a bit |completely |quite |rather )?(?P<word>{_FEELINGS}))\b(?! (?:to|day|with the same))"),
    _d("feeling", 0.7, rf"\b(?P<quote>(?:makes|made|leaves|left) me (?:so |very |feel |feel so )?(?P<word>{_FEELINGS}))\b"),
    _d("feeling", 0.7, r"\b(?P<noquote>(?:what |it )?(?P<word>bothers|hurts|stings|annoys|irritates) me(?: most| more)?)\b"),
    _d("feeling", 0.7, r"\b(?P<quote>I (?:cried|nearly cried|could have cried|hate (?:it|this|that|when))(?: in the \w+)?)\b"),
    # silence
    _d("silence", 0.85, r"\b(?P<quote>(?P<own>I) (?:also |just |have )?(?:said nothing|didn['’]?t say (?:anything|a word)|did not say (?:anything|a word)|kept (?:quiet|silent|my mouth shut)|stayed (?:quiet|silent)))\b"),
    _d("silence", 0.75, r"\b(?P<quote>(?P<others>nobody|no one|he|she|they|everyone|everybody|(?:the|my|our) (?:\w+ ){0,2}\w+|(?-i:[A-Z]\w+)) (?:has |have |had )?(?:said (?:a word|nothing|anything)|says (?:nothing|anything)|gone quiet|went quiet|goes quiet|(?:is|was|were|are) (?:silent|quiet)|(?:has )?never said anything|not said (?:a word|anything)|didn['’]?t say (?:anything|a word)))\b"),
    _d("silence", 0.7, r"\b(?P<quote>(?P<others>they|the others|people|everyone|colleagues) (?:stop(?:ped)? (?:talking|to talk|speaking)))\b"),
    _d("silence", 0.7, r"\b(?P<quote>(?P<own>I) had no answer)\b"),
    _d("silence", 0.8, r"\b(?P<noquote>(?P<others>nobody|no one) (?:has|['’]s) (?:ever )?said (?:it|the|anything|a word)\b)"),
    _d("silence", 0.7, r"\b(?P<noquote>the silence|gone silent|went silent)\b"),
    # promises and a yes
    _d("promise", 0.85, r"\b(?P<quote>(?P<vow>I(?:['’]d| had| have|['’]ve)? (?:promised?|sworn|swore|committed|gave my word))\b(?: (?:him|her|them|us|the team|to him))?)"),
    _d("promise", 0.85, r"\b(?P<quote>(?P<assent>(?:I |my mouth )said (?:yes|of course))(?: to the \w+ \w+)?)\b"),
    _d("promise", 0.65, r"\b(?P<quote>(?P<assent>I (?:agreed|accepted))(?: without \w+)?)\b"),
    # secrets
    _d("secret", 0.8, r"\b(?P<quote>(?:nobody|no one) (?:else )?knows(?: (?:that|it))?(?: except me)?|I (?:carry|have|keep) a secret|(?:he|she) told only me|"
       r"not allowed to (?:say|tell)(?: anything)?|I (?:haven['’]?t|have not) told (?:it to )?(?:anyone|anybody)|I (?:pretend(?:ed)?|hide|am hiding)(?: \w+)?)\b"),
    _d("secret", 0.85, r"\b(?P<noquote>(?:I (?:have |['’]ve )?(?:told|said to) (?:nobody|no one)|without (?:telling|showing) (?:anyone|anybody|them|him|her|me)|I(?:['’]ve| have) been telling (?:each|them|him|her)|I (?:acted|act|behaved?) as if))\b"),
    _d("promise", 0.8, r"\b(?P<noquote>(?P<assent>I (?:nod(?:ded)? to|nodded|signed (?:it|the)|heard my(?:self| mouth) say))|(?P<vow>I(?:['’]d| would) go before|I gave (?:him|her|them) my word))\b"),
    _d("exception", 0.6, r"\b(?P<noquote>what bothers me is how (?:good|easy|nice)|it felt (?:wonderful|good|like)|it was (?:easy|warm|good),)\b"),
    _d("silence", 0.75, r"\b(?P<noquote>(?P<own>I) (?:nearly|almost) (?:said|told|asked|spoke))\b"),
    _d("avoidance", 0.8, r"\b(?P<noquote>I (?:wrote|typed|have typed|['’]ve typed)\b[^.;?!]{2,50}? (?:and|then) (?:I )?(?P<unsaid>delet|did not send|didn['’]t send|never sent)\w*)"),
    _d("avoidance", 0.8, rf"\b(?P<noquote>I (?:have |['’]ve )?never (?!{_DENIED})(?:(?P<unsaid>brought|raised|mention|told|said|asked)|offered|showed|shown|found out)\w*)\b"),
    _d("avoidance", 0.6, r"\b(?P<noquote>not today)\b"),
    _d("avoidance", 0.8, r"\b(?<!if )(?<!when )(?P<noquote>I (?:don['’]?t|do not|did not|didn['’]?t|never) (?:dare|ask|open|answer|call|mention|tell|raise|bring)\b(?! (?:for what|what|why|how)\b))"),
    _d("meant", 0.8, r"\b(?P<noquote>with the intention to|meaning to|I (?:had )?(?:meant|intended|planned) to|I was (?:just )?going to|I (?:wanted|tried) to\b(?=[^.;?!]{2,60} but\b))\b"),
    _d("self_image", 0.85, rf"\b(?P<noquote>I (?:suppose I )?(?:have always |always )?wanted to be) {_PORTRAIT}"),
    # what the writer said, in their own report
    _d("own_words", 0.7, r"\b(?P<noquote>I (?:also |then |only |just )?(?:said|told (?:him|her|them|it|(?:my|the|our) \w+|everyone|everybody)|added|answered|replied|offered)\b(?! (?:yes|no|nothing|of course)\b))"),
    _d("repetition", 0.75, r"\b(?P<noquote>I (?P<caught>hear myself|notice[d]? (?:that )?(?:that )?I(?:['’]m| am)?|reali[sz]ed? (?:that )?I(?:['’]m| am)?|find myself|catch myself|caught myself)\b)"),
    _d("regret", 0.8, r"\b(?P<noquote>I['’]d have \w+|(?:I|my) (?:should have|shouldn['’]?t have|should not have|could have|would have(?! to\b)|wish I had)|if only I|it(?:['’]s| is| was) my (?:own )?fault|I(?:['’]m| am) not proud)\b"),
    # what somebody asks the writer, and how they look
    _d("asked", 0.75, r"\b(?P<noquote>(?:(?:my|the|our|one) (?:\w+ ){1,4}?|he |she |they |(?-i:[A-Z][a-z]+) )(?:\w+ ){0,2}?(?:asks?|asked) (?:me\b|if\b|whether\b|what I\b))"),
    _d("look", 0.75, r"\b(?P<noquote>(?:(?:my|the|our|one) (?:\w+ ){1,4}?|he |she |they |(?-i:[A-Z][a-z]+) )(?:\w+ )?(?<!to )(?:look(?:ed|s)?|was looking|were looking|glanced|stared)\b(?! (?:like|after|for|forward|up|into)\b))"),
    # what somebody says of the writer
    _d("said", 0.8, r"\b(?P<noquote>(?:my \w+|he|she|somebody|(?-i:[A-Z][a-z]+)) (?:\w+ ){0,3}?(?:said|says|told me|tells me|whispered|called me|calls me|call me|calls? it)\b(?! (?:yes|no)\b)[^.;?!:]{3,60}?\b(?:I|me|my)\b)"),
    # the body speaks
    _d("physical", 0.8, r"\b(?P<quote>(?:my|his) (?P<word>stomach|chest|throat|jaw|whole body)(?: (?:hurts|is tight|has been bad|was dry|shook|goes into \w+ mode|aches))?|my (?:heart|hands?|shoulders?|neck|back|head|voice|knees) (?:hurts?|is tight|are tight|shakes?|shook|aches?|pounds?|pounding|was shaking|races|raced|were shaking))\b"),
    _d("physical", 0.8, r"\b(?P<quote>(?:I )?(?:could not|couldn['’]?t|can['’]?t|cannot|don['’]t|hardly|barely) (?:even )?(?P<word>sleep|breathe|eat|slept)|(?:slept|sleep) (?:badly|4h a night)|I talk in the night|at three I got up|lie awake|I feel sick)\b"),
    # not knowing
    _d("not_knowing", 0.6, r"\b(?P<quote>I (?:really |honestly )?(?:don['’]?t|do not|dont|not) (?:really |even )?know (?:how|why|what|of what|who|where)(?: to (?:\w+(?: it| him| her)?)| I am)?)\b"),
    _d("not_knowing", 0.6, r"\b(?P<quote>I (?:can['’]?t|cannot|couldn['’]?t) (?:explain|decide|say)(?: why| what| if)?)\b"),
)
# fmt: on
