from newsletter.models.consents import Consent
from newsletter.models.issues import Delivery, Issue
from newsletter.models.sign_ups import SignUp, Suppression
from newsletter.models.subscribers import Product, Subscriber, Subscription
from newsletter.models.wording import Wording

__all__ = [
    "Consent",
    "Delivery",
    "Issue",
    "Product",
    "SignUp",
    "Subscriber",
    "Subscription",
    "Suppression",
    "Wording",
]
