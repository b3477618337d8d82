"""Cartas en español."""

from deskhand.demo.goods import Goods
from deskhand.demo.situation import Mood, Situation
from deskhand.demo.world import ORDERS, REPAIRS, SUPPORT

SITUATIONS = (
    Situation(
        name="es: late parcel", inbox=SUPPORT, weight=5, tags=("shipping", "lost parcel"), mood=Mood.TROUBLE,
        goods=Goods.GEAR, language="es",
        reason="Delivery", team=ORDERS,
        subjects="""
        ¿Dónde está mi pedido {order}?
        Paquete {tracking} parado en {depot}
        Pedido {order}
        """,
        openings="""
        * hice un pedido el {ordered} ({order}) y el seguimiento no cambia desde el {past}: «llegado a {depot}».
          [¿Pueden mirarlo, por favor?|¿Se ha perdido?]
        * Pedido {order}, paquete {tracking}. Nada desde el {past}. ¿Dónde está?
        ! llevo dos semanas esperando el pedido {order}. {carrier} dice que pregunte a quien lo envía, y aquí estoy.
          Quiero una respuesta clara.
        """,
        answers="""
        * he hablado con {carrier}: la etiqueta estaba rota y el paquete esperaba en {depot}. Sale hoy de nuevo y
          debería llegarle el {soon}. Si no es así, escríbame una línea y le mando otro enseguida.
        * {carrier} ha perdido el rastro. No le vamos a hacer esperar: hoy sale un segundo paquete y esta noche recibirá
          el número.
        """,
        turns="""
        > ¡Llegó esta mañana! [Muchas gracias.|Todo perfecto.]
        < Me alegro mucho. ¡Que lo disfrute!
        """,
        notes="""
        * Torn label, {depot}. Customer writes Spanish.
        """,
    ),
    Situation(
        name="es: question", inbox=SUPPORT, weight=4, tags=("how-to",), goods=Goods.GRINDERS, language="es",
        reason="Advice", team=REPAIRS,
        subjects="""
        Duda con el molino
        @12 ¿Qué punto para {grind}?
        @2 {product}: pregunta antes de comprar
        @3 Ruido en el molino
        """,
        openings="""
        * tengo el {product} desde hace una semana y no encuentro el punto. En el {setting} sale demasiado rápido. [¿Qué
          me aconsejan?|¿Qué hago mal?]
        * ¿El {product} sirve para {grind}? [Vivo en {city}.|Es para un regalo.]
        * el molino hace un ruido nuevo desde el {past}, [como un pájaro|como un silbido]. Número de serie {serial}. ¿Es
          grave?
        """,
        answers="""
        *1 busque primero el cero: con el molino vacío y en marcha, gire despacio hacia fino hasta oír un susurro. Desde
          ahí, diez pasos hacia arriba, y luego de uno en uno.
        *2 sí que sirve, y muy bien. Empiece a mitad de la escala y baje de uno en uno.
        *3 los primeros días es normal, hasta que las muelas se asientan. Si sigue después de dos kilos, lo revisamos
          sin coste en el taller.
        """,
        turns="""
        > [Funciona de maravilla.|Ahora sí.] ¡Gracias por la ayuda!
        < ¡A usted! Buen café.
        """,
    ),
    Situation(
        name="es: refund", inbox=SUPPORT, weight=3, tags=("refund", "payment"), mood=Mood.TROUBLE, goods=Goods.GEAR,
        language="es", reason="Payment",
        refunds=True,
        subjects="""
        @1 Cobro doble del pedido {order}
        @2 Devolución de {order}
        """,
        openings="""
        * en mi tarjeta aparecen dos cargos de {price} y solo hice un pedido, el {order}. [¿Pueden devolver uno?|¿Es una
          reserva?]
        * quisiera devolver el pedido {order}. Está [sin abrir|como nuevo]. ¿Cómo lo hago?
        """,
        answers="""
        *1 tiene razón, y le devolvemos {price} hoy mismo. El banco tarda de tres a cinco días.
        *2 aquí tiene la etiqueta: https://ostrandervale.example/return/{order}. En cuanto llegue el paquete le
          devolvemos {price}.
        """,
        turns="""
        > Perfecto, [muchas gracias|gracias por la rapidez].
        < A usted. ¡Un saludo desde Malmö!
        """,
    ),
)  # fmt: skip
