"""Documents with slots, from which the worth of clues is learnt; none is in a set that is measured.

`{a}` is a full name, `.g` the given name, `.s` the surname, `.U` and `.U2` surname and full name in capitals, `.sg` the
surname first, `.m` and `.t` behind a title, `.l`, `.lg` and `.ls` in small letters.
"""

TEMPLATES = [
    """15/06/2025 10:40 - Office visit - {d}
{a.s} arrived late and apologised. He has moved in with his uncle, {b}, off the ring road. Reminded of curfew.
17/06/2025 16:05 - Phone call out - {d.s}
Rang {a.g}, no answer. Left voicemail. Rang {b.g} who said {a.g} was at the gym with {c}.
22/06/2025 09:00 - Failed to attend - {e.s}
{a} did not attend. Warning letter sent. Discussed with {d.g} in supervision; agreed that {c.s} should be told that contact with {a.s}'s ex-partner {f.g} is barred.""",
    """NDELIUS CONTACT
Subject: {a.sg}
Entered by: {d}
Type: Planned telephone contact (NS)
Outcome: Acceptable absence
Notes: TC from {b.g}, grandmother. {a.g} is in A&E with a broken wrist. {b.g} says it happened at {c.s}'s place on Sunday. Will verify with the ward. Asked {e.g} to cover Thursday's appointment.
Unpaid work hours remaining: 41.""",
    """3. ACCOMMODATION
3.3 Currently of no fixed abode: no. {a.m} lives with {b} and their twins, {c.g} and {e.g}, in a housing association flat. The tenancy is in {b.g}'s name. {f.s}, the landlord's agent, has complained twice about noise.
3.6 Location of accommodation: suitable. OASys assessor: {d}. Evidence: interview with {a.s} and {b.g}, home visit, letter from {f}.
4. EDUCATION, TRAINING AND EMPLOYABILITY
4.2 Was sacked from the warehouse after a row with a supervisor ({c.s}). Literacy is good; reads to {e.g} at night.""",
    """R8.1 Details of self-harm: Cut his forearm in 2019 when {b.g} left; seen by {c.m}, psychiatric nurse. No ACCT open.
R6.2 Who is at risk: known adult ({b}), staff, and the child {e.g}.
R6.3 Nature of the risk: punching, threats over the telephone. In 2022 {a.s} drove past {b.g}'s workplace nine times in a week.
R6.5 Circumstances likely to increase risk: drinking, arrival of {f} in {b.g}'s life, anniversaries.
R11.12 Risk to {d.s} as his former officer was considered and ruled out.""",
    """PRE-SENTENCE REPORT
Name of defendant: {a}
Court: Leicester Crown Court
Prepared by: {d}, Probation Officer
Offence analysis
{a.m} accepts that he struck {b.m} with a bottle outside a public house. He says that {b.s} had insulted his sister {c.g} earlier that evening, an account that {c.g} gave to the police and later withdrew. CCTV shows {a.s} waiting for eleven minutes.
He was convicted under section 20 of the Offences Against the Person Act 1861. His co-defendant, {e}, was sentenced to 14 months' imprisonment.
Conclusion
In my view {a.m} would benefit from the Building Choices programme. {f}, his employer, would keep a job open for him.""",
    """Dear {a.m},

Thank you for your letter of 3 March about your daughter {c.g}. I am sorry that nobody returned your calls.

I have spoken to {b}, who was on duty that day, and to {b.g}'s line manager, {d.m}. They accept that {c.g}'s social worker should have written to you before the review. A fresh meeting has been arranged; {e} will chair it.

Yours sincerely,

{f}
Complaints Lead
cc {d}""",
    """Our ref: FH/22
To: {b}
From: the office of {d}

RE: {a.U}

We act for {a.m} in care proceedings. Our client instructs that {c} has not seen the children since Easter, and that {e.g} was left with {f.m} overnight. Kindly confirm by return whether {c.g} was told of the hearing at the Family Court at Derby.

Yours faithfully
{d}""",
    """From: {d}
To: {e}
Cc: {f}
Subject: {a.s} - home leave

Hi {e.g},

Can you check whether {a.g}'s mum {b} still wants him there for the weekend? {c.g} in the OMU says the form isn't signed. If {b.g} says no we will need a plan B, and {f.g} won't be pleased.

Ta
{d.g}""",
    """On 12 Aug 2025, at 09:14, {e} wrote:
> Morning {d.g}
> {a} has been recalled. Arrested at {b.g}'s flat, {c} present too.
> Would you let {f.m} know?
> Regards, {e.g}

Thanks {e.g}. Done. {f.s} asked who had told {b}. I said it was not us.

Kind regards,
{d}
Senior Probation Officer""",
    """RECORD OF INTERVIEW
Person interviewed: {a}
Interviewing officer: DC {d.s}
Other persons present: {e} (solicitor), {f} (appropriate adult)
{d.s}: Who was driving?
{a.s}: {b.g} was. I was in the back with {c}.
{d.s}: And whose car was it?
{a.s}: It belongs to {b.g}'s dad. I don't know him. They call him {f.g}.
{e.s}: My client has answered that.
{d.s}: Did {c.g} say anything when you got out?
{a.s}: No comment.""",
    """Q. How long have you known {b}?
A. Since school. {b.g} and my brother {c.g} were mates.
Q. Did you ask {c.g} to hold the phone?
A. No. That was {e}'s idea.
Q. Were you afraid of {e.m}?
A. Everyone is afraid of {e.g}.
The interview was conducted by {d} and {f} and ended at 14:22. {a} signed each page.""",
    """| Date | Attendee | Role | Apologies |
|---|---|---|---|
| 02 May | {a} | chair | {b} |
| 09 May | {c} | minute taker | {d} |
| 16 May | {e} | police SPOC | {f} |""",
    """Surname	Forename	Cell	Keyworker
{a.s}	{a.g}	B3-12	{d}
{b.s}	{b.g}	B3-14	{e}
{c.s}	{c.g}	C1-02	{f}""",
    """Visits list
Visitor            Relationship     Prisoner
{a}    mother     {b}
{c}    partner     {d}
{e}    friend     {f}""",
    """right so um this is {d.lg} from the probation office calling about {a.l} erm i'm trying to get hold of his sister i think her name is {b.lg} yeah {b.l} and she was at the hearing last week with a mr {c.ls} who said he would put up the bail money and then we had {e.l} on the phone saying he never agreed to that so i want to speak to {b.lg} before {a.lg} comes in on tuesday thanks bye""",
    """speaker one: okay can you tell me who was in the house
speaker two: it was me and my cousin {b.lg} and his girlfriend {c.lg}
speaker one: and is that {b.l}
speaker two: yes and then {e.lg} knocked on the door and said that {a.lg} owed him money
speaker one: did {a.l} come down
speaker two: no miss {f.ls} did she lives upstairs""",
    """thank you your honour i appear for {a.l} my learned friend miss {c.ls} appears for the crown the witness {b.l} gave evidence yesterday that {a.lg} had left by ten and we say that is consistent with what constable {d.ls} wrote in the notebook there is also the statement of {e.l} which has been read""",
    """hey its {d.lg} from the hostel, is {a.lg} still on ur caseload?
yes, why
he came in with {b.lg} last nite and {c.l} had to call the police
omg is {b.lg} ok
she is with {e.lg} now. can u tell {f.lg} pls""",
    """[10:02] {d.g}: anyone seen {a.s}?
[10:03] {e.g}: ask {f.g}
[10:05] {f.g}: he's with {b} in the interview room, {c.g} too
[10:06] {d.g}: ty {f.g}""",
    """MINUTES OF THE RISK MANAGEMENT MEETING
Present: {d} (chair), {e} (police), {f} (housing), {b} (minutes)
1. Apologies were received from {c}.
2. {e.g} reported that {a.s} had been stopped in a car with {c.s} on two occasions.
3. {f.g} said that the flat would not be ready before July. {d.g} asked whether {a.g} could stay in the approved premises until then.
ACTION {f.s}: confirm date. ACTION {e.s}: check intelligence on {c.g}.""",
    """{c.g} (8) and {e.g} (5) live with their father {a} and his partner {b}. Both children were well presented. {c.g} told me that {b.g} shouts. I asked {a.g} about it in the kitchen; he said that {b.g}'s hours had been cut and that her brother {f} was sleeping on the sofa. Health visitor {d} shares the concern. {e.g}'s nursery says he is often hungry.""",
    """Thank you for referring {a.m} (seen in clinic with his wife, {b.g}). He reports low mood since the death of his father, {c}. No thoughts of harm. Sertraline 50 mg to continue, review in six weeks. I have copied this to {e.t} at the surgery and to {d} in the in-reach team.

{f.t}, Consultant Psychiatrist""",
    """WITNESS STATEMENT
Statement of: {a}
Occupation: carer
This statement is true to the best of my knowledge and belief. I am the person named above and I live next door to {b} and her son {c.g}. On the evening of the fire I saw {e} on the landing. I know {e.g} because he used to work for {f.m}. I shouted "{c.g}, get out!" and banged on the door. Signed: {a}
Witnessed by: {d}""",
    """The appellant, {a}, a national of another country, appeals against the refusal of her claim. Her evidence was that her husband, {b}, was detained with {c.m} in 2021. We heard from {e}, whom we found credible, and we considered the report of {f.t}. In HJ (Iran) v Secretary of State for the Home Department [2010] UKSC 31 the Supreme Court held that concealment is relevant. {d} appeared for the respondent.""",
    """WING OBS BOOK
06:50 roll correct. {a.s} asked for a listener, {b.s} made available.
08:15 {c.s} and {e.s} arguing at the servery. Separated. {d} informed.
11:30 Officer {f.s} found hooch behind {c.s}'s sink. Nicking sheet issued.
19:40 {a.s} on the phone to his gran, {b.g}, much brighter. ACCT review tomorrow, {d.s} to chair.""",
    """UPW SITE DIARY
Supervisor: {d}
Attended: {a}; {b}; {c}; {e}
Absent: {f}
{a.g} worked well. {b.g} had no boots and was sent home. {c.s} complained of back pain. {e.g} used his phone and was warned by {d.s}.""",
    """* {a} - recall, chase {d.s}
* ring {b.g} re flat
* {c.U} - PSS ends Fri, send form to {e}
* {f.s}: no news""",
    """{"client": "{a}", "next_of_kin": {"name": "{b}", "relation": "brother"}, "officer": "{d.sg}", "note": "{c.g} rang about {a.g}; {e} will reply", "tags": ["bail", "urgent"]}""",
    """PAYEE            REF          AMOUNT
{a.U2}      RENT       450.00
{b.U2}      LOAN REPAY       30.00
The account is held jointly by {a} and {c}. {d.s} of the bank's fraud team rang {e.m} about {b.U2}.""",
    """Dear Parent or Carer of {a},
{a.g} has been in detention twice this week for fighting with {b.g} of class 9B. {c.m} and {d.m} will meet you on Monday. Please bring {a.g}'s report card.
{f}
Head of Year""",
    """My name is {a} and I am 34. Since {b} attacked me I don't go out. My boy {c.g} sleeps in my bed. My sister {e.g} moved up from the coast to help. When I hear the name {b.g} I shake. I want the court to know that {b.s} laughed when I asked him to stop, and that {f} filmed it.""",
    """DUTY SHEET 3/9
0915 {a.g} at reception asking for {d.s}. Told to wait.
0940 {b} (aunt) rang in tears, says {a.g} took her card.
1105 Police on line. {a.s} wanted for questioning about {c.g}.
1230 Handed over to {e}.
1400 {e.g} and {f} drove to the address; nobody in but {c}.""",
    """Appt kept. {a} brought the baby, {c.g}. Says {b} has gone to stay with {b.g}'s cousin, and that {f.s} still owes them rent. I told {a.g} to ring {e} at the job club. Next seen by {d.s} on the 9th.""",
    """Visited at 5 pm. Door answered by {b.g}. {a.g} was asleep upstairs. {b.g} showed me the bedroom that {c.g} and {e.g} share. Neighbour, {f}, came over to say that {a.s} had been shouting on Sunday night. Left a card for {a.g}. {d}""",
    """SARA summary: {a.m} has eleven of twenty risk factors. The victim, {b}, reports being followed. {a.g} has twice named {c} as the person who "took" {b.g} from him. Protective: his bond with {e.g}, and {f.s}'s willingness to have him at the workshop. Scored by {d}.""",
    """BREACH REPORT
Offender: {a.U2}
Reporting officer: {d}
On 4 June {a.m} failed to report and gave no excuse. On 11 June he told {e.s} that he had been in bed with flu; his mother, {b.m}, said that he had been at {c}'s wedding. Contact was attempted through {f.g} without success. {a.s} has now been seen by {d.s} and accepts both failures.""",
    """Referrer: {d}
Young person: {a}
Parents: {b} and {c}
Siblings: {e.g}, {f.g}
Reason: {a.g} has missed 40 days of school. {b.g} works nights and {c.g} is in hospital. {e.g} does the cooking. {a.g} gets on with {d.g} but will not talk to the nurse.""",
    """{a}
c/o {b}

Dear {a.g}

You did not keep your appointment with me on Tuesday. If you were ill please send a note. {e} can see you on Friday instead. If you don't come, I shall have to speak to {f.m} about going back to court.

Best wishes
{d.g} {d.s}""",
    """Dear Sir or Madam

I write on behalf of my nephew {a}, who is in your care. His girlfriend {b} has had a baby boy, to be called {c.g}, and {a.g} does not know. Could {d.m} tell him gently? I tried to get hold of {e} but was passed to {f}.

Thank you
{c}""",
    """{e.g},

Just off the phone with {b}. Two things: 1) {a.g} isn't at the address, hasn't been since Xmas; 2) {c.g} wants her statement back. Can you ring {f.m} first thing? I'm out till noon but {d.g}'s around.

{f.g}""",
    """To: {a}; {b.s}; {c.s}
Subject: thank you {d.g}

All,
A quick note to say well done to {d} who leaves us on Friday. {e.g} will pick up her cases, apart from {f.s}, who goes to {b.g}. Cake at three!
{a.g}""",
    """Interview of {a} by DS {d.s} and DC {e.s}, tape 2 of 2
DS {d.s}: You said that {b.g} gave you the keys.
{a.s}: Yeah, {b.g} or {c.g}, one of them.
DS {d.s}: Which?
{a.s}: {c.g}. {b.g} was with {f}.
DC {e.s}: And where was {f.s} going?
{a.s}: Home, I think.""",
    """Ref	Complainant	Suspect	OIC
1	{a}	{b}	{c}
2	{d}	{e}	{f}""",
    """| Child | Mother | Father | Social worker |
|-------|--------|--------|---------------|
| {a.g} | {b} | {c} | {d.s} |
| {e.g} | {b} | {f} | {d.s} |""",
    """surname,forename,officer,outcome
{a.s},{a.g},{d},attended
{b.s},{b.g},{e},failed to attend
{c.s},{c.g},{f},attended""",
    """hello yeah it's {a.l} here i'm ringing about my appointment with {d.lg} i can't make it because {b.lg} has got the car and my nan {c.lg} isn't well can you tell {d.lg} i'll come on thursday with {e.lg} instead oh and {f.l} says hi thanks bye""",
    """so just to recap then we've got {a.l} who is the older brother and {b.lg} who is the younger one and they both say that {c.lg} started it but {d.lg} from youth justice thinks it was {a.lg} because {e.l} saw him pick up the bottle and mrs {f.ls} backs that up""",
    """okay recording on it's ten past two present are myself {d.l} my colleague {e.lg} and can you say your name please yeah {a.l} thank you {a.lg} and who have you got with you this is my dad {b.lg} okay {b.lg} and is {c.lg} coming no {c.lg} had to work right let's start with {f.lg} then""",
    """the chair asked {a.lg} to update the panel {a.lg} said that since the last review {b.l} had moved out and was staying with {c.lg} the police officer {d.lg} asked whether {c.l} was known and {e.lg} replied that he was not and that she would check with {f.lg}""",
    """u about?
ye whats up
need to swap thurs, can {a.lg} do it
{a.lg} is off, try {b.lg} or {c.lg}
{b.l} said no lol. ok will ask {d.lg}
also {e.l} rang for u twice
tell {e.lg} im out till {f.lg} gets back""",
    """MG11
At 2315 hrs I was on patrol with PC {d.s} when I saw a male I know to be {a.U2} running from the rear of the shop. I shouted "{a.g}, stop." A female, now known to be {b}, tried to block my path. {a.s} was detained by PS {e.s} with the help of a member of the public, {f}. He said "It was {c.g} not me."
""",
    """Genogram notes: {a} m. {b} (2009, div. 2016). Children {c.g} and {e.g}. {b.g} now with {f}. MGM is {d}, very involved; {c.g} sleeps there three nights. {f.s} has a caution from 2012. {e.g} calls {f.g} "dad".""",
    """Attendees: {a}, {b}, {c}, {d.s}
Apologies: {e}, {f}
Item 4. {b.g} presented the figures. {a.g} queried the drop in March and {d.s} agreed to look again. It was noted that {e.s} would have the final say. {c.g} thanked {f.g} for her years of service.""",
    """I assessed {a.m} over three sessions. He was raised by his grandmother, {b}, after his mother left with {c.s}. He describes {b.g} as strict. Of his time at the hostel he says that only {e.g}, a cook, was kind. He idealises {f}, his first girlfriend. In my opinion {a.s} meets criteria for PTSD. {d.t}, Chartered Psychologist""",
    """Case called on at 11:05. {a}, on bail, surrendered. {d.m} for the prosecution, {e.m} defending. {b} gave evidence from behind a screen and said that she had known {a.s} since college; under cross-examination she agreed that {c.g} had been there first. R v Ghosh [1982] QB 1053 was mentioned. Adjourned for {f} to attend.""",
    """Rang {b.g} to explain the licence. She would like an exclusion zone to cover her sister {c}'s road. She asked if {a.g} would know who asked for it. Her partner {e} joined the call. {b.g} said she would rather deal with {d.g} than with {f}.""",
    """To do
- {a.s}: chase drug test
- {b}: PAROMs by Weds
- speak w {c.g} abt {e}
- cover for {f.g}""",
    """Title: Mr   First name: {a.g}   Last name: {a.s}
Emergency contact: {b}   Relationship: sister
GP: Dr {c.s}   Dentist: {e}
Interpreter: {f}
Signature of worker: {d}""",
    """{a} will say as follows. I have been married to {b} for ten years. {b.g}'s brother, {c}, came to live with us in May. He and {e.g}, our lodger, never got on. On the night {e} was hurt I was in the bath. I heard {c.g} swear and then {b.g} scream. {f} from number 9 called the ambulance.""",
    """03/09 TC to {a.g}. He's staying at {b}'s until the weekend then going back to {c.g}. Said {d.s} had promised to sort his travel warrant. I emailed {d} about it and copied in {e.g}.
05/09 {a.s} in custody at Bridewell. {f} to attend as AA.""",
    """6.1 Relationship with close family: {a.g} was brought up by {b}, an aunt, and still calls her mum. He has not spoken to his brother {c.g} since 2018. His current partner, {d}, is expecting. {d.g} has two boys from her marriage to {e.s}.
6.7 Domestic abuse: call-outs in 2020 (victim {d.g}) and 2023 (victim {f}).""",
    """{d}
Victim Liaison Officer

Dear {b.m}

I promised to let you know about {a}. The Board decided on 2 May that he can move to open conditions. I know that you and {c.g} were worried about this. If {c.g} would like to talk, {e} in our office has offered to ring her. I have also told {f.s} at the school.

With kind regards
{d.g}""",
    """Hello {b.g}

I'm picking up {a.s} from {d.g} while she's on leave. Is it right that {c} withdrew her complaint? {e.g} tells me otherwise, and {f.m} isn't answering.

Many thanks
{a.g}""",
    """The author met {a.m} twice at the prison and once by video link. He gave an account which differs from that of {b}. According to {b.g}, the argument began when {c.s} turned up with {d}; according to {a.s}, {d.g} was never there. The co-accused, {e}, was acquitted. {f}, who has known {a.g} since primary school, describes him as loyal but easily led.""",
    """{d.s}: For the tape, who's in the room?
{a.s}: {a}.
{e.s}: {e}, solicitor.
{d.s}: Tell me about {b.g}.
{a.s}: What about {b.g}?
{d.s}: {c} says that you and {b.s} fell out over {f.g}.
{a.s}: {c.g}'s a liar.""",
    """Name	Role	Key worker
{a}	resident	{b}
{c}	resident	{d}
{e}	volunteer	{f}""",
    """Slot | Client | Seen by
9.30 | {a} | {d.g}
10.15 | {b} | {e.g}
11.00 | {c} | {f.s}""",
    """morning it's only {d.lg} erm just to let you know that {a.l} has been in touch he's been put in a hotel with {b.lg} and the baby and he says {c.lg} is looking after the dog so can you let {e.l} know and maybe give {f.lg} a ring as well cheers""",
    """and you're {a.l} is that right yes and {b.l} is your mother yes she is and when did you last see {c.lg} i saw {c.lg} on the friday she was with {d.lg} at the bus stop and did {d.lg} speak to you no but {e.l} did and what did {e.lg} say she said {f.ls} was looking for me""",
    """morning all. {a.lg} in?
nah {a.lg} on leave, {b.lg} is acting up
k. {c.l} is in reception w {d.lg}, very upset
ill come down. does {e.lg} know
not yet. {f.l} tried to ring her""",
    """Present
{a} (Chair)
{b}
{c}
{d}
In attendance: {e}
The panel heard from {e.s} about the incident. {b.s} wished it minuted that the family had not been consulted. {c.g} and {d.g} disagreed. {f.g}'s letter was read out.""",
    """Strategy discussion held. {a} (12) told her teacher that {b.g}, her stepfather, had hit {c.g} with a belt. Mother ({d}) denies it. {e}, school nurse, saw a mark on {c.g}'s leg. Police will speak to {a.g} tomorrow with {f.s}. {d.g} has agreed that {b.g} will stay away.""",
    """I, {a}, make this statement knowing that it may be used in evidence. I had gone to see {b} about a car. {b.g}'s mate {c.g} was sitting on the wall. They started on me. {d} came out of number 6 and shouted at {c.g} to leave off. I later identified {c} from photographs shown to me by DC {e.s}. I do not know anybody called {f}.""",
    """Wing manager's log. {a.s} moved to the CSU after fight with {b.s}. {c.s} & {d.s} spoken to as witnesses; {d.s} unwilling. SO {e.s} completed the body map. {a.g} asked to see chaplain. Imam {f.s} attended.""",
    """GP summary. Pt {a.U}, {a.g}. Carer: {b} (daughter). Seen with {b.g}. Recently bereaved: husband {c.g}. Under {d.t} at memory clinic; CPN {e}. {b.g} not coping, advised to contact {f.g} at the carers' centre.""",
    """Your name: {a}
Who lives with you? {b}, {c} and {d.g}
Who referred you? {e}
Anything else: {f.g} helps me with forms""",
    """{a.U2} -v- {b.U2}. {c} for the applicant; respondent in person, assisted by {d}. Judge asked {b.g} whether {e.g} had been told. She said that {f} had rung the school. Order by consent.""",
]
TEMPLATES += [
    "Told {a.g} that {b.g} had rung. {a.g} to ring {b.g} back. {c.g} not seen. {d.g}'s mum came with {e.g} and {f.g}.",
    "{a.g} settled. {b.g} and {c.g} argued over the phone. {d.g} says {e.g} took it. {f.g} off sick, {a.s} covering.",
    "Who was there? {a.g}, {b.g} and {c.g}. Who left first? {d.g} did, with {e.g}. Did {f.g} see? {f.g} was asleep.",
    "Discussed {a.g}'s contact with {b.g}. According to {c}, {b.g} will not have {a.g} back. {d.s} to follow up.",
    "Thanks {a.g}, that helps. I'll ask {b.g} and let you know. {c.g} is on leave so copy in {d} for now. {e.g}",
    "Seen: {a}. Not seen: {b}, {c.g}. {d.g} was at school, {e.g} in bed. {f.s} has made the referral.",
    "At court: {a.s} for the Crown, {b.s} for the defendant. {c.s} gave evidence. {d} did not attend. {e.s} sworn.",
    "{a.s}, {b.s} and {c.s} were each given twelve months. {d.s}'s appeal was refused. {e}'s was allowed.",
    "Her children, {a.g} (9), {b.g} (6) and {c.g} (2), live with {d}. {a.g} wants to see her dad. {b.g} doesn't.",
    "His best friend is {a}. He also spends time with {b.g} and {c.g}. He owes money to {d.g}, and is afraid of {e.s}.",
    "He named {a} as his supplier. {a.g} works for {b.g}. He has been threatened by {c.g} and {d.g} since then.",
    "the lady said {a.lg} was upstairs so we waited and then {b.lg} came down and {b.lg} says who are you and i said i'm here for {a.lg} and {c.lg} just laughed",
    "yeah i know {a.lg} i know him through {b.lg} and {c.lg} they all used to go to school with {d.lg} but {a.lg} left",
    "so {a.lg} tells me that {b.lg} has been round at {c.lg}'s place again and that {d.l} from the council had to come out",
    "can i speak to {a.l} please it's about {b.l} okay hold on {a.lg}'s on the other line do you want {c.lg} instead",
    "um {a.lg} gave me the keys and {b.lg} drove and when we got there {c.lg} hit him and then {d.lg} rang {e.lg}",
    "right next on the list is {a.l} then {b.l} then {c.l} and then it's {d.lg}'s review and {e.lg} is doing the notes",
    "my name's {a.l} and i live with {b.lg} my partner and her two kids {c.lg} and {d.lg} and the dog",
    "{a.lg}: u in?\n{b.lg}: yeah y\n{a.lg}: {c.lg} wants his charger\n{b.lg}: tell {c.lg} to get it off {d.lg}",
    "spoke w/ {a.lg}. {b.lg} ok. {c.lg} + {d.lg} to be seen mon. {e.l} chasing. ask {f.lg} re keys",
    "Cell 1: {a.s}. Cell 2: {b.s}. Cell 3: {c}. Moved: {d.s} to B wing. Medication: {e.s}, {f.s}.",
    "Mum: {a}\nDad: {b}\nChild: {c.g}\nSchool: St Jude's\nTeacher: {d.m}\nLives with {e.g} and {f.g}",
    "{a.s} said nothing. {b.s} said that {c.s} had the knife. In {a.s}'s bag was a letter to {d} from {e.g}.",
    '{{"to": "{a}", "cc": ["{b}", "{c}"], "text": "{d.g} came with {e.g}, {f.s} to call"}}',
    "Name,Team,Cover\n{a},North,{b.g}\n{c},South,{d.g}\n{e},East,{f.g}",
    "| {a} | present | {b.s} |\n| {c} | absent | {d.s} |\n| {e} | present | {f.s} |",
    "{a.g}: is {b.lg} in today?\n{c.g}: no {b.lg}'s off. try {d.lg} or {a.lg}\n{b.g}: I'm here. {d.lg} is in court with {c.lg}",
    "Phoned {a.g}. {a.lg} says that {b.lg} has gone. Text from {b.g}: with {c.lg} and fine. {c.g} is her aunt. told {a.lg} this.",
    "{a} seen. Says {b.g} is back. {a.lg} happy with that, {b.lg} less so. saw {c.lg} too. {c.g} will ring {a.lg} on Monday.",
    "I remember that {a.g} shouted. {b.g} ran. Then {c.g} turned to me and said, '{d.g} will kill you.' I told {e.g}.",
    "Visited with {a.g}. The house was clean. {b.g} made tea while {c.g} showed {a.g} the garden. {d.g} did not speak.",
    "Both {a.s} and {b.s} denied it. Neither {c.g} nor {d.g} has been interviewed. Only {e.g} has a key. Ask {f.g}.",
    "I saw {a.g} yesterday; {b.g} wasn't there. Is {c.g} still in custody? Could {d.g} or {e.g} take it? Over to {f.g}.",
    "For {a}: no change. For {b}: see note. Re {c}: letter sent. With {d.g}: session four. By {e}: form 7. From {f}: reply.",
]

NOBODY = [
    "Client arrived late. Said that work had kept him. Long discussion about money. Happy to come again. Rich in detail. Will be seen on Monday.",
    "Floor plan attached. Long term goals: housing, work, health. Short term: bus pass. Per session cost: ten pounds. Even so, progress was good.",
    "Go to reception and ask for the duty officer. To be reviewed in May. So far no concerns. Any change to be reported. The Group Leader agrees.",
    "Men's Group on Monday, Women's Centre on Tuesday. Safe Touch leaflet given. Fresh Start course booked. Open Door visited. New Leaf full.",
    "Mark the form with a cross. Bill to be paid by Friday. Grant awarded. Frank talk about drink. Hope expressed. Joy and relief. Grace period ends.",
    "He will, he says, pay. She may or may not. Faith is important to him. Chance of work on site. Price of the bus too high. Park closed.",
    "Risk: Low. Need: High. Plan: Weekly. Aim: Work. Tools: None. Cost: Nil. Due: June. Cash: Yes. Card: No. Gas: Off. Heat: On.",
    "Kitchen: clean. Bedroom: Damp. Garden: Overgrown. Front Door: Broken. Lock: Changed. Fire Alarm: Tested. Smoke: None seen.",
    "Item | Cost | Paid\nFood | 20 | Yes\nRent | 400 | Part\nGas | 30 | No\nPhone | 15 | Late\nTravel | 12 | Yes",
    "Task,Owner,Due\nRing landlord,Team,Friday\nCheck benefits,Client,Monday\nOrder report,Court,June",
    "i went to the shop and then i came home and had my tea and watched the football and that was it really i was in bed by ten",
    "yeah well you know what it's like when you've got no money you can't do nothing and they just say come back on monday and it's the same again",
    "he was like get out and i was like no way so he went mad and hit the door and the lady from next door came and said stop it or i'll ring the police",
    "so we need to look at the plan and see what's working and what isn't and then maybe bring in the housing people and the school and see where we get to",
    "are you happy with that yes i think so okay and will you ring me if anything changes of course thank you good all right then bye bye now",
    "i'm just going to read you the caution you do not have to say anything but it may harm your defence if you do not mention when questioned something",
    "the rain was heavy and the light was bad and a car came round the corner so fast that it hit the stone wall by the church and stopped in the lane",
    "my mum was good to us but my dad was a hard man he drank and he would take it out on the old dog and then on us kids it was a sad house",
    "we said that you may ask them again and that it will be fine and she may want him to wait and we had short nights and they will be told if he can not come",
    "there's a green bag on the chair and a long black coat behind the door and the book is on the table next to the key for the gate",
    "can't come in today feeling rough. will ring tomorrow. sorry for the short notice. could you let the team know pls. ta",
    "u ok? yh all good. same time tmrw? cant do tmrw got work. fri then? fri is fine. cool see u there",
    "Dear Sir or Madam, Further to your letter of 4 May, I enclose the form. Please reply by return. Kind regards, Housing Team",
    "Dear Colleague, Thank you for your help. Best wishes for the New Year. Yours sincerely, The Duty Team, North Street Hostel",
    "Unpaid Work. Thinking Skills Programme. Drug Rehabilitation Requirement. Alcohol Monitoring. Sentence Plan Review. Good Lives Model. Victim Awareness.",
    "Attended Probation Office, Castle Street. Signed Licence. Told about Curfew, Tag, Drug Test, Exclusion Zone. Asked about Benefits and Universal Credit.",
    "SUMMARY OF FACTS. THE DEFENDANT ENTERED THE SHOP AND TOOK GOODS. HE WAS STOPPED BY STAFF. CCTV SHOWS THE THEFT. VALUE LOW. NO PREVIOUS.",
    "The Judge said that Crown and Defence should agree. Counsel rose. The Jury left. The Clerk read the Charge. Bench retired. Court rose at four.",
    "A Christmas card came from the Red Cross. The Sun and the Mirror ran the story. He watches Match of the Day and plays Call of Duty on a Play Station.",
    "She works at Boots. He banks with Nationwide. They shop at Next and Argos. He drives a Ford Focus. She has an Apple phone. He drinks Stella and Stella only.",
    "Monday: gym. Tuesday: rest. Wednesday: Job Centre. Thursday: court. Friday: off. Saturday: family. Sunday: church. May: trial. June: review.",
    "Q. Where were you? A. Home. Q. Who with? A. Nobody. Q. Why? A. Tired. Q. Did anyone call? A. No. Q. Any messages? A. None. Q. Drink? A. Lots.",
    "Present: Police, Housing, Health. Apologies: School. Chair: Probation. Actions: Police to check. Housing to write. Health to call. School to attend.",
    "Strong bond with family. Poor sleep. Moody at times. Wise about money. Young for his age. Sharp with staff. Savage dog at address. Noble aims.",
    "He likes to cook, fish, hunt and ride. He has been a baker, a butcher, a cook, a mason, a potter and a painter. He can weave and carve stone.",
    "Spring term went well. Summer was hard. In Autumn he fell ill. Winter is always bad. Dawn raid. Early Spring. Late May. Rose garden. Olive oil. Holly hedge.",
    "Left message. Rang back. No reply. Text sent. Letter sent. Home visit: no answer. Card left. Called again. Line dead. Tried mobile. Spoke at last.",
    "Do not park here. Do you agree? Can we talk? May I ask? Will he come? Does it work? Has it changed? Was it dark? Is that so? Are they safe?",
    "To do: ring gas board. Ask about rent. See doctor. Tell school. Let team know. Give notice. Meet landlord. Check dates. Book taxi. Say sorry. Thank staff.",
    "ok so to do today is ring the gas board then see the doctor at two then let the school know and then give the landlord his notice and say thanks",
    "she said no and he said why and she said because and he said fine then and that was that and nobody said a word till morning",
    "1 May: rang at 9. 2 May: voicemail. 8 June: letter. 11 March: no reply. 3 April: text. On Tue: seen. Wed: court. On Fri: home visit. 30 August: review.",
    "Uses Snapchat, Instagram and Telegram. Takes cocaine, Valium and Xanax. Has been to Turning Point, Mind and Shelter. Likes Netflix, Tesco and Lidl.",
    "Refer to CMHT, LADO and YOT. Send to MASH. DASH done, AUDIT next. Copy to IOM. Seen by EDT. SPOC to be told. WRAP plan made. Not known to ASC.",
    "Parole dossier, District Judge, Deputy Head, Team Leader, Duty Worker, Court Clerk, Area Manager, Night Staff, Practice Nurse, Youth Worker.",
    "He left Oakfield Academy, then Beech Hill School, then Park Lane College. He lived in Hope House, Linden Court and Mill View. He drank in the Bull.",
    "my nan and my mum and my dad and my auntie were all there with my brother and his mate and their mum and her partner and the baby",
    "Sorry to chase. Sorry to trouble you. Hope all is well. Hope this helps. Will do. Will ring. May be late. Can do. Made a note. Met at gate. Rang twice.",
    "what did he say he said nothing what did she say she said plenty and then what well then they left and when was that about nine",
]
"""Texts in which nobody is named: casework, talk, heads, tables."""
