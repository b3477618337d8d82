"""Things that stop working, and the bench that mends them."""

from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import REPAIRS, SUPPORT

SITUATIONS = (
    Situation(
        name="warranty", inbox=SUPPORT, weight=11, tags=("warranty", "spare parts"), mood=Mood.TROUBLE,
        goods=Goods.ELECTRIC, reason="Repair",
        team=REPAIRS, customer_file="photo", agent_file="label",
        subjects="""
        @12456 {product} [no longer works|stopped working|is dead]
        Warranty: {product}, {months} months old
        @36 {part} broken, is it covered?
        @124 {noun} [switches itself off|does not start]
        """,
        openings="""
        * my {product}, bought on {bought}, [no longer switches on|does nothing any more]. Other things work in the same
          socket. [Is this a case for the warranty?|What happens next?] The serial number is {serial}.
        * {product} dead after {months} months. Serial {serial}. Warranty?
        * On {past} the {part} of my {noun} came off in my hand. I was not rough with it, I promise. [Is it covered?|Is
          there a new one?] Order {order2}, serial number {serial}.
        * It began with a flicker, then it needed two presses, then three, and since this morning no number of presses
          will do. [I have grown quite fond of it.|It was the best {noun} I ever had.] Could you have a look at it?
          {serial}.
        ! {months} months. My last {noun} cost a third of this and lasted nine years. I expect it repaired or replaced,
          and I expect not to pay for the parcel. {serial}.
        ~ My {noun} is not more working. I have buy it the {bought}. The lamp is on but nothing happen. I think the
          {part} is broken.
        """,
        answers="""
        ?1246 that should not happen, and it is covered. Before it travels, one test that brings back every fifth of
          them: unplug it, wait ten minutes, and hold the switch for five seconds while you plug it in again. Does the
          light blink even once?
        *12456 it is covered, of course: two years on everything, five on the motor. The label is here:
          https://ostrandervale.example/repair/{repair}. Please write **{repair}** on the box. On the bench it takes
          [three to five days|about a week], and you get a mail at each step.
        *3 a new {part} is on its way, free of charge, and fits with the key that was in the box. It is one screw. [If
          you would rather not, we do it here.|Should it fight back, send us the whole {noun} instead.]
        """,
        turns="""
        >1 [Nothing at all, not even a blink.|No light, I tried it three times.]
        < Then it is the power board. I have opened repair {repair} for you and the label is under
          https://ostrandervale.example/repair/{repair}. Any box will do.
        |1 It blinked, and now it runs! [What was that?|Sorcery.]
        < It had locked itself after a bad plug. If it ever does so again, write one line and it comes to the bench at
          our cost.
        >2 Sent off this morning. [I miss it already.|Back to instant coffee for a week.]
        < It has arrived safely and is number four in the queue. [Joel thinks {soon}.|You should have it back by
          {soon}.]
        >3 The {part} is on. [It took me four minutes.|Even my son was impressed.]
        < Perfectly done. The old one can go to the bin.
        """,
        notes="""
        * @Joel power board again? {serial}, {months} months. Take one from the July box.
        * On the bench: {part} worn, board fine. Changed both gaskets while it was open.
        * Out of warranty by three weeks. We do it anyway, says Ines.
        """,
        calls="""
        * {name}: {product} does not start, serial {serial}, bought on {bought}. Reset did not help. Opened {repair},
          label sent.
        """,
    ),
    Situation(
        name="repair status", inbox=SUPPORT, weight=6, tags=("warranty",), goods=Goods.ELECTRIC, reason="Repair",
        team=REPAIRS,
        subjects="""
        @124 Repair {repair}: [any news?|how does it look?]
        @124 How is my {noun}?
        {repair} – when do I get it back?
        """,
        openings="""
        * my {noun} has been with you since {ordered} under {repair}. [How is it?|Is there a diagnosis?] I would not
          ask, but [my family does|mornings are hard].
        * {repair}: status?
        * I got a mail "your repair is waiting for you", and I am not sure for what. [Do I have to confirm something?|Is
          there a bill?] It is {repair}.
        ! Two weeks for a {part}. You said three to five days. {repair}. I have a café to open every morning at seven.
        """,
        answers="""
        *124 I have been to the bench: {repair} is open, the {part} is changed, and it has to run for one night before
          it may leave. It goes out on {soon}, and you get the number then.
        *124 it waits for a {part} which comes from our supplier on {soon}. [I should have told you that unasked.|You
          should have heard that from us.] I have put a loan {noun} into the post for you, keep it until yours is home.
        ?123 the bench found that the {part} has been wet, which the warranty does not cover. The part would be {tenth},
          the work is on us. Shall we do it?
        """,
        turns="""
        >3 Yes, please go ahead. [It was the plant next to it, I fear.|{tenth} is fine.]
        < Thank you. It is being done today and leaves on {soon}.
        > It is back and as good as new. [It even smells clean.|Whoever cleaned it deserves a medal.]
        < That was Birgit, and I have read it out to her. She pretended not to be pleased.
        """,
        notes="""
        * Part due on {soon}. Loan unit 7 sent, note it in the list please @{colleague}.
        """,
        calls="""
        * {name} asks for {repair}. Part changed, test run tonight, leaves on {soon}.
        """,
    ),
    Situation(
        name="firmware", inbox=SUPPORT, weight=6, tags=("firmware", "app"), mood=Mood.TROUBLE, goods=Goods.SCALES,
        reason="Repair", team=REPAIRS,
        customer_file="log",
        subjects="""
        @125 Update to {version} [failed|stuck at 84 %]
        {product} after update {version}
        @15 {product} shows two dashes and nothing else
        @3 Firmware {version}: timer starts by itself
        @4 {product} switches itself off after thirty seconds
        """,
        openings="""
        * the update to {version} stopped at 84 % and now my {product} shows two dashes. [Button, cable, other cable:
          nothing helps.|Holding the button does nothing.] Serial number {serial}.
        * Stuck in update, {version}, {serial}. How do I reset it?
        * Since {version} the timer begins as soon as I put a cup on it, and it [drifts by half a gram|counts backwards
          now and then]. [Can one go back to the old one?|Is it only mine?]
        * A small report rather than a complaint: with {version} the scale switches itself off after thirty seconds,
          even while pouring. Phone is two years old, battery full. [I am happy to test something for you.|If you need a
          log, tell me how.]
        ~ I did the actualisation of the balance and now it is not respond. Only two lines in display. It is broke?
        """,
        answers="""
        *125 two dashes mean that it waits for the second half. Connect it to a charger (not to a computer), hold the
          button for twelve seconds until it shows "L", and start the app again. It goes on from 84 %.
        *3 others see this too, and it is our fault: {version} measures the weight of the cup too eagerly. A corrected
          one comes on {soon}. Until then, "Auto start" in the settings can be switched off.
        ?4 could you send us the log? In the app: Settings, hold the version number for three seconds, Share. [It
          contains weights and times, nothing about you.|There is nothing personal in it.]
        """,
        turns="""
        >1 It shows "L" and the bar is moving again. [85, 86...|Phew.]
        < Let it finish in peace. At 100 it weighs itself, so nothing should stand on it.
        >2 Installed the new one. [Everything is as before.|No more drift.]
        < Thank you for your patience, and for the report. You were the second one to see it.
        >3 Log is on its way, from this address. [It is long.|I let it run for the whole breakfast.]
        < Just what we needed: it loses the phone for a moment and then takes fright. That will be mended in the version
          of {soon}.
        """,
        notes="""
        * Known: {version} auto start. Hotfix is being tested on twelve scales. @{colleague}
        * Log shows a reconnect every 31 s. Passed on to the app people.
        """,
        calls="""
        * {name}: {product} stuck in update {version}. Charger and twelve seconds did it.
        """,
    ),
    Situation(
        name="app and bluetooth", inbox=SUPPORT, weight=5, tags=("app", "account"), goods=Goods.SCALES, reason="Repair",
        customer_file="screenshot",
        subjects="""
        @15 App does not find my {noun}
        @2 [Lost|Where are] all my brews after the new phone
        @3 Pebble app: [cannot sign in|white page]
        @4 A small wish for the Pebble app
        """,
        openings="""
        * the Pebble app no longer finds my scale since I have a new phone. [The old phone still does.|Bluetooth is on,
          the scale is on, I am on edge.]
        * New phone, brews gone. Can I get them back? Account {email}.
        * The app opens on a white page and stays there. I have installed it again, twice. [Version {version}.|It worked
          until {past}.]
        * Could the app show the ratio in the other direction, as 1:16 rather than 16:1? [It is a small thing, but I
          look at it every morning.|Everyone I know writes it like that.]
        ~ The application no connect with the balance. I give all permission. Phone is new.
        """,
        answers="""
        *15 the scale holds on to the old phone. Remove it there (Settings, Devices, Forget), or, if that phone is gone,
          hold the button of the scale for eight seconds until it beeps twice.
        *2 your brews are safe, they hang on your account and not on the phone: sign in with {email} and pull the list
          down once. It takes a minute, there are quite a few of them.
        *3 that page comes from our side when a recipe with an emoji in its name is on the list. It is corrected as of
          today, please close the app fully and open it again. ☕
        *4 as of the next version it can: Settings, Ratio, tap it once. One of the people who write the app looks at it
          every morning as well, it turns out.
        """,
        turns="""
        >1 Two beeps and there it is! [Thank you.|So simple.]
        >2 All [412|238] of them are back. Thank you!
        < Very good. Happy weighing!
        """,
        notes="""
        * Emoji in recipe name, white page. Fixed in {version}, please link here @{colleague}.
        """,
        calls="""
        * {name}: app does not find the scale after a change of phone. Reset by button, works.
        """,
    ),
    Situation(
        name="spare part", inbox=SUPPORT, weight=8, tags=("spare parts",), goods=Goods.GEAR, reason="Repair",
        mood=Mood.REQUEST,
        subjects="""
        @1245 Spare {part} for the {product}
        [Where can I buy|Do you sell] a new {part}?
        {part}: [lost in the move|broken, my own fault]
        """,
        openings="""
        * I dropped the {part} of my {product} on a stone floor, [entirely my own fault|it was not its first fall]. Can
          I buy a new one? I cannot find it in the shop.
        * Need a {part} for a {product}. Price?
        * In our last move the {part} of the {noun} got lost, together with the lid of the piano and one child's
          bicycle. [Can one buy it separately?|Do you have it as a spare?] Serial number {serial}.
        * How long do you keep parts for the {product}? Mine is from {bought} and the {part} begins to wear. [I would
          rather repair than replace.|It has a few years left in it.]
        ~ I have need of one {part} for my {noun}, the old is finish. How much cost with the send to {city}?
        """,
        answers="""
        *1235 the {part} costs {tenth} including postage. Order it here: https://ostrandervale.example/parts/{serial}.
          [It is one screw, and the key comes along.|It goes out the same day.]
        *4 we keep every part for ten years after the last {noun} was sold, and for yours the clock has not even
          started. A {part} is {tenth}. As it is the first one that you need, take it as a present.
        """,
        turns="""
        >1 Ordered, {order}. [Is there a film that shows how?|Which screwdriver do I need?]
        < There is a film of two minutes: https://ostrandervale.example/help/{serial}. A T10 key is in the bag.
        > It came, it fits, thank you. [Do you also take the old one back?|What do I do with the old one?]
        < Gladly: put it into any envelope. We melt them down once a year and make a party of it.
        """,
        notes="""
        * {part} not in the shop since the new page. @{colleague} please put it back.
        """,
        calls="""
        * {name} needs a {part} for the {product}, {serial}. Sent the link.
        """,
    ),
)  # fmt: skip
