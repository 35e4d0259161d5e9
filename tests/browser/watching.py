"""Looking over the shoulder of a browser that opens pages full of attacks."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Error

RAN = "an attack has run"
# Attacks call one of these.
TELL = f"""
for (const name of ["xss", "XSS", "Xss"]) window[name] = () => console.log("{RAN}");
addEventListener("securitypolicyviolation", (event) => console.log(event.violatedDirective));
"""
# Whatever could run later, when somebody moves, presses or follows something.
LOOK = """() => {
  const wrong = [];
  const leads = ["href", "src", "action", "formaction", "data", "xlink:href", "poster", "values"];
  const fine = ["http:", "https:", "mailto:", "blob:", "about:"];
  // An attack may have named a field like it.
  const { get } = Object.getOwnPropertyDescriptor(Element.prototype, "attributes");
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of get.call(element)) {
      if (name.startsWith("on")) wrong.push(`${element.localName} ${name}=${value}`);
      const url = leads.includes(name) && URL.parse(value, document.baseURI);
      if (url && !fine.includes(url.protocol)) {
        wrong.push(`${element.localName} ${name}=${value}`);
        element.click?.();
      }
    }
  }
  return wrong;
}"""


class Watch:
    """``wrong`` is all that should not have happened, ``said`` all that the console says."""

    def __init__(self, context, url):
        self.context, self.url, self.wrong, self.said = context, url, [], []
        self.page = context.new_page()
        self.page.set_default_navigation_timeout(120_000)
        self.page.set_viewport_size({"width": 1440, "height": 900})
        context.add_init_script(TELL)
        context.on("dialog", self.dialog)
        context.on("request", self.request)
        context.on("console", lambda message: self.console(message.text))

    def note(self, what):
        self.wrong.append(f"{self.page.url[:200]}: {what[:300]}")

    def dialog(self, dialog):
        self.note(f"dialog {dialog.message}")
        dialog.dismiss()

    def request(self, request):
        ours = (self.url, "blob:", "about:")
        shown = request.url.startswith("data:") and request.resource_type == "image"
        if not shown and not request.url.startswith(ours):
            self.note(f"asks for {request.url}")

    def console(self, text):
        self.said.append(f"{self.page.url[:200]}: {text[:300]}")
        if RAN in text:
            self.note(RAN)

    def open(self, address):
        """Open a page and look at it; what is kept as a file is no page."""
        try:
            response = self.page.goto(f"{self.url}{address}")
        except Error as error:
            if "Download is starting" in error.message:
                return
            raise
        assert response.status < 500, address
        assert response.headers.get("x-content-type-options") == "nosniff", address
        self.look()

    def look(self):
        for frame in self.page.frames:
            for each in frame.evaluate(LOOK):
                self.note(each)

    def sign_in(self, user):
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}
        self.context.add_cookies([cookie])
