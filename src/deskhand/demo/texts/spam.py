"""What nobody asked for. Addresses and links end in .example or .test, as all of the demo do."""

from deskhand.demo.customers import Kind
from deskhand.demo.situation import Situation
from deskhand.demo.world import PRESS, SUPPORT, WHOLESALE


def _spam(name: str, inbox: int, weight: int, subjects: str, openings: str) -> Situation:
    return Situation(name=name, inbox=inbox, weight=weight, subjects=subjects, openings=openings, kind=Kind.STRANGER)


SITUATIONS = (
    _spam(
        "ranking", SUPPORT, 3,
        subjects="""
        [First page|Top] ranking for your website [GUARANTEED|in 30 days]
        I found {qty2} errors on your site
        Your website is losing customers
        """,
        openings="""
        * I was on your website and noticed that it [does not rank for its best keywords|has {qty2} technical errors].
          Our experts bring you to the first page in thirty days or you pay nothing. [Shall I send the report?|When can we
          talk?] https://rank-rocket.example/audit
        * Dear website owner, did you know that {qty2} % of your visitors leave in three seconds? We know why. Reply YES
          for a free audit.
        """,
    ),
    _spam(
        "parcel fee", SUPPORT, 3,
        subjects="""
        Your parcel {tracking} is waiting
        [FINAL NOTICE|Action needed]: delivery fee of €1.99
        Package on hold!!
        """,
        openings="""
        * Your package {tracking} could not be delivered because a fee of €1.99 is unpaid. [Pay within 24 hours|Confirm
          your card now] or it will be destroyed: https://parcel-release.example/pay
        * Dear customer! We try 3 time to deliver you parcel. Please to update adress and card here
          https://redelivery-now.test/{tracking} for avoid the return.
        """,
    ),
    _spam(
        "inheritance", SUPPORT, 2,
        subjects="""
        [Confidential|URGENT BUSINESS] proposal
        From the desk of Barrister {last}
        Your late relative
        """,
        openings="""
        * Greetings of the day. I am the lawyer of a late client with your family name who left the sum of $14.5 million
          in a safe house. [As you are honest I write to you first.|I ask for your utmost silence.] Send me your full
          name, telephone and the colour of your passport.
        * I am a widow with little time and much gold. My doctor says I must give it to a stranger of good heart, and
          the computer chose you. God bless.
        """,
    ),
    _spam(
        "machines from a factory", WHOLESALE, 2,
        subjects="""
        Best price [coffee bag|paper cup|valve] from factory direct
        RE: RE: your inquiry paper cups
        Sample free, MOQ 5000
        """,
        openings="""
        * Glad to know you are in market of coffee! We are factory of [paper cup|coffee bag|valve] since 2009 with
          {qty2} machine lines. Best quality, best price, MOQ only 5000. May I send catalog? Yours faithful, Kitty
        * Following up my last {seats} mails: did you get a chance to look at our cups? I am sure you are busy. Just
          bumping this to the top of your inbox!
        """,
    ),
    _spam(
        "crypto", SUPPORT, 2,
        subjects="""
        Re: your [payout|wallet] is ready ({qty2}.{last4} coins)
        You have been selected
        Passive income while you drink coffee ☕💰
        """,
        openings="""
        * Congratulations {first}! Your account holds {qty2}.{last4} coins that were never claimed. Click before
          midnight: https://claim-coins.test/{code}
        * I made {voucher} yesterday while asleep. My boss hates me. [Ask me how!|The secret is free for the first
          {qty2} people.] https://sleep-rich.example
        """,
    ),
    _spam(
        "guest post", PRESS, 2,
        subjects="""
        Guest post on your lovely blog
        Link exchange?
        [Collaboration|Sponsored article] request
        """,
        openings="""
        * I am a passionate writer and long time fan of your [website|blog]. I would like to contribute a 100 % unique
          article such as "7 reasons why chairs matter", with one do-follow link. [What is your rate?|It is free!]
        * Hope this mail finds you well. My client, a leader in online casinos, would love to work with {org}-like
          brands such as yours. Budget is no problem.
        """,
    ),
    _spam(
        "mailbox full", SUPPORT, 2,
        subjects="""
        Mailbox quota [exceeded|98 % full]
        Password of {email} expires today
        Unusual sign-in
        """,
        openings="""
        * Dear user, your mailbox is 98 % full and [will be closed|stops receiving mail] at midnight. Keep the same
          password by confirming it here: https://mail-keep.test/login – The IT Team
        * Someone from {city} tried to sign in to your account. If this was not you, sign in here to say so:
          https://secure-signin.example/{code}
        """,
    ),
)  # fmt: skip
