"""HTML bodies that mean harm to whoever renders them, by what they try."""

from __future__ import annotations

SNIPPETS = {
    "script": "<script>alert(1)</script>x",
    "script in upper case": "<ScRiPt src=//evil.example/x.js></sCrIpT>x",
    "script in script": "<scr<script>ipt>alert(1)</scr</script>ipt>x",
    "script in a comment": "<!--<script>--><script>alert(1)</script>x",
    "script in svg": "<svg><script>alert(1)</script><g onload=alert(1)>x</g></svg>",
    "script in math": "<math><mtext><script>alert(1)</script></mtext></math>x",
    "script in a frame": "<iframe><script>alert(1)</script></iframe>x",
    "script in noscript": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>x</p></noscript>",
    "script in a textarea": "<textarea><script>alert(1)</script></textarea>x",
    "script in a title": "<title><script>alert(1)</script></title>x",
    "script in xmp": "<xmp><script>alert(1)</script></xmp>x",
    "style": "<style>@import 'javascript:alert(1)'</style><p style='background:url(javascript:alert(1))'>x</p>",
    "handler": "<img src=x onerror=alert(1)><p onclick='alert(1)' onmouseover=alert(1)>x</p><body onload=alert(1)>",
    "handler on a link": "<a href='/x' onclick=alert(1)>x</a>",
    "handler on details": "<details open ontoggle=alert(1)><summary>x</summary>y</details>",
    "handler with a slash": "<img/src=x/onerror=alert(1)>x<svg/onload=alert(1)>",
    "javascript link": "<a href='javascript:alert(1)'>x</a>",
    "javascript link, hidden": "<a href=' \x01java\tscr\nipt&#58;alert(1)'>x</a><a href='JAVASCRIPT:alert(1)'>y</a>",
    "javascript link, entities": "<a href='&#106;&#97;vascript&colon;alert(1)'>x</a>",
    "vbscript link": "<a href='vbscript:msgbox(1)'>x</a>",
    "data link": "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "javascript image": (
        "<img src='javascript:alert(1)' alt=x><img srcset='javascript:alert(1) 1x'><img data-src='vbscript:x'>"
    ),
    "data image": "<img src='data:image/svg+xml,<svg onload=alert(1)>' alt=x>",
    "javascript frame": (
        "<iframe src='javascript:alert(1)'>x</iframe><iframe srcdoc='<script>alert(1)</script>'></iframe>"
    ),
    "javascript object": "<object data='javascript:alert(1)'>x</object><embed src='data:text/html,x'>",
    "javascript film": (
        "<video src='javascript:alert(1)' poster='javascript:alert(2)'>x</video><audio><source src='data:,x'></audio>"
    ),
    "javascript form": "<form action='javascript:alert(1)'><button formaction='javascript:alert(1)'>x</button></form>",
    "javascript quotation": (
        "<blockquote cite='javascript:alert(1)'>x</blockquote><q cite='data:x'>y</q><del cite='vbscript:z'>z</del>"
    ),
    "javascript base": "<base href='javascript:alert(1)//'><a href='x'>x</a>",
    "refresh": (
        "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>x<link rel=import href='data:text/html,x'>"
    ),
    "svg link": "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "escaped script": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "escaped image": "&lt;img src=x onerror=alert(1)&gt;",
    "escaped twice": "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "escaped over lines": "<p>&lt;img<br>src=x<br>onerror=alert(1)&gt;</p>",
    "escaped in parts": "&lt;<b>script</b>&gt;alert(1)<i>&lt;</i>/script&gt;",
    "escaped in parts that go": "&<span>lt;</span>script&<i></i>gt;alert(1)",
    "escaped comment": "&lt;!-- --&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
    "escaped instruction": "&lt;?php x ?&gt;&lt;!DOCTYPE x&gt;&lt;![CDATA[&lt;script&gt;alert(1)&lt;/script&gt;]]&gt;",
    "markdown link": "[x](javascript:alert(1))",
    "markdown link with a title": '[x](&lt;javascript:alert(1)&gt; "y")',
    "markdown image": "![x](javascript:alert(1)) ![y](data:image/svg+xml,z)",
    "markdown link in parts": "[<b>x</b>](<i>javascript:alert(1)</i>)",
    "markdown link over an element": "[<a href='/x'>x](javascript:alert(1))</a>",
    "markdown link behind a backslash": "\\[x](javascript:alert(1)) \\\\[y](javascript:alert(1))",
    "markdown reference": "<p>[a]: javascript:alert(1)</p><p>[a] [a][a] [x][a]</p>",
    "markdown reference over lines": "<p>[a]:<br>javascript:alert(1)<br>'x'</p>[a]",
    "markdown autolink": "&lt;javascript:alert(1)&gt; &lt;data:text/html,x&gt;",
    "markdown autolink behind a link": "<a href='/x'>&lt;javascript:alert(1)&gt;</a>",
    "markdown table": (
        "<table><tr><th>a</th><th>b</th></tr><tr><td>|\n| [x](javascript:alert(1)) |</td><td>`|`</td></tr></table>"
    ),
    "markdown code": "`<code>` [x](javascript:alert(1)) `</code>` &lt;script&gt;",
    "markdown escape": "<p>a\\</p>[x](javascript:alert(1))",
    "html block in a list": (
        "<ul><li>x\n\n&lt;script&gt;alert(1)&lt;/script&gt;</li><li>- &lt;div onclick=alert(1)&gt;</li></ul>"
    ),
    "html block in a quotation": "<blockquote>x<br><br>&lt;script&gt;alert(1)&lt;/script&gt;</blockquote>",
    "fence in code": "<pre>```\n</pre><pre><code>````\n&lt;script&gt;alert(1)&lt;/script&gt;\n```</code></pre>",
    "fence with tildes": "<pre>~~~\n[x](javascript:alert(1))\n~~~</pre>",
    "fence by its language": "<pre><code class='language-x`\n\n[x](javascript:alert(1))'>y</code></pre>",
    "fence by its language, backticks": "<pre lang='x`y'>[x](javascript:alert(1)) &lt;b onclick=alert(1)&gt;</pre>",
    "fence by its language, quoted": "<pre lang='\"onclick=alert(1) x'>y</pre>",
    "code in code": "<code>a<code>`</code>` [x](javascript:alert(1)) ``</code>",
    "blocks in code": (
        "<code><p>[x](javascript:alert(1))</p></code><kbd><table>"
        "<tr><td>[x](javascript:alert(1))</td></tr></table></kbd>"
    ),
    "table in code": "<pre><table><tr><td>[x](javascript:alert(1))</td><td>&lt;script&gt;</td></tr></table></pre>",
    "image in code": "<pre><img src='/x.png' alt='](javascript:alert(1))'>y</pre>",
    "link in code": "<pre><a href='/x'>y](javascript:alert(1))</a></pre>",
    "alt": "<img src='/x.png' alt='](/y) [x](javascript:alert(1)) <script>alert(1)</script>'>",
    "alt with a line end": "<img src='/x.png' alt='x\n\n<script>alert(1)</script>\n\n'>",
    "alt without an address": "<img alt='<script>alert(1)</script> [x](javascript:alert(1))'>",
    "title of an image": (
        "<img src='/x.png' title='\" onerror=alert(1) x=\"'><img src='/y.png' title='\")<script>alert(1)</script>'>"
    ),
    "title of a link": (
        "<a href='/x' title='\" onclick=\"alert(1)'>x</a><a href='/y' title='\") <script>alert(1)</script>'>y</a>"
    ),
    "title with a line end": "<a href='/x' title='y\n\n<script>alert(1)</script>'>x</a>",
    "title of a frame": "<iframe src='/x' title='](javascript:alert(1)) <script>alert(1)</script>'></iframe>",
    "address with brackets": "<a href='/x) [y](javascript:alert(1)'>x</a><img src='/x> <script>alert(1)</script>'>",
    "address with a line end": "<a href='/x\n\n&lt;script&gt;alert(1)&lt;/script&gt;'>x</a>",
    "mail address": "<a href='mailto:x\n\n&lt;script&gt;alert(1)&lt;/script&gt; \"onclick=alert(1)'>x</a>",
    "tag attributes": "<p title='</p><script>alert(1)</script>'>x</p><a title='>' href='javascript:alert(1)'>y</a>",
    "mutation": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "mutation in a form": "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "attributes of Goldmark": "<h1>x {onclick=alert(1)}</h1><p>y {: onclick=alert(1)}</p>",
    "shortcode with raw HTML": "{{&lt; rawhtml &gt;}}&lt;script&gt;alert(1)&lt;/script&gt;{{&lt; /rawhtml &gt;}}",
    "private characters": (
        "\U000f003cscript\U000f003ealert(1)\U000f003c/script\U000f003e \U000f005bx\U000f005d(javascript:alert(1))"
    ),
    "null": "<scr\x00ipt>alert(1)</scr\x00ipt><a href='java\x00script:alert(1)'>x</a>",
}
