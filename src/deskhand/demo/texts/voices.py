"""How people begin and end: customers by temper, agents by occasion, in four languages. One piece per line."""

GREETINGS = {
    "plain": """
    [Hi|Hello|{daytime}|Hi there|Hello everyone],
    Hi Ostrander & Vale,
    """,
    "polite": """
    Dear [Ostrander & Vale|team|support team|sir or madam],
    {daytime},
    {daytime} to [all of you|Malmö],
    """,
    "terse": """
    Hi,
    Hello,
    """,
    "rambling": """
    Hello [again|from a rainy {city}|dear people|all of you],
    Dear [friends of good coffee|people of the desk|team],
    """,
    "angry": """
    Hello.
    To whom it may concern,
    """,
    "foreign": """
    [Hello|Hello dear team|Good day|Dear friends|Hi dear sir],
    """,
    "business": """
    [Hello|{daytime}|Hello everyone|Dear colleagues],
    """,
    "de": """
    [Guten Tag|Hallo|Sehr geehrte Damen und Herren|Hallo zusammen],
    """,
    "fr": """
    [Bonjour|Bonjour à tous|Madame, Monsieur|Bonjour l'équipe],
    """,
    "es": """
    [Hola|Buenas|Hola a todos|Estimados señores]:
    """,
}

RAMBLES = """
I should say that I have been a customer since you had only one grinder and a phone number.
We have a house full of guests this week, and everybody has an opinion about coffee.
My wife says that I write too much, so I will be brief, or try to.
By the way, the new bags are much prettier than the old ones.
It has been raining here for [nine|eleven] days, which does not help.
You may remember me: I am the one with the [two dogs|green van|kettle on the boat].
I know you must be busy [at this time of the year|with more important things], so please take your time.
My late father had a mill from the fifties that never broke, but he also never used it.
I am writing from the train, so please forgive the mistakes.
"""

CLOSERS = {
    "plain": """
    [Thanks|Thank you|Many thanks]!
    Thanks [a lot|in advance|for your help].
    [Could you let me know?|Let me know what you need.]
    Looking forward to your answer.
    """,
    "polite": """
    Thank you very much for your [help|time|trouble].
    I would be [most grateful|very glad] for [your help|a short answer].
    Thank you in advance for looking into it.
    """,
    "rambling": """
    [Well, that is all, I think.|Now I have written a whole page.] Thank you for reading to the end!
    I hope you have a good {weekday} in any case.
    All the best to everybody [there|in Malmö], and to the dog if there is one.
    """,
    "angry": """
    I expect an answer today.
    I am waiting.
    [Not amused.|Very disappointed.]
    This is not what I am used to from you.
    """,
    "foreign": """
    [Thank you for help me.|I wait for your answer.|Sorry for my english.|Many thanks and greetings.]
    Please [write me back|say me what I do].
    """,
    "business": """
    Many thanks [in advance|for a quick answer].
    Please confirm [by return|when you can].
    Thank you and best regards from {city}.
    """,
    "de": """
    [Vielen Dank im Voraus!|Danke für Ihre Hilfe.|Über eine kurze Antwort freue ich mich.|Besten Dank.]
    """,
    "fr": """
    [Merci d'avance.|Merci beaucoup pour votre aide.|Dans l'attente de votre réponse.|Merci !]
    """,
    "es": """
    [Muchas gracias.|Gracias de antemano.|Quedo a la espera de su respuesta.|Gracias por su ayuda.]
    """,
}

SIGNATURES = {
    "plain": """
    {first}
    [Best|Best wishes|Cheers|All the best|Greetings], / {first}
    [Best regards|Kind regards], / {name}
    {name}
    """,
    "polite": """
    [Kind regards|With kind regards|Yours sincerely|Warm regards], / {name}
    [With thanks|Respectfully], / {name} / {city}
    """,
    "terse": """
    {first}
    {first} {last}
    Sent from my phone
    {name} / Sent from my phone
    """,
    "rambling": """
    [Warmly|Yours|Many greetings|With a full cup], / {name}
    {first} [and the rest of the family|from {city}|and the cat]
    """,
    "angry": """
    {name}
    {last}
    {name}, {city}
    """,
    "foreign": """
    [Greetings|Thank you|Best greeting|Cordially], / {name}
    {first} {last} / {city}
    """,
    "business": """
    {name} / {job} / {org} / {street}, {city} / {phone}
    [Best regards|Regards|Best], / {first} / -- / {name}, {job} / {org}, {city}
    [Best|Thanks], / {first} / {org}
    """,
    "de": """
    [Mit freundlichen Grüßen|Viele Grüße|Beste Grüße|Herzliche Grüße], / {name}
    Gruß, / {first} {last}
    """,
    "fr": """
    [Cordialement|Bien à vous|Bonne journée|Bien cordialement], / {name}
    {name} / {city}
    """,
    "es": """
    [Un saludo|Saludos|Atentamente|Saludos cordiales], / {name}
    {name}
    """,
}

AGENT_GREETINGS = {
    "en": "[Hi|Hello|Hello|{daytime}] {first},",
    "polite": "[Hello|Dear] {name},",
    "de": "[Guten Tag|Hallo] {name},",
    "fr": "Bonjour {first},",
    "es": "[Hola|Buenas], {first}:",
}

# Between the greeting and the answer. An empty line means that the answer comes at once.
AGENT_OPENERS = {
    "trouble": """
    I am sorry about that.
    [Thank you for telling us|Thanks for writing], and I am sorry for the trouble.
    [That should not have happened.|That is not how it should be.] Thank you for writing.
    Sorry that you had to write about this.
    Thank you for your [patience|message].
    """,
    "question": """
    Thank you for [writing|your message|asking].
    [Good question.|Thanks for asking.]
    Thanks for getting in touch.
    Happy to help.
    """,
    "request": """
    Thank you for [your message|writing|letting us know].
    Thanks for getting in touch.
    [Happy to help.|With pleasure.]
    """,
    "glad": """
    [What a lovely letter.|Thank you for this.]
    You have made {agent}'s day, and I am {agent}.
    Thank you for writing to us.
    """,
    "business": """
    Thank you for [your mail|your message|getting in touch].
    [Thanks, noted.|Thank you, that is clear.]
    [Good to hear from you.|Good to hear from {org}.]
    """,
    "angry": """
    You have every reason to be cross, and I am sorry.
    I understand that you are angry, I would be too.
    I have read everything that was written so far, and I apologise for it.
    First of all: I am sorry. This went wrong [on our side|here, not with you].
    """,
    "de": """
    [vielen Dank für Ihre Nachricht.|danke für Ihre Mail.|schön, dass Sie schreiben.]
    """,
    "fr": """
    [merci pour votre message.|merci de nous avoir écrit.|merci pour votre mail.]
    """,
    "es": """
    [gracias por escribirnos.|gracias por su mensaje.|muchas gracias por su correo.]
    """,
}

AGENT_CLOSERS = {
    "en": """
    [If anything is unclear, just answer this mail.|Write any time if there is more.|Is there anything else I can do?]
    [I keep this one with me until it is settled.|I will look at it again tomorrow.]
    [Have a good {weekday}.|Wishing you a good day.|Have a nice day.]
    """,
    "de": "[Bei Fragen genügt eine Antwort auf diese Mail.|Melden Sie sich jederzeit.|Ihnen noch einen schönen Tag.]",
    "fr": "[N'hésitez pas à répondre à ce message.|Je reste à votre disposition.|Très bonne journée à vous.]",
    "es": "[Para cualquier duda, responda a este correo.|Aquí estamos para lo que necesite.|Que tenga un buen día.]",
}

AGENT_SIGNATURES = {
    "en": """
    [Best|Best wishes|Kind regards|Warm regards|All the best|Greetings from Malmö], / {agent}
    """,
    "de": "[Viele Grüße|Herzliche Grüße|Beste Grüße], / {agent}",
    "fr": "[Bien à vous|Cordialement|Bonne journée], / {agent}",
    "es": "[Un saludo|Saludos cordiales|Saludos], / {agent}",
}

BACK_GREETINGS = {
    "en": "[Hi|Hello|Dear|Hi] {agent},",
    "de": "[Hallo|Guten Tag] {agent},",
    "fr": "Bonjour {agent},",
    "es": "Hola, {agent}:",
}

BACK_SIGNATURES = {
    "en": """
    {first}
    [Best|Thanks|Cheers|Regards], / {first}
    Sent from my phone
    """,
    "de": "[Viele Grüße|Danke und Gruß|Gruß], / {first}",
    "fr": "[Bien à vous|Merci|Bonne journée], / {first}",
    "es": "[Un saludo|Gracias|Saludos], / {first}",
}

# Line above a quoted letter, for the mail programs that do so.
QUOTED = {
    "en": "On {quoted_day} at {quoted_time}, {agent} at Ostrander & Vale wrote:",
    "de": "Am {quoted_day} um {quoted_time} schrieb {agent}:",
    "fr": "Le {quoted_day} à {quoted_time}, {agent} a écrit :",
    "es": "El {quoted_day} a las {quoted_time}, {agent} escribió:",
}
