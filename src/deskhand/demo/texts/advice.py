"""Questions before and after buying: settings, cleaning, what fits what."""

from deskhand.demo.goods import Goods
from deskhand.demo.situation import Situation
from deskhand.demo.world import REPAIRS, SUPPORT

SITUATIONS = (
    Situation(
        name="grind setting", inbox=SUPPORT, weight=8, tags=("how-to", "beans"), goods=Goods.GRINDERS, reason="Advice",
        subjects="""
        @1235 Which setting for {grind}?
        @4 Which burr set for Turkish coffee?
        @1235 {product}: [too fine|too coarse|channels everywhere]
        @35 [Sour|Bitter] shots with the {noun}
        """,
        openings="""
        * I have had the {product} for a week and cannot find a setting for {grind}. On {setting} it is too coarse, on
          {setting2} it chokes. [What am I missing?|Is there something in between?]
        * Which setting for {grind} on the {product}?
        * My shots run through in fourteen seconds, whatever I do. {product}, setting {setting}, eighteen grams of
          {beans}. [My brother has the same one and gets thirty.|The video says thirty seconds.] I have cleaned it, warmed
          everything up and talked to it kindly.
        * The manual lists settings for everything but Turkish coffee. [Does the {noun} go that fine?|Do I need other
          burrs for that?]
        ~ I buy {product} and I am beginner. The coffee is every time sour. Which number is good for {grind}?
        """,
        answers="""
        ?13 three questions, then I can say it almost to the click:

          - How old are the beans? The roast date is on the fold.
          - How many grams go in, and how many come out?
          - Does the number go up or down when you turn it to the left?
        *25 for {grind} start at {setting2} and change one click at a time. Two things help more than any number: let it
          run for two seconds after each change, because old grounds stay inside, and use beans that are at least a week
          old.
        *135 the zero is not where the print says it is: with the {noun} running and empty, turn slowly finer until you
          hear the burrs whisper. That is your real zero. {grind} is nine to eleven clicks above it.
        *4 for Turkish coffee the standard burrs stop a little too early. There is a finer set for {tenth}, and it is
          one screw to change. [Many keep both and swap on Sundays.|It makes {grind} rather slow, I should add.]
        """,
        turns="""
        >1 Roasted on {ordered}, 18 g in, 40 g out, and up is to the left. [{beans}, if that matters.|Scale is a
          Pebble.]
        < Then everything is in place but the click: go to {setting2}, keep the 18 g and stop at 36. I would bet on 27
          seconds.
        >23 It whispers at {setting2}! [So ten above that?|And then ten clicks up?]
        < Exactly. Put a dot of nail varnish there, that is what we do with ours.
        > [26 seconds and it tastes of apricot.|That did it.] You have saved my Sunday.
        < Apricot is what the bag promises, so all is well. Enjoy it!
        """,
        notes="""
        * Zero point question again. @{colleague} could the quick guide say it on page one?
        """,
        calls="""
        * {name} cannot find a setting for {grind} on the {product}. Found the zero together on the phone, now at
          {setting2}.
        """,
    ),
    Situation(
        name="descaling", inbox=SUPPORT, weight=7, tags=("how-to", "warranty"), goods=Goods.MACHINES, reason="Advice",
        team=REPAIRS,
        customer_file="photo",
        subjects="""
        @15 Descaling light stays on [after two rounds|for ever]
        @3 How [often|do I] descale the {product}?
        @12 {product}: light blinks four times
        {product}: descaling
        @4 {product} stuck in the descaling program
        """,
        openings="""
        * the descaling light of my {product} stays on after two full rounds. [It blinks four times and then rests.|I
          followed the booklet to the letter.] What else can I do?
        * Light blinks four times. Descaled twice. {product}. What now?
        * Our water here in {city} is hard enough to walk on. How often should I descale the {product}, and [is vinegar
          all right|may I use citric acid]? My mother swears by it.
        * I started descaling and then the power went. Now it [asks for it every morning|refuses to make coffee]. [Can
          the program be started again?|How do I get it out of there?]
        ~ The machine make descale light all the time. I made already with product of supermarket. It don't go out.
        """,
        answers="""
        *125 four blinks mean that it has not counted the rinsing. Fill the tank to the brim, hold the steam knob and
          the switch together for five seconds and let it run until the tank is empty. [It is fussy: a tank that is only
          half full does not count.|It must be a full tank, or it counts for nothing.]
        *3 please no vinegar: it eats the {part}. Citric acid is fine if it is cold, one spoon to the litre. In {city} I
          would do it every six weeks, or put a filter cartridge into the tank and forget about it for three months.
        *4 hold the switch for ten seconds until the light goes out, then start the program from the beginning. It does
          no harm to do it twice.
        """,
        turns="""
        >13 Did exactly that. [The light is off!|It worked.]
        < There we are. It should be quiet for two months now.
        |1 Still four blinks, I am sorry. [I filmed it for you.|Full tank, five seconds, twice.]
        < Then it is the sensor and not you. That is covered: I send a box for the machine, it takes a week, and Joel
          changes it on the bench. Does {soon} suit you for the collection?
        + {soon} is fine. [Anything I should take out?|Do I send the portafilter too?]
        < Only the machine, with an empty tank. Your repair has the number {repair}.
        """,
        notes="""
        * Sensor of the {product} again. Third one from series {serial}. @{colleague}
        """,
        calls="""
        * {name}: descaling light on {product}. Talked them through the long press. Light went out.
        """,
    ),
    Situation(
        name="does it fit", inbox=SUPPORT, weight=7, tags=("compatibility", "how-to"), goods=Goods.GEAR, reason="Advice",
        subjects="""
        @2 Does [the|your] {part} fit my older {noun}?
        @15 {product2} and {product}: do they fit?
        [Before I buy|Question before ordering]: {product}
        @4 Replacement portafilter, 58 mm
        """,
        openings="""
        * before I order: does the {product2} go together with [the|a] {product}? [The page does not say.|I could not
          find it on the page.]
        * Is the {part} of the new {product} the same as in the old one? [Mine is from the first series, {serial}.|I
          have serial number {serial}.]
        * How high is the {product}, lid open? We have 41 cm below the shelf. [My wife has measured it twice.|The shelf
          will not move.]
        * I have a machine of another make with a 58 mm group. Would your portafilter fit? [Somebody in a forum says
          yes, somebody says never.|The lugs look a bit thicker to me.]
        ~ I want to buy {product2} but I am not sure it match with my {noun}. Can you confirm please?
        """,
        answers="""
        *15 they do go together, I have just tried it here on the bench. The {product2} sits a little loose without the
          silicone ring, and the ring is in the box.
        *2 the first series had another {part}: two millimetres wider. We still have it, it is not in the shop, and I
          can send you one for the price of the postage. [Just say the word.|A short yes is enough.]
        *3 with the lid open it is 39.5 cm, so you win by a finger. [The lid can also be taken off altogether.|Please
          measure a third time, and then order.]
        *4 it depends on the lugs: ours are 6.4 mm. If yours measure between 6.2 and 6.6 it fits and seals. [A drinking
          straw and a ruler will do to measure.|If in doubt, order it, try it, send it back.]
        """,
        turns="""
        >2 Yes please! [{street}, {postcode} {city}.|You have my address from order {order}.]
        < It is in the post. [Enjoy your old lady of a {noun}.|It should be there on {soon}.]
        >134 That answers it. [Ordered just now, {order}.|I have placed the order.]
        < Wonderful, thank you. It leaves [tomorrow|on {soon}].
        """,
        notes="""
        * Fits, tried it. @{colleague} please add to the product page, this is the fifth question.
        """,
        calls="""
        * {name} asked whether {product2} fits the {product}. It does.
        """,
    ),
    Situation(
        name="noise", inbox=SUPPORT, weight=6, tags=("how-to", "warranty"), goods=Goods.BIG_GRINDERS, reason="Advice",
        team=REPAIRS,
        subjects="""
        @1 Grinder noise above 900 rpm
        @125 {product} [squeals|rattles|hums] since {past}
        @3 Static and chaff in the hopper
        @125 New sound from the {noun}
        @4 {product} stopped in the middle of a dose
        """,
        openings="""
        * since {past} my {product} makes a [high|whistling] noise above 900 rpm. Below that it is as quiet as ever. [Is
          something worn?|Should I stop using it?]
        * The {noun} rattles. {product}, {months} months old. Normal?
        * Every morning there is chaff all over the shelf, it sticks to the {noun}, to the cups, to the cat. [Is that
          the dry winter air?|Since I changed to {beans} it is worse.] Is there anything one can do?
        * It stopped in the middle of a dose, hummed for a second and then nothing. [It smells of nothing.|No smoke.]
          After ten minutes it ran again. {serial}.
        ~ The grinder do strange sound like bird when it turn quick. Before it was not so.
        """,
        answers="""
        ?125 could you send me a short recording, ten seconds with beans and ten without? [A phone on the shelf is good
          enough.|From the phone is fine.] I can usually hear which bearing it is.
        *3 that is static, and winter makes it worse. One drop of water on the beans before grinding, [literally one,
          from the handle of a spoon|a wet spoon handle is the right amount], and it is gone. It does the burrs no harm.
        *4 a small stone among the beans does exactly this: the motor protects itself and comes back after ten minutes.
          Unplug it, take off the hopper, turn the upper burr out and brush. You will very likely find it, [the size of a
          peppercorn|grey and ugly].
        """,
        turns="""
        >1 Here is the recording. [First with beans, then without.|Sorry for the radio in the background.]
        < Heard it: that is the upper bearing, dry rather than broken. I send you two grams of the right grease and a
          drawing. If the whistle is still there after that, it comes to the bench at our cost.
        + Greased. [Silence.|It purrs.] I feel like an engineer.
        < You are one now. [The rest of the grease lasts for ten years.|Welcome to the bench.]
        >3 Found it. [A real stone.|It was a piece of gravel.] Have put it into a little frame.
        < We have a jar of them here. Yours would have been welcome.
        """,
        notes="""
        * Listened with Joel: upper bearing, dry. Grease kit sent, no charge.
        """,
        calls="""
        * {name} played me the noise of the {product} over the phone. Bearing. Grease kit goes out today.
        """,
    ),
    Situation(
        name="milk and taste", inbox=SUPPORT, weight=5, tags=("how-to",), goods=Goods.MACHINES, reason="Advice",
        subjects="""
        @14 Milk foam [like soap|full of bubbles]
        @2 [Temperature|Water too hot?] on the {product}
        @134 Help with my first machine
        """,
        openings="""
        * my milk foam looks like a bubble bath. I have the {product}, the jug you sell and [whole milk|oat milk]. [What
          is the trick?|What do I do wrong?] Videos make it look so easy.
        * What temperature should I set for {beans}? On the {product}.
        * This is my first machine with a steam wand and I am a little afraid of it. [Is there a class for people like
          me?|Where does one begin?] I have read the manual, which tells me what everything is called but not what to do.
        ~ When I make cappuccino the milk is hot but no cream. I see in video it is smooth like paint. What is problem?
        """,
        answers="""
        *14 the trick is to stop early: air only in the first three seconds, as long as the jug is cold to the hand,
          with the tip just under the surface. Then go deeper, let it roll, and stop when the jug is too hot to hold. [Oat
          milk wants one second less.|Practise with water and one drop of soap, it behaves the same and costs nothing.]
        *2 for {beans} I would take 93 degrees, and 91 if it turns bitter. Darker roasts want it cooler, lighter ones
          hotter, that is all the secret there is.
        *3 everybody begins by being afraid of it. We have a class for exactly that, "Milk and pouring", two hours on a
          Saturday: https://ostrandervale.example/school. If Malmö is too far, the first film on that page is the same
          lesson.
        """,
        turns="""
        >1 [It rolls!|Better already.] How do I get the heart now?
        < Pour from higher than you dare until the cup is half full, then come down close and tilt. The heart comes by
          itself, usually when nobody looks.
        >3 Is there a seat on {class_date}?
        < There is. I have kept one for you until {soon}: https://ostrandervale.example/school/{order}
        """,
        notes="""
        * Lovely letter. Could be used for the first steps page, ask {first} first.
        """,
        calls="""
        * {name} wanted to know how to foam milk on the {product}. Twenty minutes well spent.
        """,
    ),
    Situation(
        name="green beans and stock", inbox=SUPPORT, weight=5, tags=("beans", "how-to"), goods=Goods.COLOURED,
        reason="Advice",
        subjects="""
        @1 Do you [ship|sell] green beans?
        @25 {product} in {colour2}: [when again?|sold out?]
        @3 Is {beans} coming back?
        @4 Do you deliver to {country}?
        """,
        openings="""
        * I roast at home and would need about 5 kg of green beans a month. [Do you sell them?|Is that something you
          do?] I am most interested in the one you use for {beans}.
        * When is the {product} back in {colour2}?
        * For two years {beans} was my Sunday coffee and now it is gone from the shop. [Please tell me it is only the
          season.|Will it come back?]
        * I would like to order [the|a] {product}, but {city} is not in the list of places. [Is that a mistake?|Can an
          exception be made?]
        ~ I look for {product} with colour {colour2} but is not in shop. You will have more?
        """,
        answers="""
        *1 we do, though not in the shop: green beans come in bags of 5 kg, two origins at a time, and what goes into
          {beans} is one of them. I have put you on the list, which gets a mail when a container is in. [About six times a
          year.|The next one is due in {month}.]
        ?25 the {colour2} ones are being glazed as we speak and should be here by {later}. I can put one aside for you,
          without any obligation. [Shall I?|Just say yes.]
        *3 it is only the season: the harvest lands in {month}. Until then {beans2} is the nearest relative, a little
          rounder.
        *4 it was missing from the list, which nobody had noticed before you. You can order now; postage is €14 and it
          takes five to seven days.
        """,
        turns="""
        >2 Yes please, put one aside! [In {colour2}.|Thank you.]
        < It has your name on it. You get a mail when it comes, and three days to decide.
        """,
        notes="""
        * Put on the waiting list for {colour2}.
        """,
        calls="""
        * {name} asked for the {product} in {colour2}. Due on {later}, one put aside.
        """,
    ),
)  # fmt: skip
