"""Documents with slots, by style. The first half of each style is for tuning, the second is held out.

`{a}` is a full name, `{a.g}` the given name, `{a.s}` the surname, `{a.S}` the surname in capitals; `«...»` has to stay;
`{crn}` and the like are identifiers. People are a to f, each with an origin of the document's.
"""

CONTACT_LOG = [
    """14/03/2025 10:05  Office visit  {a} (CRN {crn})
{a.g} attended on time. Seen by {b}. Reports that things are calmer at home since {c.g} moved out.
Discussed the «Building Better Relationships» programme; next session on «9 April 2025».
17/03/2025  Phone call
T/C from {c}, who says she has not heard from {a.g} since Friday. Number given: {phone}.
Left message for {d} at «Thames Valley Police» asking for a call back.
20/03/2025  Failed to attend
{a.S}, {a.g} did not attend. Enforcement letter sent to {address}. {b.s} to decide on breach by «28 March».
Compensation of «£350» still outstanding.""",
    """Date: 02.11.2024 | Officer: {b} | Type: home visit
Present: {a}, his partner {c.g} and their son {d.g}.
Spoke with {a.g} about his drinking. He has cut down to weekends. {c.g}'s mother, Mrs {e.s}, looks after {d.g} on Tuesdays.
He was sentenced at «Sheffield Crown Court» to «18 months, suspended for 24 months» and has «20 RAR days» to do.
Date: 09.11.2024 | Officer: {b.s} | Type: text message
Text sent to {phone} to remind him of Monday. {a.g} replied "ok will do".
Date: 12.11.2024 | Officer: {f} (covering) | Type: multi-agency
Email from {f.g} to say that {a.s} has been seen near «HMP Leeds» visiting {e.g}. NOMS {noms}.""",
    """CONTACT RECORD
Case: {a}   DOB {dob}   PNC {pnc}
1 May: {a.g} rang at 9.40 to say the bus had not come. I told {a.g} to be here by 11.
2 May: Spoke to {b} of housing options. {b.g} will place {a.s} on the waiting list.
6 May: MAPPA level 2 meeting. Attended by {c} (police), {d} (children's services), {e.s}.
{d.s} said that the children, {f.g} and {e.g}, remain on a plan under «section 47» of the «Children Act 1989».
8 May: Voicemail from {c.g} asking for the postcode. It is {postcode}.
13 May: No reply. Warned about «section 6 of the Bail Act 1976».""",
    """08:50 - {b.g} called in sick, {c} covering reporting duty.
09:30 - {a} reported. Appeared tired. Says {d.g} kept him up. Advised to ring the surgery.
10:15 - {e} (mother of {a.g}) rang: worried that {a.g} has started to see {f} again. Mrs {e.s} asked not to be named.
11:00 - Rang {f.s} on {phone}, no answer. Sent an email to {email}.
13:20 - Emailed «West Midlands Police» about the allegation of «criminal damage»; ref to follow.
15:45 - Supervision with {a.g} {a.s}. Completed exercise 4. Order ends «12 December 2026». NI number {nino}.""",
]

OASYS = [
    """2.1 Brief offence details
On the night of the offence {a} went to the flat of his former partner, {b}, at {address}. An argument began about contact with their daughter {c.g}. {a.s} pushed {b.g} against the door and took her phone. {b.g} ran to a neighbour, {d}, who called 999.
2.6 Does the offender accept responsibility
{a.g} accepts that he pushed her. He minimises: he told me that {b.s} "started it". He pleaded guilty at «Nottingham Magistrates' Court» to «common assault» contrary to «section 39 of the Criminal Justice Act 1988».
6.1 Relationships
He was raised by his aunt, {e}, in the main. {e.g} died in 2019. He has a brother called {f.g}.
R10.1 Who is at risk: {b}, {c.g} and {d.s}.""",
    """Section 9 - Alcohol misuse
{a.g} began to drink at 15 with his cousin {b.g}. By 20 he was, in the words of Dr {c.s}, dependent. {a} attended {d}'s group at «Turning Point» for six weeks. AUDIT score «22/40».
Section 11 - Thinking and behaviour
In interview {a.s} could say what {e.g} might have felt. When {e} is mentioned he looks away. He wrote to {e.g} in breach of the restraining order («Protection from Harassment Act 1997»).
Section 13 - Health
Registered with Dr {c}. NHS number {nhs}. Prescribed «mirtazapine 15mg». Mr {f.s}, pharmacist, supervises the dose.""",
    """Offence analysis. The victim, {b}, is 71 and knew {a} through church. {a.s} offered to help {b.g} with shopping and used the card ending in the way set out by {c}, the investigating officer. {a.g}'s sister {d.g} received some of the money. {d} has not been charged. The loss was «£12,345.67».
Linked to risk of serious harm: yes. {a.g} has previous convictions for «theft» and «fraud by false representation».
Motivation: debts to {e}. He said that {e.s} and one {f.g} had threatened him. He was on licence from «HMP Wandsworth». OGRS3 «74%».""",
    """Accommodation. {a} lives with {b.g} and two others in a shared house ({address}). The tenancy is in the name of {b}. {c.g}, who was named in the indictment with {a.g}, stayed there until «June 2024».
Education. {a.g} left «Oakfield Academy» at 16. His tutor {d} spoke well of {a.s}.
Finance. Universal Credit. He owes {e.g} «£40 a month».
Self-assessment: {a.s} wrote that {f.g} is "the one person who listens". {f} is his key worker at «Change Grow Live».""",
]

REPORT = [
    """PRE-SENTENCE REPORT
In the «Crown Court at Leicester»
The Queen's evidence is summarised by the prosecution. R v {a}. Case {crowncase}.
1. Sources. Interview with {a} on «3 February 2025»; call with his wife, {b}; email from {c} of the «Crown Prosecution Service».
2. Mr {a.s}, who is 34, was born in {place} and came here with his parents, {d.g} and {e.g}. He speaks warmly of {d.g}. He and {b.g} have one child, {f.g}.
3. In my assessment Mr {a.s} is likely to comply. The Court may think of «R v Manning [2020] EWCA Crim 592» and of the «Sentencing Act 2020». Unpaid work of «120 hours» could be done at weekends.
{c}""",
    """Report to the court by {b}, probation officer
Defendant: {a}    Date of birth: {dob}    Address: {address}
Offence: «possession with intent to supply Class B drugs», «Misuse of Drugs Act 1971»
{a.g} told me that he held the cannabis for a man named {c}. He would not say more about {c.g}, nor about {d}. His employer, {e} of a garage, writes that {a.s} is punctual. Ms {f.s}, his landlady, confirms it.
If the Court were minded to impose custody, {a.g} would lose his place. I have read «R v Petherick [2012] EWCA Crim 2214».
{b.g} {b.s}, «Probation Service», «North West Region»""",
    """Breach report
Prepared for «Cardiff Magistrates' Court» on «21 October 2024»
Subject {a}, also known as {b}. URN as given. Telephone {phone}.
{a.s} was made subject to a community order of «12 months» by District Judge {c.s}. He missed appointments with {d} on «2 September» and «9 September». {d.g} had offered to change the time. In a call, {e}, the partner of {a.g}, said that {a.g} was at work. No proof was sent. I ask that the order continue. {f}, senior probation officer, agrees.""",
    """Parole dossier, summary by {b}
{a} (prison number {noms}) is serving «a sentence of 6 years» for «robbery», contrary to «section 8(1) of the Theft Act 1968», imposed at «Wood Green Crown Court». Since he came to «HMP Pentonville» he has worked with {c}, a psychologist. {c.s} writes: "{a.g} can now talk about {d.g} without anger." The victim's family, through {e}, ask for an exclusion zone. {f} will be the community offender manager; {f.g} met {a.s} by video. The panel had regard to «R (Osborn) v Parole Board [2013] UKSC 61».""",
]

EMAIL = [
    """From: {b} <{email}>
To: {c}
Subject: {a}, CRN {crn}

Hi {c.g},

Thanks for this. I saw {a.g} yesterday and he has moved in with {d}. Could you let {e.g} know? The hearing at «Bristol Crown Court» is on «14 May 2025».
I copied in {f} from «Avon and Somerset Police».

Many thanks,
{b.g}
{b}
Probation Practitioner | {phone}""",
    """Dear {b.g},

RE: {a.S}, {a.g} - {dob}

I write about the above named, who was referred by {c}. {a.g} came with his support worker {d.g}. I cannot offer {a.s} a place until he has been seen by Dr {e.s}. Please ask {f} to ring me.

TextKind regards

{e.g} {e.s}
Consultant""",
    """Hello both

Quick one. {a.g} {a.s} is due out of «HMP Bedford» on Friday and {b.g} can't collect him. {c}, could you? {d} did it last time. His new address is {address} and the keys are with {e.s}.
If it's a no, tell {f.g} by noon.

Cheers
{d.g}""",
    """Subject: Re: Re: {a.s} housing

{b.g} - as discussed with {c}, the council won't accept a duty. {a} should appeal under «section 202 of the Housing Act 1996». {d.g} has the letter (NINO {nino}). Sorry to chase but {e.g}'s team closes the case on «1 December».

Best wishes, {f}

On Tue, {b} wrote:
> Has {a.g} said anything to you about {e}?""",
]

TRANSCRIPT = [
    """so yeah this is {a.l} um my reference is {crn.l} and i'm ringing about my brother {b.lg}
okay thanks {a.lg} and can i take a number for you
it's {spoken}
lovely and who was it you spoke to last time
it was {c.l} i think or mr {d.ls} he said he'd call me back and he never did
right i'll ask {c.lg} to ring you is your brother still staying with {e.l}
no {b.lg} moved out he's at his girlfriend's {f.lg} she's called""",
    """interviewer can you tell me your full name please
my name's {a.l}
and who were you with that night
i was with {b.lg} and {c.lg} we were at {c.lg}'s house and then {d.l} turned up shouting
did {d.lg} say anything to you
he said where's {b.lg} and i said i don't know and then he hit {c.lg} in the face
and what did mrs {e.ls} see from next door
nothing i don't think {f.lg} rang the police""",
    """hi it's {b.l} from probation just leaving a message for {a.l}
{a.lg} you missed your appointment today with me and with {c.lg}
please ring me on {spoken} or ask for {d.l}
if i'm not here then speak to {e.lg} okay thanks bye
call two
yeah hi is {b.lg} there it's {a.lg} {a.ls} sorry i was at the hospital with my nan {f.l}""",
    """okay we're recording so present are {a.l} and the solicitor {b.l}
i'm dc {c.ls} and with me is ds {d.ls}
{a.lg} you know why you're here
yeah because of what {e.l} said
and is {e.lg} a friend of yours
she was she used to go out with my cousin {f.lg} but {f.lg} told her to leave
has your date of birth changed is it still {spoken_dob}
yeah""",
]

LETTER = [
    """{a}
{address}

«3 March 2025»

Dear {a.g} {a.s}

Your appointment
You must see {b} at «10:30 on 11 March 2025». If you cannot come, ring {phone} and ask for {b.g} or for {c}. You told {c.g} that you work nights; we have noted it.
You agreed to pay «£25 a week» towards the fine set by «Luton Magistrates' Court».

Yours sincerely

{d}
For {b.s}""",
    """To whom it may concern

I have known {a} for ten years. {a.g} worked for my late husband {b.g} and then for me. When {c.g}, our son, was ill, it was {a.s} who drove him. I was sorry to hear what {d} says. {a.g} is not a violent man. My neighbour {e} would say the same, as would the Rev {f.s}.

Yours faithfully,
{e.g} {b.s}""",
    """Dear Sir or Madam,

My name is {a} and I am writing to complain about {b}. On «5 July» I came to the office with my sister {c.g}. {b.s} told {c.g} to wait outside. My solicitor, {d}, says this is against «PSI 64/2011». I would like to be moved to {e}'s caseload. You can reach me at {email} or through {f.g}.

{a.g} {a.s} ({noms})""",
    """Our ref: {crowncase}
Mr {a.s}
{address}

Dear Mr {a.s},

Thank you for your letter of «12 August». {b} has looked into it. She spoke to {c.g} {c.s} and to Ms {d.s}. Neither recalls that {e} was asked to leave. We enclose the note that {f.g} made. You may ask for a review under the «Data Protection Act 2018».

Yours sincerely,
{b.g} {b.s}""",
]

TABLE = [
    """| Name | Role | Contact |
| --- | --- | --- |
| {a} | Person on probation | {phone} |
| {b} | Probation officer | {email} |
| {c} | Police SPOC, «Kent Police» | {phone} |
| {d.S}, {d.g} | Victim | via {e} |
| {f} | Landlord | {address} |""",
    """Attendance,Name,DOB,Note
1,{a},{dob},arrived late
2,"{b.S}, {b.g}",{dob},fine paid at «Hull Magistrates' Court»
3,{c},{dob},left with {d.g}
4,{e},{dob},see {f}""",
    """Surname\tForename\tPNC\tOffence
{a.s}\t{a.g}\t{pnc}\t«Burglary»
{b.s}\t{b.g}\t{pnc}\t«Affray»
{c.s}\t{c.g}\t{pnc}\t«Theft»
Checked by {d}. {e.g} to follow up {b.s} and {c.s} with {f}.""",
    """Risk management plan
Action: disclose to {b}      Who: {c}        When: «by 30 June»
Action: visit {a}            Who: {d}        When: weekly
Action: refer {a.g} to CAMHS Who: {e.s}      When: done
Contingency: if {a.s} approaches {b.g}, call {c.g}; out of hours {f} on {phone}.""",
]

STYLES = {
    "contact log": CONTACT_LOG,
    "OASys": OASYS,
    "report": REPORT,
    "email": EMAIL,
    "transcript": TRANSCRIPT,
    "letter": LETTER,
    "table": TABLE,
}
