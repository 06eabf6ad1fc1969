"""All rules, in the order in which one goes before another where both find the same."""

from flowyard.tracing.redaction.model import Rule
from flowyard.tracing.redaction.national import BR_CPF, ES_NIF, FR_NIR, IT_CODICE_FISCALE, US_SSN
from flowyard.tracing.redaction.payment import CARD, IBAN
from flowyard.tracing.redaction.personal import EMAIL, IP_ADDRESS, PHONE
from flowyard.tracing.redaction.secrets import SECRETS
from flowyard.wire.telemetry_policy import RedactionRule

RULES: dict[RedactionRule, Rule] = {
    rule.name: rule for rule in (SECRETS, EMAIL, CARD, IBAN, US_SSN, FR_NIR, BR_CPF, ES_NIF, IT_CODICE_FISCALE, IP_ADDRESS, PHONE)
}
