"""Lettres en français."""

from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import ORDERS, REPAIRS, SUPPORT

SITUATIONS = (
    Situation(
        name="fr: late parcel", inbox=SUPPORT, weight=5, tags=("shipping", "lost parcel"), mood=Mood.TROUBLE,
        goods=Goods.GEAR, language="fr",
        reason="Delivery", team=ORDERS,
        subjects="""
        Où est ma commande {order} ?
        Colis {tracking} bloqué à {depot}
        Livraison {order}
        """,
        openings="""
        * j'ai commandé le {ordered} ({order}) et le suivi n'a pas bougé depuis {past} : « arrivé à {depot} ».
          [Pourriez-vous vérifier ?|Est-il perdu ou simplement lent ?]
        * Commande {order}, colis {tracking}, aucune nouvelle depuis {past}. Merci de me dire où il est.
        ! voilà deux semaines que j'attends la commande {order}. {carrier} me renvoie vers vous. Je voudrais une vraie
          réponse, pas un lien.
        """,
        answers="""
        * je viens d'appeler {carrier} : l'étiquette était illisible et le colis attendait à {depot}. Il repart ce soir
          et devrait être chez vous {soon}. Sinon, un mot de votre part et je vous en envoie un autre.
        * {carrier} a perdu sa trace. Vous n'avez pas à attendre leur enquête : un second colis part aujourd'hui, vous
          recevrez le numéro ce soir.
        """,
        turns="""
        > Bien reçu ce matin, [merci beaucoup|mille mercis] !
        < Avec plaisir. Bon café !
        """,
        notes="""
        * Label problem in {depot} again. Customer writes French, Camille answers.
        """,
    ),
    Situation(
        name="fr: repair", inbox=SUPPORT, weight=4, tags=("warranty", "how-to"), mood=Mood.TROUBLE, goods=Goods.MACHINES,
        language="fr",
        reason="Repair", team=REPAIRS, customer_file="photo",
        subjects="""
        @1 {product} : le voyant clignote
        @23 Garantie, numéro {serial}
        @23 Panne de ma machine
        """,
        openings="""
        * le voyant de détartrage de ma machine ({product}) reste allumé après deux cycles complets. [Que faire ?|Ai-je
          oublié quelque chose ?] Numéro de série {serial}.
        * {product}, {months} mois, ne chauffe plus. Garantie ?
        * depuis {past} ma machine fuit un peu par-dessous, [trois gouttes à chaque café|assez pour une éponge]. Rien de
          grave, mais le chat s'y intéresse. Numéro {serial}.
        """,
        answers="""
        *1 il faut un réservoir plein à ras bord : tenez le bouton de vapeur et l'interrupteur cinq secondes, puis
          laissez couler jusqu'au bout. Elle ne compte pas les réservoirs à moitié pleins.
        *23 c'est couvert par la garantie. Voici l'étiquette : https://ostrandervale.example/repair/{repair}. Comptez
          cinq jours à l'atelier.
        """,
        turns="""
        >1 [Le voyant est éteint !|Ça marche !] Merci infiniment.
        < Parfait. Elle devrait rester tranquille deux mois.
        >2 Le colis est parti. [Je me remets au thé.|La maison est bien triste.]
        < Il est arrivé. Vous aurez votre machine {soon}, promis.
        """,
    ),
    Situation(
        name="fr: return", inbox=SUPPORT, weight=4, tags=("returns", "refund"), goods=Goods.COLOURED, language="fr",
        reason="Return", agent_file="label",
        subjects="""
        @1 Retour de la commande {order}
        @1 Renvoyer un article ?
        @2 Remboursement {order}
        """,
        openings="""
        * je souhaite renvoyer un article de la commande {order}. Il est neuf, [mais trop grand pour notre cuisine|mais
          ce n'est pas la bonne couleur]. [Comment faire ?|Qui paie le port ?]
        * où en est le remboursement de {order} ? [Vous avez reçu le colis il y a dix jours.|Ma banque ne voit rien.]
        """,
        answers="""
        *1 voici l'étiquette de retour : https://ostrandervale.example/return/{order}. C'est gratuit, et le
          remboursement de {price} suit dès l'arrivée du colis.
        *2 le remboursement de {price} est parti à l'instant. Il restait en attente chez nous, ce qui n'aurait pas dû
          arriver.
        """,
        turns="""
        > Merci, c'est [très clair|parfait].
        < Je vous en prie, belle journée !
        """,
    ),
)  # fmt: skip
