"""Parcels with something missing, with a new address, or stopped by customs."""

from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import ORDERS, SUPPORT

SITUATIONS = (
    Situation(
        name="missing part", inbox=SUPPORT, weight=8, tags=("missing part", "spare parts"), mood=Mood.TROUBLE,
        goods=Goods.GEAR,
        reason="Delivery", customer_file="photo",
        subjects="""
        @1245 {part} missing from the box
        Something missing, order {order}
        @1245 No {part} with my {noun}
        [Incomplete|Half an] order {order}
        """,
        openings="""
        * the {noun} is here, but the {part} is not. I turned [every piece of paper|the whole box] over twice. [Was it
          packed separately?|Could you send it after?] Order {order}.
        * Hi, {part} missing. Order {order}. Can you send it?
        * My order had three lines and two arrived:

          / 1 x {product} – here
          / {qty} x {product2} – here
          / 1 x {product3} – missing

          The delivery note lists all three. [Does the rest come later?|Is a second parcel on its way?]
        ! Second order in a row with something missing. This time the {part}, without which a {noun} is a paperweight.
          Please check before you close the box!
        ~ In the box was not the {part}. In the picture of your shop I see it with. Is it not included or is it forget?
        """,
        answers="""
        *1245 the {part} was [still lying on the packing bench|on the shelf instead of in your box]. It left with
          today's post in a padded letter and should be in your letterbox on {soon}. [No signature needed.|You do not have
          to be at home.]
        *3 your order was split into two parcels, and the mail about it never told you, which I will pass on. The second
          one is {tracking} and should arrive on {soon}.
        *125 it belongs in the box, and [somebody here forgot it|we forgot it]. A {part} is on its way. Meanwhile the
          {noun} can be used without it, only [a little slower|with a little more mess].
        """,
        turns="""
        >13 The letter came. [Wrong size, I think: it does not click in.|But this is for the other model, it seems.]
        < [The older ones are a millimetre wider|You have the older version, then], sorry. What serial number do you see
          below? It begins with a letter, like {serial}.
        + It says {serial}.
        + Serial number: {serial}. [Tiny print!|Had to borrow glasses.]
        < Thank you, that is the first series. The right {part} goes out tonight, with [a bag of {beans}|a small bag of
          beans] for the trouble.
        """,
        notes="""
        * Weighed the outgoing parcel in the log: 180 g too light. It was us.
        """,
        calls="""
        * {name} misses the {part} in {order}. Sent one by letter post. No further action.
        """,
    ),
    Situation(
        name="address change", inbox=SUPPORT, weight=8, tags=("address", "shipping"), goods=Goods.GEAR,
        reason="Delivery", team=ORDERS,
        mood=Mood.REQUEST,
        subjects="""
        Address change for order {order}
        [Wrong|Old] address on {order}
        @3 I am moving: please send {order} to {city}
        Can you redirect my parcel?
        """,
        openings="""
        * I have just ordered ({order}) and [the shop filled in|your form remembered] my old address. Could you please
          send it to

          / {name}
          / {street}
          / {postcode} {city}

          instead? [Thanks a lot.|If it is not too late.]
        * {order}: please send to {street}, {postcode} {city}. [Same name.|Rest stays.]
        * we [move on {soon}|are moving this week], with two children and a cat, and of course I forgot that a {noun} is
          on its way to the old flat. Is there any chance to change order {order} to {street} in {city}?
        * Can order {order} go to my office rather than home? {street}, {postcode} {city}. [Reception takes parcels
          until {time}.|Third floor.]
        ~ I have done a mistake in the address. The correct is {street}, {postcode} {city}. Order {order}. Is still
          possible?
        """,
        answers="""
        * done: {order} goes to {street}, {postcode} {city}. [It leaves tomorrow at noon.|It is packed, not yet
          collected, so the new label is on it.] I have changed your customer account as well, so the next order knows it.
        * the parcel left [an hour ago|this morning], so I asked {carrier} to redirect it to {street} in {city}. They
          [usually manage that|manage that nine times out of ten]; it costs one day. Tracking: {tracking}.
        """,
        turns="""
        > Great. Could you also put the name of the firm on it? [Otherwise the post room sends it back.|It is the only
          bell.]
        < The label now has the name of the firm on top and yours below. [All set.|Nothing more to do for you.]
        >2 Oh no, it has just arrived at the old place. [My former neighbour has it.|I can pick it up on {soon}, no
          drama.]
        < That was close. If picking it up is a nuisance, tell me and {carrier} collects it from there, [free of
          charge|at our cost].
        """,
        notes="""
        * Label reprinted, old one destroyed. Account address changed too.
        """,
        calls="""
        * {name} gave a new address for {order} by phone: {street}, {postcode} {city}. Changed, read back, confirmed.
        """,
    ),
    Situation(
        name="customs", inbox=SUPPORT, weight=5, tags=("customs", "shipping"), goods=Goods.GEAR, reason="Delivery",
        team=ORDERS,
        agent_file="invoice",
        subjects="""
        @134 Customs form for order {order}
        @134 [Customs|The customs office] want a paper for {order}
        @1 HS code of the {product}?
        @134 Parcel held at customs ({tracking})
        @2 Import fee for {order}?
        @2 {carrier} wants {tenth} from me
        """,
        openings="""
        * my parcel {tracking} is held at customs. They want the HS code, the country of origin and the value without
          postage. [Can you send me that?|Could you answer them directly?] Order {order}.
        * {carrier} asks me for [an import fee of {tenth}|{tenth} of duty]. Your shop said duties are included. [Which
          is it?|Who pays?]
        * Customs need a commercial invoice for order {order}. The slip in the parcel is not enough, they say. [They
          keep it seven days.|They give me until {soon}.]
        ~ The customs of my country ask paper of value for {noun}. They say without this they return to you. Please send
          fast.
        """,
        answers="""
        *134 here is what they need:

          - {product}: HS code 8509.40, origin Sweden
          - value of the goods {price}, postage €9, no commercial samples
          - invoice {invoice}, as a PDF with our stamp

          I have sent the same to {carrier} with {tracking} as reference, so [you need not do anything|they may even beat
          you to it].
        *2 you are right, duties are included for {country}. {carrier} booked the parcel as unpaid. Please do not pay
          them: [I have it corrected today|they correct it by {soon}]. If you have paid already, send me the receipt and I
          return {tenth} at once.
        """,
        turns="""
        >1 They have [accepted it|released it], thank you! They still want to know whether the {noun} contains a
          battery.
        < No battery, only a mains plug. [I wrote them that too.|You can give them this mail.]
        >2 Paid it already, because they would not hand it over. {tenth}.
        < Then it is my turn: {tenth} are going back to you today.
        """,
        notes="""
        * Booked as DAP instead of DDP by mistake. @{colleague} please check the settings for {country}.
        """,
        calls="""
        * {name}: {tracking} held at customs, needs invoice and HS code. Sent both by mail during the call.
        """,
    ),
)  # fmt: skip
