"""Letters that the desk sends first: delays, questions about an order, recalls, reminders."""

from deskhand.demo.customers import Kind
from deskhand.demo.goods import Goods
from deskhand.demo.situation import Situation
from deskhand.demo.world import SCHOOL, SUPPORT, WHOLESALE

SITUATIONS = (
    Situation(
        name="delay", inbox=SUPPORT, weight=5, tags=("shipping",), goods=Goods.COLOURED, reason="Delivery",
        subjects="""
        Your order {order}: a few days longer
        {product} in {colour}: delayed until {later}
        """,
        openings="""
        * your {product} in {colour} should have left today, but the glaze of this batch did not come out as it should.
          The next one is ready on {later}.

          You can wait (and we add a bag of {beans}), take another colour, which leaves tomorrow, or have your money back.
          Just answer with what you prefer.
        """,
        turns="""
        > I can wait. [A bag of beans is a fair price for patience.|No hurry here.]
        > We take {colour2} then, please.
        < Thank you, noted. You get a mail as soon as it leaves.
        """,
    ),
    Situation(
        name="address question", inbox=SUPPORT, weight=4, tags=("address", "shipping"), goods=Goods.GEAR, reason="Delivery",
        subjects="""
        A question about your address ({order})
        {order}: which house number?
        """,
        openings="""
        * your {noun} is packed and ready, only the address "{street}" has no [flat number|name on the bell that the
          driver could find]. Could you send us a line with it? It leaves the same day.
        """,
        turns="""
        > Sorry! It is {street}, second floor, the bell says {last}.
        > Third bell from above, "{last}". The driver knows it, in fact.
        < Wonderful, it leaves today: {tracking}.
        """,
    ),
    Situation(
        name="recall", inbox=SUPPORT, weight=3, tags=("warranty", "urgent"), goods=Goods.KETTLES, reason="Repair",
        subjects="""
        Please check the handle of your {product}
        A free new {part} for your {product}
        """,
        openings="""
        * on some {product}s made last year the handle can come loose. Yours, {serial}, is one of them, as far as we
          know.

          Please **do not use it with boiling water** until the screw has been changed. We send you a new one with a key,
          free of charge, if you confirm your address: {street}, {postcode} {city}.
        """,
        turns="""
        > The address is right. [Mine has been loose for weeks, I thought it was me.|Thank you for being open about it.]
        < It was us. The screw leaves today, in a letter, and takes two minutes.
        """,
    ),
    Situation(
        name="new prices", inbox=WHOLESALE, weight=3, tags=("wholesale", "b2b"), kind=Kind.BUSINESS, goods=Goods.BEANS,
        agent_file="prices",
        subjects="""
        New prices from {month}
        {org}: the {month} list
        """,
        openings="""
        * from the first of {month} green coffee costs us a good deal more, and we have to pass on half of it. For your
          {kilos} kg that is about 80 cents a kilo. The new list is attached.

          Orders that reach us before then are still at the old price, as many as you have shelves for.
        """,
        turns="""
        > Not welcome news, but thank you for saying it early. [Then please {kilos2} kg at the old price.|We take
          {kilos2} kg before.]
        < {kilos2} kg are booked at the old price, for {soon}.
        """,
    ),
    Situation(
        name="class reminder", inbox=SCHOOL, weight=3, tags=("brew-class",),
        subjects="""
        See you on {class_date}: {course}
        Before your class on {class_date}
        """,
        openings="""
        * on {class_date} we see each other for {course}. We begin at ten; the door is open from half past nine. Wear
          shoes in which you can stand.

          Is there anything you do not eat? A short line is enough.
        """,
        turns="""
        > No nuts for me please. [See you!|Looking forward to it.]
        > We eat everything. See you on {class_date}!
        < Noted, see you soon!
        """,
    ),
)  # fmt: skip
