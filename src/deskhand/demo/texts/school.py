"""Brew school: classes on Saturdays, seats, vouchers, groups."""

from deskhand.demo.customers import Kind
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import SCHOOL

SITUATIONS = (
    Situation(
        name="more seats", inbox=SCHOOL, weight=6, tags=("brew-class",), mood=Mood.REQUEST,
        subjects="""
        @1 {course} on {class_date}: [two more seats?|one more seat?]
        Booking {course}
        @45 Is there a seat left on {class_date}?
        @2 {seats} people for {course}
        """,
        openings="""
        * we have booked {course} on {class_date} and two friends would like to come along. [Is there room for
          them?|Could you squeeze them in?] One of us eats vegan, if that matters for lunch.
        * Any seats left for {course} on {class_date}? We are {seats}.
        * I would like to give {course} to my father, who is seventy-four and has made coffee the same way since the
          army. [Is he the right person for it?|Will he be the oldest?] {class_date} would be his day.
        * The page says {class_date} is full. [Is there a waiting list?|Do people cancel now and then?] {course}, one
          person, I can come at short notice.
        ~ Hello! I want come to {course} the {class_date} but my english is so so. It is problem?
        """,
        answers="""
        *1 there are two seats left and they are yours: {course}, {class_date}, ten o'clock. Lunch is vegan for whoever
          wants it, we only need the number.
        *3 he is exactly the right person, and he will not be the oldest. I have kept a seat for him until {soon}:
          https://ostrandervale.example/school/{order}
        *4 it is full, but every third class somebody falls ill. You are first on the list, and I ring or write as soon
          as a seat is free. The next date after that is a fortnight later.
        *5 no problem at all: half of it is done with the hands, and Mei-Lin explains in four languages, often at once.
        *2 there are, and enough for all {seats} of you. I have kept them until {soon}:
          https://ostrandervale.example/school/{order}. [Tell me if anybody has an allergy, we eat together.|Lunch is
          included, so tell me who eats what.]
        """,
        turns="""
        >1 Wonderful. [Vegan lunch for two of us|Two vegan lunches], and one of us is coming by wheelchair. Is there a
          step?
        < One step of four centimetres at the door, and we have a ramp for it. The tables can be lowered. [See you on
          {class_date}!|We look forward to it.]
        >2 Booked! [Does he have to bring anything?|What should he bring?]
        < Only good shoes for standing and, if he likes, the coffee he drinks at home. We taste it blind.
        >3 A pity, but thank you. [Please ring, I am quicker by phone: {phone}.|I hope for somebody's cold.]
        < Noted. Fingers crossed, within the limits of decency.
        > Could we get an invoice for the firm for it? [It counts as training, my boss says.|{name}, {street}, {city}.]
        < With pleasure, it is on its way as {invoice}.
        """,
        notes="""
        * {class_date} now {seats} of 8. Vegan x2.
        * Ramp for {class_date}, please @{colleague}.
        """,
        calls="""
        * {name} booked {seats} seats for {course} on {class_date}.
        """,
    ),
    Situation(
        name="move a class", inbox=SCHOOL, weight=4, tags=("brew-class", "cancellation"),
        mood=Mood.REQUEST,
        subjects="""
        @12 Cannot come on {class_date}
        @2 [Moving|Changing] the date of {course}
        @1 Ill: {course} on {class_date}
        @3 [Running late|A little late] on {class_date}
        @4 {course}: moved again?
        """,
        openings="""
        * I have caught something and cannot come to {course} on {class_date}. [May I move to the next date?|Is there
          another date?] I am very sorry, I was looking forward to it.
        * {class_date} does not work for us any more. Other date?
        * Our train was cancelled, so we will [be an hour late|not make it before eleven] on {class_date}. Can we still
          join?
        ! The class on {class_date} was moved for the second time. I have booked trains twice now and paid for both. Who
          thinks of that?
        """,
        answers="""
        *1 get well first. I have moved your seat to the same class a fortnight later; if that does not suit, choose
          another one here: https://ostrandervale.example/school
        *3 of course, come when you can. The first hour is history and theory, and Mei-Lin will give you the short
          version over lunch.
        *4 nobody thought of it, and we should have. Send me the two tickets, and we pay them. And the class is on us,
          whichever date you choose.
        *2 no problem. The next {course} is a fortnight later, and I have moved you there. Another date is just as easy:
          https://ostrandervale.example/school
        """,
        turns="""
        >1 A fortnight later is perfect. [Thank you!|You are kind.]
        < Then we see you there, in good health.
        >3 Here are the tickets, {voucher} in all. [I had not expected that.|That is decent of you.]
        < {voucher} are on the way to you. See you in class, I hope.
        """,
        notes="""
        * Seat free on {class_date}. First on the waiting list has been asked.
        """,
        calls="""
        * {name} is ill, moved to the class a fortnight later.
        """,
    ),
    Situation(
        name="class voucher", inbox=SCHOOL, weight=4, tags=("brew-class", "gift card"),
        mood=Mood.REQUEST,
        subjects="""
        @12 Voucher for {course}
        @1 [How long is|Is] voucher {code} valid?
        @3 A class as a present
        """,
        openings="""
        * I have a voucher ({code}) for {course} from last year. [Is it still good?|Until when can I use it?] And can my
          sister come in my place?
        * Voucher {code}: where do I enter it?
        * I would like to give {course} as a present, in an envelope and not as a mail. [Do you send something on
          paper?|Is there a nice card?] It is needed on {soon}.
        """,
        answers="""
        *1 {code} is good for another {months} months, and whoever holds it may come. You choose the date, and she gives
          the code at the door.
        *2 the field hides under "Have a code?" on the second page. If it does not want it, book without, write me the
          number, and I put it right.
        *3 we do: a printed card in an envelope with a wax seal, made by a colleague who has too much wax. It leaves
          today and should be with you on {soon}. [The bill comes by mail.|You can pay with the link in the next mail.]
        """,
        turns="""
        >12 [Booked for {class_date}.|It worked, {class_date} it is.] Thank you.
        < Lovely. We begin at ten, coffee is ready from half past nine.
        """,
        notes="""
        * Card printed, {code}.
        """,
    ),
    Situation(
        name="private class", inbox=SCHOOL, weight=4, tags=("brew-class", "b2b"), kind=Kind.BUSINESS, mood=Mood.BUSINESS,
        agent_file="offer",
        subjects="""
        @13 A class for our team ({qty2} people)
        @13 Private class for {org}
        @2 Training for new baristas
        """,
        openings="""
        * we are looking for something to do with {qty2} people on an afternoon in {month}. [Do you teach groups of that
          size?|Is that too many for your kitchen?] Some drink tea, but they can be talked to.
        * {org} has three new baristas from {month}. Could you train them for two days, [here in {city}|at our place or
          yours]? They know which end of the grinder is up.
        * Do you also teach online? {qty2} people, five countries, one hour. [Could the beans be sent to each of
          them?|Everyone has a kettle.]
        """,
        answers="""
        *1 {qty2} people fit if we make two groups: one tastes while the other pours, then they change. Three hours, €59
          a head, cake included. In {month} the afternoons of the second week are free.
        *2 two days at your place, up to four people, €690 and the train. I would send Mei-Lin, who trained half the
          bars in {city}. [She could come in the first week of {month}.|Would the second week suit you?]
        *3 we do, and it is more fun than it sounds. Each gets a parcel with three coffees and a paper dripper, and then
          we brew together. For {qty2} people that is €34 each with postage.
        """,
        turns="""
        > That sounds good. Could you send us a written offer? [Purchasing insists.|Our rules want one.]
        < It is attached to this mail, valid until {later}. A yes by mail is enough.
        >1 Yes! [We take it.|Please book us in.] Two people eat no nuts.
        < Booked, and the cake will be without nuts. See you in {month}.
        >13 We have become {seats} more, as these things go. [Does that still work?|Is there room?]
        < It does, I had left some air in the plan. The price a head stays.
        """,
        notes="""
        * Two groups, kitchen and tasting room. @{colleague} can you take the second?
        """,
        calls="""
        * {org}, {name}: class for {qty2} people in {month}. Offer follows.
        """,
    ),
    Situation(
        name="after the class", inbox=SCHOOL, weight=3, tags=("brew-class", "praise"), mood=Mood.GLAD,
        subjects="""
        @1 Recipe from {course}?
        @2 Left my scarf with you
        @3 Certificate for {course}
        """,
        openings="""
        * it was a wonderful Saturday, thank you. Mei-Lin wrote a recipe on the board, and I trusted my memory. [Could
          you send it to me?|What was the ratio again?]
        * Left my scarf in the class room. Green. Is it there?
        * Do you give out a certificate for {course}? My employer pays for it only with a stamp on it. [Any stamp will
          do, I believe.|It has to name the hours.]
        """,
        answers="""
        *1 here it is, from the board to you:

          - 18 g {beans}, setting {setting} on a Vale 64
          - 300 g water at 94 degrees, a third of it first
          - wait forty seconds, pour the rest slowly, drink by three and a half minutes
        *2 it hangs on the hook by the door and was admired by the Sunday class. I put it into the post today.
        *3 of course. It says {course}, seven hours, and has the largest stamp we own.
        """,
        turns="""
        >1 Thank you! [We have tried it at once.|Even my children noticed.]
        < That is the best marks we can get.
        """,
        notes="""
        * Scarf on the hook. Posted.
        """,
    ),
)  # fmt: skip
