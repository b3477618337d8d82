"""Cafés, offices and hotels: prices, standing orders, terms, machines."""

from deskhand.demo.customers import Kind
from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import CAFES, WHOLESALE

SITUATIONS = (
    Situation(
        name="price list", inbox=WHOLESALE, weight=5, tags=("wholesale", "b2b"), kind=Kind.BUSINESS, mood=Mood.BUSINESS,
        goods=Goods.BIG_GRINDERS,
        agent_file="prices",
        subjects="""
        @12 Wholesale price list?
        [Prices|Terms] for {org}
        @124 {org}: {kilos} kg a month, what would it cost?
        @3 Opening a café in {city}
        """,
        openings="""
        * we run {org} in {city} and would like to serve {beans}. Could you send me your wholesale prices for about
          {kilos} kg a month, and [the terms of delivery|what delivery costs to {postcode}]?
        * Wholesale list please. {kilos} kg a month, {city}.
        * In {month} we open {org}: thirty seats, one machine, no grinder yet. What would you put on the bar for around
          {kilos} kg a month, [and what would the whole thing cost|and do you train people as well]? A visit would be
          welcome.
        * At the moment we buy from a large roaster and nobody here is happy with it. I tasted {beans} at a friend's
          place. [From which quantity do you deliver?|Is {kilos} kg a month of any interest to you?]
        """,
        answers="""
        *12 the list is attached. For {kilos} kg a month you would be in the second column, which is 18 % below the
          shop, free of postage from 10 kg. We roast on Mondays and Wednesdays, so what you order before noon is with you
          two days later.
        *3 congratulations on {org}! For thirty seats I would take a Vale 83 and keep a Vale 64 for the decaf. I would
          like to bring both along with three kinds of beans: [would {soon} at {time} suit you?|I am near {city} on
          {soon}, at {time} perhaps?]
        *4 {kilos} kg is very much of interest. Let me suggest this: a box with {beans}, {beans2} and our filter roast,
          one kilo of each, for nothing. Let your regulars decide, and then we talk about prices. [Where shall it go?|To
          {street}?]
        """,
        turns="""
        >13 The staff vote was clear: {beans} for the house, {beans2} as the guest. [Can we start with {kilos} kg from
          the first?|How do we begin?]
        < We begin with {kilos} kg on the first of {month}, half and half. I have made a standing order that you can
          change until noon on the day before each roast.
        >2 {soon} at {time} is good. [Ring at the back door.|We have water and a 16 A socket.]
        < It is in the book. I bring scales and cups.
        > Could you do anything about the price at {kilos2} kg? [We may grow.|A second place is planned.]
        < From {kilos2} kg it is the third column, another 4 %. I would give you that from the first month, if you tell
          me in {month} how it goes.
        > Who would be our contact person? [Mails to "cafés" sound anonymous.|I like to know a name.]
        < That is me, and when I am away it is @Priya. All of us read the same desk, so nothing waits for one person.
        """,
        notes="""
        * {org}: {kilos} kg, second column. Looks serious, @{colleague} can you visit?
        * Credit check fine. 14 days net.
        """,
        calls="""
        * {name} of {org} asked for prices, {kilos} kg a month. Sends me the opening date. I mail the list today.
        """,
    ),
    Situation(
        name="standing order", inbox=WHOLESALE, weight=7, tags=("wholesale", "beans", "vip"), kind=Kind.BUSINESS,
        mood=Mood.BUSINESS,
        goods=Goods.BEANS, team=CAFES,
        subjects="""
        @1 Standing order: {kilos} kg from {month}
        @1 {org}: more from {month}
        @3 [Extra|Rush] order for {soon}
        @2 Order of the week, {org}
        @4 {org}: closed on Mondays from {month}
        @5 Late again, {org}
        """,
        openings="""
        * please change our standing order from {kilos} to {kilos2} kg from the first of {month}. [The terrace
          opens.|The students are back.] Half {beans}, half {beans2}, as always.
        * For this week please:

          / {kilos} kg {beans}
          / {qty} kg {beans2}
          / {qty} x {product2}

          [Delivery in the morning, if you can.|Rest as usual.]
        * We have a wedding on Saturday and run out on {soon} at the latest. Is there any chance of {kilos} kg extra by
          then? [I would fetch it myself if need be.|Ground is fine too.]
        * From {month} we close on Mondays. [Could the delivery move to Tuesday?|Nobody would be there to take the
          parcel.]
        ! The third delivery in a row that came after we opened. I had to buy beans at the supermarket, and people
          noticed. {org} needs this before seven or not at all.
        """,
        answers="""
        *1 changed: {kilos2} kg from the first of {month}, half and half. The first bigger delivery comes on {soon}.
        *2 it is in the roast of tomorrow and leaves in the evening: {tracking}. You should have it on {soon} before
          ten.
        *3 you will have it. I have put {kilos} kg of {beans} on the van that passes {city} on {soon} anyway, and the
          driver rings at the back. [No extra cost.|Have a fine wedding!]
        *5 I have spoken to the dispatch: your stop is the first one of the tour from now on, 6:15 at the latest. For
          the three late ones I take the postage off the invoice, and {qty} kg of {beans} on top.
        *4 moved to Tuesday, before eight. The first one on the new day comes in the first week of {month}; until then
          everything stays as it is.
        """,
        turns="""
        > Thank you {agent}, one last thing about the invoice: could it go to {email} from now on?
        < Noted, from the next one on.
        >23 It came, but {qty} bags of {beans2} were missing. [The slip says complete.|We counted twice.]
        < Then they are still here, and they leave today by express. I have corrected the slip and the invoice.
        > Could we have the same again next week? [The new barista sells more than all of us together.|The weather is on
          our side.]
        < Gladly. It is booked for the same day. Tell your barista that we are hiring, no, better not.
        > The guests ask for a decaf. [What do you suggest?|Is Low Tide any good?]
        < Low Tide, by all means: half of those who drink it here do not know. I put two kilos into the next box so that
          you can find out.
        > For the order after that: please no {beans2}, only {beans}. [The shelf is full.|We still have eleven bags.]
        < Changed, only {beans} until you say otherwise.
        """,
        notes="""
        * {org} is up to {kilos2} kg, third column from {month}. @{colleague} please change the price.
        * Driver has the key of the back door.
        """,
        calls="""
        * {name}, {org}: {kilos} kg extra until {soon}. On the van.
        """,
    ),
    Situation(
        name="wholesale invoice", inbox=WHOLESALE, weight=4, tags=("wholesale", "invoice", "b2b"), kind=Kind.BUSINESS,
        mood=Mood.BUSINESS,
        goods=Goods.BEANS, agent_file="invoice",
        subjects="""
        @1 Invoice {invoice}: [wrong quantity|wrong price]
        @2 [Reminder although paid|Second reminder] ({invoice})
        @3 Collective invoice for {org}?
        @4 Purchase order number on invoices, {org}
        """,
        openings="""
        * invoice {invoice} lists {kilos2} kg, but we received {kilos}. [The signed slip is with me.|I attach nothing,
          your driver has the slip.] Please correct it before we pay.
        * We got a reminder for {invoice}, which we paid on {ordered}. [Could you check?|Our bank confirms it.]
          Reference was {order}.
        * Could we have one invoice a month rather than one for each delivery? [Our bookkeeping is one person, and it is
          me.|We are drowning in paper.]
        * New from {month}: all invoices need our purchase order number PO-{last4}, or the system of the group refuses
          them. [I did not invent it.|Sorry about that.]
        """,
        answers="""
        *1 the slip is on your side: {kilos} kg it was. Here is the corrected {invoice}, and the credit note for the old
          one.
        *2 found it: the payment came with the number of the order rather than the invoice, and our system does not read
          between the lines. {invoice} is settled, please throw the reminder away.
        *3 one invoice a month it is, on the last working day, with all slips in one file. [Payable in 14 days, as
          before.|The first one comes at the end of this month.]
        *4 PO-{last4} is on file and will be printed on everything from now on. I have issued the last two invoices
          again with it.
        """,
        turns="""
        > Thank you. Could you also add the name of our place, {org}, to the subject? [We get many.|It would help the
          sorting.]
        < Done, from the next one on.
        >13 Paid today. [Sorry that it took so long.|Have a good weekend.]
        < Thank you, received. No reminder this time.
        """,
        notes="""
        * Matching by order number would save us this. @{colleague}
        """,
        calls="""
        * {org}, {name}: {invoice} wrong quantity. Corrected.
        """,
    ),
    Situation(
        name="machine service", inbox=WHOLESALE, weight=4, tags=("wholesale", "spare parts", "urgent"),
        kind=Kind.BUSINESS,         goods=Goods.BIG_GRINDERS, team=CAFES,
        mood=Mood.BUSINESS,
        subjects="""
        @1 {product} at {org} [down|broken], we open at seven
        @2 Office machine: service contract
        @4 Service visit in {month}?
        @3 New burrs for the {product}
        """,
        openings="""
        * our {product} stopped this morning in the middle of the rush. It hums and does not turn. [We have a spare for
          two days.|We are doing everything by hand now.] Who can come, and when? {org}, {street}, {city}. Serial
          {serial}.
        * The service contract for the office machine ends in {month}. Please send us an offer for another two years,
          with [two visits a year|a loan machine] this time.
        * {product}, about 900 kg through it. Time for new burrs? Serial {serial}.
        * Our three grinders need a check before the season. [Is somebody near {city} in {month}?|Could somebody come on
          a Monday?]
        """,
        answers="""
        *1 Joel rings you within the hour. If it is the capacitor, which a hum suggests, he talks you through it; if
          not, a loan {noun} leaves here tonight and is with you before you open.
        *2 here is the offer: two visits a year, loan machine within 24 hours, €38 a month. It goes on from the day the
          old one ends, so nothing is lost.
        *3 at 900 kg the burrs deserve their rest. A set is on its way with the next beans, and changing takes a quarter
          of an hour. [Birgit is near {city} on {soon} and could do it for you.|There is a film of it:
          https://ostrandervale.example/help/{serial}]
        *4 Birgit is near {city} in the second week of {month} and has put you down for the Monday. Three grinders take
          her a morning. The visit is part of your contract; you pay only what gets changed.
        """,
        turns="""
        >1 It was the capacitor. [It runs.|Joel is a magician.] How do I get a spare one for the drawer?
        < Two are in the next box, with his greetings.
        >2 Signed and sent back. [Our managing director would like to pay for the year.|Quarterly payment, please.]
        < Thank you, it has arrived. I have set the payment as you wish.
        >3 Please let Birgit come on {soon}. [After three is best.|Before ten, if possible.]
        < She will be there. Please leave it empty the evening before.
        """,
        notes="""
        * Loan unit 4 packed just in case. @Joel please ring {name}, {phone}.
        * Waiting for their signature.
        """,
        calls="""
        * {org} rang: {product} hums, does not turn. Joel talked them through the capacitor. Works again at {time}.
        """,
    ),
    Situation(
        name="samples and labels", inbox=WHOLESALE, weight=3, tags=("wholesale", "beans"), kind=Kind.BUSINESS,
        mood=Mood.BUSINESS,
        goods=Goods.BEANS,
        subjects="""
        @4 Samples for {org}
        @1 Beans for a guest roaster week
        @2 Own label for {org}?
        @3 [Boxes|Presents] for {qty2} customers
        """,
        openings="""
        * for our guest roaster week in {month} we would love to have you. About {kilos} kg in all, and [a few words on
          each coffee|somebody to talk on one evening], if you like talking.
        * Could you fill {beans} into bags with our own label? We think of {kilos} kg a month to begin with. [A drawing
          is ready.|We would print the labels.]
        * We look for a present for our {qty2} customers: a bag of {beans} and a {product2} in a box. [What would that
          cost a piece?|Is there time enough until {later}?]
        * Please send samples of what is new. {org}, {street}, {city}.
        """,
        answers="""
        *1 we would be glad to come. I suggest {beans}, {beans2} and one that nobody knows yet. Priya likes talking, as
          it happens, and has {soon} evening free that week.
        *2 we do that from 10 kg a month. You send us the labels, 80 by 120 mm, and nothing else changes: same roast
          days, same price plus 40 cents a bag.
        *3 {qty2} boxes with a bag of {beans} and a {product2} come to €{last4} in all, packed and tied, ready by
          {later}. I could send one in advance for you to see.
        *4 three bags leave today: {beans}, {beans2}, and one without a name that we would like your opinion on.
        """,
        turns="""
        >3 Please send the one to see. [Red ribbon, if you have it.|No ribbon, we are a modern firm.]
        < It leaves today. Everything about it can still be changed until {soon}.
        >123 Agreed! [Please send us the confirmation.|How do we go on?]
        < The confirmation is on its way under {order}. I come back to you a week before.
        """,
        notes="""
        * {qty2} boxes: ask the packing bench for the first week of {month}. @{colleague}
        """,
        calls="""
        * {org}: samples of what is new. Three bags in the post.
        """,
    ),
)  # fmt: skip
