"""The door's own pages: one that shows while a notebook starts, one for who is not signed in. No notebook's content is in them."""

import html

STRICT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="/open.css">
{script}
</head>
<body><main><h1 id="title">{title}</h1><p id="text" role="status">{text}</p><div id="bar"{hidden}><span></span></div></main></body>
</html>
"""

STYLE = """:root { color-scheme: light dark; }
body { font: 14px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: light-dark(#f8f9fa, #1a1b1e); color: light-dark(#212529, #dee2e6); }
main { width: min(36rem, 90vw); }
h1 { font-size: 20px; font-weight: 600; margin: 0 0 8px; }
p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; color: light-dark(#495057, #ced4da); }
#bar { height: 3px; margin-top: 16px; overflow: hidden; border-radius: 2px; background: light-dark(#dee2e6, #373a40); }
#bar[hidden] { display: none; }
#bar span { display: block; height: 100%; width: 30%; background: #4c6ef5; animation: go 1.4s ease-in-out infinite; }
@keyframes go { from { transform: translateX(-100%); } to { transform: translateX(340%); } }
@media (prefers-reduced-motion: reduce) { #bar span { animation: none; width: 100%; } }
"""

#: The ticket is in the fragment, which no server is sent, and leaves the address at once.
SCRIPT = """const ticket = location.hash.replace(/^#ticket=/, '');
history.replaceState(null, '', location.pathname);
const fail = (title, text) => {
  document.getElementById('title').textContent = title;
  document.getElementById('text').textContent = text;
  document.getElementById('bar').hidden = true;
};
fetch('/open', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ticket }) })
  .then(async (answer) => {
    const told = await answer.json();
    if (answer.ok) location.replace(told.location);
    else fail(told.title, [told.detail, told.remedy].filter(Boolean).join('\\n'));
  })
  .catch((error) => fail('The notebook does not answer', String(error)));
"""

STARTING = _PAGE.format(
    title="Starting the notebook",
    text="Jupyter is being started. That takes a few seconds; longer where a flow's own packages are installed first.",
    script='<script src="/open.js" defer></script>',
    hidden="",
)


def problem_page(title: str, text: str) -> str:
    """Return a page that says what is wrong."""
    return _PAGE.format(title=html.escape(title), text=html.escape(text), script="", hidden=" hidden")
