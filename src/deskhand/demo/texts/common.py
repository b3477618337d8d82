"""What fits any matter: thanks, impatience, small talk between letters, notes among colleagues, chats, ratings."""

THANKS = {
    "en": """
    * Perfect, thank you!
    * [Great|Wonderful|Excellent|Lovely], [thanks a lot|thank you very much|thank you] for the quick [answer|help|reply].
    * [That is all I needed|That answers everything]. Thank you, {agent}!
    * Thank you {agent}, [you have been very helpful|that was kind of you|I appreciate it].
    * Super, thanks 🙏
    * 👍
    * [Thanks! Now I can stop worrying.|What a relief, thank you.] Have a good {weekday}.
    * [Well handled.|Good service, I must say.] [I will tell others.|You keep a customer.]
    """,
    "de": "* [Vielen Dank|Herzlichen Dank|Danke], {agent}, [das hilft mir sehr|genau das wollte ich wissen|so machen wir es]!",
    "fr": "* [Merci beaucoup|Un grand merci|Parfait, merci] {agent}, [c'est très gentil|tout est clair|à bientôt] !",
    "es": "* [Muchas gracias|Mil gracias|Perfecto, gracias], {agent}. [Todo claro.|Así da gusto.|Hasta pronto.]",
}

# Customers who were angry are not made glad by one mail.
COOL_THANKS = """
* [All right|Fine]. [I will wait and see.|Let us see if it works this time.]
* Thank you for taking it seriously[ at last|, {agent}].
* [I was rather sharp in my first mail, sorry about that.|Sorry for my tone, it was a long day.] Thank you for sorting it out.
* OK. Thanks.
"""

WELCOMES = {
    "en": """
    * [You are very welcome|My pleasure|Gladly|Any time], {first}. Have a good {weekday}!
    * [Thank you for letting us know.|Good to hear that.] [Until next time!|Enjoy your coffee.]
    * [With pleasure!|Happy to hear it.] I close this one now; [an answer opens it again|just answer if there is more].
    """,
    "de": "* [Gern geschehen!|Sehr gern.] Ihnen einen schönen {weekday}.",
    "fr": "* [Avec plaisir !|Je vous en prie.] Bonne journée à vous.",
    "es": "* [¡Con mucho gusto!|¡De nada!] Que tenga un buen día.",
}

# Sent by customers who have not heard from us for a day or more.
NUDGES = {
    "en": """
    * [Any news?|Is there any news on this?|Did you get my mail?]
    * Hello again, [did my message reach you?|I wrote the day before and have heard nothing.]
      [Thanks!|I would be glad of a short answer.]
    * Just [bringing this up again|a friendly reminder]. [No hurry.|It is becoming a little urgent.]
    * [One thing I forgot|P.S.]: [you can also ring me, {phone}.|mornings are best for deliveries.|I am away from {soon} on.]
    * ???
    """,
    "de": "* [Gibt es schon etwas Neues?|Ist meine Mail angekommen?|Ich wollte nur kurz nachfragen.]",
    "fr": "* [Avez-vous du nouveau ?|Avez-vous reçu mon message ?|Je me permets de revenir vers vous.]",
    "es": "* [¿Hay novedades?|¿Recibieron mi correo?|Solo quería preguntar cómo va esto.]",
}

# Written by an agent who has heard nothing for days, to go out later.
FOLLOW_UPS = {
    "en": """
    * [Did everything work out?|Did my last mail reach you?] I am just asking,
      [no answer needed if all is well|so that nothing is left lying].
    * [A short question from my side:|I tidy up my desk today:] is there anything left to do for you?
    """,
    "de": "* [Hat alles geklappt?|Ist noch etwas offen?] Ich frage nur nach, damit nichts liegen bleibt.",
    "fr": "* [Tout s'est-il bien passé ?|Est-ce que tout fonctionne ?] Je me permets juste de demander.",
    "es": "* [¿Salió todo bien?|¿Quedó todo resuelto?] Solo pregunto, para que no quede nada pendiente.",
}

# For long conversations: turns that follow anything and assume little.
TURNS = """
> [Quick question|One more thing] while we are at it: [do you close over the holidays|are you open next week]?
< We are here all days but Sundays and the first of the month, when we count everything that has a screw.
> Sorry, I only saw your mail now, it was in the spam folder. [Is everything still as you wrote?|Am I too late?]
< No harm done, everything is still as I wrote. I have put your address on our good list, but yours should know us too.
> My phone has eaten half of my last mail. [What I meant to ask was whether you need anything else from me.|Did the important
  half arrive?]
< I have all I need. If something turns up, I ask.
> Could you send me the answer to my other address as well? [This one is slow.|My husband reads that one.]
< Gladly. I have put both in the address line from now on.
> A friend of mine has just the same question. [May I pass on your mail?|May I send your answer on?]
< Of course. And tell your friend to write to me, my name helps.
> I have thought about it for a night. [Let us do it as you said.|You are right, I think.]
< Good, then I go ahead as planned. You hear from me on {soon}.
> Here is what I found out in the meantime: [nothing, to be honest.|it is the same with my neighbour's.]
< That is a finding as well. I have written it down.
> It is {weekday}, so I thought I ask. [How far are we?|Where do we stand?]
< Half way. The part that depends on us is done, the rest comes on {soon}.
> [Can you give me a reference number for this?|Does this have a number I can quote?] My insurance would like one.
< Please quote {repair}. It stands on everything that we send in this matter.
> Could we talk on the phone? [I am better at talking.|It would be quicker.] {phone}
< I have tried twice just now and it was engaged. I try again at {time}; otherwise name me an hour.
> It was lovely to talk to a person. [So we leave it like that.|Just to have it in writing: we do it your way.]
< It was! For the record: we do it as agreed, on {soon}, and it costs you nothing.
> The date has moved on my side, [to the week after|I am away until {soon}]. Does that upset anything?
< Nothing at all. I have moved it on ours too.
> My colleague takes over from here, she is in copy. [Please answer to both.|She knows everything.]
< Welcome to her! Everything is in this thread, from the beginning.
> Thank you for your patience with me. [I am not very good with these things.|I ask a lot, I know.]
< Please ask. The ones who ask have fewer broken things on their table.
> We are nearly there, I believe. [Only the paper is missing.|Could you confirm the last point?]
< Confirmed. The paper comes by mail tonight, and by post on {soon}.
> I read the whole thread again. [Did we ever settle who pays the postage?|One point is still open: the postage.]
< We did not! We pay it, both ways.
> Something else [came up|happened], a small thing. [Shall I open a new mail for it?|Is it all right to ask here?]
< Here is fine, so that one person knows all of it. Tell me more.
+ Well: it is only [the lid of my kettle|the knob of my scale], it rattles a little. Everything else works.
< Then leave it. If it gets worse, send it to the bench, and mention my name.
> I am back. [It was a short holiday.|It was a lovely week.] Did I miss anything?
< Only that everything went as planned. You could leave more often.
> Not to press you, but {soon} was yesterday. 🙂
< You are right, and I have no good excuse. It is done now, with my apologies.
> Seen it, thank you. [All as it should be.|It looks right to me.]
< Then there is one thing left to do, and that is on my desk.
+ How is the thing on your desk? 😀
< Finished an hour ago. I wanted to write it with a drum roll.
> My daughter asks whether you have a dog. It matters to her.
< We have, her name is Crema, and she sleeps under the packing bench. Please tell your daughter.
> {first} here again, from another address. [The other one is full.|I changed the provider.]
< Hello again! I have noted it, both lead to the same place.
> [Fine.|Good.] Then I consider it settled, unless you do not.
< I do too. It was a pleasure, really.
"""

# Notes that fit any matter.
NOTES = """
* @{colleague} could you have a second look before I answer?
* Asked the workshop, answer comes [before noon|tomorrow morning].
* Third mail from {first} this month, always kind. Let us be generous.
* I am off from {soon}. @{colleague} takes over, everything is in here.
* Looked into the account: with us for {months} months, no trouble so far.
* Tried to ring {phone}, no answer. Trying again at {time}.
* If they ask again: yes, we do it at our cost. Decided with Ines.
* Same question as last week, we should write a page about it. @{colleague}
* Read the older letters: always patient, always exact. Let us be both as well.
* Do not close yet, I want to hear whether it worked.
"""

CHAT_HELLOS = """
[hi|hello|hey], [is anyone there?|quick question|got a minute?|are you a person?]
[Good morning|Hello]! Can I ask something about order {order}?
[hi|hello] 👋
"""
CHAT_ANSWERS = """
[Hi|Hello] {first}, this is {agent}. [How can I help?|What is it about?|Go ahead!]
Hello! A person indeed, my name is {agent}. [What can I do for you?|Tell me.]
"""
CHAT_WAITS = """
[One moment, I look it up.|Let me check that for you.|Two minutes, please, I walk over to the bench.]
"""
CHAT_ENDS = """
[great, thank you!|perfect, thanks|ah ok. thanks!|that was quick, thank you|👍 thanks]
"""
CHAT_BYES = """
[You are welcome, have a nice {weekday}!|My pleasure. Bye!|Gladly! You get a copy of this chat by mail.]
"""

# After a call, when there is more to say.
CALL_ENDS = """
[Good mood at the end of the call.|Was in a hurry.|Asked for a short mail as confirmation.|Will ring again if needed.]
Number: {phone}.
"""

# Sentences that go with a file.
FILES = {
    "photo": "[I have attached a photo.|Photo attached.|See the picture.|Two pictures would show the same, so here is one.]",
    "tracking": "[The tracking page is attached.|I attach what the tracking page shows.]",
    "statement": "[I attach the line from my bank.|The statement is attached.]",
    "screenshot": "[Screenshot attached.|I attach what I see.]",
    "log": "[The log of the app is attached.|I found a log and attach it.]",
    "cv": "[My letter is attached.|I attach a page about me.]",
    "label": "The label is attached as well, in case the link is shy.",
    "invoice": "The PDF is attached.",
    "prices": "You find the list attached.",
    "press": "The fact sheet is attached.",
}

RATINGS = {
    "great": """
    [Quick and kind.|Thank you {agent}!|Best support I know.|A human being!|Solved in one mail.|Friendly and to the point.]
    {agent} [is a gem|took the time to understand it|knew what to do].
    """,
    "okay": """
    [Took a while, but it was solved.|Fine in the end.|Friendly, if slow.]
    """,
    "not_good": """
    [Three mails for one answer.|I had to ask twice.|Too slow.|The answer did not help me.]
    """,
}
