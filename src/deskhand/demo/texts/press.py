"""Journalists, podcasts, fairs, people who would like something for free."""

from deskhand.demo.customers import Kind
from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import PRESS

SITUATIONS = (
    Situation(
        name="pictures", inbox=PRESS, weight=3, tags=("press",), kind=Kind.MEDIA, mood=Mood.BUSINESS,
        goods=Goods.COLOURED, agent_file="press",
        subjects="""
        @12 Press: pictures for [a|our] {issue} guide
        @12 High resolution files of the {product}
        Picture request, {org}
        """,
        openings="""
        * for our {issue} guide to good kitchens we would like to show the {product}. Could you send me pictures for
          print, [cut out and with background|at least 3000 pixels wide]? We go to press on {later}.
        * Pictures of {product}, print quality, by {soon}? {org}.
        * We are doing {pages} pages about things that can be repaired, and your bench was named by three people who do
          not know each other. [May we send a photographer?|Is there somebody we may photograph at work?]
        """,
        answers="""
        *12 high resolution files are in this folder, cut out and on the bench:
          https://ostrandervale.example/press/{order}. Free to print with "Ostrander & Vale" next to it. [Could you send
          us a copy?|We would be glad of a copy for the wall.]
        *3 do send one. Joel and Birgit are at the bench from Tuesday to Thursday, and neither minds a camera once it is
          there. [How about {soon}, from ten?|Would {soon} at {time} work?]
        """,
        turns="""
        >1 Downloaded, thank you. What does the {noun} cost in the shop, and [is that with VAT|where is it made]?
        < {price}, VAT included. It is turned and put together here in Malmö, the motor is from Denmark, the wood from a
          forest that one can walk to.
        >2 {soon} works. [Two people, little equipment.|We need an hour and a socket.]
        < It is in the calendar. There will be coffee.
        """,
        notes="""
        * {org}, {pages} pages. Out in {month}. @{colleague} enough stock of the {product} by then?
        """,
        calls="""
        * {name}, {org}: pictures of the {product} by {soon}. Sent the folder.
        """,
    ),
    Situation(
        name="test sample", inbox=PRESS, weight=3, tags=("press",), kind=Kind.MEDIA, mood=Mood.BUSINESS,
        goods=Goods.ELECTRIC,
        subjects="""
        @1 Test of {qty} {noun}s: can you lend us one?
        @2 {product} for review
        @12 Loan of [a|the] {product}
        @3 Numbers for a table: {product}
        """,
        openings="""
        * {org} tests {qty} {noun}s for the {issue} issue. Could we borrow [a|one] {product} for four weeks? You get it
          back clean, and you see the measurements before we print, [though not the marks|but not the verdict].
        * I film small reviews at my kitchen table, eleven thousand people watch. [Would you lend me one?|May I have one
          for a month?] I say what I think, just so you know.
        * Questions about the {product} for a table: weight, power, volume in dB, price, warranty. By {soon} please.
        """,
        answers="""
        *1 gladly. One in {colour} leaves on {soon}, on loan until {later}. It comes from the shelf like any other; we
          do not have special ones for the press.
        *2 saying what you think is the only kind of review we lend things for. It leaves on {soon}, please send it back
          when you are done.
        *3 here you are:

          - price {price} with VAT, warranty two years, motor five
          - made in Malmö, every part for sale for ten years
          - 68 dB at one metre, measured by somebody with good ears
        """,
        turns="""
        >12 It arrived. The {part} seems a little stiff, [is that usual|or is it ours]?
        < It is for the first ten uses. If it still is after that, write what you find, we would want to know.
        >12 The text is done. [You may like page two more than page three.|You come second, if I may say so.]
        < Second is where one still has something to do. Thank you for testing it so carefully.
        """,
        notes="""
        * Loan {repair}, back on {later}. Normal one from the shelf, says Ines.
        """,
        calls="""
        * {name}, {org}, wants the {product} for a test. Loan agreed until {later}.
        """,
    ),
    Situation(
        name="interview", inbox=PRESS, weight=2, tags=("press",), kind=Kind.MEDIA, mood=Mood.BUSINESS,
        subjects="""
        @1 Interview for {org}
        @2 Podcast about repairing: would you join us?
        @3 [Three|Five] questions about coffee prices
        """,
        openings="""
        * for {org} I am talking to firms that keep spare parts for longer than they must. [Would you have an hour?|Half
          an hour by phone would do.] I could do {soon} at {time}.
        * We would like to have somebody of you in our next episode: one hour, two microphones, no preparation. Who of
          you likes to talk?
        * Coffee has never cost as much as now. What does that mean for a house of your size? [Three sentences would be
          enough.|I would quote you by name.] My deadline is {soon}.
        """,
        answers="""
        *1 {soon} at {time} is good. You will speak with Ines, who runs the desk and knows what breaks. Is video needed?
        *2 that would be Priya. She asks whether swearing is allowed when the talk comes to glued housings.
        *3 here are my three sentences. We pay a third more than two years ago, and we pass on half of it. The rest
          comes from roasting on fewer days. If it goes on, our bags get smaller before they get worse.
        """,
        turns="""
        >1 Only sound. [I ring her at {time}.|I send a link.]
        < Perfect, she is in the quiet room.
        >2 It is encouraged! [Is {later} possible?|How about {later}?]
        < {later} it is. She is practising.
        >3 Exactly what I needed, thank you. It appears on {later}.
        < I look forward to reading it.
        """,
        notes="""
        * @Ines {soon}, {time}, {org}. Numbers for the talk are in the folder.
        """,
        calls="""
        * {org} would like an interview on repairs. {soon}, {time}.
        """,
    ),
    Situation(
        name="sponsoring", inbox=PRESS, weight=2, tags=("press", "idea"), kind=Kind.MEDIA, mood=Mood.BUSINESS,
        goods=Goods.KETTLES,
        subjects="""
        @1 Fair in {city}: a stand in {month}?
        @2 [Prize|Prizes] for our raffle
        @3 Partnership {org}
        """,
        openings="""
        * in {month} there is a small fair for makers in {city}. We would love to have your bench there, people bring
          broken things and you mend them. [A stand costs you nothing.|Tables and power are there.]
        * the school beside our office holds a raffle for a new roof, and we collect the prizes. Would you give
          something? [A {noun} would be the dream.|Anything,
          really.]
        * We could mention the {product} to our readers in a friendly way for €{last4}. [Interested?|Shall we talk?]
        """,
        answers="""
        *1 a bench where people bring broken things is just our idea of a weekend. Joel and Birgit would come. What do
          we have to fill in?
        *2 a {noun} is on its way to you, and a voucher for a class. Good luck with the roof!
        *3 thank you for the offer, but we never pay to be mentioned. If you would like to test the {product}, we lend
          you one gladly, whatever comes of it.
        """,
        turns="""
        >1 Only the form below: [name, table, power|three lines]. And a sentence for the programme?
        < "Bring something broken, take home something that works." You can have that one.
        >2 The children have painted you a thank-you. [It is large.|It is in the post.]
        < We have cleared a wall.
        """,
        notes="""
        * Fair in {city}: two people, one van. @{colleague} dates?
        """,
    ),
)  # fmt: skip
