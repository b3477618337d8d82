"""Coffee every few weeks: pausing, changing, ending, and how it tastes."""

from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import SUPPORT

SITUATIONS = (
    Situation(
        name="pause the subscription", inbox=SUPPORT, weight=8, tags=("subscription", "beans"), goods=Goods.BEANS,
        reason="Subscription",
        mood=Mood.REQUEST,
        subjects="""
        @1345 Pause [my|our] subscription
        @345 Pause until I am back [from parental leave|in {month}|from hospital]
        @2 Skip the next delivery?
        @15 [Away|On holiday] until {month}
        """,
        openings="""
        * could you pause my subscription until {month}? [I am away and the beans would sit in the hall.|We are
          rebuilding the kitchen and there is no socket left.]
        * Please skip the next bag of {beans}. [Still have two.|I drink less than I thought.]
        * We are expecting our second child any day now and I doubt that I will grind anything before {month}. [Could
          you pause everything until then?|Could it all rest until then?] I tried the website, but it only offers four
          weeks.
        * I have broken my wrist, so no grinding for a while. Please pause the beans until {month}. [The {beans} was
          lovely, by the way.|I will be back.]
        ~ I go to my family for two months. Please stop the coffee for this time and start again in {month}.
        """,
        answers="""
        *145 paused until the first of {month}. Nothing is charged until then, and you get a mail a week before it
          starts again, so you can still change your mind.
        *2 the next bag is skipped; the one after comes on {later}. You can do that yourself with one click in every
          delivery mail, [down at the very bottom, I admit|though I see now how well it hides].
        *134 everything rests until {month}, as long as you like in fact: the four weeks on the website are only what
          the button can do. [All the best for what is coming!|Be well, and we will keep your roast slot.]
        """,
        turns="""
        > [One more question: does the price stay the same?|Will I keep my old price?]
        < It does. A pause changes nothing about your price, and nothing about the discount of the first year either.
        > I have just been charged although it is paused. [Could you look?|The mail came five minutes ago.]
        < That charge had been prepared before the pause. I have cancelled it, the money was not taken, and the bag
          stays here.
        """,
        notes="""
        * Pause limit in the shop is 4 weeks. Set by hand in the roastery list.
        """,
        calls="""
        * {name} pauses {beans} until {month}. Done.
        """,
    ),
    Situation(
        name="change of beans", inbox=SUPPORT, weight=7, tags=("subscription", "beans"), goods=Goods.BEANS,
        reason="Subscription",
        mood=Mood.REQUEST,
        subjects="""
        @12 [Change|Switch] from {beans} to {beans2}
        @12 Other grind for my subscription
        @4 [Every two weeks|Every three weeks] instead of monthly
        @35 {beans} is too dark for me
        """,
        openings="""
        * I would like to change my subscription from {beans} to {beans2}, ground for {grind}. [Is it too late for the
          next one?|Can that start with the next bag?]
        * {beans2} instead of {beans} from now on please.
        * The {beans} is a fine coffee, but a little dark for my taste. I drink it with {grind}, no milk. [What would
          you choose?|What do you recommend instead?]
        * We drink more than we thought, what with two people at home now. [Could the bag come every two weeks?|Could it
          be two bags a month rather than one?] Beans and grind as before.
        ~ I want change coffee, {beans} is strong for my stomach. Which one is more soft?
        """,
        answers="""
        *12 changed: from the next roast on {soon} you get {beans2}, ground for {grind}. If you have a grinder one day,
          tell me and it comes whole.
        *35 for {grind} without milk I would take {beans2}: lighter, with a bit of fruit, and much kinder to the
          stomach. I have put a small bag of it into your next parcel for free. [Tell me how you like it, and I change the
          rest.|If you like it, one line is enough and I change the subscription.]
        *4 from now on it is every two weeks. The price per bag falls by 5 % with that, as it should.
        """,
        turns="""
        >2 Tried it. [Much better.|That is the one.] Please change the subscription to {beans2}.
        < Changed. The next roast is on {soon}.
        >13 Oh, and could it be [500 g instead of a kilo|a kilo instead of 500 g]?
        < Of course, done too.
        """,
        notes="""
        * Sample of {beans2} in the next parcel, no charge.
        """,
        calls="""
        * {name} changes to {beans2}, {grind}. Starts with the next roast.
        """,
    ),
    Situation(
        name="end of the subscription", inbox=SUPPORT, weight=6, tags=("subscription", "cancellation"), goods=Goods.BEANS,
        reason="Subscription",
        mood=Mood.REQUEST,
        subjects="""
        Cancel my subscription
        [Ending|Stop] the coffee subscription
        @4 Charged although I cancelled
        """,
        openings="""
        * I would like to end my coffee subscription. [It was good while it lasted, but we drink too little of it.|My
          doctor has sent me to the tea side.] [What is the notice?|When does it end?]
        * Cancel subscription please. {email}
        * With the new price of {price} a bag [it is too much for us|I am out], I am sorry. Please cancel from the next
          delivery on. No hard feelings, the {beans} was the best we ever had.
        ! I cancelled on {ordered}, got a confirmation, and on {past} you charged me {price} again. What is a
          cancellation worth here?
        ~ I don't want more coffee, I have too many. Please finish the abonnement and don't take money.
        """,
        answers="""
        *1235 it is ended as of today, there is no notice. Nothing more will be charged or sent. [The door stays
          open.|If you ever come back, your old price is waiting for a year.]
        *4 I see your cancellation of {ordered}, and I see that the roastery list did not. You are right in every word.
          {price} are on their way back, the bag is yours to keep, and I have checked the list myself: you are not on it
          any more.
        """,
        turns="""
        > Thank you. Is my account deleted with that as well?
        < No, the account stays with your old orders, so that warranties work. [If you want it gone, say so and I delete
          it.|Should it go too, a line from you is enough.]
        """,
        notes="""
        * Asked for the reason, only in the system: price.
        * @{colleague} the list of the roastery is synced once a week only. That is how this happens.
        """,
        calls="""
        * {name} ends the subscription. Ended today, confirmation sent.
        """,
    ),
    Situation(
        name="stale or wrong beans", inbox=SUPPORT, weight=6, tags=("beans", "damaged"), mood=Mood.TROUBLE,
        goods=Goods.BEANS, reason="Damage",
        customer_file="photo",
        subjects="""
        @1 Roast date on the bag is missing
        @35 {beans} tastes [flat|of paper|burnt] this time
        @2 Ground coffee instead of beans
        @4 [Bag torn|Half a bag] in my subscription
        @135 My last bag of {beans}
        """,
        openings="""
        * there is no roast date on my bag of {beans}. [It tastes flat, too.|The valve is stuck shut as well.] How old
          is it?
        * Got ground coffee, ordered whole beans. Batch {batch}.
        * I have been drinking {beans} for {months} months, always on setting {setting}, always the same. The bag that
          came on {past} runs through in twelve seconds and tastes of paper. [Has something changed?|Is it another
          harvest?] Batch {batch}.
        ! The bag was torn and half the {beans} was in the box, in the bubble wrap and then on my kitchen floor. {price}
          a kilo!
        ~ The coffee of this month is smell like old oil. Before it was very good. I think is a bad bag, number {batch}.
        """,
        answers="""
        ?1 which batch number do you see under the fold, next to the valve? It begins with a letter, like {batch}. [With
          that I can say to the hour when it was roasted.|It tells us the day and the drum.]
        *5 {batch} was roasted on {ordered}, so it is older than anything we mean to send. A fresh kilo of {beans}
          leaves on {soon}, straight from the drum. [Use the old bag for cold brew, that forgives a lot.|The old bag still
          makes a decent iced coffee.]
        *3 it is a new harvest from the same farm, and it is a little less dense. Go two steps finer, to {setting2}, and
          give it a week after the roast date. If it still tastes of paper then, I send you something else. [No charge.|My
          treat.]
        *2 the wrong box was ticked at the roastery, not by you. A bag of whole {beans} leaves on {soon}; please give
          the ground one to somebody with a French press.
        *4 the seam of that batch gives way, as we learned this week. A new kilo of {beans} leaves today in a double
          bag. Sorry about the floor.
        """,
        turns="""
        >1 It says {batch}. [In very small print.|Found it with a torch.]
        < Thank you. That batch should have been used for the class room, not for parcels. A fresh bag of {beans} leaves
          on {soon}.
        >3 [Two steps finer it is.|You were right.] 27 seconds and the taste is back!
        < Lovely. Then write {setting2} on the bag, and I tell the roastery that the letter worked.
        > The new bag is [wonderful|like the old days]. Thank you!
        < I am glad. [It was roasted the afternoon before it left.|Freshness is half the work.]
        """,
        notes="""
        * {batch}: valve machine was down that day. @{colleague} are more of these in the shop?
        """,
        calls="""
        * {name} says {beans} tastes stale, batch {batch}. New kilo sent.
        """,
    ),
)  # fmt: skip
