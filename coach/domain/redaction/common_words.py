"""Words that people write in reflections, so that a capital or a near miss does not make them a name."""

from __future__ import annotations

_WORDS = """
abdominal able about above absence absent abuse accent accept accepted access accident accidents according
account accountable accountant accounts accuracy accurate accusation accuses accusing ack acked acknowledge
acknowledged across act acted acting action actions activation active actor actually adapter adapters add
added adding address admin administration administrator admissible admit admitted adopting adore advance
advantages adversarial advert advice advise adviser advises advisory affected afraid after afternoon
afternoons afterwards again against age agency agenda ago agree agreed agreement agrees ahead aim air
airline airport alarm alarms alembic alert alerted alerts alg algorithms alice align all allow allowed
almost alone along alongside aloud alpha alphas already alright also altered alternatives altogether always
am ambulances among amusing an analysed analyst analysts and angle angry announced annoyed anonymous another
ansiescape answer answered answering answers anxious any anybody anyone anything apart apologise apologised
app appeal appear appeared appears append applaud applicant application applied apply appointment
appointments appreciate appreciated appreciation apprentice approval approved apps apt architectural
architecture archive are area aren argue argued argues arguments arm arms around array arrivals arrive
arrived arrives arrogant arrows artifact artistic as asgi ashamed ask asked asker asking asks asleep assert
assertive assistance assistant assistants associated associates assume astonished async at ate attached
attaches attack attacker attackers attacks attempt attempts attended attention attentively attribute
attributes audience audit audited auditors audits auth authentication authlib author authority authors authz
auto autoclave autofill automatable automated automatic autumn avatars average averaged avoid avoidance
avoided avoiding awaited awake award away axes babysit back backend backs backup backups backward backwards
bad badchars badge badges badly bake baked baker bakers bakery ban bandwidth bank bar bare bargain bars base
based baseline batch bath be beach bearer beaten beats beautifully became because become becomes becoming
bed bedroom beds bedtime beech been beer before beforehand began begin beginning begins begun behalf
behaviour behind being beliefs believe believed believes belonged belongs below bench benchmark bend benefit
benign beside besieged best better between beyond bias big bigger billion bin binary bind binding binds
binomial birthday biscuits bit bite bitter black blame blank blankets bleed blind blob blobs block blocked
blocks blue board bodies body bomb bonus book booked bookings boots bootstrap borrowed boss bosses both
bother bothers bottle bottles bottom bought bound boundaries boundary bounded bounds bow bowed box boxes boy
brace braces bracing branch branches brand brash braver breach bread break breaker breakfast breaks breath
breathe breathing breech brief brigade bring bringing brings briskly broken brother brothers brought brown
browser brute buddy budget budgeted budgets buffer bug build building builds built bulk bullet bullets bump
bunch bundled buried burned burning burst bursting bus buses business busy but button buy buyer buying by
bypass byte bytes cabinet cache cached caches cafeteria cake cakes calculation calendar calibration call
callbacks called caller calling calls calm calmly came camera campus can canaries canary cancellations
cancelled cancelling cancels candidate candidates cannot canonical canteen cap capacity capital capitalised
car card cards care cared careful carer carers carried carriers carries carry carrying case cases cassette
cassettes cat catalogue catch caught cause causes ceiling celebrate celebrating cellar censor cent
centimetre central centre centres certain certainly certainty certificate ch chain chair chairing chairs
challenge challenges chance change changed changelog changes changing channel chapter chapters characters
charcoal charge charity charming chars chart chat chatty cheap cheaper check checkable checked checker
checking checklist checkout checks checksum cheerfully chef chest chief child childish children choice
choices choir choose chorus chose chosen christening chroma chromadb chunk chunks church ciphertext circles
circuit circularity citation cited cites city claim claims clapped clarify class classes classified
classifier classroom classrooms clause clean cleaner cleaning cleanly clear clearer clerk cli click clicked
client clients climate clinic clipboard clipped cloakroom clock close closed closes closest closing cloth
club cluster clusters co coach coaching coat coats cockerel code codebases codenames codes coffee coffees
cohorts cold coldly collapses colleague colleagues collected collection collections collector colour
coloured colours column columns combination combining come comes comfortable comforts coming command comment
commit commitment commitments commits committed committee common communicate communication company compare
compared compares comparison compete competent competition competitor complain complained complains complete
completeness completes compliment component components composite composition compressor compromise computer
concerned concerns concert conclude conclusion conclusions concrete concurrency concurrently condition
conditions condolences conducted conductor cones conference confetti confident confidentiality config
conflict conformance confronting confusion congratulate congratulated congratulations connect connection
cons consent consented consenting consequence consequences consider considered consistent constant constants
constraint constraints construct construction constructor consultancy consulted consulting contact contacts
contain contained container containers containing contains content context continue continued contract
contractor contracts contradict contrast contributed contributors control controller controls conversation
conversations convinced cookie cooking cooks cooled coolness cooperative coordinator copied copies copy
copybooks cord core cores corner corpora corpus correct corrected correction corrections correctly corridor
corrupt cosine cosmicpython cost costly costs costume costumes could couldn council councillor councillors
counselling count counted counter counterfactual counting countries country counts county couples course
courses courtesy cousin cover coverage covered covers crab craft crafting crash crashes crate crazy cream
create credit credited crew cried cries crime crisis criteria criterion critic critical criticism cross
crossed crosses crossing crowd cruel crunch crypto ct cubic culprit culture culvert cupboard curate curated
curator curators curiosity curious customer customers cut cutter cutters cutting dad daily damage danger
dangerous dark dashboard dashboards data database databases dataclass dataclasses dataset datasets datasette
date dated dates daughter day days daytime deadline dealt dean debrief decades decide decided decides
deciding decision decisions deck declared decline declined decorates decoration decorative decrypted deep
deeper deepeval default defaults defeats defence defend defended degrade delay delegate delegated delegating
delete deleted deletes deletion delicate delimited delimiter delimiters deliver deliveries delivers delivery
demand demo demoed demonstrate demonstration dense dental department departments departures depend
dependency depends depot deprecated depth deputy derived describe description design designed designer
designers desk desks destroy destroyed destroys detail details detection detector detectors detects
deterministic detour dev developer df diacritics diagnosis diagnostic dialog dialogue diary dictated dicts
did didn died dies diff differ difference differences differencing different differently differs difficulty
diffs digger digits dilemmas dinner dinners diploma dir direct direction directly director dirty disable
disabled disagree disagreeing disagreement disappoint disappointment disaster discordance discordant
discovered discrimination discussion disgrace disguise dishes disk disloyal dismissal distance distinct
distinguisher distractors distribution district do doc dock docs docstrings doctor doctoral document
documented documents does doesn dog dogs doing domain dominant don done dong donor donors door doors doorway
dosage dose dotprompt dotpromptz dots double doubled doubt dough down downgrades download downloads draft
dragon drain drained dramatic drank draw drawer drawing drawings drawn draws dread dream dress dressed drew
drill drills drink drinking drinks drip dripped drive driver drivers drives driveway driving drop dropped
dropping drops drove drowning dry due dump dumps duo duplicates durable durations during duties duty dynamic
each ear earlier early earned earns ease easier easiest east eastern easy eat eaten eating eats echo edge
edges edit edited editing edition edits educator effect effort egress eight eighteen eighty either elderly
eldest elected eleven eleventh else elsewhere email emails embarrassment embed embeddable embedded embedder
embedding embeddings emergency emitting emoji emotion emotional employee employer empty en enabled enchanted
encoding encodings encrypt encrypted encryption end ended ending endless endpoint ends energy enforcement
engagement engine engineer engineering engineers engines enjoy enjoyed enough ensemble entailed enter
entered entitled entries entry enumeration env envelope envelopes environment epoch epochs equal equally
equals equivalent erase erased erasure error errors escalate escaped escapes euros eval evals evaluator
evaluators even evening evenings event events ever every everybody everyone everything everywhere evidence
ex exact exactly exam examination example examples exams excellent except exception exceptions excited
exclamation exclude excluded excuse executed execution exercise exercises exfiltrates exfiltration exhausted
exhaustive exist existence existing exists exit exits expect expectations expected expects expense
experience experiments expert expertise expire explain explained explaining explanation explicit explicitly
explode explore export exported exports exposed ext extend extended extension extent external extra
extraction eye eyebrows eyes face faces facilitate facilitator facilitators facilities fact factory facts
fail failed failing failover fails failure failures faintly fair fairly fairness fake fakes fall fallback
falls false families family fan far farewell farm farmer fast faster fastest father fault faults favour
fdatasync fear feature features fed feed feedback feel feeling feels fell fellowship felt fenced fetch
fetched fetches fever few fewer fidelity field fields fifteen fifth fifty fight fights figure figures file
files fill filled fills film filter filtered filters final finally finance financial find finding findings
finds fine finger finish finished fire fired fires firewall firewalls firm firmer first fit fitness fits
fitter fitters fitting five fix fixation fixed flag flagging flange flat flats flattering flexible flight
flip flipped flock flood flooded floor floors focus focusing folder folders follow followed following
follows font footer for forbade forbid forbids force forcing foreign foreman forest forgave forged forgets
forgiveness forgot forgotten forklift form formal format former forms formula fortnight forty forward found
foundation founder founders foundry fountain four fourteen fourth fractions frame frames fraud free
freelance freelancers freely freezer freight fresh fridge friend friendliest friendly friends friendship
from front frost froze frozen fruit full fully function functions funding funeral funny furious further
fused future gain gains game games gamification gap garak garbage gasket gate gated gates gauge gave general
generally generated generation generator generators generic generous generously gently genuinely get gets
getting ghost gift girl girlfriend git give given gives giving glad glass glasses global globals gloves go
goal goals goes going gold gone good goodbye gossip got grabbed gracefully grade gradients gradio gradually
grammar grand grandfather grant granted grateful grave gravel great greater green greet greeting greets grep
greps grew ground grounding group groups grow grower growers grows growth grumbled guard guards guess
guessed guest guests guide guided guideline guidelines guides guilty guy habit habits had hadn half hall
halves hammer hand handbook handed handing handle handled handler handlers handover handovers hands
handshake hang hangs happen happened happens happily happiness happy harassment hard harder hardest harm
harmed harming harmless harness harsh harvest has hash hashes hat hate hated hates have haven having he head
header heading headphones headquarters heals health healthy hear heard hearing heart heartbeat heartbeats
heat heating heavy hectares hedge hedged heels height held help helps hence her here hers herself hesitate
heuristics hex hidden hide hides hiding hierarchy high hijack him himself hire hired hiring his histories
history hits hobby hold holding holds hole holiday holidays home homework honest honestly honesty honours
hook hooks hope hoped hopes hoping hospital host hostile hot hotel hotline hour hours house households how
however httpx hub hubness huddle hugged huggingface human humans humiliated hundred hundreds hung hunt
hurdle hurry hurt hurts husband hygienist hymn hypothesis ice id idea ideal ideas idempotent identical
identification identity idiom ids if iff ignore ignored ignoring ill image images imagine img imitation
immediate implementation implicit import important imported importing imports impossible improve improvement
impulse in inbox incident incidents incl include included inclusive income incomplete inconclusive incubator
index indexer indexes indicator indirect inefficient inference infers inform information informed
infrastructure ingest initials initiative inject injected injection injury ink inline input inputs inquiry
inscope insert inside inspect inspection inspector install installed installs instance instances instant
instead instructions insult insurance int intact integrity intend intended intends intention intentions
interaction intercepted interesting interleaved interleavings intern interns interrogation interrupt
interrupted interruption interrupts interval interviewed interviews intervision into introduce introduced
introduction introductions introductory invalid inverts investigate investigation investors invitation
invite invited involve involved is isn issue it item items its itself jargon jealous jitter jittered job
jobs join joined joining joins joke jokes journal journaling journals joy judge judged judgement judgment
jump junior juniors junk just justify jwk kappa keep keeping keeps kept key keyboard keyed keyring keys
keyword kids kill killed killing kills kilometres kind kinder kindergarten kindness kinds kitchen knee knees
knew know knowing knowledge known knows label labelled labels laboratory labour lacks lads laid lamb
laminate land landing landlord lands langchain language languages laptop large larger largest last lasted
late latency lateness latentinjection later latter laugh laughed laughs launch launches laundry law lawyer
lay layer layoffs lazily lead leader leaders leadership leading leads leaf leak leakage leaked leaks lean
learn learned learning learns learnt least leather leave leaves leaving lecture led left legal legend length
lens lenses lent less lesson let lets letter letters letting level levels liar lib libfaketime libraries
library licence licences lie lied lies life lift light lighter like liked likely likes liking limit limiter
limiting limits line linen lines link links lint lips list listen listened listener listening listens lists
literal little live liveliest lives ll llm load loaded loader loading loads loan lobby local localhost
locals lock locked lodging log logbook logged logic login logistics logout logs lone lonelier lonely long
longer longest look looked looking looks loop loopback lorries lorry lose loses loss losses lossless lost
lot lots loud loudly love loved lovely loves low lower lowered lowest loyal lunch lunches lunchtime lying
machine machines made magnets mail mails main maintained maintenance major make makes making malformed
malicious malt man manage management manager managers manages managing manifest manufacturing many map
mapped mapper margin mark markdown marked markers marketing marking marks married mass master match matched
matches matching material maternity maths matrix matter mattered matters mattresses mature max may maybe
mayor mcp me mean meaning means meant meanwhile measure measured median mediator medical medication medicine
meditation meet meeting meetings meets member members memory men mentioned mentions mentor merge merger mess
message messages messenger met meta metadata metaphor method metres metric metrics metronome micromanaging
mid middle midnight midwife might migrate migrations military milk millimeter million min mind mine minimal
minimum minor minus minute minutes mirror mirroring mirrors miss missed misses missing misspelt mistake
mistakes misunderstood mittens mix mixed mobile mocked mode model models modes modest modesty module modules
moment money monotonic month months mood morale more morning mornings mortgage most mostly mother motion
motivated mounted mouth move moved moves moving mrr ms much mug multiplies multiply mumbled municipal
municipality museum music musicians must mustache mutable mutant mutants mutate mutation mutations mutmut my
myself name named names namespaced namespaces naming nationalities native near nearest nearly neater neck
need needed needing needle needles needs negate negatives negligently neighbour neighbouring neighbours
neither nemesis nephew nervous net netns network neutral never nevertheless new newcomer newest news
newsletter next nice nicknames niece night nightly nights nine nineteen ninety no noadvice nobody nod nodded
noise noleak non nonce nonces none nonjudging nonleading nonsense noon nor normalise normalised nose not
note notebook noted notes nothing notice noticeboard noticed notices nouns now nowhere nowhy nuclei null
number numbered numbers numpy nurse nurses nursing obey obeys object objected obliged obliges oboe oboist
observability observed obsidian occasion occupational occur occurred odd of off offended offer offered
offers office officer offline offset offshore offsite often oil ok old older oldest ombudsman on once one
ones only onnxruntime op opaque open openai opened opening openly openness opens opera operating operation
operations operator operators opinion opportunity opposite ops opt optician optimality optimum option
optional options or orchestra order ordered ordering orders ordinary organisation organise organised origin
original orphans orthogonal other others otherwise ought our ours ourselves out outbound outbox outcome
outdoor outer outlet outpatients output outputs outside outsider oven over overfits overhead overlap
overloaded override overrides overview overworked overwrites owe owed owes own owned owner owners ownership
ownwords package packages packing page paged pages paid pain painted painter pair paired pairing pairs
pairwise pallet pallets panic pantry paper paperbacks paperwork parallelism parameters parcel parent parents
parish park parks parroting parses part partial partition partly partner partners partnerships parts party
pass passage passages passed passes passing passive passwords past paste pasted pasting pastor patch patched
path paths patience patient patients patterns pause pauses pay paying payload payloads pd peace peer peers
pen penalties pencil pension people per percent percentages perfect perfectionism perfectly perhaps period
permanent permission permitted permutation persistence person personally personnel perspective peso petition
pets pharmacist pharmacy phone phonenumbers photocopied photocopier photograph photographed photographs
phrase phrasings physically physio picked pickle picks picture pictures piece pieces pillow pin pineapple
pinning pins pip pipes pitch pity pizza place placed placeholder places plain plainly plaintext plan planned
planning plans plant planted plate platform platitudes platoon play played playwright pleasant please
pleased pleasing plug plugged plugs plumbing plural plus pneumonia pocket poetic point points poison
poisoned poisons police policeman policy polish polished polite politely politeness pool poor port ports
position positive possible post postdoc postdoctoral poster postgres posthog postponed posts pothole potter
powder power practical practice practise practised pragmas praise praised pre preamble precision predefined
predicate prediction preferred prefix pregnant premiere preparation prepare prepared preparing preschool
present presents preserved president presidio press pressure presupposed presupposes pretend prevention
prevents previewable previous price prices priest primarily primary principal principle print printed prints
priorities priority private probably probe probes problem problems procedure procedures process processes
producer product production profession professional professionals profile program programme programs
progress project projection projects prometheus promise promised promises promoted promoting promotion
promotions prompt promptfoo promptinject prompts prompty pronunciation proof proper properly properties
property proposed proposes pros prose protect protecting protection protects protest protocol proud prove
proved provenance proves provide provider province provincial provision proxy pruning pseudonymise
pseudonymised public publish published pull pulled pulls pulse pump pumps punctuality pupil pupils pure
purge purpose pursuit push pushing put puts putting pydantic pyproject pytest python qrels quality
quarantine quarantined quarrelled quarter quarters queried queries query question questions queue queued
queues quick quickest quickly quiet quieter quietest quietly quite quiz quot quota quote quoted quotes radio
rails rain raining rains raise raised raises raising rambling ramp ran random rang ranges rank ranked ranker
ranking ranks rare rarely rate rated ratepayer rates rather rating ratio ratios raw re reach reachable
reached reaches react reacts read readable reader readers reading reads ready real realise realised
realistic really reap reason reasons rebuild rebuilt recall receipt receive received receives receptionist
recite recognise recognised recogniser recognises recognizers recommended recompute recomputed reconcile
reconciliation record recorded recorder recordings recovery red redact redacted redactions redirect reduce
reduced ref reference references referral refinancing reflect reflected reflection reflections reframe
refusal refusals refuse refused refuses regarded regex region regional register registered registers
registry regression regret regular rehearsal rejected rejects related relation relationship release released
relevant reliability relief relieved remain remainder remaining remains remark remarked remedy remember
remembered reminder remote removal remove removed removes renamed render rendered rendering renders renewal
rental reopen reopens reorder reorganisation reorganised rep repair repaired repeat repeated repeats
repetition replace replaceable replacement replaces replay replayable replayed replaying replays replied
replies reply report reported reporting reports repository representative reproachful reqs request
requesting requests required requirement requirements reread rescues research resembles reset resident
residents resignations resigned resigns resilient resistant resolved resort resources respect respected
respond response responsible rest restart restartable restarting rested resting restorable restore restored
result results resumable resumes retail retire retired retirement retreat retried retries retrieval
retrieved retry return returned returns reuse revealed revenue review reviews revocable revoke reward
rewordings rewrap rewrite rewriting rewrote rhetorical ridiculous rig right rights ring ringing rings rise
rising risk risks river road roadworks robust robustness rocketride role roles rollback rolls roof room
roommate rooms root rose roster rota rotate rotating rotation roughly round rounds route router routes
routine routines row rows rubric rude rule ruler rules rumour run running runs runtime rural sabbatical
sacristy sad safe safetensors safety said salad salary sales salt same sample sampled samples sampling sans
sat satisfactory satisfies sauna save saved saves savings saw say saying says scale scanned scanners scared
scares scenery schedule schema scheme school schools scope score scorer scorers scores scoring scraps screen
screens script scripts scrolling scrub scruples sd se sea seal seals search season seat seated seats second
secondary seconds secret secrets section secure security see seed seeded seeds seeing seemed seems seen sees
segment self sell selling send sending sends senior sense sensitive sensitivity sent sentence sentences
separate separated separately sequence sequential sergeants serif serious seriously serve served server
serves service services session sessions set sets setting settings settle settled seven seventeen seventh
seventy several sewing sha shade shadow shake shall shame shape shapes share shared sharing she shearer
shears shed sheet sheets shelves shift shifts shipped shipping ships shirt shoe shook shop short shorter
shortest should shoulder shouldn shout shouted shouting show showed shower showing shown shows shut sick
side sides sideways sighs sight sign signal signature signed significant signing signpost signposts silence
silenced silent silently similar similarity simple simplest simplify simply simulated simulation
simultaneous since sing singing single sink sir sister sit site sites sitting situation situations six
sixteen sixth sixty size sizes sketches skew ski skip skipped slang sleep sleeping sleeps slept slice slices
slid slides slipped slippers slipping slot slow slowapi slowloris slowly slows small smaller smallest
smelled smile smiled smiles smiley smoke smooth smuggling snapshot snapshots snow snowsuits so sober sockets
sofas soft software soil sold solicitor solution solutions solve solved solving some somebody someone
something sometimes somewhere son soon sorry sort sorted sorting sound sounded sounding sounds source
sources south sow space spacing span spans spare speak speaker speaking speaks spec specialist specificity
speech speed spelling spend spent spill spinner spirits splendid split spoke spoken sport sports spreadsheet
spring sql sqlalchemy sqlite sqrt square squares squeezed st stack stacking staff staffroom stage stages
stair staircase stairs stairwell stake stakeholders stale stamina stand standard standards standing stands
starlette starsessions start started starts startup state stated stateful statement statements static
station stations statistics status stay stayed staying stays stderr steady steel stems step steps stick
sticking sticky stiff still stillness stir stock stolen stomach stone stood stop stopped stopping stops
storage store stored stores stories storm story stove strace straight stranger strategies strategy streaks
stream street strength strengths stress stretched strict stricter strike string strings strip stroke strong
strongest struck structlog structural structure structured stub stubborn stuck student students studied
studies studio study stuffing stumble stupid stupidly style stylesheet subject submit submitted subset
substitute substitution success successor such sufficient suffix suggest suggested suggestion suicide suit
suite suited suites sum summary summer sums sun superintendent supermarket supervisor supper supplied
supplier supplies support suppose supposed suppression sure surer surface surgeon surgeons surprise
surprised surrogate surrogates survey survival survived survives surviving survivors suspected svcs swab
swabs swallowed swap swapped swaps sweep swim switch switched switching sworn symlink synapse sync
synchronous synonym synthetic syscall system systems table tablecloths tables tag tagged tags take taken
takes taking talk talked talking tampers taped tapped target task tasks taste taught taxi taxis taxonomy tea
teach teacher teachers teaches team teams tear tears technician technicians technology telecom telemetry
telephone television tell teller telling tells temp temper temperament temperature template templates
temporary tempting ten tenacity tenant tend tension tensions tenth terms test testcase tested tests
testsuite text textarea texts textual than thank thanked thankful thanks that the theatre theatrical their
theirs them theme themes themselves then therapist therapy there therefore these thesis they thick thief
thin thing things think thinking thinks third thirds thirteen thirtieth thirty this thoroughly those though
thought thoughts thousand thousands thread threads threat threats three threshold thresholds threw through
throw thrown thumbs thyroid tickets tidy tied tier tiktoken time timed timekeeper timekeepers timeline
timeout timer times timetable timing tired tissue title titles tmpfs to toast toasts today together token
tokenizers tokens told tolerated tombstone tombstones tomorrow tone tongue tonight tonnes too took tool
tools top topic topics torch tore torn total touch touches tough tour tours towards town toy trace traceback
tracing track trackers trade train trained trainee trainees training traits transaction transactional
transactions transcripts transfer transformers translated translation transparent traps travel traversal
tray trays treasurer treat tree trend trial trials tribunal trick tried tries trip triumph trivial troika
trouble trucks true truncate truncated trust trusted truth try trying tune turn turned turning turns twelve
twenty twice twin two type typed typhoon typical typing ui unaffected unbecoming uncertain unchanged
uncorrected uncovered undefined under understand understood underwriters undo undone uneasy unfair
unfiltered unfixed unhappy unicode uninterrupted union unique unit units university unknown unless unmatched
unreadable unreliable unsafe unsaid unsalted unshare unsigned unsolved unsupported untested until untrusted
up upbeat update updated updates updating upholstery upon upsert upserts upset upstairs upward urgent us
usable usage use used useful useless user users uses using usual usually utility uvicorn vacancies vacuum
valid validate validated validator validators valley value values valve valves vanish variables variant
variants vars ve vector vectors vendor venv verbatim verbs verdict verdicts verified verifier version
versioned versions very vet veterinary via vibe video view viewer village violations violence virtual
visibility visible vision visit visited visiting visitor visitors visits vitamin vitamins vocabulary voice
voices volume volumes volunteer volunteering volunteers vote vs wait waited waiter waiting waits wake walk
walked walking walks wall walnut walnuts want wanted wanting wants ward warehouse warm warmed warming warmth
warn warned warning warnings warns warranty was wash washes washing wasn watch watched watching water way
ways we weak weaken weaker weather web wedding week weekend weekends weekly weeks weighbridge weighed weighs
weight weights welcome well went were weren wh what whatever wheel when whenever where whether which while
whirr whisper whistle white whitelist whitepaper who whoever whole whom whose why wide widens wider wife
wiki will willing win wind window wine wins winter wiring wisdom wise wish wished wishes with withdrawing
within without witness wittily wobble woman women won wonder wonderful wonders word wording words work
workable worked worker workers working workload works workshop worry worse worst worth would wouldn wrap
wrapped wrapper wrapping write writer writers writes writing written wrong wrongly wrote yard year years
yellow yes yesterday yet yield you young younger youngest your yours yourself yourselves youth zero
"""
COMMON = frozenset(_WORDS.split())
