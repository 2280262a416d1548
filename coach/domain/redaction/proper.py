"""What is written with a capital and is nobody, and the trades that stand beside a name."""

from __future__ import annotations

from coach.domain.redaction.words import MONTHS, SEASONS, WEEKDAYS, word_set

_PLACES = """
england scotland wales britain uk ireland france germany spain portugal italy netherlands holland belgium
luxembourg switzerland austria denmark sweden norway finland iceland poland czechia czech slovakia hungary
romania bulgaria greece turkey cyprus malta croatia serbia slovenia bosnia albania kosovo ukraine russia
belarus estonia latvia lithuania georgia armenia china india japan korea taiwan thailand vietnam
philippines indonesia malaysia singapore pakistan bangladesh nepal lanka australia zealand canada america
usa mexico brazil argentina chile colombia peru ecuador bolivia venezuela uruguay cuba panama egypt
morocco tunisia algeria libya kenya nigeria ghana ethiopia uganda tanzania rwanda senegal zambia zimbabwe
africa asia europe oceania israel palestine lebanon jordan iraq iran syria yemen qatar kuwait bahrain oman
emirates arabia afghanistan kazakhstan mongolia scandinavia balkans nordic nordics emea apac latam benelux
dach london manchester birmingham leeds liverpool glasgow edinburgh cardiff belfast dublin cork bristol
oxford cambridge york newcastle sheffield paris lyon marseille lille toulouse bordeaux nantes strasbourg
berlin munich hamburg cologne frankfurt stuttgart dusseldorf leipzig dresden hanover vienna graz salzburg
zurich geneva basel bern lausanne amsterdam rotterdam utrecht eindhoven hague brussels antwerp ghent
bruges madrid barcelona valencia seville bilbao malaga lisbon porto rome milan turin naples florence
bologna venice athens thessaloniki istanbul ankara izmir warsaw krakow gdansk wroclaw prague brno budapest
bucharest sofia belgrade zagreb ljubljana copenhagen aarhus stockholm gothenburg malmo oslo bergen
helsinki tampere espoo reykjavik riga vilnius tallinn kyiv kiev lviv moscow petersburg boston chicago
dallas houston austin denver seattle portland angeles francisco vegas miami atlanta philadelphia detroit
phoenix washington toronto montreal vancouver ottawa calgary sydney melbourne brisbane perth adelaide
auckland wellington tokyo osaka kyoto seoul busan beijing shanghai shenzhen guangzhou hong kong taipei
bangkok hanoi jakarta manila kuala lumpur mumbai delhi bangalore bengaluru chennai hyderabad pune kolkata
karachi lahore dhaka dubai abu dhabi doha riyadh cairo lagos abuja accra nairobi kampala johannesburg
durban pretoria casablanca tunis tel aviv jerusalem beirut amman paulo janeiro bogota lima santiago quito
aires caracas havana texas california florida virginia ohio nevada utah arizona ontario quebec bavaria
catalonia tuscany brittany normandy cornwall kent essex sussex surrey yorkshire alps rhine danube thames
baltic mediterranean atlantic pacific north south east west northern southern eastern western central
midlands downtown manhattan brooklyn silicon westminster brexit poznan lodz katowice wolverhampton
leicester nottingham coventry derby reading bath plymouth southampton portsmouth aberdeen dundee swansea
galway limerick bonn mainz bremen dortmund essen nuremberg mannheim linz lucerne lugano groningen tilburg
breda leuven liege namur nice rennes grenoble dijon metz zaragoza murcia granada palma trieste verona
padua bari palermo patras uppsala turku tartu kaunas bratislava kosice debrecen cluj timisoara varna
skopje tirana sarajevo minsk odesa tbilisi yerevan baku almaty tashkent tehran baghdad chandigarh jaipur
ahmedabad lucknow noida gurgaon gurugram kochi colombo kathmandu islamabad penang cebu surabaya nagoya
sapporo fukuoka incheon wuhan chengdu nanjing tianjin suzhou hobart darwin canberra christchurch cleveland
pittsburgh baltimore nashville charlotte orlando tampa minneapolis milwaukee sacramento oakland diego jose
edmonton winnipeg halifax monterrey guadalajara medellin cali rosario cordoba brasilia recife fortaleza
kigali dakar
"""
_PEOPLES = """
english british scottish welsh irish french german spanish portuguese italian dutch belgian flemish swiss
austrian danish swedish norwegian finnish icelandic polish czech slovak hungarian romanian bulgarian greek
turkish croatian serbian slovenian ukrainian russian estonian latvian lithuanian chinese indian japanese
korean thai vietnamese filipino indonesian malaysian singaporean pakistani australian american americans
canadian mexican brazilian argentinian chilean colombian egyptian moroccan kenyan nigerian ghanaian
ethiopian african asian european israeli palestinian lebanese iraqi iranian syrian arab arabic hindi urdu
bengali tamil mandarin cantonese latin hebrew farsi swahili catalan basque christian muslim islam islamic
jewish hindu buddhist catholic protestant orthodox christmas easter ramadan eid diwali hanukkah yom kippur
lent thanksgiving halloween pride germans brits italians africans asians europeans indians russians
spaniards swedes danes finns poles scots god bible quran aadhaar ssn iban millennials boomers zoomers
"""
_THINGS = """
excel word powerpoint outlook teams slack jira confluence trello asana notion miro figma zoom skype webex
google gmail chrome docs sheets drive calendar sharepoint onedrive onenote office windows linux android
iphone ipad mac macbook apple microsoft amazon aws azure github gitlab jenkins docker kubernetes python
java javascript typescript react angular salesforce hubspot zendesk workday sap oracle servicenow tableau
powerbi looker snowflake databricks stripe paypal whatsapp telegram signal facebook instagram linkedin
twitter youtube tiktok netflix spotify vodafone orange verizon bain bcg linear retool pagerduty datadog
acme uber airbnb tesla siemens bosch philips nokia ericsson ikea lidl aldi tesco volvo bmw audi toyota
honda samsung sony intel nvidia ibm dell cisco adobe chatgpt openai anthropic claude copilot gemini
deloitte kpmg pwc mckinsey accenture capgemini gartner wikipedia reddit dropbox monday postgres sql kafka
redis terraform grafana sentry scrum kanban agile lean sigma sprint standup retro retrospective backlog
epic okr okrs kpi kpis smart raci swot gantt gdpr jenga lego calendly doodle mural loom kahoot mentimeter
bitbucket intune okta zapier airtable clickup basecamp wrike personio bamboohr lattice peakon officevibe
glassdoor xing shopify magento wordpress photoshop illustrator autocad matlab stata spss erp crm bluetooth
cardholder callback insta series cpf nin bvn ssn tfn bsn nino ksh visa mastercard amex mpesa hilux pro
complaint complaints ferry flour firmware software hardware nir rrn refund terminal galaxy latitude betrvg cvs
wifi covid corona nhs bbc nasa nato unesco unicef fifa uefa olympics wimbledon brexit internet web
intranet
"""
_TRADES = """
finance marketing sales operations engineering legal procurement purchasing logistics product design
research support hr it security compliance quality production manufacturing maintenance controlling
accounting payroll recruiting communications board committee council department division unit group
company team office headquarters hq management leadership works union ceo cfo coo cto cio chro vp svp evp
md director manager head chief lead officer president chair chairman secretary treasurer deputy senior
junior principal staff engineer analyst developer architect designer consultant specialist coordinator
administrator executive associate partner assistant intern trainee nurse doctor teacher professor sister
matron ward clinic hospital university college school academy institute faculty bank church museum library
station airport hotel restaurant cafe court ministry parliament government commission agency foundation
trust ltd inc gmbh ag bv plc llc corp co sa spa oy ab as kg project programme program phase stage version
release level grade band step plan strategy vision mission values policy act law code charter ok okay hi
hello dear hey thanks thank regards best cheers sincerely kind warm yours ps re fw fwd bcc cc asap fyi tbd
am pm utc gmt cet est pst eur usd gbp chf mr mrs ms miss dr prof sir madam mum mom dad mama papa granny
grandma grandpa nan auntie uncle i ill im ive id monday's internet bluetooth everyone nobody black white
brown asian lgbt lgbtq pride mba phd msc bsc
"""

NOBODY = (
    frozenset((_PLACES + _PEOPLES + _THINGS + _TRADES).split()) | MONTHS | WEEKDAYS | (SEASONS - {"noel"})
) - word_set(
    """
jordan georgia virginia claude austin florence sofia christian santiago signal chair
"""
)
PLACE_NAMES = word_set(
    """
jordan georgia virginia austin florence sofia santiago paris sydney chelsea valencia lima
"""
)

# Whoever is one of these has a name beside it: "my deputy Jonas", "Jonas, my deputy".
ROLES = word_set(
    """
deputy boss manager director colleague peer report lead leader teamlead assistant wife husband partner
brother sister son daughter mother father mum mom dad friend cousin uncle aunt nephew niece coach mentor
mentee intern trainee apprentice predecessor successor supervisor foreman nurse doctor secretary engineer
designer developer analyst buddy counterpart client customer neighbour neighbor ceo cfo coo cto cio chair
chairman chairwoman principal teacher technician accountant lawyer consultant facilitator teammate
coworker stakeholder supplier contractor volunteer patient student pupil recruiter hr head chief officer
planner tester programmer architect chef cook driver electrician mechanic operator clerk receptionist
cashier matron midwife surgeon therapist counsellor psychologist professor dean rector captain coordinator
organiser organizer trainer instructor researcher scientist postdoc girlfriend boyfriend fiance fiancee ex
sibling twin baby grandson granddaughter landlord tenant owner founder cofounder investor auditor
bookkeeper salesman saleswoman salesperson rep representative specialist newcomer hire starter joiner
veteran controller dispatcher welder fitter plumber carpenter baker barista waiter waitress porter
caretaker librarian editor writer journalist photographer scheduler buyer merchandiser pm po scrummaster
techlead sergeant lieutenant guy woman man girl lady kid candidate applicant employee member person
"""
)
# A word after a capital that makes it a thing: the Atlas project, Rotterdam office.
THINGS = word_set(
    """
project programme program team office system account deal contract app tool platform launch migration
plant site meeting conference branch line model method framework index award prize report process protocol
server database module release sprint workshop street road avenue hospital university school college
institute bank group ltd inc gmbh ag department division warehouse factory store shop region market client
customer brand product bridge river lake valley airport station building tower room hall campus act
initiative review summit festival cup league club theory law paradox effect principle matrix scale test
survey score board channel ticket county city state province district island coast university's hotel
stadium pipeline dashboard file folder sheet template license
"""
)
PLACE_BEFORE = word_set(
    """
in at near into across outside inside around towards via through within throughout
"""
)
TALK = word_set(
    """
spoke speak speaking talked talk talking said say listened listen wrote write writing gave give reported
reports report apologised apologized apologise apologize message email mail call feedback word note
question answer letter text reply complaint look looked turned handed hand passed sent explained listening
close related next similar compared thanks happened delegate delegated delegating lied married promoted
introduced conversation sorry loyal unfair fair help hear heard learned learnt request
"""
)
