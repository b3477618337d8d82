"""Briefe auf Deutsch."""

from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import ORDERS, REPAIRS, SUPPORT

SITUATIONS = (
    Situation(
        name="de: late parcel", inbox=SUPPORT, weight=5, tags=("shipping", "lost parcel"), mood=Mood.TROUBLE,
        goods=Goods.KETTLES, language="de",
        reason="Delivery", team=ORDERS,
        subjects="""
        Wo bleibt Bestellung {order}?
        Paket {tracking} hängt in {depot}
        Lieferung {order}
        """,
        openings="""
        * am {ordered} habe ich bei Ihnen einen {product} bestellt ({order}). Die Sendung steht seit {past} unverändert
          in {depot}. [Können Sie bitte nachsehen?|Muss ich mir Sorgen machen?]
        * Bestellung {order}, Sendung {tracking}: seit {past} keine Bewegung. Wo ist das Paket?
        ! seit zwei Wochen warte ich auf {order}. {carrier} verweist an Sie, Sie verweisen an {carrier}. Ich möchte
          jetzt eine klare Auskunft oder mein Geld zurück.
        """,
        answers="""
        * ich habe bei {carrier} nachgefragt: Das Paket lag in {depot}, weil das Etikett nicht lesbar war. Es ist jetzt
          neu beklebt und soll am {soon} bei Ihnen sein. Falls nicht, genügt eine Zeile, und ich schicke sofort Ersatz.
        * {carrier} findet die Sendung nicht mehr. Darauf lassen wir Sie nicht warten: Ein neues Paket geht heute
          hinaus, die Nummer kommt am Abend per Mail.
        """,
        turns="""
        > Heute ist alles angekommen, [vielen Dank für die schnelle Hilfe|herzlichen Dank].
        < Das freut mich sehr. Viel Freude damit!
        """,
        notes="""
        * Label unreadable, reprinted in {depot}. Customer writes German.
        """,
    ),
    Situation(
        name="de: repair", inbox=SUPPORT, weight=4, tags=("warranty", "spare parts"), mood=Mood.TROUBLE,
        goods=Goods.BIG_GRINDERS, language="de",
        reason="Repair", team=REPAIRS, customer_file="photo",
        subjects="""
        @12 {product}: Mahlwerk blockiert
        Garantie {serial}
        @1 Mühle macht ein neues Geräusch
        @3 {product} nach dem Reinigen
        """,
        openings="""
        * meine Mühle ({product}, Nummer {serial}) macht seit {past} ein Geräusch, als wäre ein Stein darin. [Soll ich
          sie einschicken?|Darf ich sie weiter benutzen?]
        * {product}, {months} Monate alt, dreht nicht mehr. Seriennummer {serial}. Garantie?
        * nach dem Reinigen lässt sich der Mahlgrad meiner {product} nicht mehr verstellen. [Ich habe sie vermutlich
          falsch zusammengesetzt.|Mein Mann sagt, er war es nicht.] Gibt es eine Anleitung?
        """,
        answers="""
        *1 sehr wahrscheinlich ist es wirklich ein Stein, das kommt bei jeder Ernte vor. Bitte den Stecker ziehen, den
          Trichter abnehmen, die obere Scheibe herausdrehen und ausbürsten. Wenn es danach noch knirscht, kommt die Mühle
          auf unsere Kosten in die Werkstatt.
        *2 das ist ein Fall für die Garantie. Das Etikett für die Rücksendung:
          https://ostrandervale.example/repair/{repair}. In der Werkstatt dauert es etwa fünf Tage.
        *3 dann sitzt der Ring vermutlich eine Raste zu tief, das passiert uns auch. Bitte noch einmal abnehmen und so
          aufsetzen, dass der rote Punkt nach vorn zeigt. Der Film dazu: https://ostrandervale.example/help/{serial}
        """,
        turns="""
        >1 Tatsächlich, ein Stein! [Er liegt jetzt auf der Fensterbank.|Die Mühle läuft wieder.] Danke!
        < Wunderbar. Schicken Sie uns gern ein Bild, wir sammeln sie.
        >2 Das Paket ist unterwegs. [Wie lange wird es dauern?|Bekomme ich Bescheid?]
        < Es ist gut angekommen. Bis {soon} sollte alles fertig sein, Sie bekommen bei jedem Schritt eine Mail.
        """,
        notes="""
        * Same stone story, German this time. {repair}.
        """,
    ),
    Situation(
        name="de: invoice", inbox=SUPPORT, weight=3, tags=("invoice",), goods=Goods.KETTLES, language="de",
        reason="Payment", agent_file="invoice",
        subjects="""
        Rechnung zu {order}
        USt-IdNr. auf Rechnung {invoice}
        """,
        openings="""
        * für unsere Buchhaltung brauche ich die Rechnung zu {order} mit unserer Umsatzsteuer-Nummer {vat}. [Geht das
          auch nachträglich?|Können Sie sie neu ausstellen?]
        * bitte Rechnung {invoice} an die neue Adresse: {street}, {postcode} {city}. Danke.
        """,
        answers="""
        * die neue Rechnung liegt bei, die alte ist storniert. Die Nummer ist jetzt auch in Ihrem Konto hinterlegt.
        """,
        turns="""
        > Perfekt, [genau so|so passt es]. Danke!
        < Gern geschehen.
        """,
    ),
    Situation(
        name="de: question", inbox=SUPPORT, weight=4, tags=("how-to", "beans"), goods=Goods.BEANS, language="de",
        reason="Advice",
        subjects="""
        @1 Frage zu {beans}
        @1 Welche Bohne für Filterkaffee?
        @2 Abo pausieren
        """,
        openings="""
        * welche Ihrer Bohnen passt zu einer ganz einfachen Filtermaschine? {beans} war uns [etwas zu dunkel|ein wenig
          zu kräftig]. [Wir trinken ihn schwarz.|Meine Frau nimmt Milch.]
        * bitte mein Abo bis {month} aussetzen, wir sind unterwegs.
        """,
        answers="""
        *1 dann würde ich zu {beans2} raten: heller geröstet, ein wenig Frucht, und verträglich. Ich lege Ihnen eine
          kleine Tüte in die nächste Sendung.
        *2 das Abo ruht, bis Sie sich melden. Es wird nichts abgebucht.
        """,
        turns="""
        >1 Das klingt gut, so machen wir es. [Schöne Grüße nach Malmö!|Danke!]
        < Danke, Ihnen auch!
        """,
    ),
)  # fmt: skip
