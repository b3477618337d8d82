"""Money: charged twice, invoices, gift cards, codes, payments that fail."""

from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import ORDERS, SUPPORT

SITUATIONS = (
    Situation(
        name="double charge", inbox=SUPPORT, weight=8, tags=("payment", "refund"), mood=Mood.TROUBLE, goods=Goods.GEAR,
        reason="Payment",
        team=ORDERS, refunds=True, customer_file="statement",
        subjects="""
        Charged twice for order {order}
        [Double|Two] payments of {price}
        Paid twice?
        {price} taken twice from my card
        """,
        openings="""
        * I see two payments of {price} on my card, both from {past}, but I ordered one {noun} only ({order}). [Could
          you return one of them?|Is one of them a reservation?]
        * {order}: charged twice. {price} each. Please refund one.
        * When I paid for the {product}, the page [froze|went white], so I tried again. Now [there are two charges|my
          bank shows two charges] of {price}, and only one order, {order}. I do not mind waiting a day or two, but I would
          like to know that you know.
        ! You took {price} from my account TWICE. Because of that my rent bounced. I expect the money back today and an
          explanation. Order {order}.
        ~ In my bank I see two times {price} for same {noun}. I did only one click. Please return one time, I am
          student.
        """,
        answers="""
        *1235 I can see both: the first was only reserved, not taken, and your bank lets go of it by itself [by
          {soon}|within three days]. I have asked the payment company to cancel the reservation now, which often helps.
          The second one is the real one.
        *12354 you are right, both went through. I have returned one of them just now: {price} to the card ending in
          {last4}, reference {tracking}. [It takes the bank three to five days.|Three days, says the bank.]
        """,
        turns="""
        >1 The reservation is gone. [All good.|Just the one payment now.]
        >2 The money is back. [That was quick.|Thank you.]
        < Thank you for telling me. We have found out why the page froze and it should not happen again.
        |1 It is {soon} and both are still there. My bank says it is a real booking.
        < Then I believe your bank. One {price} is on its way back as of this minute, reference {tracking}. I am sorry
          that it took two mails.
        """,
        notes="""
        * Two captures in the log, 40 seconds apart. One refunded. @{colleague} same browser as last week.
        * Only an authorisation, not captured. Explained.
        """,
        calls="""
        * {name}: two charges of {price} for {order}. One is a reservation. Asked the payment company to release it.
        """,
    ),
    Situation(
        name="invoice with VAT id", inbox=SUPPORT, weight=8, tags=("invoice", "b2b"), goods=Goods.GEAR, reason="Payment",
        agent_file="invoice",
        mood=Mood.REQUEST,
        subjects="""
        @1235 Invoice needs our VAT number
        Invoice for order {order}
        [Please correct|Correction of] invoice {invoice}
        @1235 VAT id on {invoice}
        """,
        openings="""
        * our accountant asks for {vat} on the invoice of order {order}. [Could you issue it again?|Is that possible
          after the fact?]
        * Please send the invoice for {order} again, with our VAT number {vat}. Thanks.
        * I bought the {noun} for my office, but the invoice {invoice} is made out to me privately. It should read:

          / {name} Studio
          / {street}
          / {postcode} {city}
          / VAT {vat}

          [Can this be changed?|I should have typed it in, I know.]
        * Does invoice {invoice} contain VAT or not? The line says 0 %, the total says otherwise. [My bookkeeper is
          confused and so am I.|Our tax office likes clear numbers.]
        ~ For my accounting I must have the facture with number {vat}. In the mail is only the confirm of command
          {order}.
        """,
        answers="""
        *125 here is the new invoice with {vat}. The old one is cancelled with a credit note, which [comes along|is in
          the same file], so your books stay in order.
        *1235 done: {invoice} now has the name and number you gave me. I have saved both in your account, so the next
          one will be right from the start.
        *4 that line is misleading and will be changed. The price of {price} includes VAT; 0 % would only be right for
          firms abroad with a valid number. [Is {vat} the right one? Then I issue it without VAT and return the
          difference.|Send me your number if you have one, and I return the difference.]
        """,
        turns="""
        > Perfect, one last thing: could the invoice carry our reference "[Kitchen|Cost centre 4410|Third floor]"?
          [Otherwise it gets lost here.|Our system insists.]
        < It is on it now, right below the number. [The same link shows the new version.|I have sent the new file.]
        | The number is right, but the name of the street has a typo. {street}, please.
        < My typo. Corrected, here is version two. I hope your accountant forgives me.
        """,
        notes="""
        * VAT id checked, valid, name matches.
        * Credit note and new invoice booked. Q: why does the shop not ask for the number? @{colleague}
        """,
        calls="""
        * {name} needs {invoice} with VAT id {vat}. Checked the number, sent the new invoice.
        """,
    ),
    Situation(
        name="gift card fails", inbox=SUPPORT, weight=6, tags=("gift card", "payment"), mood=Mood.TROUBLE, reason="Payment",
        customer_file="screenshot",
        agent_file="gift card",
        subjects="""
        @12356 Gift card will not apply at checkout
        @156 [Code|Gift card] {code} "already used"
        @12356 Gift card of {voucher} does not work
        @4 Gift card for my father never arrived
        """,
        openings="""
        * my gift card {code} says "already used", but [it is brand new|I have only just scratched it free]. It should
          be worth {voucher}. [What am I doing wrong?|Could you check it?]
        * {code} does not work. {voucher}. Help?
        * I tried to pay with a gift card ({code}) and a discount code, and the shop takes only one of them. [Is that on
          purpose?|Surely both should work?]
        * The gift card I bought for my father on {ordered} never arrived in his inbox. [His birthday is over by now.|I
          paid {voucher}.] Can you send it again, to me this time?
        ! Bought a gift card, paid {voucher}, "invalid code". [What exactly did I pay for?|Some gift.] The code is
          {code}, I have typed it eleven times.
        ~ I become a gift card from friend with number {code} but in the end of buying it say error. Why?
        """,
        answers="""
        *1256 the first sign after OV- is a letter where one reads a number only too easily. I have tried {code} just
          now and it holds {voucher}, so [the shop page is to blame|the fault was on our side]. I made it free again;
          please try once more.
        *256 it was used up when your first payment broke off, and nobody gave it back. That has happened now: {code}
          holds {voucher} again, and I have made it valid for another year.
        *4 the mail bounced because of a missing letter in the address. The card is attached to this mail as a page to
          print, and the code is **{code}**. Please tell your father from us that the delay was not yours.
        *3 it is on purpose, but nobody says so before the last page. I have put both on your order by hand: the card
          for {voucher}, and the discount on the rest.
        """,
        turns="""
        >12 It works now! [Ordered at once.|A {product2} is on its way to me.]
        < That is what it is for. [Enjoy!|Have fun with it.]
        |12 Same message again, sorry. [I tried it on my phone as well.|Now it says "expired".]
        < Then we turn it round: order as you like and choose bank transfer. I take {voucher} off by hand and the rest
          is all you pay.
        """,
        notes="""
        * Card balance stuck after a broken checkout. Reset by hand. @{colleague} we need a job for that.
        """,
        calls="""
        * {name}: gift card {code} refused. Balance was locked, released it, worked while we were on the phone.
        """,
    ),
    Situation(
        name="discount code", inbox=SUPPORT, weight=6, tags=("discount", "payment"), goods=Goods.GEAR, reason="Payment",
        subjects="""
        @35 [Newsletter|Welcome] code does not work
        @2 Forgot to enter my discount
        @1 {product} cheaper one day after I bought it
        @4 Student discount?
        """,
        openings="""
        * I ordered {order} yesterday and today the {product} costs {cheaper} instead of {price}. [Is there a way to get
          the difference?|I would have waited, had I known.]
        * Forgot my welcome code on order {order}. Can you add it?
        * The code from your newsletter ends with "not valid for this item". The item is the {product}. [The newsletter
          shows exactly that one.|Which ones is it valid for?]
        * Do you have prices for [students|schools|teachers]? I would like [the|a] {product}, but {price} is a lot for
          me. [A used one would do too.|I could also take one with scratches.]
        ~ In the mail you write 10 percent, but in the shop nothing is less. Please explain.
        """,
        answers="""
        *1 fair enough: I have returned the difference to {cheaper} for order {order}. [We do that for two weeks after
          every order.|You had only missed it by a day.]
        *35 the code works only when no other discount is in the basket, and the shop says so nowhere. I have taken
          {tenth} off {order} by hand.
        *4 we do: write from the address of your school, or send me a photo of your card, and you get 15 % on everything
          but beans. For the {product} that makes {cheaper}. We also have returned ones from time to time, checked on the
          bench, [with full warranty|with the same warranty].
        *2 added after the fact: {tenth} go back to your card for {order}. [Welcome, by the way!|And welcome to the
          newsletter.]
        """,
        turns="""
        >3 That is generous. [A returned one would be lovely, which colours are there?|What would a returned one cost?]
        < At the moment one in {colour}, with a scratch at the back that only its owner will ever see, for {cheaper}
          minus another tenth. I have put it aside until {soon}.
        >3 I take it!
        < Then it is yours. The link to pay is https://ostrandervale.example/pay/{order} and it leaves on {soon}.
        """,
        notes="""
        * Difference refunded under the two weeks rule.
        """,
        calls="""
        * {name} asked for the lower price on {order}. Difference refunded.
        """,
    ),
    Situation(
        name="payment refused", inbox=SUPPORT, weight=5, tags=("payment",), mood=Mood.TROUBLE, goods=Goods.GEAR,
        reason="Payment",
        customer_file="screenshot",
        subjects="""
        @14 Payment [refused|fails], three cards tried
        @123 Cannot pay for the {product}
        @34 Checkout error on the last step
        @2 Can I pay by bank transfer?
        """,
        openings="""
        * your checkout refuses [all my cards|both my cards], and they work everywhere else. I am trying to buy [the|a]
          {product} for {price}. [Is the fault with you or with me?|Is there another way to pay?]
        * Can I pay by bank transfer? {product}, {price}, to {city}.
        * At the last step the shop says "something went wrong" and the basket is empty again. [Three times now.|I have
          typed my address four times.] I am beginning to take it personally.
        ~ The payment say always failure 3DS. My card is good, I buy with it every day. What to do?
        """,
        answers="""
        *134 the bank asks you for a confirmation in its app, and that question never reaches you because [your browser
          blocks the window|the window is blocked]. Please allow windows for our shop once, or use this link:
          https://ostrandervale.example/pay/{order}
        *12 with pleasure. I have made an order by hand, {order}. Please transfer {price} with that number as reference;
          the {noun} is kept for you for a week and leaves on the day the money is here.
        """,
        turns="""
        >2 Transferred just now. [Reference {order}.|My bank says it arrives on {soon}.]
        < It is here already. Your {noun} [leaves tomorrow at noon|is being packed].
        >1 [The link worked at once.|With the link it went through.] Thanks!
        < Good! The order is {order}, and it leaves on {soon}.
        """,
        notes="""
        * 3-D Secure window blocked again. @{colleague} how about the redirect instead?
        """,
        calls="""
        * {name} could not pay for the {product}. Order made by hand ({order}), pays by transfer.
        """,
    ),
)  # fmt: skip
