"""Accounts, privacy, praise, ideas, people who would like to work with us."""

from deskhand.demo.customers import Kind
from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import SUPPORT

SITUATIONS = (
    Situation(
        name="sign in", inbox=SUPPORT, weight=7, tags=("account",), reason="Account", customer_file="screenshot",
        mood=Mood.REQUEST,
        subjects="""
        @135 Cannot sign in
        @13 [Password mail|Reset link] never arrives
        @2 Change of my mail address
        @15 [Locked out|Account locked]
        @4 Two accounts, one person
        """,
        openings="""
        * I cannot sign in to the shop any more. The reset mail [does not arrive|never comes], and yes, I have looked in
          spam. My address is {email}.
        * Please change my mail address from the old one to {email}. [I no longer have the old one.|The old one ends
          next week.]
        * Reset link says "expired" after one minute.
        * It seems I have two accounts, one with my old name and one as {name}. [Could you make one of them?|Can they be
          merged?] The orders are spread over both.
        ~ The page say my password is wrong but I write it correct. Mail for new password no come.
        """,
        answers="""
        *135 the reset mails to {email} were refused by your provider for two days, along with all our other mail. That
          is settled. I have sent a new one a minute ago; the link is good for an hour.
        *2 your address is {email} now. You should have two mails: one to the new address with a link to confirm, one to
          the old as a notice.
        *4 both accounts are one now, under {email}, with all orders and the points of both. [You will have to sign in
          again.|Please sign in once more.]
        """,
        turns="""
        >13 I am in. [Thank you for the quick help.|That was easy in the end.]
        < Welcome back!
        >1 Nothing has come so far, [not even in spam|I have waited half an hour].
        < Then we take the other way: I have put a code of six digits on your order page {order}, the one you can open
          without signing in. It works once.
        """,
        notes="""
        * Bounces for {email} cleared from the block list.
        """,
        calls="""
        * {name} locked out. Checked name, last order and street, sent a new link.
        """,
    ),
    Situation(
        name="newsletter and privacy", inbox=SUPPORT, weight=6, tags=("privacy", "account"), reason="Account",
        mood=Mood.REQUEST,
        subjects="""
        @1 Unsubscribe from the newsletter only
        @2 [Please delete my data|Delete my account]
        @3 What do you know about me?
        @45 [Too many mails|Stop the mails]
        """,
        openings="""
        * please take {email} off the newsletter. [Keep the order mails please.|Only the newsletter, the delivery mails
          are useful.]
        * Delete my account and everything in it. {email}
        * Under the data protection law I would like to know what you have stored about me and whom you gave it to. [No
          rush, I collect these.|A list is enough.]
        ! This is my fourth attempt to unsubscribe. Your link leads to a page that asks me to subscribe. STOP.
        ~ I receive many publicity from you and I didn't ask. Please take out my mail {email}.
        """,
        answers="""
        *145 {email} is off the newsletter, and only off that. Mails about orders and repairs still come.
        *2 it is deleted: account, addresses, wish list. We have to keep invoices for seven years, without using them
          for anything. You will get one last mail that confirms it, and then silence.
        *3 you get the list as a file within a week; it is made by hand and checked by two people. In short: your
          orders, your addresses, this mail. Nobody else but the parcel service and the payment company ever saw any of
          it.
        """,
        turns="""
        >2 Thank you. [And the account of the app?|Does that include the Pebble app?]
        < The app had an account of its own. It is gone as well now, with all brews.
        >13 Well handled, thank you.
        < Thank you for saying so.
        """,
        notes="""
        * Deletion request, due within 30 days. Ticked: shop, newsletter, app, roastery list.
        """,
    ),
    Situation(
        name="praise", inbox=SUPPORT, weight=6, tags=("praise",), mood=Mood.GLAD, goods=Goods.GEAR,
        subjects="""
        [Thank you!|Just to say thank you]
        A word about your {noun}
        Compliments to the bench
        ☕ ❤️
        """,
        openings="""
        * no question, no complaint. My {product} has made coffee every morning for {months} months and I wanted
          somebody to know. [Thank you.|Please tell whoever built it.]
        * You answered on a Sunday and the beans came on Tuesday. I did not know that this still exists.
        * The {part} you sent me for nothing last year is still going strong. My neighbour has bought a {noun} because
          of that story. [So has my dentist.|You owe me a commission!]
        * Best {noun} ever 🙌☕
        ~ I want say you, your coffee {beans} is the better I taste in my life. My mother also say it. Greetings from
          {city}!
        """,
        answers="""
        * that goes on the wall behind the packing bench, where the letters that we like hang. [Thank you for taking the
          time.|It made our {weekday}.]
        * I have read your letter aloud in the workshop. There was a silence, and then somebody said that we should all
          go home early. [Thank you!|We did not, but still.]
        """,
        notes="""
        * For the wall! Can we quote this on the site? @{colleague} please ask {first}.
        """,
    ),
    Situation(
        name="idea", inbox=SUPPORT, weight=4, tags=("idea", "praise"), mood=Mood.GLAD, goods=Goods.COLOURED,
        subjects="""
        An idea for the {product}
        @24 [Wish|Suggestion] for the {product}
        @1 Have you thought of left-handed people?
        """,
        openings="""
        * I am left-handed and the {part} of the {product} is plainly made by people who are not. [Could there be a
          mirrored one?|Is there any hope?]
        * Idea: a {product} in yellow. That is all.
        * We use four of your {noun}s in a school for the blind. What would help a lot is a mark that fingers can feel
          on the {part}. [One small dot would do.|A dot every five clicks.] I would be glad to test it with my pupils.
        ~ It would be good if {noun} have a small light, I make coffee in the night when baby sleep.
        """,
        answers="""
        *1 we tried a mirrored {part} on the printer after your mail, and it works. It will not be in the shop for a
          while, but one of the three we made is yours if you tell us what is wrong with it.
        *234 I have carried that to the people who draw the {noun}s. They liked it more than my own ideas. [I cannot
          promise a date, but it is on the list for {month}.|It will not be soon, but it was written down.]
        """,
        turns="""
        >1 I would love to test it! [{street}, {postcode} {city}.|Send it any time.]
        < It goes out on {soon}. Be merciless, please.
        """,
        notes="""
        * Good one. Put on the list, vote {qty}. @{colleague}
        """,
    ),
    Situation(
        name="job request", inbox=SUPPORT, weight=4, tags=("jobs",), kind=Kind.STRANGER, mood=Mood.GLAD, customer_file="cv",
        subjects="""
        @14 [Application|Applying]: repair bench
        @4 Do you take apprentices?
        @2 Internship in {month}?
        Working with you
        @3 Support team: [may I apply?|a question]
        """,
        openings="""
        * I repair watches and would like to repair grinders. [Do you need somebody on the bench?|Is there a place at
          your bench?] I am free from {month} and can move to Malmö.
        * Do you take interns? I study product design in {city} and have to spend three months in a firm that makes
          things. [I can file, solder and sweep.|I do not mind sweeping.]
        * Two years behind a bar, one at a roastery, and a weakness for forms and lists: I believe I would be good in
          your support team. [May I come by?|To whom do I write?]
        ~ I search work in your city, I have experience of eleven years with electric machines. I learn quickly the
          language.
        """,
        answers="""
        *14 we have no place at the bench at the moment, but Joel would like to see a photo of something you mended. If
          it makes him jealous, you will hear from us in {month}.
        *2 we take one intern at a time, and from {month} the chair is free. Please send a page about yourself and the
          dates that your school wants to jobs@ostrandervale.example.
        *3 a weakness for lists is half the work here. Please send a page about yourself to jobs@ostrandervale.example;
          from {month} on we look for one more person at the desk.
        """,
        turns="""
        >23 Thank you! I have sent [a page and three photos|everything] to that address.
        < It has arrived, and the bench is reading it. You will have an answer by {later}.
        """,
        notes="""
        * Nice letter. Forwarded to Ines.
        """,
    ),
    Situation(
        name="opening hours", inbox=SUPPORT, weight=4, tags=("how-to",), goods=Goods.GEAR,
        subjects="""
        @1 Shop in Malmö: [open on Saturday?|opening hours]
        @2 Can I [pick up|collect] order {order} myself?
        @3 Visiting Malmö in {month}
        """,
        openings="""
        * is the shop in Malmö open on Saturdays? I would like to try the {product} [before I spend {price}|with my own
          beans].
        * Can I collect {order} myself? I am in Malmö on {soon}.
        * My wife and I come through Malmö by bicycle in {month}. [Is there anything to see at your place?|Do you show
          people round?] She is the one with the {noun}.
        """,
        answers="""
        *1 we are open from ten to six, on Saturdays until four. The {product} stands on the counter, and you are
          welcome to bring your own beans.
        *2 of course. I have set {order} aside at the counter for {soon}; your name is enough. The postage goes back to
          your card.
        *3 do come! On the first Friday of the month we roast with the doors open, from two o'clock. [Bicycles may come
          inside.|There is a rack, and cake.]
        """,
        turns="""
        > Lovely, see you [on {soon}|then]!
        < See you! Ask for me at the counter.
        """,
    ),
)  # fmt: skip
