"""Parcels that are late, lost, broken, or somebody else's."""

from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import ORDERS, SUPPORT

SITUATIONS = (
    Situation(
        name="late parcel", inbox=SUPPORT, weight=16, tags=("shipping", "lost parcel"), mood=Mood.TROUBLE,
        goods=Goods.GEAR, reason="Delivery", team=ORDERS, customer_file="tracking",
        subjects="""
        Where is order {order}?
        [Order|My order] {order} [has not arrived|is late|still not here]
        Tracking {tracking} does not move
        {product}: [any idea when it comes?|when will it arrive?]
        Parcel stuck in {depot}
        Still waiting for my {noun}
        """,
        openings="""
        * I ordered [the|a] {product} on {ordered} (order {order}) and the tracking page has [not moved|shown the same
          line] since {past}: "Arrived at depot {depot}". [Is it lost, or just slow?|Should I worry?|Could you have a
          look?]
        * Order {order}, {carrier}, tracking {tracking}. [Nothing since {past}.|No movement since {past}.] Where is it?
        * my {noun} was meant to be here on {past}. {carrier} [says to ask the sender|sends me in circles], so here I
          am. The number is {tracking}, the order is {order}.
        * [It has been almost two weeks now|Twelve days have passed] since I ordered ({order}, on {ordered}). The {noun}
          is a present for my sister, whose birthday is on {soon}. [Do you think it can still make it?|Is there a chance
          it comes in time?]
        ! This is the [second|third] time I write about order {order}. The parcel has been "on its way" since {past} and
          nobody can tell me where it is. I paid {price} on {ordered}. [Either it arrives this week or I want my money
          back.|I would like a real answer now, not a link to a tracking page.]
        ~ I buy {product} the {ordered}, number of order {order}. Until today I don't receive nothing. In the page of
          {carrier} it say "in transit" since {past}. [Please can you say me where is my packet?|Can you please to look
          for it?]
        """,
        answers="""
        * I have looked at {tracking} with {carrier}: the parcel missed a lorry in {depot} and was scanned again this
          morning. [They expect it at your door on {soon}.|You should have it on {soon}.] If it is not there by then,
          [tell me|answer this mail] and I send a new one [the same day|at once], without waiting for the search.
        * {carrier} has no trace of {tracking} after {depot}, so I have [opened a search|reported it as missing]. That
          takes them up to five days, and I do not want you to wait for it: [a second {noun} is being packed now|I have
          packed a second {noun}] and leaves [today|tomorrow at noon]. Should both arrive, just [refuse the later
          one|leave the later one closed and write to me].

          The new order is **{order}-B**. You will get the tracking number tonight.
        * Your parcel has been waiting in {depot} because of [a torn label|an unreadable label]. {carrier} has printed a
          new one and promises [{soon}|delivery on {soon}]. I have [set myself a reminder|put it on my list] to check
          tomorrow morning.
        """,
        turns="""
        >13 {soon} would be fine. [Do I have to be at home?|Can they leave it with {neighbour}?]
        >13 Thanks for checking. [Could they leave it at {neighbour}?|What if I am out?] I work until six.
        < [No need to wait at home:|Easily:] I have added a note for the driver to leave it with {neighbour}. You can
          also change that yourself at https://ostrandervale.example/track/{tracking} until the evening before.
        >13 [It is {soon} evening and|The day is over and] still nothing. The page now says "exception".
        >13 Quick update from here: no parcel today.
        < [Then we stop guessing.|That is enough waiting.] I have sent a new {noun} with another carrier, tracking
          {tracking}-2, and the first parcel will be stopped on our side. The shipping cost of the first order goes back
          to you as well.
        > It came today! [The box looks tired but the {noun} is fine.|Everything fine inside.]
        < [What a relief.|Very good to hear.] I have closed the search with {carrier}. Enjoy the {noun}!
        """,
        notes="""
        * {carrier} hotline: last scan {depot}, label damaged. [Ticket with them: {tracking}/S.|They ring back before
          noon.]
        * @{colleague} this is the [fourth|third] parcel stuck in {depot} this week. Can you raise it with {carrier}?
        * If it is not scanned by {soon}, send a replacement without asking again. {price}, so no approval needed.
        """,
        calls="""
        * {name} called about {order}. Tracking {tracking} has not moved since {past}, parcel seems to sit in {depot}.
          Promised to call {carrier} and to write back today.
        """,
    ),
    Situation(
        name="delivered, not here", inbox=SUPPORT, weight=9, tags=("lost parcel", "shipping"), mood=Mood.TROUBLE,
        goods=Goods.GEAR, reason="Delivery", team=ORDERS, customer_file="tracking",
        subjects="""
        Parcel says delivered, nothing here
        {order}: [marked as delivered, but it is not|"delivered" to whom?]
        @24 {carrier} says I signed for it
        @2 Signature is not mine ({tracking})
        """,
        openings="""
        * According to {carrier} my parcel ({tracking}) was [handed over|delivered] on {past} at {time}. [Nobody was at
          home then.|I was at home all day and nobody rang.] I asked {neighbour} and looked behind the bins. Nothing. It
          is order {order}, [the|a] {product}.
        * Tracking shows a signature that is [not mine|a squiggle I have never seen]. Order {order}. [What now?|Can you
          find out who has it?]
        * {tracking} "delivered, {past}, {time}". [Not to me.|It was not.]
        ! So {carrier} claims I took the parcel on {past}. I did not. I was at work, as I am every {past} at {time}, and
          I have witnesses. {price} for a {noun} that a stranger is using now! [Please solve this.|I expect you to sort
          this out with them, not me.]
        ~ The post say the parcel {tracking} is deliver, but we have nothing in home. My wife was in house whole {past}.
          Please help us, is order {order}.
        """,
        answers="""
        * I have asked {carrier} for the proof of delivery of {tracking}. The position of the scanner is [two streets
          away|at number {seats} of another street], so it very likely sits with somebody who does not know what to do
          with it. They have [one working day|until {soon}] to fetch it. If they do not, a new {noun} leaves here on
          {soon}.
        ? I have told {carrier} that it was not you, and that is enough for me. You do not have to chase anybody: [I
          send you a new {noun} today|a replacement for {order} leaves today], this time with delivery against your name
          only. All I need is a line from you that the first one never reached you. [A reply to this mail is enough.|Just
          answer with "not received".]
        """,
        turns="""
        >2 Not received, I confirm. [{name}, {street}, {city}.|And thank you for being quick about it.]
        >2 Confirmed: the parcel {tracking} was not received by me or anybody in this house.
        < Perfect, that is all. The replacement has [left|just left] the house: {tracking}-R. [It needs your
          signature|They will ask for your name] this time.
        > You will not believe it: {neighbour} had it all along. [Very sorry for the noise.|They were on holiday.]
        < The best ending! I have called off the search. [No harm done|No need to be sorry], and I would rather send one
          mail too many.
        """,
        notes="""
        * Position of the scan is 200 m off. Second case in {city} with this driver.
        * Insurance form sent to {carrier}, claim {repair}, value {price}.
        """,
        calls="""
        * {name} rang: {tracking} shown as delivered on {past}, nothing received, neighbours asked. Order {order}. I ask
          for the proof of delivery.
        """,
    ),
    Situation(
        name="damaged in transit", inbox=SUPPORT, weight=13, tags=("damaged", "spare parts"), mood=Mood.TROUBLE,
        goods=Goods.FRAGILE, reason="Damage", team=ORDERS, customer_file="photo",
        subjects="""
        {product} arrived [broken|damaged|with a crack]
        [Damaged|Dented] parcel, order {order}
        @13 Cracked {part}
        {order}: {part} broken on arrival
        """,
        openings="""
        * the {product} from order {order} came today and the {part} [has a crack from end to end|is broken in two|is
          bent]. The box was [dented on the same corner|soft on one side, as if it had been wet]. [Is there a way to get a
          new one quickly?|What do you need from me?]
        * [Unpacked my {noun}, found the {part} in two pieces.|{part} broken.] Order {order}. Rest looks fine.
        * [I was so looking forward to this.|We had waited weeks for it.] The {noun} (order {order}) arrived this
          morning, very nicely packed, but the {part} is cracked. [It still works, but I would not like to keep it like
          that.|I have not dared to switch it on.]
        * My {noun} arrived at last, but [it rattles|something rattles inside] and the {part} hangs loose. I have only
          lifted it out of the box, promise. Order number {order}.
        ! {price}, and it arrives broken. The {part} is smashed and there was ONE sheet of paper around it. [Who packs
          these?|Do you test your packing at all?] Order {order}. I want a new {noun}, not a discount.
        ~ Today arrive my {noun}, but the {part} is broke. The carton from outside have big hole. [What I must do
          now?|How we make?] My order is {order}.
        """,
        answers="""
        ?12346 that is a poor start. Two questions, so that I send the right thing:

          - Is anything else bent or loose besides the {part}?
          - Would a new {part} be enough? It is one screw, and could be with you on {soon}. A whole {noun} takes two days
          longer.
        *1236 there is no need to send anything back. A new {part} [leaves Malmö today|is being packed now] and should
          be with you on {soon}. [The old one can go to the bin.|Keep the old one for spares or recycle it.] Swapping
          takes five minutes: https://ostrandervale.example/help/{order}
        *13456 I have ordered a collection: {carrier} picks the broken {noun} up on {soon}, and a new one is on its way
          already under {tracking}. Put it back into its box as it is; [no form, no label|the driver brings the label].
        """,
        turns="""
        >1 [Nothing else is bent.|Everything else looks straight.] A new {part} is fine if it comes by {soon}.
        >1 Swapping the {part} myself is no problem. [Please send it to {street}, {city}.|I have tools.]
        < [Good.|Lovely.] The {part} has gone out with {carrier}, tracking {tracking}. [Hold the old one down with your
          thumb while you loosen the screw, then it does not jump.|The screw is a T10, and there is a small key in the
          bag.]
        >12 The {part} arrived and fits. [It works like new.|All good now.]
        < [That is what I wanted to read.|Wonderful.] Thank you for your patience with us.
        |2 I would rather have a whole new {noun}, [to be honest|if you do not mind]. I no longer trust this one.
        < Of course. A new {noun} is booked for {soon}, and the same driver takes the old one along. You pay nothing.
        """,
        notes="""
        * Three {part}s left in Malmö, [one is put aside with the name on it|I put one aside]. The courier leaves at
          15:00.
        * Packing: single wall box again. @{colleague} can we use the double ones for {noun}s?
        * Claim with {carrier} filed, {repair}. Value {price}.
        """,
        calls="""
        * {name} on the phone: {product} arrived with a broken {part} (order {order}). Box dented. Wants a spare part
          rather than an exchange. Has to be there by {soon}.
        """,
    ),
    Situation(
        name="wrong item", inbox=SUPPORT, weight=8, tags=("wrong item", "returns"), mood=Mood.TROUBLE, goods=Goods.COLOURED,
        reason="Delivery", team=ORDERS, agent_file="label", customer_file="photo",
        subjects="""
        @1245 Wrong [item|colour|thing] in order {order}
        @1245 I ordered {colour}, I got {colour2}
        [Not what I ordered|This is not mine] ({order})
        @3 {product} instead of {product2}?
        """,
        openings="""
        * I ordered [the|a] {product} in {colour} and received it in {colour2}. [A lovely colour, but not in our
          kitchen.|Everything else is right.] Order {order}. [How do we swap it?|Could you exchange it?]
        * Order {order}: wanted {colour}, got {colour2}. Please swap.
        * There seems to be a mix-up: my parcel holds [somebody else's order|a delivery note for another person] and a
          {product2}, but no {noun}. My own order is {order}. [I have not opened anything.|Perhaps the other person has
          mine?]
        ! How hard is it to read a label? It says {colour} on the invoice, {colour} on the box and there is a {colour2}
          {noun} in it. I need it on {soon}.
        ~ I was waiting the {noun} of colour {colour}, but the one who arrived is {colour2}. In my order {order} is
          clear writed. [Can I change?|It is possible change it?]
        """,
        answers="""
        *1245 our mistake, and an easy one to mend: the {colour} one leaves [today|tomorrow], and {carrier} collects the
          other on {soon}. Please put it back into its box. You will get the collection note by mail.
        *3 you got the parcel of the order next to yours on the bench, I am afraid. I have sent the right {noun}
          ({tracking}) and [a return label|a label for the wrong one]: https://ostrandervale.example/return/{order}. No
          hurry with that, [two weeks are fine|any time this month].
        ?1245 [if you could live with {colour2}|should you like {colour2} after all], you may keep it and I take {tenth}
          off the price. If not, no problem at all, then I exchange it. Just tell me which.
        """,
        turns="""
        >3 I will keep it, [the colour has grown on me|my daughter likes it]. The {tenth} are welcome.
        < Then it stays. {tenth} are on the way back to the card you paid with, [three to five days|give the bank three
          days].
        |3 Exchange it, please. [Does somebody have to be at home for the collection?|Nobody is at home before {time}.]
        < The collection is between {time} and 18:00 on {soon}, and it can stand at the door or with {neighbour}. The
          {colour} one is already rolling.
        """,
        notes="""
        * Picked from the wrong shelf, {colour} and {colour2} have nearly the same number. @{colleague} new shelf
          labels?
        """,
        calls="""
        * {name}: got {colour2} instead of {colour}, order {order}. Exchange arranged, collection on {soon}.
        """,
    ),
)  # fmt: skip
