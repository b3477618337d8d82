"""Things that go back, orders that stop, money that returns."""

from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import ORDERS, SUPPORT

SITUATIONS = (
    Situation(
        name="return", inbox=SUPPORT, weight=11, tags=("returns", "refund"), goods=Goods.GEAR, reason="Return", team=ORDERS,
        agent_file="label", refunds=True,
        mood=Mood.REQUEST,
        subjects="""
        @1246 Returning [my|the] {noun} (order {order})
        @1246 [How do I send back|I would like to return] the {product}?
        Return of order {order}
        @1 [Wrong size|Too big for our kitchen]: {product}
        """,
        openings="""
        * I would like to return the {product} from order {order}. It is [a fine thing, but too big for our
          kitchen|lovely, only not for me]. It has not been used. [How do I go about it?|Where do I send it?]
        * Please send me a return label for order {order}. [The {noun} is unused.|Unopened.]
        * We were given two of them for our wedding, which says something about your {noun} or about our friends. [Could
          we return one?|May one go back?] The order number on the slip is {order}. We do not have the receipt, [of
          course|as it was a present].
        * My {noun} came on {past}, and after three days I must admit that I prefer the old one. [It has been used twice
          and cleaned.|I made four coffees with it.] Is a return still possible, and [what does it cost me|who pays the
          postage]?
        ! I sent the {noun} back on {ordered} and since then: silence. No mail, no refund, nothing. Order {order}. You
          were quick enough to take the {price}.
        ~ I want to give back the {noun}, because is not for induction like I thinked. Is new, in box. How I do the
          return please? Order {order}.
        """,
        answers="""
        *1246 of course. Here is the label for {order}: https://ostrandervale.example/return/{order}. Any {carrier} shop
          takes it, no printer needed, they scan the code from your phone. The {price} go back [within three days of its
          arrival|as soon as it is on our bench].
        *3 a present can always come back, receipt or not. We can return the money only to the card it came from,
          though, so the choice is:

          - a gift card of {price} for you, today
          - or the {price} back to whoever gave it, in silence or with a note, as you like
        *5 I have found your parcel: it arrived on {past} and waits in the queue of the bench, which is [longer than it
          should be|too long this week]. I have taken it out and booked the {price} just now. You will see them in three
          to five days.
        """,
        turns="""
        >1 Brought it to the shop today. [They gave me a slip with {tracking}.|The number is {tracking}.]
        >1 It is on its way to you: {tracking}. When do I get the money?
        < Thank you, I can see it moving. [It should be here on {soon}|I expect it on {soon}], and you get a mail the
          moment the refund is booked. Banks then take up to three days more.
        >2 The gift card, please. [We have our eye on the scale already.|Our friends need never know.]
        < Here it is: **{code}**, worth {price}, good for three years and for several orders.
        |1 [I cannot find the original box any more.|The cardboard went into recycling, sorry.] Is that a problem?
        < Not at all. Any box will do, as long as the {noun} cannot wander about in it. [Crumpled newspaper is
          perfect.|An old blanket works wonders.]
        """,
        notes="""
        * Used, but clean. Full refund all the same, says @{colleague}.
        * Return booked in, bench queue at {qty2} boxes. We need a second pair of hands on Mondays.
        """,
        calls="""
        * {name} wants to return the {product} from {order}, unused. Label sent by mail, refund of {price} on arrival.
        """,
    ),
    Situation(
        name="where is my refund", inbox=SUPPORT, weight=8, tags=("refund", "payment"), mood=Mood.TROUBLE, goods=Goods.GEAR,
        reason="Return", team=ORDERS, refunds=True, customer_file="statement",
        subjects="""
        Refund for [order {order}|the {noun}]
        [Where is my|Still no] refund?
        @1256 {price} still missing
        @156 Refund promised on {past}
        @3 Refund of {order}: wrong amount
        @4 Refund to an old card?
        """,
        openings="""
        * on {ordered} you wrote that the {price} for order {order} were on their way. [My bank sees nothing.|Nothing on
          my account so far.] Could you check whether it really went out?
        * No refund yet, order {order}, {price}.
        * I got a mail "Your refund has been issued" but the amount was [{tenth}|only {tenth}] rather than {price}. Is
          the rest coming separately? It is order {order}.
        * The card I paid with [has expired|was stolen] since. Does that matter for the refund of {order}? [I have a new
          one from the same bank.|The account behind it is closed.]
        ! Three weeks. THREE. You have the {noun} AND my {price}. Next stop is the consumer office. Order {order}.
        ~ You have say me the money arrive in 5 days. Is now 14 days and I no see it. Can you control please?
        """,
        answers="""
        *126 the {price} left our account on {past}, reference {tracking}. [It goes to the card ending in {last4}.|The
          card ends in {last4}, does that ring a bell?] If your bank cannot see it with that reference by {soon}, I ask
          ours to trace it.
        *1256 I am embarrassed: the refund was prepared, but never released. I have pressed the button myself now, and
          {price} are on the way to you. [Three to five days, depending on the bank.|Most banks need three days.] The
          postage comes back on top.
        *4 an expired card is no problem: your bank passes the money on to the account behind it. If that is closed too,
          send me [an IBAN|the number of another account] through this form, not by mail:
          https://ostrandervale.example/refund/{order}
        *3 you are right: the postage was returned, and the price of the {noun} was forgotten. The rest of the {price}
          is booked as of this minute, reference {tracking}, and should be with you by {soon}.
        """,
        turns="""
        >12 It arrived this morning. [All settled.|Thank you for the reference, that helped.]
        < Very good. Then I close the books on {order}.
        |1 The bank says the reference is unknown. [They were quite sure.|What now?]
        < Then I have our bank trace it, which takes two days. Whatever they find, you will have your {price} by {soon}:
          [if need be I send it a second time|in the worst case I pay it again and quarrel with them alone].
        >3 Filled in the form. [Did it arrive?|I hope the number was right.]
        < It did, and the transfer of {price} is booked for {soon}. Nothing more to do for you.
        """,
        notes="""
        * Refund was in the draft list since {past}. @{colleague} third one, the release job skips cards from {country}.
        * Trace opened at our bank, {repair}.
        """,
        calls="""
        * {name} asks for the refund of {order} ({price}). Booked on {past}, gave the reference for the bank.
        """,
    ),
    Situation(
        name="cancel an order", inbox=SUPPORT, weight=8, tags=("cancellation", "refund"), goods=Goods.GEAR,
        reason="Return", team=ORDERS,
        refunds=True,
        mood=Mood.REQUEST,
        subjects="""
        @126 [Please cancel|Cancel] order {order}
        Cancellation {order}
        @3 Ordered twice by accident
        @146 [Can I still cancel?|Too late to cancel {order}?]
        @4 Only one {product2} please ({order})
        @5 Cancelled and shipped anyway: {order}
        """,
        openings="""
        * please cancel my order {order}. [I pressed the button too early.|My husband had ordered the same {noun} an
          hour before.|It was meant for another address.]
        * Cancel {order} please.
        * By mistake I ordered twice: {order} and {order2}, both [the|a] {product}. [One is enough.|Only one may come.]
          Please cancel whichever is easier for you.
        * I ordered {qty} of the {product2} with my {noun}, but I only need one. Can you take the others off order
          {order}, [or is it packed already|if it has not gone yet]?
        ! I cancelled order {order} within TEN MINUTES and today you tell me it was shipped. What is the button for,
          then?
        ~ Please to cancel my command {order}. I have find it is not compatible. Sorry for disturb.
        """,
        answers="""
        *126 {order} is cancelled and the {price} are on their way back. [Nothing was packed yet.|The bench had not even
          seen it.] Have a good {weekday}!
        *126 you were just in time: I have taken it off the bench. {price} go back to the card ending in {last4}.
        *1236 the parcel left [this morning|an hour before your mail], so I cannot stop it any more. The easy way:
          refuse it at the door, and it comes back by itself. As soon as it is here, you get the full {price}.
        *3 {order2} is cancelled and its {price} are on their way back; {order} stays and leaves on {soon}.
        *4 the order is down to one {product2}, and the difference goes back to the card ending in {last4}. [It had not
          been packed yet.|The box was still open on the bench.]
        *5 you did everything right. The button writes to a list, and the bench looked at that list an hour too late.
          Please refuse the parcel at the door; the {price} go back today, I do not wait for it to arrive.
        """,
        turns="""
        >3 [Refused it.|The driver took it back without a word.] Do you need anything from me?
        < Nothing at all. It should be here on {soon}, then the refund follows by itself.
        >12 Actually, could you keep it and only change the colour to {colour2}? [Sorry for the back and forth.|I know,
          I know.]
        < Happily. I have put it back on the bench in {colour2}, with the old price and the old number. It leaves on
          {soon}.
        """,
        notes="""
        * The cancel button did not reach the warehouse. Told @{colleague}.
        """,
        calls="""
        * {name} cancelled {order} by phone. Taken off the bench, refund booked.
        """,
    ),
    Situation(
        name="wrong voltage", inbox=SUPPORT, weight=5, tags=("compatibility", "returns"), goods=Goods.MAINS,
        reason="Return",
        agent_file="label",
        subjects="""
        @14 Wrong voltage on the {noun}?
        @14 [110 or 230 volts?|Label says 110 V]
        @2 Plug of the {product}
        @3 Will it work in {city}?
        """,
        openings="""
        * the label below my {product} says 110 V. [We are in {city}.|I live in {city}, where it is 230 V.] May I plug
          it in, or will it go up in smoke? Order {order}.
        * My {noun} came with a plug that fits no socket in this house. [Is there an adapter?|Did I order the wrong
          one?] Order {order}.
        * I am moving abroad in {month} and would like to take my {noun} along. [Does it run on 110 V as well?|Would a
          converter do?] Serial number {serial}.
        ~ The {noun} is for 110V but in my country is 220V. I can use with transformator or it is danger?
        """,
        answers="""
        *14 please do not plug it in: that is the model for America, and it [would not survive it|would be a short
          pleasure]. The right one leaves tomorrow, and {carrier} collects yours at the same door. You pay nothing, it was
          our slip.
        *2 inside it is the same {noun} for both, only the cord differs. I have put the right cord into a letter for
          you: it clicks in at the back. [Until then any cord with the same connector works.|You can use the one of a
          desktop computer until it comes.]
        *3 a converter is not a good idea: the {noun} draws more than small ones can give, and the large ones cost more
          than the trouble is worth. What we can do is change the heating element, for {tenth}, here on the bench. [Many
          do that before they move.|It takes us a day.]
        """,
        turns="""
        >3 Then let us do that. [How long would I be without it?|Where do I send it?]
        < Four days door to door. Choose a day that suits you at https://ostrandervale.example/repair and write {repair}
          on the box.
        >12 It came and it runs. [Coffee was never so exciting.|No smoke.]
        < As it should be. Enjoy!
        """,
        notes="""
        * Shipped from the wrong pallet. @{colleague} please check whether more 110 V went out on {past}.
        """,
        calls="""
        * {name} rang from {city}: {product} labelled 110 V. Told them not to plug it in. Exchange booked, {order}.
        """,
    ),
    Situation(
        name="gift exchange", inbox=SUPPORT, weight=4, tags=("returns", "gift card"), goods=Goods.COLOURED, reason="Return",
        mood=Mood.REQUEST,
        subjects="""
        @123 [A present|Birthday present], but the wrong colour
        @123 Exchange {colour} for {colour2}
        @2 Gift from order {order}
        """,
        openings="""
        * I was given [the|a] {product} in {colour} and would love to have it in {colour2}. I do not know the order
          number, [and I would rather not ask|since it was a present]. The serial number is {serial}.
        * Could my mother exchange her {noun}? She got it in {colour} from all of us, order {order}, and she is too
          polite to write to you herself. [{colour2} would match her tiles.|She has set her heart on {colour2}.]
        * Got {colour}, want {colour2}, it was a present. How?
        """,
        answers="""
        *1 the serial number is all I need. I have put one in {colour2} aside under your name. Send the other back with
          this label, and the new one leaves the same day: https://ostrandervale.example/return/{serial}
        *23 with pleasure, and nobody will hear of it. {carrier} brings the {colour2} one on {soon} and takes the
          {colour} one along. [Is {street}, {city} the right door?|We use the address {street} in {city}, unless you tell
          me otherwise.]
        """,
        turns="""
        >2 The address is right. [She is at home all day on {soon}.|And thank you, that is kind.]
        < Then it is settled. [There is a small bag of {beans} in the box.|I have added a card that says it was our
          idea.]
        """,
        notes="""
        * Buyer is {order}. Do not mail the buyer, it is a surprise.
        """,
        calls="""
        * {name} would like to swap a present, {colour} for {colour2}. Serial {serial}. Swap arranged with {carrier}.
        """,
    ),
)  # fmt: skip
